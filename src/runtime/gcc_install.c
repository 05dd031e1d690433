/* SPDX-License-Identifier: MIT */
/*
 * Installing methods on GCC's runtime: the record in the class's method lists first, then the dispatch
 * tables.
 *
 * A method the class has is changed in its record. One it lacks gets a list of one record, linked in front.
 * Taken back, that list is unlinked but kept for ever (class_getInstanceMethod walks without a lock, and a
 * host may keep the Method): it waits in `additions` until the same method is added to the same class again,
 * so hooking and unhooking in a loop uses the same memory.
 */
#include "runtime/gcc_table.h"
#include "runtime/install.h"

#include "base/alloc.h"
#include "base/error.h"
#include "base/map.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

/* A list of one record that Mend adds to a class. Its memory is the runtime's from the first linking on. */
struct addition {
    struct gcc_method_list *next; /* this and the next two are a gcc_method_list */
    int count;
    struct gcc_method record;
    struct addition *chained; /* in `additions`; immutable once there */
    struct gcc_bucket
        *retired; /* the class's own bucket for this place, while it shares its superclass's again */
    Class cls;
    bool linked;
    char types[];
};

_Static_assert(offsetof(struct addition, record) == offsetof(struct gcc_method_list, methods),
               "an addition is a method list of one");

static struct addition *additions[1024]; /* by class and bucket; under the mutex */
static struct mn_change *staying;        /* all that never go, newest first; under the mutex */
static atomic_ulong epoch;

unsigned long
mn_runtime_epoch(void)
{
    return atomic_load_explicit(&epoch, memory_order_acquire);
}

/* ---- Additions ---- */

static struct addition **
additions_of(Class cls, SEL sel)
{
    uintptr_t hash = ((uintptr_t)cls >> 4) * 31 + gcc_sel_bucket(sel);

    return &additions[hash % (sizeof(additions) / sizeof(additions[0]))];
}

static struct addition *
addition_of(struct gcc_method *record)
{
    return (struct addition *)((char *)record - offsetof(struct addition, record));
}

/* One that waits for this method, encoding included: a reader may still look at the text. */
static struct addition *
addition_find(Class cls, SEL sel, const char *types)
{
    for (struct addition *a = *additions_of(cls, sel); a != NULL; a = a->chained)
        if (!a->linked && a->cls == cls && mn_selector_equal(a->record.name, sel) &&
            strcmp(a->types, types) == 0)
            return a;
    return NULL;
}

/* Unlinked and in no chain: abandon frees it if it is not linked by then. */
static struct addition *
addition_new(Class cls, SEL sel, const char *types)
{
    size_t length = strlen(types) + 1;
    struct addition *a = mn_gcc_alloc(sizeof(*a) + length);

    if (a == NULL)
        return NULL;
    memset(a, 0, sizeof(*a));
    memcpy(a->types, types, length);
    a->count = 1;
    a->cls = cls;
    a->record.types = a->types;
    a->record.name = mn_selector_typed(mn_selector_name(sel), types);
    return a;
}

static bool
addition_waits(const struct addition *wanted)
{
    const struct addition *a = *additions_of(wanted->cls, wanted->record.name);

    while (a != NULL && a != wanted)
        a = a->chained;
    return a != NULL;
}

static void
addition_link(struct addition *a, IMP imp)
{
    struct gcc_class *cls = gcc_class(a->cls);
    struct addition **chain = additions_of(a->cls, a->record.name);

    if (!addition_waits(a)) {
        a->chained = *chain;
        *chain = a;
    }
    a->linked = true;
    GCC_PUBLISH(a->record.imp, imp);
    GCC_PUBLISH(a->next, cls->methods);
    GCC_PUBLISH(cls->methods, (struct gcc_method_list *)a);
}

/* The place where the class's retired bucket for that selector is kept, by whichever addition retired it
 * last. */
