/* SPDX-License-Identifier: MIT */
#include "js/gate.h"

#include "js/engine.h"

#include <pthread.h>
#include <stddef.h>
#include <stdlib.h>
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
    __atomic_store_n(&inside, entry, __ATOMIC_RELAXED);
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

static double
patience_for_report(void)
{
    const char *text = getenv("MEND_JS_WAIT_REPORT");
    double seconds = text != NULL ? strtod(text, NULL) : 0;

    return seconds > 0 && seconds < 1e6 ? seconds : 5;
}

static struct timespec
after(double seconds)
{
    struct timespec limit;

    clock_gettime(CLOCK_REALTIME, &limit);
    limit.tv_sec += (time_t)seconds;
    limit.tv_nsec += (long)((seconds - (double)(time_t)seconds) * 1e9);
    limit.tv_sec += limit.tv_nsec / 1000000000L;
    limit.tv_nsec %= 1000000000L;
    return limit;
}

/* Asleep here instead of spinning in the engine, which lets this thread in only after the entries that began later. */
static void
wait_for_later_ones(void)
{
    struct timespec limit = after(patience_for_report());
    bool told = false;

    pthread_mutex_lock(&mutex);
    while (inside != own) { /* the newest comes first */
        if (told) {
            pthread_cond_wait(&changed, &mutex);
        } else if (pthread_cond_timedwait(&changed, &mutex, &limit) != 0) {
            pthread_mutex_unlock(&mutex);
            told = true;
            mn_js_report("a script waits to go on until another thread has left the script that it entered meanwhile; if "
                         "that one waits for the first, neither goes on: let no native call in a script wait for "
                         "another script (docs/design/javascript.md, Threads)");
            pthread_mutex_lock(&mutex);
        }
    }
    pthread_mutex_unlock(&mutex);
}

void
mn_js_resumes(void)
{
    if (own == NULL)
        return;
    if (__atomic_load_n(&own->stuck, __ATOMIC_RELAXED))
        __atomic_store_n(&own->stuck, false, __ATOMIC_RELAXED);
    if (__atomic_load_n(&inside, __ATOMIC_RELAXED) != own)
        wait_for_later_ones();
}
