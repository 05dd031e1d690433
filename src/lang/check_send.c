/* SPDX-License-Identifier: MIT */
/*
 * Message sends: who receives, what is found, what goes in and comes out, who owns the result.
 *
 * A send that could only raise is an error. A selector known elsewhere in the process but not to the
 * receiver's static class is a warning: the object may be of a class loaded later. ORG, ORIG and PREV before
 * a selector this class's patch replaces are bound here and are no selectors at run time.
 */
#include "lang/check.h"
#include "runtime/suggest.h"
#include "value/family.h"
#include <string.h>

/* What is known of a receiver. */
struct target {
    enum mn_send_to to;
    const char *class_name; /* NULL: any class */
    bool class_side;
    const char *selector; /* without ORG */
};

static struct target
target_of(struct mn_check *c, enum mn_send_to to, const struct mn_x *receiver, const char *selector)
{
    struct target t = {to, receiver->type->name, receiver->type->kind == MN_C_CLASS, selector};

    if (receiver->type->kind == MN_C_BLOCK)
        t.class_name = NULL;
    if (to == MN_TO_SUPER && c->klass) {
        t.class_name = mn_super_name(c, c->klass->name);
        t.class_side = c->class_side;
    }
    return t;
}

/* ---- the original ---- */

static bool
changes(const struct mn_klass *k, bool class_side, const char *selector)
{
    return mn_klass_method(k, class_side, selector) != NULL;
}

/* Rewrites a target whose selector says ORG, ORIG or PREV; false after an error. */
static bool
bind_original(struct mn_check *c, struct target *t, struct mn_span at)
{
    static const struct {
        const char *prefix;
        enum mn_send_to to;
    } words[] = {{"ORIG", MN_TO_ORIGINAL}, {"ORG", MN_TO_ORIGINAL}, {"PREV", MN_TO_NEXT}};
    struct mn_msig ignored;
    struct mn_method live;
    const char *plain = NULL;
    enum mn_send_to to = MN_TO_RECEIVER;
    bool mine;

    for (size_t i = 0; i < sizeof words / sizeof words[0] && !plain; i++) {
        size_t n = strlen(words[i].prefix);

        if (strncmp(t->selector, words[i].prefix, n) == 0 && t->selector[n]) {
            plain = t->selector + n;
            to = words[i].to;
        }
    }
    if (!plain)
        return true;
    mine = c->klass && c->self && changes(c->klass, c->class_side, plain);
    if (!(mine && c->profile == MEND_PROFILE_MANGOFIX && t->class_name && strcmp(t->class_name, c->klass->name) == 0) &&
        mn_find_method(c, t->class_name, t->class_side, t->selector, &ignored) != MN_FOUND_NOWHERE)
        return true;
    if (!mine && c->profile != MEND_PROFILE_MEND)
        return true; /* a selector like any other, which another patch may have */
    if (!mine) {
        mn_error_at(c->findings, at, "'%s' has no meaning here: this class does not replace '%s'",
                    t->selector, plain);
        return false;
    }
    t->selector = plain;
    t->class_name = c->klass->name;
    t->class_side = c->class_side;
    t->to = c->klass->live
                ? to
                : MN_TO_SUPER; /* a class of our own has no original below it but its superclass's */
    if (!c->klass->live)
        t->class_name = c->klass->superclass;
    else if (!mn_live_method(c->klass->live, c->class_side, plain, &live)) {
        mn_error_at(c->findings, at, "'%s' is new in '%s': there is no original to call", plain,
                    c->klass->name);
        return false;
    }
    return true;
}

/* ---- finding ---- */

static void
suggest_selector(struct mn_check *c, const struct target *t)
{
    Class cls = t->class_name ? mn_class_named(t->class_name) : Nil;
    unsigned best = mn_name_tolerance(strlen(t->selector)) + 1;
    const char *near;

    if (c->findings->dropped)
        return;
    near = mn_suggest_selector(t->class_side && cls ? mn_class_meta(cls) : cls, t->selector);
    for (const char *name = t->class_name; name && !near; name = mn_super_name(c, name)) {
        struct mn_klass *k = mn_klass_named(c, name);

        for (size_t i = 0; k && i < k->methods.count; i++) {
            const struct mn_msig *m = MN_LIST_AT(struct mn_msig, &k->methods, i);
            unsigned d = mn_name_distance(t->selector, m->selector, best);

            if (m->class_side == t->class_side && d < best) {
                best = d;
                near = m->selector;
            }
        }
    }
    if (near)
        mn_suggest(c->findings, "did you mean '%s'?", near);
}

