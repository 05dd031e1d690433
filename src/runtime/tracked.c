/* SPDX-License-Identifier: MIT */
/*
 * The table of tracked objects: in each shard a chained hash, the chain through the entries themselves.
 *
 * It is not a struct mn_map because it is asked on the way of -release and -dealloc: a look-up hashes one
 * word and taking out frees nothing but the entry. The first buckets are part of the shard; growing may fail,
 * then chains get longer.
 */
#include "runtime/objects.h"
#include "runtime/tracked.h"

#include "base/alloc.h"

#include <assert.h>
#include <pthread.h>
#include <stdalign.h>
#include <time.h>

enum { FIRST_BUCKETS = 16, PATIENCE_SECONDS = 1 };

struct shard {
    alignas(64) pthread_mutex_t lock;
    pthread_cond_t changed;
    struct mn_tracked **buckets;
    size_t count, capacity; /* capacity is a power of two */
    struct mn_tracked *first[FIRST_BUCKETS];
};

static struct shard shards[MN_SHARDS];
static size_t tracked; /* entries not freed; atomic */
static pthread_once_t once = PTHREAD_ONCE_INIT;
static int unfit; /* what kept the handlers of fork() from being set */

uint16_t mn_tracked_filter[1 << MN_FILTER_BITS];

static_assert(MN_SHARDS <= alignof(max_align_t),
              "a shard's number fits into the low bits of an entry's address");

/* ---- Shards ---- */

static void
make_locks(void)
{
    pthread_condattr_t monotonic;

    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    for (unsigned i = 0; i < MN_SHARDS; i++) {
        pthread_mutex_init(&shards[i].lock, NULL);
        pthread_cond_init(&shards[i].changed, &monotonic);
    }
    pthread_condattr_destroy(&monotonic);
}

/* The runtime's mutex comes first here as everywhere: +load and +initialize use the table while they hold it.
 */
static void
before_fork(void)
{
    mn_runtime_lock();
    for (unsigned i = 0; i < MN_SHARDS; i++)
        pthread_mutex_lock(&shards[i].lock);
}

static void
after_fork_in_parent(void)
{
    for (unsigned i = 0; i < MN_SHARDS; i++)
        pthread_mutex_unlock(&shards[i].lock);
    mn_runtime_unlock();
}

static void
after_fork_in_child(void)
{
    make_locks();
    for (unsigned i = 0; i < MN_SHARDS; i++)
        for (size_t b = 0; b < shards[i].capacity; b++)
            for (struct mn_tracked *t = shards[i].buckets[b]; t != NULL; t = t->next)
                mn_weak_forget_threads(t);
    mn_runtime_unlock();
}

static void
start(void)
{
    make_locks();
    for (unsigned i = 0; i < MN_SHARDS; i++) {
        shards[i].buckets = shards[i].first;
        shards[i].capacity = FIRST_BUCKETS;
    }
    unfit = pthread_atfork(before_fork, after_fork_in_parent, after_fork_in_child);
}

/* As soon as the library is there: a fork beside the first use would find no handler. */
__attribute__((constructor)) static void
start_early(void)
{
    pthread_once(&once, start);
}

unsigned
mn_shard_of(id object)
{
    return (unsigned)((uintptr_t)object * 0x9e3779b97f4a7c15u >> 32) % MN_SHARDS;
}

void
mn_shard_lock(unsigned shard)
{
    pthread_once(&once, start);
    pthread_mutex_lock(&shards[shard].lock);
}

void
mn_shard_unlock(unsigned shard)
{
    pthread_mutex_unlock(&shards[shard].lock);
}

bool
mn_shard_wait(unsigned shard)
{
    struct timespec until;
    int cancel, result;

    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += PATIENCE_SECONDS;
    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &cancel);
    result = pthread_cond_timedwait(&shards[shard].changed, &shards[shard].lock, &until);
    pthread_setcancelstate(cancel, NULL);
    return result != 0;
}

