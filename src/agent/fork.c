/* SPDX-License-Identifier: MIT */
/* The three handlers of pthread_atfork. What they share is guarded by the runtime's mutex: they hold it. */
#include "agent/fork.h"

#include "agent/worker.h"
#include "runtime/runtime.h"

#include <pthread.h>
#include <stdbool.h>
#include <time.h>

enum { PATIENCE_MS = 200 };

static struct mn_server *server;
static void (*started)(void);
static bool waited; /* server->busy is ours between the handlers */

static bool
wait_for_request(void)
{
    struct timespec until;

    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_nsec += PATIENCE_MS * 1000000L;
    until.tv_sec += until.tv_nsec / 1000000000;
    until.tv_nsec %= 1000000000;
    return pthread_mutex_clocklock(&server->busy, CLOCK_MONOTONIC, &until) == 0;
}

static void
before(void)
{
    bool got = !mn_worker_is_me() && wait_for_request(); /* its own request is no obstacle */

    mn_runtime_lock();
    pthread_mutex_lock(&server->lock);
    waited = got;
}

static void
after_in_parent(void)
{
    bool got = waited;

    pthread_mutex_unlock(&server->lock);
    mn_runtime_unlock();
    if (got)
        pthread_mutex_unlock(&server->busy);
}

/* The mutexes are made anew: nobody in this process can be holding them. */
static void
after_in_child(void)
{
    const struct mn_backend *backend = server->backend;

    mn_server_forget(server);
    mn_server_init(server, backend);
    mn_runtime_unlock();
    started();
}

int
mn_fork_prepare_for(struct mn_server *s, void (*in_child)(void))
{
    server = s;
    started = in_child;
    return pthread_atfork(before, after_in_parent, after_in_child);
}
