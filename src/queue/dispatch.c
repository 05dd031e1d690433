/* SPDX-License-Identifier: MIT */
#include "queue/dispatch.h"

#include "base/error.h"
#include "queue/group.h"
#include "queue/raise.h"
#include "queue/source.h"
#include "queue/time.h"
#include "queue/work.h"
#include "value/own.h"

#include <pthread.h>

#define QUEUE(object)     ((struct mn_queue *)mn_dispatch_need(object, MN_IS_QUEUE, __func__ + 3))
#define GROUP(object)     ((struct mn_group *)mn_dispatch_need(object, MN_IS_GROUP, __func__ + 3))
#define SEMAPHORE(object) ((struct mn_semaphore *)mn_dispatch_need(object, MN_IS_SEMAPHORE, __func__ + 3))
#define SOURCE(object)    ((struct mn_source *)mn_dispatch_need(object, MN_IS_SOURCE, __func__ + 3))
#define BLOCK(block)      mn_work_block(block, __func__ + 3)

/* ---- Queues ---- */

enum { HIGH, NORMAL, LOW, BACKGROUND, MAIN, STANDING };

static id standing[STANDING]; /* one object each, as long as the process */
static pthread_mutex_t making = PTHREAD_MUTEX_INITIALIZER;

/* Made without a lock held; who comes second drops his. */
static id
standing_object(unsigned which, struct mn_queue *queue)
{
    id object = __atomic_load_n(&standing[which], __ATOMIC_ACQUIRE), fresh;
    mend_error err;

    if (object != nil)
        return object;
    fresh = mn_dispatch_object_take(MN_IS_QUEUE, queue);
    if (fresh == nil) {
        mn_fail_memory(&err);
        mn_dispatch_demand(MEND_NO_MEMORY, &err);
    }
    pthread_mutex_lock(&making);
    object = standing[which];
    if (object == nil) {
        object = fresh;
        __atomic_store_n(&standing[which], fresh, __ATOMIC_RELEASE);
    }
    pthread_mutex_unlock(&making);
    if (object != fresh)
        mn_release(fresh);
    return object;
}

id
mn_dispatch_get_main_queue(void)
{
    return standing_object(MAIN, mn_queue_main());
}

/* Both ways to say it: a priority, or a quality of service. */
id
mn_dispatch_get_global_queue(long priority, unsigned long flags)
{
    (void)flags;
    if (priority == 0x21 || priority == 0x19 || priority == 2)
        return standing_object(HIGH, mn_queue_global(2));
    if (priority == 0x11 || priority == -2)
        return standing_object(LOW, mn_queue_global(-2));
    if (priority == 0x09 || priority < -2)
        return standing_object(BACKGROUND, mn_queue_global(-32768));
    return standing_object(NORMAL, mn_queue_global(0));
}

id
mn_dispatch_queue_create_with_target(const char *label, void *attribute, id target)
{
    struct mn_queue *to = target != nil ? QUEUE(target) : NULL;
    id object = mn_dispatch_object_take(
        MN_IS_QUEUE, mn_queue_new(label, attribute == MN_DISPATCH_CONCURRENT, to));
    mend_error err;

    if (object == nil)
        mn_dispatch_demand(mn_fail_memory(&err), &err);
    return mn_autorelease(object);
}

id
mn_dispatch_queue_create(const char *label, void *attribute)
{
    return mn_dispatch_queue_create_with_target(label, attribute, nil);
}

void *
mn_dispatch_queue_attr_make_with_qos_class(void *attribute, unsigned qos, int priority)
{
    (void)qos;
    (void)priority;
    return attribute;
}

const char *
mn_dispatch_queue_get_label(id queue)
{
    return queue == nil ? mn_queue_label(mn_queue_current()) : mn_queue_label(QUEUE(queue));
}

void
mn_dispatch_set_target_queue(id object, id queue)
{
    struct mn_queue *to = queue != nil ? QUEUE(queue) : NULL;
    struct mn_source *source = mn_dispatch_thing(object, MN_IS_SOURCE);
    mend_error err;

    if (source != NULL)
        mn_source_set_target(source, to);
    else
        mn_dispatch_demand(mn_queue_set_target(QUEUE(object), to, &err), &err);
}

void
mn_dispatch_queue_set_specific(id queue, const void *key, void *value, void (*destroy)(void *value))
{
    mend_error err;

    mn_dispatch_demand(mn_queue_set_specific(QUEUE(queue), key, value, destroy, &err), &err);
}

