/* SPDX-License-Identifier: MIT */
/*
 * Operators on values: C's usual conversions, or Mango's four kinds of number (spec/mango.md 13).
 *
 * In Mango every integer is 64 bits wide: I (signed) and U (unsigned) meet in ADD_64 and its like, and the
 * result is labelled I; division and comparison follow the unsigned operand, as C's rules say. So both
 * dialects share one path: mn_mango_type() widens the operands, and `label` may differ from the type the
 * operator works in.
 */
#include "lang/check.h"
#include <string.h>

static struct mn_x *
refuse(struct mn_check *c, enum mn_operator op, struct mn_x *a, struct mn_x *b, struct mn_span span)
{
    if (!mn_x_is_error(a) && !mn_x_is_error(b))
        mn_error_at(c->findings, span, "'%s' cannot combine '%s' and '%s'", mn_operator_text(op),
                    mn_spelled(c, a->type), mn_spelled(c, b->type));
    return mn_x_error(c, a->at);
}

static enum mn_arith
arith_of(enum mn_operator op)
{
    switch (op) {
    case MN_OPERATOR_ADD:
        return MN_ADD;
    case MN_OPERATOR_SUB:
        return MN_SUB;
    case MN_OPERATOR_MUL:
        return MN_MUL;
    case MN_OPERATOR_DIV:
        return MN_DIV;
    case MN_OPERATOR_MOD:
        return MN_REM;
    case MN_OPERATOR_BIT_AND:
        return MN_AND;
    case MN_OPERATOR_BIT_OR:
        return MN_OR;
    case MN_OPERATOR_BIT_XOR:
        return MN_XOR;
    case MN_OPERATOR_SHL:
        return MN_SHL;
    default:
        return MN_SHR;
    }
}

static enum mn_compare
compare_of(enum mn_operator op)
{
    switch (op) {
    case MN_OPERATOR_EQ:
        return MN_EQ;
    case MN_OPERATOR_NE:
        return MN_NE;
    case MN_OPERATOR_LT:
        return MN_LT;
    case MN_OPERATOR_LE:
        return MN_LE;
    case MN_OPERATOR_GT:
        return MN_GT;
    default:
        return MN_GE;
    }
}

/* ---- pointers ---- */

static struct mn_x *
to_long(struct mn_check *c, struct mn_x *x)
{
    return mn_coerce(c, x,
                     mn_ctype_basic(mn_ctype_is_unsigned(x->type) && x->type->kind == MN_C_ULONG
                                        ? MN_C_ULONG
                                        : MN_C_LONG));
}

static bool
steps(struct mn_check *c, const struct mn_ctype *pointer, struct mn_span span)
{
    if (pointer->inner->size && !pointer->inner->incomplete)
        return true;
    if (pointer->inner->kind == MN_C_VOID)
        return true; /* GNU C counts bytes */
    mn_error_at(c->findings, span, "the size of '%s' is not known", mn_spelled(c, pointer->inner));
    return false;
}

static struct mn_x *
pointer_sum(struct mn_check *c, struct mn_x *p, struct mn_x *n, enum mn_arith op, struct mn_span span)
{
    size_t size = p->type->inner->size ? p->type->inner->size : 1;
    struct mn_x *bytes;

    if (!steps(c, p->type, span))
        return mn_x_error(c, p->at);
    bytes = to_long(c, n);
    bytes = mn_coerce(c, bytes, mn_ctype_basic(MN_C_LONG));
    if (size != 1)
        bytes = mn_x_binary(c, MN_X_ARITH, bytes->type, MN_MUL, bytes,
                            mn_x_int(c, (int64_t)size, bytes->type, n->at));
    return mn_x_binary(c, MN_X_ARITH, p->type, op, p, mn_coerce(c, bytes, p->type));
}

static struct mn_x *
pointer_difference(struct mn_check *c, struct mn_x *a, struct mn_x *b, struct mn_span span)
{
    const struct mn_ctype *word = mn_ctype_basic(MN_C_LONG);
    size_t size = a->type->inner->size ? a->type->inner->size : 1;
    struct mn_x *bytes;

    if (!steps(c, a->type, span))
        return mn_x_error(c, a->at);
    bytes = mn_x_binary(c, MN_X_ARITH, word, MN_SUB, mn_coerce(c, a, word), mn_coerce(c, b, word));
    return size == 1
               ? bytes
               : mn_x_binary(c, MN_X_ARITH, word, MN_DIV, bytes, mn_x_int(c, (int64_t)size, word, a->at));
}

