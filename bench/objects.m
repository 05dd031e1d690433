/* SPDX-License-Identifier: MIT */
/* What a hook of one object costs the others of its class, which it is not for: their release, and their end. */
#import <Foundation/Foundation.h>

#include "bench.h"

#include <mend/hook.h>
#include <stdlib.h>

@interface BenchNeighbour : NSObject
- (void)meet;
@end
@implementation BenchNeighbour
- (void)meet
{
}
@end

enum { ROUNDS = 101, TIMES = 2000 };

static void
sees(mend_call *call, void *data)
{
    (void)call;
    (void)data;
}

static void
retain_and_release(void)
{
    BenchNeighbour *object = [BenchNeighbour new];

    for (int i = 0; i < TIMES; i++) {
        [object retain];
        [object release];
    }
    [object release];
}

static void
make_and_end(void)
{
    for (int i = 0; i < TIMES; i++)
        [[BenchNeighbour new] release];
}

static int
by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return x < y ? -1 : x > y;
}

/* The median of the differences between a round with the hook and one without. */
static bool
measure_difference(void (*work)(void), double *value)
{
    BenchNeighbour *hooked = [BenchNeighbour new];
    mend_target target = {.object = hooked, .selector = "meet"};
    mend_hook_spec spec = {.position = MEND_BEFORE, .advice = sees};
    double extra[ROUNDS];

    for (int i = 0; i < ROUNDS; i++) {
        double took[2];

        for (int with = 0; with < 2; with++) {
            mend_token *token = NULL;

            if (with && mend_hook_add(&target, &spec, &token, NULL) != MEND_OK)
                return false;
            work();
            took[with] = -bench_now();
            work();
            took[with] += bench_now();
            mend_hook_remove(token, NULL);
        }
        extra[i] = (took[1] - took[0]) / TIMES * 1e9;
    }
    qsort(extra, ROUNDS, sizeof *extra, by_value);
    *value = extra[ROUNDS / 2];
    [hooked release];
    return true;
}

bool
measure_release_of_others(double *value)
{
    return measure_difference(retain_and_release, value);
}

bool
measure_dealloc_of_others(double *value)
{
    return measure_difference(make_and_end, value);
}
