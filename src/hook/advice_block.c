/* SPDX-License-Identifier: MIT */
/*
 * What happens in a call whose advice is a block.
 *
 * The advice holds one plan (value/block_plan.h) for each signature it has been called with: one, unless a
 * pattern put it on methods of several types, or the method became another one. They form a list that only
 * grows, at its head, without a lock; a call finds its plan by comparing one pointer, since signatures are
 * interned.
 */
#include "hook/advice_block.h"

#include "base/alloc.h"
#include "base/error.h"
#include "base/log.h"
#include "hook/call.h"
#include "hook/site.h"
#include "hook/target.h"
#include "runtime/exception.h"
#include "value/block.h"
#include "value/block_plan.h"

#include <stdatomic.h>
#include <string.h>

enum { INFO = 1 }; /* the index of the information's argument in the block's signature */

/* What stands in front of the method's arguments. */
enum info { INFO_NONE, INFO_CALL, INFO_OBJECT };

struct planned {
    const struct mn_signature *method;
    struct mn_block_plan *plan; /* NULL: the block does not fit that method */
    struct planned *next;
};

struct advice {
    _Atomic(struct planned *) plans;
    id block; /* owned */
    enum info info;
    mend_position position;
    struct mn_block_terms terms;
    const struct mn_signature *type;
    struct objc_object *(*make_info)(mend_call *call, void *data);
    void (*end_info)(struct objc_object *info, mend_call *call, void *data);
    void *data;
    void (*release)(void *data);
};

/* ---- Plans ---- */

static void
free_planned(struct planned *planned)
{
    mn_block_plan_free(planned->plan);
    mn_free(planned);
}

/* Unless another thread was quicker, whose plan is as good. */
static const struct planned *
add_planned(struct advice *advice, struct planned *fresh)
{
    struct planned *head = atomic_load_explicit(&advice->plans, memory_order_acquire);

    do {
        for (struct planned *p = head; p; p = p->next)
            if (p->method == fresh->method) {
                free_planned(fresh);
                return p;
            }
        fresh->next = head;
    } while (!atomic_compare_exchange_weak_explicit(&advice->plans, &head, fresh, memory_order_acq_rel,
                                                    memory_order_acquire));
    return fresh;
}

/* With `refusals`, one is kept too, so that it is found out once. */
static mend_status
make_plan(struct advice *advice, const struct mn_signature *method, bool refusals, const struct planned **out,
          mend_error *err)
{
    struct planned *fresh = mn_calloc(1, sizeof *fresh);
    mend_status st;

    *out = NULL;
    if (!fresh)
        return mn_fail_memory(err);
    fresh->method = method;
    st = mn_block_plan_new(method, advice->type, advice->terms, &fresh->plan, err);
    if (st == MEND_OK || (refusals && st != MEND_NO_MEMORY))
        *out = add_planned(advice, fresh);
    else
        free_planned(fresh);
    return st;
}

/* The way to all plans but the first found. */
static __attribute__((noinline)) const struct planned *
plan_slowly(struct advice *advice, const mend_call *call)
{
    const struct planned *p = atomic_load_explicit(&advice->plans, memory_order_acquire);
    mend_error err;

    while (p && p->method != mn_call_signature(call))
        p = p->next;
    if (!p && make_plan(advice, mn_call_signature(call), true, &p, &err) != MEND_OK)
        mn_log(MN_LOG_WARNING, "a block on [%s %s] is passed over: %s", mn_class_name(call->site->change.cls),
               mn_selector_name(call->site->change.sel), err.message);
    return p;
}

/* ---- Calls ---- */

/* The information of one call; its end also comes when an exception leaves the block. */
struct information {
    struct objc_object *object;
    const struct advice *advice;
    mend_call *call;
};

static void
end_information(const struct information *info)
{
    if (info->advice->end_info)
        info->advice->end_info(info->object, info->call, info->advice->data);
}

