/* SPDX-License-Identifier: MIT */
/*
 * The elements of a method, that for all objects and those for single ones, are one batch: hooks whose data
 * are immutable lists. A change stages a batch with other lists and lets it replace the first by one store;
 * the engine gives the old lists back when the last call in them has left.
 *
 * Staging is done without the mutex, since it and its end may run code of the program; the point's count of
 * changes tells whether the lists are still right when the mutex is held for the switch.
 */
#include "compat/insteads.h"

#include "base/alloc.h"
#include "base/error.h"
#include "hook/batch.h"
#include "hook/edit.h"
#include "hook/site.h"
#include "value/own.h"

/* Members are used; class ones first, oldest first. */
struct insteads {
    size_t count;  /* those to run */
    size_t others; /* behind them, in a class's list: those of objects, whose calls are not for this list */
    struct mn_placed *members[];
};

/* ---- Calls ---- */

static id
receiver_of(const mend_call *call)
{
    return mn_site_receiver(call->site, call->frame);
}

/* The receiver's own element runs the class's insteads too. */
static bool
is_for_another(const struct insteads *list, id receiver)
{
    for (size_t i = list->count; i < list->count + list->others; i++)
        if (mn_placed_is_for(list->members[i], receiver))
            return true;
    return false;
}

static bool
run_all(const struct insteads *list, mend_call *call, id receiver)
{
    bool ran = false;

    for (size_t i = 0; i < list->count; i++)
        if (mn_placed_is_for(list->members[i], receiver))
            ran |= mn_placed_run(list->members[i], call);
    return ran;
}

static void
run_in_turn(mend_call *call, void *data)
{
    const struct insteads *list = data;
    id receiver = receiver_of(call);

    if (is_for_another(list, receiver) || !run_all(list, call, receiver))
        mn_call_proceed(call);
}

static void
run_the_nearest(mend_call *call, void *data)
{
    const struct insteads *list = data;
    id receiver = receiver_of(call);

    if (!is_for_another(list, receiver))
        for (size_t i = list->count; i-- > 0;)
            if (mn_placed_is_for(list->members[i], receiver) && mn_placed_run(list->members[i], call))
                return;
    mn_call_proceed(call);
}

/* ---- Lists ---- */

static void
free_list(void *data)
{
    struct insteads *list = data;

    for (size_t i = 0; list && i < list->count + list->others; i++)
        mn_placed_unuse(list->members[i]);
    mn_free(list);
}

static void
add_member(struct insteads *list, struct mn_placed *placed)
{
    mn_placed_use(placed);
    list->members[list->count++] = placed;
}

static bool
belongs(const struct mn_placed *placed)
{
    return placed->position == MEND_INSTEAD && atomic_load(&placed->state) != MN_PLACED_REMOVED &&
           !mn_placed_is_dead(placed);
}

/* All of a point, class ones first; NULL when there are none. Under the runtime's mutex. */
static mend_status
list_all(const struct mn_point *point, struct insteads **out, mend_error *err)
{
    size_t room = 0;
    struct insteads *list;

    *out = NULL;
    for (struct mn_placed *p = point->first; p; p = p->next)
        room += p->position == MEND_INSTEAD;
    if (room == 0)
        return MEND_OK;
    if (!(list = mn_calloc(1, sizeof *list + room * sizeof *list->members)))
        return mn_fail_memory(err);
    for (int of_object = 0; of_object <= 1; of_object++)
        for (struct mn_placed *p = point->first; p; p = p->next)
            if (p->of_object == of_object && belongs(p))
                add_member(list, p);
    if (list->count == 0) {
        mn_free(list);
        return MEND_OK;
    }
    *out = list;
    return MEND_OK;
}

/* The part of them that is for one object, or (nil) for all others. */
static struct insteads *
part_of(const struct insteads *all, id object)
{
    struct insteads *list = mn_calloc(1, sizeof *list + all->count * sizeof *list->members);

    if (!list)
        return NULL;
    for (size_t i = 0; i < all->count; i++)
        if (!all->members[i]->of_object || (object != nil && mn_placed_is_for(all->members[i], object)))
            add_member(list, all->members[i]);
    for (size_t i = 0; object == nil && i < all->count; i++)
        if (all->members[i]->of_object) {
            mn_placed_use(all->members[i]);
            list->members[list->count + list->others++] = all->members[i];
        }
    return list;
}

