/* SPDX-License-Identifier: MIT */
/*
 * ORG selectors as real methods, in the mangofix profile: whoever sends -ORGtotal to an object of a patched class,
 * by performSelector: or from elsewhere, runs what -total was before the patch.
 *
 * Inside the class's own methods ORG names stay what they are everywhere: bound when the patch is read.
 */
#include "lang/check.h"
#include "lang/lang.h"
#include <string.h>

static const char *
prefixed(struct mn_check *c, const char *selector)
{
    return mn_text_of(c, "ORG%s", selector);
}

void
mn_declare_originals(struct mn_check *c)
{
    for (size_t i = 0; c->profile == MEND_PROFILE_MANGOFIX && i < c->classes.count; i++) {
        struct mn_klass *k = *MN_LIST_AT(struct mn_klass *, &c->classes, i);

        for (size_t n = k->live && k->implemented ? k->methods.count : 0; n-- > 0;) {
            struct mn_msig m = *MN_LIST_AT(struct mn_msig, &k->methods, n), *made;
            struct mn_method live;

            if (m.variadic || strcmp(m.selector, "dealloc") == 0 || strncmp(m.selector, "ORG", 3) == 0 ||
                !mn_live_method(k->live, m.class_side, m.selector, &live) || !mn_encoded_method(c, live.types, &m))
                continue;
            m.selector = prefixed(c, m.selector);
            m.declared = true;
            if (m.selector && (made = mn_klass_add_method(k, m.class_side, m.selector)))
                *made = m;
            else
                c->arena->failed = true;
        }
    }
}

static struct mn_var **
parameters(struct mn_check *c, struct mn_klass *k, const struct mn_msig *sig)
{
    struct mn_var **vars = mn_arena_alloc(c->arena, (sig->count + 2) * sizeof(struct mn_var *));

    for (unsigned i = 0; vars && i < sig->count + 2; i++) {
        const struct mn_ctype *type = i == 1  ? mn_ctype_basic(MN_C_SEL)
                                      : i > 1 ? sig->params[i - 2]
                                      : sig->class_side ? mn_ctype_class_of(c->arena, k->name)
                                                        : mn_ctype_object(c->arena, k->name);

        vars[i] = mn_temp_var(c, type ? type : mn_ctype_basic(MN_C_ERROR));
        vars[i]->is_param = true;
        vars[i]->param = i;
    }
    return vars;
}

/* One method whose body is a call of the original. */
static void
make(struct mn_check *c, struct mn_klass *k, const struct mn_method_plan *of, const struct mn_msig *sig)
{
    struct mn_var **vars = parameters(c, k, sig);
    struct mn_x **args = mn_arena_alloc(c->arena, (sig->count + 1) * sizeof(struct mn_x *)), *x;
    struct mn_span *spans = mn_arena_alloc(c->arena, (sig->count + 1) * sizeof *spans), at = k->at;
    struct mn_method_plan *plan;
    struct mn_body *body;
    struct mn_s *s;
    bool is_void = sig->result->kind == MN_C_VOID;

    if (!vars || !args || !spans)
        return;
    plan = mn_plan_method(c, k, prefixed(c, of->selector), of->class_side, sig->result, vars, sig->count + 2, at);
    if (!plan)
        return;
    plan->encoding = of->encoding;
    plan->line = of->line;
    plan->column = of->column;
    c->body = body = mn_body_new(c, k, plan);
    plan->function = body->function;
    body->result = sig->result;
    body->params = vars;
    body->param_count = sig->count + 2;
    body->at = body->end = at.start;
    c->klass = k;
    c->class_side = of->class_side;
    c->self = vars[0];
    c->cmd = vars[1];
    for (unsigned i = 0; i < sig->count; i++) {
        args[i] = mn_x_var(c, vars[i + 2], at.start);
        spans[i] = at;
    }
    x = mn_send_to(c, MN_TO_ORIGINAL, mn_x_var(c, vars[0], at.start), of->selector, args, spans, sig->count, at, at);
    s = mn_s_new(c, is_void ? MN_S_EXPRESSION : MN_S_RETURN, at.start);
    s->x = is_void ? x : mn_convert(c, x, sig->result, at, "result");
    body->statements = mn_s_block(c, mn_arena_copy(c->arena, &s, 1, sizeof(struct mn_s *)), 1, at.start);
    mn_body_done(c, body);
    c->klass = NULL;
    c->body = NULL;
    c->self = c->cmd = NULL;
}

void
mn_make_originals(struct mn_check *c)
{
    for (size_t i = 0; c->profile == MEND_PROFILE_MANGOFIX && i < c->classes.count; i++) {
        struct mn_klass *k = *MN_LIST_AT(struct mn_klass *, &c->classes, i);

        c->dialect = MN_DIALECT_MANGO;
        for (size_t n = 0, count = k->plans.count; k->live && n < count; n++) {
            const struct mn_method_plan *p = *MN_LIST_AT(struct mn_method_plan *, &k->plans, n);
            struct mn_msig sig = {.class_side = p->class_side};

            if (p->role != MN_METHOD_ADDS && !p->next_after && strncmp(p->selector, "ORG", 3) != 0 &&
                mn_encoded_method(c, p->encoding, &sig))
                make(c, k, p, &sig);
        }
    }
}
