/* SPDX-License-Identifier: MIT */
/*
 * Profiles (spec/mango.md 1.2b): what stands in the checked program where the mend profile would report an error.
 *
 * Names of a context are here as well: they are dynamic in the same way. A warning says it all the same. What cannot be known is dynamic (check_dynamic.c), so that whatever follows
 * decides at run time what the zero becomes.
 */
#include "lang/check.h"
#include "lang/builtin/context.h"
#include "lang/builtin/lenient.h" /* both behind the tree, which has a member called nil */

#include <string.h>

#define OURS(function) (void (*)(void))(function)

struct mn_x *
mn_lenient_name(struct mn_check *c, const char *name, struct mn_span span)
{
    struct mn_x *text = mn_x_text(c, name, span.start);

    if (c->profile == MEND_PROFILE_MEND)
        return NULL;
    mn_warning_at(c->findings, span, "unknown name '%s'", name);
    return mn_x_call_ours(c,
                          c->profile == MEND_PROFILE_OCRUNNER ? OURS(mn_lenient_nothing) : OURS(mn_lenient_raise),
                          "@*", &mn_ctype_dynamic, &text, 1, span.start);
}

static bool
calls(const struct mn_x *x, const char *function)
{
    return x->kind == MN_X_CALLC && x->type->dynamic && x->call.address && x->call.address->kind == MN_X_SYMBOL &&
           x->call.address->symbol.own && strcmp(x->call.address->symbol.name, function) == 0;
}

bool
mn_is_lenient_name(const struct mn_x *x)
{
    return calls(x, "mn_lenient_nothing") || calls(x, "mn_lenient_raise");
}

/* ---- names of a context ---- */

struct mn_x *
mn_context_name(struct mn_check *c, const char *name, uint32_t at)
{
    struct mn_x *args[2];

    if (!c->context || !mn_context_has(c->context, name))
        return NULL;
    args[0] = mn_x_int(c, mn_context_number(c->context), mn_ctype_basic(MN_C_LONG), at);
    args[1] = mn_x_text(c, name, at);
    return mn_x_call_ours(c, OURS(mn_context_get), "@q*", &mn_ctype_dynamic, args, 2, at);
}

bool
mn_is_context_name(const struct mn_x *x)
{
    return calls(x, "mn_context_get");
}

struct mn_x *
mn_context_assign(struct mn_check *c, const struct mn_x *name, struct mn_x *value)
{
    struct mn_var *var = mn_temp_var(c, &mn_ctype_dynamic);
    struct mn_x *args[] = {name->call.args[0], name->call.args[1], mn_x_var(c, var, name->at)}, *keep, *set;

    value = mn_dynamic_of(c, value);
    if (mn_x_is_error(value))
        return value;
    var->strong = true;
    keep = mn_x_assign(c, mn_x_var(c, var, name->at), value);
    set = mn_x_call_ours(c, OURS(mn_context_set), "vq*@", mn_ctype_basic(MN_C_VOID), args, 3, name->at);
    set = mn_x_binary(c, MN_X_COMMA, set->type, 0, keep, set);
    return mn_x_binary(c, MN_X_COMMA, value->type, 0, set, mn_x_var(c, var, name->at));
}

/* ---- names that are not there ---- */

struct mn_x *
mn_lenient_assign(struct mn_check *c, const struct mn_x *name, struct mn_x *value)
{
    struct mn_x *text = name->call.args[0];
    struct mn_x *lost = mn_x_call_ours(c, OURS(mn_lenient_lost), "v*", mn_ctype_basic(MN_C_VOID), &text, 1, name->at);

    return mn_x_binary(c, MN_X_COMMA, value->type, 0, lost, value);
}

/* What a send of a selector that nothing has can be taken for: arguments as written, an object as result. */
void
mn_lenient_signature(struct mn_check *c, const char *selector, struct mn_x **args, unsigned count, struct mn_msig *out)
{
    const struct mn_ctype **params = mn_arena_alloc(c->arena, (count + 1) * sizeof *params);

    *out = (struct mn_msig){.selector = selector, .result = mn_ctype_basic(MN_C_OBJECT), .params = params};
    for (unsigned i = 0; params && i < count; i++) {
        args[i] = mn_decay(c, mn_dynamic_object(c, args[i]));
        params[i] = mn_ctype_is_scalar(args[i]->type) ? mn_ctype_promote(args[i]->type) : args[i]->type;
    }
    out->count = params ? count : 0;
}

/* The send when the receiver answers, else zero. `make` finishes the send with a receiver that is read twice. */
struct mn_x *
mn_lenient_send(struct mn_check *c, struct mn_x *send)
{
    struct mn_var *var = mn_temp_var(c, send->send.receiver->type);
    struct mn_x *args[2], *keep, *choose;
    const struct mn_ctype *type = send->type;

    if (!mn_ctype_is_scalar(type) && type->kind != MN_C_VOID)
        return send;
    var->strong = mn_ctype_is_counted(var->type);
    keep = mn_x_assign(c, mn_x_var(c, var, send->at), send->send.receiver);
    send->send.receiver = mn_x_var(c, var, send->at);
    args[0] = mn_x_var(c, var, send->at);
    args[1] = mn_x_new(c, MN_X_SELECTOR, mn_ctype_basic(MN_C_SEL), send->at);
    args[1]->name = send->send.selector;
    choose = mn_x_new(c, MN_X_CHOOSE, type, send->at);
    choose->choose.test = mn_x_call_ours(c, OURS(mn_lenient_answers), "B@:", &mn_ctype_c_bool, args, 2, send->at);
    choose->choose.yes = send;
    choose->choose.no = type->kind == MN_C_VOID
                            ? mn_x_unary(c, MN_X_CONVERT, type, mn_x_int(c, 0, mn_ctype_basic(MN_C_INT), send->at))
                            : mn_coerce(c, mn_x_int(c, 0, mn_ctype_basic(MN_C_INT), send->at), type);
    return mn_x_binary(c, MN_X_COMMA, type, 0, keep, choose);
}

struct mn_x *
mn_lenient_element(struct mn_check *c, struct mn_x *x)
{
    struct mn_x *made;

    if (c->profile != MEND_PROFILE_OCRUNNER || mn_x_is_error(x) || x->kind == MN_X_STRING || x->kind == MN_X_BOX)
        return x;
    made = mn_x_new(c, MN_X_ELSE, x->type, x->at);
    made->choose.test = x;
    made->choose.no = mn_coerce(
        c, mn_x_call_ours(c, OURS(mn_lenient_absent), "@", mn_ctype_basic(MN_C_OBJECT), NULL, 0, x->at), x->type);
    return made;
}

struct mn_x *
mn_lenient_collection(struct mn_check *c, struct mn_x *x)
{
    if (c->profile != MEND_PROFILE_OCRUNNER)
        return x;
    return mn_x_call_ours(c, OURS(mn_lenient_present), "@@", x->type, &x, 1, x->at);
}
