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
#include "hook/site.h"

#define MN_SCOPED(leave) __attribute__((cleanup(leave)))
#define LIKELY(x)        __builtin_expect(!!(x), 1)
#define UNLIKELY(x)      __builtin_expect(!!(x), 0)

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
mn_call_ready_result(mend_call *call)
{
    if (!call->state.has_result)
        clear_result(call->frame, call->site);
    call->state.has_result = true;
}

/* ---- What lies below ---- */

static inline mn_code
below(const struct mn_site *site, const struct mn_frame *frame)
{
    return LIKELY(site->original != NULL) ? (mn_code)site->original : mn_site_below(site, frame);
}

static inline bool
in_force(const struct mn_link *link, const uint32_t *seen)
{
    return !seen || seen[link->word] == link->version;
}

static void
run_from(const struct mend_call *outer, uint32_t next)
{
    const struct mn_chain *chain = outer->chain;
    uint32_t end = (uint32_t)chain->befores + chain->insteads;

    for (; next < end; next++) {
        const struct mn_link *link = &chain->links[next];

        if (in_force(link, outer->seen)) {
            mend_call call = *outer;

            call.state = (struct mn_call_state){next + 1, MEND_INSTEAD, true, true};
            clear_result(call.frame, call.site);
            link->advice(&call, link->data);
            return;
        }
    }
    mn_call_again(below(outer->site, outer->frame), outer->frame, outer->signature);
}

void
mn_call_proceed(mend_call *call)
{
    run_from(call, call->state.next);
}

IMP
mn_call_original(const mend_call *call)
{
    return mn_site_original(call->site);
}

/* ---- Chains of several hooks ---- */

static bool
any_in_force(const struct mn_chain *chain, uint32_t from, const uint32_t *seen)
{
    for (; from < mn_chain_links(chain); from++)
        if (in_force(&chain->links[from], seen))
            return true;
    return false;
}

static void
run_all(mend_call *call, uint32_t from, uint32_t to)
{
    for (; from < to; from++) {
        const struct mn_link *link = &call->chain->links[from];

        if (in_force(link, call->seen))
            link->advice(call, link->data);
    }
}

/* The words may be newer than the chain they were reached by. */
static bool
replaced(const struct mn_site *site, const struct mn_chain *chain)
{
    return atomic_load_explicit(&site->chain, memory_order_acquire) != chain;
}

enum answer { GO_ON, DONE, AGAIN };

static enum answer
run_several(const struct mn_site *site, struct mn_frame *frame, const struct mn_chain *chain)
{
    uint32_t seen[chain->word_count + 1];
    uint32_t middle = chain->befores, last = middle + chain->insteads;
    mend_call call = {.frame = frame,
                      .site = site,
                      .signature = site->signature,
                      .chain = chain,
                      .seen = seen,
                      .state = {.next = middle, .position = MEND_BEFORE}};

    for (uint32_t i = 0; i < chain->word_count; i++)
        seen[i] = atomic_load_explicit(mn_chain_words(chain)[i], memory_order_acquire);
    if (replaced(site, chain))
        return AGAIN;
    run_all(&call, 0, middle);
    if (!call.state.settled && !any_in_force(chain, middle, seen))
        return GO_ON;
    if (!call.state.settled)
        run_from(&call, middle);
    call.state = (struct mn_call_state){last, MEND_AFTER, true, true};
    run_all(&call, last, mn_chain_links(chain));
    return DONE;
}

mn_code
mn_site_dispatch_held(struct mn_frame *frame, void *context, const struct mn_chain *chain)
{
    MN_SCOPED(leave) uintptr_t held = (uintptr_t)frame;
    struct mn_site *site = context;
    enum answer answer;

    while ((answer = run_several(site, frame, chain)) == AGAIN) {
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
    call.signature = site->signature;
    call.chain = chain;
    call.seen = NULL;
    call.state = chain->state;
    if (call.state.settled)
        clear_result(frame, site);
    chain->links[0].advice(&call, chain->links[0].data);
    return call.state.settled ? NULL : below(call.site, call.frame);
}