static bool
find(struct mn_check *c, const struct target *t, struct mn_x **args, unsigned count, struct mn_msig *sig,
     struct mn_span at)
{
    enum mn_found found = mn_find_method(c, t->class_name, t->class_side, t->selector, sig);
    struct mn_method other;

    if (found == MN_FOUND_HERE || found == MN_FOUND_BELOW)
        return true;
    if (found == MN_FOUND_ELSEWHERE && t->to == MN_TO_RECEIVER && sig->class_side == t->class_side) {
        mn_warning_at(c->findings, at, "'%s' may not respond to '%s'", t->class_name, t->selector);
        suggest_selector(c, t);
        return true;
    }
    if (found == MN_FOUND_NOWHERE && mn_selector_find(t->selector) &&
        mn_live_selector(c->live, t->selector)->instance_count +
            mn_live_selector(c->live, t->selector)->meta_count) {
        mn_error_status_at(c->findings, MEND_UNSUPPORTED_ENCODING, at,
                           "'%s' has an argument or result that is not supported yet", t->selector);
        return false;
    }
    if (c->profile != MEND_PROFILE_MEND && t->to == MN_TO_RECEIVER) {
        mn_warning_at(c->findings, at, "no class here has a method '%c%s'", t->class_side ? '+' : '-', t->selector);
        mn_lenient_signature(c, t->selector, args, count, sig);
        return true;
    }
    mn_error_status_at(c->findings, MEND_NO_METHOD, at,
                       t->class_name ? "'%s' has no method '%c%s'" : "no class has a method '%s%c%s'",
                       t->class_name ? t->class_name : "", t->class_side ? '+' : '-', t->selector);
    suggest_selector(c, t);
    if (t->class_name && mn_class_named(t->class_name) &&
        mn_live_method(mn_class_named(t->class_name), !t->class_side, t->selector, &other))
        mn_note_at(c->findings, at, "there is %s '%s'",
                   t->class_side ? "an instance method" : "a class method", t->selector);
    return false;
}

/* ---- arguments ---- */

/* Whether every class that has the selector takes the same types, so that a conversion to them is right. */
static bool
is_sure(struct mn_check *c, const struct target *t, const struct mn_msig *sig)
{
    const struct mn_live_selector *live;

    if (sig->exact || sig->declared)
        return true;
    live = mn_live_selector(c->live, t->selector);
    return live->instance_count + live->meta_count <= 1;
}

/* Mango's &n where the callee's number has another width: a temporary of that width stands in. */
static struct mn_x *
out_argument(struct mn_check *c, struct mn_x *x, const struct mn_ctype *type)
{
    struct mn_x *place = x->kind == MN_X_ADDRESS ? x->of.a : NULL;

    if (x->kind == MN_X_OUT)
        x->out.used = true;
    if (!place || place->kind != MN_X_VAR || c->dialect != MN_DIALECT_MANGO || type->kind != MN_C_POINTER)
        return x;
    if (!mn_ctype_is_number(type->inner) || !mn_ctype_is_number(place->type) ||
        type->inner->kind == place->type->kind)
        return x;
    x = mn_out(c, place, type->inner);
    x->out.used = true;
    return x;
}

static struct mn_x *
argument(struct mn_check *c, const struct target *t, const struct mn_msig *sig, unsigned i, struct mn_x *x,
         struct mn_span span, bool sure)
{
    const char *what = mn_text_of(c, "argument %u of '%s'", i + 1, t->selector);
    const struct mn_ctype *type = sig->params[i];

    if (mn_x_is_error(x))
        return x;
    x = mn_decay(c, x);
    x = out_argument(c, x, type);
    if (sure || x->type->dynamic)
        return mn_convert(c, x, type, span, what);
    /* The classes differ: send what was written; the machine converts to what the method that runs takes. */
    if (x->kind == MN_X_INT && x->integer == 0 && mn_ctype_is_address(type))
        return mn_coerce(c, x, type);
    return mn_promote_argument(c, x, span);
}

