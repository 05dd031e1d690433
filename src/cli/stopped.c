/* SPDX-License-Identifier: MIT */
/* Fork, exec with the agent preloaded, one answer, the end. */
#include "cli/stopped.h"

#include "agent/protocol.h"
#include "base/clock.h"
#include "base/error.h"
#include "cli/client.h"
#include "cli/start.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

/* A program about to be stopped before its main, and the socket its agent answers on. */
struct stopped {
    pid_t pid;
    int report;
};

/* In the child: stdout is for data, and constructors may print. */
static void
become_stopped(const char *path, char **argv, const char *library, int record, int report)
{
    int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
    mend_error err;

    if (nothing >= 0)
        dup2(nothing, STDIN_FILENO);
    dup2(STDERR_FILENO, STDOUT_FILENO);
    mn_start_become(path, argv, library, record, report, "c", &err);
    _exit(mend_status_exit_code(MEND_IO));
}

static mend_status
start_stopped(const char *path, char **argv, int record, struct stopped *child, mend_error *err)
{
    char library[PATH_MAX];
    mend_status st;
    int ends[2];

    if ((st = mn_start_library(library, sizeof library, err)) != MEND_OK)
        return st;
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
        return mn_fail(err, MEND_IO, "cannot open a socket: %s", strerror(errno));
    if ((child->pid = fork()) == 0)
        become_stopped(path, argv, library, record, ends[1]);
    close(ends[1]);
    child->report = ends[0];
    if (child->pid > 0)
        return MEND_OK;
    close(ends[0]);
    return mn_fail(err, MEND_IO, "cannot start %s: %s", path, strerror(errno));
}

/* What the program left instead of an answer. */
static mend_status
why_no_answer(const char *path, int state, mend_error *err)
{
    if (WIFSIGNALED(state))
        return mn_fail(err, MEND_TARGET_DIED, "%s was ended by signal %d (%s) before its main", path,
                       WTERMSIG(state), strsignal(WTERMSIG(state)));
    return mn_fail(err, MEND_TARGET_DIED, "%s ended with exit code %d before its main", path,
                   WEXITSTATUS(state));
}

static mend_status
hear(struct stopped *child, const char *path, const struct mn_options *o, struct mn_buffer *packet, int *fd,
     mend_error *err)
{
    uint64_t deadline = mn_clock_ns() + o->timeout_ms * (uint64_t)1000000;
    mend_status st = mn_client_wait(child->report, deadline, path, err);
    enum mn_packet got = MN_PACKET_END;
    int state, sent = -1;

    if (st == MEND_OK) {
        got = mn_packet_receive(child->report, packet, &sent, 0);
        if (sent >= 0 && fd == NULL)
            close(sent);
        else if (fd != NULL)
            *fd = sent;
    } else {
        kill(child->pid, SIGKILL);
    }
    close(child->report);
    while (waitpid(child->pid, &state, 0) < 0 && errno == EINTR)
        ;
    if (st != MEND_OK)
        return st;
    if (got != MN_PACKET_GOT)
        return why_no_answer(path, state, err);
    if (strcmp(mn_buffer_peek(packet), MN_LAUNCH_INERT) == 0) {
        mn_fail(err, MEND_UNSUPPORTED, "%s has no Objective-C classes", path);
        mn_remedy(err, "name the Objective-C program itself");
        return MEND_UNSUPPORTED;
    }
    return MEND_OK;
}

mend_status
mn_stopped_ask(const char *path, int record, const struct mn_options *options, struct mn_buffer *packet, int *fd,
               mend_error *err)
{
    char *alone[] = {(char *)(uintptr_t)path, NULL};
    struct stopped child = {-1, -1};
    mend_status st = start_stopped(path, alone, record, &child, err);

    if (fd != NULL)
        *fd = -1;
    return st != MEND_OK ? st : hear(&child, path, options, packet, fd, err);
}