static struct mn_x *
pointers(struct mn_check *c, enum mn_operator op, struct mn_x *a, struct mn_x *b, struct mn_span span)
{
    bool pa = a->type->kind == MN_C_POINTER, pb = b->type->kind == MN_C_POINTER;

    if (op == MN_OPERATOR_ADD && pa && mn_ctype_is_integer(b->type))
        return pointer_sum(c, a, b, MN_ADD, span);
    if (op == MN_OPERATOR_ADD && pb && mn_ctype_is_integer(a->type))
        return pointer_sum(c, b, a, MN_ADD, span);
    if (op == MN_OPERATOR_SUB && pa && mn_ctype_is_integer(b->type))
        return pointer_sum(c, a, b, MN_SUB, span);
    if (op == MN_OPERATOR_SUB && pa && pb)
        return pointer_difference(c, a, b, span);
    return refuse(c, op, a, b, span);
}

/* ---- text ---- */

static struct mn_x *
piece_of_text(struct mn_check *c, struct mn_x *x, const char **format)
{
    if (mn_ctype_is_object(x->type)) {
        *format = "%@";
        return mn_dynamic_texted(c, x);
    }
    if (mn_ctype_is_floating(x->type)) {
        *format = "%lf";
        return mn_coerce(c, x, mn_ctype_basic(MN_C_DOUBLE));
    }
    if (mn_ctype_is_number(x->type)) {
        *format = mn_ctype_is_unsigned(x->type) ? "%lu" : "%ld";
        return mn_coerce(c, x, mn_ctype_basic(mn_ctype_is_unsigned(x->type) ? MN_C_ULONG : MN_C_LONG));
    }
    if (x->type->kind == MN_C_POINTER && x->type->inner->kind == mn_ctype_char.kind) {
        *format = "%@";
        return mn_x_unary(c, MN_X_BOX, mn_ctype_basic(MN_C_OBJECT), x);
    }
    if (x->type->kind == MN_C_SEL) {
        *format = "%s";
        return mn_x_call_ours(c, (void (*)(void))mn_selector_name, "*:", &mn_ctype_cstring, &x, 1, x->at);
    }
    *format = "%p";
    return mn_coerce(c, x, mn_ctype_basic(MN_C_POINTER));
}

struct mn_x *
mn_concat(struct mn_check *c, struct mn_x *a, struct mn_x *b, struct mn_span span)
{
    const char *fa, *fb, *format;
    struct mn_x **args = mn_arena_alloc(c->arena, 3 * sizeof(struct mn_x *)), *send;

    if (!mn_ctype_is_scalar(a->type) || !mn_ctype_is_scalar(b->type) || !args)
        return refuse(c, MN_OPERATOR_ADD, a, b, span);
    args[1] = piece_of_text(c, a, &fa);
    args[2] = piece_of_text(c, b, &fb);
    format = mn_text_of(c, "%s%s", fa, fb);
    args[0] = mn_x_string(c, format, strlen(format), a->at);
    send = mn_send_known(c, mn_x_class(c, "NSString", a->at),
                         "stringWithFormat:", mn_ctype_object(c->arena, "NSString"), args, 3, a->at);
    send->send.variadic = true;
    send->send.fixed = 1;
    return send;
}

static bool
is_text(const struct mn_check *c, const struct mn_x *x)
{
    if (x->type->kind == MN_C_OBJECT || x->type->kind == MN_C_CLASS || x->type->kind == MN_C_BLOCK)
        return true;
    return c->dialect == MN_DIALECT_MANGO && mn_ctype_is_address(x->type) && !mn_x_is_zero(x);
}

/* ---- numbers ---- */

struct kinds {
    const struct mn_ctype *work, *label;
};

static bool
in_mango(const struct mn_check *c)
{
    return c->dialect == MN_DIALECT_MANGO;
}

const struct mn_ctype *
mn_mango_kind(const struct mn_ctype *type)
{
    return type->kind == MN_C_BOOL ? mn_ctype_basic(MN_C_LONG) : mn_mango_type(type);
}

