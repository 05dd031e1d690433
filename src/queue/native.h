/* SPDX-License-Identifier: MIT */
/*
 * The process's libdispatch, found by name at the first use and never again: queues made before must not
 * change their kind.
 *
 * Only the calls that take C functions are used: which library copies a block is then our own business.
 * Groups, semaphores, timers and sources are ours in every process; they need of a queue only that it runs
 * work.
 */
#ifndef MN_QUEUE_NATIVE_H
#define MN_QUEUE_NATIVE_H

#include "queue/queue.h"

struct mn_native {
    void *(*queue_create)(const char *label, const void *attribute);
    void *(*global)(long priority, unsigned long flags);
    void *main; /* the queue */
    const void *concurrent;
    void (*retain)(void *object);
    void (*release)(void *object);
    void (*suspend)(void *object);
    void (*resume)(void *object);
    void (*set_target)(void *object, void *target);
    void (*async)(void *queue, void *context, mn_work *run);
    void (*sync)(void *queue, void *context, mn_work *run);
    void (*barrier_async)(void *queue, void *context, mn_work *run);
    void (*barrier_sync)(void *queue, void *context, mn_work *run);
    const char *(*label)(void *queue);
    void (*drain_main)(void *message); /* NULL where it is not exported */
};

/* NULL: the process has none, or lacks a call. */
const struct mn_native *mn_native(void);
#endif
