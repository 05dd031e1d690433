/* SPDX-License-Identifier: MIT */
/*
 * The death of an object: what happens when a -dealloc of ours meets one that is in the table.
 *
 * Two levels matter. At the first that runs (the object's concrete class, unless its class was changed since)
 * dying begins: weak references become nil, watches run. At the root class's, whose own -dealloc frees the
 * memory, it ends: side values are released and the address is given up. The levels between let pass. A
 * -dealloc that never reaches the root class (objects kept for reuse) ends the object when it returns.
 *
 * A load of a weak reference can come between the last release and -dealloc where that release went past our
 * -release (weak.c says when). Then the count shows an owner here, and the object lives on: the release that
 * sent -dealloc was not the last.
 */
#include "runtime/death.h"

#include "base/alloc.h"
#include "base/error.h"
#include "runtime/blocks.h"
#include "runtime/count.h"
#include "runtime/exception.h"
#include "runtime/objects.h"
#include "runtime/override.h"
#include "runtime/plain.h"
#include "runtime/tracked.h"

struct mn_watch {
    struct mn_watch *next;
    void (*fn)(id object, void *data);
    void *data;
    struct mn_tracked *owner; /* good while pending */
    unsigned shard, holders;  /* the owner's list or the running fn; whoever may cancel */
    bool pending;
};

/* ---- Getting ready ---- */

static Class
root_of(Class cls)
{
    Class super;

    while ((super = mn_class_super(cls)) != Nil)
        cls = super;
    return cls;
}

static mend_status
refuse(id object, const char *why, const char *remedy, mend_error *err)
{
    mn_fail_method(err, MEND_REFUSED_OBJECT, mn_class_name(mn_object_class(object)), NULL, "%s", why);
    mn_remedy(err, "%s", remedy);
    return MEND_REFUSED_OBJECT;
}

/* The root class first: a class that has its level needs no more. */
static mend_status
install(Class cls, enum mn_death_use use, mend_error *err)
{
    enum mn_override last = use == MN_DEATH_WEAK ? MN_OVERRIDE_RELEASE : MN_OVERRIDE_DEALLOC;
    mend_status st;

    if (mn_override_of(cls, last) != NULL && mn_override_of(cls, MN_OVERRIDE_DEALLOC) != NULL)
        return MEND_OK;
    if ((st = mn_override_install(root_of(cls), MN_OVERRIDE_DEALLOC, err)) != MEND_OK || use == MN_DEATH_END)
        return st;
    if ((st = mn_override_install(cls, MN_OVERRIDE_DEALLOC, err)) != MEND_OK || use == MN_DEATH_START)
        return st;
    return mn_override_install(cls, MN_OVERRIDE_RELEASE, err);
}

mend_status
mn_death_prepare(id object, enum mn_death_use use, mend_error *err)
{
    if (object == nil)
        return mn_fail(err, MEND_INVALID, "there is no object: nil");
    if (mn_object_is_block(object))
        return mn_fail(err, MEND_REFUSED_OBJECT, "a block dies without -dealloc: nothing tells when");
    if (mn_object_is_class(object))
        return MEND_OK; /* lives as long as the process */
    return install(mn_object_class(object), use, err);
}

/* ---- Watches ---- */

mend_status
mn_object_on_death(id object, void (*fn)(id object, void *data), void *data, struct mn_watch **watch,
                   mend_error *err)
{
    struct mn_watch *fresh, **last;
    struct mn_tracked *t;
    unsigned shard = mn_shard_of(object);
    mend_status st;

    if (watch != NULL)
        *watch = NULL;
    if ((st = mn_death_prepare(object, MN_DEATH_START, err)) != MEND_OK)
        return st;
    if ((fresh = mn_calloc(1, sizeof(*fresh))) == NULL)
        return mn_fail_memory(err);
    mn_shard_lock(shard);
    t = mn_tracked_make(object);
    if (t == NULL || t->life != MN_LIFE_ALIVE) {
        mn_shard_unlock(shard);
        mn_free(fresh);
        return t == NULL ? mn_fail_memory(err)
                         : refuse(object, "the object is being deallocated", "watch it earlier", err);
    }
    *fresh = (struct mn_watch){.fn = fn, .data = data, .owner = t, .shard = shard, .pending = true};
    fresh->holders = watch != NULL ? 2 : 1;
    for (last = &t->watches; *last != NULL; last = &(*last)->next)
        ;
    *last = fresh;
    mn_shard_unlock(shard);
    if (watch != NULL)
        *watch = fresh;
    return MEND_OK;
}

