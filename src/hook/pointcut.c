/* SPDX-License-Identifier: MIT */
/*
 * A committed pointcut is a unit of its own: hooks on any number of methods that share one live word, and to
 * which arrivals add hooks as long as it is armed.
 *
 * Arrivals bring hooks bound to the word and version that the commit put in force, so one store ends all of
 * them, and one that comes a moment too late is never in force. That store needs no lock; what follows it
 * (taking the hooks away, leaving the list of the armed) does, and is left to the next holder of the
 * runtime's mutex when it is not to be had. Until then the pointcut belongs to the engine: mend_pointcut_free
 * only marks it.
 *
 * All fields but `phase` are written under the runtime's mutex, or before anybody else knows the pointcut.
 */
#include "hook/pointcut.h"

#include "base/alloc.h"
#include "base/arena.h"
#include "base/error.h"
#include "base/list.h"
#include "base/log.h"
#include "base/map.h"
#include "hook/edit.h"
#include "hook/match.h"
#include "hook/newcomer.h"
#include "hook/target.h"
#include "runtime/loading.h"

#include <string.h>

enum phase {
    IDLE, /* not committed */
    COMMITTED,
    ENDED,      /* out of force; its hooks are still to be taken away */
    ENDED_FREED /* the same, and nobody wants it any more */
};

/* What hooks of one pointcut share when data is to be released after the last of them. */
struct closure {
    mend_advice advice;
    void *data;
    void (*release)(void *data);
    atomic_size_t users; /* hooks, and the pointcut while it is committed */
};

struct mend_pointcut {
    struct mn_pattern *pattern;
    SEL awaited; /* of mend_pointcut_await: the method, which may be inherited */
    bool has_spec, future;
    mend_hook_spec spec;
    struct mn_arena texts; /* its names */

    atomic_int phase;
    struct mn_live *live;
    uint32_t version;
    struct mn_hook *hooks;
    struct mn_map classes;     /* that have hooks of it */
    struct closure *closure;   /* with a release function */
    struct mn_hook *last_user; /* in no chain: stands for the pointcut among the closure's users */
    size_t hooked, arrived, refused, missed;

    struct mend_pointcut *older, *newer; /* among the armed */
    struct mend_pointcut *next_ended;
};

static struct mend_pointcut *oldest, *newest;       /* armed */
static _Atomic(struct mend_pointcut *) ended_first; /* out of force, not cleared up */

/* What hooks without a method belong to. */
static struct mn_site nowhere = {.chain = &mn_chain_idle};

/* ---- Making ---- */

static mend_status
check_spec(const mend_hook_spec *spec, bool future, mend_error *err)
{
    mend_status st = mn_spec_check(spec, err);

    if (st == MEND_OK && (spec->options & MEND_HOOK_MAY_ADD))
        return mn_fail(err, MEND_INVALID, "a pointcut hooks methods that are there, and adds none");
    if (st == MEND_OK && future && (spec->options & MEND_HOOK_THIS_THREAD))
        return mn_fail(err, MEND_INVALID,
                       "what arrives later is hooked by the thread that brings it: it cannot be "
                       "for this thread only");
    return st;
}

/* Takes over what the spec names. */
static bool
copy_texts(mend_pointcut *pointcut)
{
    const char **texts[] = {&pointcut->spec.name, &pointcut->spec.ahead_of, &pointcut->spec.behind};

    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        if (*texts[i] && !(*texts[i] = mn_arena_strdup(&pointcut->texts, *texts[i])))
            return false;
    return true;
}

static void
destroy(mend_pointcut *pointcut)
{
    mn_pattern_free(pointcut->pattern);
    mn_arena_fini(&pointcut->texts);
    mn_free(pointcut);
}

static mend_status
new_pointcut(const mend_hook_spec *spec, bool future, mend_pointcut **out, mend_error *err)
{
    mend_pointcut *fresh;
    mend_status st;

    if (spec && (st = check_spec(spec, future, err)) != MEND_OK)
        return st;
    if (!(fresh = mn_calloc(1, sizeof *fresh)))
        return mn_fail_memory(err);
    fresh->spec = spec ? *spec : (mend_hook_spec){.position = MEND_BEFORE};
    fresh->has_spec = spec != NULL;
    fresh->future = future;
    fresh->texts = (struct mn_arena){.block = 64};
    if (!copy_texts(fresh)) {
        destroy(fresh);
        return mn_fail_memory(err);
    }
    *out = fresh;
    return MEND_OK;
}