/* ---- The switch ---- */

static mend_status
stage_part(const struct mn_point *point, const struct insteads *all, id object, struct mn_batch *batch,
           mend_error *err)
{
    struct insteads *list = part_of(all, object);
    struct mn_batch_item item = {
        .cls = point->cls,
        .sel = point->sel,
        .object = object,
        .spec = {.position = MEND_INSTEAD,
                 .advice = point->face == MN_FACE_ASPECTS ? run_in_turn : run_the_nearest,
                 .data = list,
                 .release = free_list,
                 .options = MEND_HOOK_UNSAFE}}; /* the faces' own rules are checked before */
    mend_status st = list ? mn_batch_add(batch, &item, NULL, err) : mn_fail_memory(err);

    if (st != MEND_OK)
        free_list(list);
    return st;
}

/* One part for each object, when its first member is met. */
static mend_status
stage_object(const struct mn_point *point, const struct insteads *all, size_t index, struct mn_batch *batch,
             mend_error *err)
{
    id object = mn_weak_load(&all->members[index]->object);
    mend_status st = MEND_OK;
    size_t first = 0;

    if (object == nil)
        return MEND_OK;
    while (!all->members[first]->of_object || !mn_weak_is(&all->members[first]->object, object))
        first++;
    if (first == index)
        st = stage_part(point, all, object, batch, err);
    mn_release(object);
    return st;
}

static mend_status
stage_parts(const struct mn_point *point, const struct insteads *all, struct mn_batch *batch, mend_error *err)
{
    mend_status st = all->members[0]->of_object ? MEND_OK : stage_part(point, all, nil, batch, err);

    for (size_t i = 0; i < all->count && st == MEND_OK; i++)
        if (all->members[i]->of_object)
            st = stage_object(point, all, i, batch, err);
    return st;
}

static mend_status
stage(const struct mn_point *point, const struct insteads *all, struct mn_batch **batch, mend_error *err)
{
    mend_status st;

    if ((st = mn_batch_new(batch, err)) != MEND_OK)
        return st;
    mn_batch_release_staged(*batch);
    if ((st = stage_parts(point, all, *batch, err)) == MEND_OK)
        return st;
    mn_batch_free(*batch);
    *batch = NULL;
    return st;
}

/* Takes the element away if the point is as it was; false if not. */
static bool
take_away(struct mn_point *point, unsigned long changes)
{
    struct mn_batch *batch;
    bool current;

    mn_runtime_lock();
    current = point->changes == changes;
    batch = current ? point->insteads : NULL;
    if (batch) {
        point->insteads = NULL;
        point->changes++;
    }
    mn_runtime_unlock();
    mn_batch_free(batch);
    return current;
}

/* Puts a staged batch in place of the present one if the point is as it was; false if not. */
static bool
put(struct mn_point *point, unsigned long changes, struct mn_batch *batch, mend_status *st, mend_error *err)
{
    struct mn_batch *earlier;

    mn_edit_lock(); /* an edit: what falls due when prepare fails runs after it */
    if (point->changes != changes) {
        mn_edit_unlock(false);
        return false;
    }
    earlier = point->insteads;
    *st = mn_batch_prepare(batch, earlier, err);
    mn_edit_unlock(false); /* prepare has taken it once more */
    if (*st != MEND_OK)
        return true;
    point->insteads = batch;
    point->changes++;
    mn_batch_commit(batch);
    mn_batch_free(earlier);
    return true;
}

mend_status
mn_insteads_refresh(struct mn_point *point, mend_error *err)
{
    for (;;) {
        struct mn_batch *batch = NULL;
        struct insteads *all;
        unsigned long changes;
        mend_status st;

        mn_runtime_lock();
        changes = point->changes;
        st = list_all(point, &all, err);
        mn_runtime_unlock();
        if (st != MEND_OK)
            return st;
        if (!all) {
            if (take_away(point, changes))
                return MEND_OK;
            continue;
        }
        st = stage(point, all, &batch, err);
        free_list(all);
        if (st != MEND_OK)
            return st;
        if (put(point, changes, batch, &st, err) && st == MEND_OK)
            return MEND_OK;
        mn_batch_free(batch);
        if (st != MEND_OK)
            return st;
    }
}
