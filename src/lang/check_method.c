/* SPDX-License-Identifier: MIT */
/*
 * Methods: the head against the live method, the plan to install it, the body checked.
 *
 * An existing method keeps its encoding, own or inherited: native callers were compiled for it. The declared
 * types are local views; where they could not travel alike the patch contradicts the program and is refused
 * (objc dialect), while Mango's numbers, which have no C widths, convert at entry and return.
 */
#include "lang/check.h"
#include "lang/lang.h"
#include "value/family.h"
#include <string.h>

static bool travels_alike(const struct mn_check *c, const struct mn_ctype *declared,
                          const struct mn_ctype *live);

/* Layout is what matters: tags and the signs of fields are the source's own view. */
static bool
laid_out_alike(const struct mn_check *c, const struct mn_ctype *a, const struct mn_ctype *b)
{
    if (a->kind != b->kind || a->size != b->size || a->count != b->count)
        return false;
    for (size_t i = 0; i < a->count; i++)
        if (a->fields[i].offset != b->fields[i].offset ||
            a->fields[i].type->size != b->fields[i].type->size ||
            !travels_alike(c, a->fields[i].type, b->fields[i].type))
            return false;
    return true;
}

/* Whether a value of the declared type can stand where the live one travels. */
static bool
travels_alike(const struct mn_check *c, const struct mn_ctype *declared, const struct mn_ctype *live)
{
    if (mn_ctype_same(declared, live))
        return true;
    if (mn_ctype_is_aggregate(declared) && mn_ctype_is_aggregate(live))
        return laid_out_alike(c, declared, live);
    if (mn_ctype_is_number(declared) && mn_ctype_is_number(live))
        return c->dialect == MN_DIALECT_MANGO ||
               (mn_ctype_is_integer(declared) && mn_ctype_is_integer(live) && declared->size == live->size);
    if (declared->kind == MN_C_BLOCK && live->kind == MN_C_POINTER)
        return true; /* how compilers without blocks declare one */
    return mn_ctype_is_address(declared) && mn_ctype_is_address(live) &&
           mn_ctype_is_object(declared) == mn_ctype_is_object(live);
}

static void
contradiction(struct mn_check *c, struct mn_span at, const char *what, const struct mn_ctype *declared,
              const struct mn_ctype *live, const char *selector)
{
    mn_error_status_at(c->findings, MEND_SIGNATURE_MISMATCH, at,
                       "%s of '%s' is '%s' here but '%s' in the program", what, selector,
                       mn_spelled(c, declared), mn_spelled(c, live));
    mn_suggest(c->findings, "declare it as '%s'", mn_spelled(c, live));
}

/* Reports each part of the head that contradicts the live method. */
static void
compare_signature(struct mn_check *c, struct mn_method_decl *m, const struct mn_msig *mine, const char *types)
{
    struct mn_msig live = {0};

    if (!mn_encoded_method(c, types, &live) || live.count != mine->count) {
        mn_error_status_at(c->findings, MEND_UNSUPPORTED_ENCODING, m->at,
                           "'%s' has a type in the program that is not supported yet (%s)", m->selector,
                           types);
        return;
    }
    if (m->result && !travels_alike(c, mine->result, live.result))
        contradiction(c, m->result->span, "the result", mine->result, live.result, m->selector);
    for (unsigned i = 0; i < live.count; i++)
        if (m->params.items[i]->type && !travels_alike(c, mine->params[i], live.params[i]))
            contradiction(c, m->params.items[i]->type->span, mn_text_of(c, "argument %u", i + 1),
                          mine->params[i], live.params[i], m->selector);
}

/* "q24@0:8@16": the frame numbers every compiler writes and NSMethodSignature reads. */
static const char *
build_encoding(struct mn_check *c, const struct mn_ctype *result, struct mn_var **params, unsigned count,
               struct mn_span at)
{
    struct mn_buffer plain = MN_BUFFER_EMPTY, numbered = MN_BUFFER_EMPTY;
    const char *text = NULL;
    mend_error err;
    mend_status st;

    mn_ctype_encode(&plain, result);
    for (unsigned i = 0; i < count; i++)
        mn_ctype_encode(&plain, params[i]->type);
    st = plain.failed ? MEND_NO_MEMORY : mn_live_numbered(mn_buffer_peek(&plain), &numbered, &err);
    if (st == MEND_OK)
        text = mn_arena_strdup(c->keep, mn_buffer_peek(&numbered));
    else if (st == MEND_NO_MEMORY)
        c->arena->failed = true;
    else
        mn_error_status_at(c->findings, st, at, "this cannot be called: %s", err.message);
    mn_buffer_fini(&plain);
    mn_buffer_fini(&numbered);
    return text ? text : "v@:";
}