static void
run_with_object(const struct advice *advice, const struct mn_block_plan *plan, mend_call *call)
{
    MN_SCOPED(end_information)
    struct information info = {advice->make_info(call, advice->data), advice, call};

    mn_block_plan_call(plan, advice->block, info.object, call->frame);
}

static void
run(mend_call *call, void *data)
{
    struct advice *advice = data;
    const struct planned *p = atomic_load_explicit(&advice->plans, memory_order_acquire);

    if (__builtin_expect(!p || p->method != mn_call_signature(call), 0))
        p = plan_slowly(advice, call);
    if (__builtin_expect(!p || !p->plan, 0)) {
        if (advice->position == MEND_INSTEAD)
            mn_call_proceed(call);
    } else if (advice->info == INFO_OBJECT) {
        run_with_object(advice, p->plan, call);
    } else {
        mn_block_plan_call(p->plan, advice->block, call, call->frame);
    }
}

/* ---- Making and ending ---- */

static void
drop_plans(struct advice *advice)
{
    struct planned *p = atomic_load(&advice->plans);

    while (p) {
        struct planned *next = p->next;

        free_planned(p);
        p = next;
    }
}

/* Everything but the owner's data. */
static void
free_advice(struct advice *advice)
{
    drop_plans(advice);
    mn_block_release(advice->block);
    mn_free(advice);
}

static void
release_advice(void *data)
{
    struct advice *advice = data;
    void (*release)(void *) = advice->release;
    void *owned = advice->data;

    free_advice(advice);
    if (release)
        release(owned);
}

void
mn_block_advice_drop(const mend_hook_spec *hook)
{
    free_advice(hook->data);
}

static bool
is_call(const struct mn_type *type)
{
    return type->kind == MN_POINTER && type->of->kind == MN_STRUCT &&
           strcmp(type->of->name, "mend_call") == 0;
}

static mend_status
find_info(struct advice *advice, mend_error *err)
{
    const struct mn_type *first = advice->type->count > INFO ? advice->type->arguments[INFO].type : NULL;

    advice->info = !first              ? INFO_NONE
                   : is_call(first)    ? INFO_CALL
                   : advice->make_info ? INFO_OBJECT
                                       : INFO_NONE;
    if (advice->info != INFO_OBJECT || first->kind == MN_OBJECT)
        return MEND_OK;
    mn_fail(err, MEND_SIGNATURE_MISMATCH,
            "the block's first parameter, which tells about the call, is no object");
    mn_remedy(err, "declare it id, or mend_call *");
    return MEND_SIGNATURE_MISMATCH;
}

/* Which result is used follows from position and type; a void block that has the call may set it there. */
static mend_status
find_terms(struct advice *advice, const mend_block_spec *spec, mend_error *err)
{
    bool unused = (spec->options & MEND_BLOCK_RESULT_UNUSED) != 0,
         is_void = advice->type->result->kind == MN_VOID;

    advice->terms = (struct mn_block_terms){.info = advice->info != INFO_NONE,
                                            .weak = (spec->hook.options & MEND_HOOK_WEAK) != 0};
    if (advice->position == MEND_INSTEAD) {
        advice->terms.result = !unused && !(is_void && advice->info != INFO_NONE);
        return MEND_OK;
    }
    if (unused || is_void)
        return MEND_OK;
    mn_fail(err, MEND_SIGNATURE_MISMATCH, "only a block instead of the method gives its result");
    mn_remedy(err, "declare the block void; to change the result, let it take a mend_call * first");
    return MEND_SIGNATURE_MISMATCH;
}

static mend_status
check_spec(const mend_block_spec *spec, mend_error *err)
{
    if (!spec || !spec->block)
        return mn_fail(err, MEND_INVALID, "a hook needs a block");
    if (spec->hook.advice)
        return mn_fail(err, MEND_INVALID, "the advice of this hook is its block; there can be no other");
    if (spec->options & ~(unsigned)MEND_BLOCK_RESULT_UNUSED)
        return mn_fail(err, MEND_INVALID, "0x%x are not options of a block", spec->options);
    return MEND_OK;
}

