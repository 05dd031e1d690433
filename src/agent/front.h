/* SPDX-License-Identifier: MIT */
/*
 * Standing in front of the three functions of libobjc that write dispatch tables (runtime/guard.h).
 *
 * libobjc calls them through its own symbol table, so the preloaded library, whose names come first, is
 * asked. Until the core has given its functions, and where it gives none, the calls go on to libobjc's own.
 */
#ifndef MN_AGENT_FRONT_H
#define MN_AGENT_FRONT_H

#include "runtime/guard.h"

/* What libobjc itself has; NULL: it is not in the global scope, and nothing can be guarded. */
const struct mn_guard_calls *mn_front_behind(void);

/* From here on these are called; NULL: libobjc's own again. They stay. */
void mn_front_set(const struct mn_guard_calls *calls);

#endif