void *
mn_dispatch_queue_get_specific(id queue, const void *key)
{
    return mn_queue_specific(QUEUE(queue), key);
}

void *
mn_dispatch_get_specific(const void *key)
{
    return mn_queue_current_specific(key);
}

/* ---- Submission ---- */

static void
submit(struct mn_queue *queue, id block, bool barrier)
{
    mend_error err;
    mend_status st = mn_queue_async(queue, mn_work_last, block, barrier, &err);

    if (st != MEND_OK)
        mn_block_release(block);
    mn_dispatch_demand(st, &err);
}

static void
wait_for(struct mn_queue *queue, id block, bool barrier)
{
    mend_error err;

    if (mn_queue_sync(queue, mn_work_last, block, barrier, &err) == MEND_OK)
        return;
    mn_block_release(block);
    mn_dispatch_raise("MendErrorDeadlock", &err);
}

void
mn_dispatch_async(id queue, id block)
{
    struct mn_queue *on = QUEUE(queue);

    submit(on, BLOCK(block), false);
}

void
mn_dispatch_sync(id queue, id block)
{
    struct mn_queue *on = QUEUE(queue);

    wait_for(on, BLOCK(block), false);
}

void
mn_dispatch_barrier_async(id queue, id block)
{
    struct mn_queue *on = QUEUE(queue);

    submit(on, BLOCK(block), true);
}

void
mn_dispatch_barrier_sync(id queue, id block)
{
    struct mn_queue *on = QUEUE(queue);

    wait_for(on, BLOCK(block), true);
}

void
mn_dispatch_after(uint64_t when, id queue, id block)
{
    struct mn_queue *on = QUEUE(queue);
    id work;
    mend_error err;
    mend_status st;

    if (when == MN_TIME_FOREVER)
        return;
    work = BLOCK(block);
    st = mn_queue_after(when, on, mn_work_last, work, &err);
    if (st != MEND_OK)
        mn_block_release(work);
    mn_dispatch_demand(st, &err);
}

static void
iterate(void *block, size_t index)
{
    ((void (*)(void *, size_t))mn_block_invoke(block))(block, index);
}

/* The caller holds the block as long as it waits. */
void
mn_dispatch_apply(size_t count, id queue, id block)
{
    struct mn_queue *on = queue != nil ? QUEUE(queue) : mn_queue_global(0);
    id work = mn_autorelease(BLOCK(block));
    mend_error err;

    if (mn_apply(count, on, iterate, work, &err) != MEND_OK)
        mn_dispatch_raise("MendErrorDeadlock", &err);
}

void
mn_dispatch_once(int64_t *token, id block)
{
    mend_error err;

    if (token == NULL)
        mn_dispatch_demand(mn_fail(&err, MEND_INVALID, "dispatch_once: the token is NULL"), &err);
    if (block == nil || !mn_object_is_block(block))
        (void)BLOCK(block);
    mn_once(token, mn_work_call, block);
}

uint64_t
mn_dispatch_time(uint64_t when, int64_t delta)
{
    return mn_time_after(when, delta);
}

uint64_t
mn_dispatch_walltime(const struct timespec *when, int64_t delta)
{
    return mn_time_wall(when, delta);
}

/* ---- Groups and semaphores ---- */

id
mn_dispatch_group_create(void)
{
    id object = mn_dispatch_object_take(MN_IS_GROUP, mn_group_new());
    mend_error err;

    if (object == nil)
        mn_dispatch_demand(mn_fail_memory(&err), &err);
    return mn_autorelease(object);
}

void
mn_dispatch_group_async(id group, id queue, id block)
{
    struct mn_group *in = GROUP(group);
    struct mn_queue *on = QUEUE(queue);
    id work = BLOCK(block);
    mend_error err;
    mend_status st = mn_group_async(in, on, mn_work_last, work, &err);

    if (st != MEND_OK)
        mn_block_release(work);
    mn_dispatch_demand(st, &err);
}

void
mn_dispatch_group_enter(id group)
{
    mn_group_enter(GROUP(group));
}

void
mn_dispatch_group_leave(id group)
{
    mend_error err;

    if (!mn_group_leave(GROUP(group)))
        mn_dispatch_demand(mn_fail(&err, MEND_INVALID, "dispatch_group_leave: nobody has entered the group"), &err);
}

