/* SPDX-License-Identifier: MIT */
/*
 * The table from an object's address to what is known of it: side values, watches, weak references.
 *
 * An object is in the table exactly while one of these three is there, and never longer than it lives: the
 * address is given up before the memory is (death.c), so whoever finds an entry has found this very object.
 * Private to tracked.c, side.c, weak.c, death.c.
 *
 * Sixteen shards, chosen by address, each with a lock; every field below is guarded by the shard's. Order of
 * locks: the runtime's mutex, then one shard's. Nothing of the host runs and no second lock is taken under a
 * shard's lock.
 */
#ifndef MN_RUNTIME_TRACKED_H
#define MN_RUNTIME_TRACKED_H

#include "runtime/runtime.h"

#include <stdint.h>

enum mn_life {
    MN_LIFE_ALIVE,
    MN_LIFE_LETTING_GO, /* the last owner has let go: weak references are nil */
    MN_LIFE_DYING,      /* in -dealloc: watches have run or are running */
    MN_LIFE_CLOSED,     /* side values are being released */
    MN_LIFE_GONE        /* no longer in the table; the address may be somebody else's */
};

struct mn_tracked {
    id object;
    struct mn_tracked *next; /* in the table's chain */
    unsigned shard;
    enum mn_life life;
    size_t references; /* weak references, and threads that keep it across a call-out */
    struct mn_side_value *values;
    struct mn_watch *watches;

    /* Of weak references (weak.c). */
    bool by_word;     /* NSObject's own -retain and -release count it, in the word before the object */
    bool loaded;      /* a weak load has given it away at least once */
    unsigned flights; /* the host's -release of it under way, */
    unsigned pins;    /* -retain for a weak load under way, */
    unsigned waiting; /* loads waiting for flights to end: only for objects not counted by that word */
    size_t deferred;  /* releases that arrived during the latter two, to be made by the loader */
};

enum { MN_SHARDS = 16 }; /* a shard's number fits beside a pointer from mn_malloc */

unsigned mn_shard_of(id object);
void mn_shard_lock(unsigned shard);
void mn_shard_unlock(unsigned shard);

/* Lets the lock go until the next mn_shard_wake, for at most a second (true: a second passed). Not a
 * cancellation point. */
bool mn_shard_wait(unsigned shard);
void mn_shard_wake(unsigned shard);

/* The entry of an object, or NULL. Holding its shard's lock. */
struct mn_tracked *mn_tracked_find(id object);

/* The same, made if there is none; NULL: no memory. */
struct mn_tracked *mn_tracked_make(id object);

/* Frees the entry if nothing is in it any more. Holding the lock; call it after taking anything out. */
void mn_tracked_settle(struct mn_tracked *t);

/* Takes the entry out of the table: the object's address means nothing from here on. Values and watches must
 * have been taken. Frees it if nobody refers to it. */
void mn_tracked_detach(struct mn_tracked *t);

/* One more or one less reference from a thread that keeps the entry across a call-out. The second takes the
 * lock itself. */
void mn_tracked_hold(struct mn_tracked *t);
void mn_tracked_drop(struct mn_tracked *t);

/*
 * How many entries have addresses with this hash: 0 means that the object is in no table. What -dealloc and
 * -release of every object of an overridden class look at. Read without a lock: whoever puts an object into
 * the table owns it, so its last release comes later.
 */
#define MN_FILTER_BITS 16
extern uint16_t mn_tracked_filter[1 << MN_FILTER_BITS];

/* Neighbours in memory are neighbours here: an autorelease pool or an array lets go of many in a row. */
static inline size_t
mn_filter_place(id object)
{
    uintptr_t address = (uintptr_t)object >> 4;

    return (size_t)((address ^ address >> MN_FILTER_BITS) & ((1 << MN_FILTER_BITS) - 1));
}

static inline bool
mn_tracked_perhaps(id object)
{
    return __atomic_load_n(&mn_tracked_filter[mn_filter_place(object)], __ATOMIC_RELAXED) != 0;
}

/* Releases a list of side values taken out of an entry; without a lock (side.c). */
void mn_side_values_free(struct mn_side_value *values);

/* What a fork leaves behind in the child: the other threads' flights, pins and waits (weak.c). */
void mn_weak_forget_threads(struct mn_tracked *t);

#endif
