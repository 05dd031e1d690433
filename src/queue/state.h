/* SPDX-License-Identifier: MIT */
/*
 * What the files of this folder share: the one lock, and pieces of work on their way.
 *
 * One lock for all: work is handed over in a fraction of a microsecond, and one lock cannot be taken in two
 * orders. It is never held while work runs or a message is sent; the main thread is therefore woken by
 * mn_dispatch_unlock, after it let go.
 */
#ifndef MN_QUEUE_STATE_H
#define MN_QUEUE_STATE_H

#include "queue/queue.h"

#include <pthread.h>
#include <stdint.h>

void mn_dispatch_lock(void);
void mn_dispatch_unlock(void);

/* Waits for a condition, with the lock held, until `deadline` on the monotonic clock (UINT64_MAX: for ever).
 * False: it has passed. */
bool mn_dispatch_wait(pthread_cond_t *condition, uint64_t deadline);

enum { MN_QUEUE_DEPTH = 16 };

/* The caller of mn_queue_sync, on its stack. */
struct mn_waiter {
    pthread_cond_t changed;
    bool granted; /* it is its turn: the caller runs the work */
    bool done;    /* the main thread has run it */
    bool threw;
    id exception; /* owned */
};

/* A piece of work. It passes from its queue to that queue's target and so on, and ends at all of them. */
struct mn_item {
    struct mn_item *next;
    mn_work *run;
    void *context;
    bool barrier;
    struct mn_queue *queue;   /* what a heap item was made for, retained */
    struct mn_waiter *waiter; /* NULL: the item is on the heap, and goes when it has run */
    struct mn_queue *path[MN_QUEUE_DEPTH];
    unsigned depth;
    struct mn_item *outer; /* what this thread runs around it */
};

struct mn_items {
    struct mn_item *first, *last;
};

static inline void
mn_items_add(struct mn_items *items, struct mn_item *item)
{
    item->next = NULL;
    if (items->last != NULL)
        items->last->next = item;
    else
        items->first = item;
    items->last = item;
}

static inline struct mn_item *
mn_items_take(struct mn_items *items)
{
    struct mn_item *item = items->first;

    if (item != NULL && (items->first = item->next) == NULL)
        items->last = NULL;
    return item;
}

/* An item on the heap; NULL: no memory. Given to exactly one of the two below it. */
struct mn_item *mn_item_new(struct mn_queue *queue, mn_work *run, void *context, bool barrier);
void mn_item_drop(struct mn_item *item);

/* Queues it; with the lock held. */
void mn_item_submit(struct mn_queue *queue, struct mn_item *item);

/* Runs an item on this thread, inside a pool of Foundation, and ends it at its queues. The lock is not held.
 * Heap items are freed. */
void mn_item_run(struct mn_item *item);

/* Runs work of any origin and hands an exception to the handler. */
void mn_work_run(mn_work *run, void *context, const char *label);
#endif
