/* SPDX-License-Identifier: MIT */
/*
 * Constant folding: an operator on constants becomes the constant the machine would have computed.
 *
 * The rules are the machine's own (op.def): integers wrap at the width of their type, floating to integer
 * saturates, NaN converts to 0. A division by zero is left for run time, where it raises.
 */
#include "lang/check.h"
#include <math.h>

/* An integer as a slot of its type holds it. */
static int64_t
wrap(const struct mn_ctype *type, int64_t value)
{
    switch (type->kind) {
    case MN_C_BOOL:
        return value != 0;
    case MN_C_CHAR:
        return (int8_t)value;
    case MN_C_UCHAR:
        return (uint8_t)value;
    case MN_C_SHORT:
        return (int16_t)value;
    case MN_C_USHORT:
        return (uint16_t)value;
    case MN_C_INT:
        return (int32_t)value;
    case MN_C_UINT:
        return (uint32_t)value;
    default:
        return value;
    }
}

static long double
round_to(const struct mn_ctype *type, long double value)
{
    if (type->kind == MN_C_FLOAT)
        return (float)value;
    return type->kind == MN_C_DOUBLE ? (double)value : value;
}

static int64_t
saturate(const struct mn_ctype *type, long double value)
{
    unsigned bits = (unsigned)type->size * 8;
    bool is_unsigned = mn_ctype_is_unsigned(type);
    long double top = ldexpl(1, (int)(is_unsigned ? bits : bits - 1)), bottom = is_unsigned ? 0 : -top;

    if (isnan(value))
        return 0;
    if (type->kind == MN_C_BOOL)
        return value != 0;
    if (value >= top)
        return is_unsigned ? (bits == 64 ? -1 : (INT64_C(1) << bits) - 1)
                           : (int64_t)((UINT64_C(1) << (bits - 1)) - 1);
    if (value <= bottom)
        return is_unsigned ? 0 : (int64_t)(~UINT64_C(0) << (bits - 1));
    return is_unsigned ? (int64_t)(uint64_t)value : (int64_t)value;
}

static struct mn_x *
integer(struct mn_x *x, int64_t value)
{
    x->kind = MN_X_INT;
    x->integer = wrap(x->type, value);
    return x;
}

static struct mn_x *
floating(struct mn_x *x, long double value)
{
    x->kind = MN_X_FLOAT;
    x->floating = round_to(x->type, value);
    return x;
}

static bool
is_constant(const struct mn_x *x)
{
    return x->kind == MN_X_INT || x->kind == MN_X_FLOAT;
}

static struct mn_x *
fold_convert(struct mn_x *x, const struct mn_x *a)
{
    if (!mn_ctype_is_scalar(x->type))
        return x;
    if (mn_ctype_is_floating(x->type)) {
        if (a->kind == MN_X_FLOAT)
            return floating(x, a->floating);
        return floating(x, mn_ctype_is_unsigned(a->type) ? (long double)(uint64_t)a->integer
                                                         : (long double)a->integer);
    }
    if (a->kind == MN_X_INT)
        return integer(x, a->integer);
    return mn_ctype_is_integer(x->type) ? integer(x, saturate(x->type, a->floating)) : x;
}

static struct mn_x *
fold_integers(struct mn_x *x, int64_t a, int64_t b)
{
    bool is_unsigned = mn_ctype_is_unsigned(x->type);
    uint64_t ua = (uint64_t)a, ub = (uint64_t)b;
    unsigned count = (unsigned)(ub & (x->type->size * 8 - 1));

    switch ((enum mn_arith)x->of.op) {
    case MN_ADD:
        return integer(x, (int64_t)(ua + ub));
    case MN_SUB:
        return integer(x, (int64_t)(ua - ub));
    case MN_MUL:
        return integer(x, (int64_t)(ua * ub));
    case MN_DIV:
        if (b == 0)
            return x;
        if (is_unsigned)
            return integer(x, (int64_t)(ua / ub));
        return integer(x, b == -1 ? (int64_t)-ua : a / b);
    case MN_REM:
        if (b == 0)
            return x;
        if (is_unsigned)
            return integer(x, (int64_t)(ua % ub));
        return integer(x, b == -1 ? 0 : a % b);
    case MN_AND:
        return integer(x, a & b);
    case MN_OR:
        return integer(x, a | b);
    case MN_XOR:
        return integer(x, a ^ b);
    case MN_SHL:
        return integer(x, (int64_t)(ua << count));
    case MN_SHR:
        return integer(x, is_unsigned ? (int64_t)(ua >> count) : a >> count);
    }
    return x;
}

