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

enum state { STAGING, PREPARED, COMMITTED };

struct mn_batch {
    enum state state;
    struct mn_list hooks; /* struct mn_hook * */
    struct mn_live *live; /* from prepare on */
    uint32_t version;
    struct mn_edit edit;
    struct mn_batch *earlier; /* what commit replaces */
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

size_t
mn_batch_count(const struct mn_batch *batch)
{
    return batch->hooks.count;
}

/* ---- Staging ---- */

static mend_status
check_types(const struct mn_site *site, const char *types, mend_error *err)
{
    const struct mn_signature *given;
    struct mn_buffer difference = MN_BUFFER_EMPTY;
    mend_status st;

    if (!types || !site->signature)
        return MEND_OK;
    if ((st = mn_signature_get(types, &given, err)) != MEND_OK)
        return st;
    if (mn_signature_equal(site->signature, given, false))
        return MEND_OK;
    mn_signature_difference(site->signature, given, false, &difference);
    st = mn_fail_method(err, MEND_SIGNATURE_MISMATCH, mn_class_name(site->change.cls),
                        mn_selector_name(site->change.sel), "the method has other types: %s",
                        mn_buffer_peek(&difference));
    mn_buffer_fini(&difference);
    return st;
}

static mend_status
stage(struct mn_batch *batch, const struct mn_batch_item *item, struct mn_site **out, mend_error *err)
{
    struct mn_site *site = NULL;
    struct mn_hook *hook, **place;
    mend_status st;

    if ((st = mn_selector_admit(item->cls, item->sel, &item->spec, err)) != MEND_OK)
        return st;
    st = mn_site_open(item->cls, item->sel, item->may_add ? item->types : NULL, &site, err);
    if (st != MEND_OK)
        return st;
    if ((st = mn_site_admit(site, &item->spec, err)) != MEND_OK ||
        (st = check_types(site, item->types, err)) != MEND_OK)
        goto failed;
    if (!(hook = mn_hook_new(&item->spec, site))) {
        st = mn_fail_memory(err);
        goto failed;
    }
    if (!(place = mn_list_add(&batch->hooks))) {
        mn_hook_drop(hook);
        st = mn_fail_memory(err);
        goto failed;
    }
    *place = hook;
    if (out)
        *out = site;
    return MEND_OK;
failed:
    mn_site_discard(site);
    return st;
}

mend_status
mn_batch_add(struct mn_batch *batch, const struct mn_batch_item *item, struct mn_site **site, mend_error *err)
{
    mend_status st;

    if (site)
        *site = NULL;
    if (batch->state != STAGING)
        return mn_fail(err, MEND_INVALID, "the batch is in place already");
    if (!item->cls || !item->sel || !item->spec.advice || item->spec.position < MEND_AFTER ||
        item->spec.position > MEND_BEFORE)
        return mn_fail(err, MEND_INVALID, "a hook needs a class, a selector, a position and advice");
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
    if (hooks)
        return mn_edit_remove_unlocked(hooks, err);
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
    for (size_t i = 0; i < batch->hooks.count; i++) {
        struct mn_site *site = members(batch)[i]->site;

        mn_hook_drop(members(batch)[i]);
        mn_site_discard(site);
    }
    mn_edit_unlock(false);
    mn_list_fini(&batch->hooks);
    mn_free(batch);
}