static struct kinds
kinds_of(struct mn_check *c, enum mn_operator op, const struct mn_ctype *a, const struct mn_ctype *b)
{
    struct kinds k;

    if (!in_mango(c)) {
        k.work = op == MN_OPERATOR_SHL || op == MN_OPERATOR_SHR ? mn_ctype_promote(a) : mn_ctype_usual(a, b);
        k.label = k.work;
        return k;
    }
    a = mn_mango_kind(a);
    b = mn_mango_kind(b);
    k.work = op == MN_OPERATOR_SHL || op == MN_OPERATOR_SHR ? a : mn_ctype_usual(a, b);
    k.label = k.work;
    if (a->kind == b->kind || mn_ctype_is_floating(k.work))
        return k;
    if (op == MN_OPERATOR_MOD)
        k.label = a; /* the left kind; I with U works unsigned */
    else if (op == MN_OPERATOR_ADD || op == MN_OPERATOR_SUB || op == MN_OPERATOR_MUL || op == MN_OPERATOR_DIV)
        k.label = mn_ctype_basic(MN_C_LONG);
    return k;
}

static bool
is_bitwise(enum mn_operator op)
{
    return op == MN_OPERATOR_MOD || op == MN_OPERATOR_BIT_AND || op == MN_OPERATOR_BIT_OR ||
           op == MN_OPERATOR_BIT_XOR || op == MN_OPERATOR_SHL || op == MN_OPERATOR_SHR;
}

/*
 * C leaves overflow of constants undefined; patches written for 64-bit engines expect the mathematical value,
 * so int constants fold in 64 bits and widen when they must (spec/mango.md 13.4).
 */
static struct mn_x *
widened(struct mn_check *c, struct mn_x *sum, struct mn_x *a, struct mn_x *b, enum mn_arith op,
        struct mn_span span)
{
    const struct mn_ctype *wide = mn_ctype_basic(MN_C_LONG);
    struct mn_x *exact;

    if (sum->kind != MN_X_INT || sum->type->kind != MN_C_INT || op == MN_SHL || op == MN_SHR)
        return sum;
    exact = mn_x_binary(c, MN_X_ARITH, wide, op, mn_coerce(c, a, wide), mn_coerce(c, b, wide));
    if (exact->kind != MN_X_INT || exact->integer == sum->integer)
        return sum;
    mn_warning_at(c->findings, span, "this constant does not fit 'int'; it is computed as 'long'");
    return exact;
}

struct mn_x *
mn_arith(struct mn_check *c, enum mn_operator op, struct mn_x *a, struct mn_x *b, struct mn_span span)
{
    struct kinds k;
    struct mn_x *made, *right;

    if (mn_x_is_error(a) || mn_x_is_error(b))
        return mn_x_error(c, a->at);
    if (a->type->dynamic || b->type->dynamic)
        return mn_dynamic_operate(c, arith_of(op), a, b, span);
    if (a->kind != MN_X_STRING && b->kind != MN_X_STRING) {
        a = mn_settle(a, true);
        b = mn_settle(b, true);
    }
    if (op == MN_OPERATOR_ADD && (is_text(c, a) || is_text(c, b)))
        return mn_concat(c, a, b, span);
    if (!mn_ctype_is_number(a->type) || !mn_ctype_is_number(b->type))
        return pointers(c, op, a, b, span);
    k = kinds_of(c, op, a->type, b->type);
    if (is_bitwise(op) && (mn_ctype_is_floating(a->type) || mn_ctype_is_floating(b->type)))
        return refuse(c, op, a, b, span);
    if (op == MN_OPERATOR_SHL || op == MN_OPERATOR_SHR)
        right = mn_coerce(c, b, mn_ctype_promote(b->type));
    else
        right = mn_coerce(c, b, k.work);
    a = mn_coerce(c, a, k.work);
    if (op == MN_OPERATOR_DIV && in_mango(c) && mn_ctype_is_floating(k.work))
        right = mn_x_unary(c, MN_X_NONZERO, k.work, right);
    made = mn_x_binary(c, MN_X_ARITH, k.work, arith_of(op), a, right);
    made->at = span.start;
    if (!in_mango(c))
        made = widened(c, made, a, right, arith_of(op), span);
    return k.label == k.work ? made : mn_coerce(c, made, k.label);
}

/* ---- comparison ---- */

const struct mn_ctype *
mn_truth_type(const struct mn_check *c)
{
    return mn_ctype_basic(in_mango(c) ? MN_C_BOOL : MN_C_INT);
}

static struct mn_x *
compare_addresses(struct mn_check *c, enum mn_operator op, struct mn_x *a, struct mn_x *b,
                  struct mn_span span)
{
    bool numbers = mn_ctype_is_number(a->type) || mn_ctype_is_number(b->type);
    struct mn_x *other = mn_ctype_is_number(a->type) ? b : a;

