/* SPDX-License-Identifier: MIT */
/* The loop over failing allocations: a countdown of the thread that runs the test, asked by base/alloc.c. */
#include "support/faults.h"

#include "base/alloc.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <cmocka.h>

/* A body that never comes to an end of its allocations (it retries, say) would loop for ever. */
enum { MOST_ROUNDS = 100000 };

static _Thread_local struct {
    bool armed, hit, all_after;
    size_t countdown;
} now;

static bool
fault(size_t size)
{
    (void)size;
    if (!now.armed || now.countdown == 0)
        return false;
    if (now.countdown > 1) {
        now.countdown--;
        return false;
    }
    if (!now.all_after)
        now.countdown = 0;
    now.hit = true;
    return true;
}

static void
check_round(const struct mn_faults *f)
{
    size_t live = mn_alloc_live();

    if (!f->keeps && live != f->live)
        fail_msg("allocation %zu failed%s: %zu blocks were live before the round, %zu after", f->nth,
                 f->all_after ? " with all later ones" : "", f->live, live);
    if (f->rounds > MOST_ROUNDS)
        fail_msg("still allocating after %d rounds", MOST_ROUNDS);
}

bool
mn_faults_next(struct mn_faults *f)
{
    now.armed = false;
    if (f->rounds == 0) {
        f->live = mn_alloc_live();
        f->nth = 1;
    } else {
        check_round(f);
        if (!now.hit)
            f->over = true;
        else if (f->all_after)
            f->nth++;
        f->all_after = !f->all_after;
    }
    if (f->over) {
        mn_alloc_fault = NULL;
        print_message("%zu failing allocations\n", f->rounds);
        return false;
    }
    f->rounds++;
    now.hit = false;
    now.all_after = f->all_after;
    now.countdown = f->nth;
    now.armed = true;
    mn_alloc_fault = fault;
    return true;
}

bool
mn_faults_hit(struct mn_faults *f)
{
    (void)f;
    now.armed = false;
    return now.hit;
}