mend_status
mend_pointcut_new(const char *pattern, const mend_hook_spec *spec, unsigned options, mend_pointcut **pointcut,
                  mend_error *err)
{
    mend_status st;

    *pointcut = NULL;
    if (!pattern || (options & ~(unsigned)MEND_POINTCUT_FUTURE))
        return mn_fail(err, MEND_INVALID, "a pointcut needs a pattern, and takes no option but FUTURE");
    if ((st = new_pointcut(spec, options & MEND_POINTCUT_FUTURE, pointcut, err)) != MEND_OK)
        return st;
    if ((st = mn_pattern_read(pattern, &(*pointcut)->pattern, err)) == MEND_OK)
        return MEND_OK;
    mend_pointcut_free(*pointcut);
    *pointcut = NULL;
    return st;
}

mend_status
mend_pointcut_await(const mend_target *target, const mend_hook_spec *spec, mend_pointcut **pointcut,
                    mend_error *err)
{
    mend_status st;
    SEL sel;

    *pointcut = NULL;
    if (!target || target->cls || !target->class_name || !*target->class_name || !spec)
        return mn_fail(err, MEND_INVALID,
                       "a hook that waits needs the name of a class, a selector and advice");
    if (!(sel = mn_selector(target->selector)))
        return mn_fail(err, MEND_INVALID, "a hook that waits needs a selector");
    if ((st = mn_selector_admit(Nil, sel, spec, err)) != MEND_OK ||
        (st = new_pointcut(spec, true, pointcut, err)) != MEND_OK)
        return st;
    (*pointcut)->awaited = sel;
    st = mn_pattern_exact(target->class_name, target->selector, target->class_side, &(*pointcut)->pattern,
                          err);
    if (st == MEND_OK)
        return MEND_OK;
    mend_pointcut_free(*pointcut);
    *pointcut = NULL;
    return st;
}

/* ---- Looking ---- */

/* It is on this method, seen at its entry; or somewhere below, because someone has put himself in front of
 * our entry. */
static bool
is_hooked(const mend_pointcut *pointcut, Class cls, const struct mn_method *method)
{
    struct mn_trampoline *trampoline = mn_trampoline_at((mn_code)method->imp);
    const struct mn_site *site = trampoline ? mn_trampoline_context(trampoline) : NULL;

    if (!pointcut->live || !mn_map_get_pointer(&pointcut->classes, cls))
        return false;
    if (site && site->change.cls == cls &&
        mn_chain_names(mn_site_chain(site), pointcut->live, pointcut->version))
        return true;
    for (const struct mn_hook *hook = pointcut->hooks; hook; hook = hook->next)
        if (hook->site->change.cls == cls && mn_selector_equal(hook->site->change.sel, method->sel))
            return true;
    return false;
}

struct look {
    const mend_pointcut *pointcut;
    mend_status st;
    mend_error *err;
    mend_pointcut_counts counts;
    Class last;           /* class counted last */
    struct mn_list found; /* mend_match */
};

static Class
class_of(Class cls)
{
    return mn_class_is_meta(cls) ? mn_class_named(mn_class_name(cls)) : cls;
}

static bool
count_match(void *data, Class cls, const struct mn_method *method)
{
    struct look *look = data;
    mend_status st = mn_match_refusal(cls, method, &look->pointcut->spec, look->err);

    if (st != MEND_OK && !mn_is_refusal(st)) {
        look->st = st;
        return false;
    }
    look->counts.methods++;
    look->counts.refused += st != MEND_OK;
    cls = class_of(cls);
    look->counts.classes += cls != look->last;
    look->last = cls;
    return true;
}

static mend_status
search(const mend_pointcut *pointcut, bool (*visit)(void *, Class, const struct mn_method *), void *data,
       mend_error *err)
{
    struct mn_search s = {pointcut->pattern, pointcut->awaited, visit, data};

    return mn_match_all(&s, err);
}

