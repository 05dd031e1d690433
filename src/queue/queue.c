/* SPDX-License-Identifier: MIT */
/*
 * Queues and the way of a piece of work through them.
 *
 * A queue holds what waits and counts what runs. Whatever changes one of the two calls advance(), which takes
 * each item whose turn it is and passes it on: to the target queue, and from the last one to the workers, to
 * the main thread or to the caller of mn_queue_sync. When it has run it is counted off at every queue it came
 * through, the last one first.
 *
 * A native queue (mn_native) is a handle: libdispatch keeps the order. Its work still notes itself in the
 * thread's list of running items, so that a wait for oneself and current specifics are found out the same
 * way.
 */
#include "queue/queue.h"

#include "base/alloc.h"
#include "base/error.h"
#include "base/log.h"
#include "queue/main_queue.h"
#include "queue/native.h"
#include "queue/pool.h"
#include "runtime/exception.h"
#include "value/own.h"

#include <string.h>

enum kind { KIND_MAIN, KIND_GLOBAL, KIND_OWN };

struct specific {
    struct specific *next;
    const void *key;
    void *value;
    void (*destroy)(void *value);
};

struct mn_queue {
    unsigned count; /* of owners; atomic */
    enum kind kind;
    bool concurrent;
    enum mn_pool_rank rank; /* of a global queue */
    void *native;           /* NULL: ours */
    struct mn_queue *target;
    struct mn_items items;
    unsigned running, suspended;
    bool barrier; /* what runs is one */
    struct specific *specifics;
    char label[];
};

static __thread struct mn_item *running; /* the innermost piece of work of this thread */
static void (*exception_handler)(id exception, const char *label);

static struct mn_queue *globals[MN_POOL_RANKS], *main_queue;
static pthread_once_t made = PTHREAD_ONCE_INIT;

static struct mn_queue *
new_queue(const char *label, enum kind kind, bool concurrent)
{
    size_t length = label != NULL ? strlen(label) : 0;
    struct mn_queue *queue = mn_calloc(1, sizeof *queue + length + 1);

    if (queue == NULL)
        return NULL;
    queue->count = 1;
    queue->kind = kind;
    queue->concurrent = concurrent;
    queue->rank = MN_POOL_DEFAULT;
    if (length != 0)
        memcpy(queue->label, label, length);
    return queue;
}

/* The standing queues are made once; without memory for them nothing here can work. */
static void
make_standing(void)
{
    static const char *const labels[] = {"mend.global.high", "mend.global.default", "mend.global.low",
                                         "mend.global.background"};
    static const long priorities[] = {2, 0, -2, -32768};
    const struct mn_native *native = mn_native();

    mn_own_init();
    main_queue = new_queue("mend.main", KIND_MAIN, false);
    if (main_queue != NULL && native != NULL)
        main_queue->native = native->main;
    for (unsigned i = 0; i < MN_POOL_RANKS; i++) {
        globals[i] = new_queue(labels[i], KIND_GLOBAL, true);
        if (globals[i] == NULL)
            continue;
        globals[i]->rank = (enum mn_pool_rank)i;
        if (native != NULL)
            globals[i]->native = native->global(priorities[i], 0);
    }
}

struct mn_queue *
mn_queue_main(void)
{
    pthread_once(&made, make_standing);
    return main_queue;
}

struct mn_queue *
mn_queue_global(long priority)
{
    pthread_once(&made, make_standing);
    return globals[priority > 0    ? MN_POOL_HIGH
                   : priority == 0 ? MN_POOL_DEFAULT
                   : priority < -2 ? MN_POOL_BACKGROUND
                                   : MN_POOL_LOW];
}

struct mn_queue *
mn_queue_new(const char *label, bool concurrent, struct mn_queue *target)
{
    const struct mn_native *native = mn_native();
    struct mn_queue *queue;

    pthread_once(&made, make_standing);
    queue = new_queue(label, KIND_OWN, concurrent);
    if (queue == NULL)
        return NULL;
    if (target == NULL)
        target = mn_queue_global(0);
    queue->target = target != NULL ? mn_queue_retain(target) : NULL;
    if (native != NULL) {
        queue->native = native->queue_create(label, concurrent ? native->concurrent : NULL);
        if (queue->native == NULL) {
            mn_queue_release(queue);
            return NULL;
        }
        if (target != NULL && target->kind != KIND_GLOBAL)
            native->set_target(queue->native, target->native);
    }
    return queue;
}

