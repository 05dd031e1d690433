/* SPDX-License-Identifier: MIT */
/*
 * What `mend run` and `mend check --against` left for the program they start: patches to be applied, or
 * checked, when every class is registered and main has not run.
 */
#ifndef MN_AGENT_LAUNCH_H
#define MN_AGENT_LAUNCH_H

#include "agent/outcome.h"
#include "runtime/guard.h"

/*
 * Reads the record in the sealed memfd (agent/protocol.h) and does what it says. report_fd -1: applies each
 * patch, in order, and says on stderr what a person should know. Otherwise checks each and writes one reply a
 * packet to report_fd.
 *
 * -1: main may run. Otherwise it must not: the code to exit with.
 */
int mn_launch(const struct mn_backend *backend, int launch_fd, int report_fd);

/*
 * What the preloaded library calls in libmend, just before main: mn_launch (launch_fd -1: nothing was left),
 * then starts the agent. Not for programs: it is exported for the other half of Mend alone.
 */
MEND_API int mend_agent_enter(int launch_fd, int report_fd);

/*
 * Also for that library, before mend_agent_enter: gives `set` what is to be called in place of `behind`, and
 * takes it back where that turns out not to be asked. True: what the host does to its classes is guarded.
 */
MEND_API bool mend_agent_guard(const struct mn_guard_calls *behind,
                               void (*set)(const struct mn_guard_calls *));

#endif