void
mn_shard_wake(unsigned shard)
{
    pthread_cond_broadcast(&shards[shard].changed);
}

/* ---- Entries ---- */

static struct mn_tracked **
bucket_of(const struct shard *s, id object)
{
    return &s->buckets[((uintptr_t)object * 0x9e3779b97f4a7c15u >> 40) & (s->capacity - 1)];
}

static void
move_to(struct shard *s, struct mn_tracked **buckets, size_t capacity)
{
    struct shard old = *s;

    s->buckets = buckets;
    s->capacity = capacity;
    for (size_t i = 0; i < old.capacity; i++)
        for (struct mn_tracked *t = old.buckets[i], *next; t != NULL; t = next) {
            struct mn_tracked **head = bucket_of(s, t->object);

            next = t->next;
            t->next = *head;
            *head = t;
        }
    if (old.buckets != s->first)
        mn_free(old.buckets);
}

static void
grow(struct shard *s)
{
    struct mn_tracked **buckets = mn_calloc(s->capacity * 2, sizeof(struct mn_tracked *));

    if (buckets != NULL)
        move_to(s, buckets, s->capacity * 2);
}

struct mn_tracked *
mn_tracked_find(id object)
{
    struct mn_tracked *t = *bucket_of(&shards[mn_shard_of(object)], object);

    while (t != NULL && t->object != object)
        t = t->next;
    return t;
}

struct mn_tracked *
mn_tracked_make(id object)
{
    struct mn_tracked *t = mn_tracked_find(object), **head;
    struct shard *s = &shards[mn_shard_of(object)];

    if (t != NULL || unfit != 0 || (t = mn_calloc(1, sizeof(*t))) == NULL)
        return t;
    if (s->count >= s->capacity)
        grow(s);
    t->object = object;
    t->shard = (unsigned)(s - shards);
    head = bucket_of(s, object);
    t->next = *head;
    *head = t;
    s->count++;
    __atomic_fetch_add(&mn_tracked_filter[mn_filter_place(object)], 1, __ATOMIC_RELAXED);
    __atomic_fetch_add(&tracked, 1, __ATOMIC_RELAXED);
    return t;
}

static void
unlink_entry(struct mn_tracked *t)
{
    struct shard *s = &shards[t->shard];
    struct mn_tracked **at = bucket_of(s, t->object);

    while (*at != t)
        at = &(*at)->next;
    *at = t->next;
    if (--s->count == 0 && s->buckets != s->first) {
        for (unsigned i = 0; i < FIRST_BUCKETS; i++)
            s->first[i] = NULL;
        mn_free(s->buckets);
        s->buckets = s->first;
        s->capacity = FIRST_BUCKETS;
    }
    __atomic_fetch_sub(&mn_tracked_filter[mn_filter_place(t->object)], 1, __ATOMIC_RELAXED);
}

static void
free_entry(struct mn_tracked *t)
{
    mn_free(t);
    __atomic_fetch_sub(&tracked, 1, __ATOMIC_RELAXED);
}

void
mn_tracked_settle(struct mn_tracked *t)
{
    if (t->references != 0 || t->values != NULL || t->watches != NULL)
        return;
    if (t->life != MN_LIFE_GONE)
        unlink_entry(t);
    free_entry(t);
}

void
mn_tracked_detach(struct mn_tracked *t)
{
    if (t->life == MN_LIFE_GONE)
        return;
    unlink_entry(t);
    t->life = MN_LIFE_GONE;
    t->object = nil;
    mn_tracked_settle(t);
}

void
mn_tracked_hold(struct mn_tracked *t)
{
    t->references++;
}

void
mn_tracked_drop(struct mn_tracked *t)
{
    unsigned shard = t->shard;

    mn_shard_lock(shard);
    t->references--;
    mn_tracked_settle(t);
    mn_shard_unlock(shard);
}

size_t
mn_objects_tracked(void)
{
    return __atomic_load_n(&tracked, __ATOMIC_RELAXED);
}
