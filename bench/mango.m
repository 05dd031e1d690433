/* SPDX-License-Identifier: MIT */
/*
 * Patches as programs written for MangoFix and OCRunner have them: the three things that were measured of both (an
 * empty patched method, one turn of a loop, fib(20) with every call a message), each in that system's profile.
 */
#include "bench.h"

#import <Foundation/Foundation.h>
#include <mend/patch.h>
#include <string.h>

enum { CALLS = 1000000, LOOP = 5000000, TURNS = 5, FIB_OF_20 = 6765 };

@interface BenchMango : NSObject
- (void)empty;
- (long)loop:(long)times;
- (long)fib:(long)n;
@end
@implementation BenchMango
- (void)empty
{
}
- (long)loop:(long)times
{
    return times - times;
}
- (long)fib:(long)n
{
    return n - n;
}
@end

static const char mango[] = "class BenchMango : NSObject {\n"
                            "    - (void)empty { }\n"
                            "    - (int)loop:(int)times {\n"
                            "        int s = 0;\n"
                            "        for (int i = 0; i < times; i++) { s += i; }\n"
                            "        return s;\n"
                            "    }\n"
                            "    - (int)fib:(int)n {\n"
                            "        if (n < 2) { return n; }\n"
                            "        return self.fib:(n - 1) + self.fib:(n - 2);\n"
                            "    }\n"
                            "}\n";
static const char objc[] = "@implementation BenchMango\n"
                           "- (void)empty { }\n"
                           "- (long)loop:(long)times {\n"
                           "    long s = 0;\n"
                           "    for (long i = 0; i < times; i++) { s += i; }\n"
                           "    return s;\n"
                           "}\n"
                           "- (long)fib:(long)n {\n"
                           "    if (n < 2) { return n; }\n"
                           "    return [self fib:n - 1] + [self fib:n - 2];\n"
                           "}\n"
                           "@end\n";

/* The shortest of several turns, in seconds. */
static double
shortest(void (*turn)(BenchMango *object), BenchMango *object)
{
    double best = 0;

    for (int i = 0; i < TURNS; i++) {
        double start = bench_processor(), took;

        turn(object);
        took = bench_processor() - start;
        best = i == 0 || took < best ? took : best;
    }
    return best;
}

static long kept; /* what turns compute, so that it is computed */

static void
call_empty(BenchMango *object)
{
    for (long i = 0; i < CALLS; i++)
        [object empty];
}

static void
call_loop(BenchMango *object)
{
    kept = [object loop:LOOP];
}

static void
call_fib(BenchMango *object)
{
    kept = [object fib:20];
}

/* One of them under a patch; `result`: what it must have computed. */
static bool
measure(const char *name, const char *text, enum mend_profile profile, void (*turn)(BenchMango *object), long result,
        double unit, double *value)
{
    mend_source source = {.name = name, .text = text, .length = strlen(text), .profile = profile};
    BenchMango *object;
    bool right;

    if (mend_patch_apply(&source, NULL, NULL, NULL, NULL) != MEND_OK)
        return false;
    object = [BenchMango new];
    kept = result;
    *value = shortest(turn, object) * unit;
    right = kept == result;
    [object release];
    mend_patch_revert("mango", NULL);
    return right;
}

#define LOOP_SUM ((long)LOOP * (LOOP - 1) / 2)
#define FIGURES(system, name, text, profile)                                                                         \
    bool measure_##system##_empty(double *value)                                                                     \
    {                                                                                                                \
        return measure(name, text, profile, call_empty, 0, 1e9 / CALLS, value);                                      \
    }                                                                                                                \
    bool measure_##system##_loop(double *value)                                                                      \
    {                                                                                                                \
        return measure(name, text, profile, call_loop, LOOP_SUM, 1e9 / LOOP, value);                                 \
    }                                                                                                                \
    bool measure_##system##_fib(double *value)                                                                       \
    {                                                                                                                \
        return measure(name, text, profile, call_fib, FIB_OF_20, 1e3, value);                                        \
    }
FIGURES(mangofix, "mango.mg", mango, MEND_PROFILE_MANGOFIX)
FIGURES(ocrunner, "mango.m", objc, MEND_PROFILE_OCRUNNER)
