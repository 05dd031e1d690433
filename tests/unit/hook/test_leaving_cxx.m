/* SPDX-License-Identifier: MIT */
/*
 * C++ exceptions, thrown and caught by C++ (leaving_cxx.cc), through every kind of advice: from the method below
 * it, and from the advice itself. Advice for throwing does not see them; they are not Objective-C's.
 */
#import "support/hook_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <cmocka.h>

void cxx_throw(int value);
int cxx_caught(void (*call)(void *), void *data);
extern int cxx_destroyed;

enum { VALUE = 77, TIMES = 200 };

@interface HookThrower : NSObject
- (int)throw:(int)value;
@end

@implementation HookThrower
- (int)throw:(int)value
{
    if (value)
        cxx_throw(value);
    return 5;
}
@end

static HookThrower *receiver;

static void
say(void *value)
{
    assert_int_equal([receiver throw:(int)(intptr_t)value], 5);
}

static void
proceeds(mend_call *call, void *data)
{
    (void)data;
    mend_call_proceed(call, NULL);
}

static void
throws_itself(mend_call *call, void *thrower)
{
    if (*(const int *)thrower)
        cxx_throw(*(const int *)thrower);
    mend_call_proceed(call, NULL); /* refused where it is not instead advice */
}

static void
must_not_run(mend_call *call, void *data)
{
    (void)call, (void)data;
    fail_msg("advice for Objective-C exceptions saw one of C++");
}

/* The exception arrives as it was thrown, each time; then an ordinary call works, and nothing is left. */
static void
check_passes(int sent, mend_token **tokens, int count, const mend_hook_stats *before, int *thrower)
{
    int destroyed = cxx_destroyed;

    for (int i = 0; i < TIMES; i++)
        assert_int_equal(cxx_caught(say, (void *)(intptr_t)sent), VALUE);
    assert_int_equal(cxx_destroyed, destroyed + TIMES);
    *thrower = 0;
    say((void *)0);
    for (int i = 0; i < count; i++)
        hook_off(tokens[i]);
    hook_assert_baseline(before);
}

static void
a_cxx_exception_of_the_method_passes_any_advice(void **state)
{
    int unused;

    for (int shape = 0; shape < 16; shape++) {
        mend_hook_stats before = hook_baseline();
        mend_token *tokens[4];
        int n = 0;

        if (shape & 1)
            tokens[n++] = hook_on("HookThrower", "throw:", MEND_BEFORE, hook_writes, "");
        if (shape & 2)
            tokens[n++] = hook_on("HookThrower", "throw:", MEND_INSTEAD, proceeds, NULL);
        if (shape & 4)
            tokens[n++] = hook_on("HookThrower", "throw:", MEND_AFTER, hook_writes, "");
        if (shape & 8)
            tokens[n++] = hook_on("HookThrower", "throw:", MEND_THROWING, must_not_run, NULL);
        check_passes(VALUE, tokens, n, &before, &unused);
    }
}

static void
a_cxx_exception_leaves_advice_of_any_position(void **state)
{
    static const mend_position positions[] = {MEND_BEFORE, MEND_INSTEAD, MEND_AFTER};
    int thrower;

    for (int p = 0; p < 3; p++)
        for (int among_others = 0; among_others < 2; among_others++) {
            mend_hook_stats before = hook_baseline();
            mend_token *tokens[4];
            int n = 0;

            thrower = VALUE;
            tokens[n++] = hook_on("HookThrower", "throw:", positions[p], throws_itself, &thrower);
            if (among_others) {
                tokens[n++] = hook_on("HookThrower", "throw:", MEND_INSTEAD, proceeds, NULL);
                tokens[n++] = hook_on("HookThrower", "throw:", MEND_BEFORE, hook_writes, "");
                tokens[n++] = hook_on("HookThrower", "throw:", MEND_THROWING, must_not_run, NULL);
            } else if (positions[p] == MEND_INSTEAD) {
                tokens[n++] = hook_on("HookThrower", "throw:", MEND_INSTEAD, proceeds, NULL);
            }
            check_passes(0, tokens, n, &before, &thrower);
        }
}

int
main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_cxx_exception_of_the_method_passes_any_advice),
        cmocka_unit_test(a_cxx_exception_leaves_advice_of_any_position),
    };

    hook_test_main(argc, argv);
    receiver = [HookThrower new];
    return cmocka_run_group_tests(tests, NULL, NULL);
}
