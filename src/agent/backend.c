/* SPDX-License-Identifier: MIT */
/*
 * The one file of agent/ that names patch/.
 *
 * Top-level code of a patch, and the freeing of what a patch leaves, send messages: they find an autorelease
 * pool, which makes the thread known to Foundation, too. A check sends none and gets none.
 */
#include "agent/backend.h"

#include "base/clock.h"
#include "base/error.h"
#include "runtime/exception.h"
#include "runtime/runtime.h"
#include "value/own.h"

#include <mend/patch.h>
#include <time.h>

/* How long a question may wait for whoever loads or initialises a class. */
enum { PATIENCE_MS = 100 };

static id
enter_pool(void)
{
    mn_own_init();
    return mn_pool_push();
}

static void
leave_pool(const id *pool)
{
    mn_pool_pop(*pool);
}

static mend_status
apply(const mend_source *source, mend_diagnose diagnose, void *data, mend_patch_report *report,
      mend_error *err)
{
    MN_SCOPED(leave_pool) id pool = enter_pool();

    (void)pool;
    return mend_patch_apply(source, diagnose, data, report, err);
}

static mend_status
revert(const char *name, mend_error *err)
{
    MN_SCOPED(leave_pool) id pool = enter_pool();

    (void)pool;
    return mend_patch_revert(name, err);
}

static void
settle(void)
{
    mn_runtime_lock();
    mn_runtime_unlock();
}

static mend_status
each(int (*visit)(void *data, const mend_patch_info *info), void *data, mend_error *err)
{
    uint64_t until = mn_clock_ns() + PATIENCE_MS * UINT64_C(1000000);
    mend_status st;

    while (!mn_runtime_trylock()) {
        if (mn_clock_ns() >= until)
            return mn_fail(err, MEND_TIMEOUT, "the program is loading or initialising a class");
        nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
    }
    st = mend_patch_each(visit, data, err);
    mn_runtime_unlock();
    return st;
}

const struct mn_backend mn_backend_live = {
    .settle = settle,
    .apply = apply,
    .check = mend_patch_check,
    .compile = mend_patch_compile,
    .revert = revert,
    .each = each,
    .format = mend_diagnostic_format,
};
