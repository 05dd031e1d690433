/* SPDX-License-Identifier: MIT */
/*
 * What is hooked: a copy of all records made under the mutex, shown without it.
 */
#include "base/arena.h"
#include "base/error.h"
#include "hook/edit.h"
#include "runtime/exception.h"

struct snapshot {
    struct mn_list rows;   /* mend_hook_info */
    struct mn_arena texts; /* copies of names, whose owners may go */
    const struct mn_site *site;
    bool foreign, failed;
};

static const char *
copy(struct snapshot *snapshot, const char *text)
{
    const char *mine = text ? mn_arena_strdup(&snapshot->texts, text) : NULL;

    snapshot->failed |= text && !mine;
    return mine;
}

static mend_hook_state
state_of(const struct mn_hook *hook, uint32_t word, bool foreign)
{
    if (word == (hook->version | MN_WORD_OUT))
        return MEND_HOOK_IS_DISABLED;
    return foreign ? MEND_HOOK_IS_FOREIGN : MEND_HOOK_IS_IN_FORCE;
}

static void
add_row(struct mn_hook *hook, unsigned turn, void *data)
{
    struct snapshot *snapshot = data;
    const struct mn_hook_more *more = hook->more;
    const struct mn_change *method = &snapshot->site->change;
    uint32_t word = atomic_load_explicit(&hook->live->now, memory_order_acquire);
    mend_hook_info *row;

    if ((word & ~(uint32_t)MN_WORD_OUT) != hook->version)
        return; /* it is being taken away */
    if (!(row = mn_list_add(&snapshot->rows))) {
        snapshot->failed = true;
        return;
    }
    *row = (mend_hook_info){.class_name = mn_class_name(method->cls),
                            .selector = mn_selector_name(method->sel),
                            .class_side = mn_class_is_meta(method->cls),
                            .object = mn_hook_object(hook),
                            .position = hook->position,
                            .priority = hook->priority,
                            .options = hook->options,
                            .name = copy(snapshot, more ? more->name : NULL),
                            .owner = copy(snapshot, hook->live->name),
                            .state = state_of(hook, word, snapshot->foreign),
                            .turn = turn,
                            .calls = more ? more->calls : 0,
                            .nanoseconds = more ? more->nanoseconds : 0,
                            .token = hook->alone ? mn_live_handle(hook->live) : NULL};
}

static void
take(struct snapshot *snapshot)
{
    mn_edit_lock();
    for (const struct mn_site *site = mn_sites_published(); site; site = site->next_published) {
        snapshot->site = site;
        snapshot->foreign = site->installed && !mn_install_stands(&site->change);
        mn_chain_each(mn_site_chain(site), add_row, snapshot);
    }
    mn_edit_unlock(false);
}

static void
forget(struct snapshot *snapshot)
{
    mn_list_fini(&snapshot->rows);
    mn_arena_fini(&snapshot->texts);
}

mend_status
mend_hook_each(int (*visit)(void *data, const mend_hook_info *info), void *data, mend_error *err)
{
    MN_SCOPED(forget) struct snapshot snapshot = {.rows = MN_LIST_OF(mend_hook_info)};

    take(&snapshot);
    if (snapshot.failed)
        return mn_fail_memory(err);
    for (size_t i = 0; i < snapshot.rows.count; i++)
        if (!visit(data, MN_LIST_AT(mend_hook_info, &snapshot.rows, i)))
            break;
    return MEND_OK;
}
