/* SPDX-License-Identifier: MIT */
/*
 * Newcomers: methods that a category, loaded later, puts in front of hooked ones.
 *
 * The runtime then sends the category's method and our hook is hidden. After each load the hooks move to a new site
 * above the newcomer, which so becomes the original; their words, data and order stay. What was hooked before keeps its
 * old site without hooks, for whoever knows its address.
 */
#ifndef MN_HOOK_NEWCOMER_H
#define MN_HOOK_NEWCOMER_H

#include "runtime/runtime.h"

/* From now on loads are noticed. Under the runtime's mutex; after the first success it does nothing.
 * MEND_NO_MEMORY. */
mend_status mn_newcomer_watch(mend_error *err);

/* Moves the hooks of cls, a class or metaclass, that newcomers hide. Where the newcomer's signature is another, or
 * memory has run out, they stay hidden (a later load tries again). Under the runtime's mutex. */
void mn_newcomer_settle(Class cls);
#endif
