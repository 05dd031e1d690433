/* SPDX-License-Identifier: MIT */
/*
 * Properties of classes the source creates: their storage, their accessors, and the dealloc that lets go of
 * it.
 *
 * Accessors are ordinary methods with checked bodies, as if the source had written them. A property of an
 * existing class needs no storage when the class, or the source, already answers to its accessors.
 */
#include "lang/check.h"
#include "lang/lang.h"
#include "value/family.h"
#include <string.h>

static bool
answers(const struct mn_klass *k, const char *selector, bool class_side)
{
    struct mn_method live;

    if (mn_klass_method(k, class_side, selector))
        return true;
    return k->live && mn_live_method(k->live, class_side, selector, &live);
}

static bool
is_planned(const struct mn_klass *k, const char *selector, bool class_side)
{
    for (size_t i = 0; i < k->plans.count; i++) {
        const struct mn_method_plan *p = *MN_LIST_AT(struct mn_method_plan *, &k->plans, i);

        if (p->class_side == class_side && strcmp(p->selector, selector) == 0)
            return true;
    }
    return false;
}

static struct mn_kivar *
own_ivar(struct mn_klass *k, const char *name)
{
    for (size_t i = 0; i < k->ivars.count; i++)
        if (strcmp(MN_LIST_AT(struct mn_kivar, &k->ivars, i)->name, name) == 0)
            return MN_LIST_AT(struct mn_kivar, &k->ivars, i);
    return NULL;
}

static bool
keeps(const struct mn_kproperty *p)
{
    return mn_ctype_is_counted(p->type) && !(p->flags & (MN_PROP_ASSIGN | MN_PROP_WEAK));
}

static void
give_storage(struct mn_check *c, struct mn_klass *k, struct mn_kproperty *p)
{
    struct mn_kivar *ivar = own_ivar(k, p->ivar);

    if (ivar || p->type->kind == MN_C_ERROR)
        return;
    if (p->type->kind == MN_C_ARRAY || p->type->incomplete || p->type->kind == MN_C_VOID) {
        mn_error_at(c->findings, p->at, "a property cannot have the type '%s'", mn_spelled(c, p->type));
        return;
    }
    if ((p->flags & MN_PROP_WEAK) && !mn_ctype_is_counted(p->type)) {
        mn_error_at(c->findings, p->at, "only an object can be weak, not '%s'", mn_spelled(c, p->type));
        return;
    }
    if (p->class_side) {
        p->storage = mn_global_new(c, p->type, keeps(p), p->flags & MN_PROP_WEAK);
        return;
    }
    if (!(ivar = mn_list_add(&k->ivars))) {
        c->arena->failed = true;
        return;
    }
    *ivar = (struct mn_kivar){p->ivar, p->type, keeps(p), p->at, mn_ctype_is_counted(p->type) && p->flags & MN_PROP_WEAK};
}

void
mn_settle_properties(struct mn_check *c, struct mn_klass *k)
{
    struct mn_ivar live;

    for (size_t i = 0; i < k->properties.count; i++) {
        struct mn_kproperty *p = MN_LIST_AT(struct mn_kproperty, &k->properties, i);
        bool reads = answers(k, p->getter, p->class_side);
        bool writes = !p->setter || answers(k, p->setter, p->class_side);

        if (p->dynamic || k->is_protocol || (reads && writes)) {
            p->ivar = NULL;
        } else if (k->live && !p->class_side && mn_ivar_find(k->live, p->ivar, &live)) {
            k->implemented = true; /* the class keeps its own variable; an accessor is missing */
        } else if (k->live || k->implemented) {
            give_storage(c, k, p);
            if (!k->implemented)
                k->at = p->at;
            k->implemented = true;
        }
    }
}

/* A value of several words that is not said to be nonatomic is read and written whole. */
static bool
is_guarded(const struct mn_kproperty *p)
{
    return p->type && p->type->size > 8 && !(p->flags & MN_PROP_NONATOMIC);
}

/* An accessor's body around one statement. */
static void
finish(struct mn_check *c, struct mn_klass *k, struct mn_kproperty *p, const char *selector,
       const struct mn_ctype *result, struct mn_var **vars, unsigned count, struct mn_s *statement)
{
    struct mn_method_plan *plan;
    struct mn_s **list = mn_arena_copy(c->arena, &statement, 1, sizeof(struct mn_s *));
    struct mn_body *body;
    struct mn_s *locked;

    c->undecided = p->conditions;
    plan = mn_plan_method(c, k, selector, p->class_side, result, vars, count, p->at);
    c->undecided = NULL;
    if (!plan || !list)
        return;
    body = mn_body_new(c, k, plan);
    plan->function = body->function;
    body->result = result;
    body->params = vars;
    body->param_count = count;
    body->returns_owned = mn_family_owns(mn_family_of(selector, p->class_side)) && mn_ctype_is_counted(result);
    body->at = body->end = p->at.start;
    if (is_guarded(p)) {
        locked = mn_s_new(c, MN_S_SYNCHRONIZED, p->at.start);
        locked->locked.lock = mn_x_var(c, vars[0], p->at.start);
        locked->locked.body = mn_s_block(c, list, 1, p->at.start);
        list = mn_arena_copy(c->arena, &locked, 1, sizeof(struct mn_s *));
    }
    body->statements = mn_s_block(c, list, list ? 1 : 0, p->at.start);
    mn_body_done(c, body);
}