mend_status
mend_pointcut_count(const mend_pointcut *pointcut, mend_pointcut_counts *counts, mend_error *err)
{
    struct look look = {.pointcut = pointcut, .err = err};
    mend_status st;

    mn_runtime_lock();
    st = search(pointcut, count_match, &look, err);
    mn_runtime_unlock();
    if (st == MEND_OK)
        st = look.st;
    *counts = st == MEND_OK ? look.counts : (mend_pointcut_counts){0};
    return st;
}

static bool
keep_match(void *data, Class cls, const struct mn_method *method)
{
    struct look *look = data;
    mend_match *match;
    mend_status st = mn_match_refusal(cls, method, &look->pointcut->spec, look->err);

    if (st != MEND_OK && !mn_is_refusal(st)) {
        look->st = st;
        return false;
    }
    if (!(match = mn_list_add(&look->found))) {
        look->st = mn_fail_memory(look->err);
        return false;
    }
    *match = (mend_match){.cls = class_of(cls),
                          .class_name = mn_class_name(cls),
                          .selector = mn_selector_name(method->sel),
                          .encoding = method->types,
                          .class_side = mn_class_is_meta(cls),
                          .hooked = is_hooked(look->pointcut, cls, method),
                          .refused = st};
    return true;
}

/* Why a match is refused, in words, as the commit would find it. */
static const mend_error *
reason_of(const mend_pointcut *pointcut, const mend_match *match, mend_error *why)
{
    struct mn_method method = {.sel = mn_selector(match->selector), .types = match->encoding};

    if (match->refused == MEND_OK)
        return NULL;
    mn_match_refusal(match->class_side ? mn_class_meta(match->cls) : match->cls, &method, &pointcut->spec,
                     why);
    return why;
}

mend_status
mend_pointcut_each(const mend_pointcut *pointcut,
                   int (*visit)(void *data, const mend_match *match, const mend_error *why), void *data,
                   mend_error *err)
{
    struct look look = {.pointcut = pointcut, .err = err, .found = MN_LIST_OF(mend_match)};
    mend_error why;
    mend_status st;

    mn_runtime_lock();
    st = search(pointcut, keep_match, &look, err);
    mn_runtime_unlock();
    if (st == MEND_OK)
        st = look.st;
    for (size_t i = 0; st == MEND_OK && i < look.found.count; i++) {
        const mend_match *match = MN_LIST_AT(mend_match, &look.found, i);

        if (!visit(data, match, reason_of(pointcut, match, &why)))
            break;
    }
    mn_list_fini(&look.found);
    return st;
}

/* ---- Putting hooks in place: at the commit, and for each arrival ---- */

static void
run_closure(mend_call *call, void *data)
{
    struct closure *closure = data;

    closure->advice(call, closure->data);
}

static void
leave_closure(void *data)
{
    struct closure *closure = data;

    if (atomic_fetch_sub(&closure->users, 1) > 1)
        return;
    closure->release(closure->data);
    mn_free(closure);
}

static mend_hook_spec
spec_of_hooks(const mend_pointcut *pointcut)
{
    mend_hook_spec spec = pointcut->spec;

    if (!pointcut->closure)
        return spec;
    spec.advice = run_closure;
    spec.data = pointcut->closure;
    spec.release = leave_closure;
    return spec;
}

/* Hooks made for one change, in force or dropped together. */
struct staged {
    mend_pointcut *pointcut;
    mend_hook_spec spec;
    struct mn_list hooks; /* struct mn_hook * */
    size_t refused;
    mend_status st;
    mend_error *err;
};

static struct mn_hook **
staged_hooks(const struct staged *staged)
{
    return staged->hooks.items;
}

static void
drop_staged(struct staged *staged)
{
    for (size_t i = 0; i < staged->hooks.count; i++) {
        struct mn_site *site = staged_hooks(staged)[i]->site;

        mn_hook_drop(staged_hooks(staged)[i], false);
        mn_site_discard(site);
    }
    mn_list_fini(&staged->hooks);
}

