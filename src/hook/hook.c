/* SPDX-License-Identifier: MIT */
/*
 * Single hooks: what <mend/hook.h> offers for tokens, and the counters.
 *
 * A token is the handle of the hook's live word (live.h), so that disabling, enabling and the decisive part
 * of removing are operations on one word, without a lock.
 */
#include "base/error.h"
#include "hook/edit.h"
#include "hook/quiesce.h"
#include "hook/renew.h"
#include "hook/stage.h"
#include "hook/target.h"

static mend_status
add(const struct mn_batch_item *item, struct mn_live **out, mend_error *err)
{
    struct mn_hook *records, *hooks[MN_LEVELS];
    struct mn_live *live = NULL;
    struct mn_edit edit;
    size_t count = 0;
    mend_status st;

    if ((st = mn_stage(item, &records, err)) != MEND_OK)
        return st;
    if (!(live = mn_live_new(records))) {
        st = mn_fail_memory(err);
        goto failed;
    }
    for (struct mn_hook *hook = records; hook; hook = hook->next) {
        mn_hook_bind(hook, live, live->last);
        hook->alone = true;
        hooks[count++] = hook;
    }
    if ((st = mn_stage_watch(records, live, err)) != MEND_OK ||
        (st = mn_edit_prepare(&edit, hooks, count, err)) != MEND_OK)
        goto failed;
    mn_edit_commit(&edit, live, live->last | (item->spec.options & MEND_HOOK_DISABLED ? MN_WORD_OUT : 0));
    *out = live;
    return MEND_OK;
failed:
    if (live)
        mn_live_free(live);
    mn_unstage(records, false);
    return st;
}

mend_status
mend_hook_add(const mend_target *target, const mend_hook_spec *spec, mend_token **token, mend_error *err)
{
    struct mn_batch_item item;
    struct mn_live *live = NULL;
    mend_status st;

    if (token)
        *token = NULL;
    if ((st = mn_target_item(target, spec, &item, err)) != MEND_OK)
        return st;
    mn_edit_lock();
    if ((st = add(&item, &live, err)) == MEND_OK && token)
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
    return mn_edit_remove_unlocked(live, err);
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

mend_status
mend_hook_reapply(mend_token **token, mend_error *err)
{
    struct mn_list fresh = MN_LIST_OF(struct mn_hook *);
    struct mn_hook *old[MN_LEVELS];
    uint32_t version;
    struct mn_live *live = mn_live_of(*token, &version);
    size_t count = 0;
    mend_status st;

    mn_edit_lock();
    if (!live || (atomic_load(&live->now) & ~(uint32_t)MN_WORD_OUT) != version) {
        mn_edit_unlock(false);
        return not_installed(err);
    }
    for (struct mn_hook *hook = live->owner; hook; hook = hook->next)
        old[count++] = hook;
    if ((st = mn_renew(old, count, live, &version, &fresh, err)) == MEND_OK && fresh.count > 0)
        *token = mn_live_handle(live);
    mn_list_fini(&fresh);
    mn_edit_unlock(true);
    return st;
}

mend_status
mend_hook_quiesce(const mend_token *token, unsigned milliseconds,
                  void (*report)(const mend_inside *inside, void *data), void *data, mend_error *err)
{
    uint32_t version;
    const struct mn_live *live = mn_live_of(token, &version);

    if (!live)
        return mn_fail(err, MEND_NOT_INSTALLED, "this is not a token");
    return mn_quiesce(live, version, milliseconds, report, data, err);
}

/* ---- Life ---- */

void
mend_hook_get_stats(mend_hook_stats *stats)
{
    size_t chains, chain_bytes, unreleased, hook_bytes;

    mn_edit_lock();
    mn_chain_count(&chains, &chain_bytes);
    mn_hook_count(&unreleased, &hook_bytes);
    *stats = (mend_hook_stats){.hooks = mn_edit_hooks(),
                               .methods = mn_site_count(),
                               .chains = chains - mn_chain_retired(),
                               .retired = mn_chain_retired(),
                               .unreleased = unreleased,
                               .trampolines = mn_site_count(),
                               .threads = mn_hold_threads(),
                               .bytes = chain_bytes + hook_bytes + mn_site_count() * sizeof(struct mn_site)};
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