static mend_status
fill(struct advice *advice, const mend_block_spec *spec, mend_error *err)
{
    id block = (id)(void *)spec->block;
    mend_status st;

    advice->position = spec->hook.position;
    advice->make_info = spec->make_info;
    advice->end_info = spec->end_info;
    advice->data = spec->hook.data;
    advice->release = spec->hook.release;
    if ((st = mn_block_type(block, spec->encoding, &advice->type, err)) != MEND_OK)
        return st;
    if ((st = find_info(advice, err)) != MEND_OK || (st = find_terms(advice, spec, err)) != MEND_OK)
        return st;
    return (advice->block = mn_block_copy(block)) ? MEND_OK : mn_fail_memory(err);
}

mend_status
mn_block_advice_new(const mend_block_spec *spec, mend_hook_spec *hook, mend_error *err)
{
    struct advice *advice;
    mend_status st;

    *hook = (mend_hook_spec){0};
    if ((st = check_spec(spec, err)) != MEND_OK)
        return st;
    if (!(advice = mn_calloc(1, sizeof *advice)))
        return mn_fail_memory(err);
    if ((st = fill(advice, spec, err)) != MEND_OK) {
        mn_free(advice);
        return st;
    }
    *hook = spec->hook;
    hook->advice = run;
    hook->data = advice;
    hook->release = release_advice;
    return MEND_OK;
}

mend_status
mn_block_advice_fit(const mend_hook_spec *hook, Class cls, const struct mn_method *method, mend_error *err)
{
    const struct mn_signature *signature;
    const struct planned *planned;
    mend_error why;
    mend_status st = mn_signature_get(method->types, &signature, &why);

    if (st != MEND_NO_MEMORY) /* an encoding that cannot be read is for the plan to judge */
        st = make_plan(hook->data, signature, false, &planned, &why);
    if (st == MEND_OK)
        return MEND_OK;
    mn_fail_method(err, st, mn_class_name(cls), mn_selector_name(method->sel), "%s", why.message);
    mn_remedy(err, "%s", why.remedy);
    return st;
}

/* ---- The public calls ---- */

/* What the method is, or would be if the hook adds it; false: that is found out later. */
static bool
find_method(const mend_target *target, Class cls, SEL sel, struct mn_method *method)
{
    if (mn_method_find(cls, sel, method))
        return true;
    *method = (struct mn_method){.sel = sel, .types = target->encoding};
    return target->encoding != NULL;
}

/* The hook for a target: made, and compared with the method as it is now. */
static mend_status
prepare(const mend_target *target, const mend_block_spec *spec, mend_hook_spec *hook, mend_error *err)
{
    struct mn_method method;
    mend_status st;
    Class cls;
    SEL sel;

    if ((st = mn_block_advice_new(spec, hook, err)) != MEND_OK)
        return st;
    st = mn_target_resolve(target, hook, &cls, &sel, err);
    if (st == MEND_OK && find_method(target, cls, sel, &method))
        st = mn_block_advice_fit(hook, cls, &method, err);
    if (st != MEND_OK)
        mn_block_advice_drop(hook);
    return st;
}

mend_status
mend_hook_add_block(const mend_target *target, const mend_block_spec *spec, mend_token **token,
                    mend_error *err)
{
    mend_hook_spec hook;
    mend_status st;

    if (token)
        *token = NULL;
    if ((st = prepare(target, spec, &hook, err)) != MEND_OK)
        return st;
    if ((st = mend_hook_add(target, &hook, token, err)) != MEND_OK)
        mn_block_advice_drop(&hook);
    return st;
}

mend_status
mend_group_add_block(mend_group *group, const mend_target *target, const mend_block_spec *spec,
                     mend_error *err)
{
    mend_hook_spec hook;
    mend_status st;

    if ((st = prepare(target, spec, &hook, err)) != MEND_OK)
        return st;
    if ((st = mend_group_add(group, target, &hook, err)) != MEND_OK)
        mn_block_advice_drop(&hook);
    return st;
}
