/* SPDX-License-Identifier: MIT */
/* The map against a plain array that remembers the same sets and removals. */
#include "base/alloc.h"
#include "base/map.h"

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

int
main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(agrees_with_a_plain_array_over_random_sets_and_removals)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
