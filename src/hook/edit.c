/* SPDX-License-Identifier: MIT */
/*
 * Changing chains and the runtime's tables together.
 *
 * Order when putting: array, table, word. A call that finds the table entry finds the array; a call that
 * finds the array does nothing new before the word. Order when taking: word, array, table: the reverse.
 *
 * Taking cannot fail for its caller. What needs memory that is not there (a shorter array, a runtime table)
 * stays as it is, out of force, and its site goes on the list of dirty ones, cleaned at every later edit.
 */
#include "hook/edit.h"

#include "base/alloc.h"
#include "base/error.h"
#include "hook/pointcut.h"

#include <sched.h>
#include <stdlib.h>

enum { TRIES_FOR_THE_LOCK = 200 };

static struct mn_site *dirty_sites;
static _Atomic(struct mn_live *) left_over; /* of units that ended while the mutex was not to be had */
static atomic_bool spent_left;              /* some hook has run once, and is in its array still */
static size_t hooks_in_place;
static unsigned depth; /* of edits within edits, by the holder of the mutex */

/* ---- The words ---- */

bool
mn_word_end(mn_word *word, uint32_t version)
{
    uint32_t now = atomic_load_explicit(word, memory_order_relaxed);

    while ((now & ~(uint32_t)MN_WORD_OUT) == version)
        if (atomic_compare_exchange_weak_explicit(word, &now, 0, memory_order_acq_rel, memory_order_relaxed))
            return true;
    return false;
}

/* ---- Sites ---- */

static void
publish(struct mn_site *site, const struct mn_chain *chain)
{
    const struct mn_chain *old = mn_site_chain(site);

    if (chain == old)
        return;
    if (old == &mn_chain_idle)
        mn_trampoline_resume(site->trampoline);
    atomic_store_explicit(&site->chain, chain, memory_order_seq_cst);
    if (chain == &mn_chain_idle && site->original)
        mn_trampoline_direct(site->trampoline, (mn_code)site->original);
    mn_chain_retire(old);
}

static void
mark_dirty(struct mn_site *site)
{
    if (site->dirty)
        return;
    site->dirty = true;
    site->next_dirty = dirty_sites;
    dirty_sites = site;
}

/* Gives the method back after its last hook. */
static mend_status
uninstall(struct mn_site *site, mend_error *err)
{
    mend_status st = mn_install_revert_one(&site->change, err);

    site->installed = st == MEND_NO_MEMORY;
    if (!site->installed)
        mn_site_keep(site);
    return st;
}

/* Publishes an array without the removed hooks. MEND_NO_MEMORY: the site stays dirty; else the error is for
 * the user. */
static mend_status
clean(struct mn_site *site, mend_error *err)
{
    const struct mn_chain *shorter;
    mend_status st = mn_chain_new(mn_site_chain(site), NULL, 0, site, &shorter, err);

    if (st != MEND_OK)
        return st;
    publish(site, shorter);
    return shorter == &mn_chain_idle && site->installed ? uninstall(site, err) : MEND_OK;
}

/* Cleans all dirty sites it can; the first complaint is reported. */
static mend_status
clean_dirty(mend_error *err)
{
    struct mn_site *site = dirty_sites;
    mend_status first = MEND_OK;

    dirty_sites = NULL;
    while (site) {
        struct mn_site *next = site->next_dirty;
        mend_status st = clean(site, first == MEND_OK ? err : NULL);

        site->dirty = false;
        if (st == MEND_NO_MEMORY)
            mark_dirty(site);
        else if (first == MEND_OK)
            first = st;
        site = next;
    }
    return first;
}

/* ---- Taking ---- */

static void
take(struct mn_hook *hook)
{
    if (hook->removed)
        return; /* it was spent */
    mn_hook_end(hook);
    mark_dirty(hook->site);
    hooks_in_place--;
}

static void
take_if_spent(struct mn_hook *hook, unsigned turn, void *unused)
{
    const struct mn_hook_more *more = hook->more;

    (void)turn;
    (void)unused;
    if (more && !hook->alone &&
        (atomic_load(&more->spent) || (more->own && atomic_load(&more->own->now) != more->own_version)))
        take(hook);
}

/* Those of units that live on. */
static void
remove_spent(void)
{
    if (!atomic_exchange(&spent_left, false))
        return;
    for (struct mn_site *site = mn_sites_published(); site; site = site->next_published)
        mn_chain_each(mn_site_chain(site), take_if_spent, NULL);
}

