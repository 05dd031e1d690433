/* SPDX-License-Identifier: MIT */
/*
 * A batch is a list of hooks that share a live word.
 *
 * The hooks exist from staging on, outside any chain. Preparing gives the batch its word and version: a slot
 * of its own, or the slot of the batch it replaces, so that one store ends the one and begins the other.
 */
#include "hook/batch.h"

#include "base/alloc.h"
#include "base/error.h"
#include "base/list.h"
#include "hook/edit.h"
#include "hook/quiesce.h"
#include "hook/renew.h"
#include "hook/stage.h"
#include "hook/target.h"

enum state { STAGING, PREPARED, COMMITTED };

struct mn_batch {
    enum state state;
    struct mn_list hooks; /* struct mn_hook * */
    struct mn_live *live; /* from prepare on */
    uint32_t version;
    struct mn_edit edit;
    struct mn_batch *earlier;        /* what commit replaces */
    char *name;                      /* or NULL */
    bool releases;                   /* data of hooks that were never committed */
    const struct mn_live *last_live; /* of the latest commit, also after the revert; to be compared only */
    uint32_t last_version;
};

static struct mn_hook **
members(const struct mn_batch *batch)
{
    return batch->hooks.items;
}

mend_status
mn_batch_new(struct mn_batch **batch, mend_error *err)
{
    *batch = mn_calloc(1, sizeof **batch);
    if (!*batch)
        return mn_fail_memory(err);
    (*batch)->hooks = MN_LIST_OF(struct mn_hook *);
    return MEND_OK;
}

mend_status
mn_batch_set_name(struct mn_batch *batch, const char *name, mend_error *err)
{
    char *mine = name ? mn_strdup(name) : NULL;

    if (name && !mine)
        return mn_fail_memory(err);
    mn_edit_lock();
    mn_free(batch->name);
    batch->name = mine;
    if (batch->state == COMMITTED)
        batch->live->name = mine;
    mn_edit_unlock(false);
    return MEND_OK;
}

void
mn_batch_release_staged(struct mn_batch *batch)
{
    batch->releases = true;
}

size_t
mn_batch_count(const struct mn_batch *batch)
{
    return batch->hooks.count;
}

/* ---- Staging ---- */

/* Makes room for all of the records, then takes them over: nothing can fail in between. */
static mend_status
take_records(struct mn_batch *batch, struct mn_hook *records, mend_error *err)
{
    size_t before = batch->hooks.count;

    for (struct mn_hook *hook = records; hook; hook = hook->next) {
        struct mn_hook **place = mn_list_add(&batch->hooks);

        if (!place) {
            while (batch->hooks.count > before)
                mn_list_remove(&batch->hooks, batch->hooks.count - 1);
            return mn_fail_memory(err);
        }
        *place = hook;
    }
    return MEND_OK;
}

static mend_status
stage(struct mn_batch *batch, const struct mn_batch_item *item, struct mn_site **out, mend_error *err)
{
    struct mn_hook *records;
    mend_status st;

    if ((st = mn_stage(item, &records, err)) != MEND_OK)
        return st;
    if (mn_hook_ends_with_call(records) && item->spec.position != MEND_BEFORE) {
        mn_unstage(records, false);
        return mn_fail(err, MEND_REFUSED_POSITION,
                       "in a group, an object's dealloc takes before advice only");
    }
    if ((st = mn_stage_watch(records, NULL, err)) != MEND_OK ||
        (st = take_records(batch, records, err)) != MEND_OK) {
        mn_unstage(records, false);
        return st;
    }
    if (out)
        *out = records->site;
    return MEND_OK;
}

mend_status
mn_batch_add(struct mn_batch *batch, const struct mn_batch_item *item, struct mn_site **site, mend_error *err)
{
    mend_status st;

    if (site)
        *site = NULL;
    if (batch->state != STAGING)
        return mn_fail(err, MEND_INVALID, "the batch is in place already");
    if ((!item->cls && !item->object) || !item->sel)
        return mn_fail(err, MEND_INVALID, "a hook needs a class and a selector");
    if ((st = mn_spec_check(&item->spec, err)) != MEND_OK)
        return st;
    mn_edit_lock();
    st = stage(batch, item, site, err);
    mn_edit_unlock(false);
    return st;
}

/* ---- The switch ---- */

