/* SPDX-License-Identifier: MIT */
/* Operators with one operand, and the conditional with two or three. */
#include "lang/check.h"

static struct mn_x *
address_of(struct mn_check *c, struct mn_expr *e)
{
    struct mn_x *a = mn_check_expr(c, e->operand);

    if (mn_x_is_error(a))
        return a;
    if (a->type->kind == MN_C_POINTER && a->type->inner->kind == MN_C_FUNCTION && !mn_x_is_place(a))
        return a; /* &f is f */
    if (a->type->kind == MN_C_FUNCTION)
        return mn_decay(c, a);
    if (a->kind == MN_X_AGGREGATE && e->operand->kind == MN_EXPR_COMPOUND)
        a = mn_lasting(c, a);
    if (!mn_x_is_place(a)) {
        mn_error_at(c->findings, e->span, "this has no address");
        return mn_x_error(c, e->span.start);
    }
    if (a->kind == MN_X_FIELD && a->part.bits.width) {
        mn_error_at(c->findings, e->span, "a bit-field has no address");
        return mn_x_error(c, e->span.start);
    }
    if (mn_extent_of(a)) {
        mn_error_at(c->findings, e->span, "the address of an array whose length is computed is not supported: its name is the address of its first element");
        return mn_x_error(c, e->span.start);
    }
    if (a->kind == MN_X_VAR && (a->var->strong || a->var->weak))
        return mn_out(c, a, a->type); /* a callee would store an object without a reference */
    for (struct mn_x *base = a;; base = base->part.base) {
        if (base->kind == MN_X_VAR)
            mn_var_addressed(base->var);
        if (base->kind != MN_X_FIELD)
            break;
    }
    return mn_x_unary(c, MN_X_ADDRESS, mn_ctype_pointer(c->arena, a->type), a);
}

static struct mn_x *
dereference(struct mn_check *c, struct mn_expr *e)
{
    struct mn_x *a = mn_check_value(c, e->operand), *place;

    if (mn_x_is_error(a))
        return a;
    if (a->type->kind == MN_C_POINTER && a->type->inner->kind == MN_C_FUNCTION)
        return a;
    if (a->type->kind != MN_C_POINTER || a->type->inner->kind == MN_C_VOID || a->type->inner->incomplete) {
        mn_error_at(c->findings, e->span, "'*' needs a pointer to a complete type, not '%s'",
                    mn_spelled(c, a->type));
        return mn_x_error(c, e->span.start);
    }
    place = mn_x_new(c, MN_X_MEMORY, a->type->inner, e->span.start);
    place->part.base = a;
    return place;
}

static struct mn_x *
signed_operand(struct mn_check *c, struct mn_expr *e)
{
    struct mn_x *a = mn_check_value(c, e->operand);
    const struct mn_ctype *type;

    if (mn_x_is_error(a))
        return a;
    if (a->type->dynamic)
        return mn_dynamic_signed(c, e->op, a, e->span);
    if (!mn_ctype_is_number(a->type) || (e->op == MN_OPERATOR_COMPLEMENT && mn_ctype_is_floating(a->type))) {
        mn_error_at(c->findings, e->span, "'%s' needs a number, not '%s'", mn_operator_text(e->op),
                    mn_spelled(c, a->type));
        return mn_x_error(c, e->span.start);
    }
    if (c->dialect == MN_DIALECT_MANGO)
        type = a->type->kind == MN_C_BOOL ? mn_ctype_basic(MN_C_ULONG) : mn_mango_type(a->type);
    else
        type = mn_ctype_promote(a->type);
    a = mn_coerce(c, a, type);
    if (e->op == MN_OPERATOR_PLUS)
        return a;
    return mn_x_unary(c, e->op == MN_OPERATOR_MINUS ? MN_X_NEGATE : MN_X_INVERT, type, a);
}

struct mn_x *
mn_check_unary(struct mn_check *c, struct mn_expr *e)
{
    struct mn_x *a;

    if (e->op < MN_OPERATOR_PRE_INC)
        c->value_unused = false;
    switch (e->op) {
    case MN_OPERATOR_NOT:
        a = mn_check_condition(c, e->operand);
        return mn_x_is_error(a) ? a : mn_x_unary(c, MN_X_NOT, mn_truth_type(c), a);
    case MN_OPERATOR_ADDRESS:
        return address_of(c, e);
    case MN_OPERATOR_DEREF:
        return dereference(c, e);
    case MN_OPERATOR_PRE_INC:
    case MN_OPERATOR_PRE_DEC:
    case MN_OPERATOR_POST_INC:
    case MN_OPERATOR_POST_DEC:
        return mn_check_step(c, e);
    default:
        return signed_operand(c, e);
    }
}

