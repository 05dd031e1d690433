/* SPDX-License-Identifier: MIT */
/* Conversion of scalars between representations, as values: for calls whose live types differ from the static
 * ones. */
#include "vm/convert.h"

#include "vm/send.h"

#include <string.h>

static long double
to_long_double(enum mn_rep from, const uint64_t *in)
{
    long double wide;
    double d;
    float f;

    switch (from) {
    case MN_REP_F32:
        memcpy(&f, in, sizeof f);
        return f;
    case MN_REP_F64:
        memcpy(&d, in, sizeof d);
        return d;
    case MN_REP_LD:
        memcpy(&wide, in, sizeof wide);
        return wide;
    case MN_REP_U64:
        return (long double)*in;
    default:
        return (long double)(int64_t)*in;
    }
}

static void
from_long_double(enum mn_rep to, uint64_t *out, long double wide)
{
    double d = (double)wide;
    float f = (float)wide;

    switch (to) {
    case MN_REP_F32:
        *out = 0;
        memcpy(out, &f, sizeof f);
        break;
    case MN_REP_F64:
        memcpy(out, &d, sizeof d);
        break;
    case MN_REP_LD:
        out[1] = 0;
        memcpy(out, &wide, MN_LDOUBLE_BYTES);
        break;
    default:
        *out = mn_float_to_int(to, wide);
        break;
    }
}

void
mn_convert_value(enum mn_rep to, uint64_t *out, enum mn_rep from, const uint64_t *in)
{
    bool from_float = from == MN_REP_F32 || from == MN_REP_F64 || from == MN_REP_LD;
    bool to_float = to == MN_REP_F32 || to == MN_REP_F64 || to == MN_REP_LD;

    if (from_float || to_float)
        from_long_double(to, out,
                         to_long_double(from, in)); /* 64 bits of mantissa hold every other scalar exactly */
    else if (to == MN_REP_BOOL)
        *out = *in != 0;
    else
        *out = mn_extend_slot(to, *in);
}
