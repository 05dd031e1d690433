/* SPDX-License-Identifier: MIT */
/*
 * Installing methods on libobjc2 and Apple's runtime, by their own functions, which are made for programs that run: a
 * dispatch table's entry is the method's record, so that changing it is one store that every subclass sees, and adding a
 * method is under the runtime's lock.
 *
 * Neither can take a method away again. One that was added over an inherited one stays as a vestige, whose
 * implementation is the inherited one's: it is treated as if it were not there, follows what Mend changes above it, and
 * is used again by the next change of the same method. What the host changes above it by itself, it does not follow.
 * One that was added where there was nothing stays as it is, and passes on to nothing: MN_CHANGE_FOREIGN.
 */
#include "runtime/install.h"
#include "runtime/modern.h"

#include "base/alloc.h"
#include "base/error.h"
#include "base/map.h"

#include <stdatomic.h>

/* A method that Mend has added to a class. Never freed once committed. */
struct added {
    struct added *next; /* set before it is published */
    Class cls;
    SEL sel;
    Method method;
    atomic_bool idle; /* a vestige */
};

static _Atomic(struct added *) all_added; /* changed under our mutex */
static struct mn_change *staying;         /* all that never go, newest first; under the mutex */
static atomic_ulong epoch;

unsigned long
mn_runtime_epoch(void)
{
    return atomic_load_explicit(&epoch, memory_order_acquire);
}

static struct added *
added_of(Class cls, Method method)
{
    struct added *a = atomic_load_explicit(&all_added, memory_order_acquire);

    while (a != NULL && (a->cls != cls || a->method != method))
        a = a->next;
    return a;
}

bool
modern_is_vestige(Class cls, Method method)
{
    const struct added *a = added_of(cls, method);

    return a != NULL && atomic_load_explicit(&a->idle, memory_order_acquire);
}

/* ---- Preparing ---- */

static bool
is_addition(const struct mn_change *change)
{
    return change->owner != change->cls;
}

/* The record of a change: of an addition, what this file knows of it. */
static Method
method_of(const struct mn_change *change)
{
    return is_addition(change) ? ((const struct added *)change->record)->method : (Method)change->record;
}

static mend_status
fail(mend_error *err, mend_status status, const struct mn_change *change, const char *why)
{
    return mn_fail_method(err, status, mn_class_name(change->cls), mn_selector_name(change->sel), "%s", why);
}

static mend_status
check(const struct mn_change *change, mend_error *err)
{
    if (change->cls == Nil)
        return fail(err, MEND_NO_CLASS, change, "there is no class to install the method on");
    if (!mn_class_registered(change->cls))
        return fail(err, MEND_NO_CLASS, change, "the class is still being built");
    if (change->sel == NULL)
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
    uintptr_t key[2] = {(uintptr_t)change->cls, (uintptr_t)mn_selector(mn_selector_name(change->sel))};

    if (mn_map_get(seen, key, sizeof(key)) != NULL)
        return fail(err, MEND_INVALID, change, "the same method is in the batch twice");
    if (!mn_map_set(seen, key, sizeof(key), (void *)change))
        return mn_fail_memory(err);
    return MEND_OK;
}

/* A vestige, or a fresh one with no method yet. */
static mend_status
prepare_addition(struct mn_change *change, mend_error *err)
{
    Method vestige = modern_own_method(change->cls, change->sel);
    struct added *a = vestige != NULL ? added_of(change->cls, vestige) : NULL;

    if (a == NULL) {
        if ((a = mn_calloc(1, sizeof(*a))) == NULL)
            return mn_fail_memory(err);
        a->cls = change->cls;
        a->sel = change->sel;
    }
    change->record = a;
    return MEND_OK;
}

static mend_status
prepare_one(struct mn_change *change, struct mn_map *seen, mend_error *err)
{
    struct mn_method method = {0};
    bool found;
    mend_status st;

    if ((st = check(change, err)) != MEND_OK)
        return st;
    if (seen != NULL && (st = check_distinct(seen, change, err)) != MEND_OK)
        return st;
    found = mn_method_find(change->cls, change->sel, &method);
    if (!found && change->types == NULL)
        return fail(err, MEND_NO_METHOD, change,
                    "the class has no such method, and no encoding was given for a new one");
    change->owner = method.owner;
    change->original = method.imp;
    change->next = method.owner == change->cls ? method.imp : NULL;
    if (!is_addition(change))
        change->record = modern_own_method(change->cls, change->sel);
    else if ((st = prepare_addition(change, err)) != MEND_OK)
        return st;
    if (change->types == NULL)
        change->types = method.types;
    change->state = MN_CHANGE_PREPARED;
    return MEND_OK;
}

static void
forget(struct mn_change *change)
{
    if (change->state != MN_CHANGE_PREPARED)
        return;
    if (is_addition(change) && ((struct added *)change->record)->method == NULL)
        mn_free(change->record);
    change->state = MN_CHANGE_IDLE;
    change->record = NULL;
}

