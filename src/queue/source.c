/* SPDX-License-Identifier: MIT */
/*
 * Sources. An event adds to `pending`; consider() puts the handler on the queue when it may run, with at most
 * one on its way. The queue's item is a tick allocated with the source, so an event needs no memory.
 */
#include "queue/source.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "queue/source_event.h"
#include "queue/state.h"
#include "queue/time.h"
#include "queue/timer.h"
#include "runtime/exception.h"

#include <sys/ioctl.h>

struct handler {
    unsigned owners; /* atomic: the source, and a call under way */
    mn_work *run;
    void *context;
    void (*drop)(void *context);
};

struct mn_source {
    unsigned owners; /* atomic: the owner, and what is queued */
    enum mn_source_type type;
    uintptr_t handle, mask;
    struct mn_queue *queue;
    unsigned suspended;
    bool registered, queued, cancelled, cancel_sent, closed;
    uintptr_t pending, data;
    struct handler *handlers[MN_SOURCE_HANDLERS];
    struct mn_timer timer;
    uint64_t interval;
    struct mn_source_event event;
};

static void consider(struct mn_source *source);

static void
release_handler(struct handler *handler)
{
    if (handler == NULL || __atomic_sub_fetch(&handler->owners, 1, __ATOMIC_ACQ_REL) != 0)
        return;
    if (handler->drop != NULL)
        handler->drop(handler->context);
    mn_free(handler);
}

/* ---- Events (with the lock held) ---- */

static void
add(struct mn_source *source, uintptr_t data)
{
    if (source->type == MN_SOURCE_DATA_OR || source->type == MN_SOURCE_VNODE)
        source->pending |= data;
    else if (source->type == MN_SOURCE_READ || source->type == MN_SOURCE_WRITE)
        source->pending = data;
    else
        source->pending += data;
    consider(source);
}

static void
timer_fired(void *context)
{
    struct mn_source *source = context;
    uint64_t now = mn_clock_ns(), times = 1;

    if (source->interval != 0) {
        if (now > source->timer.due)
            times += (now - source->timer.due) / source->interval;
        mn_timer_set(&source->timer, source->timer.due + times * source->interval);
    }
    add(source, times);
}

static void
event_happened(void *context, uintptr_t data)
{
    add(context, data);
}

static void
close_events(struct mn_source *source)
{
    if (source->closed)
        return;
    source->closed = true;
    mn_timer_unset(&source->timer);
    mn_source_event_close(&source->event);
}

/* ---- The handlers, on the queue ---- */

static void
release_source(struct mn_source *source)
{
    if (__atomic_sub_fetch(&source->owners, 1, __ATOMIC_ACQ_REL) != 0)
        return;
    for (unsigned i = 0; i < MN_SOURCE_HANDLERS; i++)
        release_handler(source->handlers[i]);
    mn_queue_release(source->queue);
    mn_free(source);
}

struct turn {
    struct mn_source *source;
    struct handler *handler;
};

static void
end_turn(struct turn *turn)
{
    mn_dispatch_lock();
    turn->source->queued = false;
    turn->source->data = 0;
    consider(turn->source);
    mn_dispatch_unlock();
    release_handler(turn->handler);
    release_source(turn->source);
}

/* One visit to the queue: registration first, then an event, and the end when it is cancelled. */
static void
tick(void *context)
{
    MN_SCOPED(end_turn) struct turn turn = {.source = context};
    struct mn_source *source = context;
    enum mn_source_handler which = MN_ON_EVENT;
    bool run = true;

    mn_dispatch_lock();
    if (source->cancelled) {
        which = MN_ON_CANCEL;
        run = !source->cancel_sent;
        source->cancel_sent = true;
    } else if (!source->registered) {
        which = MN_ON_REGISTRATION;
        source->registered = true;
    } else {
        run = source->suspended == 0 && source->pending != 0;
        if (run) {
            source->data = source->pending;
            source->pending = 0;
        }
    }
    if (run && (turn.handler = source->handlers[which]) != NULL)
        __atomic_add_fetch(&turn.handler->owners, 1, __ATOMIC_RELAXED);
    mn_dispatch_unlock();
    if (turn.handler != NULL)
        turn.handler->run(turn.handler->context);
    mn_dispatch_lock();
    if (which == MN_ON_EVENT && !source->cancelled)
        mn_source_event_rearm(&source->event);
    mn_dispatch_unlock();
}

/* Without memory the visit is lost; the next event tries again. */
static void
consider(struct mn_source *source)
{
    bool due = source->cancelled     ? !source->cancel_sent
               : source->suspended   ? false
               : !source->registered ? true
                                     : source->pending != 0;
    struct mn_item *item;

    if (!due || source->queued || (item = mn_item_new(source->queue, tick, source, false)) == NULL)
        return;
    source->queued = true;
    __atomic_add_fetch(&source->owners, 1, __ATOMIC_RELAXED);
    mn_item_submit(source->queue, item);
}

