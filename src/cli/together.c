/* SPDX-License-Identifier: MIT */
/* A few threads that take the next number until none is left. This one is the first of them. */
#include "cli/together.h"

#include <pthread.h>
#include <stdatomic.h>

/* One stopped process holds up one thread: enough that a handful of those holds up nobody. */
enum { THREADS = 64, STACK_BYTES = 256 << 10 };

struct work {
    size_t count;
    _Atomic size_t next;
    void (*one)(void *data, size_t index);
    void *data;
};

static void *
work(void *data)
{
    struct work *w = data;

    for (size_t i; (i = atomic_fetch_add(&w->next, 1)) < w->count;)
        w->one(w->data, i);
    return NULL;
}

void
mn_together(size_t count, void (*one)(void *data, size_t index), void *data)
{
    struct work w = {.count = count, .one = one, .data = data};
    pthread_t threads[THREADS];
    pthread_attr_t attributes;
    size_t started = 0;

    if (count > 1 && pthread_attr_init(&attributes) == 0) {
        pthread_attr_setstacksize(&attributes, STACK_BYTES);
        while (started < THREADS && started < count - 1 &&
               pthread_create(&threads[started], &attributes, work, &w) == 0)
            started++;
        pthread_attr_destroy(&attributes);
    }
    work(&w);
    while (started > 0)
        pthread_join(threads[--started], NULL);
}