static struct mn_x *
fold_floats(struct mn_x *x, long double a, long double b)
{
    switch ((enum mn_arith)x->of.op) {
    case MN_ADD:
        return floating(x, a + b);
    case MN_SUB:
        return floating(x, a - b);
    case MN_MUL:
        return floating(x, a * b);
    case MN_DIV:
        return floating(x, a / b);
    default:
        return x;
    }
}

/* -1, 0, 1, or 2 for NaN: no order. */
static int
order(const struct mn_x *a, const struct mn_x *b)
{
    if (a->kind == MN_X_FLOAT) {
        if (isnan(a->floating) || isnan(b->floating))
            return 2;
        return a->floating < b->floating ? -1 : a->floating > b->floating;
    }
    if (mn_ctype_is_unsigned(a->type))
        return (uint64_t)a->integer < (uint64_t)b->integer ? -1 : (uint64_t)a->integer > (uint64_t)b->integer;
    return a->integer < b->integer ? -1 : a->integer > b->integer;
}

static struct mn_x *
fold_compare(struct mn_x *x)
{
    int o = order(x->of.a, x->of.b);

    switch ((enum mn_compare)x->of.op) {
    case MN_EQ:
        return integer(x, o == 0);
    case MN_NE:
        return integer(x, o != 0);
    case MN_LT:
        return integer(x, o == -1);
    case MN_LE:
        return integer(x, o == -1 || o == 0);
    case MN_GT:
        return integer(x, o == 1);
    case MN_GE:
        return integer(x, o == 1 || o == 0);
    }
    return x;
}

static bool
truth_of(const struct mn_x *a)
{
    return a->kind == MN_X_INT ? a->integer != 0 : a->floating != 0;
}

struct mn_x *
mn_fold(struct mn_check *c, struct mn_x *x)
{
    const struct mn_x *a = x->of.a, *b = x->of.b;

    (void)c;
    if (x == a || x == b || !is_constant(a)) /* x == a: the scratch node */
        return x;
    switch (x->kind) {
    case MN_X_CONVERT:
        return fold_convert(x, a);
    case MN_X_NEGATE:
        return a->kind == MN_X_INT ? integer(x, (int64_t) - (uint64_t)a->integer) : floating(x, -a->floating);
    case MN_X_INVERT:
        return a->kind == MN_X_INT ? integer(x, ~a->integer) : x;
    case MN_X_TRUTH:
        return integer(x, truth_of(a));
    case MN_X_NOT:
        return integer(x, !truth_of(a));
    case MN_X_NONZERO:
        return truth_of(a) ? x->of.a : x;
    case MN_X_ARITH:
        if (!is_constant(b))
            return x;
        return a->kind == MN_X_INT ? fold_integers(x, a->integer, b->integer)
                                   : fold_floats(x, a->floating, b->floating);
    case MN_X_COMPARE:
        return is_constant(b) && a->kind == b->kind ? fold_compare(x) : x;
    case MN_X_AND:
        return truth_of(a) ? (is_constant(b) ? integer(x, truth_of(b)) : x) : integer(x, 0);
    case MN_X_OR:
        return truth_of(a) ? integer(x, 1) : (is_constant(b) ? integer(x, truth_of(b)) : x);
    default:
        return x;
    }
}
