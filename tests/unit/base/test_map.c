/* SPDX-License-Identifier: MIT */
/* The map against a plain array that remembers the same sets and removals. */
#include "base/alloc.h"
#include "base/map.h"
#include "support/faults.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

static void
agrees_with_a_plain_array_over_random_sets_and_removals(void **state)
{
    enum { KEYS = 512 };
    struct mn_map map = MN_MAP_EMPTY;
    void *expected[KEYS] = {0};
    uint32_t seed = 12345;
    size_t before = mn_alloc_live(), seen = 0, cursor = 0, want = 0;
    void *value;

    (void)state;
    for (int step = 0; step < 100000; step++) {
        uintptr_t key;

        seed = seed * 1664525 + 1013904223;
        key = (seed >> 8) % KEYS;
        if (seed & 0x80) {
            expected[key] = (void *)(uintptr_t)(step + 1);
            assert_true(mn_map_set_pointer(&map, (void *)key, expected[key]));
        } else {
            assert_ptr_equal(mn_map_remove_pointer(&map, (void *)key), expected[key]);
            expected[key] = NULL;
        }
        assert_ptr_equal(mn_map_get_pointer(&map, (void *)key), expected[key]);
    }
    for (size_t i = 0; i < KEYS; i++) {
        assert_ptr_equal(mn_map_get_pointer(&map, (void *)i), expected[i]);
        want += expected[i] != NULL;
    }
    while (mn_map_next(&map, &cursor, NULL, NULL, &value))
        seen++;
    assert_int_equal(seen, want);
    assert_int_equal(map.count, want);
    mn_map_fini(&map);
    assert_int_equal(mn_alloc_live(), before);
}

static void
keys_are_copied_runs_of_bytes(void **state)
{
    struct mn_map map = MN_MAP_EMPTY;
    char key[] = "a\0b";
    const void *seen;
    size_t length, cursor = 0;
    void *value;
    int one, two;

    (void)state;
    assert_true(mn_map_set(&map, key, 3, &one));
    assert_null(mn_map_get(&map, "a", 1));
    assert_null(mn_map_get_text(&map, "a"));
    key[0] = 'x';
    assert_ptr_equal(mn_map_get(&map, "a\0b", 3), &one);
    assert_true(mn_map_set(&map, "a\0b", 3, &two));
    assert_ptr_equal(mn_map_get(&map, "a\0b", 3), &two);
    assert_int_equal(map.count, 1);
    assert_true(mn_map_next(&map, &cursor, &seen, &length, &value));
    assert_int_equal(length, 3);
    assert_memory_equal(seen, "a\0b", 3);
    assert_false(mn_map_next(&map, &cursor, &seen, &length, &value));
    mn_map_fini(&map);
    assert_true(mn_map_set_text(&map, "", &one));
    assert_ptr_equal(mn_map_get_text(&map, ""), &one);
    mn_map_fini(&map);
}

static void
an_empty_map_answers(void **state)
{
    struct mn_map map = MN_MAP_EMPTY;
    size_t cursor = 0;
    void *value;

    (void)state;
    assert_null(mn_map_get_text(&map, "x"));
    assert_null(mn_map_remove(&map, "x", 1));
    assert_false(mn_map_next(&map, &cursor, NULL, NULL, &value));
    mn_map_fini(&map);
}

/* Removed places are reused or swept: a map that is filled and emptied for ever does not grow for ever. */
static void
comings_and_goings_do_not_grow_the_map(void **state)
{
    struct mn_map map = MN_MAP_EMPTY;
    int value;

    (void)state;
    for (uintptr_t i = 1; i < 100000; i++) {
        assert_true(mn_map_set_pointer(&map, (void *)i, &value));
        assert_ptr_equal(mn_map_remove_pointer(&map, (void *)i), &value);
    }
    assert_int_equal(map.count, 0);
    assert_true(map.capacity <= 64);
    mn_map_fini(&map);
}

static void
a_set_that_fails_leaves_the_map_as_before(void **state)
{
    struct mn_faults f = {0};

    (void)state;
    while (mn_faults_next(&f)) {
        struct mn_map map = MN_MAP_EMPTY;
        uintptr_t set = 0;

        while (set < 60 && mn_map_set_pointer(&map, (void *)(set + 1), (void *)(set + 1)))
            set++;
        assert_int_equal(mn_faults_hit(&f), set < 60);
        assert_int_equal(map.count, set);
        for (uintptr_t i = 1; i <= 60; i++)
            assert_ptr_equal(mn_map_get_pointer(&map, (void *)i), (void *)(i <= set ? i : 0));
        mn_map_fini(&map);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(agrees_with_a_plain_array_over_random_sets_and_removals),
        cmocka_unit_test(keys_are_copied_runs_of_bytes),
        cmocka_unit_test(an_empty_map_answers),
        cmocka_unit_test(comings_and_goings_do_not_grow_the_map),
        cmocka_unit_test(a_set_that_fails_leaves_the_map_as_before),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
