/* SPDX-License-Identifier: MIT */
/* A buffer grows as it is written, is always a string, and tells a failure once, at the end. */
#include "base/alloc.h"
#include "base/buffer.h"
#include "support/faults.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

static void
appends_follow_one_another_and_end_with_nul(void **state)
{
    struct mn_buffer b = MN_BUFFER_EMPTY;

    (void)state;
    assert_string_equal(mn_buffer_peek(&b), "");
    mn_buffer_text(&b, "one ");
    mn_buffer_char(&b, '2');
    mn_buffer_append(&b, " three, cut", 6);
    mn_buffer_printf(&b, " %d%s", 4, "!");
    assert_string_equal(mn_buffer_peek(&b), "one 2 three 4!");
    assert_int_equal(b.length, strlen("one 2 three 4!"));
    mn_buffer_fini(&b);
}

static void
bytes_of_any_value_are_kept(void **state)
{
    struct mn_buffer b = MN_BUFFER_EMPTY;

    (void)state;
    mn_buffer_append(&b, "a\0b", 3);
    mn_buffer_append(&b, NULL, 0);
    assert_int_equal(b.length, 3);
    assert_memory_equal(b.data, "a\0b", 4);
    mn_buffer_fini(&b);
}

static void
growth_keeps_what_was_written(void **state)
{
    struct mn_buffer b = MN_BUFFER_EMPTY;

    (void)state;
    for (int i = 0; i < 10000; i++)
        mn_buffer_printf(&b, "%04d", i);
    assert_int_equal(b.length, 40000);
    assert_memory_equal(b.data + 4 * 1234, "1234", 4);
    assert_memory_equal(b.data + 4 * 9999, "9999", 5);
    mn_buffer_fini(&b);
}

static void
an_extension_is_the_callers_to_fill(void **state)
{
    struct mn_buffer b = MN_BUFFER_EMPTY;

    (void)state;
    mn_buffer_text(&b, "ab");
    memcpy(mn_buffer_extend(&b, 2), "cd", 2);
    mn_buffer_char(&b, 'e');
    assert_string_equal(mn_buffer_peek(&b), "abcde");
    assert_null(mn_buffer_extend(&b, SIZE_MAX));
    assert_true(b.failed);
    mn_buffer_fini(&b);
}

static void
clear_forgets_the_text_and_keeps_the_memory(void **state)
{
    struct mn_buffer b = MN_BUFFER_EMPTY;
    char *memory;

    (void)state;
    mn_buffer_clear(&b);
    mn_buffer_text(&b, "old");
    memory = b.data;
    mn_buffer_clear(&b);
    assert_string_equal(mn_buffer_peek(&b), "");
    mn_buffer_text(&b, "new");
    assert_ptr_equal(b.data, memory);
    assert_string_equal(mn_buffer_peek(&b), "new");
    mn_buffer_fini(&b);
}

static void
take_hands_over_a_string_even_of_nothing(void **state)
{
    struct mn_buffer b = MN_BUFFER_EMPTY;
    char *text;

    (void)state;
    text = mn_buffer_take(&b);
    assert_string_equal(text, "");
    mn_free(text);
    mn_buffer_text(&b, "x");
    text = mn_buffer_take(&b);
    assert_string_equal(text, "x");
    assert_null(b.data);
    assert_int_equal(b.length, 0);
    mn_free(text);
}

static void
a_length_that_cannot_be_is_a_failure(void **state)
{
    struct mn_buffer b = MN_BUFFER_EMPTY;

    (void)state;
    mn_buffer_append(&b, "x", SIZE_MAX - 1);
    assert_true(b.failed);
    assert_null(mn_buffer_take(&b));
    assert_false(b.failed);
}

static void
an_allocation_that_fails_is_told_at_the_end(void **state)
{
    struct mn_faults f = {0};

    (void)state;
    while (mn_faults_next(&f)) {
        struct mn_buffer b = MN_BUFFER_EMPTY;
        char *text;

        for (int i = 0; i < 50; i++)
            mn_buffer_printf(&b, "line %d\n", i);
        text = mn_buffer_take(&b);
        assert_int_equal(mn_faults_hit(&f), text == NULL);
        mn_free(text);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(appends_follow_one_another_and_end_with_nul),
        cmocka_unit_test(bytes_of_any_value_are_kept),
        cmocka_unit_test(growth_keeps_what_was_written),
        cmocka_unit_test(an_extension_is_the_callers_to_fill),
        cmocka_unit_test(clear_forgets_the_text_and_keeps_the_memory),
        cmocka_unit_test(take_hands_over_a_string_even_of_nothing),
        cmocka_unit_test(a_length_that_cannot_be_is_a_failure),
        cmocka_unit_test(an_allocation_that_fails_is_told_at_the_end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
