/* SPDX-License-Identifier: MIT */
/* A list keeps its elements in order of arrival, and is as before when growing fails. */
#include "base/alloc.h"
#include "base/list.h"
#include "support/faults.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <cmocka.h>

struct point {
    int x, y;
};

static void
elements_stay_in_order_of_arrival(void **state)
{
    struct mn_list points = MN_LIST_OF(struct point);

    (void)state;
    for (int i = 0; i < 1000; i++) {
        struct point *p = mn_list_add(&points);

        assert_int_equal(p->x, 0);
        assert_int_equal(p->y, 0);
        *p = (struct point){i, -i};
    }
    assert_int_equal(points.count, 1000);
    for (int i = 0; i < 1000; i++)
        assert_int_equal(MN_LIST_AT(struct point, &points, i)->y, -i);
    mn_list_fini(&points);
    assert_int_equal(points.count, 0);
}

static void
an_added_element_is_zeroed_even_where_one_was_removed(void **state)
{
    struct mn_list points = MN_LIST_OF(struct point);
    struct point *p;

    (void)state;
    p = mn_list_add(&points);
    *p = (struct point){7, 7};
    mn_list_remove(&points, 0);
    p = mn_list_add(&points);
    assert_int_equal(p->x, 0);
    mn_list_fini(&points);
}

static void
removal_moves_the_later_elements_down(void **state)
{
    struct mn_list numbers = MN_LIST_OF(int);

    (void)state;
    for (int i = 0; i < 5; i++)
        *(int *)mn_list_add(&numbers) = i;
    mn_list_remove(&numbers, 4);
    mn_list_remove(&numbers, 1);
    mn_list_remove(&numbers, 0);
    assert_int_equal(numbers.count, 2);
    assert_int_equal(*MN_LIST_AT(int, &numbers, 0), 2);
    assert_int_equal(*MN_LIST_AT(int, &numbers, 1), 3);
    mn_list_fini(&numbers);
}

static void
a_list_whose_growth_fails_is_as_before(void **state)
{
    struct mn_faults f = {0};

    (void)state;
    while (mn_faults_next(&f)) {
        struct mn_list numbers = MN_LIST_OF(int);
        int added = 0;
        int *n;

        while (added < 100 && (n = mn_list_add(&numbers)) != NULL)
            *n = added++;
        assert_int_equal(mn_faults_hit(&f), added < 100);
        assert_int_equal(numbers.count, added);
        for (int i = 0; i < added; i++)
            assert_int_equal(*MN_LIST_AT(int, &numbers, i), i);
        mn_list_fini(&numbers);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(elements_stay_in_order_of_arrival),
        cmocka_unit_test(an_added_element_is_zeroed_even_where_one_was_removed),
        cmocka_unit_test(removal_moves_the_later_elements_down),
        cmocka_unit_test(a_list_whose_growth_fails_is_as_before),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
