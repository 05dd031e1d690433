/* SPDX-License-Identifier: MIT */
/*
 * Checks come first, then records; what was made is undone in reverse when a later step fails.
 *
 * The watch of an object's death knows a word, not a record: a handle is harmless when it is stale (live.h),
 * so the death may be told at any time, and needs no lock to take effect.
 */
#include "hook/stage.h"

#include "base/error.h"
#include "hook/edit.h"
#include "hook/site.h"
#include "runtime/objects.h"

#include <string.h>

/* ---- Records ---- */

static mend_status
open_site(const struct mn_batch_item *item, Class cls, struct mn_site **site, mend_error *err)
{
    mend_status st = mn_selector_admit(cls, item->sel, &item->spec, err);

    if (st != MEND_OK)
        return st;
    if ((st = mn_site_open(cls, item->sel, item->may_add ? item->types : NULL, site, err)) != MEND_OK)
        return st;
    if ((st = mn_site_admit(*site, &item->spec, item->object, err)) == MEND_OK)
        st = mn_site_fits(*site, item->types, item->strict, err);
    if (st != MEND_OK) {
        mn_site_discard(*site);
        *site = NULL;
    }
    return st;
}

/* An inner record: the data is the outer's. */
static void
follow(struct mn_hook *inner, struct mn_hook *outer)
{
    inner->release = NULL;
    inner->order = outer->order;
    inner->more->outer = outer;
    inner->more->earlier = outer;
    outer->refs++;
}

static mend_status
stage_one(const struct mn_batch_item *item, Class cls, struct mn_hook *outer, struct mn_hook **record,
          mend_error *err)
{
    struct mn_site *site = NULL;
    mend_status st;

    if ((st = open_site(item, cls, &site, err)) != MEND_OK)
        return st;
    if (!(*record = mn_hook_new(&item->spec, item->object, site))) {
        mn_site_discard(site);
        return mn_fail_memory(err);
    }
    if (outer)
        follow(*record, outer);
    return MEND_OK;
}

static mend_status
levels_of(const struct mn_batch_item *item, Class levels[MN_LEVELS], unsigned *count, mend_error *err)
{
    *count = 1;
    levels[0] = item->cls;
    if (!item->object)
        return MEND_OK;
    *count = mn_object_levels(item->object, item->sel, levels);
    if (*count > 0)
        return MEND_OK;
    levels[0] = mn_object_class(item->object);
    *count = 1;
    if (item->may_add)
        return MEND_OK;
    return mn_fail_method(err, MEND_NO_METHOD, mn_class_name(levels[0]), mn_selector_name(item->sel),
                          "the object has no such method");
}

mend_status
mn_stage(const struct mn_batch_item *item, struct mn_hook **records, mend_error *err)
{
    Class levels[MN_LEVELS];
    struct mn_hook *outer = NULL, **end = records;
    unsigned count;
    mend_status st;

    *records = NULL;
    if ((st = levels_of(item, levels, &count, err)) != MEND_OK)
        return st;
    for (unsigned i = 0; i < count; i++) {
        if ((st = stage_one(item, levels[i], outer, end, err)) != MEND_OK) {
            mn_unstage(*records, false);
            *records = NULL;
            return st;
        }
        outer = *end;
        end = &outer->next;
    }
    return MEND_OK;
}

/* Inner ones first: they refer to the outer. */
void
mn_unstage(struct mn_hook *records, bool release)
{
    struct mn_site *site;

    if (!records)
        return;
    mn_unstage(records->next, release);
    site = records->site;
    mn_hook_drop(records, release);
    mn_site_discard(site);
}

/* ---- Death ---- */

/* Ends the version in force, be it renewed since, of the unit born with that number. (A slot given to another
 * unit meanwhile has another number in its word, or is found to be born later.) */
static bool
end_unit(struct mn_live *live, uint32_t born)
{
    for (;;) {
        uint32_t now = atomic_load_explicit(&live->now, memory_order_acquire);

        if (now == 0 || atomic_load_explicit(&live->born, memory_order_relaxed) != born)
            return false;
        if (atomic_compare_exchange_strong(&live->now, &now, 0))
            return true;
    }
}

static void
died_alone(id object, void *handle)
{
    uint32_t born;
    struct mn_live *live = mn_live_of(handle, &born);

    (void)object;
    if (live && end_unit(live, born))
        mn_edit_remove_unlocked(live, NULL);
}

static void
died_in_group(id object, void *handle)
{
    uint32_t version;
    struct mn_live *live = mn_live_of(handle, &version);

    (void)object;
    if (live && mn_word_end(&live->now, version))
        mn_edit_clear_spent();
}

static mend_status
own_word(struct mn_hook *hook, mend_error *err)
{
    struct mn_live *own = mn_live_new(NULL);

    if (!own)
        return mn_fail_memory(err);
    hook->more->own = own;
    hook->more->own_version = own->last;
    atomic_store_explicit(&own->now, own->last, memory_order_release);
    return MEND_OK;
}

mend_status
mn_stage_watch(struct mn_hook *records, struct mn_live *alone, mend_error *err)
{
    mend_status st = MEND_OK;

    for (struct mn_hook *hook = records; hook && st == MEND_OK && mn_hook_object(hook); hook = hook->next) {
        if (!alone && (st = own_word(hook, err)) != MEND_OK)
            break;
        if (mn_hook_ends_with_call(hook) || (alone && hook != records))
            continue; /* the call of -dealloc ends it; or the first record's watch does */
        st = mn_object_on_death(hook->more->object, alone ? died_alone : died_in_group,
                                mn_live_handle(alone ? alone : hook->more->own), &hook->more->watch, err);
    }
    return st;
}