struct mn_queue *
mn_queue_retain(struct mn_queue *queue)
{
    if (queue != NULL)
        __atomic_add_fetch(&queue->count, 1, __ATOMIC_RELAXED);
    return queue;
}

void
mn_queue_release(struct mn_queue *queue)
{
    struct mn_queue *target;

    if (queue == NULL || queue->kind != KIND_OWN ||
        __atomic_sub_fetch(&queue->count, 1, __ATOMIC_ACQ_REL) != 0)
        return;
    while (queue->specifics != NULL) {
        struct specific *one = queue->specifics;

        queue->specifics = one->next;
        if (one->destroy != NULL)
            one->destroy(one->value);
        mn_free(one);
    }
    if (queue->native != NULL)
        mn_native()->release(queue->native);
    target = queue->target;
    mn_free(queue);
    mn_queue_release(target);
}

/* ---- The way of an item (with the lock held) ---- */

static bool may_start(const struct mn_queue *queue, const struct mn_item *item)
{
    if (item == NULL || queue->suspended != 0 || queue->barrier)
        return false;
    return queue->running == 0 || (queue->concurrent && !(item->barrier && item->depth == 0));
}

static bool wake_main;

static void
arrive(struct mn_queue *root, struct mn_item *item)
{
    if (root->kind == KIND_MAIN) {
        wake_main |= mn_main_add(item);
    } else if (item->waiter != NULL) {
        item->waiter->granted = true;
        pthread_cond_signal(&item->waiter->changed);
    } else {
        mn_pool_add(item, root->rank);
    }
}

static void
advance(struct mn_queue *queue)
{
    while (may_start(queue, queue->items.first)) {
        struct mn_item *item = mn_items_take(&queue->items);

        queue->running++;
        queue->barrier = item->barrier && item->depth == 0 && queue->kind == KIND_OWN;
        item->path[item->depth++] = mn_queue_retain(queue);
        if (queue->target == NULL || item->depth == MN_QUEUE_DEPTH) {
            arrive(queue, item);
        } else {
            mn_items_add(&queue->target->items, item);
            advance(queue->target);
        }
    }
}

/* Counts an item off; its references to queues are the caller's to release once the lock is free. */
static void
leave_queues(struct mn_item *item)
{
    for (unsigned i = item->depth; i-- > 0;) {
        struct mn_queue *queue = item->path[i];

        queue->running--;
        if (i == 0 && item->barrier)
            queue->barrier = false;
        advance(queue);
    }
}

/* ---- The lock ---- */

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_once_t watched = PTHREAD_ONCE_INIT;

static void
before_fork(void)
{
    pthread_mutex_lock(&mutex);
}

static void
parent_after_fork(void)
{
    pthread_mutex_unlock(&mutex);
}

static void
child_after_fork(void)
{
    pthread_mutex_init(&mutex, NULL);
    mn_pool_forget();
}

static void
watch_forks(void)
{
    pthread_atfork(before_fork, parent_after_fork, child_after_fork);
}

void
mn_dispatch_lock(void)
{
    pthread_once(&watched, watch_forks);
    pthread_mutex_lock(&mutex);
}

void
mn_dispatch_unlock(void)
{
    bool wake = wake_main;

    wake_main = false;
    pthread_mutex_unlock(&mutex);
    if (wake)
        mn_main_wake();
}

bool
mn_dispatch_wait(pthread_cond_t *condition, uint64_t deadline)
{
    struct timespec until = {.tv_sec = (time_t)(deadline / 1000000000u), .tv_nsec = (long)(deadline % 1000000000u)};

    if (wake_main) { /* whoever waits must not sit on somebody's waking */
        mn_dispatch_unlock();
        mn_dispatch_lock();
        return true; /* as a spurious waking */
    }
    if (deadline == UINT64_MAX) {
        pthread_cond_wait(condition, &mutex);
        return true;
    }
    return pthread_cond_clockwait(condition, &mutex, CLOCK_MONOTONIC, &until) == 0;
}

