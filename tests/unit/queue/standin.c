/* SPDX-License-Identifier: MIT */
/* A libdispatch in one thread: a queue is a list, and whoever waits for one runs it. */
#include "standin.h"

#include <stdlib.h>
#include <string.h>

#define EXPORT __attribute__((visibility("default")))

struct piece {
    struct piece *next;
    void *context;
    void (*run)(void *);
};

struct queue {
    struct piece *first, **last;
    const char *label;
    int owners, suspended;
    struct queue *target;
};

struct standin_counts standin;
EXPORT struct queue _dispatch_main_q;
EXPORT struct queue _dispatch_queue_attr_concurrent;
static struct queue global;

static void
add(struct queue *queue, void *context, void (*run)(void *))
{
    struct piece *piece = malloc(sizeof *piece);

    *piece = (struct piece){NULL, context, run};
    if (queue->first == NULL)
        queue->last = &queue->first;
    *queue->last = piece;
    queue->last = &piece->next;
}

static void
drain(struct queue *queue)
{
    while (queue->first != NULL && queue->suspended == 0) {
        struct piece *piece = queue->first;

        queue->first = piece->next;
        piece->run(piece->context);
        free(piece);
    }
}

EXPORT struct queue *
dispatch_queue_create(const char *label, const void *attribute)
{
    struct queue *queue = calloc(1, sizeof *queue);

    queue->owners = 1;
    queue->label = label;
    standin.queues++;
    standin.concurrent += attribute == &_dispatch_queue_attr_concurrent;
    return queue;
}

EXPORT struct queue *
dispatch_get_global_queue(long priority, unsigned long flags)
{
    (void)priority;
    (void)flags;
    return &global;
}

EXPORT void
dispatch_retain(struct queue *queue)
{
    queue->owners++;
}

EXPORT void
dispatch_release(struct queue *queue)
{
    if (--queue->owners == 0) {
        standin.queues--;
        free(queue);
    }
}

EXPORT void
dispatch_suspend(struct queue *queue)
{
    queue->suspended++;
}

EXPORT void
dispatch_resume(struct queue *queue)
{
    queue->suspended--;
}

EXPORT void
dispatch_set_target_queue(struct queue *queue, struct queue *target)
{
    queue->target = target;
    standin.targets++;
}

EXPORT void
dispatch_async_f(struct queue *queue, void *context, void (*run)(void *))
{
    standin.async++;
    add(queue, context, run);
}

EXPORT void
dispatch_sync_f(struct queue *queue, void *context, void (*run)(void *))
{
    standin.sync++;
    add(queue, context, run);
    drain(queue);
}

EXPORT void
dispatch_barrier_async_f(struct queue *queue, void *context, void (*run)(void *))
{
    standin.barriers++;
    add(queue, context, run);
}

EXPORT void
dispatch_barrier_sync_f(struct queue *queue, void *context, void (*run)(void *))
{
    standin.barriers++;
    add(queue, context, run);
    drain(queue);
}

EXPORT const char *
dispatch_queue_get_label(struct queue *queue)
{
    return queue->label;
}

EXPORT void
_dispatch_main_queue_callback_4CF(void *message)
{
    (void)message;
    drain(&_dispatch_main_q);
}
