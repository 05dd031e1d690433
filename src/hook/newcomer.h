/* SPDX-License-Identifier: MIT */
/*
 * Newcomers: what is loaded or made after hooks were placed, and concerns them.
 *
 * A category loaded later stands in front of a hooked method: the runtime sends the category's, and our hook
 * is hidden. The hooks then move to a new site above the newcomer, which so becomes the original; their
 * words, data and order stay. What was hooked before keeps its old site without hooks, for whoever knows its
 * address. A new class, or a new method, may be one that a pointcut waits for.
 */
#ifndef MN_HOOK_NEWCOMER_H
#define MN_HOOK_NEWCOMER_H

#include "runtime/runtime.h"

/*
 * From now on loads are noticed; `first_use`: classes made at run time too, when they are first messaged.
 * Under the runtime's mutex; does nothing when it was done before. MEND_NO_MEMORY: as before.
 */
mend_status mn_newcomer_watch(bool first_use, mend_error *err);

/* Nobody waits for classes any more. Under the runtime's mutex. */
void mn_newcomer_forget_first_use(void);
#endif
