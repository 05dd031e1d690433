/* SPDX-License-Identifier: MIT */
/* Staging: existing classes first, because their checks can refuse the patch; then the classes it brings along. */
#include "patch/plan.h"

#include "base/error.h"
#include "patch/guard.h"
#include "hook/call.h"
#include "runtime/create.h"
#include "runtime/runtime.h"

#include <string.h>

/* Runs what stands below a body once, on every way out of the body: also while an exception passes. */
static void
run_next(mend_call **call)
{
    mn_call_proceed(*call);
}

static void
run_then_next(mend_call *call, void *data)
{
    const struct mn_planned_method *method = data;
    __attribute__((cleanup(run_next))) mend_call *after = call;

    if (mn_is_guarded(method->body))
        mn_guarded_run(method, after);
    else
        method->advice(after, method->data);
}

static void
run_guarded(mend_call *call, void *data)
{
    mn_guarded_run(data, call);
}

/* Whether a hook runs the body by way of its plan, and so keeps it. */
static bool
needs_plan(const struct mn_planned_method *method)
{
    return method->next_after || mn_is_guarded(method->body);
}

static void
drop_method(void *data)
{
    const struct mn_planned_method *method = data;
    struct mn_body *body = method->body;

    body->engine->drop(method->data);
    mn_body_release(body);
}

static mend_hook_spec
spec_of(const struct mn_planned_method *method)
{
    mend_hook_spec spec = {.position = MEND_INSTEAD};

    if (method->next_after) {
        spec.advice = run_then_next;
        spec.data = (void *)method;
        spec.release = drop_method;
        spec.options = MEND_HOOK_UNSAFE; /* dealloc is refused because a body could skip it: this one cannot */
    } else if (mn_is_guarded(method->body)) {
        spec.advice = run_guarded;
        spec.data = (void *)method;
        spec.release = drop_method;
    } else {
        spec.advice = method->advice;
        spec.data = method->data;
        spec.release = method->body->engine->drop;
    }
    return spec;
}

/* An error about a method says where the patch has it, unless it already names a place. */
static mend_status
at_method(const struct mn_planned_method *method, mend_status st, mend_error *err)
{
    if (err != NULL && err->file[0] == '\0' && method->body->file != NULL) {
        mn_copy_text(err->file, sizeof err->file, method->body->file);
        err->line = method->line;
        err->column = method->column;
    }
    return st;
}

static mend_status
stage_class(const struct mn_planned_class *plan, Class cls, struct mn_batch *batch, mend_error *err)
{
    for (size_t i = 0; i < plan->method_count; i++) {
        const struct mn_planned_method *m = &plan->methods[i];
        struct mn_batch_item item = {.cls = m->class_side ? mn_class_meta(cls) : cls,
                                     .sel = mn_selector(m->selector),
                                     .types = m->encoding,
                                     .may_add = true,
                                     .spec = spec_of(m)};
        struct mn_site *site;
        mend_status st;

        if (item.sel == NULL)
            return mn_fail_memory(err);
        if (!plan->exists && m->class_side && strcmp(m->selector, "load") == 0)
            item.spec.options |= MEND_HOOK_UNSAFE; /* refused because the runtime calls it past hooks: here we do */
        if ((st = mn_batch_add(batch, &item, &site, err)) != MEND_OK)
            return at_method(m, st, err);
        if ((st = m->body->engine->bind(m->body, plan->name, m, site, err)) != MEND_OK)
            return st;
    }
    return MEND_OK;
}

static mend_status
fill_class(const struct mn_planned_class *plan, Class cls, mend_error *err)
{
    mend_status st;

    for (size_t i = 0; i < plan->ivar_count; i++) {
        const struct mn_planned_ivar *v = &plan->ivars[i];

        if ((st = mn_class_add_ivar(cls, v->name, v->size, v->align, v->encoding, err)) != MEND_OK)
            return st;
    }
    for (size_t i = 0; i < plan->protocol_count; i++) {
        Protocol *protocol = mn_protocol_named(plan->protocols[i]);

        if (protocol != NULL && (st = mn_class_add_protocol(cls, protocol, err)) != MEND_OK)
            return st;
    }
    return mn_class_register(cls, err);
}

static mend_status
create_class(const struct mn_body *body, const struct mn_planned_class *plan, Class *cls, mend_error *err)
{
    Class super = mn_class_named(plan->superclass);
    Class fresh = Nil;
    mend_status st;

    *cls = Nil;
    if (super == Nil) {
        st = mn_fail_at(err, MEND_NO_CLASS, body->file, plan->line, plan->column,
                        "the superclass '%s' of '%s' is not loaded", plan->superclass, plan->name);
        goto done;
    }
    if ((st = mn_class_new(super, plan->name, &fresh, err)) != MEND_OK)
        goto done;
    if ((st = fill_class(plan, fresh, err)) != MEND_OK)
        goto done;
    *cls = fresh;
    fresh = Nil;
done:
    mn_class_free(fresh);
    return st;
}

mend_status
mn_plan_stage(const struct mn_body *body, struct mn_batch *batch, bool create, unsigned *created, mend_error *err)
{
    mend_status st;

    *created = 0;
    for (size_t i = 0; i < body->class_count; i++) {
        const struct mn_planned_class *plan = &body->classes[i];
        Class cls = mn_class_named(plan->name);

        if (cls == Nil && plan->exists)
            return mn_fail_at(err, MEND_NO_CLASS, body->file, plan->line, plan->column,
                              "the class '%s' is not loaded", plan->name);
        if (cls != Nil && (st = stage_class(plan, cls, batch, err)) != MEND_OK)
            return st;
    }
    for (size_t i = 0; create && i < body->class_count; i++) {
        const struct mn_planned_class *plan = &body->classes[i];
        Class cls;

        if (mn_class_named(plan->name) != Nil)
            continue;
        st = create_class(body, plan, &cls, err);
        if (st == MEND_EXISTS && (cls = mn_class_named(plan->name)) != Nil)
            st = MEND_OK; /* another patch brought it along meanwhile */
        else if (st == MEND_OK)
            ++*created;
        if (st != MEND_OK)
            return st;
        if ((st = stage_class(plan, cls, batch, err)) != MEND_OK)
            return st;
    }
    return MEND_OK;
}

void
mn_plan_hold(const struct mn_body *body)
{
    for (size_t i = 0; i < body->class_count; i++)
        for (size_t k = 0; k < body->classes[i].method_count; k++) {
            const struct mn_planned_method *m = &body->classes[i].methods[k];

            body->engine->hold(m->data);
            if (needs_plan(m))
                mn_body_retain(m->body);
        }
}

unsigned
mn_plan_methods(const struct mn_body *body)
{
    size_t count = 0;

    for (size_t i = 0; i < body->class_count; i++)
        count += body->classes[i].method_count;
    return (unsigned)count;
}