/* ---- Running ---- */

void
mn_queue_on_exception(void (*handler)(id exception, const char *label))
{
    __atomic_store_n(&exception_handler, handler, __ATOMIC_RELEASE);
}

static void
report(id exception, const char *label)
{
    void (*handler)(id, const char *) = __atomic_load_n(&exception_handler, __ATOMIC_ACQUIRE);
    char name[80], reason[400];

    if (handler != NULL) {
        handler(exception, label);
        return;
    }
    mn_exception_name(exception, name, sizeof name);
    mn_exception_reason(exception, reason, sizeof reason);
    mn_log(MN_LOG_ERROR, "work on queue %s ended by an exception: %s: %s", label, name, reason);
}

struct call {
    mn_work *run;
    void *context;
};

static void
make_call(void *data)
{
    struct call *call = data;

    call->run(call->context);
}

static void
pop_pool(id *pool)
{
    mn_pool_pop(*pool);
}

void
mn_work_run(mn_work *run, void *context, const char *label)
{
    struct call call = {run, context};
    id exception = nil;
    MN_SCOPED(pop_pool) id pool = mn_pool_push();

    if (!mn_try(make_call, &call, &exception))
        report(exception, label);
}

/* Off the thread's list and off its queues, however the work was left. */
static void
end_item(struct mn_item **at)
{
    struct mn_item *item = *at;
    struct mn_queue *path[MN_QUEUE_DEPTH];
    unsigned depth = item->depth;
    bool waited = item->waiter != NULL;

    running = item->outer;
    memcpy(path, item->path, depth * sizeof path[0]);
    mn_dispatch_lock();
    leave_queues(item);
    if (waited) {
        item->waiter->done = true; /* once the lock is free the item is gone */
        pthread_cond_signal(&item->waiter->changed);
    }
    mn_dispatch_unlock();
    for (unsigned i = 0; i < depth; i++)
        mn_queue_release(path[i]);
    if (!waited)
        mn_item_drop(item);
}

static void
begin_item(struct mn_item *item)
{
    item->outer = running;
    running = item;
}

void
mn_item_run(struct mn_item *item)
{
    MN_SCOPED(end_item) struct mn_item *ends = item;
    struct call call = {item->run, item->context};

    begin_item(item);
    if (item->waiter == NULL) {
        mn_work_run(item->run, item->context, item->path[0]->label);
    } else if (!mn_try(make_call, &call, &item->waiter->exception)) {
        item->waiter->threw = true;
        mn_retain(item->waiter->exception);
    }
}

/* What a native queue runs: the item notes its queue itself. */
static void
end_native(struct mn_item **at)
{
    struct mn_item *item = *at;

    running = item->outer;
    if (item->waiter == NULL)
        mn_item_drop(item);
}

static void
run_native(void *context)
{
    struct mn_item *item = context;
    MN_SCOPED(end_native) struct mn_item *ends = item;
    struct call call = {item->run, item->context};

    begin_item(item);
    if (item->waiter == NULL) {
        mn_work_run(item->run, item->context, item->path[0]->label);
    } else if (!mn_try(make_call, &call, &item->waiter->exception)) {
        item->waiter->threw = true;
        mn_retain(item->waiter->exception);
    }
}

struct mn_item *
mn_item_new(struct mn_queue *queue, mn_work *run, void *context, bool barrier)
{
    struct mn_item *item = mn_calloc(1, sizeof *item);

    if (item == NULL)
        return NULL;
    item->run = run;
    item->context = context;
    item->queue = mn_queue_retain(queue);
    item->barrier = barrier && queue->kind == KIND_OWN && queue->concurrent;
    return item;
}

void
mn_item_drop(struct mn_item *item)
{
    mn_queue_release(item->queue);
    mn_free(item);
}