static mend_status
stage(struct staged *staged, Class cls, const struct mn_method *method)
{
    mend_pointcut *pointcut = staged->pointcut;
    struct mn_site *site = NULL;
    struct mn_hook *hook, **place;
    mend_status st;

    if ((st = mn_selector_admit(cls, method->sel, &pointcut->spec, staged->err)) != MEND_OK ||
        (st = mn_site_open(cls, method->sel, NULL, &site, staged->err)) != MEND_OK)
        return st;
    if ((st = mn_site_admit(site, &pointcut->spec, nil, staged->err)) != MEND_OK) {
        mn_site_discard(site);
        return st;
    }
    hook = mn_map_set_pointer(&pointcut->classes, cls, cls) ? mn_hook_new(&staged->spec, nil, site) : NULL;
    place = hook ? mn_list_add(&staged->hooks) : NULL;
    if (!place) {
        if (hook)
            mn_hook_drop(hook, false);
        mn_site_discard(site);
        return mn_fail_memory(staged->err);
    }
    mn_hook_bind(hook, pointcut->live, pointcut->version);
    *place = hook;
    return MEND_OK;
}

static bool
stage_match(void *data, Class cls, const struct mn_method *method)
{
    struct staged *staged = data;
    mend_status st;

    if (is_hooked(staged->pointcut, cls, method))
        return true;
    st = stage(staged, cls, method);
    if (mn_is_refusal(st))
        staged->refused++;
    else
        staged->st = st;
    return staged->st == MEND_OK;
}

/* Puts what is staged in place. `live` is the word that `value` shall be stored in, or NULL. */
static mend_status
put_staged(struct staged *staged, struct mn_live *live, uint32_t value)
{
    mend_pointcut *pointcut = staged->pointcut;
    struct mn_edit edit;
    mend_status st = mn_edit_prepare(&edit, staged_hooks(staged), staged->hooks.count, staged->err);

    if (st != MEND_OK)
        return st;
    mn_edit_commit(&edit, live, value);
    for (size_t i = 0; i < staged->hooks.count; i++) {
        staged_hooks(staged)[i]->next = pointcut->hooks;
        pointcut->hooks = staged_hooks(staged)[i];
    }
    if (pointcut->closure)
        atomic_fetch_add(&pointcut->closure->users, staged->hooks.count);
    pointcut->hooked += staged->hooks.count;
    mn_list_fini(&staged->hooks);
    return MEND_OK;
}

/* ---- The armed ---- */

static void
arm(mend_pointcut *pointcut)
{
    pointcut->older = newest;
    pointcut->newer = NULL;
    *(newest ? &newest->newer : &oldest) = pointcut;
    newest = pointcut;
}

static void
disarm(mend_pointcut *pointcut)
{
    *(pointcut->older ? &pointcut->older->newer : &oldest) = pointcut->newer;
    *(pointcut->newer ? &pointcut->newer->older : &newest) = pointcut->older;
    if (!oldest)
        mn_newcomer_forget_first_use();
}

static bool
in_force(const mend_pointcut *pointcut)
{
    uint32_t now = atomic_load_explicit(&pointcut->live->now, memory_order_acquire);

    return (now & ~(uint32_t)MN_WORD_OUT) == pointcut->version;
}

static void
arrived(mend_pointcut *pointcut, Class cls)
{
    mend_error err;
    struct staged staged = {.pointcut = pointcut,
                            .spec = spec_of_hooks(pointcut),
                            .hooks = MN_LIST_OF(struct mn_hook *),
                            .err = &err};
    struct mn_search s = {pointcut->pattern, pointcut->awaited, stage_match, &staged};
    size_t count;

    mn_match_class(&s, cls);
    count = staged.hooks.count;
    if (staged.st == MEND_OK && count > 0)
        staged.st = put_staged(&staged, NULL, 0); /* the word says already what is in force */
    if (staged.st == MEND_OK) {
        pointcut->arrived += count;
        return;
    }
    drop_staged(&staged);
    pointcut->missed++;
    mn_log(MN_LOG_WARNING, "what arrived with %s is not hooked by %s: %s", mn_class_name(cls),
           mn_pattern_text(pointcut->pattern), err.message);
}

void
mn_pointcut_arrived(Class cls)
{
    for (mend_pointcut *p = oldest; p; p = p->newer)
        if (in_force(p))
            arrived(p, cls);
}

