/* SPDX-License-Identifier: MIT */
/*
 * Depth is not counted anywhere: the holds of the thread say what it is inside of, and keep saying it after
 * exceptions and longjmp. So a limit of depth costs a walk over the thread's holds, and only where there is
 * one.
 *
 * A hook that runs once is claimed by one compare-and-swap at the moment it would run, and taken away then
 * and there; the array the call holds keeps its data.
 */
#include "hook/gate.h"

#include "base/clock.h"
#include "hook/edit.h"
#include "hook/hold.h"
#include "hook/site.h"
#include "runtime/exception.h"

uint64_t
mn_gate_thread(void)
{
    static _Atomic(uint64_t) last;
    static _Thread_local uint64_t mine;

    if (mine == 0)
        mine = atomic_fetch_add_explicit(&last, 1, memory_order_relaxed) + 1;
    return mine;
}

struct search {
    const struct mn_hook *hook;
    uintptr_t frame; /* of the call that asks */
};

static bool
takes_part(const struct mn_chain *chain, uintptr_t frame, void *data)
{
    const struct search *s = data;

    if (frame == s->frame)
        return false;
    if (chain->objects && frame > s->frame &&
        frame < mn_holder_mine->stack_high) /* elsewhere it may be gone */
        chain = mn_chain_for(chain, mn_site_receiver(chain->site, (const struct mn_frame *)frame));
    for (uint32_t i = 0; i < mn_chain_links(chain); i++)
        if (chain->links[i].hook == s->hook)
            return true;
    return false;
}

static bool
is_too_deep(const struct mn_link *link, const mend_call *call)
{
    struct search s = {link->hook, (uintptr_t)call->frame};

    return mn_hold_count(takes_part, &s) >= link->hook->more->max_depth;
}

/* The records of one object's hook count as one. */
static atomic_bool *
spent_of(struct mn_hook *hook)
{
    while (hook->more->outer)
        hook = hook->more->outer;
    return &hook->more->spent;
}

/* The call came by a class below, which has the hook too. */
static bool
runs_outside(const struct mn_hook_more *more)
{
    for (const struct mn_hook *outer = more->outer; outer; outer = outer->more->outer)
        if (mn_class_inherits(mn_object_class(more->object), outer->site->change.cls))
            return true;
    return false;
}

bool
mn_gate_is_open(const struct mn_link *link, const mend_call *call)
{
    const struct mn_hook_more *more = link->hook->more;

    if (more->thread && more->thread != mn_gate_thread())
        return false;
    if (more->own && !mn_word_says(&more->own->now, more->own_version) && !mn_hook_ends_with_call(link->hook))
        return false;
    if (atomic_load_explicit(spent_of(link->hook), memory_order_relaxed) || runs_outside(more))
        return false;
    return more->max_depth == 0 || !is_too_deep(link, call);
}

struct stopwatch {
    struct mn_hook_more *more;
    uint64_t start;
};

static void
stop(const struct stopwatch *watch)
{
    atomic_fetch_add_explicit(&watch->more->nanoseconds, mn_clock_ns() - watch->start, memory_order_relaxed);
}

static void
run_timed(const struct mn_link *link, mend_call *call, struct mn_hook_more *more)
{
    MN_SCOPED(stop) struct stopwatch watch = {.more = more};

    watch.start = mn_clock_ns();
    link->advice(call, link->data);
}

bool
mn_gate_run(const struct mn_link *link, mend_call *call)
{
    struct mn_hook *hook = link->hook;
    struct mn_hook_more *more = hook->more;
    bool first = false;

    if (!mn_gate_is_open(link, call))
        return false;
    if (hook->options & MEND_HOOK_ONCE) {
        if (!atomic_compare_exchange_strong(spent_of(hook), &first, true))
            return false;
        mn_edit_spend(hook);
    }
    if (hook->options & (MEND_HOOK_COUNTED | MEND_HOOK_TIMED))
        atomic_fetch_add_explicit(&more->calls, 1, memory_order_relaxed);
    if (hook->options & MEND_HOOK_TIMED)
        run_timed(link, call, more);
    else
        link->advice(call, link->data);
    return true;
}
