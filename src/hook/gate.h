/* SPDX-License-Identifier: MIT */
/*
 * Gates: what decides, beside its live word, whether a hook runs in a call; and the counting of its runs.
 *
 * Hooks with a gate are never on the short ways of dispatch.c: a chain without one pays nothing for them.
 */
#ifndef MN_HOOK_GATE_H
#define MN_HOOK_GATE_H

#include "hook/call.h"

/* A number of the calling thread, never used again, not 0. */
uint64_t mn_gate_thread(void);

/* Whether a gated hook in force takes part in this call as far as can be told before it runs: the right
 * thread, not too deep, not spent. */
bool mn_gate_is_open(const struct mn_link *link, const mend_call *call);

/* Runs the advice of a gated link, if its gate is still open: counted, timed, once. False: it has not run. */
bool mn_gate_run(const struct mn_link *link, mend_call *call);
#endif