mend_status
mn_edit_remove(struct mn_hook *hooks, struct mn_live *live, mend_error *err)
{
    struct mn_hook *hook, *next;
    mend_status st;

    for (hook = hooks; hook; hook = hook->next)
        take(hook);
    st = clean_dirty(err);
    for (hook = hooks; hook; hook = next) {
        next = hook->next;
        mn_hook_release(hook);
    }
    if (live)
        mn_live_free(live);
    return st;
}

static void
leave_over(struct mn_live *live)
{
    live->next = atomic_load(&left_over);
    while (!atomic_compare_exchange_weak(&left_over, &live->next, live))
        ;
}

static void
remove_left_over(void)
{
    struct mn_live *live = atomic_exchange(&left_over, NULL);

    while (live) {
        struct mn_live *next = live->next;

        mn_edit_remove(live->owner, live, NULL);
        live = next;
    }
}

/* What was left by those who could not have the mutex. */
static void
clear_up(void)
{
    remove_left_over();
    remove_spent();
    mn_pointcut_settle();
    if (dirty_sites)
        clean_dirty(NULL);
}

void
mn_edit_lock(void)
{
    mn_runtime_lock();
    depth++;
    clear_up();
}

void
mn_edit_unlock(bool now)
{
    struct mn_hook *due;

    mn_chain_reclaim(now);
    if (--depth > 0) { /* the outermost edit still has the mutex: it runs the release functions */
        mn_runtime_unlock();
        return;
    }
    due = mn_hooks_due();
    mn_runtime_unlock();
    mn_hooks_release_due(due);
    while ((atomic_load(&left_over) || mn_pointcut_unsettled()) && mn_runtime_trylock()) {
        clear_up();
        due = mn_hooks_due();
        mn_runtime_unlock();
        mn_hooks_release_due(due);
    }
}

bool
mn_edit_trylock(void)
{
    for (int i = 0; i < TRIES_FOR_THE_LOCK; i++) {
        if (mn_runtime_trylock()) {
            depth++;
            clear_up();
            return true;
        }
        sched_yield();
    }
    return false;
}

static bool
has_data(const struct mn_hook *hook)
{
    while (hook && !hook->release)
        hook = hook->next;
    return hook != NULL;
}

mend_status
mn_edit_remove_unlocked(struct mn_live *live, mend_error *err)
{
    mend_status st;
    bool due;

    if (!mn_edit_trylock()) {
        leave_over(live);
        if (mn_edit_trylock()) /* who held the mutex may have looked before there was anything to find */
            mn_edit_unlock(true);
        return MEND_OK;
    }
    due = has_data(live->owner);
    st = mn_edit_remove(live->owner, live, err);
    mn_edit_unlock(due);
    return st;
}

void
mn_edit_spend(struct mn_hook *hook)
{
    struct mn_live *own = hook->more->own;

    if (own)
        mn_word_end(&own->now, hook->more->own_version);
    if (!hook->alone)
        mn_edit_clear_spent();
    else if (mn_word_end(&hook->live->now, hook->version))
        mn_edit_remove_unlocked(hook->live, NULL);
}

void
mn_edit_clear_spent(void)
{
    atomic_store(&spent_left, true);
    if (mn_edit_trylock())
        mn_edit_unlock(false);
}

size_t
mn_edit_hooks(void)
{
    return hooks_in_place;
}

/* ---- Putting ---- */

static int
by_site(const void *a, const void *b)
{
    const struct mn_hook *x = *(struct mn_hook *const *)a, *y = *(struct mn_hook *const *)b;

    if (x->site != y->site)
        return (uintptr_t)x->site < (uintptr_t)y->site ? -1 : 1;
    return x->order < y->order ? -1 : 1;
}

/* How many hooks from `first` on are for the same site. */
static size_t
run_of(const struct mn_edit *edit, size_t first)
{
    size_t n = 1;

    while (first + n < edit->count && edit->hooks[first + n]->site == edit->hooks[first]->site)
        n++;
    return n;
}

static void
forget(struct mn_edit *edit)
{
    mn_free(edit->hooks);
    mn_free(edit->changes);
    *edit = (struct mn_edit){0};
}

static void
drop_staged(struct mn_edit *edit)
{
    for (size_t i = 0; i < edit->count; i += run_of(edit, i)) {
        struct mn_site *site = edit->hooks[i]->site;

        mn_chain_free(site->staged);
        site->staged = NULL;
    }
}

