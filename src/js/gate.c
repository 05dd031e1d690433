/* SPDX-License-Identifier: MIT */
#include "js/gate.h"

#include <pthread.h>
#include <stddef.h>
#include <time.h>

enum { PATIENCE_MS = 500 };

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static struct mn_js_entry *inside; /* one a thread */
static _Thread_local struct mn_js_entry *own;

static bool
somebody_moves(void)
{
    for (const struct mn_js_entry *e = inside; e != NULL; e = e->next)
        if (!__atomic_load_n(&e->stuck, __ATOMIC_RELAXED))
            return true;
    return false;
}

/* With the mutex: until the others have left or are stuck. */
static void
wait_for_others(void)
{
    struct timespec limit;

    clock_gettime(CLOCK_REALTIME, &limit);
    limit.tv_nsec += PATIENCE_MS * 1000000L;
    limit.tv_sec += limit.tv_nsec / 1000000000L;
    limit.tv_nsec %= 1000000000L;
    while (somebody_moves())
        if (pthread_cond_timedwait(&changed, &mutex, &limit) != 0) {
            for (struct mn_js_entry *e = inside; e != NULL; e = e->next)
                __atomic_store_n(&e->stuck, true, __ATOMIC_RELAXED);
            return;
        }
}

void
mn_js_enter(struct mn_js_entry *entry)
{
    *entry = (struct mn_js_entry){.counts = own == NULL};
    if (!entry->counts)
        return;
    pthread_mutex_lock(&mutex);
    if (inside != NULL && somebody_moves())
        wait_for_others();
    entry->next = inside;
    inside = entry;
    pthread_mutex_unlock(&mutex);
    own = entry;
}

void
mn_js_leave(struct mn_js_entry *entry)
{
    struct mn_js_entry **place = &inside;

    if (!entry->counts)
        return;
    own = NULL;
    pthread_mutex_lock(&mutex);
    while (*place != NULL && *place != entry)
        place = &(*place)->next;
    if (*place == entry)
        *place = entry->next;
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&mutex);
}

void
mn_js_blocks(void)
{
    if (own == NULL)
        return;
    pthread_mutex_lock(&mutex);
    __atomic_store_n(&own->stuck, true, __ATOMIC_RELAXED);
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&mutex);
}

void
mn_js_resumes(void)
{
    if (own != NULL && __atomic_load_n(&own->stuck, __ATOMIC_RELAXED))
        __atomic_store_n(&own->stuck, false, __ATOMIC_RELAXED);
}
