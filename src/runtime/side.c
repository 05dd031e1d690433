/* SPDX-License-Identifier: MIT */
/*
 * Side storage: a list of values at the object's entry, by key. Objects have a handful, so the list is
 * walked.
 *
 * A value has a count of its own: a reader that retains it outside the lock keeps the node, so the writer
 * that replaces it meanwhile does not release it under the reader.
 */
#include "base/alloc.h"
#include "base/error.h"
#include "runtime/death.h"
#include "runtime/exception.h"
#include "runtime/objects.h"
#include "runtime/plain.h"
#include "runtime/tracked.h"

struct mn_side_value {
    struct mn_side_value *next;
    const void *key;
    void *value;
    void (*destroy)(void *value);
    bool is_object;
    unsigned holders; /* the list, readers; guarded by no lock: atomic */
};

static void
release_object(void *value)
{
    mn_send_void(value, MN_SELECTOR("release"));
}

static void
let_go(struct mn_side_value **value)
{
    struct mn_side_value v;

    if (*value == NULL || __atomic_sub_fetch(&(*value)->holders, 1, __ATOMIC_ACQ_REL) != 0)
        return;
    v = **value;
    mn_free(*value);
    if (v.destroy != NULL)
        v.destroy(v.value);
}

static void
let_go_of_all(struct mn_side_value **values)
{
    while (*values != NULL) {
        struct mn_side_value *first = *values;

        *values = first->next;
        let_go(&first);
    }
}

/* One that throws does not keep the others. */
void
mn_side_values_free(struct mn_side_value *values)
{
    MN_SCOPED(let_go_of_all) struct mn_side_value *rest = values;

    let_go_of_all(&rest);
}

/* ---- The list; holding the lock ---- */

/* Where the value of a key is linked, or the end of the list. */
static struct mn_side_value **
place_of(struct mn_tracked *t, const void *key)
{
    struct mn_side_value **at = &t->values;

    while (*at != NULL && (*at)->key != key)
        at = &(*at)->next;
    return at;
}

/* The value that was there is the caller's. */
static struct mn_side_value *
exchange(struct mn_tracked *t, const void *key, struct mn_side_value *fresh)
{
    struct mn_side_value **at = place_of(t, key), *old = *at;

    if (fresh != NULL) {
        fresh->next = old != NULL ? old->next : NULL;
        *at = fresh;
    } else if (old != NULL) {
        *at = old->next;
    }
    return old;
}

/* ---- Storing ---- */

static mend_status
check(id object, const void *key, mend_error *err)
{
    if (key == NULL)
        return mn_fail(err, MEND_INVALID, "a side value needs a key");
    return mn_death_prepare(object, MN_DEATH_END, err);
}

/* The entry, its shard locked on success. */
static mend_status
open_entry(id object, struct mn_tracked **entry, mend_error *err)
{
    unsigned shard = mn_shard_of(object);

    mn_shard_lock(shard);
    *entry = mn_tracked_make(object);
    if (*entry != NULL && (*entry)->life < MN_LIFE_CLOSED)
        return MEND_OK;
    mn_shard_unlock(shard);
    if (*entry == NULL)
        return mn_fail_memory(err);
    return mn_fail(err, MEND_REFUSED_OBJECT, "the object is being freed");
}

/* Consumes fresh on success only. */
static mend_status
store(id object, struct mn_side_value *fresh, mend_error *err)
{
    struct mn_side_value *old;
    struct mn_tracked *t;
    mend_status st;

    if ((st = open_entry(object, &t, err)) != MEND_OK)
        return st;
    old = exchange(t, fresh->key, fresh);
    mn_shard_unlock(t->shard);
    let_go(&old);
    return MEND_OK;
}

mend_status
mn_side_set(id object, const void *key, id value, enum mn_side_policy policy, mend_error *err)
{
    MN_SCOPED(let_go) struct mn_side_value *fresh = NULL; /* also when -copy throws */
    mend_status st;

    if ((st = check(object, key, err)) != MEND_OK)
        return st;
    if (value == nil) {
        mn_side_remove(object, key);
        return MEND_OK;
    }
    if ((fresh = mn_calloc(1, sizeof(*fresh))) == NULL)
        return mn_fail_memory(err);
    *fresh = (struct mn_side_value){.key = key, .is_object = true, .holders = 1};
    fresh->value = mn_send(value, policy == MN_SIDE_COPY ? MN_SELECTOR("copy") : MN_SELECTOR("retain"));
    fresh->destroy = release_object;
    if ((st = store(object, fresh, err)) == MEND_OK)
        fresh = NULL;
    return st;
}

