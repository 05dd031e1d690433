/* SPDX-License-Identifier: MIT */
/*
 * Questions about expressions that decide how operands are held: a walk over the node and all it contains.
 *
 * Trees are at most as deep as the source's nesting, which the reader bounds.
 */
#include "lang/compile.h"

typedef bool (*test)(const struct mn_x *x, const struct mn_var *var);

static bool any(const struct mn_x *x, test is, const struct mn_var *var);

static bool
any_of(struct mn_x *const *items, unsigned count, test is, const struct mn_var *var)
{
    for (unsigned i = 0; i < count; i++)
        if (any(items[i], is, var))
            return true;
    return false;
}

static bool
any_below(const struct mn_x *x, test is, const struct mn_var *var)
{
    switch (x->kind) {
    case MN_X_INT:
    case MN_X_FLOAT:
    case MN_X_TEXT:
    case MN_X_STRING:
    case MN_X_CLASS:
    case MN_X_SELECTOR:
    case MN_X_SYMBOL:
    case MN_X_VAR:
    case MN_X_GLOBAL:
    case MN_X_BLOCK:
    case MN_X_FUNC:
    case MN_X_STATEMENTS:
        return false;
    case MN_X_MEMORY:
    case MN_X_FIELD:
        return any(x->part.base, is, var);
    case MN_X_INDEX:
        return any(x->index.base, is, var) || any(x->index.index, is, var);
    case MN_X_IVAR:
        return any(x->ivar.object, is, var);
    case MN_X_OUT:
        return any(x->out.place, is, var);
    case MN_X_CHOOSE:
    case MN_X_ELSE:
        return any(x->choose.test, is, var) || (x->choose.yes && any(x->choose.yes, is, var)) ||
               any(x->choose.no, is, var);
    case MN_X_ASSIGN:
        return any(x->assign.place, is, var) || any(x->assign.value, is, var);
    case MN_X_UPDATE:
        return any(x->update.place, is, var) || any(x->update.value, is, var);
    case MN_X_SEND:
        return any(x->send.receiver, is, var) || any_of(x->send.args, x->send.count, is, var);
    case MN_X_CALLC:
    case MN_X_CALLB:
        return any(x->call.address, is, var) || any_of(x->call.args, x->call.count, is, var);
    case MN_X_CALL:
        return any_of(x->call.args, x->call.count, is, var);
    case MN_X_ARRAY:
    case MN_X_DICTIONARY:
        return any_of(x->list.items, x->list.count, is, var);
    case MN_X_AGGREGATE:
        for (unsigned i = 0; i < x->aggregate.count; i++)
            if (any(x->aggregate.parts[i].value, is, var))
                return true;
        return false;
    default:
        return any(x->of.a, is, var) || (x->of.b && any(x->of.b, is, var));
    }
}

static bool
any(const struct mn_x *x, test is, const struct mn_var *var)
{
    return is(x, var) || any_below(x, is, var);
}

static bool
is_call(const struct mn_x *x, const struct mn_var *var)
{
    (void)var;
    switch (x->kind) {
    case MN_X_SEND:
    case MN_X_CALL:
    case MN_X_CALLC:
    case MN_X_CALLB:
    case MN_X_BLOCK:
    case MN_X_STATEMENTS:
    case MN_X_BOX:
    case MN_X_ARRAY:
    case MN_X_DICTIONARY:
        return true;
    case MN_X_VAR:
        return x->var->weak; /* what it loads is retained for the expression */
    case MN_X_IVAR:
        return x->ivar.weak;
    case MN_X_GLOBAL:
        return x->global->weak;
    default:
        return false;
    }
}

/* The root of a place, when that is a variable. */
static const struct mn_var *
root(const struct mn_x *place)
{
    while (place->kind == MN_X_FIELD)
        place = place->part.base;
    return place->kind == MN_X_VAR ? place->var : NULL;
}

static bool
is_assignment(const struct mn_x *x, const struct mn_var *var)
{
    if (x->kind == MN_X_ASSIGN)
        return root(x->assign.place) == var;
    if (x->kind == MN_X_UPDATE)
        return root(x->update.place) == var;
    if (x->kind == MN_X_OUT)
        return root(x->out.place) == var;
    if (x->kind == MN_X_STATEMENTS)
        return true;
    return (var->addressed || mn_var_is_cell(var)) && is_call(x, var);
}

bool
mn_x_calls(const struct mn_x *x)
{
    return any(x, is_call, NULL);
}

bool
mn_x_assigns(const struct mn_x *x, const struct mn_var *var)
{
    return any(x, is_assignment, var);
}

static bool
is_mention(const struct mn_x *x, const struct mn_var *var)
{
    return x->kind == MN_X_STATEMENTS || x->kind == MN_X_BLOCK || (x->kind == MN_X_VAR && x->var == var);
}

bool
mn_x_mentions(const struct mn_x *x, const struct mn_var *var)
{
    return any(x, is_mention, var);
}

bool
mn_gives(const struct mn_x *x)
{
    switch (x->kind) {
    case MN_X_SEND:
        return x->send.owned;
    case MN_X_CALLC:
        return x->call.owned;
    case MN_X_BLOCK:
        return true;
    case MN_X_CONVERT:
        return mn_ctype_is_counted(x->type) && mn_ctype_is_object(x->of.a->type) && mn_gives(x->of.a);
    case MN_X_COMMA:
        return mn_gives(x->of.b);
    case MN_X_CHOOSE:
        return mn_gives(x->choose.yes) || mn_gives(x->choose.no);
    default:
        return false;
    }
}