/* The type both arms of a conditional take, or NULL when they do not go together. */
static const struct mn_ctype *
common(struct mn_check *c, struct mn_x *a, struct mn_x *b)
{
    if (a->type->kind != MN_C_VOID && b->type->kind != MN_C_VOID && (a->type->dynamic || b->type->dynamic))
        return &mn_ctype_dynamic;
    if (mn_ctype_is_number(a->type) && mn_ctype_is_number(b->type)) {
        if (a->type->kind == MN_C_BOOL && b->type->kind == MN_C_BOOL)
            return a->type;
        return c->dialect == MN_DIALECT_MANGO ? mn_ctype_usual(mn_mango_kind(a->type), mn_mango_kind(b->type))
                                              : mn_ctype_usual(a->type, b->type);
    }
    if (a->type->kind == MN_C_VOID || b->type->kind == MN_C_VOID)
        return mn_ctype_basic(MN_C_VOID);
    if (mn_x_is_zero(a) && mn_ctype_is_address(b->type))
        return b->type;
    if (mn_x_is_zero(b) && mn_ctype_is_address(a->type))
        return a->type;
    if (a->type->kind == MN_C_OBJECT && b->type->kind == MN_C_OBJECT) {
        if (a->type->name && b->type->name) {
            if (mn_class_below(c, a->type->name, b->type->name))
                return b->type;
            if (mn_class_below(c, b->type->name, a->type->name))
                return a->type;
        }
        return mn_ctype_basic(MN_C_OBJECT);
    }
    if (mn_ctype_is_object(a->type) && mn_ctype_is_object(b->type))
        return a->type->kind == b->type->kind ? a->type : mn_ctype_basic(MN_C_OBJECT);
    if (a->type->kind == MN_C_POINTER && b->type->kind == MN_C_POINTER)
        return a->type->inner->kind == MN_C_VOID ? a->type : b->type;
    return mn_ctype_same(a->type, b->type) ? a->type : NULL;
}

/* a ?: b where one of them is dynamic: a is kept, since its truth and its value are two questions. */
static struct mn_x *
dynamic_else(struct mn_check *c, struct mn_x *yes, struct mn_x *no, struct mn_expr *e)
{
    struct mn_var *var = mn_temp_var(c, &mn_ctype_dynamic);
    struct mn_x *keep, *made = mn_x_new(c, MN_X_CHOOSE, &mn_ctype_dynamic, e->span.start);

    var->strong = true;
    keep = mn_x_assign(c, mn_x_var(c, var, yes->at), mn_dynamic_of(c, yes));
    made->choose.test = mn_truth(c, mn_x_var(c, var, yes->at), e->span);
    made->choose.yes = mn_x_var(c, var, yes->at);
    made->choose.no = mn_dynamic_of(c, no);
    return mn_x_is_error(made->choose.no) ? made->choose.no : mn_x_binary(c, MN_X_COMMA, made->type, 0, keep, made);
}

struct mn_x *
mn_check_conditional(struct mn_check *c, struct mn_expr *e)
{
    struct mn_x *test, *yes, *no, *made;
    const struct mn_ctype *type;

    if (e->conditional.yes) {
        test = mn_check_condition(c, e->conditional.test);
        yes = mn_decay(c, mn_check_expr(c, e->conditional.yes));
    } else {
        yes = mn_check_value(c, e->conditional.test);
        test = yes->type->dynamic ? yes : (yes = mn_truth(c, yes, e->conditional.test->span));
    }
    no = mn_decay(c, mn_check_expr(c, e->conditional.no));
    if (mn_x_is_error(test) || mn_x_is_error(yes) || mn_x_is_error(no))
        return mn_x_error(c, e->span.start);
    if (!e->conditional.yes && (yes->type->dynamic || no->type->dynamic))
        return dynamic_else(c, yes, no, e);
    if (mn_ctype_is_number(no->type))
        yes = mn_settle(yes, true);
    else if (mn_ctype_is_number(yes->type) && !mn_x_is_zero(yes))
        no = mn_settle(no, true);
    if (!e->conditional.yes)
        test = yes;
    if (!(type = common(c, yes, no))) {
        mn_error_at(c->findings, e->at, "the two values '%s' and '%s' have no common type",
                    mn_spelled(c, yes->type), mn_spelled(c, no->type));
        return mn_x_error(c, e->span.start);
    }
    made = mn_x_new(c, e->conditional.yes ? MN_X_CHOOSE : MN_X_ELSE, type, e->span.start);
    made->choose.test = test;
    if (type->dynamic) {
        yes = mn_dynamic_of(c, yes);
        no = mn_dynamic_of(c, no);
    }
    made->choose.yes = type->kind == MN_C_VOID ? yes : mn_coerce(c, yes, type);
    made->choose.no = type->kind == MN_C_VOID ? no : mn_coerce(c, no, type);
    if (made->kind == MN_X_ELSE) {
        made->choose.yes = NULL;
    } else if (test->kind == MN_X_INT && mn_ctype_is_number(type)) { /* a constant expression, if what is chosen is */
        struct mn_x *chosen = mn_x_is_zero(test) ? made->choose.no : made->choose.yes;

        if (chosen->kind == MN_X_INT || chosen->kind == MN_X_FLOAT)
            return chosen;
    }
    return made;
}