mend_status
mend_pointcut_refresh(mend_error *err)
{
    mend_status st;

    mn_edit_lock();
    st = mn_newcomer_watch(false, err);
    if (st == MEND_OK)
        st = mn_loading_sweep(err);
    mn_edit_unlock(false);
    return st;
}

/* ---- Commit ---- */

static mend_status
open_closure(mend_pointcut *pointcut, mend_error *err)
{
    struct closure *closure;

    if (!pointcut->spec.release)
        return MEND_OK;
    if (!(closure = mn_calloc(1, sizeof *closure)))
        return mn_fail_memory(err);
    *closure = (struct closure){pointcut->spec.advice, pointcut->spec.data, pointcut->spec.release, 1};
    pointcut->closure = closure;
    pointcut->last_user =
        mn_hook_new(&(mend_hook_spec){.data = closure, .release = leave_closure}, nil, &nowhere);
    return pointcut->last_user ? MEND_OK : mn_fail_memory(err);
}

/* Undoes what an unsuccessful commit began. */
static void
forget(mend_pointcut *pointcut)
{
    if (pointcut->last_user)
        mn_hook_drop(pointcut->last_user, false);
    mn_free(pointcut->closure);
    if (pointcut->live)
        mn_live_free(pointcut->live);
    mn_map_fini(&pointcut->classes);
    pointcut->last_user = NULL;
    pointcut->closure = NULL;
    pointcut->live = NULL;
}

static mend_status
commit(mend_pointcut *pointcut, mend_error *err)
{
    struct staged staged = {.pointcut = pointcut, .hooks = MN_LIST_OF(struct mn_hook *), .err = err};
    uint32_t value;
    mend_status st;

    if (pointcut->future && (st = mn_newcomer_watch(true, err)) != MEND_OK)
        return st;
    if ((st = open_closure(pointcut, err)) != MEND_OK)
        goto failed;
    if (!(pointcut->live = mn_live_new(pointcut))) {
        st = mn_fail_memory(err);
        goto failed;
    }
    pointcut->version = pointcut->live->last;
    pointcut->live->name = mn_pattern_text(pointcut->pattern);
    value = pointcut->version | (pointcut->spec.options & MEND_HOOK_DISABLED ? MN_WORD_OUT : 0);
    staged.spec = spec_of_hooks(pointcut);
    if ((st = search(pointcut, stage_match, &staged, err)) != MEND_OK || (st = staged.st) != MEND_OK)
        goto failed;
    pointcut->hooked = pointcut->arrived = pointcut->missed = 0;
    if ((st = put_staged(&staged, pointcut->live, value)) != MEND_OK)
        goto failed;
    pointcut->refused = staged.refused;
    if (pointcut->future)
        arm(pointcut);
    atomic_store(&pointcut->phase, COMMITTED);
    return MEND_OK;
failed:
    drop_staged(&staged);
    forget(pointcut);
    if (!oldest)
        mn_newcomer_forget_first_use();
    return st;
}

mend_status
mend_pointcut_commit(mend_pointcut *pointcut, mend_error *err)
{
    mend_status st;

    if (!pointcut->has_spec)
        return mn_fail(err, MEND_INVALID,
                       "this pointcut was made without a hook: it can only be counted and visited");
    mn_edit_lock();
    if (atomic_load(&pointcut->phase) != IDLE)
        st = mn_fail(err, MEND_INVALID, "the pointcut is committed already");
    else
        st = commit(pointcut, err);
    mn_edit_unlock(false);
    return st;
}

/* ---- Taking back ---- */

/* Takes the hooks of an ended one away. Under the mutex; it is the user's again afterwards, or gone. */
static mend_status
clear_away(mend_pointcut *pointcut, mend_error *err)
{
    int ended = ENDED;
    mend_status st = MEND_OK;

    if (pointcut->future)
        disarm(pointcut);
    if (pointcut->hooks)
        st = mn_edit_remove(pointcut->hooks, pointcut->live, err);
    else
        mn_live_free(pointcut->live);
    if (pointcut->last_user) {
        mn_hook_end(pointcut->last_user);
        mn_hook_release(pointcut->last_user);
    }
    mn_map_fini(&pointcut->classes);
    pointcut->classes = MN_MAP_EMPTY;
    pointcut->hooks = NULL;
    pointcut->live = NULL;
    pointcut->closure = NULL; /* its users keep it */
    pointcut->last_user = NULL;
    pointcut->hooked = pointcut->arrived = pointcut->refused = pointcut->missed = 0;
    if (!atomic_compare_exchange_strong(&pointcut->phase, &ended, IDLE))
        destroy(pointcut);
    return st;
}

