/* SPDX-License-Identifier: MIT */
/*
 * What happens in a call of a hooked method, between the trampoline and the method.
 *
 * The answer to the trampoline is the code to go on with, when nothing has to happen after it: that jump
 * leaves the caller's stack arguments where they are, whatever they are. Only a call with insteads or after
 * advice in force is made from here, from a copy of the stack arguments that the signature names.
 *
 * Which hooks are in force is decided once a call, at entry, while the chain is known to be the published
 * one: a unit that switches between two versions, or between on and off, is seen on one side by the whole
 * call.
 */
#include "hook/call.h"
#include "hook/edit.h"
#include "hook/gate.h"
#include "hook/site.h"
#include "runtime/exception.h"

#include <string.h>

#define LIKELY(x)   __builtin_expect(!!(x), 1)
#define UNLIKELY(x) __builtin_expect(!!(x), 0)

static void
leave(const uintptr_t *frame)
{
    mn_hold_leave(*frame);
}

/* ---- Results ---- */

static inline void
clear_result(struct mn_frame *frame, const struct mn_site *site)
{
    if (LIKELY(site->result_at != 0))
        *(uint64_t *)((char *)frame + site->result_at) = 0;
    else
        mn_frame_clear(frame, &site->signature->result_place);
}

void
mn_site_clear_result(struct mn_frame *frame, const struct mn_site *site)
{
    clear_result(frame, site);
}

void
mn_call_ready_result(mend_call *call)
{
    if (!call->state.has_result)
        clear_result(call->frame, call->site);
    call->state.has_result = true;
}

/* ---- What lies below ---- */

/* NULL: nothing, and the result is zero. */
static inline mn_code
below(const struct mn_site *site, struct mn_frame *frame)
{
    return LIKELY(site->original != NULL) ? (mn_code)site->original : mn_site_below(site, frame);
}

static inline bool
in_force(const struct mn_link *link, const struct mn_run *run)
{
    return !run || run->seen[link->word] == link->version;
}

/* False: a gate is closed, the advice has not run. */
static inline bool
run_link(const struct mn_link *link, mend_call *call)
{
    if (UNLIKELY(link->gated))
        return mn_gate_run(link, call);
    link->advice(call, link->data);
    return true;
}

static void
run_from(const struct mend_call *outer, uint32_t next)
{
    const struct mn_chain *chain = outer->chain;
    uint32_t end = (uint32_t)chain->befores + chain->insteads;
    mn_code code;

    for (; next < end; next++) {
        const struct mn_link *link = &chain->links[next];

        if (in_force(link, outer->run)) {
            mend_call call = *outer;

            call.state = (struct mn_call_state){.next = next + 1, .position = MEND_INSTEAD, .settled = true, .has_result = true};
            clear_result(call.frame, call.site);
            if (run_link(link, &call))
                return;
        }
    }
    if ((code = below(outer->site, outer->frame)))
        mn_call_again(code, outer->frame, mn_call_signature(outer));
}

void
mn_call_proceed(mend_call *call)
{
    if (LIKELY(call->state.direct))
        mn_call_again((mn_code)call->site->original, call->frame, mn_call_signature(call));
    else
        run_from(call, call->state.next);
}

void
mn_run_original(mend_call *call, const struct mn_site *site, SEL sel)
{
    const struct mn_signature *signature = mn_call_signature(call);
    IMP original = mn_site_original(site);
    SEL selector[2] = {sel, NULL}; /* gcc takes the copy of a piece for one of 16 bytes */

    if (original == NULL)
        return;
    mn_frame_set(call->frame, &signature->arguments[1].place, selector);
    mn_call_again((mn_code)original, call->frame, signature);
}

IMP
mn_call_original(const mend_call *call)
{
    return mn_site_original(call->site);
}

/* ---- Calls that take the long way ---- */

static bool
is_wanted(const struct mn_link *link, const mend_call *call)
{
    return in_force(link, call->run) && (!link->gated || mn_gate_is_open(link, call));
}

