/* SPDX-License-Identifier: MIT */
/* An arena hands out zeroed, aligned memory, fails for good once it fails, and gives everything back at once.
 */
#include "base/alloc.h"
#include "base/arena.h"
#include "support/faults.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

static void
blocks_are_zeroed_aligned_and_do_not_overlap(void **state)
{
    struct mn_arena arena = MN_ARENA_EMPTY;
    size_t before = mn_alloc_live();
    unsigned char *blocks[500];

    (void)state;
    for (size_t i = 0; i < 500; i++) {
        size_t size = i * 37 % 700;

        blocks[i] = mn_arena_alloc(&arena, size);
        assert_non_null(blocks[i]);
        assert_int_equal((uintptr_t)blocks[i] % 16, 0);
        for (size_t j = 0; j < size; j++)
            assert_int_equal(blocks[i][j], 0);
        memset(blocks[i], (int)i | 1, size);
    }
    for (size_t i = 0; i < 500; i++)
        for (size_t j = 0; j < i * 37 % 700; j++)
            assert_int_equal(blocks[i][j], (unsigned char)(i | 1));
    mn_arena_fini(&arena);
    assert_int_equal(mn_alloc_live(), before);
}

static void
a_block_larger_than_a_page_of_the_arena_is_granted(void **state)
{
    struct mn_arena arena = MN_ARENA_EMPTY;
    char *small = mn_arena_alloc(&arena, 8), *large = mn_arena_alloc(&arena, 1 << 20);

    (void)state;
    assert_non_null(small);
    assert_non_null(large);
    memset(large, 1, 1 << 20);
    assert_int_equal(small[0], 0);
    mn_arena_fini(&arena);
}

/* Small arenas (one parsed type) ask for little; what does not fit gets a block of its own size. */
static void
the_size_of_a_block_is_the_callers(void **state)
{
    struct mn_arena arena = {.block = 64};
    size_t before = mn_alloc_live();
    char *first = mn_arena_alloc(&arena, 48), *second = mn_arena_alloc(&arena, 48), *large;

    (void)state;
    memset(first, 1, 48);
    assert_int_equal(second[0], 0);
    assert_int_equal(mn_alloc_live(), before + 2);
    large = mn_arena_alloc(&arena, 1000);
    memset(large, 1, 1000);
    assert_int_equal(mn_alloc_live(), before + 3);
    mn_arena_fini(&arena);
    assert_int_equal(mn_alloc_live(), before);
}

static void
copies_and_prints_are_the_arenas(void **state)
{
    struct mn_arena arena = MN_ARENA_EMPTY;
    int numbers[] = {1, 2, 3}, *copy = mn_arena_copy(&arena, numbers, 3, sizeof *numbers);

    (void)state;
    numbers[0] = 9;
    assert_int_equal(copy[0], 1);
    assert_int_equal(copy[2], 3);
    assert_string_equal(mn_arena_strdup(&arena, "text"), "text");
    assert_string_equal(mn_arena_strndup(&arena, "text", 2), "te");
    assert_string_equal(mn_arena_strndup(&arena, NULL, 0), "");
    assert_string_equal(mn_arena_printf(&arena, "%d-%s", 7, "x"), "7-x");
    assert_null(mn_arena_copy(&arena, numbers, 0, sizeof *numbers));
    assert_false(arena.failed);
    mn_arena_fini(&arena);
}

static void
a_size_that_cannot_be_is_a_failure_and_stays_one_until_fini(void **state)
{
    struct mn_arena arena = MN_ARENA_EMPTY;

    (void)state;
    assert_null(mn_arena_alloc(&arena, SIZE_MAX));
    assert_true(arena.failed);
    assert_null(mn_arena_alloc(&arena, 1));
    mn_arena_fini(&arena);
    assert_non_null(mn_arena_alloc(&arena, 1));
    mn_arena_fini(&arena);
}

static void
a_copy_whose_size_overflows_is_a_failure(void **state)
{
    struct mn_arena arena = MN_ARENA_EMPTY;

    (void)state;
    assert_null(mn_arena_copy(&arena, "12345678", SIZE_MAX / 8 + 2, 8));
    assert_true(arena.failed);
    mn_arena_fini(&arena);
}

static void
an_allocation_that_fails_marks_the_arena(void **state)
{
    struct mn_faults f = {0};

    (void)state;
    while (mn_faults_next(&f)) {
        struct mn_arena arena = MN_ARENA_EMPTY;
        bool all = true;

        for (int i = 0; i < 20; i++)
            all &= mn_arena_alloc(&arena, 3000) != NULL;
        assert_int_equal(mn_faults_hit(&f), arena.failed);
        assert_int_equal(all, !arena.failed);
        mn_arena_fini(&arena);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blocks_are_zeroed_aligned_and_do_not_overlap),
        cmocka_unit_test(a_block_larger_than_a_page_of_the_arena_is_granted),
        cmocka_unit_test(the_size_of_a_block_is_the_callers),
        cmocka_unit_test(copies_and_prints_are_the_arenas),
        cmocka_unit_test(a_size_that_cannot_be_is_a_failure_and_stays_one_until_fini),
        cmocka_unit_test(a_copy_whose_size_overflows_is_a_failure),
        cmocka_unit_test(an_allocation_that_fails_marks_the_arena),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
