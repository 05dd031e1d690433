/* SPDX-License-Identifier: MIT */
/*
 * Assignment, compound assignment, ++ and --.
 *
 * A place in memory or in a variable is updated by one node that evaluates it once. A property or an object's
 * subscript is two sends around the operator; what they are sent to, and the key, are kept in variables
 * first.
 */
#include "lang/check.h"

static bool
is_writable(struct mn_check *c, struct mn_x *place, struct mn_span span)
{
    if (mn_x_is_error(place))
        return false;
    if (!mn_x_is_place(place)) {
        mn_error_at(c->findings, span, "this cannot be assigned to");
        if (place->kind == MN_X_FIELD)
            mn_suggest(c->findings, "assign the whole structure");
        return false;
    }
    if (place->type->kind == MN_C_ARRAY) {
        mn_error_at(c->findings, span, "an array cannot be assigned to");
        return false;
    }
    if (place->type->constant && c->dialect == MN_DIALECT_OBJC) {
        mn_error_at(c->findings, span, "this is const and cannot be assigned to");
        return false;
    }
    if (place->kind == MN_X_VAR && place->var == c->cmd) {
        mn_error_at(c->findings, span, "'_cmd' cannot be assigned to");
        return false;
    }
    return true;
}

/* a = b; the value of a property assignment is the converted value, not what the getter says. */
static struct mn_x *
set_accessor(struct mn_check *c, struct mn_expr *e, const struct mn_accessor *a)
{
    struct mn_x *value = mn_check_init(c, e->binary.right, a->type, "assignment");
    struct mn_var *kept = mn_temp_var(c, a->type);
    struct mn_x *keep, *set;

    if (mn_x_is_error(value))
        return value;
    kept->strong = mn_ctype_is_counted(a->type);
    keep = mn_x_assign(c, mn_x_var(c, kept, e->span.start), value);
    set = mn_accessor_set(c, a, mn_x_var(c, kept, e->span.start), e);
    if (mn_x_is_error(set))
        return set;
    set = mn_x_binary(c, MN_X_COMMA, set->type, 0, keep, set);
    if (a->before)
        set = mn_x_binary(c, MN_X_COMMA, set->type, 0, a->before, set);
    return mn_x_binary(c, MN_X_COMMA, a->type, 0, set, mn_x_var(c, kept, e->span.start));
}

/* A statement `o.p = v;` needs nothing kept: the send itself is the whole. */
static struct mn_x *
set_plainly(struct mn_check *c, struct mn_expr *e, const struct mn_accessor *a)
{
    struct mn_x *value = mn_check_init(c, e->binary.right, a->type, "assignment");
    struct mn_x *set;

    if (mn_x_is_error(value))
        return value;
    set = mn_accessor_set(c, a, value, e);
    return a->before ? mn_x_binary(c, MN_X_COMMA, set->type, 0, a->before, set) : set;
}

static struct mn_x *
update_accessor(struct mn_check *c, struct mn_expr *e, const struct mn_accessor *a, enum mn_operator op,
                struct mn_x *right, bool old_value)
{
    struct mn_var *old = mn_temp_var(c, a->type), *fresh = mn_temp_var(c, a->type);
    struct mn_x *get = mn_x_assign(c, mn_x_var(c, old, e->span.start), mn_accessor_get(c, a, e)), *sum, *set;

    sum = mn_arith(c, op, mn_x_var(c, old, e->span.start), right, e->at);
    old->strong = fresh->strong = mn_ctype_is_counted(a->type);
    sum =
        mn_x_assign(c, mn_x_var(c, fresh, e->span.start), mn_convert(c, sum, a->type, e->span, "assignment"));
    set = mn_accessor_set(c, a, mn_x_var(c, fresh, e->span.start), e);
    if (mn_x_is_error(sum->assign.value) || mn_x_is_error(set))
        return mn_x_error(c, e->span.start);
    get = mn_x_binary(c, MN_X_COMMA, sum->type, 0, get, sum);
    if (a->before)
        get = mn_x_binary(c, MN_X_COMMA, get->type, 0, a->before, get);
    set = mn_x_binary(c, MN_X_COMMA, set->type, 0, get, set);
    return mn_x_binary(c, MN_X_COMMA, a->type, 0, set, mn_x_var(c, old_value ? old : fresh, e->span.start));
}

/* The same for a place of any kind: the sum is assigned as a whole. */
static struct mn_x *
update_dynamic(struct mn_check *c, struct mn_expr *e, struct mn_x *place, enum mn_operator op, struct mn_x *right,
               bool old_value)
{
    struct mn_var *old = mn_temp_var(c, &mn_ctype_dynamic);
    struct mn_x *keep, *set, *sum;

    if (place->kind != MN_X_VAR && place->kind != MN_X_GLOBAL && !mn_is_context_name(place)) {
        mn_error_at(c->findings, e->at, "'%s=' needs a variable on its left here", mn_operator_text(op));
        return mn_x_error(c, e->span.start);
    }
    old->strong = true;
    keep = mn_x_assign(c, mn_x_var(c, old, e->span.start), place);
    sum = mn_arith(c, op, mn_x_var(c, old, e->span.start), right, e->at);
    if (mn_x_is_error(sum))
        return sum;
    set = mn_is_context_name(place) ? mn_context_assign(c, place, sum) : mn_x_assign(c, place, sum);
    set = mn_x_binary(c, MN_X_COMMA, set->type, 0, keep, set);
    return old_value ? mn_x_binary(c, MN_X_COMMA, set->type, 0, set, mn_x_var(c, old, e->span.start)) : set;
}