static struct mn_var **
parameters(struct mn_check *c, struct mn_klass *k, const struct mn_ctype *value)
{
    struct mn_var **vars = mn_arena_alloc(c->arena, 3 * sizeof(struct mn_var *));
    const struct mn_ctype *types[] = {mn_ctype_object(c->arena, k->name), mn_ctype_basic(MN_C_SEL), value};

    for (unsigned i = 0; vars && i < 3; i++) {
        vars[i] = mn_temp_var(c, types[i] ? types[i] : mn_ctype_basic(MN_C_OBJECT));
        vars[i]->is_param = true;
        vars[i]->param = i;
    }
    return vars;
}

static struct mn_x *
storage(struct mn_check *c, struct mn_klass *k, struct mn_var *self, const char *name, uint32_t at)
{
    struct mn_x *ivar = mn_find_ivar(c, mn_x_var(c, self, at), k->name, name, at);

    return ivar ? ivar : mn_x_error(c, at);
}

static struct mn_x *
property_storage(struct mn_check *c, struct mn_klass *k, struct mn_kproperty *p, struct mn_var *self)
{
    return p->storage ? mn_global_node(c, p->storage, p->at.start) : storage(c, k, self, p->ivar, p->at.start);
}

static void
make_getter(struct mn_check *c, struct mn_klass *k, struct mn_kproperty *p)
{
    struct mn_var **vars = parameters(c, k, p->type);
    struct mn_s *s = mn_s_new(c, MN_S_RETURN, p->at.start);

    if (!vars)
        return;
    s->x = property_storage(c, k, p, vars[0]);
    finish(c, k, p, p->getter, p->type, vars, 2, s);
}

static void
make_setter(struct mn_check *c, struct mn_klass *k, struct mn_kproperty *p)
{
    struct mn_var **vars = parameters(c, k, p->type);
    struct mn_s *s = mn_s_new(c, MN_S_EXPRESSION, p->at.start);
    struct mn_x *value;

    if (!vars)
        return;
    value = mn_x_var(c, vars[2], p->at.start);
    if ((p->flags & MN_PROP_COPY) && mn_ctype_is_counted(p->type))
        value = mn_coerce(
            c, mn_send_known(c, value, "copy", mn_ctype_basic(MN_C_OBJECT), NULL, 0, p->at.start), p->type);
    s->x = mn_x_assign(c, property_storage(c, k, p, vars[0]), value);
    finish(c, k, p, p->setter, mn_ctype_basic(MN_C_VOID), vars, 3, s);
}

/* Lets go of the class's own strong instance variables: a statement each. */
static struct mn_s *
releases(struct mn_check *c, struct mn_klass *k, struct mn_var *self, uint32_t at)
{
    struct mn_s **list = mn_arena_alloc(c->arena, (k->ivars.count + 1) * sizeof(struct mn_s *));
    unsigned n = 0;

    for (size_t i = 0; list && i < k->ivars.count; i++) {
        const struct mn_kivar *ivar = MN_LIST_AT(struct mn_kivar, &k->ivars, i);

        if (!ivar->strong && !ivar->weak)
            continue;
        list[n] = mn_s_new(c, MN_S_EXPRESSION, at);
        list[n]->x = mn_x_assign(c, storage(c, k, self, ivar->name, at), mn_x_int(c, 0, ivar->type, at));
        n++;
    }
    return n ? mn_s_block(c, list, n, at) : NULL;
}

static struct mn_body *
own_dealloc(struct mn_check *c, struct mn_klass *k)
{
    for (size_t i = 0; i < c->bodies.count; i++) {
        struct mn_body *body = *MN_LIST_AT(struct mn_body *, &c->bodies, i);

        if (body->class_name == k->name && !body->is_block && !body->class_side && strcmp(body->selector, "dealloc") == 0)
            return body;
    }
    return NULL;
}

static void
make_dealloc(struct mn_check *c, struct mn_klass *k)
{
    struct mn_body *body = own_dealloc(c, k);
    struct mn_kproperty here = {.at = k->at};
    struct mn_var **vars;
    struct mn_s *s;

    if (body) {
        body->epilogue = releases(c, k, body->params[0], body->end);
        return;
    }
    if (!(vars = parameters(c, k, mn_ctype_basic(MN_C_VOID))) || !(s = releases(c, k, vars[0], k->at.start)))
        return;
    finish(c, k, &here, "dealloc", mn_ctype_basic(MN_C_VOID), vars, 2, s);
    if (k->plans.count)
        (*MN_LIST_AT(struct mn_method_plan *, &k->plans, k->plans.count - 1))->next_after = true;
}

void
mn_make_accessors(struct mn_check *c, struct mn_klass *k)
{
    for (size_t i = 0; i < k->properties.count; i++) {
        struct mn_kproperty *p = MN_LIST_AT(struct mn_kproperty, &k->properties, i);

        if (!p->ivar || !(p->storage || own_ivar(k, p->ivar) || (k->live && !p->class_side)))
            continue;
        if (!is_planned(k, p->getter, p->class_side) && !answers(k, p->getter, p->class_side))
            make_getter(c, k, p);
        if (p->setter && !is_planned(k, p->setter, p->class_side) && !answers(k, p->setter, p->class_side))
            make_setter(c, k, p);
    }
    if (!k->live)
        make_dealloc(c, k);
}