static bool
right_count(struct mn_check *c, const struct target *t, const struct mn_msig *sig, unsigned count,
            struct mn_span span)
{
    if (count == sig->count || (count > sig->count && sig->variadic))
        return true;
    if (count > sig->count && sig->count && !sig->declared) { /* encodings do not tell */
        mn_warning_at(c->findings, span, "'%s' is not known to take a variable number of arguments",
                      t->selector);
        return true;
    }
    mn_error_at(c->findings, span, "'%s' takes %u argument%s, not %u", t->selector, sig->count,
                sig->count == 1 ? "" : "s", count);
    return false;
}

/* ---- the node ---- */

static const struct mn_ctype *
result_of(struct mn_check *c, const struct target *t, const struct mn_msig *sig, enum mn_family family)
{
    const char *name = t->to == MN_TO_SUPER && c->klass ? c->klass->name : t->class_name;
    bool related = family == MN_FAMILY_ALLOC || family == MN_FAMILY_NEW || family == MN_FAMILY_INIT;

    if (sig->result->kind != MN_C_OBJECT || sig->result->name || !name)
        return sig->result;
    if ((related && (t->class_side || family == MN_FAMILY_INIT)) ||
        (!t->class_side && strcmp(t->selector, "self") == 0))
        return mn_ctype_object(c->arena, name);
    return sig->result;
}

/* Where classes differ about the result, what else it could be. */
static void
set_alternatives(struct mn_check *c, struct mn_x *x, const struct target *t)
{
    const struct mn_live_selector *live = mn_live_selector(c->live, t->selector);

    for (unsigned i = 0; i < live->instance_count + live->meta_count; i++) {
        const char *types =
            i < live->instance_count ? live->instance[i].types : live->meta[i - live->instance_count].types;
        struct mn_msig sig = {0};

        if (!mn_encoded_method(c, types, &sig))
            continue;
        if (mn_ctype_is_number(sig.result) && !x->send.as_number)
            x->send.as_number = sig.result;
        if (mn_ctype_is_object(sig.result) && !x->send.as_object)
            x->send.as_object = sig.result;
    }
}

static void
set_ownership(struct mn_x *x, enum mn_family family)
{
    if (!mn_ctype_is_counted(x->type))
        return;
    x->send.owned = mn_family_owns(family);
    x->send.consumes = family == MN_FAMILY_INIT;
}

/* Sends whose meaning ARC takes over. NULL when this is none. */
static struct mn_x *
counting(struct mn_check *c, const struct target *t, struct mn_x *receiver, struct mn_span at)
{
    const char *s = t->selector;
    bool keeps = strcmp(s, "retain") == 0 || strcmp(s, "autorelease") == 0;
    bool drops = strcmp(s, "release") == 0 || (strcmp(s, "drain") == 0 && t->class_name &&
                                               strcmp(t->class_name, "NSAutoreleasePool") == 0);

    if (t->class_side || (!keeps && !drops) ||
        (c->klass && c->body && strcmp(c->body->selector ? c->body->selector : "", s) == 0))
        return NULL;
    mn_warning_at(c->findings, at, "references are counted by Mend: '%s' does nothing here", s);
    return keeps ? receiver : mn_x_unary(c, MN_X_CONVERT, mn_ctype_basic(MN_C_VOID), receiver);
}

struct mn_x *
mn_send_to(struct mn_check *c, enum mn_send_to to, struct mn_x *receiver, const char *selector,
           struct mn_x **args, const struct mn_span *spans, unsigned count, struct mn_span span,
           struct mn_span at)
{
    struct target t = target_of(c, to, receiver, selector);
    struct mn_msig sig = {0};
    enum mn_family family;
    struct mn_x *x;
    bool sure;

