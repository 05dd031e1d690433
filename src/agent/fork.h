/* SPDX-License-Identifier: MIT */
/*
 * fork(), so that a child finds Mend whole: nothing half installed, no lock taken by a thread it does not
 * have.
 *
 * Before a fork the thread that forks waits for the request being answered (server->busy), then takes the
 * runtime's mutex (Mend's only writer lock), then server->lock. The first wait has a limit: who forks while
 * holding the runtime's mutex (in a +load) may be what the request waits for; and a request that waits there
 * holds no other lock. Top-level code of a patch that forks does not wait for itself.
 */
#ifndef MN_AGENT_FORK_H
#define MN_AGENT_FORK_H

#include "agent/server.h"

/*
 * From now on fork() is prepared for `server`, which lives as long as the process. in_child is called in each
 * child, on its only thread, once the server is as mn_server_init leaves it. Call once.
 */
int mn_fork_prepare_for(struct mn_server *server, void (*in_child)(void));

#endif