    if (numbers && !mn_x_is_zero(a) && !mn_x_is_zero(b)) {
        if (mn_ctype_is_floating(a->type) || mn_ctype_is_floating(b->type) || mn_ctype_is_object(other->type))
            return refuse(c, op, a, b, span);
        mn_warning_at(c->findings, span, "comparison of '%s' with '%s'", mn_spelled(c, a->type),
                      mn_spelled(c, b->type));
    }
    if (mn_ctype_is_object(a->type) && (mn_ctype_is_object(b->type) || mn_x_is_zero(b)))
        b = mn_coerce(c, b, a->type);
    else if (mn_ctype_is_object(b->type) && mn_x_is_zero(a))
        a = mn_coerce(c, a, b->type);
    else {
        a = mn_coerce(c, a, mn_ctype_basic(MN_C_POINTER));
        b = mn_coerce(c, b, mn_ctype_basic(MN_C_POINTER));
    }
    return mn_x_binary(c, MN_X_COMPARE, mn_truth_type(c), compare_of(op), a, b);
}

/* Names are equal when their selectors are, whatever types they carry; this runtime compares by the name's
 * entry. */
static struct mn_x *
compare_selectors(struct mn_check *c, enum mn_operator op, struct mn_x *a, struct mn_x *b,
                  struct mn_span span)
{
    if (mn_x_is_zero(a) || mn_x_is_zero(b))
        return compare_addresses(c, op, a, b, span);
    return mn_compare_selectors(c, compare_of(op) == MN_NE, a, b);
}

static struct mn_x *
compare(struct mn_check *c, enum mn_operator op, struct mn_x *a, struct mn_x *b, struct mn_span span)
{
    const struct mn_ctype *work;

    if (mn_x_is_error(a) || mn_x_is_error(b))
        return mn_x_error(c, a->at);
    if (a->type->dynamic || b->type->dynamic)
        return mn_dynamic_comparison(c, compare_of(op), a, b, span);
    if (!mn_ctype_is_scalar(a->type) || !mn_ctype_is_scalar(b->type))
        return refuse(c, op, a, b, span);
    if (mn_ctype_is_number(b->type))
        a = mn_settle(a, true);
    else if (mn_ctype_is_number(a->type))
        b = mn_settle(b, true);
    if (a->type->kind == MN_C_SEL && b->type->kind == MN_C_SEL &&
        (op == MN_OPERATOR_EQ || op == MN_OPERATOR_NE))
        return compare_selectors(c, op, a, b, span);
    if (mn_ctype_is_address(a->type) || mn_ctype_is_address(b->type))
        return compare_addresses(c, op, a, b, span);
    if (in_mango(c)) {
        /* BOOL counts as unsigned here, though it computes as signed: [M] compares by C's rules. */
        const struct mn_ctype *ka =
            a->type->kind == MN_C_BOOL ? mn_ctype_basic(MN_C_ULONG) : mn_mango_type(a->type);
        const struct mn_ctype *kb =
            b->type->kind == MN_C_BOOL ? mn_ctype_basic(MN_C_ULONG) : mn_mango_type(b->type);

        work = mn_ctype_usual(ka, kb);
    } else {
        work = mn_ctype_usual(a->type, b->type);
    }
    return mn_x_binary(c, MN_X_COMPARE, mn_truth_type(c), compare_of(op), mn_coerce(c, a, work),
                       mn_coerce(c, b, work));
}

/* ---- the nodes of the tree ---- */

static struct mn_x *
logical(struct mn_check *c, struct mn_expr *e)
{
    struct mn_x *a = mn_check_condition(c, e->binary.left), *b = mn_check_condition(c, e->binary.right);

    if (mn_x_is_error(a) || mn_x_is_error(b))
        return mn_x_error(c, e->span.start);
    return mn_x_binary(c, e->op == MN_OPERATOR_AND ? MN_X_AND : MN_X_OR, mn_truth_type(c), 0, a, b);
}

struct mn_x *
mn_check_binary(struct mn_check *c, struct mn_expr *e)
{
    struct mn_x *a, *b;

    if (e->op == MN_OPERATOR_AND || e->op == MN_OPERATOR_OR)
        return logical(c, e);
    if (e->op == MN_OPERATOR_COMMA) {
        a = mn_check_expr(c, e->binary.left);
        b = mn_decay(c, mn_check_expr(c, e->binary.right));
        return mn_x_binary(c, MN_X_COMMA, b->type, 0, a, b);
    }
    a = mn_check_value(c, e->binary.left);
    b = mn_check_value(c, e->binary.right);
    if (e->op >= MN_OPERATOR_EQ && e->op <= MN_OPERATOR_GE)
        return compare(c, e->op, a, b, e->at);
    return mn_arith(c, e->op, a, b, e->at);
}
