/* SPDX-License-Identifier: MIT */
/*
 * The element is a batch of one hook whose data is an immutable list. A change stages a batch with another
 * list and lets it replace the first; the engine gives the old list back when the last call in it has left.
 *
 * Staging is done without the mutex, since ending it may run code of the program; the point's count of
 * changes tells whether the list is still right when the mutex is held for the switch.
 */
#include "compat/insteads.h"

#include "base/alloc.h"
#include "base/error.h"
#include "hook/batch.h"
#include "hook/site.h"

struct insteads {
    size_t count;
    struct mn_placed *members[]; /* each used; class ones, then object ones, oldest first */
};

/* ---- Calls ---- */

static void
run_in_turn(mend_call *call, void *data)
{
    const struct insteads *list = data;
    id receiver = mn_site_receiver(call->site, call->frame);
    bool ran = false;

    for (size_t i = 0; i < list->count; i++)
        if (mn_placed_is_for(list->members[i], receiver))
            ran |= mn_placed_run(list->members[i], call);
    if (!ran)
        mn_call_proceed(call);
}

static void
run_the_nearest(mend_call *call, void *data)
{
    const struct insteads *list = data;
    id receiver = mn_site_receiver(call->site, call->frame);

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

    if (!list)
        return;
    for (size_t i = 0; i < list->count; i++)
        mn_placed_unuse(list->members[i]);
    mn_free(list);
}

static bool
belongs(const struct mn_placed *placed)
{
    return placed->position == MEND_INSTEAD && atomic_load(&placed->state) != MN_PLACED_REMOVED &&
           !mn_placed_is_dead(placed);
}

/* Under the runtime's mutex. *out is NULL when there are none. */
static mend_status
new_list(const struct mn_point *point, struct insteads **out, mend_error *err)
{
    size_t count = 0;
    struct insteads *list;

    *out = NULL;
    for (struct mn_placed *p = point->first; p; p = p->next)
        count += belongs(p);
    if (count == 0)
        return MEND_OK;
    if (!(list = mn_calloc(1, sizeof *list + count * sizeof *list->members)))
        return mn_fail_memory(err);
    for (int of_object = 0; of_object <= 1; of_object++)
        for (struct mn_placed *p = point->first; p; p = p->next)
            if (belongs(p) && p->of_object == of_object && list->count < count) {
                mn_placed_use(p);
                list->members[list->count++] = p;
            }
    *out = list;
    return MEND_OK;
}

/* ---- The switch ---- */

static mend_status
stage(const struct mn_point *point, struct insteads *list, struct mn_batch **batch, mend_error *err)
{
    struct mn_batch_item item = {
        .cls = point->cls,
        .sel = point->sel,
        .spec = {.position = MEND_INSTEAD,
                 .advice = point->face == MN_FACE_ASPECTS ? run_in_turn : run_the_nearest,
                 .data = list,
                 .release = free_list,
                 .options = MEND_HOOK_UNSAFE}}; /* the faces' own rules are checked before */
    mend_status st;

    if ((st = mn_batch_new(batch, err)) != MEND_OK)
        return st;
    if ((st = mn_batch_add(*batch, &item, NULL, err)) != MEND_OK) {
        mn_batch_free(*batch);
        *batch = NULL;
    }
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

    mn_runtime_lock();
    if (point->changes != changes) {
        mn_runtime_unlock();
        return false;
    }
    earlier = point->insteads;
    *st = mn_batch_prepare(batch, earlier, err);
    mn_runtime_unlock(); /* prepare has taken it once more */
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
        struct insteads *list;
        unsigned long changes;
        mend_status st;

        mn_runtime_lock();
        changes = point->changes;
        st = new_list(point, &list, err);
        mn_runtime_unlock();
        if (st != MEND_OK)
            return st;
        if (!list) {
            if (take_away(point, changes))
                return MEND_OK;
            continue;
        }
        if ((st = stage(point, list, &batch, err)) == MEND_OK && put(point, changes, batch, &st, err) &&
            st == MEND_OK)
            return MEND_OK;
        mn_batch_free(batch);
        free_list(list);
        if (st != MEND_OK)
            return st;
    }
}