static struct gcc_bucket **
retired_place(struct addition *added)
{
    for (struct addition *a = *additions_of(added->cls, added->record.name); a != NULL; a = a->chained)
        if (a->retired != NULL && a->cls == added->cls &&
            gcc_sel_bucket(a->record.name) == gcc_sel_bucket(added->record.name))
            return &a->retired;
    return &added->retired;
}

static void
addition_unlink(struct addition *a)
{
    struct gcc_method_list **place = &gcc_class(a->cls)->methods;

    while (*place != NULL && *place != (struct gcc_method_list *)a)
        place = &(*place)->next;
    if (*place != NULL)
        GCC_PUBLISH(*place, a->next);
    a->linked = false;
}

/* ---- Preparing ---- */

static bool
is_addition(const struct mn_change *change)
{
    return change->owner != change->cls;
}

static mend_status
fail(mend_error *err, mend_status status, const struct mn_change *change, const char *why)
{
    const char *sel = mn_selector_name(change->sel);

    return mn_fail_method(err, status, mn_class_name(change->cls), sel, "%s", why);
}

static mend_status
check(const struct mn_change *change, mend_error *err)
{
    if (change->cls == Nil)
        return fail(err, MEND_NO_CLASS, change, "there is no class to install the method on");
    if (!mn_class_registered(change->cls))
        return fail(err, MEND_NO_CLASS, change, "the class is still being built");
    if (!gcc_sel_mapped(change->sel))
        return fail(err, MEND_INVALID, change, "no registered selector was given");
    if (change->imp == NULL)
        return fail(err, MEND_INVALID, change, "no implementation was given");
    if (change->state == MN_CHANGE_PREPARED)
        return fail(err, MEND_INVALID, change, "the same change is in the batch twice");
    if (change->state != MN_CHANGE_IDLE)
        return fail(err, MEND_INVALID, change, "the change is already installed");
    return MEND_OK;
}

/* Two changes of one method in one batch would each take the other's IMP for the original. */
static mend_status
check_distinct(struct mn_map *seen, const struct mn_change *change, mend_error *err)
{
    uintptr_t key[2] = {(uintptr_t)change->cls, gcc_sel_id(change->sel)};

    if (mn_map_get(seen, key, sizeof(key)) != NULL)
        return fail(err, MEND_INVALID, change, "the same method is in the batch twice");
    if (!mn_map_set(seen, key, sizeof(key), (void *)change))
        return mn_fail_memory(err);
    return MEND_OK;
}

/* Finds what the method is now, and gets the record it will have. */
static mend_status
prepare_record(struct mn_change *change, mend_error *err)
{
    Class owner;
    struct gcc_method *record = mn_gcc_find_record(change->cls, change->sel, &owner);
    const char *types = change->types;
    struct addition *a;

    if (record == NULL && types == NULL)
        return fail(err, MEND_NO_METHOD, change,
                    "the class has no such method, and no encoding was given for a new one");
    change->owner = owner;
    change->original = record != NULL ? record->imp : NULL;
    change->next = owner == change->cls ? change->original : NULL;
    change->record = record;
    if (!is_addition(change))
        return MEND_OK;
    if (types == NULL)
        types = record->types;
    a = addition_find(change->cls, change->sel, types);
    if (a == NULL)
        a = addition_new(change->cls, change->sel, types);
    change->record = a != NULL ? &a->record : NULL;
    return a != NULL ? MEND_OK : mn_fail_memory(err);
}

static mend_status
prepare_tables(const struct mn_change *change, struct gcc_spares *spares, mend_error *err)
{
    size_t need;

    if (!mn_gcc_table_grow(change->cls, change->sel))
        return mn_fail_memory(err);
    need = mn_gcc_table_need(change->cls, change->sel);
    if (!mn_gcc_spares_fill(spares, spares->count + need))
        return mn_fail_memory(err);
    return MEND_OK;
}

