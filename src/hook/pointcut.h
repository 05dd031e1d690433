/* SPDX-License-Identifier: MIT */
/* Pointcuts, as the rest of the engine sees them: who must be told of arrivals, and what reverts left to do.
 */
#ifndef MN_HOOK_POINTCUT_H
#define MN_HOOK_POINTCUT_H

#include "runtime/runtime.h"

#include <mend/pointcut.h>

/* Hooks what the armed pointcuts want of a class (not a metaclass; both sides are looked at). Under the
 * runtime's mutex, perhaps inside a load. */
void mn_pointcut_arrived(Class cls);

/* Clears up after pointcuts that were reverted while the mutex was not to be had. Under the runtime's mutex.
 */
void mn_pointcut_settle(void);

/* There are such. No lock. */
bool mn_pointcut_unsettled(void);
#endif
