/* SPDX-License-Identifier: MIT */
/*
 * Single hooks: what <mend/hook.h> offers for tokens, and the counters.
 *
 * A token is the handle of the hook's live word (live.h), so that disabling, enabling and the decisive part
 * of removing are operations on one word, without a lock.
 */
#include "base/error.h"
#include "hook/edit.h"
#include "hook/target.h"

static mend_status
add(Class cls, SEL sel, const mend_hook_spec *spec, struct mn_live **out, mend_error *err)
{
    struct mn_site *site = NULL;
    struct mn_hook *hook = NULL;
    struct mn_live *live = NULL;
    struct mn_edit edit;
    mend_status st;

    if ((st = mn_site_open(cls, sel, NULL, &site, err)) != MEND_OK)
        return st;
    if ((st = mn_site_admit(site, spec, err)) != MEND_OK)
        goto failed;
    st = MEND_NO_MEMORY;
    if (!(hook = mn_hook_new(spec, site)) || !(live = mn_live_new(hook))) {
        mn_fail_memory(err);
        goto failed;
    }
    mn_hook_bind(hook, live, live->last);
    if ((st = mn_edit_prepare(&edit, &hook, 1, err)) != MEND_OK)
        goto failed;
    mn_edit_commit(&edit, live, spec->options & MEND_HOOK_DISABLED ? live->last | MN_WORD_OUT : live->last);
    *out = live;
    return MEND_OK;
failed:
    if (live)
        mn_live_free(live);
    if (hook)
        mn_hook_drop(hook);
    mn_site_discard(site);
    return st;
}

mend_status
mend_hook_add(const mend_target *target, const mend_hook_spec *spec, mend_token **token, mend_error *err)
{
    struct mn_live *live = NULL;
    mend_status st;
    Class cls;
    SEL sel;

    if (token)
        *token = NULL;
    if ((st = mn_target_resolve(target, spec, &cls, &sel, err)) != MEND_OK)
        return st;
    mn_edit_lock();
    st = add(cls, sel, spec, &live, err);
    if (st == MEND_OK && token)
        *token = mn_live_handle(live);
    mn_edit_unlock(false);
    return st;
}

static mend_status
not_installed(mend_error *err)
{
    return mn_fail(err, MEND_NOT_INSTALLED, "this hook was removed before, or never existed");
}

mend_status
mend_hook_remove(mend_token *token, mend_error *err)
{
    uint32_t version;
    struct mn_live *live = mn_live_of(token, &version);

    if (!live || !mn_word_end(&live->now, version))
        return not_installed(err);
    return mn_edit_remove_unlocked(live->owner, err);
}

/* Replaces one of the two words of a version by the other. */
static mend_status
turn(mend_token *token, uint32_t out_before, uint32_t out_after, mend_error *err)
{
    uint32_t version;
    struct mn_live *live = mn_live_of(token, &version);
    uint32_t before = version | out_before;

    if (!live)
        return not_installed(err);
    if (atomic_compare_exchange_strong(&live->now, &before, version | out_after) ||
        before == (version | out_after))
        return MEND_OK;
    return not_installed(err);
}

mend_status
mend_hook_disable(mend_token *token, mend_error *err)
{
    return turn(token, 0, MN_WORD_OUT, err);
}

mend_status
mend_hook_enable(mend_token *token, mend_error *err)
{
    return turn(token, MN_WORD_OUT, 0, err);
}

/* ---- Life ---- */

void
mend_hook_get_stats(mend_hook_stats *stats)
{
    struct mn_chain_counts counts;

    mn_edit_lock();
    mn_chain_count(&counts);
    *stats = (mend_hook_stats){.hooks = mn_edit_hooks(),
                               .methods = mn_site_count(),
                               .chains = counts.chains - mn_chain_retired(),
                               .retired = mn_chain_retired(),
                               .unreleased = counts.removed,
                               .trampolines = mn_site_count(),
                               .threads = mn_hold_threads(),
                               .bytes = counts.bytes + mn_site_count() * sizeof(struct mn_site)};
    mn_edit_unlock(false);
}

size_t
mend_hook_collect(void)
{
    size_t left;

    mn_edit_lock();
    left = mn_chain_reclaim(true);
    mn_edit_unlock(false);
    return left;
}