    if (mn_x_is_error(receiver) || !bind_original(c, &t, at))
        return mn_x_error(c, span.start);
    if (c->is_dealloc && t.to != MN_TO_RECEIVER && strcmp(t.selector, "dealloc") == 0)
        return mn_x_int(c, 0, mn_ctype_basic(MN_C_VOID),
                        span.start); /* runs after the body: see lang.h next_after */
    if (t.to == MN_TO_RECEIVER && (x = counting(c, &t, receiver, at)))
        return x;
    if (!find(c, &t, args, count, &sig, at) || !right_count(c, &t, &sig, count, span))
        return mn_x_error(c, span.start);
    sure = is_sure(c, &t, &sig);
    for (unsigned i = 0; i < sig.count; i++)
        args[i] = argument(c, &t, &sig, i, args[i], spans[i], sure);
    for (unsigned i = sig.count; i < count; i++)
        args[i] = mn_promote_argument(c, args[i], spans[i]);
    if (sig.variadic && sig.count && strstr(selector, "ormat:"))
        mn_adapt_format(c, args, spans, count, sig.count, args[sig.count - 1]);
    for (unsigned i = sig.count; i < count; i++)
        args[i] = mn_dynamic_object(c, args[i]);
    family = mn_family_of(t.selector, t.class_side);
    x = mn_x_new(c, MN_X_SEND, result_of(c, &t, &sig, family), at.start);
    x->send.to = t.to;
    x->send.receiver = receiver;
    x->send.selector = t.selector;
    x->send.class_name = c->klass ? c->klass->name : NULL;
    x->send.class_side = c->class_side;
    x->send.args = args;
    x->send.count = count;
    x->send.variadic = count > sig.count;
    x->send.fixed = sig.count;
    set_ownership(x, family);
    if (!sure)
        set_alternatives(c, x, &t);
    for (unsigned i = 0; i < count; i++)
        if (mn_x_is_error(args[i]))
            return mn_x_error(c, span.start);
    return c->profile == MEND_PROFILE_OCRUNNER && t.to == MN_TO_RECEIVER && !sig.exact ? mn_lenient_send(c, x) : x;
}

struct mn_x *
mn_send(struct mn_check *c, struct mn_x *receiver, const char *selector, struct mn_x **args,
        const struct mn_span *spans, unsigned count, struct mn_span span, struct mn_span at)
{
    return mn_send_to(c, MN_TO_RECEIVER, receiver, selector, args, spans, count, span, at);
}

struct mn_x *
mn_send_known(struct mn_check *c, struct mn_x *receiver, const char *selector, const struct mn_ctype *result,
              struct mn_x **args, unsigned count, uint32_t at)
{
    struct mn_x *x = mn_x_new(c, MN_X_SEND, result, at);

    x->send.receiver = receiver;
    x->send.selector = selector;
    x->send.args = args;
    x->send.count = count;
    x->send.fixed = count;
    set_ownership(x, mn_family_of(selector, receiver->type->kind == MN_C_CLASS));
    return x;
}

static struct mn_x *
check_receiver(struct mn_check *c, struct mn_expr *e)
{
    struct mn_x *x = mn_check_value(c, e);

    if (mn_x_is_error(x) || mn_ctype_is_object(x->type))
        return mn_dynamic_object(c, x);
    if (mn_x_is_zero(x))
        return mn_coerce(c, x, mn_ctype_basic(MN_C_OBJECT));
    if (x->type->kind == MN_C_POINTER) {
        mn_warning_at(c->findings, e->span, "'%s' is taken for an object", mn_spelled(c, x->type));
        return mn_coerce(c, x, mn_ctype_basic(MN_C_OBJECT));
    }
    mn_error_at(c->findings, e->span, "'%s' cannot receive a message", mn_spelled(c, x->type));
    if (mn_ctype_is_number(x->type))
        mn_suggest(c->findings, "write @(...) to make an NSNumber");
    return mn_x_error(c, e->span.start);
}

struct mn_x *
mn_check_send(struct mn_check *c, struct mn_expr *e)
{
    bool to_super = e->send.receiver->kind == MN_EXPR_SUPER;
    unsigned count = e->send.args.count;
    struct mn_x **args = mn_arena_alloc(c->arena, (count + 1) * sizeof(struct mn_x *));
    struct mn_span *spans = mn_arena_alloc(c->arena, (count + 1) * sizeof *spans);
    struct mn_x *receiver;

    if (to_super && !c->self) {
        mn_error_at(c->findings, e->send.receiver->span, "there is no 'super' here");
        return mn_x_error(c, e->span.start);
    }
    receiver = to_super ? mn_x_var(c, c->self, e->span.start) : check_receiver(c, e->send.receiver);
    if (!args || !spans)
        return mn_x_error(c, e->span.start);
    for (unsigned i = 0; i < count; i++) {
        args[i] = mn_check_expr(c, e->send.args.items[i]);
        spans[i] = e->send.args.items[i]->span;
    }
    if (count < e->send.colons) {
        mn_error_at(c->findings, e->span, "'%s' takes %u argument%s, not %u", e->send.selector,
                    e->send.colons, e->send.colons == 1 ? "" : "s", count);
        return mn_x_error(c, e->span.start);
    }
    return mn_send_to(c, to_super ? MN_TO_SUPER : MN_TO_RECEIVER, receiver, e->send.selector, args, spans,
                      count, e->span, e->at);
}
