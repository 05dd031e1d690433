/* SPDX-License-Identifier: MIT */
/*
 * What a call can use are the arrays it holds. So the arrays that name the hook are replaced by new ones,
 * which the calls that come later take; and the wait is for the old ones to be freed.
 *
 * The waiting is done without the mutex, by looking again after a while: nobody is delayed by it.
 */
#include "hook/quiesce.h"

#include "base/clock.h"
#include "base/error.h"
#include "base/list.h"
#include "hook/edit.h"

#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { FIRST_PAUSE_NS = 200000, LONGEST_PAUSE_NS = 10000000 };

struct wait {
    const struct mn_live *live;
    uint32_t version;
    uint64_t until;          /* arrays made up to then (mn_chain.published) */
    struct mn_list chains;   /* const struct mn_chain *: those still there */
    struct mn_list insiders; /* mend_inside */
    bool elsewhere;          /* another thread is inside, or nobody knows */
};

static bool
concerns(const struct mn_chain *chain, const struct wait *wait)
{
    return chain->published <= wait->until && mn_chain_names(chain, wait->live, wait->version);
}

static mend_status
replace_arrays(struct wait *wait, mend_error *err)
{
    mend_status st = MEND_OK;

    wait->until = mn_chain_clock();
    for (struct mn_site *site = mn_sites_published(); site && st == MEND_OK; site = site->next_published)
        if (concerns(mn_site_chain(site), wait) && (st = mn_edit_republish(site, err)) == MEND_FOREIGN_IMP)
            st = MEND_OK;
    return st;
}

static void
add_chain(const struct mn_chain *chain, void *data)
{
    struct wait *wait = data;
    const struct mn_chain **place;

    if (!concerns(chain, wait))
        return;
    if ((place = mn_list_add(&wait->chains)))
        *place = chain;
    wait->elsewhere |= !place;
}

static void
add_insider(const struct mn_chain *chain, int thread, void *data)
{
    struct wait *wait = data;
    mend_inside *inside;
    const struct mn_chain *named = NULL;

    for (size_t i = 0; i < wait->chains.count; i++)
        if (*MN_LIST_AT(const struct mn_chain *, &wait->chains, i) == chain)
            named = chain;
    if (!named)
        return;
    wait->elsewhere |= thread != (int)syscall(SYS_gettid);
    if (!(inside = mn_list_add(&wait->insiders)))
        return;
    *inside = (mend_inside){.thread = thread,
                            .class_name = mn_class_name(named->site->change.cls),
                            .selector = mn_selector_name(named->site->change.sel),
                            .class_side = mn_class_is_meta(named->site->change.cls)};
}

static void
forget(struct wait *wait)
{
    mn_list_fini(&wait->chains);
    mn_list_fini(&wait->insiders);
}

/* True: nobody is inside any more. */
static bool
look(struct wait *wait)
{
    bool empty;

    forget(wait);
    wait->chains = MN_LIST_OF(const struct mn_chain *);
    wait->insiders = MN_LIST_OF(mend_inside);
    wait->elsewhere = false;
    mn_edit_lock();
    mn_chain_reclaim(true);
    mn_chain_each_retired(add_chain, wait);
    empty = wait->chains.count == 0 && !wait->elsewhere;
    if (!empty && !mn_hold_each(add_insider, wait))
        wait->elsewhere = true;
    mn_edit_unlock(false);
    return empty || (wait->insiders.count == 0 && !wait->elsewhere);
}

static mend_status
time_out(const struct wait *wait, void (*report)(const mend_inside *inside, void *data), void *data,
         mend_error *err)
{
    for (size_t i = 0; report && i < wait->insiders.count; i++)
        report(MN_LIST_AT(mend_inside, &wait->insiders, i), data);
    if (!wait->elsewhere)
        return mn_fail(err, MEND_TIMEOUT, "the thread that waits is itself inside, %zu calls deep",
                       wait->insiders.count);
    return mn_fail(err, MEND_TIMEOUT, "%zu calls are still inside", wait->insiders.count);
}

mend_status
mn_quiesce(const struct mn_live *live, uint32_t version, unsigned milliseconds,
           void (*report)(const mend_inside *inside, void *data), void *data, mend_error *err)
{
    uint64_t deadline = mn_clock_ns() + milliseconds * (uint64_t)1000000;
    struct timespec pause = {0, FIRST_PAUSE_NS};
    struct wait wait = {.live = live, .version = version};
    mend_status st;

    mn_edit_lock();
    st = replace_arrays(&wait, err);
    mn_edit_unlock(false);
    while (st == MEND_OK && !look(&wait)) {
        if (!wait.elsewhere || mn_clock_ns() >= deadline) {
            st = time_out(&wait, report, data, err);
            break;
        }
        nanosleep(&pause, NULL);
        if (pause.tv_nsec < LONGEST_PAUSE_NS)
            pause.tv_nsec *= 2;
    }
    forget(&wait);
    return st;
}
