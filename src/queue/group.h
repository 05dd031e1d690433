/* SPDX-License-Identifier: MIT */
/* Groups count work until none is left; semaphores count resources; once runs something once; apply runs
 * iterations side by side. Ours in every process. Any thread. */
#ifndef MN_QUEUE_GROUP_H
#define MN_QUEUE_GROUP_H

#include "queue/queue.h"

#include <stdint.h>

struct mn_group;

/* The caller's to release; NULL: no memory. */
struct mn_group *mn_group_new(void);
struct mn_group *mn_group_retain(struct mn_group *group);
void mn_group_release(struct mn_group *group);

void mn_group_enter(struct mn_group *group);

/* False: it was not entered. */
bool mn_group_leave(struct mn_group *group);

/* Waits until the count is 0; `deadline` is on the monotonic clock (mn_time_deadline). False: time is up. */
bool mn_group_wait(struct mn_group *group, uint64_t deadline);

/* Puts the work on the queue when the count is 0, at once if it is; once. */
mend_status mn_group_notify(struct mn_group *group, struct mn_queue *queue, mn_work *run, void *context,
                            mend_error *err);

/* Work on a queue that the group counts. */
mend_status mn_group_async(struct mn_group *group, struct mn_queue *queue, mn_work *run, void *context,
                           mend_error *err);

struct mn_semaphore;

/* NULL: value is negative, or no memory. */
struct mn_semaphore *mn_semaphore_new(long value);
void mn_semaphore_release(struct mn_semaphore *semaphore);
bool mn_semaphore_wait(struct mn_semaphore *semaphore, uint64_t deadline);

/* A waiting thread was woken. */
bool mn_semaphore_signal(struct mn_semaphore *semaphore);

/* Runs run(context) once for a token that starts as 0; everybody else waits until it has returned. When an
 * exception leaves it, the next caller tries again. */
void mn_once(int64_t *token, mn_work *run, void *context);

/* Runs run(context, 0) … run(context, count - 1), on this thread and on the queue's, and returns when all
 * have ended. The first exception stops handing out iterations and passes to the caller. */
mend_status mn_apply(size_t count, struct mn_queue *queue, void (*run)(void *context, size_t index), void *context,
                     mend_error *err);

/* Work at a moment (time.h) or soon after it. */
mend_status mn_queue_after(uint64_t when, struct mn_queue *queue, mn_work *run, void *context, mend_error *err);
#endif