/*
 * place op= right. The sum is built once with a stand-in for the place, which tells the type the operator
 * works in and how the right side converts; the node then holds place, operator and converted right side.
 */
static struct mn_x *
update_place(struct mn_check *c, struct mn_expr *e, struct mn_x *place, enum mn_operator op,
             struct mn_x *right, bool old_value)
{
    struct mn_var *stand_in = mn_temp_var(c, place->type);
    struct mn_x *sum, *x, *core;

    if (place->type->dynamic)
        return update_dynamic(c, e, place, op, right, old_value);
    if (right->type->dynamic && mn_ctype_is_number(place->type))
        right = mn_dynamic_as(c, right, mn_ctype_is_floating(place->type) ? place->type : mn_mango_kind(place->type));
    core = sum = mn_arith(c, op, mn_x_var(c, stand_in, e->span.start), right, e->at);
    if (mn_x_is_error(sum))
        return sum;
    while (core->kind == MN_X_CONVERT)
        core = core->of.a;
    if (core->kind != MN_X_ARITH) { /* text: `s += x` is an assignment of the concatenation */
        if (place->kind != MN_X_VAR || old_value) {
            mn_error_at(c->findings, e->at, "'%s=' with text needs a variable on its left",
                        mn_operator_text(op));
            return mn_x_error(c, e->span.start);
        }
        sum = mn_arith(c, op, place, right, e->at);
        return mn_x_assign(c, place, mn_convert(c, sum, place->type, e->span, "assignment"));
    }
    for (struct mn_x *whole = place;; whole = whole->part.base) {
        if (whole->kind == MN_X_VAR)
            mn_var_written(whole->var);
        if (whole->kind != MN_X_FIELD)
            break;
    }
    x = mn_x_new(c, MN_X_UPDATE, place->type, e->at.start);
    x->update.place = place;
    x->update.value = core->of.b;
    x->update.work = core->type;
    x->update.op = core->of.op;
    x->update.before = old_value;
    x->update.truth = place->type->kind == MN_C_BOOL;
    /* The conversion back must be one the language allows, as for a plain assignment. */
    mn_convert(c, sum, place->type, e->span, "assignment");
    return x;
}

struct mn_x *
mn_check_assign(struct mn_check *c, struct mn_expr *e)
{
    bool unused = c->value_unused;
    struct mn_accessor accessor;
    struct mn_x *place, *value;

    c->value_unused = false;
    if (mn_check_accessor(c, e->binary.left, e->op != MN_OPERATOR_NONE, &accessor)) {
        if (!accessor.type)
            return mn_x_error(c, e->span.start);
        if (e->op == MN_OPERATOR_NONE)
            return unused ? set_plainly(c, e, &accessor) : set_accessor(c, e, &accessor);
        return update_accessor(c, e, &accessor, e->op, mn_check_value(c, e->binary.right), false);
    }
    place = mn_check_expr(c, e->binary.left);
    if (mn_is_context_name(place)) {
        value = mn_check_value(c, e->binary.right);
        if (mn_x_is_error(value))
            return value;
        return e->op == MN_OPERATOR_NONE ? mn_context_assign(c, place, value)
                                         : update_dynamic(c, e, place, e->op, value, false);
    }
    if (mn_is_lenient_name(place)) {
        value = mn_check_value(c, e->binary.right);
        return mn_x_is_error(value) ? value : mn_lenient_assign(c, place, value);
    }
    if (e->op != MN_OPERATOR_NONE) {
        value = mn_check_value(c, e->binary.right);
        return is_writable(c, place, e->binary.left->span) && !mn_x_is_error(value)
                   ? update_place(c, e, place, e->op, value, false)
                   : mn_x_error(c, e->span.start);
    }
    value = mn_check_init(c, e->binary.right, place->type, "assignment");
    if (!is_writable(c, place, e->binary.left->span) || mn_x_is_error(value))
        return mn_x_error(c, e->span.start);
    return mn_x_assign(c, place, value);
}

struct mn_x *
mn_check_step(struct mn_check *c, struct mn_expr *e)
{
    bool post = e->op == MN_OPERATOR_POST_INC || e->op == MN_OPERATOR_POST_DEC;
    bool down = e->op == MN_OPERATOR_PRE_DEC || e->op == MN_OPERATOR_POST_DEC;
    enum mn_operator op = down ? MN_OPERATOR_SUB : MN_OPERATOR_ADD;
    struct mn_x *one = mn_x_int(c, 1, mn_ctype_basic(MN_C_INT), e->span.start), *place;
    bool unused = c->value_unused;
    struct mn_accessor accessor;

    c->value_unused = false;
    if (mn_check_accessor(c, e->operand, true, &accessor))
        return accessor.type ? update_accessor(c, e, &accessor, op, one, post && !unused)
                             : mn_x_error(c, e->span.start);
    place = mn_check_expr(c, e->operand);
    if (mn_is_context_name(place))
        return update_dynamic(c, e, place, op, one, post && !unused);
    if (!is_writable(c, place, e->operand->span))
        return mn_x_error(c, e->span.start);
    if (!mn_ctype_is_number(place->type) && place->type->kind != MN_C_POINTER && !place->type->dynamic) {
        mn_error_at(c->findings, e->span, "'%s' needs a number or a pointer, not '%s'",
                    mn_operator_text(e->op), mn_spelled(c, place->type));
        return mn_x_error(c, e->span.start);
    }
    if (post && !unused && c->dialect == MN_DIALECT_MANGO)
        mn_warning_at(c->findings, e->at, "the value is the one before the change, as in C");
    return update_place(c, e, place, op, one, post && !unused);
}
