/* SPDX-License-Identifier: MIT */
/*
 * Calling any IMP, C function or block.
 *
 * Exceptions, pthread_cancel, longjmp and backtraces pass through these calls; nothing is held during one. An
 * invocation function of a block takes the block as its first argument.
 */
#ifndef MN_ABI_CALL_H
#define MN_ABI_CALL_H

#include "abi/frame.h"
#include "abi/signature.h"

/* Any code: cast it to and from IMP and other function types. */
typedef void (*mn_code)(void);

/*
 * Loads the argument registers from the frame, copies its stack arguments, calls, and stores the result
 * registers in the frame.
 *
 * `shape` is the signature's: it says how many bytes lie at frame->stack (rounded up to 16: that many must be
 * readable) and which registers to load and store. frame->vector_count goes to al. The argument part of the
 * frame is not changed. Gives MEND_OK, so that a function of a status can end with it.
 */
mend_status mn_call_frame(mn_code code, struct mn_frame *frame, uint32_t shape);

void mn_frame_open_copies(struct mn_frame *frame, const struct mn_signature *signature);
mend_status mn_call_again_with_copies(mn_code code, struct mn_frame *frame, const struct mn_signature *signature);

/*
 * Begins a frame of one's own: `room`, mn_signature_room(signature) bytes on a multiple of 16, holds its
 * stack arguments and the values that travel by reference. Set the address of a result in memory, then the
 * arguments.
 */
static inline void
mn_frame_open(struct mn_frame *frame, const struct mn_signature *signature, void *room)
{
    frame->stack = room;
    frame->vector_count = signature->vectors;
    mn_cpu_set_signature(frame, signature);
    if (MN_CPU_COPIES && signature->copies != 0)
        mn_frame_open_copies(frame, signature);
}

/* mn_call_frame for a frame that is needed afterwards: values that travel by reference are the callee's to
 * change, so it gets copies. */
static inline mend_status
mn_call_again(mn_code code, struct mn_frame *frame, const struct mn_signature *signature)
{
    if (MN_CPU_COPIES && signature->copies != 0)
        return mn_call_again_with_copies(code, frame, signature);
    return mn_call_frame(code, frame, signature->shape);
}

/*
 * Calls with arguments at the given addresses (signature->count of them), and copies the result to `result`,
 * which may be NULL and otherwise has room for the result's type. Serves variadic C functions too, given a
 * signature that names the promoted arguments of this call.
 */
void mn_call(const struct mn_signature *signature, mn_code code, const void *const *arguments, void *result);
#endif