mend_status
mn_side_set_pointer(id object, const void *key, void *pointer, void (*destroy)(void *pointer),
                    mend_error *err)
{
    struct mn_side_value *fresh;
    mend_status st;

    if ((st = check(object, key, err)) != MEND_OK)
        return st;
    if ((fresh = mn_calloc(1, sizeof(*fresh))) == NULL)
        return mn_fail_memory(err);
    *fresh = (struct mn_side_value){.key = key, .value = pointer, .destroy = destroy, .holders = 1};
    if ((st = store(object, fresh, err)) != MEND_OK)
        mn_free(fresh);
    return st;
}

/* What is there already wins. */
static mend_status
add(struct mn_tracked *t, struct mn_side_value **fresh, void **now, mend_error *err)
{
    struct mn_side_value *old = *place_of(t, (*fresh)->key);

    if (old != NULL && old->is_object)
        return mn_fail(err, MEND_EXISTS, "the key has an Objective-C value");
    *now = old != NULL ? old->value : (*fresh)->value;
    if (old == NULL) {
        exchange(t, (*fresh)->key, *fresh);
        *fresh = NULL;
    }
    return MEND_OK;
}

mend_status
mn_side_add_pointer(id object, const void *key, void *pointer, void (*destroy)(void *pointer), void **now,
                    mend_error *err)
{
    struct mn_side_value *fresh;
    struct mn_tracked *t;
    mend_status st;

    *now = NULL;
    if ((st = check(object, key, err)) != MEND_OK)
        return st;
    if ((fresh = mn_calloc(1, sizeof(*fresh))) == NULL)
        return mn_fail_memory(err);
    *fresh = (struct mn_side_value){.key = key, .value = pointer, .destroy = destroy, .holders = 1};
    if ((st = open_entry(object, &t, err)) == MEND_OK) {
        unsigned shard = t->shard;

        st = add(t, &fresh, now, err);
        mn_shard_unlock(shard);
    }
    mn_free(fresh);
    return st;
}

/* ---- Reading and removing ---- */

/* The value of a key, held for the caller. */
static struct mn_side_value *
hold(id object, const void *key)
{
    struct mn_side_value *value = NULL;
    struct mn_tracked *t;
    unsigned shard = mn_shard_of(object);

    if (object == nil || !mn_tracked_perhaps(object))
        return NULL;
    mn_shard_lock(shard);
    t = mn_tracked_find(object);
    if (t != NULL && (value = *place_of(t, key)) != NULL)
        __atomic_add_fetch(&value->holders, 1, __ATOMIC_RELAXED);
    mn_shard_unlock(shard);
    return value;
}

id
mn_side_get(id object, const void *key)
{
    MN_SCOPED(let_go) struct mn_side_value *value = hold(object, key);

    return value != NULL && value->is_object ? mn_send(value->value, MN_SELECTOR("retain")) : nil;
}

void *
mn_side_peek_pointer(id object, const void *key)
{
    MN_SCOPED(let_go) struct mn_side_value *value = hold(object, key);

    return value != NULL && !value->is_object ? value->value : NULL;
}

bool
mn_side_remove(id object, const void *key)
{
    struct mn_side_value *old = NULL;
    struct mn_tracked *t;
    unsigned shard = mn_shard_of(object);
    bool was;

    if (object == nil || !mn_tracked_perhaps(object))
        return false;
    mn_shard_lock(shard);
    t = mn_tracked_find(object);
    if (t != NULL) {
        old = exchange(t, key, NULL);
        mn_tracked_settle(t);
    }
    mn_shard_unlock(shard);
    was = old != NULL;
    let_go(&old);
    return was;
}

void
mn_side_remove_all(id object)
{
    struct mn_side_value *values = NULL;
    struct mn_tracked *t;
    unsigned shard = mn_shard_of(object);

    if (object == nil || !mn_tracked_perhaps(object))
        return;
    mn_shard_lock(shard);
    t = mn_tracked_find(object);
    if (t != NULL) {
        values = t->values;
        t->values = NULL;
        mn_tracked_settle(t);
    }
    mn_shard_unlock(shard);
    mn_side_values_free(values);
}