/* Holding the lock. */
static void
let_go(struct mn_watch *watch)
{
    if (--watch->holders == 0)
        mn_free(watch);
}

static void
take_out(struct mn_watch *watch)
{
    struct mn_watch **at = &watch->owner->watches;

    while (*at != watch)
        at = &(*at)->next;
    *at = watch->next;
    watch->pending = false;
}

bool
mn_watch_cancel(struct mn_watch *watch)
{
    unsigned shard;
    bool pending;

    if (watch == NULL)
        return false;
    shard = watch->shard;
    mn_shard_lock(shard);
    pending = watch->pending;
    if (pending) {
        take_out(watch);
        mn_tracked_settle(watch->owner);
        let_go(watch);
    }
    let_go(watch);
    mn_shard_unlock(shard);
    return pending;
}

static void
run_watches(id object, struct mn_tracked *t)
{
    struct mn_watch *watch;

    mn_shard_lock(t->shard);
    while ((watch = t->watches) != NULL) {
        take_out(watch);
        mn_shard_unlock(t->shard);
        watch->fn(object, watch->data);
        mn_shard_lock(t->shard);
        let_go(watch);
    }
    mn_shard_unlock(t->shard);
}

/* ---- Dying ---- */

static void
run_next(id object, SEL sel, const struct mn_level *level)
{
    mn_run_void(mn_override_next(level, object, sel), object, sel);
}

static void
give_up_address(struct mn_tracked **held)
{
    mn_shard_lock((*held)->shard);
    mn_tracked_detach(*held);
    mn_shard_unlock((*held)->shard);
}

/* From here on nothing can be stored beside the object: what a value's -release does cannot outlive it. */
static void
close_entry(struct mn_tracked *t)
{
    MN_SCOPED(give_up_address) struct mn_tracked *held = t;
    struct mn_side_value *values = NULL;

    mn_shard_lock(held->shard);
    if (held->life < MN_LIFE_CLOSED) {
        held->life = MN_LIFE_CLOSED;
        values = held->values;
        held->values = NULL;
    }
    mn_shard_unlock(held->shard);
    mn_side_values_free(values);
}

static void
leave(struct mn_tracked **held)
{
    close_entry(*held);
    mn_tracked_drop(*held);
}

/* Holding the lock. Only where no -dealloc of the host has run yet can the object be given back. */
static bool
lives_on(struct mn_tracked *t, const struct mn_level *level)
{
    return t->life == MN_LIFE_ALIVE && t->by_word && t->loaded &&
           level->change.cls == mn_object_class(t->object) && mn_count_release_but_last(t->object);
}

/* Holding the lock. */
static void
begin(struct mn_tracked *t)
{
    t->life = MN_LIFE_DYING;
    if (t->waiting > 0)
        mn_shard_wake(t->shard);
}

static void
die(id object, SEL sel, const struct mn_level *level, struct mn_tracked *t)
{
    MN_SCOPED(leave) struct mn_tracked *held = t;

    run_watches(object, held);
    if (level->root)
        close_entry(held);
    run_next(object, sel, level);
}

void
mn_death_dealloc(id object, SEL sel, const struct mn_level *level)
{
    unsigned shard = mn_shard_of(object);
    struct mn_tracked *t;

    mn_shard_lock(shard);
    t = mn_tracked_find(object);
    if (t != NULL && lives_on(t, level)) {
        mn_shard_unlock(shard);
        return;
    }
    if (t == NULL || (t->life >= MN_LIFE_DYING && !level->root)) {
        mn_shard_unlock(shard);
        run_next(object, sel, level);
        return;
    }
    if (t->life < MN_LIFE_DYING)
        begin(t);
    mn_tracked_hold(t);
    mn_shard_unlock(shard);
    die(object, sel, level, t);
}
