/* SPDX-License-Identifier: MIT */
/*
 * Points are found by the selector's name: a method has few classes that hook it, and the questions of both
 * faces are about one selector.
 */
#include "compat/placed.h"

#include "base/alloc.h"
#include "base/error.h"
#include "base/log.h"
#include "base/map.h"
#include "compat/info.h"
#include "compat/insteads.h"
#include "compat/point.h"
#include "hook/advice_block.h"
#include "hook/site.h"
#include "hook/stage.h"
#include "hook/target.h"
#include "runtime/exception.h"

enum { OF_OBJECT_PRIORITY = -1 }; /* behind those of the class, before and after the method */

static struct mn_map points = MN_MAP_EMPTY; /* selector's name -> its first point */

/* ---- Records ---- */

void
mn_placed_retain(struct mn_placed *placed)
{
    atomic_fetch_add_explicit(&placed->refs, 1, memory_order_relaxed);
}

void
mn_placed_release(struct mn_placed *placed)
{
    if (!placed || atomic_fetch_sub_explicit(&placed->refs, 1, memory_order_acq_rel) != 1)
        return;
    mn_weak_fini(&placed->object);
    mn_free(placed->identifier);
    mn_free(placed);
}

void
mn_placed_use(struct mn_placed *placed)
{
    atomic_fetch_add_explicit(&placed->uses, 1, memory_order_relaxed);
}

void
mn_placed_unuse(struct mn_placed *placed)
{
    if (atomic_fetch_sub_explicit(&placed->uses, 1, memory_order_acq_rel) != 1)
        return;
    mn_block_advice_drop(&placed->block);
    mn_placed_release(placed);
}

static mend_status
new_placed(const struct mn_request *request, struct mn_placed **out, mend_error *err)
{
    mend_block_spec spec = {
        .hook = {.position = request->position, .options = request->weak ? MEND_HOOK_WEAK : 0},
        .block = request->block,
        .make_info = mn_info_begin,
        .end_info = mn_info_end,
        .options = request->result_unused ? MEND_BLOCK_RESULT_UNUSED : 0};
    struct mn_placed *placed = mn_calloc(1, sizeof *placed);
    mend_status st;

    *out = NULL;
    if (!placed)
        return mn_fail_memory(err);
    placed->position = request->position;
    placed->once = request->once;
    placed->of_object = request->object != nil;
    atomic_init(&placed->refs, 1);
    atomic_init(&placed->uses, 1);
    st = placed->of_object ? mn_weak_store(&placed->object, request->object, err) : MEND_OK;
    if (st == MEND_OK && request->identifier && !(placed->identifier = mn_strdup(request->identifier)))
        st = mn_fail_memory(err);
    if (st == MEND_OK)
        st = mn_block_advice_new(&spec, &placed->block, err);
    if (st != MEND_OK) {
        mn_placed_release(placed);
        return st;
    }
    *out = placed;
    return MEND_OK;
}

/* ---- Points; all under the runtime's mutex ---- */

struct mn_point *
mn_points_of(SEL sel)
{
    return mn_map_get_text(&points, mn_selector_name(sel));
}

static struct mn_point *
open_point(const struct mn_request *request)
{
    struct mn_point *first = mn_points_of(request->sel), *point;

    for (point = first; point; point = point->next)
        if (point->cls == request->cls && point->face == request->face)
            return point;
    if (!(point = mn_calloc(1, sizeof *point)))
        return NULL;
    *point =
        (struct mn_point){.next = first, .face = request->face, .cls = request->cls, .sel = request->sel};
    if (mn_map_set_text(&points, mn_selector_name(request->sel), point))
        return point;
    mn_free(point);
    return NULL;
}

static void
enter(struct mn_placed *placed, struct mn_point *point)
{
    struct mn_placed **end = &point->first;

    while (*end)
        end = &(*end)->next;
    *end = placed;
    placed->point = point;
    point->changes++;
}

static bool
leave(struct mn_placed *placed)
{
    struct mn_placed **at = &placed->point->first;

    while (*at && *at != placed)
        at = &(*at)->next;
    if (!*at)
        return false;
    *at = placed->next;
    placed->point->changes++;
    return true;
}

