/* SPDX-License-Identifier: MIT */
/*
 * A version of the unit for the new places, as when a patch replaces its earlier self: both sets of hooks
 * stand in their arrays for a moment, and the word says which runs.
 *
 * The new records use the data of the old and keep them alive; release functions stay with the old. So does
 * the watch of an object's death, which ends whatever version is current (stage.c): the object may be dead
 * already, and nothing here looks at it.
 */
#include "hook/renew.h"

#include "base/error.h"
#include "hook/edit.h"
#include "hook/gate.h"
#include "hook/stage.h"
#include "runtime/objects.h"

static bool
is_foreign(const struct mn_hook *hook)
{
    return !hook->removed && hook->site->installed && !mn_install_stands(&hook->site->change);
}

static bool
any_foreign(struct mn_hook *const *hooks, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (is_foreign(hooks[i]))
            return true;
    return false;
}

static struct mn_hook **
records(const struct mn_list *list)
{
    return list->items;
}

static void
drop_fresh(struct mn_list *fresh)
{
    for (size_t i = fresh->count; i-- > 0;) {
        struct mn_site *site = records(fresh)[i]->site;

        mn_hook_drop(records(fresh)[i], false);
        mn_site_discard(site);
    }
    mn_list_fini(fresh);
    *fresh = MN_LIST_OF(struct mn_hook *);
}

static mend_status
renew_one(struct mn_hook *old, struct mn_list *fresh, mend_error *err)
{
    struct mn_site *site = old->site;
    mend_hook_spec spec = mn_hook_spec_of(old);
    struct mn_hook *hook, **place;
    mend_status st;

    if (is_foreign(old) && (st = mn_site_open(site->change.cls, site->change.sel,
                                              site->absent ? site->types : NULL, &site, err)) != MEND_OK)
        return st;
    if ((st = mn_site_admit(site, &spec, mn_hook_object(old), err)) != MEND_OK ||
        (st = mn_site_fits(site, old->site->types, false, err)) != MEND_OK ||
        !(hook = mn_hook_new_like(old, site))) {
        mn_site_discard(site);
        return st != MEND_OK ? st : mn_fail_memory(err);
    }
    if (!(place = mn_list_add(fresh))) {
        mn_hook_drop(hook, false);
        mn_site_discard(site);
        return mn_fail_memory(err);
    }
    *place = hook;
    return MEND_OK;
}

/* The new records of one object's hook refer to each other as the old ones did. */
static void
relate(struct mn_hook *const *old, size_t count, struct mn_hook **fresh)
{
    for (size_t i = 0, n = 0; i < count; i++) {
        if (old[i]->removed)
            continue;
        if (n > 0 && old[i]->more && old[i]->more->outer &&
            fresh[n - 1]->more->earlier == old[i]->more->outer)
            fresh[n]->more->outer = fresh[n - 1];
        if (fresh[n]->more->outer) {
            fresh[n]->next = NULL;
            fresh[n - 1]->next = fresh[n];
        }
        n++;
    }
}

/* From the old version to the new, on or off as it is. False: somebody has ended the old one. */
static bool
switch_word(mn_word *word, uint32_t from, uint32_t to)
{
    uint32_t now = atomic_load(word);

    while ((now & ~(uint32_t)MN_WORD_OUT) == from)
        if (atomic_compare_exchange_weak(word, &now, to | (now & MN_WORD_OUT)))
            return true;
    return false;
}

static struct mn_hook *
linked(struct mn_hook *const *hooks, size_t count)
{
    struct mn_hook *first = NULL;

    for (size_t i = count; i-- > 0;) {
        hooks[i]->next = first;
        first = hooks[i];
    }
    return first;
}

mend_status
mn_renew(struct mn_hook *const *old, size_t count, struct mn_live *live, uint32_t *version,
         struct mn_list *fresh, mend_error *err)
{
    struct mn_edit edit;
    uint32_t next;
    mend_status st = MEND_OK;

    if (!any_foreign(old, count))
        return MEND_OK;
    for (size_t i = 0; i < count && st == MEND_OK; i++)
        if (!old[i]->removed)
            st = renew_one(old[i], fresh, err);
    if (st == MEND_OK)
        relate(old, count, records(fresh));
    next = mn_live_next(live); /* a number is used once, also by an attempt that fails */
    for (size_t i = 0; i < fresh->count; i++)
        mn_hook_bind(records(fresh)[i], live, next);
    if (st != MEND_OK || (st = mn_edit_prepare(&edit, fresh->items, fresh->count, err)) != MEND_OK) {
        drop_fresh(fresh);
        return st;
    }
    mn_edit_commit(&edit, NULL, 0);
    if (!switch_word(&live->now, *version, next)) {
        mn_edit_remove(linked(records(fresh), fresh->count), NULL, NULL);
        mn_list_fini(fresh);
        *fresh = MN_LIST_OF(struct mn_hook *);
        return mn_fail(err, MEND_NOT_INSTALLED, "it was taken away meanwhile");
    }
    if (records(fresh)[0]->alone)
        live->owner = linked(records(fresh), fresh->count);
    mn_edit_remove(linked(old, count), NULL, NULL);
    *version = next;
    return MEND_OK;
}
