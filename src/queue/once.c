/* SPDX-License-Identifier: MIT */
/*
 * Once, apply and after: small things made of queues and the lock.
 *
 * A token of once is 0, then 1 while somebody runs, then -1, which is also what libdispatch leaves there.
 */
#include "queue/group.h"

#include "base/alloc.h"
#include "base/error.h"
#include "queue/state.h"
#include "queue/time.h"
#include "queue/timer.h"
#include "runtime/exception.h"
#include "value/own.h"

#include <unistd.h>

enum { ONCE_NEW = 0, ONCE_RUNNING = 1, ONCE_DONE = -1 };

static pthread_cond_t once_changed = PTHREAD_COND_INITIALIZER;

struct once_state {
    int64_t *token;
    int64_t next;
};

static void
set_token(struct once_state *state)
{
    mn_dispatch_lock();
    __atomic_store_n(state->token, state->next, __ATOMIC_RELEASE);
    pthread_cond_broadcast(&once_changed);
    mn_dispatch_unlock();
}

void
mn_once(int64_t *token, mn_work *run, void *context)
{
    if (__atomic_load_n(token, __ATOMIC_ACQUIRE) == ONCE_DONE)
        return;
    mn_dispatch_lock();
    while (*token == ONCE_RUNNING)
        mn_dispatch_wait(&once_changed, UINT64_MAX);
    if (*token == ONCE_DONE) {
        mn_dispatch_unlock();
        return;
    }
    __atomic_store_n(token, ONCE_RUNNING, __ATOMIC_RELAXED);
    mn_dispatch_unlock();
    {
        MN_SCOPED(set_token) struct once_state state = {token, ONCE_NEW}; /* tried again after an exception */

        run(context);
        state.next = ONCE_DONE;
    }
}

/* ---- Apply ---- */

struct apply {
    unsigned owners; /* atomic: the caller and its helpers */
    size_t next;     /* atomic: the iteration to take */
    size_t left;     /* with the lock: iterations not ended */
    size_t count;
    void (*run)(void *context, size_t index);
    void *context;
    pthread_cond_t ended;
    bool threw;
    id exception; /* owned */
};

static void
release_apply(struct apply *apply)
{
    if (__atomic_sub_fetch(&apply->owners, 1, __ATOMIC_ACQ_REL) != 0)
        return;
    pthread_cond_destroy(&apply->ended);
    mn_free(apply);
}

static void
count_off(struct apply *apply, size_t ended)
{
    mn_dispatch_lock();
    apply->left -= ended;
    if (apply->left == 0)
        pthread_cond_broadcast(&apply->ended);
    mn_dispatch_unlock();
}

/* The first exception is kept, and the iterations nobody has taken are dropped. */
static size_t
stop(struct apply *apply, id exception)
{
    size_t next = __atomic_exchange_n(&apply->next, apply->count, __ATOMIC_RELAXED);
    bool first;

    mn_retain(exception);
    mn_dispatch_lock();
    first = !apply->threw;
    if (first) {
        apply->threw = true;
        apply->exception = exception;
    }
    mn_dispatch_unlock();
    if (!first)
        mn_release(exception);
    return next < apply->count ? apply->count - next : 0;
}

struct one {
    struct apply *apply;
    size_t index;
};

static void
run_one(void *data)
{
    struct one *one = data;

    one->apply->run(one->apply->context, one->index);
}

/* Takes iterations until none is left. What the caller lent is touched only inside one. */
static void
share(void *context)
{
    struct apply *apply = context;
    struct one one = {.apply = apply};
    id exception = nil;

    while ((one.index = __atomic_fetch_add(&apply->next, 1, __ATOMIC_RELAXED)) < apply->count)
        count_off(apply, 1 + (mn_try(run_one, &one, &exception) ? 0 : stop(apply, exception)));
}

static void
help(void *context)
{
    share(context);
    release_apply(context);
}

mend_status
mn_apply(size_t count, struct mn_queue *queue, void (*run)(void *context, size_t index), void *context,
         mend_error *err)
{
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    size_t helpers = processors > 1 && mn_queue_is_wide(queue) ? (size_t)processors - 1 : 0;
    struct apply *apply;
    mend_status st;
    id exception;

    if (count == 0)
        return MEND_OK;
    if ((apply = mn_calloc(1, sizeof *apply)) == NULL)
        return mn_fail_memory(err);
    *apply = (struct apply){.owners = 1, .left = count, .count = count, .run = run, .context = context};
    pthread_cond_init(&apply->ended, NULL);
    for (size_t i = 0; i < helpers && i + 1 < count; i++) {
        __atomic_add_fetch(&apply->owners, 1, __ATOMIC_RELAXED);
        if (mn_queue_async(queue, help, apply, false, NULL) != MEND_OK)
            release_apply(apply);
    }
    st = mn_queue_sync(queue, share, apply, false, err);
    if (st != MEND_OK)
        count_off(apply, apply->count - __atomic_exchange_n(&apply->next, apply->count, __ATOMIC_RELAXED));
    mn_dispatch_lock();
    while (apply->left != 0)
        mn_dispatch_wait(&apply->ended, UINT64_MAX);
    exception = apply->threw ? apply->exception : nil;
    mn_dispatch_unlock();
    release_apply(apply);
    if (exception != nil)
        mn_throw(mn_autorelease(exception));
    return st;
}

/* ---- After ---- */

struct later {
    struct mn_timer timer;
    struct mn_queue *queue;
    struct mn_item *item;
};

static void
run_later(void *context)
{
    struct later *later = context;

    mn_item_submit(later->queue, later->item);
    mn_free(later);
}

mend_status
mn_queue_after(uint64_t when, struct mn_queue *queue, mn_work *run, void *context, mend_error *err)
{
    uint64_t due = mn_time_deadline(when);
    struct later *later;
    bool set = true;

    if (when == 0)
        return mn_queue_async(queue, run, context, false, err);
    if (queue == NULL)
        return mn_fail(err, MEND_INVALID, "work needs a queue and a function");
    if ((later = mn_calloc(1, sizeof *later)) == NULL ||
        (later->item = mn_item_new(queue, run, context, false)) == NULL) {
        mn_free(later);
        return mn_fail_memory(err);
    }
    later->timer = (struct mn_timer){.fire = run_later, .context = later};
    later->queue = later->item->queue;
    mn_dispatch_lock();
    set = mn_timer_set(&later->timer, due);
    mn_dispatch_unlock();
    if (set)
        return MEND_OK;
    mn_item_drop(later->item);
    mn_free(later);
    return mn_fail_memory(err);
}
