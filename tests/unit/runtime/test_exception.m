/* SPDX-License-Identifier: MIT */
/* mn_try catches Objective-C exceptions and nothing else that unwinds the stack. */
#import <Foundation/Foundation.h>

#include "runtime/exception.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unwind.h>

#include <cmocka.h>

static int reached;

static void
return_quietly(void *data)
{
    reached = *(int *)data;
}

static void
throw_it(void *data)
{
    mn_throw(data);
}

static void
what_returns_returns_true(void **state)
{
    int seven = 7;
    id e = (id)state;

    assert_true(mn_try(return_quietly, &seven, &e));
    assert_int_equal(reached, 7);
}

static void
what_is_thrown_is_handed_over(void **state)
{
    NSException *thrown = [NSException exceptionWithName:@"Test" reason:@"be\033cause" userInfo:nil];
    char text[64];
    id e = nil;

    assert_false(mn_try(throw_it, thrown, &e));
    assert_ptr_equal(e, thrown);
    assert_false(mn_try(throw_it, thrown, NULL));
    mn_exception_name(e, text, sizeof(text));
    assert_string_equal(text, "Test");
    mn_exception_reason(e, text, sizeof(text));
    assert_string_equal(text, "be?cause");
    mn_exception_reason(e, text, 3);
    assert_string_equal(text, "be");
}

static void
raise_it(void *data)
{
    [(NSException *)data raise];
}

static void
a_raise_is_a_throw(void **state)
{
    id e = nil;

    assert_false(mn_try(raise_it, [NSException exceptionWithName:@"R" reason:nil userInfo:nil], &e));
    assert_non_null(e);
}

static void
any_object_and_nil_can_be_thrown(void **state)
{
    char text[64];
    id e = (id)state;

    assert_false(mn_try(throw_it, @"a string", &e));
    mn_exception_name(e, text, sizeof(text));
    assert_non_null(strstr(text, "String"));
    mn_exception_reason(e, text, sizeof(text));
    assert_string_equal(text, "");
    assert_false(mn_try(throw_it, nil, &e));
    assert_null(e);
    mn_exception_name(nil, text, sizeof(text));
    assert_string_equal(text, "nil");
}

static void
try_inside(void *data)
{
    id e = nil;

    if (!mn_try(throw_it, data, &e))
        mn_throw(e);
}

static void
catches_nest(void **state)
{
    id e = nil;

    assert_false(mn_try(try_inside, @"inner", &e));
    assert_string_equal([e UTF8String], "inner");
}

/* An exception of another language: nobody here handles it, so raising it comes back and says so. */
static void
raise_foreign(void *data)
{
    struct _Unwind_Exception foreign = {.exception_class = 0x4d454e4454455354};

    _Unwind_RaiseException(&foreign); /* what it returns is lost on AArch64 before GCC 14 (GCC bug 114843) */
    *(int *)data = 1;
}

static void
exceptions_of_other_languages_are_not_caught(void **state)
{
    int answer = 0;

    assert_true(mn_try(raise_foreign, &answer, NULL));
    assert_int_equal(answer, 1);
}

static void
leave_thread(void *data)
{
    pthread_exit(data);
}

static void
wait_for_cancellation(void *data)
{
    for (;;)
        pthread_testcancel();
}

static void
note(int *cleaned)
{
    reached = *cleaned;
}

static void *
run_under_try(void *data)
{
    int cleaned __attribute__((cleanup(note))) = 5;

    mn_try(data, (void *)(intptr_t)3, NULL);
    return NULL; /* not reached */
}

static void
thread_exit_and_cancellation_pass_through(void **state)
{
    pthread_t thread;
    void *result;

    reached = 0;
    pthread_create(&thread, NULL, run_under_try, leave_thread);
    pthread_join(thread, &result);
    assert_int_equal((intptr_t)result, 3);
    assert_int_equal(reached, 5);

    reached = 0;
    pthread_create(&thread, NULL, run_under_try, wait_for_cancellation);
    pthread_cancel(thread);
    pthread_join(thread, &result);
    assert_ptr_equal(result, PTHREAD_CANCELED);
}

int
main(void)
{
    NSAutoreleasePool *pool = [NSAutoreleasePool new];
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_returns_returns_true),
        cmocka_unit_test(what_is_thrown_is_handed_over),
        cmocka_unit_test(a_raise_is_a_throw),
        cmocka_unit_test(any_object_and_nil_can_be_thrown),
        cmocka_unit_test(catches_nest),
        cmocka_unit_test(exceptions_of_other_languages_are_not_caught),
        cmocka_unit_test(thread_exit_and_cancellation_pass_through),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);

    [pool release];
    return failed;
}
