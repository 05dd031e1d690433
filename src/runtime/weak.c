/* SPDX-License-Identifier: MIT */
/*
 * Weak references: a reference points to the object's entry in the table, never to the object.
 *
 * The count reaching zero and -dealloc are separate steps, and a load must not come between them. So an
 * object with weak references is released through a -release of ours, which decides under the lock that loads
 * take:
 *
 * Counted by word (NSObject's -retain and -release; nearly everything): one owner more or less is made right
 * there, on the word. The last owner's release marks the object under the lock, then runs NSObject's.
 *
 * Counted by itself: only its own -release knows which release is the last, and it is the host's code, so it
 * runs without the lock. A load waits while one is under way (a flight) until it returns or -dealloc begins.
 * While loads wait or send -retain (a pin), releases are put off: the loader makes them afterwards, when it
 * owns the object itself.
 *
 * A release can go past ours: it looked its method up before ours was installed (an autorelease pool being
 * emptied keeps methods for a while). For objects counted by word -dealloc then finds the owner that a load
 * has made meanwhile (death.c: lives_on); for the others only -dealloc itself makes references nil.
 *
 * `place` is an entry's address with its shard in the low bits, so that the lock is known before the entry is
 * touched. An entry is freed under its lock, when the last reference has gone.
 */
#include "base/error.h"
#include "runtime/count.h"
#include "runtime/death.h"
#include "runtime/exception.h"
#include "runtime/objects.h"
#include "runtime/override.h"
#include "runtime/plain.h"
#include "runtime/tracked.h"

#include <stdint.h>

/* ---- This thread's releases under way ---- */

/* Deeper ones are not noted: a load of such an object inside its own -release waits its second. */
enum { NOTED = 16 };
static _Thread_local struct {
    struct mn_tracked *releasing[NOTED]; /* held */
    unsigned depth;
} here;

static bool
in_flight_here(const struct mn_tracked *t)
{
    for (unsigned i = 0; i < here.depth && i < NOTED; i++)
        if (here.releasing[i] == t)
            return true;
    return false;
}

void
mn_weak_forget_threads(struct mn_tracked *t)
{
    t->flights = in_flight_here(t) ? 1 : 0;
    t->pins = t->waiting = 0;
}

/* ---- References to entries ---- */

static void *
place_of(struct mn_tracked *t)
{
    return (void *)((uintptr_t)t | t->shard);
}

static struct mn_tracked *
entry_in(void *place)
{
    return (struct mn_tracked *)((uintptr_t)place & ~(uintptr_t)(MN_SHARDS - 1));
}

static unsigned
shard_in(void *place)
{
    return (unsigned)((uintptr_t)place & (MN_SHARDS - 1));
}

/* The entry it refers to, its shard locked; NULL, nothing locked, when it is empty. Once the lock is held and
 * the place is the same, its reference cannot be dropped. */
static struct mn_tracked *
open_weak(mn_weak *weak)
{
    void *place = __atomic_load_n(&weak->place, __ATOMIC_ACQUIRE);

    while (place != NULL) {
        void *again;

        mn_shard_lock(shard_in(place));
        again = __atomic_load_n(&weak->place, __ATOMIC_ACQUIRE);
        if (again == place)
            return entry_in(place);
        mn_shard_unlock(shard_in(place));
        place = again;
    }
    return NULL;
}

/* `fresh` brings its reference with it. */
static void
put(mn_weak *weak, void *fresh)
{
    void *old = __atomic_exchange_n(&weak->place, fresh, __ATOMIC_ACQ_REL);

    if (old != NULL)
        mn_tracked_drop(entry_in(old));
}

mend_status
mn_weak_store(mn_weak *weak, id object, mend_error *err)
{
    unsigned shard = mn_shard_of(object);
    const struct mn_level *level;
    struct mn_tracked *t;
    mend_status st;

    if (object == nil) {
        put(weak, NULL);
        return MEND_OK;
    }
    if ((st = mn_death_prepare(object, MN_DEATH_WEAK, err)) != MEND_OK)
        return st;
    level = mn_override_of(mn_object_class(object), MN_OVERRIDE_RELEASE);
    mn_shard_lock(shard);
    t = mn_tracked_make(object);
    if (t == NULL || t->life != MN_LIFE_ALIVE) {
        mn_shard_unlock(shard);
        return t == NULL ? mn_fail_memory(err)
                         : mn_fail(err, MEND_REFUSED_OBJECT, "the object is being deallocated");
    }
    t->by_word = level != NULL && level->by_word;
    t->references++;
    mn_shard_unlock(shard);
    put(weak, place_of(t));
    return MEND_OK;
}

void
mn_weak_copy(mn_weak *to, mn_weak *from)
{
    struct mn_tracked *t = open_weak(from);

    if (t != NULL) {
        mn_tracked_hold(t);
        mn_shard_unlock(t->shard);
    }
    put(to, t != NULL ? place_of(t) : NULL);
}

