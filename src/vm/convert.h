/* SPDX-License-Identifier: MIT */
/* Floating point to integer where C leaves the result undefined: out of range saturates, NaN is 0. */
#ifndef MN_VM_CONVERT_H
#define MN_VM_CONVERT_H

#include "vm/program.h"

/* Truncates toward zero into an integer representation (BOOL: value != 0), extended to a slot. */
static inline uint64_t
mn_float_to_int(enum mn_rep rep, long double value)
{
    static const struct {
        long double low, high; /* the first values out of range are low - 1 and high + 1 */
    } range[] = {
        [MN_REP_I8] = {INT8_MIN, INT8_MAX},    [MN_REP_U8] = {0, UINT8_MAX},
        [MN_REP_I16] = {INT16_MIN, INT16_MAX}, [MN_REP_U16] = {0, UINT16_MAX},
        [MN_REP_I32] = {INT32_MIN, INT32_MAX}, [MN_REP_U32] = {0, UINT32_MAX},
        [MN_REP_I64] = {INT64_MIN, INT64_MAX}, [MN_REP_U64] = {0, UINT64_MAX},
    };
    bool is_unsigned = rep == MN_REP_U64 || rep >= MN_REP_OBJECT;

    if (rep == MN_REP_BOOL)
        return value != 0;
    if (value != value)
        return 0;
    if (is_unsigned)
        rep = MN_REP_U64;
    if (value <= range[rep].low)
        return is_unsigned ? 0 : (uint64_t)(int64_t)range[rep].low;
    if (value >= range[rep].high)
        return is_unsigned ? UINT64_MAX : (uint64_t)(int64_t)range[rep].high;
    return is_unsigned ? (uint64_t)value : (uint64_t)(int64_t)value;
}
#endif