/* The class itself, or the first above it that exists already. */
static Class
nearest_live(struct mn_check *c, const struct mn_klass *k)
{
    const char *name = k->name;
    Class live = k->live;

    for (unsigned depth = 0; !live && name && depth < 1000; depth++) {
        name = mn_super_name(c, name);
        live = name ? mn_class_named(name) : Nil;
    }
    return live;
}

struct mn_method_plan *
mn_plan_method(struct mn_check *c, struct mn_klass *k, const char *selector, bool class_side,
               const struct mn_ctype *result, struct mn_var **params, unsigned count, struct mn_span at)
{
    struct mn_method_plan *plan = mn_arena_alloc(c->keep, sizeof *plan), **slot = mn_list_add(&k->plans);
    SEL sel = mn_selector_find(selector);
    Class above = nearest_live(c, k);
    struct mn_method live;

    if (!plan || !slot) {
        c->arena->failed = true;
        return NULL;
    }
    *slot = plan;
    if (!(plan->selector = mn_arena_strdup(c->keep, selector)))
        plan->selector = "";
    plan->class_side = class_side;
    mn_line_of(c, at.start, &plan->line, &plan->column);
    if (c->undecided)
        memcpy(plan->conditions, c->undecided, sizeof plan->conditions);
    plan->role = MN_METHOD_ADDS;
    if (above && mn_live_method(above, class_side, selector, &live)) {
        bool own = k->live && sel && mn_method_own(class_side ? mn_class_meta(k->live) : k->live, sel, NULL);

        plan->role = own ? MN_METHOD_REPLACES : MN_METHOD_OVERRIDES;
        plan->encoding = live.types;
    }
    if (!plan->encoding)
        plan->encoding = build_encoding(c, result, params, count, at);
    return plan;
}

static bool
is_conditional(const uint32_t *conditions)
{
    return conditions[0] || conditions[1];
}

struct mn_body *
mn_body_new(struct mn_check *c, struct mn_klass *k, const struct mn_method_plan *plan)
{
    struct mn_body *body = mn_arena_alloc(c->arena, sizeof *body);

    if (!body)
        body = &c->lost.body;
    if (!k)
        return body;
    body->name = mn_text_of(c, "%c[%s %s]", plan->class_side ? '+' : '-', k->name, plan->selector);
    if (is_conditional(plan->conditions)) /* there may be another of its name */
        body->name = mn_text_of(c, "%s (line %u)", body->name, plan->line);
    body->class_name = k->name;
    body->selector = plan->selector;
    body->class_side = plan->class_side;
    body->encoding = plan->encoding;
    body->function = mn_builder_function(c->builder, body->name);
    return body;
}

void
mn_body_done(struct mn_check *c, struct mn_body *body)
{
    struct mn_body **slot = mn_list_add(&c->bodies);

    if (slot)
        *slot = body;
    else
        c->arena->failed = true;
}

static struct mn_var *
parameter(struct mn_check *c, const char *name, const struct mn_ctype *type, unsigned index,
          struct mn_span at)
{
    struct mn_var *var = mn_scope_var(c, name, type, at);

    var->is_param = true;
    var->param = index;
    return var;
}

/* self, _cmd and the declared parameters, in the innermost scope. */
static struct mn_var **
open_parameters(struct mn_check *c, struct mn_klass *k, struct mn_method_decl *m, const struct mn_msig *mine)
{
    struct mn_var **vars = mn_arena_alloc(c->arena, (mine->count + 2) * sizeof(struct mn_var *));

    if (!vars)
        return NULL;
    c->self = vars[0] = parameter(
        c, NULL, m->is_class ? mn_ctype_class_of(c->arena, k->name) : mn_ctype_object(c->arena, k->name), 0,
        m->at);
    c->cmd = vars[1] = parameter(c, NULL, mn_ctype_basic(MN_C_SEL), 1, m->at);
    for (unsigned i = 0; i < mine->count; i++)
        vars[i + 2] = parameter(c, m->params.items[i]->name, mine->params[i], i + 2, m->params.items[i]->at);
    return vars;
}

static const struct mn_msig *
own_signature(const struct mn_klass *k, const struct mn_method_decl *m)
{
    return mn_klass_method(k, m->is_class, m->selector);
}

/* A result that was left out (id by default) follows the live method: many Mango methods are void in truth.
 */
static const struct mn_ctype *
result_of(struct mn_check *c, struct mn_method_decl *m, const struct mn_msig *mine,
          const struct mn_method_plan *plan)
{
    struct mn_msig live = {0};

    if (!m->result && mn_encoded_method(c, plan->encoding, &live))
        return live.result;
    return mine->result;
}