static bool
any_wanted(const mend_call *call, uint32_t from, uint32_t to)
{
    for (; from < to; from++)
        if (is_wanted(&call->chain->links[from], call))
            return true;
    return false;
}

static void
run_all(mend_call *call, uint32_t from, uint32_t to)
{
    for (; from < to; from++) {
        const struct mn_link *link = &call->chain->links[from];

        call->state.next = from + 1;
        if (in_force(link, call->run))
            run_link(link, call);
    }
}

/* The words may be newer than the chain they were reached by. */
static bool
replaced(const struct mn_site *site, const struct mn_chain *held)
{
    return atomic_load_explicit(&site->chain, memory_order_acquire) != held;
}

/* The receiver is about to be freed, and its address used again. */
static void
end_object(const struct mn_chain *chain)
{
    for (uint32_t i = 0; i < mn_chain_links(chain); i++)
        if (mn_hook_object(chain->links[i].hook))
            mn_edit_spend(chain->links[i].hook);
}

/* For -dealloc: an object whose advice throws, or ends the thread, is deallocated all the same. */
static void
run_middle_of(mend_call **unfinished)
{
    const mend_call *call = *unfinished;

    if (!call)
        return;
    if (call->chain->flags & MN_CHAIN_ENDS)
        end_object(call->chain);
    run_from(call, call->chain->befores);
}

static void
run_befores(mend_call *call)
{
    MN_SCOPED(run_middle_of) mend_call *unfinished = call->chain->flags & MN_CHAIN_LAST ? call : NULL;

    run_all(call, 0, call->chain->befores);
    unfinished = NULL;
}

static void
run_middle(void *call)
{
    run_from(call, ((const mend_call *)call)->chain->befores);
}

/* The insteads and the method under a catch. Returns if they did, or if advice has ended the exception. */
static void
run_middle_caught(mend_call *call)
{
    const struct mn_chain *chain = call->chain;
    uint32_t end = mn_chain_links(chain);

    if (mn_try(run_middle, call, &call->run->exception))
        return;
    call->state = (struct mn_call_state){.position = MEND_THROWING, .settled = true};
    for (uint32_t i = end - chain->throwings; i < end && !call->run->swallowed; i++)
        run_all(call, i, i + 1);
    if (!call->run->swallowed)
        mn_throw(call->run->exception);
    mn_call_ready_result(call);
}

enum answer { GO_ON, DONE, AGAIN };

static enum answer
run_long(const struct mn_site *site, struct mn_frame *frame, const struct mn_chain *chain,
         const struct mn_chain *held)
{
    size_t scratch_words =
        chain->flags & MN_CHAIN_SCRATCH ? chain->word_count * (size_t)MEND_SCRATCH_WORDS : 1;
    uint32_t middle = chain->befores, last = middle + chain->insteads, end = last + chain->afters;
    uint32_t seen[chain->word_count + 1];
    uintptr_t scratch[scratch_words];
    struct mn_run run = {.seen = seen, .scratch = scratch};
    mend_call call = {.frame = frame,
                      .site = site,
                      .chain = chain,
                      .run = &run,
                      .state = {.position = MEND_BEFORE}};

    for (uint32_t i = 0; i < chain->word_count; i++)
        seen[i] = atomic_load_explicit(mn_chain_words(chain)[i], memory_order_acquire);
    if (replaced(site, held))
        return AGAIN;
    if (chain->flags & MN_CHAIN_SCRATCH)
        memset(scratch, 0, sizeof scratch);
    run_befores(&call);
    if (chain->flags & MN_CHAIN_ENDS)
        end_object(chain);
    if (!call.state.settled && !(chain->flags & MN_CHAIN_KEEPS) &&
        !any_wanted(&call, middle, mn_chain_links(chain)))
        return GO_ON;
    if (!call.state.settled) {
        if (chain->throwings && any_wanted(&call, end, mn_chain_links(chain)))
            run_middle_caught(&call);
        else
            run_from(&call, middle);
    }
    call.state = (struct mn_call_state){.position = MEND_AFTER, .settled = true, .has_result = true};
    run_all(&call, last, end);
    return DONE;
}

