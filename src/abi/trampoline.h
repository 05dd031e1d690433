/* SPDX-License-Identifier: MIT */
/*
 * Trampolines: code addresses bound to a handler and a context.
 *
 * A call of the code builds a frame and calls handler(frame, context). If that returns code, the argument
 * registers are loaded from the frame again and the code is jumped to, with the caller's stack arguments
 * untouched: as if it had been called in the first place, which serves variadic methods too. If it returns
 * NULL, the result in the frame is returned.
 *
 * The code is a 16-byte stub that reads its slot: 4096 stubs in Mend's own text with slots in .bss, then
 * pages mapped read-execute from a sealed memory file, with slots in private memory. No page is ever writable
 * and executable or changes from one to the other; a forked child has its own slots.
 *
 * new, free, direct and resume are lock-free: any thread, also between fork and exec. Handler and context
 * never change while a trampoline lives; where its stub jumps to does, by one atomic store.
 *
 * Unwinding: every instruction of entries and static stubs is described. The stubs of later pages are not:
 * only an asynchronous unwinder that stops inside their three instructions can notice, and registering them
 * would make every exception in the host search our tables under libgcc's lock.
 */
#ifndef MN_ABI_TRAMPOLINE_H
#define MN_ABI_TRAMPOLINE_H

#include "abi/call.h"

struct mn_trampoline;

/* Exceptions may leave a handler. Results: see above. */
typedef mn_code mn_handler(struct mn_frame *frame, void *context);

/*
 * A trampoline for calls of this signature; signature NULL: all registers are kept, and the handler must
 * always return code. Fails with MEND_NO_CODE_PAGES or MEND_NO_MEMORY; *out is NULL then.
 */
mend_status mn_trampoline_new(const struct mn_signature *signature, mn_handler *handler, void *context,
                              struct mn_trampoline **out, mend_error *err);

/* Gives the stub back for reuse. The caller knows that no thread is in it or can reach it. NULL is accepted.
 */
void mn_trampoline_free(struct mn_trampoline *trampoline);

/* The address to call. */
mn_code mn_trampoline_code(const struct mn_trampoline *trampoline);
void *mn_trampoline_context(const struct mn_trampoline *trampoline);

/*
 * An entry of the caller's own in place of the general one (NULL: none), before the code is first called. It is
 * entered with the slot in the register that the CPU's entry.S names, and keeps that file's promises.
 */
void mn_trampoline_enter_by(struct mn_trampoline *trampoline, mn_code entry);

/* From now on the stub jumps straight to `code`, past entry and handler: 1 to 2 ns. One atomic store. */
void mn_trampoline_direct(struct mn_trampoline *trampoline, mn_code code);

/* Ends mn_trampoline_direct: calls reach the handler again. */
void mn_trampoline_resume(struct mn_trampoline *trampoline);

/* The live or freed trampoline whose stub is at `code`; NULL if that is no stub of ours. */
struct mn_trampoline *mn_trampoline_at(mn_code code);
#endif
