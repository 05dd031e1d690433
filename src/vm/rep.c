/* SPDX-License-Identifier: MIT */
/* How the types of encodings stand in slots: what the whole of vm/ derives from a type. */
#include "abi/encoding.h"
#include "vm/builder.h"

static enum mn_rep
rep_of_kind(enum mn_kind kind)
{
    switch (kind) {
    case MN_VOID:
        return MN_REP_VOID;
    case MN_BOOL:
        return MN_REP_BOOL;
    case MN_CHAR:
        return MN_REP_I8;
    case MN_UCHAR:
        return MN_REP_U8;
    case MN_SHORT:
        return MN_REP_I16;
    case MN_USHORT:
        return MN_REP_U16;
    case MN_INT:
        return MN_REP_I32;
    case MN_UINT:
        return MN_REP_U32;
    case MN_LONG:
    case MN_LLONG:
        return MN_REP_I64;
    case MN_ULONG:
    case MN_ULLONG:
        return MN_REP_U64;
    case MN_FLOAT:
        return MN_REP_F32;
    case MN_DOUBLE:
        return MN_REP_F64;
    case MN_LDOUBLE:
        return MN_REP_LD;
    default:
        if (mn_kind_is_object(kind))
            return MN_REP_OBJECT;
        return mn_kind_is_pointer(kind) ? MN_REP_U64 : MN_REP_AGGREGATE;
    }
}

enum mn_rep
mn_rep_of_type(const struct mn_type *type)
{
    return type == NULL ? MN_REP_VOID : rep_of_kind((enum mn_kind)type->kind);
}

enum mn_rep
mn_rep_of(const char *encoding)
{
    const struct mn_type *type;

    return mn_type_get(encoding, &type, NULL) == MEND_OK ? mn_rep_of_type(type) : MN_REP_VOID;
}

unsigned
mn_rep_size(enum mn_rep rep)
{
    static const uint8_t size[] = {
        [MN_REP_BOOL] = 1, [MN_REP_I8] = 1,  [MN_REP_U8] = 1,     [MN_REP_I16] = 2,      [MN_REP_U16] = 2,
        [MN_REP_I32] = 4,  [MN_REP_U32] = 4, [MN_REP_I64] = 8,    [MN_REP_U64] = 8,      [MN_REP_F32] = 4,
        [MN_REP_F64] = 8,  [MN_REP_LD] = 16, [MN_REP_OBJECT] = 8, [MN_REP_AGGREGATE] = 0};

    return size[rep];
}

unsigned
mn_slots_of(const char *encoding)
{
    const struct mn_type *type;

    if (mn_type_get(encoding, &type, NULL) != MEND_OK)
        return 0;
    return type->size > 8 * 4096 ? 0 : (unsigned)((type->size + 7) / 8);
}