mend_status
mn_install_prepare(struct mn_install *batch, struct mn_change *const *changes, size_t count, mend_error *err)
{
    struct mn_map seen = MN_MAP_EMPTY;
    mend_status st = MEND_OK;
    size_t i;

    *batch = (struct mn_install){.changes = changes, .count = count};
    mn_runtime_lock();
    for (i = 0; i < count && st == MEND_OK; i++)
        st = prepare_one(changes[i], count > 1 ? &seen : NULL, err);
    mn_map_fini(&seen);
    if (st == MEND_OK)
        return MEND_OK; /* the mutex stays ours until commit or abandon */
    while (i-- > 0)
        forget(changes[i]);
    mn_runtime_unlock();
    return st;
}

/* ---- Putting into effect, or not ---- */

/* What the code of the method relies on is seen by whoever finds it. */
static void
set_implementation(Method method, IMP imp)
{
    atomic_thread_fence(memory_order_release);
    method_setImplementation(method, imp);
}

static void
add(struct mn_change *change, struct added *a)
{
    atomic_thread_fence(memory_order_release);
    class_addMethod(change->cls, change->sel, change->imp, change->types);
    a->method = modern_own_method(change->cls, change->sel);
    a->next = atomic_load_explicit(&all_added, memory_order_relaxed);
    atomic_store_explicit(&all_added, a, memory_order_release);
}

/* Vestiges below a class, after its method has changed: each runs what its superclass runs now. */
static void
let_follow(Class cls, SEL sel)
{
    for (struct added *a = atomic_load_explicit(&all_added, memory_order_relaxed); a != NULL; a = a->next) {
        struct mn_method above;

        if (atomic_load_explicit(&a->idle, memory_order_relaxed) && a->cls != cls &&
            mn_selector_equal(a->sel, sel) && mn_class_inherits(a->cls, cls) &&
            mn_method_find(mn_class_super(a->cls), sel, &above))
            set_implementation(a->method, above.imp);
    }
}

static void
commit_one(struct mn_change *change)
{
    struct added *a = change->record;

    if (!is_addition(change)) {
        set_implementation(change->record, change->imp);
    } else if (a->method == NULL) {
        add(change, a);
    } else {
        atomic_store_explicit(&a->idle, false, memory_order_release);
        set_implementation(a->method, change->imp);
    }
    let_follow(change->cls, change->sel);
    change->state = MN_CHANGE_INSTALLED;
    if (change->stays) {
        change->older = staying;
        staying = change;
    }
}

static void
finish(struct mn_install *batch)
{
    *batch = (struct mn_install){0};
    mn_runtime_unlock();
}

void
mn_install_commit(struct mn_install *batch)
{
    for (size_t i = 0; i < batch->count; i++)
        commit_one(batch->changes[i]);
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

    while (c != NULL && (method_of(c) != method_of(change) || c->next != change->imp))
        c = c->older;
    return c;
}

static bool
holds_our_imp(const struct mn_change *change)
{
    const struct mn_change *top = above(change);

    return method_getImplementation(method_of(change)) == (top != NULL ? top->imp : change->imp);
}

bool
mn_install_stands(const struct mn_change *change)
{
    bool stands;

    if (change->state != MN_CHANGE_INSTALLED && change->state != MN_CHANGE_FOREIGN)
        return false; /* (who hid a foreign one may have left) */
    mn_runtime_lock();
    stands = holds_our_imp(change) && modern_own_method(change->cls, change->sel) == method_of(change);
    mn_runtime_unlock();
    return stands;
}

/* False: nothing lies below that could be run instead. */
static bool
revert_record(struct mn_change *change)
{
    struct mn_method inherited;

    if (!is_addition(change)) {
        set_implementation(change->record, change->original);
        return true;
    }
    if (!mn_method_find(mn_class_super(change->cls), change->sel, &inherited))
        return false;
    set_implementation(method_of(change), inherited.imp);
    atomic_store_explicit(&((struct added *)change->record)->idle, true, memory_order_release);
    return true;
}

static mend_status
revert_change(struct mn_change *change, mend_error *err)
{
    bool hidden = modern_own_method(change->cls, change->sel) != method_of(change);
    struct mn_change *top = above(change);
    mend_status st = MEND_OK;

    if (!holds_our_imp(change)) {
        st = fail(err, MEND_FOREIGN_IMP, change, "someone else has replaced the method since");
    } else if (top != NULL) {
        __atomic_store_n(&top->next, change->next, __ATOMIC_RELEASE);
    } else if (!revert_record(change)) {
        st = fail(err, MEND_FOREIGN_IMP, change,
                  "this Objective-C runtime cannot take an added method away again: it stays, and does nothing");
    }
    if (st == MEND_OK && hidden)
        st = fail(err, MEND_FOREIGN_IMP, change, "someone else has replaced the method since");
    change->state = st == MEND_OK ? MN_CHANGE_IDLE : MN_CHANGE_FOREIGN;
    let_follow(change->cls, change->sel);
    return st;
}

mend_status
mn_install_revert(struct mn_change *const *changes, size_t count, mend_error *err)
{
    mend_status st = MEND_OK, one;

    mn_runtime_lock();
    for (size_t i = count; i-- > 0;)
        if (changes[i]->state == MN_CHANGE_INSTALLED && (one = revert_change(changes[i], err)) != MEND_OK)
            st = one;
    atomic_fetch_add_explicit(&epoch, count, memory_order_acq_rel);
    mn_runtime_unlock();
    return st;
}

mend_status
mn_install_revert_one(struct mn_change *change, mend_error *err)
{
    struct mn_change *const changes[] = {change};

    return mn_install_revert(changes, 1, err);
}