/* Takes those whose object has died out of the list, into another. */
static struct mn_placed *
reap(struct mn_point *point)
{
    struct mn_placed **at = &point->first, *dead = NULL;

    while (*at) {
        struct mn_placed *placed = *at;

        if (!mn_placed_is_dead(placed)) {
            at = &placed->next;
            continue;
        }
        *at = placed->next;
        placed->next = dead;
        dead = placed;
    }
    return dead;
}

static mend_status
enter_point(const struct mn_request *request, struct mn_placed *placed, struct mn_placed **dead,
            mend_error *err)
{
    mend_status st = request->admit ? request->admit(request, err) : MEND_OK;
    struct mn_point *point;

    if (st != MEND_OK)
        return st;
    if (!(point = open_point(request)))
        return mn_fail_memory(err);
    *dead = reap(point);
    enter(placed, point);
    return MEND_OK;
}

static mend_status
reserve(const struct mn_request *request, struct mn_placed *placed, mend_error *err)
{
    struct mn_placed *dead = NULL;
    mend_status st;

    mn_runtime_lock();
    st = enter_point(request, placed, &dead, err);
    mn_runtime_unlock();
    while (dead) {
        struct mn_placed *next = dead->next;

        atomic_store(&dead->state, MN_PLACED_REMOVED);
        mn_placed_unuse(dead);
        dead = next;
    }
    return st;
}

/* Out of its point, and the block given up when no call is in it. */
static void
forget(struct mn_placed *placed)
{
    bool was_there;

    mn_runtime_lock();
    was_there = leave(placed);
    mn_runtime_unlock();
    if (was_there)
        mn_placed_unuse(placed);
}

/* ---- Calls ---- */

static void
remove_spent(struct mn_placed *const *placed)
{
    if (*placed)
        mn_placed_remove(*placed, NULL);
}

bool
mn_placed_run(struct mn_placed *placed, mend_call *call)
{
    MN_SCOPED(remove_spent) struct mn_placed *spent = NULL;

    if (placed->once) {
        if (atomic_exchange(&placed->spent, true))
            return false;
        spent = placed;
    }
    placed->block.advice(call, placed->block.data);
    return true;
}

static void
run_always(mend_call *call, void *data)
{
    struct mn_placed *placed = data;

    placed->block.advice(call, placed->block.data);
}

static void
run_once(mend_call *call, void *data)
{
    mn_placed_run(data, call);
}

/* The engine has let go of it: after a removal, or because the object died. */
static void
end_use(void *data)
{
    struct mn_placed *placed = data;

    if (mn_placed_is_dead(placed)) {
        atomic_store(&placed->state, MN_PLACED_REMOVED);
        forget(placed);
    }
    mn_placed_unuse(placed);
}

/* ---- Placing ---- */

/* What is refused for the program's own good only, the replaced libraries allowed. */
static unsigned
options_for(const struct mn_request *request, const mend_hook_spec *spec)
{
    return mn_selector_admit(request->cls, request->sel, spec, NULL) == MEND_REFUSED_SELECTOR
               ? (unsigned)MEND_HOOK_UNSAFE
               : 0;
}

static mend_status
place_around(const struct mn_request *request, struct mn_placed *placed, mend_error *err)
{
    mend_target target = {.cls = request->object ? Nil : request->cls,
                          .object = request->object,
                          .selector = mn_selector_name(request->sel)};
    mend_hook_spec spec = {.position = request->position,
                           .advice = request->once ? run_once : run_always,
                           .data = placed,
                           .release = end_use,
                           .priority = request->object ? OF_OBJECT_PRIORITY : 0};
    mend_status st;

    spec.options = options_for(request, &spec);
    mn_placed_use(placed);
    if ((st = mend_hook_add(&target, &spec, &placed->token, err)) != MEND_OK)
        mn_placed_unuse(placed);
    return st;
}

static mend_status
check_instead(const struct mn_request *request, mend_error *err)
{
    mend_hook_spec spec = {.position = MEND_INSTEAD, .advice = run_always};

    spec.options = options_for(request, &spec);
    return mn_selector_admit(request->cls, request->sel, &spec, err);
}

