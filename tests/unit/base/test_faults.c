/* SPDX-License-Identifier: MIT */
/* The loop of tests/support/faults.h reaches every allocation, alone and with the later ones. */
#include "base/alloc.h"
#include "support/faults.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

static void
each_allocation_fails_alone_and_with_all_later_ones(void **state)
{
    struct mn_faults f = {0};
    char trace[200] = "";

    (void)state;
    while (mn_faults_next(&f)) {
        void *a = mn_malloc(1), *b = mn_malloc(1), *c = mn_malloc(1);
        char round[8];

        snprintf(round, sizeof round, "%c%c%c ", a != NULL ? 'a' : '.', b != NULL ? 'b' : '.',
                 c != NULL ? 'c' : '.');
        strcat(trace, round);
        assert_int_equal(mn_faults_hit(&f), a == NULL || b == NULL || c == NULL);
        mn_free(a);
        mn_free(b);
        mn_free(c);
    }
    assert_string_equal(trace, ".bc ... a.c a.. ab. ab. abc ");
}

static void
allocations_succeed_again_once_the_round_was_asked_for_its_outcome(void **state)
{
    struct mn_faults f = {0};

    (void)state;
    while (mn_faults_next(&f)) {
        void *a = mn_malloc(1), *later;

        mn_faults_hit(&f);
        later = mn_malloc(1);
        assert_non_null(later);
        mn_free(later);
        mn_free(a);
    }
}

static void
growth_and_strings_count_as_allocations(void **state)
{
    struct mn_faults f = {0};
    size_t failed = 0;

    (void)state;
    while (mn_faults_next(&f)) {
        char *text = mn_strdup("x"), *grown = text != NULL ? mn_realloc(text, 100) : NULL;
        char *zeroed = mn_calloc(2, 8);

        failed += (size_t)mn_faults_hit(&f);
        mn_free(grown != NULL ? grown : text);
        mn_free(zeroed);
    }
    assert_int_equal(failed, 6);
}

static void
live_counts_blocks_not_yet_freed(void **state)
{
    size_t before = mn_alloc_live();
    void *a = mn_malloc(0), *b = mn_calloc(0, 0), *c = mn_realloc(NULL, 0);

    (void)state;
    assert_non_null(a);
    assert_non_null(b);
    assert_non_null(c);
    assert_int_equal(mn_alloc_live(), before + 3);
    c = mn_realloc(c, 1000);
    assert_int_equal(mn_alloc_live(), before + 3);
    mn_free(a);
    mn_free(b);
    mn_free(c);
    mn_free(NULL);
    assert_int_equal(mn_alloc_live(), before);
}

static void
calloc_refuses_a_product_that_overflows(void **state)
{
    (void)state;
    assert_null(mn_calloc(SIZE_MAX / 2, 3));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_allocation_fails_alone_and_with_all_later_ones),
        cmocka_unit_test(allocations_succeed_again_once_the_round_was_asked_for_its_outcome),
        cmocka_unit_test(growth_and_strings_count_as_allocations),
        cmocka_unit_test(live_counts_blocks_not_yet_freed),
        cmocka_unit_test(calloc_refuses_a_product_that_overflows),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
