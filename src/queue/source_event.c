/* SPDX-License-Identifier: MIT */
/*
 * A signal is counted by a handler of ours that writes its number into a pipe; the disposition found is put
 * back when the last source of the signal goes.
 */
#include "queue/source_event.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

/* ---- Signals ---- */

static int pipe_ends[2] = {-1, -1};
static struct mn_source_event *signals;
static struct sigaction before[NSIG];
static struct mn_watch_fd signal_watch;

static void
caught(int number)
{
    unsigned char byte = (unsigned char)number;

    if (write(pipe_ends[1], &byte, 1) < 0)
        return; /* the pipe is full: it has many of them already */
}

static void
read_signals(void *unused)
{
    unsigned char bytes[128];
    ssize_t count = read(pipe_ends[0], bytes, sizeof bytes);

    (void)unused;
    for (ssize_t i = 0; i < count; i++)
        for (struct mn_source_event *event = signals; event != NULL; event = event->next_signal)
            if (event->handle == bytes[i] && event->started)
                event->happened(event->context, 1);
}

static bool
signal_used(uintptr_t number)
{
    for (const struct mn_source_event *event = signals; event != NULL; event = event->next_signal)
        if (event->handle == number)
            return true;
    return false;
}

static bool
open_signal(struct mn_source_event *event)
{
    struct sigaction ours = {.sa_handler = caught, .sa_flags = SA_RESTART};

    if (event->handle == 0 || event->handle >= NSIG)
        return false;
    if (pipe_ends[0] < 0) {
        if (pipe2(pipe_ends, O_CLOEXEC | O_NONBLOCK) != 0)
            return false;
        signal_watch = (struct mn_watch_fd){.ready = read_signals, .fd = pipe_ends[0], .events = POLLIN};
        mn_watch_fd_set(&signal_watch);
    }
    if (!signal_used(event->handle) && sigaction((int)event->handle, &ours, &before[event->handle]) != 0)
        return false;
    event->next_signal = signals;
    signals = event;
    return true;
}

static void
close_signal(struct mn_source_event *event)
{
    struct mn_source_event **link = &signals;

    while (*link != NULL && *link != event)
        link = &(*link)->next_signal;
    if (*link == NULL)
        return;
    *link = event->next_signal;
    if (!signal_used(event->handle))
        sigaction((int)event->handle, &before[event->handle], NULL);
}

/* ---- Files ---- */

static const struct {
    uintptr_t ours;
    uint32_t theirs;
} file_events[] = {
    {MN_VNODE_DELETE, IN_DELETE_SELF},       {MN_VNODE_WRITE, IN_MODIFY},
    {MN_VNODE_EXTEND, IN_MODIFY},            {MN_VNODE_ATTRIB, IN_ATTRIB},
    {MN_VNODE_LINK, IN_ATTRIB},              {MN_VNODE_RENAME, IN_MOVE_SELF},
    {MN_VNODE_REVOKE, IN_UNMOUNT},
};

/* The kernel watches paths; a descriptor's is asked for by its name under /proc. */
static bool
open_file(struct mn_source_event *event)
{
    char path[32];
    uint32_t wanted = 0;

    for (size_t i = 0; i < sizeof file_events / sizeof file_events[0]; i++)
        if ((event->mask & file_events[i].ours) != 0)
            wanted |= file_events[i].theirs;
    snprintf(path, sizeof path, "/proc/self/fd/%d", (int)event->handle);
    event->fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
    if (event->fd >= 0 && wanted != 0 && inotify_add_watch(event->fd, path, wanted) >= 0)
        return true;
    if (event->fd >= 0)
        close(event->fd);
    event->fd = -1;
    return false;
}

static uintptr_t
read_file_events(const struct mn_source_event *event)
{
    _Alignas(struct inotify_event) char buffer[4096];
    ssize_t size = read(event->fd, buffer, sizeof buffer);
    uintptr_t data = 0;

    for (ssize_t at = 0; at + (ssize_t)sizeof(struct inotify_event) <= size;) {
        const struct inotify_event *one = (const void *)(buffer + at);

        for (size_t i = 0; i < sizeof file_events / sizeof file_events[0]; i++)
            if ((one->mask & file_events[i].theirs) != 0)
                data |= event->mask & file_events[i].ours;
        at += (ssize_t)(sizeof *one + one->len);
    }
    return data;
}

/* ---- Descriptors ---- */

static uintptr_t
amount(const struct mn_source_event *event)
{
    int bytes = 0;

    if (event->type == MN_SOURCE_READ && ioctl(event->fd, FIONREAD, &bytes) == 0 && bytes > 0)
        return (uintptr_t)bytes;
    return 1; /* the end of the file, or room whose size the system does not tell */
}

static void
ready(void *context)
{
    struct mn_source_event *event = context;
    uintptr_t data;

    if (event->type == MN_SOURCE_VNODE) {
        if ((data = read_file_events(event)) != 0)
            event->happened(event->context, data);
        return;
    }
    event->watch.events = 0; /* until the handler has run */
    event->happened(event->context, event->type == MN_SOURCE_PROC ? MN_PROC_EXIT : amount(event));
}

bool
mn_source_event_open(struct mn_source_event *event)
{
    bool opened = true;

    if (event->type == MN_SOURCE_SIGNAL) {
        mn_dispatch_lock();
        opened = open_signal(event);
        mn_dispatch_unlock();
    } else if (event->type == MN_SOURCE_READ || event->type == MN_SOURCE_WRITE) {
        event->fd = (int)event->handle;
        opened = fcntl(event->fd, F_GETFD) >= 0;
    } else if (event->type == MN_SOURCE_PROC) {
        event->fd = (int)syscall(SYS_pidfd_open, (pid_t)event->handle, 0);
        opened = event->fd >= 0;
    } else if (event->type == MN_SOURCE_VNODE) {
        opened = open_file(event);
    }
    return opened;
}

void
mn_source_event_start(struct mn_source_event *event)
{
    if (event->started)
        return;
    event->started = true;
    if (event->fd < 0)
        return;
    event->watch = (struct mn_watch_fd){.ready = ready, .context = event, .fd = event->fd,
                                        .events = event->type == MN_SOURCE_WRITE ? POLLOUT : POLLIN};
    mn_watch_fd_set(&event->watch);
}

void
mn_source_event_rearm(struct mn_source_event *event)
{
    if (!event->started || event->fd < 0 || event->type == MN_SOURCE_VNODE || event->type == MN_SOURCE_PROC)
        return;
    event->watch.events = event->type == MN_SOURCE_WRITE ? POLLOUT : POLLIN;
    mn_watch_fd_set(&event->watch);
}

void
mn_source_event_close(struct mn_source_event *event)
{
    mn_watch_fd_remove(&event->watch);
    if (event->type == MN_SOURCE_SIGNAL)
        close_signal(event);
    else if ((event->type == MN_SOURCE_PROC || event->type == MN_SOURCE_VNODE) && event->fd >= 0)
        close(event->fd);
    event->fd = -1;
    event->started = false;
}
