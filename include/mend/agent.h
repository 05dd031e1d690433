/* SPDX-License-Identifier: MIT */
/*
 * The agent: a thread of this process that obeys `mend apply`, `revert`, `status` and `check` of its user.
 *
 * `mend run` starts it in a program nobody rebuilt. A program that links Mend itself starts it with one call.
 */
#ifndef MEND_AGENT_H
#define MEND_AGENT_H

#include <mend/error.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Starts the agent, once: later calls change nothing. The socket is opened by its own thread and appears soon
 * after. A forked child gets an agent of its own. MEND_NO_PERMISSION in a set-user-id or otherwise privileged
 * program; MEND_NO_MEMORY when there is no room for a thread. Any thread.
 */
MEND_API mend_status mend_agent_start(mend_error *err);

/*
 * Removes the socket and ends the agent when the request it is answering is done. Patches stay. Any thread,
 * but it must have returned before the agent is started again.
 */
MEND_API void mend_agent_stop(void);

#ifdef __cplusplus
}
#endif
#endif
