/* SPDX-License-Identifier: MIT */
/* The requests that wait for their turn, and the thread that does them. */
#ifndef MN_AGENT_WORKER_H
#define MN_AGENT_WORKER_H

#include "agent/server.h"

/*
 * Queues a call of `sender` and takes it over, and the descriptor sent along. False when memory has run out:
 * nothing was taken. With server->lock held.
 */
bool mn_worker_give(struct mn_server *server, struct mn_connection *sender, struct mn_call *call);

/* The sender has left: what waits is dropped, what is being done loses its addressee. With server->lock held.
 */
void mn_worker_forget(struct mn_server *server, const struct mn_connection *sender);

/* Drops what waits, and in a forked child also what the parent's worker had in hand, if the child is not that
 * worker's own. */
void mn_worker_drop(struct mn_server *server);

/* This thread is a worker, and so has server->busy where it runs code of the program. */
bool mn_worker_is_me(void);

/* Starts the thread. False when there is no room for one. */
bool mn_worker_start(struct mn_server *server, pthread_t *worker);

#endif