/* ---- The calls ---- */

struct mn_source *
mn_source_new(enum mn_source_type type, uintptr_t handle, uintptr_t mask, struct mn_queue *queue)
{
    struct mn_source *source;

    if (type < MN_SOURCE_TIMER || type > MN_SOURCE_DATA_OR || (source = mn_calloc(1, sizeof *source)) == NULL)
        return NULL;
    source->owners = 1;
    source->type = type;
    source->handle = handle;
    source->mask = mask;
    source->suspended = 1;
    source->queue = mn_queue_retain(queue != NULL ? queue : mn_queue_global(0));
    source->timer = (struct mn_timer){.fire = timer_fired, .context = source};
    source->event = (struct mn_source_event){.happened = event_happened, .context = source, .type = type,
                                             .handle = handle, .mask = mask, .fd = -1};
    if (!mn_source_event_open(&source->event)) {
        release_source(source);
        return NULL;
    }
    return source;
}

void
mn_source_release(struct mn_source *source)
{
    if (source == NULL)
        return;
    mn_dispatch_lock();
    if (!source->cancelled) {
        source->cancelled = true;
        source->cancel_sent = true;
    }
    close_events(source);
    mn_dispatch_unlock();
    release_source(source);
}

void
mn_source_set_handler(struct mn_source *source, enum mn_source_handler which, mn_work *run, void *context,
                      void (*drop)(void *context))
{
    struct handler *fresh = run != NULL ? mn_calloc(1, sizeof *fresh) : NULL, *old;

    if (fresh != NULL)
        *fresh = (struct handler){.owners = 1, .run = run, .context = context, .drop = drop};
    else if (drop != NULL)
        drop(context);
    mn_dispatch_lock();
    old = source->handlers[which];
    source->handlers[which] = fresh;
    mn_dispatch_unlock();
    release_handler(old);
}

void
mn_source_set_timer(struct mn_source *source, uint64_t start, uint64_t interval)
{
    uint64_t due = mn_time_deadline(start);

    mn_dispatch_lock();
    source->interval = interval == MN_TIME_FOREVER || interval > INT64_MAX ? 0 : interval;
    source->pending = 0;
    if (source->type != MN_SOURCE_TIMER || source->cancelled)
        due = MN_TIME_FOREVER;
    if (due == MN_TIME_FOREVER)
        mn_timer_unset(&source->timer);
    else
        mn_timer_set(&source->timer, due);
    mn_dispatch_unlock();
}

void
mn_source_suspend(struct mn_source *source)
{
    mn_dispatch_lock();
    source->suspended++;
    mn_dispatch_unlock();
}

bool
mn_source_resume(struct mn_source *source)
{
    bool was;

    mn_dispatch_lock();
    was = source->suspended != 0;
    if (was)
        source->suspended--;
    if (source->suspended == 0 && !source->cancelled)
        mn_source_event_start(&source->event);
    consider(source);
    mn_dispatch_unlock();
    return was;
}

void
mn_source_cancel(struct mn_source *source)
{
    mn_dispatch_lock();
    if (!source->cancelled) {
        source->cancelled = true;
        close_events(source);
        consider(source);
    }
    mn_dispatch_unlock();
}

bool
mn_source_cancelled(struct mn_source *source)
{
    bool cancelled;

    mn_dispatch_lock();
    cancelled = source->cancelled;
    mn_dispatch_unlock();
    return cancelled;
}

void
mn_source_merge(struct mn_source *source, uintptr_t data)
{
    mn_dispatch_lock();
    if (!source->cancelled && data != 0 &&
        (source->type == MN_SOURCE_DATA_ADD || source->type == MN_SOURCE_DATA_OR))
        add(source, data);
    mn_dispatch_unlock();
}

uintptr_t
mn_source_data(struct mn_source *source)
{
    uintptr_t data;

    mn_dispatch_lock();
    data = source->data;
    mn_dispatch_unlock();
    return data;
}

uintptr_t
mn_source_handle(struct mn_source *source)
{
    return source->handle;
}

uintptr_t
mn_source_mask(struct mn_source *source)
{
    return source->mask;
}

void
mn_source_set_target(struct mn_source *source, struct mn_queue *queue)
{
    struct mn_queue *old;

    mn_dispatch_lock();
    old = source->queue;
    source->queue = mn_queue_retain(queue != NULL ? queue : mn_queue_global(0));
    mn_dispatch_unlock();
    mn_queue_release(old);
}
