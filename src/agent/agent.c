/* SPDX-License-Identifier: MIT */
/*
 * The one agent of this process: its thread, and how it begins and ends with the process, its children, and
 * main.
 *
 * The thread opens the socket itself, so that a program's start pays for a thread and no more. Everything
 * here but the server is written under the runtime's mutex, Mend's one lock for changes, or by a forked
 * child's only thread.
 */
#include "agent/backend.h"
#include "agent/fork.h"
#include "agent/launch.h"
#include "agent/server.h"
#include "base/error.h"
#include "base/log.h"
#include "hook/hold.h"
#include "runtime/runtime.h"

#include <mend/agent.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <time.h>
#include <unistd.h>

/* It polls and parses packets; what is deep runs on the worker. */
enum { STACK_BYTES = 256 << 10 };

/* Most children exec at once: one that does need never have had a socket. */
enum { CHILD_DELAY_MS = 20 };

static struct mn_server server;
static pthread_t thread;
static bool running, stopping, prepared;
static pid_t owner; /* the process whose socket `server` holds: a vfork child
                       runs our exit handler, too */

static void *
serve(void *is_child)
{
    pthread_setname_np(pthread_self(), "mend-agent");
    if (is_child != NULL)
        nanosleep(&(struct timespec){.tv_nsec = CHILD_DELAY_MS * 1000000L}, NULL);
    mn_server_run(&server);
    return NULL;
}

/* The host's signals stay the host's: the thread takes none. */
static bool
start_thread(bool is_child)
{
    pthread_attr_t attributes;
    sigset_t all, before;
    bool started;

    owner = getpid();
    if (pthread_attr_init(&attributes) != 0)
        return false;
    pthread_attr_setstacksize(&attributes, STACK_BYTES);
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    started = pthread_create(&thread, &attributes, serve, is_child ? &server : NULL) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    pthread_attr_destroy(&attributes);
    return started;
}

static void
start_in_child(void)
{
    if (running)
        running = start_thread(true);
}

static void
remove_socket(void)
{
    if (owner == getpid())
        mn_server_close(&server);
}

/*
 * Once for the process: handlers cannot be taken back. The hooks' own preparation comes first, while there
 * may be one thread only: later the kernel takes 10 ms for it, of the first patch's time. And in a forked
 * child, where handlers run in the order they were made, it is over before the agent's thread starts.
 */
static bool
prepare(void)
{
    if (!prepared) {
        mn_hold_init();
        mn_server_init(&server, &mn_backend_live);
        prepared = mn_fork_prepare_for(&server, start_in_child) == 0 && atexit(remove_socket) == 0;
    }
    return prepared;
}

mend_status
mend_agent_start(mend_error *err)
{
    bool ok;

    if (getauxval(AT_SECURE) != 0)
        return mn_fail(err, MEND_NO_PERMISSION, "a privileged program takes no patches");
    mn_runtime_lock();
    ok = running || (prepare() && start_thread(false));
    running = ok;
    mn_runtime_unlock();
    return ok ? MEND_OK : mn_fail(err, MEND_NO_MEMORY, "there is no room for the agent's thread");
}

/* The thread may be waiting for the runtime's mutex: it is joined without. */
void
mend_agent_stop(void)
{
    pthread_t ending;
    bool ends;

    mn_runtime_lock();
    ends = running && !stopping;
    ending = thread;
    stopping = stopping || ends;
    mn_runtime_unlock();
    if (!ends)
        return;
    mn_server_close(&server);
    pthread_join(ending, NULL);
    mn_runtime_lock();
    mn_server_reset(&server);
    running = stopping = false;
    mn_runtime_unlock();
}

int
mend_agent_enter(int launch_fd, int report_fd)
{
    mend_error err;
    int code = -1;

    if (getauxval(AT_SECURE) != 0)
        return -1;
    if (launch_fd >= 0)
        code = mn_launch(&mn_backend_live, launch_fd, report_fd);
    if (code < 0 && mend_agent_start(&err) != MEND_OK)
        mn_log(MN_LOG_WARNING, "%s", err.message);
    return code;
}

bool
mend_agent_guard(const struct mn_guard_calls *behind, void (*set)(const struct mn_guard_calls *))
{
    bool asked;

    set(mn_guard_calls(behind));
    asked = mn_guard_is_asked();
    if (!asked)
        set(NULL);
    return asked;
}