/* All hooks of the call are one, and it is in force. */
static enum answer
run_one(const struct mn_site *site, struct mn_frame *frame, const struct mn_chain *chain)
{
    mend_call call = {
        .frame = frame, .site = site, .chain = chain, .state = chain->state};

    if (call.state.settled)
        clear_result(frame, site);
    chain->links[0].advice(&call, chain->links[0].data);
    return call.state.settled ? DONE : GO_ON;
}

static bool
all_in_force(const struct mn_chain *chain)
{
    for (uint32_t i = 0, n = mn_chain_links(chain); i < n; i++)
        if (!mn_word_says(mn_chain_words(chain)[chain->links[i].word], chain->links[i].version))
            return false;
    return true;
}

/* Every hook is in force and none is gated: units that agree with the array in all their links are whole in it. */
static enum answer
run_short(const struct mn_site *site, struct mn_frame *frame, const struct mn_chain *chain)
{
    uint32_t middle = chain->befores, last = middle + chain->insteads;
    mend_call call = {.frame = frame,
                      .site = site,
                      .chain = chain,
                      .state = {.position = MEND_BEFORE}};

    run_all(&call, 0, middle);
    if (!call.state.settled && middle == mn_chain_links(chain))
        return GO_ON;
    if (!call.state.settled)
        run_from(&call, middle);
    call.state = (struct mn_call_state){.position = MEND_AFTER, .settled = true, .has_result = true};
    run_all(&call, last, last + chain->afters);
    return DONE;
}

static enum answer
run(const struct mn_site *site, struct mn_frame *frame, const struct mn_chain *held)
{
    const struct mn_chain *chain = held;

    if (held->objects) {
        chain = mn_chain_for(held, mn_site_receiver(site, frame));
        if (mn_word_says(chain->word, chain->version))
            return run_one(site, frame, chain);
    }
    if (LIKELY(!(chain->flags & ~MN_CHAIN_SHORT) && !chain->throwings && all_in_force(chain)))
        return run_short(site, frame, chain);
    return run_long(site, frame, chain, held);
}

mn_code
mn_site_dispatch_held(struct mn_frame *frame, void *context, const struct mn_chain *chain)
{
    MN_SCOPED(leave) uintptr_t held = (uintptr_t)frame;
    struct mn_site *site = context;
    enum answer answer;

    while ((answer = run(site, frame, chain)) == AGAIN) {
        mn_hold_leave(held);
        chain = mn_hold_chain(&site->chain, held);
    }
    return answer == GO_ON ? below(site, frame) : NULL;
}

/* ---- One call ---- */

static void
leave_call(const mend_call *call)
{
    mn_hold_leave((uintptr_t)call->frame);
}

/*
 * The trampoline's handler. Chains of one hook are run here; the rest, and whatever is unusual, by
 * mn_site_dispatch_held. What is needed after the advice is read from `call` again, so that nothing has to be
 * kept in registers over it. x86_64/entry.S does the same for calls of integers.
 */
mn_code
mn_site_dispatch(struct mn_frame *frame, void *context)
{
    struct mn_site *site = context;
    const struct mn_chain *chain = mn_hold_chain(&site->chain, (uintptr_t)frame);

    if (UNLIKELY(!chain)) /* a send of Mend's own */
        return below(site, frame);
    if (UNLIKELY(!mn_word_says(chain->word, chain->version)))
        return mn_site_dispatch_held(frame, site, chain);

    MN_SCOPED(leave_call) mend_call call;
    call.frame = frame;
    call.site = site;
    call.chain = chain;
    call.run = NULL;
    call.state = chain->state;
    if (call.state.settled)
        clear_result(frame, site);
    chain->links[0].advice(&call, chain->links[0].data);
    return call.state.settled ? NULL : below(call.site, call.frame);
}
