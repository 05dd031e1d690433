/* SPDX-License-Identifier: MIT */
/* Throwing advice: what it sees, what it can do with the exception, and what it leaves alone. */
#import "support/hook_fixture.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

@interface HookRaiser : NSObject
- (int)raise:(int)what;
- (HookRect)rect:(int)what;
@end

static id thrown;

@implementation HookRaiser
- (int)raise:(int)what
{
    hook_mark('.');
    if (what == 1)
        @throw thrown;
    if (what == 2)
        pthread_exit(NULL);
    return 7;
}
- (HookRect)rect:(int)what
{
    if (what == 1)
        @throw thrown;
    return (HookRect){1, 2, 3, 4};
}
@end

static HookRaiser *raiser;

static mend_token *
on(const char *selector, mend_position position, mend_advice advice, void *data)
{
    return hook_on("HookRaiser", selector, position, advice, data);
}

/* The exception that comes out of the method, or nil; *result is what it returned else. */
static id
caught(int what, int *result)
{
    hook_trace_clear();
    @try {
        *result = [raiser raise:what];
    } @catch (id e) {
        return e;
    }
    return nil;
}

static void
sees(mend_call *call, void *letter)
{
    hook_writes(call, letter);
    assert_ptr_equal(mend_call_exception(call), thrown);
}

static void
sees_nothing(mend_call *call, void *letter)
{
    hook_writes(call, letter);
    assert_null(mend_call_exception(call));
    assert_int_equal(mend_call_swallow(call, NULL), MEND_INVALID);
    assert_int_equal(mend_call_set_exception(call, nil, NULL), MEND_INVALID);
}

static void
throwing_advice_runs_when_the_method_throws_and_after_advice_does_not(void **state)
{
    mend_hook_stats before = hook_baseline();
    mend_token *tokens[] = {on("raise:", MEND_THROWING, sees, "t"), on("raise:", MEND_THROWING, sees, "u"),
                            on("raise:", MEND_BEFORE, sees_nothing, "b"),
                            on("raise:", MEND_AFTER, sees_nothing, "a")};
    int result = 0;

    assert_ptr_equal(caught(1, &result), thrown);
    assert_string_equal(hook_trace, "b.tu");
    assert_null(caught(0, &result));
    assert_string_equal(hook_trace, "b.a");
    assert_int_equal(result, 7);
    for (int i = 0; i < 4; i++)
        hook_off(tokens[i]);
    hook_assert_baseline(&before);
}

static void
replaces(mend_call *call, void *other)
{
    hook_mark('r');
    assert_int_equal(mend_call_set_exception(call, other, NULL), MEND_OK);
    assert_ptr_equal(mend_call_exception(call), other);
}

static void
the_exception_can_be_another(void **state)
{
    id other = [[NSObject alloc] init];
    mend_token *token = on("raise:", MEND_THROWING, replaces, other);
    int result;

    assert_ptr_equal(caught(1, &result), other);
    hook_off(token);
    assert_ptr_equal(caught(1, &result), thrown);
    [other release];
}

static void
swallows(mend_call *call, void *result)
{
    hook_mark('s');
    if (result)
        assert_int_equal(mend_call_set_result(call, result, sizeof(int), NULL), MEND_OK);
    assert_int_equal(mend_call_swallow(call, NULL), MEND_OK);
}

static void
adds_one(mend_call *call, void *unused)
{
    int result;

    hook_mark('a');
    mend_call_get_result(call, &result, sizeof result, NULL);
    result++;
    mend_call_set_result(call, &result, sizeof result, NULL);
}

static void
a_swallowed_exception_is_a_result(void **state)
{
    int given = 41, result = 5;
    mend_token *after = on("raise:", MEND_AFTER, adds_one, NULL);
    mend_token *swallowing = on("raise:", MEND_THROWING, swallows, &given);
    mend_token *late = on("raise:", MEND_THROWING, hook_writes, "l");

    assert_null(caught(1, &result));
    assert_int_equal(result, 42);
    assert_string_equal(hook_trace, ".sa");
    hook_off(swallowing);
    swallowing = on("raise:", MEND_THROWING, swallows, NULL);
    hook_off(late);
    assert_null(caught(1, &result));
    assert_int_equal(result, 1);
    hook_off(swallowing);
    hook_off(after);
}