mend_status
mn_batch_prepare(struct mn_batch *batch, struct mn_batch *earlier, mend_error *err)
{
    mend_status st;

    if (batch->state != STAGING || (earlier && earlier->state != COMMITTED))
        return mn_fail(err, MEND_INVALID, "a batch is prepared once, and replaces one that is committed");
    mn_edit_lock();
    if (earlier)
        batch->live = earlier->live;
    else if (!(batch->live = mn_live_new(batch))) {
        mn_edit_unlock(false);
        return mn_fail_memory(err);
    }
    batch->version = earlier ? mn_live_next(batch->live) : batch->live->last;
    for (size_t i = 0; i < batch->hooks.count; i++)
        mn_hook_bind(members(batch)[i], batch->live, batch->version);
    st = mn_edit_prepare(&batch->edit, members(batch), batch->hooks.count, err);
    if (st != MEND_OK) {
        if (!earlier)
            mn_live_free(batch->live);
        batch->live = NULL;
        mn_edit_unlock(false);
        return st;
    }
    batch->earlier = earlier;
    batch->state = PREPARED;
    return MEND_OK;
}

/* The members as a linked list, as removal wants them; the batch has none afterwards. */
static struct mn_hook *
take_members(struct mn_batch *batch)
{
    struct mn_hook *first = NULL;

    for (size_t i = batch->hooks.count; i-- > 0;) {
        members(batch)[i]->next = first;
        first = members(batch)[i];
    }
    mn_list_fini(&batch->hooks);
    batch->hooks = MN_LIST_OF(struct mn_hook *);
    batch->live = NULL;
    batch->state = STAGING;
    return first;
}

void
mn_batch_commit(struct mn_batch *batch)
{
    batch->live->owner = batch;
    batch->live->name = batch->name;
    batch->last_live = batch->live;
    batch->last_version = batch->version;
    mn_edit_commit(&batch->edit, batch->live, batch->version);
    batch->state = COMMITTED;
    if (batch->earlier) {
        mn_edit_remove(take_members(batch->earlier), NULL, NULL);
        batch->earlier = NULL;
    }
    mn_edit_unlock(true);
}

void
mn_batch_cancel(struct mn_batch *batch)
{
    mn_edit_cancel(&batch->edit);
    if (!batch->earlier)
        mn_live_free(batch->live);
    batch->live = NULL;
    batch->earlier = NULL;
    batch->state = STAGING;
    mn_edit_unlock(false);
}

/* ---- Taking back ---- */

mend_status
mn_batch_revert(struct mn_batch *batch, mend_error *err)
{
    struct mn_hook *hooks;
    struct mn_live *live = batch->live;

    if (batch->state != COMMITTED || !mn_word_end(&live->now, batch->version))
        return mn_fail(err, MEND_NOT_INSTALLED, "it is not in place");
    hooks = take_members(batch);
    live->owner = hooks; /* nobody else looks at it: the version has ended, and by us */
    if (hooks)
        return mn_edit_remove_unlocked(live, err);
    mn_edit_lock();
    mn_live_free(live);
    mn_edit_unlock(false);
    return MEND_OK;
}

void
mn_batch_free(struct mn_batch *batch)
{
    if (!batch)
        return;
    if (batch->state == COMMITTED)
        mn_batch_revert(batch, NULL);
    mn_edit_lock();
    for (size_t i = batch->hooks.count; i-- > 0;) { /* inner records before the outer ones they refer to */
        struct mn_site *site = members(batch)[i]->site;

        mn_hook_drop(members(batch)[i], batch->releases);
        mn_site_discard(site);
    }
    mn_edit_unlock(false);
    mn_list_fini(&batch->hooks);
    mn_free(batch->name);
    mn_free(batch);
}

/* ---- While it is in place ---- */

mend_status
mn_batch_reapply(struct mn_batch *batch, mend_error *err)
{
    struct mn_list fresh = MN_LIST_OF(struct mn_hook *);
    mend_status st;

    if (batch->state != COMMITTED)
        return mn_fail(err, MEND_NOT_INSTALLED, "it is not in place");
    mn_edit_lock();
    st = mn_renew(members(batch), batch->hooks.count, batch->live, &batch->version, &fresh, err);
    if (st == MEND_OK && fresh.count > 0) {
        mn_list_fini(&batch->hooks);
        batch->hooks = fresh;
        batch->last_version = batch->version;
    }
    mn_edit_unlock(true);
    return st;
}

mend_status
mn_batch_quiesce(struct mn_batch *batch, unsigned milliseconds,
                 void (*report)(const mend_inside *inside, void *data), void *data, mend_error *err)
{
    if (!batch->last_live)
        return mn_fail(err, MEND_NOT_INSTALLED, "it was never in place");
    return mn_quiesce(batch->last_live, batch->last_version, milliseconds, report, data, err);
}