static mend_status
prepare_one(struct mn_change *change, struct mn_map *seen, struct gcc_spares *spares, mend_error *err)
{
    mend_status st;

    if ((st = check(change, err)) != MEND_OK)
        return st;
    if (seen != NULL && (st = check_distinct(seen, change, err)) != MEND_OK)
        return st;
    if ((st = prepare_record(change, err)) != MEND_OK)
        return st;
    change->state = MN_CHANGE_PREPARED; /* from here on forget() has something to undo */
    return prepare_tables(change, spares, err);
}

static void
forget(struct mn_change *change)
{
    if (change->state != MN_CHANGE_PREPARED)
        return;
    if (is_addition(change) && !addition_waits(addition_of(change->record)))
        free(addition_of(change->record));
    change->state = MN_CHANGE_IDLE;
    change->record = NULL;
}

mend_status
mn_install_prepare(struct mn_install *batch, struct mn_change *const *changes, size_t count, mend_error *err)
{
    struct mn_map seen = MN_MAP_EMPTY;
    struct gcc_spares *spares;
    mend_status st = MEND_OK;
    size_t i;

    *batch = (struct mn_install){.changes = changes, .count = count};
    spares = batch->spare = mn_calloc(1, sizeof(*spares));
    if (spares == NULL)
        return mn_fail_memory(err);
    mn_runtime_lock();
    for (i = 0; i < count && st == MEND_OK; i++)
        st = prepare_one(changes[i], count > 1 ? &seen : NULL, spares, err);
    mn_map_fini(&seen);
    if (st == MEND_OK)
        return MEND_OK; /* the mutex stays ours until commit or abandon */
    while (i-- > 0)
        forget(changes[i]);
    mn_gcc_spares_free(spares);
    mn_free(spares);
    mn_runtime_unlock();
    return st;
}

/* ---- Putting into effect, or not ---- */

static void
finish(struct mn_install *batch)
{
    mn_gcc_spares_free(batch->spare);
    mn_free(batch->spare);
    *batch = (struct mn_install){0};
    mn_runtime_unlock();
}

static void
commit_one(struct mn_change *change, struct gcc_spares *spares)
{
    struct gcc_method *record = change->record;

    if (is_addition(change)) {
        struct addition *a = addition_of(record);
        struct gcc_bucket **retired = retired_place(a);

        addition_link(a, change->imp);
        mn_gcc_table_lend(change->cls, change->sel, *retired);
        mn_gcc_table_write(change->cls, change->sel, change->imp, spares);
        *retired = mn_gcc_table_lend_back();
    } else {
        GCC_PUBLISH(record->imp, change->imp);
        mn_gcc_table_write(change->cls, change->sel, change->imp, spares);
    }
    if (mn_class_is_meta(
            change->cls)) /* clang's mark, which makes the runtime's own functions misread the class */
        gcc_class(change->cls)->info &= ~(unsigned long)GCC_IN_CONSTRUCTION;
    change->state = MN_CHANGE_INSTALLED;
    if (change->stays) {
        change->older = staying;
        staying = change;
    }
}

void
mn_install_commit(struct mn_install *batch)
{
    for (size_t i = 0; i < batch->count; i++)
        commit_one(batch->changes[i], batch->spare);
    atomic_fetch_add_explicit(&epoch, batch->count, memory_order_acq_rel);
    finish(batch);
}

void
mn_install_abandon(struct mn_install *batch)
{
    for (size_t i = 0; i < batch->count; i++)
        forget(batch->changes[i]);
    finish(batch);
}

mend_status
mn_install_one(struct mn_change *change, mend_error *err)
{
    struct mn_change *const changes[] = {change};
    struct mn_install batch;
    mend_status st = mn_install_prepare(&batch, changes, 1, err);

    if (st == MEND_OK)
        mn_install_commit(&batch);
    return st;
}

/* ---- Taking back ---- */

