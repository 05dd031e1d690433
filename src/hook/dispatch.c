/* SPDX-License-Identifier: MIT */
/*
 * What happens in a call of a hooked method, between the trampoline and the method.
 *
 * The answer to the trampoline is the code to go on with, when nothing has to happen after it: that jump leaves the
 * caller's stack arguments where they are, whatever they are. Only a call with insteads or after advice in force is
 * made from here, from a copy of the stack arguments that the signature names.
 *
 * Which hooks are in force is decided once a call, at entry, while the chain is known to be the published one: a unit
 * that switches between two versions, or between on and off, is seen on one side by the whole call.
 */
#include "hook/call.h"
#include "hook/site.h"

#include <string.h>

#define MN_SCOPED(leave) __attribute__((cleanup(leave)))
#define LIKELY(x)        __builtin_expect(!!(x), 1)
#define UNLIKELY(x)      __builtin_expect(!!(x), 0)

static void
leave(const uintptr_t *frame)
{
    mn_hold_leave(*frame);
}

/* ---- Results ---- */

static void
clear_result(struct mn_frame *frame, const struct mn_signature *signature)
{
    static const _Alignas(16) unsigned char zeros[64];
    const struct mn_place *place = &signature->result_place;

    if (place->where == MN_IN_MEMORY) {
        memset(mn_frame_result_memory(frame), 0, place->size);
        mn_cpu_result_in_memory(frame);
    } else if (place->where == MN_IN_REGISTERS) {
        mn_frame_set(frame, place, zeros);
    }
}

void
mn_call_ready_result(mend_call *call)
{
    if (!call->has_result)
        clear_result(call->frame, call->signature);
    call->has_result = true;
}

/* ---- The rest of a chain ---- */

static bool
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

            call.next = next + 1;
            call.position = MEND_INSTEAD;
            call.has_result = true;
            clear_result(call.frame, call.signature);
            link->advice(&call, link->data);
            return;
        }
    }
    mn_call_frame(mn_site_below(outer->site, outer->frame), outer->frame, outer->signature->shape);
}

void
mn_call_proceed(mend_call *call)
{
    run_from(call, call->next);
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
    uint32_t end = (uint32_t)chain->befores + chain->insteads + chain->afters;

    for (; from < end; from++)
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

__attribute__((noinline)) static enum answer
run_several(struct mn_site *site, struct mn_frame *frame, const struct mn_chain *chain)
{
    uint32_t seen[chain->word_count];
    uint32_t middle = chain->befores, last = middle + chain->insteads;
    mend_call call = {.frame = frame,
                      .chain = chain,
                      .signature = site->signature,
                      .site = site,
                      .seen = seen,
                      .next = middle,
                      .position = MEND_BEFORE};

    for (uint32_t i = 0; i < chain->word_count; i++)
        seen[i] = atomic_load_explicit(chain->words[i], memory_order_acquire);
    if (replaced(site, chain))
        return AGAIN;
    run_all(&call, 0, middle);
    if (!call.skip && !any_in_force(chain, middle, seen))
        return GO_ON;
    if (!call.skip)
        run_from(&call, middle);
    call.position = MEND_AFTER;
    call.has_result = true;
    run_all(&call, last, last + chain->afters);
    return DONE;
}

/* ---- Chains of one hook ---- */

static enum answer
run_one(struct mn_site *site, struct mn_frame *frame, const struct mn_chain *chain)
{
    const struct mn_link *link = &chain->links[0];
    bool instead = chain->kind == MN_CHAIN_INSTEAD;
    mend_call call;

    if (UNLIKELY(!mn_word_says(chain->words[0], link->version)))
        return replaced(site, chain) ? AGAIN : GO_ON;
    call.frame = frame;
    call.chain = chain;
    call.signature = site->signature;
    call.site = site;
    call.seen = NULL;
    call.next = 1;
    call.position = instead ? MEND_INSTEAD : MEND_BEFORE;
    call.skip = false;
    call.has_result = instead;
    if (instead)
        clear_result(frame, site->signature);
    link->advice(&call, link->data);
    return instead || call.skip ? DONE : GO_ON;
}

/* ---- One call ---- */

static mn_code
below(const struct mn_site *site, const struct mn_frame *frame)
{
    return LIKELY(site->original != NULL) ? (mn_code)site->original : mn_site_below(site, frame);
}

mn_code
mn_site_dispatch(struct mn_frame *frame, void *context)
{
    struct mn_site *site = context;
    const struct mn_chain *chain = mn_hold_chain(&site->chain, (uintptr_t)frame);

    if (UNLIKELY(!chain)) /* a send of Mend's own */
        return below(site, frame);

    MN_SCOPED(leave) uintptr_t held = (uintptr_t)frame;
    for (;;) {
        enum answer answer = GO_ON;

        if (LIKELY(chain->kind == MN_CHAIN_BEFORE || chain->kind == MN_CHAIN_INSTEAD))
            answer = run_one(site, frame, chain);
        else if (chain->kind != MN_CHAIN_IDLE)
            answer = run_several(site, frame, chain);
        if (LIKELY(answer != AGAIN))
            return answer == GO_ON ? below(site, frame) : NULL;
        mn_hold_leave(held);
        chain = mn_hold_chain(&site->chain, held);
    }
}
