/* SPDX-License-Identifier: MIT */
/*
 * Queues of work: the main queue, the global ones, serial and concurrent ones.
 *
 * Where the process has libdispatch, a queue here is one of its queues (native.h), so patch and host agree on
 * order and on the main queue. Elsewhere they are ours: worker threads (pool.h), and a main queue that
 * Foundation's main run loop drains (main_queue.h).
 *
 * The order: a serial queue starts a piece of work when the one before has ended; a concurrent queue starts
 * them in the order of arrival, and a barrier when all before it have ended, and alone. A queue with a target
 * passes its work on to it, so that two queues with one serial target exclude each other.
 *
 * Any thread. No lock is held while work runs. An Objective-C exception that leaves work on a thread of ours
 * ends there (mn_queue_on_exception); out of mn_queue_sync it goes to the caller.
 */
#ifndef MN_QUEUE_QUEUE_H
#define MN_QUEUE_QUEUE_H

#include <objc/objc.h>

#include <mend/error.h>
#include <stdbool.h>
#include <stddef.h>

struct mn_queue;
typedef void mn_work(void *context);

/* Lent; they live as long as the process. */
struct mn_queue *mn_queue_main(void);
struct mn_queue *mn_queue_global(long priority); /* > 0 high, 0 default, < 0 low, below -2 background */

/* A queue of its own, the caller's to release. label may be NULL; it is copied. target NULL: a global queue.
 * NULL: no memory. */
struct mn_queue *mn_queue_new(const char *label, bool concurrent, struct mn_queue *target);
struct mn_queue *mn_queue_retain(struct mn_queue *queue);

/* Accepts NULL. What is queued still runs. */
void mn_queue_release(struct mn_queue *queue);

/* Runs run(context) later, once. A barrier counts only on a concurrent queue made by mn_queue_new.
 * MEND_NO_MEMORY: it will not run. */
mend_status mn_queue_async(struct mn_queue *queue, mn_work *run, void *context, bool barrier,
                           mend_error *err);

/*
 * Runs it in its turn and returns when it has ended: on this thread, or on the main thread for the main queue
 * and what has it as its target. MEND_INVALID, nothing ran: this thread already runs work of that serial
 * queue, and would wait for itself.
 */
mend_status mn_queue_sync(struct mn_queue *queue, mn_work *run, void *context, bool barrier, mend_error *err);

/* Nothing more is started until resumed as often; what runs goes on. The main and global queues ignore it.
 * Returns false for a resume too many. */
void mn_queue_suspend(struct mn_queue *queue);
bool mn_queue_resume(struct mn_queue *queue);

/* MEND_INVALID: a main or global queue, or it would be its own target. Holds for work not started yet. */
mend_status mn_queue_set_target(struct mn_queue *queue, struct mn_queue *target, mend_error *err);

/* Several pieces of its work may run at once. */
bool mn_queue_is_wide(const struct mn_queue *queue);

/* "" without one. Lent. */
const char *mn_queue_label(const struct mn_queue *queue);

/* A value under an address as key; destroy(value), if not NULL, runs when it is replaced or the queue goes.
 * NULL removes. */
mend_status mn_queue_set_specific(struct mn_queue *queue, const void *key, void *value,
                                  void (*destroy)(void *value), mend_error *err);
void *mn_queue_specific(struct mn_queue *queue, const void *key);

/* The queue whose work this thread runs; the main queue on the main thread; else NULL. Lent. */
struct mn_queue *mn_queue_current(void);

/* That of the queue whose work this thread runs, or of its targets. */
void *mn_queue_current_specific(const void *key);

/* This thread runs work of the queue, or of one that has it as its target. */
bool mn_queue_is_current(struct mn_queue *queue);

/* Gets the exceptions that leave work run later; NULL restores the default, a line in the log. Not
 * synchronised with work in flight. `exception` is lent. */
void mn_queue_on_exception(void (*handler)(id exception, const char *label));
#endif