void
mn_item_submit(struct mn_queue *queue, struct mn_item *item)
{
    const struct mn_native *native = mn_native();

    if (queue->native == NULL) {
        mn_items_add(&queue->items, item);
        advance(queue);
        return;
    }
    item->path[item->depth++] = queue;
    (item->barrier ? native->barrier_async : native->async)(queue->native, item, run_native);
    wake_main |= queue->kind == KIND_MAIN;
}

mend_status
mn_queue_async(struct mn_queue *queue, mn_work *run, void *context, bool barrier, mend_error *err)
{
    struct mn_item *item;

    if (queue == NULL || run == NULL)
        return mn_fail(err, MEND_INVALID, "work needs a queue and a function");
    item = mn_item_new(queue, run, context, barrier);
    if (item == NULL)
        return mn_fail_memory(err);
    mn_dispatch_lock();
    mn_item_submit(queue, item);
    mn_dispatch_unlock();
    return MEND_OK;
}

/* ---- Waiting for one's turn ---- */

static bool
same_or_target(const struct mn_queue *queue, const struct mn_queue *wanted)
{
    for (unsigned i = 0; queue != NULL && i < MN_QUEUE_DEPTH; i++, queue = queue->target)
        if (queue == wanted)
            return true;
    return false;
}

bool
mn_queue_is_current(struct mn_queue *queue)
{
    if (queue != NULL && queue->kind == KIND_MAIN && running == NULL && mn_main_thread())
        return true;
    for (const struct mn_item *item = running; item != NULL; item = item->outer)
        for (unsigned i = 0; i < item->depth; i++)
            if (same_or_target(item->path[i], queue))
                return true;
    return false;
}

/* This thread holds what `queue`, or a target of it, would have to wait for. */
static const struct mn_queue *
held_by_this_thread(const struct mn_queue *queue, bool barrier)
{
    for (unsigned i = 0; queue != NULL && i < MN_QUEUE_DEPTH; i++, queue = queue->target) {
        if (queue->kind == KIND_MAIN && mn_main_thread())
            return queue;
        for (const struct mn_item *item = running; item != NULL; item = item->outer)
            for (unsigned k = 0; k < item->depth; k++)
                if (item->path[k] == queue &&
                    (!queue->concurrent || (k == 0 && item->barrier) || (barrier && i == 0)))
                    return queue;
    }
    return NULL;
}

/* The caller runs the work itself: its exceptions simply pass. */
static void
run_granted(struct mn_item *item)
{
    MN_SCOPED(end_item) struct mn_item *ends = item;

    begin_item(item);
    item->run(item->context);
}

static void
pass_exception(struct mn_waiter *waiter)
{
    if (waiter->threw)
        mn_throw(mn_autorelease(waiter->exception));
}

mend_status
mn_queue_sync(struct mn_queue *queue, mn_work *run, void *context, bool barrier, mend_error *err)
{
    struct mn_waiter waiter = {.changed = PTHREAD_COND_INITIALIZER};
    struct mn_item item = {.run = run, .context = context, .waiter = &waiter};
    const struct mn_queue *held;

    if (queue == NULL || run == NULL)
        return mn_fail(err, MEND_INVALID, "work needs a queue and a function");
    item.barrier = barrier && queue->kind == KIND_OWN && queue->concurrent;
    held = held_by_this_thread(queue, item.barrier);
    if (held != NULL) {
        mn_fail(err, MEND_INVALID, "waiting for work on queue %s from that queue itself would never end", held->label);
        mn_remedy(err, "Call the work directly, or submit it without waiting.");
        return MEND_INVALID;
    }
    if (queue->native != NULL) {
        item.path[item.depth++] = queue;
        if (queue->kind == KIND_MAIN)
            mn_main_wake();
        (item.barrier ? mn_native()->barrier_sync : mn_native()->sync)(queue->native, &item, run_native);
        pass_exception(&waiter);
        return MEND_OK;
    }
    mn_dispatch_lock();
    mn_items_add(&queue->items, &item);
    advance(queue);
    while (!waiter.granted && !waiter.done)
        mn_dispatch_wait(&waiter.changed, UINT64_MAX);
    mn_dispatch_unlock();
    if (waiter.granted)
        run_granted(&item);
    pass_exception(&waiter);
    return MEND_OK;
}

