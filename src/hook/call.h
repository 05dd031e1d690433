/* SPDX-License-Identifier: MIT */
/*
 * One call of a hooked method, as advice of our own (the VM, block advice) sees it: the public accessors of
 * <mend/hook.h> without their checks.
 *
 * A mend_call lives on the stack of the thread that makes the call. Its frame is that of the intercepted
 * call: argument registers, stack arguments and result slots in place.
 */
#ifndef MN_HOOK_CALL_H
#define MN_HOOK_CALL_H

#include "hook/site.h"

#include <mend/hook.h>
#include <objc/objc.h>
#include <stdbool.h>
#include <stdint.h>

/* What calls that take the long way have beside the rest. */
struct mn_run {
    const uint32_t *seen; /* the live words' values at entry, by mn_link.word */
    uintptr_t *scratch;   /* MEND_SCRATCH_WORDS a live word; NULL: no hook wants any */
    id exception;         /* while throwing advice runs */
    bool swallowed;
};

struct mend_call {
    struct mn_frame *frame;
    const struct mn_site *site;
    struct mn_call_state state;
    struct mn_run *run;           /* NULL: every hook of the chain is in force and none is gated */
    const struct mn_chain *chain; /* the advice of this call, held until it has left */
};

/* NULL where the encoding could not be read. */
static inline const struct mn_signature *
mn_call_signature(const mend_call *call)
{
    return call->site->signature;
}

/* The link whose advice is running, where scratch words or gates depend on it. */
static inline const struct mn_link *
mn_call_link(const mend_call *call)
{
    return &call->chain->links[call->state.next - 1];
}

/* Sets a result of zero where none is set yet. Needs a signature. */
void mn_call_ready_result(mend_call *call);

/* The result is zero, whatever was set. Needs a signature. */
void mn_call_clear_result(mend_call *call);

/* Runs the rest of the chain below this instead with the frame as it is; results land in the frame. */
void mn_call_proceed(mend_call *call);

/* Calls another method as the binary had it, by that selector, with the frame of this call, whose types are the same. */
void mn_run_original(mend_call *call, const struct mn_site *site, SEL sel);

/* The method as the binary had it, for this call. NULL when a unit added the method. */
IMP mn_call_original(const mend_call *call);
#endif