/* The change that stays and that was put on top of this one, or NULL. */
static struct mn_change *
above(const struct mn_change *change)
{
    struct mn_change *c = staying;

    while (c != NULL && (c->record != change->record || c->next != change->imp))
        c = c->older;
    return c;
}

static bool
holds_our_imp(const struct mn_change *change)
{
    const struct mn_change *top = above(change);

    return ((const struct gcc_method *)change->record)->imp == (top != NULL ? top->imp : change->imp);
}

/* The record stays with the one on top, which runs what this one ran from here on. */
static void
revert_beneath(const struct mn_change *change, struct mn_change *top)
{
    GCC_PUBLISH(top->next, change->next);
}

bool
mn_install_stands(const struct mn_change *change)
{
    bool stands;

    if (change->state != MN_CHANGE_INSTALLED && change->state != MN_CHANGE_FOREIGN)
        return false; /* (who hid a foreign one may have left) */
    mn_runtime_lock();
    stands = holds_our_imp(change) && mn_gcc_own_record(change->cls, change->sel) == change->record;
    mn_runtime_unlock();
    return stands;
}

static void
revert_record(struct mn_change *change)
{
    struct gcc_method *record = change->record;

    if (is_addition(change))
        addition_unlink(addition_of(record));
    else
        GCC_PUBLISH(record->imp, change->original);
}

/* The tables then show what the records say, whoever wrote those. */
static void
revert_tables(struct mn_change *change, struct gcc_spares *spares)
{
    Class owner;
    const struct gcc_method *now = mn_gcc_find_record(change->cls, change->sel, &owner);
    struct gcc_bucket *retired;

    mn_gcc_table_write(change->cls, change->sel, now != NULL ? now->imp : NULL, spares);
    if (!is_addition(change))
        return;
    retired = mn_gcc_table_share(change->cls, change->sel);
    if (retired != NULL)
        *retired_place(addition_of(change->record)) = retired;
}

static bool
revert_change(struct mn_change *change, struct gcc_spares *spares)
{
    bool hidden = mn_gcc_own_record(change->cls, change->sel) != change->record;

    if (!holds_our_imp(change)) {
        change->state = MN_CHANGE_FOREIGN;
        return false;
    }
    if (above(change) != NULL) {
        revert_beneath(change, above(change));
    } else {
        revert_record(change);
        revert_tables(change, spares);
    }
    change->state = hidden ? MN_CHANGE_FOREIGN : MN_CHANGE_IDLE;
    return !hidden;
}

static mend_status
revert_need(struct mn_change *const *changes, size_t count, struct gcc_spares *spares, mend_error *err)
{
    for (size_t i = 0; i < count; i++) {
        size_t need;

        if (changes[i]->state != MN_CHANGE_INSTALLED)
            continue;
        need = mn_gcc_table_need(changes[i]->cls, changes[i]->sel);
        if (!mn_gcc_spares_fill(spares, spares->count + need))
            return mn_fail_memory(err);
    }
    return MEND_OK;
}

mend_status
mn_install_revert(struct mn_change *const *changes, size_t count, mend_error *err)
{
    struct gcc_spares spares = {0};
    mend_status st;

    mn_runtime_lock();
    st = revert_need(changes, count, &spares, err);
    for (size_t i = st == MEND_OK ? count : 0; i-- > 0;) {
        if (changes[i]->state != MN_CHANGE_INSTALLED || revert_change(changes[i], &spares))
            continue;
        st = fail(err, MEND_FOREIGN_IMP, changes[i], "someone else has replaced the method since");
    }
    atomic_fetch_add_explicit(&epoch, count, memory_order_acq_rel);
    mn_gcc_spares_free(&spares);
    mn_runtime_unlock();
    return st;
}

mend_status
mn_install_revert_one(struct mn_change *change, mend_error *err)
{
    struct mn_change *const changes[] = {change};

    return mn_install_revert(changes, 1, err);
}
