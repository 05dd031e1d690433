/* SPDX-License-Identifier: MIT */
/*
 * Where a thread is in a program: what an error, a clean-up or a stack of patch frames needs to know.
 *
 * One activation is one call of the interpreter. Calls between functions of the program stay inside it while
 * its run of native stack (up to `limit`) has room: the callee's slots lie behind the caller's, with three
 * words before them that say where to return: function, slots, pc. `pc` is stored before anything that may
 * throw or look.
 */
#ifndef MN_VM_ACTIVATION_H
#define MN_VM_ACTIVATION_H

#include "vm/program.h"

#include <mend/hook.h>

enum { MN_FRAME_HEADER = 3 };

struct mn_activation {
    const struct mn_function *function; /* running; NULL once it has left */
    uint64_t *slots, *base, *limit;     /* of that function; of the outermost one; end of the room */
    const struct mn_insn *pc;           /* the instruction running */
    mend_call *call;                    /* the hooked call this is the body of, or NULL */
    uint64_t mark; /* its own address and a pattern: by it an error finds the activations around it */
};

#define MN_ACTIVATION_MARK UINT64_C(0x9e3779b97f4a7c15)

/* Says that an activation on this thread's stack is running; taken back by a mark of 0. */
static inline void
mn_activation_enter(struct mn_activation *activation)
{
    activation->mark = (uint64_t)&activation->mark ^ MN_ACTIVATION_MARK;
}

/* The next one outwards on this thread, or NULL. Looks at nothing but the stack; for errors, not for speed. */
const struct mn_activation *mn_activation_outer(const struct mn_activation *inner);

/* Throws the patch error, with place and stack taken from the activation. */
void mn_vm_raise(const struct mn_activation *activation, enum mn_vm_error error, const char *format, ...)
    __attribute__((noreturn, format(printf, 3, 4)));

/* The same for a failed status of ours: the message, and the remedy in brackets. */
void mn_vm_raise_status(const struct mn_activation *activation, enum mn_vm_error error, const mend_error *err)
    __attribute__((noreturn));

/* The lowest address of this thread's stack plus 256 KiB for what the patch calls; the highest address before
 * it is known. */
extern _Thread_local char *mn_stack_floor;
bool mn_stack_has_really(char *lowest);

/* Whether `bytes` more of this thread's stack leave that much. */
static inline bool
mn_stack_has(size_t bytes)
{
    char *lowest = (char *)__builtin_frame_address(0) - bytes;

    return __builtin_expect(lowest >= mn_stack_floor, 1) || mn_stack_has_really(lowest);
}
#endif