void
mn_pointcut_settle(void)
{
    mend_pointcut *pointcut = mn_pointcut_unsettled() ? atomic_exchange(&ended_first, NULL) : NULL;

    while (pointcut) {
        mend_pointcut *next = pointcut->next_ended;

        clear_away(pointcut, NULL);
        pointcut = next;
    }
}

bool
mn_pointcut_unsettled(void)
{
    return atomic_load_explicit(&ended_first, memory_order_acquire) != NULL;
}

static mend_status
not_installed(mend_error *err)
{
    return mn_fail(err, MEND_NOT_INSTALLED, "the pointcut is not committed");
}

mend_status
mend_pointcut_revert(mend_pointcut *pointcut, mend_error *err)
{
    bool has_data = pointcut->spec.release != NULL;
    mend_status st;

    if (atomic_load(&pointcut->phase) != COMMITTED || !mn_word_end(&pointcut->live->now, pointcut->version))
        return not_installed(err);
    atomic_store(&pointcut->phase, ENDED);
    if (!mn_edit_trylock()) {
        pointcut->next_ended = atomic_load(&ended_first);
        while (!atomic_compare_exchange_weak(&ended_first, &pointcut->next_ended, pointcut))
            ;
        return MEND_OK;
    }
    st = clear_away(pointcut, err);
    mn_edit_unlock(has_data);
    return st;
}

/* Replaces one of the two words of the version by the other. */
static mend_status
turn(mend_pointcut *pointcut, uint32_t out_before, uint32_t out_after, mend_error *err)
{
    uint32_t before = pointcut->version | out_before;

    if (atomic_load(&pointcut->phase) != COMMITTED)
        return not_installed(err);
    if (atomic_compare_exchange_strong(&pointcut->live->now, &before, pointcut->version | out_after) ||
        before == (pointcut->version | out_after))
        return MEND_OK;
    return not_installed(err);
}

mend_status
mend_pointcut_disable(mend_pointcut *pointcut, mend_error *err)
{
    return turn(pointcut, 0, MN_WORD_OUT, err);
}

mend_status
mend_pointcut_enable(mend_pointcut *pointcut, mend_error *err)
{
    return turn(pointcut, MN_WORD_OUT, 0, err);
}

void
mend_pointcut_free(mend_pointcut *pointcut)
{
    int ended = ENDED;

    if (!pointcut)
        return;
    if (atomic_load(&pointcut->phase) == COMMITTED)
        mend_pointcut_revert(pointcut, NULL);
    if (!atomic_compare_exchange_strong(&pointcut->phase, &ended, ENDED_FREED))
        destroy(pointcut);
}

/* ---- What there is to say ---- */

static mend_pointcut_state
state_of(const mend_pointcut *pointcut)
{
    bool committed = atomic_load(&pointcut->phase) == COMMITTED;

    return (mend_pointcut_state){.committed = committed,
                                 .armed = committed && pointcut->future,
                                 .waiting = committed && pointcut->future && pointcut->hooked == 0,
                                 .hooked = pointcut->hooked,
                                 .arrived = pointcut->arrived,
                                 .refused = pointcut->refused,
                                 .missed = pointcut->missed};
}

void
mend_pointcut_get_state(const mend_pointcut *pointcut, mend_pointcut_state *state)
{
    mn_runtime_lock();
    *state = state_of(pointcut);
    mn_runtime_unlock();
}

void
mend_pointcut_each_armed(int (*visit)(void *data, const char *pattern, const mend_pointcut_state *state),
                         void *data)
{
    mn_runtime_lock();
    for (const mend_pointcut *p = oldest; p; p = p->newer) {
        mend_pointcut_state state = state_of(p);

        if (state.committed && !visit(data, mn_pattern_text(p->pattern), &state))
            break;
    }
    mn_runtime_unlock();
}
