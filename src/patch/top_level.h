/* SPDX-License-Identifier: MIT */
/* On which thread a patch's top-level code runs, and what its caller holds meanwhile. */
#ifndef MN_PATCH_TOP_LEVEL_H
#define MN_PATCH_TOP_LEVEL_H

#include <mend/error.h>

struct mn_body;

/*
 * Runs it: here, or with main_ms on the main thread, which has to begin it within so many milliseconds (MEND_TIMEOUT:
 * it has not run and will not). On the main thread itself it runs at once. Any status of the code's own.
 */
mend_status mn_top_level_run(struct mn_body *body, unsigned main_ms, mend_error *err);

/* The code may take long, fork, or wait for a thread that forks. Whoever applies patches under a lock of its own gives
 * it back for that time: both are called on the thread that applies. Set once. */
void mn_top_level_outside(void (*leave)(void), void (*enter)(void));

#endif