long
mn_dispatch_group_wait(id group, uint64_t timeout)
{
    return mn_group_wait(GROUP(group), mn_time_deadline(timeout)) ? 0 : 1;
}

void
mn_dispatch_group_notify(id group, id queue, id block)
{
    struct mn_group *in = GROUP(group);
    struct mn_queue *on = QUEUE(queue);
    id work = BLOCK(block);
    mend_error err;
    mend_status st = mn_group_notify(in, on, mn_work_last, work, &err);

    if (st != MEND_OK)
        mn_block_release(work);
    mn_dispatch_demand(st, &err);
}

id
mn_dispatch_semaphore_create(long value)
{
    return mn_autorelease(mn_dispatch_object_take(MN_IS_SEMAPHORE, mn_semaphore_new(value)));
}

long
mn_dispatch_semaphore_wait(id semaphore, uint64_t timeout)
{
    return mn_semaphore_wait(SEMAPHORE(semaphore), mn_time_deadline(timeout)) ? 0 : 1;
}

long
mn_dispatch_semaphore_signal(id semaphore)
{
    return mn_semaphore_signal(SEMAPHORE(semaphore));
}

/* ---- Sources ---- */

id
mn_dispatch_source_create(void *type, uintptr_t handle, uintptr_t mask, id queue)
{
    struct mn_queue *on = queue != nil ? QUEUE(queue) : NULL;

    return mn_autorelease(mn_dispatch_object_take(
        MN_IS_SOURCE, mn_source_new((enum mn_source_type)(uintptr_t)type, handle, mask, on)));
}

static void
set_handler(struct mn_source *source, enum mn_source_handler which, id block, const char *function)
{
    if (block == nil)
        mn_source_set_handler(source, which, NULL, NULL, NULL);
    else
        mn_source_set_handler(source, which, mn_work_call, mn_work_block(block, function), mn_work_drop);
}

void
mn_dispatch_source_set_event_handler(id source, id block)
{
    set_handler(SOURCE(source), MN_ON_EVENT, block, __func__ + 3);
}

void
mn_dispatch_source_set_cancel_handler(id source, id block)
{
    set_handler(SOURCE(source), MN_ON_CANCEL, block, __func__ + 3);
}

void
mn_dispatch_source_set_registration_handler(id source, id block)
{
    set_handler(SOURCE(source), MN_ON_REGISTRATION, block, __func__ + 3);
}

void
mn_dispatch_source_set_timer(id source, uint64_t start, uint64_t interval, uint64_t leeway)
{
    (void)leeway;
    mn_source_set_timer(SOURCE(source), start, interval);
}

void
mn_dispatch_source_cancel(id source)
{
    mn_source_cancel(SOURCE(source));
}

long
mn_dispatch_source_testcancel(id source)
{
    return mn_source_cancelled(SOURCE(source));
}

uintptr_t
mn_dispatch_source_get_handle(id source)
{
    return mn_source_handle(SOURCE(source));
}

uintptr_t
mn_dispatch_source_get_mask(id source)
{
    return mn_source_mask(SOURCE(source));
}

uintptr_t
mn_dispatch_source_get_data(id source)
{
    return mn_source_data(SOURCE(source));
}

void
mn_dispatch_source_merge_data(id source, uintptr_t data)
{
    mn_source_merge(SOURCE(source), data);
}

/* ---- Objects of both kinds ---- */

void
mn_dispatch_resume(id object)
{
    struct mn_source *source = mn_dispatch_thing(object, MN_IS_SOURCE);
    mend_error err;

    if (!(source != NULL ? mn_source_resume(source) : mn_queue_resume(QUEUE(object))))
        mn_dispatch_demand(mn_fail(&err, MEND_INVALID, "dispatch_resume: it is not suspended"), &err);
}

void
mn_dispatch_suspend(id object)
{
    struct mn_source *source = mn_dispatch_thing(object, MN_IS_SOURCE);

    if (source != NULL)
        mn_source_suspend(source);
    else
        mn_queue_suspend(QUEUE(object));
}

/* Only a source waits for its activation, and only once. */
void
mn_dispatch_activate(id object)
{
    struct mn_source *source = mn_dispatch_thing(object, MN_IS_SOURCE);

    if (source != NULL)
        mn_source_resume(source);
}

/* Objects are retained by whoever holds them. */
void
mn_dispatch_retain(id object)
{
    (void)object;
}

void
mn_dispatch_release(id object)
{
    (void)object;
}