/* ---- Suspending, targets ---- */

void
mn_queue_suspend(struct mn_queue *queue)
{
    if (queue == NULL || queue->kind != KIND_OWN)
        return;
    if (queue->native != NULL)
        mn_native()->suspend(queue->native);
    mn_dispatch_lock();
    queue->suspended++;
    mn_dispatch_unlock();
}

bool
mn_queue_resume(struct mn_queue *queue)
{
    bool was;

    if (queue == NULL || queue->kind != KIND_OWN)
        return true;
    mn_dispatch_lock();
    was = queue->suspended != 0;
    if (was)
        queue->suspended--;
    advance(queue);
    mn_dispatch_unlock();
    if (was && queue->native != NULL)
        mn_native()->resume(queue->native);
    return was;
}

mend_status
mn_queue_set_target(struct mn_queue *queue, struct mn_queue *target, mend_error *err)
{
    struct mn_queue *old;

    if (queue == NULL || queue->kind != KIND_OWN)
        return mn_fail(err, MEND_INVALID, "the main queue and the global queues have no target");
    if (target == NULL)
        target = mn_queue_global(0);
    if (same_or_target(target, queue))
        return mn_fail(err, MEND_INVALID, "queue %s would be its own target", queue->label);
    if (queue->native != NULL)
        mn_native()->set_target(queue->native, target->native);
    mn_dispatch_lock();
    old = queue->target;
    queue->target = mn_queue_retain(target);
    mn_dispatch_unlock();
    mn_queue_release(old);
    return MEND_OK;
}

/* ---- Labels and specifics ---- */

bool
mn_queue_is_wide(const struct mn_queue *queue)
{
    return queue != NULL && queue->concurrent;
}

const char *
mn_queue_label(const struct mn_queue *queue)
{
    return queue != NULL ? queue->label : "";
}

mend_status
mn_queue_set_specific(struct mn_queue *queue, const void *key, void *value, void (*destroy)(void *value),
                      mend_error *err)
{
    struct specific *fresh = NULL, *old = NULL, **at;

    if (queue == NULL || key == NULL)
        return mn_fail(err, MEND_INVALID, "a specific needs a queue and a key");
    if (value != NULL && (fresh = mn_calloc(1, sizeof *fresh)) == NULL)
        return mn_fail_memory(err);
    mn_dispatch_lock();
    for (at = &queue->specifics; *at != NULL && (*at)->key != key; at = &(*at)->next)
        continue;
    if (*at != NULL) {
        old = *at;
        *at = old->next;
    }
    if (fresh != NULL) {
        *fresh = (struct specific){.next = queue->specifics, .key = key, .value = value, .destroy = destroy};
        queue->specifics = fresh;
    }
    mn_dispatch_unlock();
    if (old != NULL && old->destroy != NULL)
        old->destroy(old->value);
    mn_free(old);
    return MEND_OK;
}

static void *
specific_of(const struct mn_queue *queue, const void *key)
{
    for (const struct specific *one = queue->specifics; one != NULL; one = one->next)
        if (one->key == key)
            return one->value;
    return NULL;
}

void *
mn_queue_specific(struct mn_queue *queue, const void *key)
{
    void *value = NULL;

    if (queue == NULL)
        return NULL;
    mn_dispatch_lock();
    value = specific_of(queue, key);
    mn_dispatch_unlock();
    return value;
}

struct mn_queue *
mn_queue_current(void)
{
    return running != NULL ? running->path[0] : mn_main_thread() ? mn_queue_main() : NULL;
}

void *
mn_queue_current_specific(const void *key)
{
    const struct mn_queue *queue = mn_queue_current();
    void *value = NULL;

    mn_dispatch_lock();
    for (unsigned i = 0; value == NULL && queue != NULL && i < MN_QUEUE_DEPTH; i++, queue = queue->target)
        value = specific_of(queue, key);
    mn_dispatch_unlock();
    return value;
}