static mend_status
fit(const struct mn_request *request, struct mn_placed *placed, mend_error *err)
{
    struct mn_method method;

    if (!mn_method_find(request->cls, request->sel, &method))
        return mn_fail_method(err, MEND_NO_METHOD, mn_class_name(request->cls),
                              mn_selector_name(request->sel), "there is no such method");
    return mn_block_advice_fit(&placed->block, request->cls, &method, err);
}

static mend_status
place(const struct mn_request *request, struct mn_placed *placed, mend_error *err)
{
    mend_status st;

    if (request->position != MEND_INSTEAD)
        return place_around(request, placed, err);
    if ((st = check_instead(request, err)) != MEND_OK)
        return st;
    return mn_insteads_refresh(placed->point, err);
}

/* From reservation on calls may meet it: one that has run once meanwhile could not remove itself yet. */
static mend_status
put_in_force(const struct mn_request *request, struct mn_placed *placed, mend_error *err)
{
    unsigned reserved = MN_PLACED_RESERVED;
    mend_status st = place(request, placed, err);

    if (st != MEND_OK) {
        atomic_store(&placed->state, MN_PLACED_REMOVED);
        forget(placed);
        return st;
    }
    atomic_compare_exchange_strong(&placed->state, &reserved, MN_PLACED_STANDS);
    if (atomic_load(&placed->spent))
        mn_placed_remove(placed, NULL);
    return MEND_OK;
}

static mend_status
add(const struct mn_request *request, struct mn_placed **out, mend_error *err)
{
    struct mn_placed *placed;
    mend_status st;

    if ((st = new_placed(request, &placed, err)) != MEND_OK)
        return st;
    if ((st = fit(request, placed, err)) != MEND_OK || (st = reserve(request, placed, err)) != MEND_OK) {
        mn_placed_unuse(placed);
        return st;
    }
    mn_placed_retain(placed);
    st = put_in_force(request, placed, err);
    if (st == MEND_OK && out)
        *out = placed;
    else
        mn_placed_release(placed);
    return st;
}

/*
 * The class whose method an object runs when nothing stands in for its class (key-value observing does): what
 * is asked of the object and of its class then meets in one point.
 */
static mend_status
find_class(struct mn_request *request, mend_error *err)
{
    mend_target target = {.object = request->object, .selector = mn_selector_name(request->sel)};
    mend_hook_spec spec = {.position = MEND_BEFORE, .advice = run_always, .options = MEND_HOOK_UNSAFE};
    mend_status st = mn_target_resolve(&target, &spec, &request->cls, &request->sel, err);
    Class levels[MN_LEVELS];
    unsigned count;

    if (st != MEND_OK)
        return st;
    mn_runtime_lock();
    count = mn_object_levels(request->object, request->sel, levels);
    mn_runtime_unlock();
    if (count == 0)
        return mn_fail_method(err, MEND_NO_METHOD, mn_class_name(request->cls),
                              mn_selector_name(request->sel), "the object has no such method");
    request->cls = levels[count - 1];
    return MEND_OK;
}

mend_status
mn_placed_add(const struct mn_request *request, struct mn_placed **out, mend_error *err)
{
    struct mn_request found = *request;
    mend_status st;

    if (out)
        *out = NULL;
    if (request->object && (st = find_class(&found, err)) != MEND_OK)
        return st;
    return add(&found, out, err);
}

/* ---- Removal ---- */

mend_status
mn_placed_remove(struct mn_placed *placed, mend_error *err)
{
    unsigned stands = MN_PLACED_STANDS;
    bool dead = mn_placed_is_dead(placed);
    mend_status st = MEND_OK;

    if (!atomic_compare_exchange_strong(&placed->state, &stands, MN_PLACED_REMOVED))
        return mn_fail(err, MEND_NOT_INSTALLED, "the hook was removed before");
    mn_placed_retain(placed);
    if (placed->token)
        st = mend_hook_remove(placed->token, err);
    forget(placed);
    if (placed->position == MEND_INSTEAD && mn_insteads_refresh(placed->point, NULL) != MEND_OK)
        mn_log(MN_LOG_INFO, "a removed hook waits for memory to be cleared away; it does not run");
    mn_placed_release(placed);
    if (st == MEND_FOREIGN_IMP || (st == MEND_OK && !dead))
        return MEND_OK;
    return mn_fail(err, MEND_NOT_INSTALLED, "the object that was hooked is gone");
}