/* Calls of the method reach the site already. */
static bool
stands(const struct mn_site *site)
{
    struct mn_method now;

    return site->published && mn_method_own(site->change.cls, site->change.sel, &now) &&
           now.imp == site->change.imp;
}

/* Also makes sure that each method is still what its site was made for. */
static mend_status
prepare_changes(struct mn_edit *edit, size_t count, mend_error *err)
{
    mend_status st = mn_install_prepare(&edit->install, edit->changes, count, err);

    for (size_t i = 0; i < edit->count && st == MEND_OK; i += run_of(edit, i)) {
        const struct mn_site *site = edit->hooks[i]->site;
        const struct mn_change *change = &site->change;

        if (change->state != MN_CHANGE_PREPARED ||
            (change->owner == change->cls ? change->original : NULL) == site->original)
            continue;
        st = mn_fail_method(err, MEND_FOREIGN_IMP, mn_class_name(change->cls), mn_selector_name(change->sel),
                            "someone replaced the method while hooks on it were being staged");
        mn_remedy(err, "stage the hooks again");
        mn_install_abandon(&edit->install);
    }
    return st;
}

mend_status
mn_edit_prepare(struct mn_edit *edit, struct mn_hook *const *hooks, size_t count, mend_error *err)
{
    size_t changes = 0;
    mend_status st = MEND_OK;

    *edit = (struct mn_edit){.count = count};
    edit->hooks = mn_malloc((count + 1) * sizeof *edit->hooks);
    edit->changes = mn_malloc((count + 1) * sizeof *edit->changes);
    if (!edit->hooks || !edit->changes) {
        forget(edit);
        return mn_fail_memory(err);
    }
    for (size_t i = 0; i < count; i++)
        edit->hooks[i] = hooks[i];
    qsort(edit->hooks, count, sizeof *edit->hooks, by_site);
    for (size_t i = 0, n; i < count && st == MEND_OK; i += n) {
        struct mn_site *site = edit->hooks[i]->site;

        n = run_of(edit, i);
        st = mn_chain_new(mn_site_chain(site), edit->hooks + i, n, site, &site->staged, err);
        if (st == MEND_OK && !stands(site))
            edit->changes[changes++] = &site->change;
    }
    if (st == MEND_OK)
        st = prepare_changes(edit, changes, err);
    if (st != MEND_OK) {
        drop_staged(edit);
        forget(edit);
    }
    return st;
}

void
mn_edit_commit(struct mn_edit *edit, struct mn_live *live, uint32_t value)
{
    for (size_t i = 0; i < edit->count; i += run_of(edit, i)) {
        struct mn_site *site = edit->hooks[i]->site;
        const struct mn_chain *staged = site->staged;

        site->staged = NULL;
        if (!site->installed)
            mn_site_unkeep(site);
        mn_site_publish(site);
        site->installed = true;
        publish(site, staged);
    }
    mn_install_commit(&edit->install);
    if (live)
        atomic_store_explicit(&live->now, value, memory_order_seq_cst);
    hooks_in_place += edit->count;
    forget(edit);
}

void
mn_edit_cancel(struct mn_edit *edit)
{
    mn_install_abandon(&edit->install);
    drop_staged(edit);
    forget(edit);
}

/* ---- Moving ---- */

static void
change_site(struct mn_hook *const *hooks, size_t count, struct mn_site *site)
{
    for (size_t i = 0; i < count; i++) {
        hooks[i]->site->members--;
        site->members++;
        hooks[i]->site = site;
    }
}

mend_status
mn_edit_move(struct mn_site *from, struct mn_site *to, mend_error *err)
{
    struct mn_list hooks = MN_LIST_OF(struct mn_hook *);
    struct mn_edit edit;
    mend_status st;

    if ((st = mn_chain_hooks(mn_site_chain(from), &hooks, err)) != MEND_OK)
        goto done;
    change_site(hooks.items, hooks.count, to);
    if ((st = mn_edit_prepare(&edit, hooks.items, hooks.count, err)) == MEND_OK) {
        mn_edit_commit(&edit, NULL, 0); /* the hooks' own words say already what is in force */
        hooks_in_place -= hooks.count;  /* they were counted before */
        publish(from, &mn_chain_idle);
        if (from->installed)
            uninstall(from, NULL);
    } else {
        change_site(hooks.items, hooks.count, from);
    }
done:
    mn_list_fini(&hooks);
    return st;
}

mend_status
mn_edit_republish(struct mn_site *site, mend_error *err)
{
    return clean(site, err);
}