bool
mn_weak_is(mn_weak *weak, id object)
{
    struct mn_tracked *t = open_weak(weak);
    id now = nil;

    if (t != NULL) {
        now = t->life == MN_LIFE_ALIVE ? t->object : nil;
        mn_shard_unlock(t->shard);
    }
    return now == object;
}

void
mn_weak_fini(mn_weak *weak)
{
    put(weak, NULL);
}

/* ---- Objects that count themselves ---- */

/* Lets go of the lock. Makes the releases that were put off, unless another load still wants them put off.
 * Each gives back an owner's reference, so the object is there for all of them. */
static void
make_deferred(struct mn_tracked *t)
{
    id object = t->object;
    size_t deferred = 0;

    if (t->pins == 0 && t->waiting == 0) {
        deferred = t->deferred;
        t->deferred = 0;
    }
    mn_shard_unlock(t->shard);
    while (deferred-- > 0)
        mn_send_void(object, MN_SELECTOR("release"));
}

static void
unpin(struct mn_tracked **pinned)
{
    mn_shard_lock((*pinned)->shard);
    (*pinned)->pins--;
    make_deferred(*pinned);
}

/* No release is under way and none can begin: the object stays while the host's -retain runs. Lets go of the
 * lock. */
static id
retain_pinned(struct mn_tracked *t)
{
    MN_SCOPED(unpin) struct mn_tracked *pinned = t;
    id object = pinned->object;

    pinned->pins++;
    mn_shard_unlock(pinned->shard);
    mn_send(object, MN_SELECTOR("retain"));
    return object;
}

/* False: gone, or nobody can tell: inside its own -release, or a second passed. */
static bool
wait_for_flights(struct mn_tracked *t)
{
    bool in_time = !in_flight_here(t);

    t->waiting++;
    while (in_time && t->flights > 0 && t->life == MN_LIFE_ALIVE)
        in_time = !mn_shard_wait(t->shard);
    t->waiting--;
    return t->flights == 0 && t->life == MN_LIFE_ALIVE;
}

static void
drop(struct mn_tracked **held)
{
    mn_tracked_drop(*held);
}

/* Lets go of the lock. */
static id
load_uncounted(struct mn_tracked *t)
{
    MN_SCOPED(drop) struct mn_tracked *held = t;

    mn_tracked_hold(held);
    if (held->flights == 0 || wait_for_flights(held))
        return retain_pinned(held);
    make_deferred(held);
    return nil;
}

static void
land(struct mn_tracked **flight)
{
    struct mn_tracked *t = *flight;

    here.depth--;
    mn_shard_lock(t->shard);
    if (t->flights > 0 && --t->flights == 0 && t->waiting > 0)
        mn_shard_wake(t->shard);
    mn_shard_unlock(t->shard);
    mn_tracked_drop(t);
}

/* Holding the lock, which is let go. */
static void
release_uncounted(struct mn_tracked *t, id object, SEL sel, IMP next)
{
    MN_SCOPED(land) struct mn_tracked *flight = t;

    if (here.depth < NOTED)
        here.releasing[here.depth] = flight;
    here.depth++;
    flight->flights++;
    mn_tracked_hold(flight);
    mn_shard_unlock(flight->shard);
    mn_run_void(next, object, sel);
}

/* ---- Loading and releasing ---- */

id
mn_weak_load(mn_weak *weak)
{
    struct mn_tracked *t = open_weak(weak);
    id object = nil;

    if (t == NULL)
        return nil;
    if (t->life != MN_LIFE_ALIVE) {
        mn_shard_unlock(t->shard);
        return nil;
    }
    if (!t->by_word)
        return load_uncounted(t);
    if (mn_count_retain(t->object)) {
        object = t->object;
        t->loaded = true;
    }
    mn_shard_unlock(t->shard);
    return object;
}

/* What our -release does with an object that is in the table. Each way out lets go of the lock. */
void
mn_weak_release(id object, SEL sel, const struct mn_level *level)
{
    IMP next = mn_override_next(level, object, sel);
    unsigned shard = mn_shard_of(object);
    struct mn_tracked *t;

    mn_shard_lock(shard);
    t = mn_tracked_find(object);
    if (t != NULL && t->references > 0 && t->life == MN_LIFE_ALIVE && !in_flight_here(t)) {
        if (!t->by_word && (t->pins > 0 || t->waiting > 0)) {
            t->deferred++;
            mn_shard_unlock(shard);
            return;
        }
        if (!t->by_word) {
            release_uncounted(t, object, sel, next);
            return;
        }
        if (mn_count_release_but_last(object)) {
            mn_shard_unlock(shard);
            return;
        }
        t->life = MN_LIFE_LETTING_GO;
    }
    mn_shard_unlock(shard);
    mn_run_void(next, object, sel);
}
