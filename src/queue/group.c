/* SPDX-License-Identifier: MIT */
#include "queue/group.h"

#include "base/alloc.h"
#include "base/error.h"
#include "queue/state.h"
#include "runtime/exception.h"

/* ---- Groups ---- */

struct notice {
    struct notice *next;
    struct mn_queue *queue;
    mn_work *run;
    void *context;
};

struct mn_group {
    unsigned owners; /* atomic */
    size_t count;
    struct notice *notices, **last;
    pthread_cond_t empty;
};

struct mn_group *
mn_group_new(void)
{
    struct mn_group *group = mn_calloc(1, sizeof *group);

    if (group == NULL)
        return NULL;
    group->owners = 1;
    group->last = &group->notices;
    pthread_cond_init(&group->empty, NULL);
    return group;
}

struct mn_group *
mn_group_retain(struct mn_group *group)
{
    __atomic_add_fetch(&group->owners, 1, __ATOMIC_RELAXED);
    return group;
}

void
mn_group_release(struct mn_group *group)
{
    if (group == NULL || __atomic_sub_fetch(&group->owners, 1, __ATOMIC_ACQ_REL) != 0)
        return;
    pthread_cond_destroy(&group->empty);
    mn_free(group);
}

/* What is counted keeps the group, and so do notices not yet sent. */
void
mn_group_enter(struct mn_group *group)
{
    mn_group_retain(group);
    mn_dispatch_lock();
    group->count++;
    mn_dispatch_unlock();
}

/* Work that cannot be queued for want of memory runs here rather than never. */
static void
send(struct notice *notice)
{
    while (notice != NULL) {
        struct notice *next = notice->next;

        if (mn_queue_async(notice->queue, notice->run, notice->context, false, NULL) != MEND_OK)
            mn_work_run(notice->run, notice->context, mn_queue_label(notice->queue));
        mn_queue_release(notice->queue);
        mn_free(notice);
        notice = next;
    }
}

bool
mn_group_leave(struct mn_group *group)
{
    struct notice *due = NULL;

    mn_dispatch_lock();
    if (group->count == 0) {
        mn_dispatch_unlock();
        return false;
    }
    if (--group->count == 0) {
        due = group->notices;
        group->notices = NULL;
        group->last = &group->notices;
        pthread_cond_broadcast(&group->empty);
    }
    mn_dispatch_unlock();
    send(due);
    mn_group_release(group);
    return true;
}

bool
mn_group_wait(struct mn_group *group, uint64_t deadline)
{
    bool empty, in_time = true;

    mn_dispatch_lock();
    while (!(empty = group->count == 0) && in_time)
        in_time = mn_dispatch_wait(&group->empty, deadline);
    mn_dispatch_unlock();
    return empty;
}

mend_status
mn_group_notify(struct mn_group *group, struct mn_queue *queue, mn_work *run, void *context, mend_error *err)
{
    struct notice *notice = mn_calloc(1, sizeof *notice);

    if (notice == NULL)
        return mn_fail_memory(err);
    *notice = (struct notice){.queue = mn_queue_retain(queue), .run = run, .context = context};
    mn_dispatch_lock();
    if (group->count != 0) {
        *group->last = notice;
        group->last = &notice->next;
        notice = NULL;
    }
    mn_dispatch_unlock();
    send(notice);
    return MEND_OK;
}

struct counted {
    struct mn_group *group;
    mn_work *run;
    void *context;
};

static void
end_counted(struct counted **at)
{
    mn_group_leave((*at)->group);
    mn_free(*at);
}

static void
run_counted(void *context)
{
    MN_SCOPED(end_counted) struct counted *counted = context;

    counted->run(counted->context);
}

mend_status
mn_group_async(struct mn_group *group, struct mn_queue *queue, mn_work *run, void *context, mend_error *err)
{
    struct counted *counted = mn_calloc(1, sizeof *counted);
    mend_status st;

    if (counted == NULL)
        return mn_fail_memory(err);
    *counted = (struct counted){group, run, context};
    mn_group_enter(group);
    if ((st = mn_queue_async(queue, run_counted, counted, false, err)) != MEND_OK)
        end_counted(&counted);
    return st;
}

/* ---- Semaphores ---- */

struct mn_semaphore {
    long value;
    unsigned waiting;
    pthread_cond_t changed;
};

struct mn_semaphore *
mn_semaphore_new(long value)
{
    struct mn_semaphore *semaphore = value >= 0 ? mn_calloc(1, sizeof *semaphore) : NULL;

    if (semaphore == NULL)
        return NULL;
    semaphore->value = value;
    pthread_cond_init(&semaphore->changed, NULL);
    return semaphore;
}

void
mn_semaphore_release(struct mn_semaphore *semaphore)
{
    if (semaphore == NULL)
        return;
    pthread_cond_destroy(&semaphore->changed);
    mn_free(semaphore);
}

bool
mn_semaphore_wait(struct mn_semaphore *semaphore, uint64_t deadline)
{
    bool got, in_time = true;

    mn_dispatch_lock();
    semaphore->waiting++;
    while (!(got = semaphore->value > 0) && in_time)
        in_time = mn_dispatch_wait(&semaphore->changed, deadline);
    semaphore->waiting--;
    if (got)
        semaphore->value--;
    mn_dispatch_unlock();
    return got;
}

bool
mn_semaphore_signal(struct mn_semaphore *semaphore)
{
    bool woke;

    mn_dispatch_lock();
    semaphore->value++;
    woke = semaphore->waiting != 0;
    pthread_cond_signal(&semaphore->changed);
    mn_dispatch_unlock();
    return woke;
}
