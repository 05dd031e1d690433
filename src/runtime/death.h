/* SPDX-License-Identifier: MIT */
/* Getting ready to see an object's death. Private to death.c, side.c, weak.c. */
#ifndef MN_RUNTIME_DEATH_H
#define MN_RUNTIME_DEATH_H

#include "runtime/runtime.h"

enum mn_death_use {
    MN_DEATH_END,   /* side values need the moment before the memory goes */
    MN_DEATH_START, /* watches also the moment before the first -dealloc */
    MN_DEATH_WEAK   /* weak references also the last release */
};

/* Refuses what cannot be tracked, and installs the overrides its class needs for that use. No lock of ours
 * may be held; takes the runtime's mutex when something is to be installed. */
mend_status mn_death_prepare(id object, enum mn_death_use use, mend_error *err);

#endif
