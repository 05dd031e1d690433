/* SPDX-License-Identifier: MIT */
/*
 * The agent's connections, and the two threads that serve them.
 *
 * One runs mn_server_run: it blocks in poll() and nowhere else, calls no Foundation, and answers at once what
 * changes nothing. What reads or changes patches it hands to the other, the worker, which may run code of the
 * program: such requests wait in a queue, at most one of a connection, and are done one at a time.
 *
 * The connections are a fixed table: when it is full the one that has been silent longest is closed, so a
 * flood cannot lock out a user. A silent connection is closed after a while, unless its request waits; one
 * that does not take its replies is closed at once. A request whose sender has left is dropped when its turn
 * comes.
 *
 * `lock` guards everything below it and is held for moments; only the polling thread closes descriptors.
 * `busy` is held while the worker does a request, but not while top-level code of a patch runs. fork() takes both (agent/fork.c): a child never inherits
 * half of either.
 */
#ifndef MN_AGENT_SERVER_H
#define MN_AGENT_SERVER_H

#include "agent/dispatch.h"
#include "agent/socket.h"
#include "agent/listener.h"
#include "agent/outcome.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

enum { MN_SERVER_CONNECTIONS = 32, MN_SERVER_IDLE_MS = 30000 };

struct mn_connection {
    struct mn_socket socket;
    uint64_t heard_ns; /* the polling thread's own */
    bool waits;        /* for the answer of the worker */
};

/* A request in the queue, or in the worker's hands. */
struct mn_job {
    struct mn_job *next;
    struct mn_connection *sender; /* NULL: left */
    int fd;                       /* sent along, or -1; owned */
    struct mn_call call;
};

struct mn_server {
    const struct mn_backend *backend;
    unsigned idle_ms;
    pthread_mutex_t busy;
    pthread_mutex_t lock;
    pthread_cond_t work; /* a job came, or closing */
    struct mn_listener listener;
    struct mn_connection connections[MN_SERVER_CONNECTIONS];
    struct mn_job *first; /* those that wait */
    struct mn_job *now;   /* the one in hand, or NULL */
    bool closing;         /* both threads must end, and open nothing any more */
    uint64_t retry_ns;    /* not before: the listener's next attempt */
};

void mn_server_init(struct mn_server *server, const struct mn_backend *backend);

/* The same after its threads have ended, but for the locks: a fork under way may have them. */
void mn_server_reset(struct mn_server *server);

/* Serves until mn_server_close; opens the listener, and starts and ends the worker, by itself. */
void mn_server_run(struct mn_server *server);

/* Ends mn_server_run when the request in hand is done; removes the socket file now. Any thread. */
void mn_server_close(struct mn_server *server);

/* In a forked child, whose server threads are gone: closes what was inherited, leaves the parent's file
 * alone.
 */
void mn_server_forget(struct mn_server *server);

#endif
