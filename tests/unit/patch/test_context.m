/* SPDX-License-Identifier: MIT */
/* Names that a host and its patches share. */
#include <mend/context.h>
#include <mend/patch.h>

#include "support/faults.h"

#include <Foundation/Foundation.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

static NSAutoreleasePool *pool;

static int
open_pool(void **state)
{
    (void)state;
    pool = [NSAutoreleasePool new];
    return 0;
}

static int
close_pool(void **state)
{
    (void)state;
    [pool release];
    return 0;
}

static mend_context *
opened(const char *name)
{
    mend_context *context;

    assert_int_equal(mend_context_open(name, &context, NULL), MEND_OK);
    return context;
}

static mend_status
apply(mend_context *context, const char *id, const char *text)
{
    mend_source source = {.name = "script.mg", .id = id, .text = text, .length = strlen(text), .context = context};

    return mend_patch_apply(&source, NULL, NULL, NULL, NULL);
}

static void
a_value_comes_back_as_the_type_that_is_asked_for(void **state)
{
    mend_context *context = opened("types");
    long long n = -3;
    double d = 0;
    int i = 0;
    id object = @"text", got = nil;
    NSRange range = {4, 5}, copy = {0, 0};

    (void)state;
    assert_int_equal(mend_context_set(context, "n", "q", &n, NULL), MEND_OK);
    assert_int_equal(mend_context_get(context, "n", "d", &d, NULL), MEND_OK);
    assert_true(d == -3);
    assert_int_equal(mend_context_get(context, "n", "i", &i, NULL), MEND_OK);
    assert_int_equal(i, -3);
    assert_int_equal(mend_context_get(context, "n", "@", &got, NULL), MEND_INVALID);
    assert_null(got);
    assert_int_equal(mend_context_set(context, "n", "@", &object, NULL), MEND_OK);
    assert_int_equal(mend_context_get(context, "n", "@", &got, NULL), MEND_OK);
    assert_true(got == object);
    assert_int_equal(mend_context_get(context, "n", "q", &n, NULL), MEND_INVALID);
    assert_int_equal(mend_context_set(context, "range", @encode(NSRange), &range, NULL), MEND_OK);
    assert_int_equal(mend_context_get(context, "range", @encode(NSRange), &copy, NULL), MEND_OK);
    assert_int_equal(copy.location * 10 + copy.length, 45);
}

static void
a_name_nobody_set_is_refused(void **state)
{
    mend_context *context = opened("empty"), *same = opened("empty");
    mend_error err;
    int i = 1;

    (void)state;
    assert_true(context == same);
    assert_int_equal(mend_context_get(context, "n", "i", &i, &err), MEND_INVALID);
    assert_non_null(strstr(err.message, "'n'"));
    assert_int_equal(i, 1);
    assert_int_equal(mend_context_set(context, "", "i", &i, &err), MEND_INVALID);
    assert_int_equal(mend_context_open("", &same, &err), MEND_INVALID);
    assert_null(same);
}

static void
a_patch_s_variable_keeps_its_type(void **state)
{
    mend_context *context = opened("typed");
    id object = @"text";
    double half = 2.5;
    long n = 0;

    (void)state;
    assert_int_equal(apply(context, "typed", "int n = 4; static int own = 1;"), MEND_OK);
    assert_int_equal(mend_context_get(context, "n", "q", &n, NULL), MEND_OK);
    assert_int_equal(n, 4);
    assert_int_equal(mend_context_get(context, "own", "q", &n, NULL), MEND_INVALID);
    assert_int_equal(mend_context_set(context, "n", "d", &half, NULL), MEND_OK);
    assert_int_equal(mend_context_get(context, "n", "q", &n, NULL), MEND_OK);
    assert_int_equal(n, 2);
    assert_int_equal(mend_context_set(context, "n", "@", &object, NULL), MEND_INVALID);
    assert_int_equal(apply(context, "later", "n = n + 40;"), MEND_OK);
    assert_int_equal(mend_context_get(context, "n", "q", &n, NULL), MEND_OK);
    assert_int_equal(n, 42);
    assert_int_equal(apply(context, "wrong", "n = @\"text\";"), MEND_RAISED);
    assert_int_equal(mend_patch_revert("later", NULL), MEND_OK);
    assert_int_equal(mend_patch_revert("typed", NULL), MEND_OK);
    assert_int_equal(mend_context_get(context, "n", "q", &n, NULL), MEND_OK); /* the name outlives its patch */
    assert_int_equal(n, 42);
}

static void
the_nth_failing_allocation_sets_nothing(void **state)
{
    struct mn_faults f = {.keeps = true}; /* contexts and their names stay */
    unsigned round = 0;

    (void)state;
    while (mn_faults_next(&f)) {
        mend_context *context = NULL;
        char name[32];
        int got = 0;
        bool truth = true;
        mend_status st;

        snprintf(name, sizeof name, "context %u", round++);
        st = mend_context_open(name, &context, NULL);
        assert_true(st == MEND_OK ? context != NULL : st == MEND_NO_MEMORY && context == NULL);
        if (st != MEND_OK)
            continue;
        st = mend_context_set(context, "n", "B", &truth, NULL);
        mn_faults_hit(&f);
        if (st == MEND_OK) {
            assert_int_equal(mend_context_get(context, "n", "i", &got, NULL), MEND_OK);
            assert_int_equal(got, 1);
        } else {
            assert_int_equal(st, MEND_NO_MEMORY);
        }
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_value_comes_back_as_the_type_that_is_asked_for),
        cmocka_unit_test(a_name_nobody_set_is_refused),
        cmocka_unit_test(a_patch_s_variable_keeps_its_type),
        cmocka_unit_test(the_nth_failing_allocation_sets_nothing),
    };

    return cmocka_run_group_tests(tests, open_pool, close_pool);
}