static void
swallows_rect(mend_call *call, void *unused)
{
    mend_call_swallow(call, NULL);
}

static void
a_swallowed_structure_is_zero(void **state)
{
    mend_token *token = on("rect:", MEND_THROWING, swallows_rect, NULL);
    HookRect r = [raiser rect:1];

    assert_true(r.x == 0 && r.y == 0 && r.width == 0 && r.height == 0);
    r = [raiser rect:0];
    assert_true(r.x == 1 && r.height == 4);
    hook_off(token);
}

static void
throws(mend_call *call, void *unused)
{
    hook_mark('i');
    @throw thrown;
}

static void
insteads_are_covered_and_before_advice_is_not(void **state)
{
    mend_token *throwing = on("raise:", MEND_THROWING, sees, "t"),
               *token = on("raise:", MEND_INSTEAD, throws, NULL);
    int result;

    assert_ptr_equal(caught(0, &result), thrown);
    assert_string_equal(hook_trace, "it");
    hook_off(token);
    token = on("raise:", MEND_BEFORE, throws, NULL);
    assert_ptr_equal(caught(0, &result), thrown);
    assert_string_equal(hook_trace, "i");
    hook_off(token);
    hook_off(throwing);
}

static void
throwing_advice_may_throw_itself(void **state)
{
    mend_hook_stats before = hook_baseline();
    mend_token *first = on("raise:", MEND_THROWING, throws, NULL),
               *second = on("raise:", MEND_THROWING, sees, "t");
    int result;

    assert_ptr_equal(caught(1, &result), thrown);
    assert_string_equal(hook_trace, ".i");
    hook_off(first);
    hook_off(second);
    hook_assert_baseline(&before);
}

static void
catches_next(mend_call *call, void *unused)
{
    @try {
        mend_call_proceed(call, NULL);
    } @catch (id e) {
        hook_mark('c');
    }
}

static void
what_an_instead_has_caught_is_no_exception_of_the_method(void **state)
{
    mend_token *throwing = on("raise:", MEND_THROWING, sees, "t");
    mend_token *token = on("raise:", MEND_INSTEAD, catches_next, NULL);
    int result;

    assert_null(caught(1, &result));
    assert_string_equal(hook_trace, ".c");
    hook_off(token);
    hook_off(throwing);
}

static void *
exits(void *unused)
{
    [raiser raise:2];
    return "returned";
}

static void
the_end_of_a_thread_is_no_exception(void **state)
{
    mend_hook_stats before = hook_baseline();
    mend_token *token = on("raise:", MEND_THROWING, swallows, NULL);
    pthread_t thread;
    void *answer;

    pthread_create(&thread, NULL, exits, NULL);
    pthread_join(thread, &answer);
    assert_null(answer);
    hook_off(token);
    hook_assert_baseline(&before);
}

static void
a_disabled_one_catches_nothing(void **state)
{
    mend_token *token = on("raise:", MEND_THROWING, sees, "t");
    int result;

    assert_int_equal(mend_hook_disable(token, NULL), MEND_OK);
    assert_ptr_equal(caught(1, &result), thrown);
    assert_string_equal(hook_trace, ".");
    assert_int_equal(mend_hook_enable(token, NULL), MEND_OK);
    assert_ptr_equal(caught(1, &result), thrown);
    assert_string_equal(hook_trace, ".t");
    hook_off(token);
}

int
main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(throwing_advice_runs_when_the_method_throws_and_after_advice_does_not),
        cmocka_unit_test(the_exception_can_be_another),
        cmocka_unit_test(a_swallowed_exception_is_a_result),
        cmocka_unit_test(a_swallowed_structure_is_zero),
        cmocka_unit_test(insteads_are_covered_and_before_advice_is_not),
        cmocka_unit_test(throwing_advice_may_throw_itself),
        cmocka_unit_test(what_an_instead_has_caught_is_no_exception_of_the_method),
        cmocka_unit_test(the_end_of_a_thread_is_no_exception),
        cmocka_unit_test(a_disabled_one_catches_nothing),
    };

    hook_test_main(argc, argv);
    thrown = [[NSException alloc] initWithName:@"HookTest" reason:@"on purpose" userInfo:nil];
    raiser = [HookRaiser new];
    return cmocka_run_group_tests(tests, NULL, NULL);
}
