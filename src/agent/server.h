/* SPDX-License-Identifier: MIT */
/*
 * The agent's connections and the loop that serves them.
 *
 * One thread runs mn_server_run; it blocks in poll() and nowhere else, and calls no Foundation. The
 * connections are a fixed table: when it is full the one that has been silent longest is closed, so a flood
 * cannot lock out a user. A silent connection is closed after a while; one that does not take its replies is
 * closed at once.
 *
 * `lock` guards the descriptors (the listener and the table) and is held for moments; `busy` is held while a
 * request is answered. fork() takes both (agent/fork.c): a child never inherits half of either.
 */
#ifndef MN_AGENT_SERVER_H
#define MN_AGENT_SERVER_H

#include "agent/listener.h"
#include "agent/outcome.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

enum { MN_SERVER_CONNECTIONS = 32, MN_SERVER_IDLE_MS = 30000 };

struct mn_connection {
    int fd; /* -1: free */
    dev_t device;
    ino_t inode;
    uint64_t heard_ns;
};

struct mn_server {
    const struct mn_backend *backend;
    pthread_mutex_t lock, busy;
    struct mn_listener listener;
    struct mn_connection connections[MN_SERVER_CONNECTIONS];
    unsigned idle_ms;
    bool closing;      /* the loop must end, and open nothing any more */
    uint64_t retry_ns; /* not before: the listener's next attempt */
};

void mn_server_init(struct mn_server *server, const struct mn_backend *backend);

/* Serves until mn_server_close; opens the listener by itself. */
void mn_server_run(struct mn_server *server);

/* Ends mn_server_run soon; removes the socket file now. Any thread. */
void mn_server_close(struct mn_server *server);

/* In a forked child, whose server thread is gone: closes what was inherited, leaves the parent's file alone.
 */
void mn_server_forget(struct mn_server *server);

#endif
