/* SPDX-License-Identifier: MIT */
/*
 * The one thread that waits for times and for file descriptors. It starts with the first timer or watch.
 *
 * Callbacks run on it with the lock held: they put work on queues and do nothing else. All functions here are
 * called with the lock held. A timer or watch is its owner's memory and must be unset before that goes.
 */
#ifndef MN_QUEUE_TIMER_H
#define MN_QUEUE_TIMER_H

#include "queue/state.h"

struct mn_timer {
    void (*fire)(void *context);
    void *context;
    uint64_t due;
    size_t place; /* in the heap, from 1; 0: not set */
};

/* Fires once at `due` of the monotonic clock; replaces an earlier setting. False: no memory, as before. */
bool mn_timer_set(struct mn_timer *timer, uint64_t due);
void mn_timer_unset(struct mn_timer *timer);

static inline bool
mn_timer_is_set(const struct mn_timer *timer)
{
    return timer->place != 0;
}

struct mn_watch_fd {
    void (*ready)(void *context);
    void *context;
    int fd;
    short events; /* of poll(); 0: not watched for now */
    struct mn_watch_fd *next;
    bool added;
};

/* Adds it, or tells the thread that `events` has changed. ready is called while the condition lasts. */
void mn_watch_fd_set(struct mn_watch_fd *watch);
void mn_watch_fd_remove(struct mn_watch_fd *watch);

/* A child of fork() has no such thread; the next timer starts another. */
void mn_timers_forget(void);
#endif
