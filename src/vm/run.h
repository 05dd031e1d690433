/* SPDX-License-Identifier: MIT */
/*
 * Running a program's functions.
 *
 * A call takes a run of native stack for its slots and holds nothing else: no lock, no memory. Exceptions of
 * callees pass through after the frames' OWNED slots were released; errors of the patch itself are thrown as
 * NSException named as in mn_vm_error_name(), with "file:line:column: " before the reason and file, line,
 * column, class, selector in userInfo. longjmp across patch frames leaks the objects their OWNED slots held,
 * nothing else.
 *
 * The program must live until the last call has left. Any number of threads.
 */
#ifndef MN_VM_RUN_H
#define MN_VM_RUN_H

#include "base/error.h"
#include "vm/program.h"

#include <mend/hook.h>
#include <objc/objc.h>

struct mn_site; /* hook/'s */

/*
 * A patched method as instead advice: hook/ calls it with data = the `const struct mn_function *`. The
 * function's encoding must be compatible with the method's (mn_batch_item.types).
 */
void mn_vm_advice(mend_call *call, void *data);

/* Runs a function with its parameters' slots (function->params of them) and stores its result's slots
 * (result_slots; may be NULL). Exceptions pass. */
void mn_vm_call(const struct mn_function *function, const uint64_t *params, uint64_t *result);

/* Runs a function whose arguments came in a frame, as its own types say; the result goes there. */
struct mn_frame;
void mn_vm_enter(const struct mn_function *function, struct mn_frame *frame);

/*
 * Runs a function without parameters and catches what it throws: MEND_RAISED with the exception's name and
 * reason, and file, line and column where the patch itself raised. For top-level code.
 */
mend_status mn_vm_run(const struct mn_function *function, mend_error *err);

/* The exception that ended this thread's last mn_vm_run() with MEND_RAISED, once: for who throws it on. It is not
 * retained: ask before any pool drains. nil: none. */
id mn_vm_take_exception(void);

/*
 * Tells a program where the original of a method is that it patches: what ORG reaches when it names another
 * method than the one running. Before the first call; class_name and selector are copied. MEND_NO_MEMORY.
 */
mend_status mn_program_bind_original(struct mn_program *program, const char *class_name, bool class_method,
                                     const char *selector, const struct mn_site *site, mend_error *err);

/* The exception's name: "MendErrorDivideByZero". */
const char *mn_vm_error_name(enum mn_vm_error error);

/* Throws a patch error from a C function that a patch has called, with the place of that call. */
void mn_vm_raise_here(enum mn_vm_error error, const char *format, ...) __attribute__((noreturn, format(printf, 2, 3)));

#ifdef MN_FAULTS
/* How often this thread left the fast way: a call site learned a callee, an encoding was read, a late entry
 * was made. Test builds only. */
unsigned long mn_vm_slow_events(void);
#endif
#endif