static bool
already_planned(struct mn_check *c, struct mn_klass *k, struct mn_method_decl *m)
{
    for (size_t i = 0; i < k->plans.count; i++) {
        struct mn_method_plan *p = *MN_LIST_AT(struct mn_method_plan *, &k->plans, i);

        if (p->class_side != m->is_class || strcmp(p->selector, m->selector) != 0)
            continue;
        if (is_conditional(p->conditions) || is_conditional(m->conditions))
            continue; /* who applies the patch sees whether both hold */
        mn_error_at(c->findings, m->at, "'%c%s' is implemented twice in '%s'", m->is_class ? '+' : '-',
                    m->selector, k->name);
        return true;
    }
    return false;
}

static void
set_travel(struct mn_check *c, struct mn_body *body)
{
    struct mn_msig live = {0};

    if (mn_encoded_method(c, body->encoding, &live) && live.count + 2 == body->param_count) {
        body->travel_result = live.result;
        body->travel_params = live.params;
    }
}

void
mn_check_method(struct mn_check *c, struct mn_klass *k, struct mn_method_decl *m)
{
    const struct mn_msig *mine = own_signature(k, m);
    struct mn_method_plan *plan;
    struct mn_body *body;
    struct mn_var **vars;
    unsigned errors = c->findings->errors;
    enum mn_family family;

    if (!mine || already_planned(c, k, m))
        return;
    for (unsigned i = 0; i < mine->count; i++)
        if (!mn_check_passable(c, mine->params[i], false, m->params.items[i]->at))
            return;
    if (!mn_check_passable(c, mine->result, true, m->at))
        return;
    if (m->variadic) {
        mn_error_at(c->findings, m->at, "methods with a variable argument list are not supported yet");
        return;
    }
    c->klass = k;
    c->dialect = m->dialect;
    c->class_side = m->is_class;
    mn_scope_open(c);
    vars = open_parameters(c, k, m, mine);
    c->undecided = m->conditions;
    plan = vars ? mn_plan_method(c, k, m->selector, m->is_class, mine->result, vars, mine->count + 2, m->at)
                : NULL;
    c->undecided = NULL;
    if (plan) {
        if (plan->role != MN_METHOD_ADDS)
            compare_signature(c, m, mine, plan->encoding);
        body = mn_body_new(c, k, plan);
        c->body = body;
        for (unsigned i = 0; i < mine->count + 2; i++)
            vars[i]->owner = body;
        c->is_dealloc = !m->is_class && strcmp(m->selector, "dealloc") == 0;
        plan->next_after = c->is_dealloc;
        plan->function = body->function;
        body->result = result_of(c, m, mine, plan);
        body->params = vars;
        body->param_count = mine->count + 2;
        set_travel(c, body);
        family = mn_family_of(m->selector, m->is_class);
        body->returns_owned = mn_family_owns(family) && mn_ctype_is_counted(body->result);
        body->takes_self = body->returns_owned && family == MN_FAMILY_INIT;
        body->at = m->at.start;
        body->end = m->body->span.end ? m->body->span.end - 1 : 0;
        body->statements = mn_check_body(c, m->body);
        mn_check_goals(c, body);
        if (c->findings->errors == errors && (m->result || m->dialect == MN_DIALECT_OBJC))
            mn_check_end(c, body);
        mn_body_done(c, body);
    }
    mn_scope_close(c);
    c->klass = NULL;
    c->body = NULL;
    c->self = c->cmd = NULL;
    c->is_dealloc = false;
}

void
mn_check_classes(struct mn_check *c)
{
    for (uint32_t i = 0; i < c->tree->item_count; i++) {
        struct mn_class_decl *d = c->tree->items[i].kind == MN_ITEM_CLASS ? c->tree->items[i].class_ : NULL;
        struct mn_klass *k = d ? mn_klass_named(c, d->name.name) : NULL;

        if (!k || (d->form != MN_FORM_IMPLEMENTATION && d->form != MN_FORM_MANGO_CLASS))
            continue;
        if (!k->live && !k->superclass)
            continue; /* reported */
        for (uint32_t n = 0; n < d->method_count; n++)
            if (d->methods[n]->body)
                mn_check_method(c, k, d->methods[n]);
    }
    for (size_t i = 0; i < c->classes.count; i++) {
        struct mn_klass *k = *MN_LIST_AT(struct mn_klass *, &c->classes, i);

        if (k->implemented)
            mn_make_accessors(c, k);
    }
    mn_make_originals(c);
}
