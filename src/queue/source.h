/* SPDX-License-Identifier: MIT */
/*
 * Sources: timers, descriptors, signals, processes, files and counters that put a handler on a queue.
 *
 * A source starts suspended, once. While its handler runs or it is suspended, events add up (mn_source_data);
 * suspending inside the handler therefore stops what comes after. Cancelling stops events; the cancel handler
 * runs when no event handler does any more.
 */
#ifndef MN_QUEUE_SOURCE_H
#define MN_QUEUE_SOURCE_H

#include "queue/queue.h"

#include <stdint.h>

enum mn_source_type {
    MN_SOURCE_TIMER = 1,
    MN_SOURCE_READ,   /* handle: descriptor; data: bytes to read */
    MN_SOURCE_WRITE,  /* data: room, where the system tells */
    MN_SOURCE_SIGNAL, /* handle: signal number; data: times */
    MN_SOURCE_PROC,   /* handle: process; mask: exit only; data: MN_PROC_EXIT */
    MN_SOURCE_VNODE,  /* handle: descriptor of a file; mask and data: what happened */
    MN_SOURCE_DATA_ADD,
    MN_SOURCE_DATA_OR
};

enum {
    MN_VNODE_DELETE = 1,
    MN_VNODE_WRITE = 2,
    MN_VNODE_EXTEND = 4,
    MN_VNODE_ATTRIB = 8,
    MN_VNODE_LINK = 16,
    MN_VNODE_RENAME = 32,
    MN_VNODE_REVOKE = 64
};
#define MN_PROC_EXIT 0x80000000u

struct mn_source;
enum mn_source_handler { MN_ON_EVENT, MN_ON_CANCEL, MN_ON_REGISTRATION, MN_SOURCE_HANDLERS };

/* NULL: no such type, or the system refuses the handle, or no memory. queue NULL: the default global one. */
struct mn_source *mn_source_new(enum mn_source_type type, uintptr_t handle, uintptr_t mask, struct mn_queue *queue);

/* The owner lets go; it is cancelled without running the cancel handler if nobody did. NULL is fine. */
void mn_source_release(struct mn_source *source);

/* run(context) from now on; drop(context), which may be NULL, when it is replaced or the source goes. */
void mn_source_set_handler(struct mn_source *source, enum mn_source_handler which, mn_work *run, void *context,
                           void (*drop)(void *context));

/* start: a moment (time.h); interval 0 or UINT64_MAX: once. */
void mn_source_set_timer(struct mn_source *source, uint64_t start, uint64_t interval);
void mn_source_suspend(struct mn_source *source);
bool mn_source_resume(struct mn_source *source); /* false: it was not suspended */
void mn_source_cancel(struct mn_source *source);
bool mn_source_cancelled(struct mn_source *source);
void mn_source_merge(struct mn_source *source, uintptr_t data);
uintptr_t mn_source_data(struct mn_source *source); /* inside the handler */
uintptr_t mn_source_handle(struct mn_source *source);
uintptr_t mn_source_mask(struct mn_source *source);
void mn_source_set_target(struct mn_source *source, struct mn_queue *queue);
#endif
