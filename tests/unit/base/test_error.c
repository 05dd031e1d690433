/* SPDX-License-Identifier: MIT */
/* Errors say what, where and what to do; nothing that came from outside can act on the terminal that shows
 * them. */
#include "base/error.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

static void
every_status_has_a_name_a_text_and_an_exit_code(void **state)
{
    (void)state;
#define X(NAME, number, exit, general, what_to_do)                                                           \
    assert_string_equal(mend_status_name(MEND_##NAME), #NAME);                                               \
    assert_string_equal(mend_status_text(MEND_##NAME), general);                                             \
    assert_string_equal(mend_status_remedy(MEND_##NAME), what_to_do);                                        \
    assert_int_equal(mend_status_exit_code(MEND_##NAME), exit);                                              \
    assert_true(strlen(general) > 0 && strlen(general) < sizeof((mend_error *)0)->message);                  \
    assert_true(strlen(what_to_do) < sizeof((mend_error *)0)->remedy);
#include <mend/status.def>
#undef X
    assert_string_equal(mend_status_name((mend_status)9999), "UNKNOWN");
    assert_int_equal(mend_status_exit_code((mend_status)9999), 1);
}

static void
no_two_statuses_share_a_number(void **state)
{
    static const int numbers[] = {
#define X(name, number, exit, text, remedy) number,
#include <mend/status.def>
#undef X
    };

    (void)state;
    for (size_t i = 1; i < sizeof numbers / sizeof *numbers; i++)
        assert_true(numbers[i] > numbers[i - 1]);
}

static void
a_failure_names_its_parts_and_clears_the_others(void **state)
{
    mend_error err;

    (void)state;
    memset(&err, 'x', sizeof err);
    assert_int_equal(mn_fail_method(&err, MEND_NO_METHOD, "Cls", "sel:", "%s is not there", "it"),
                     MEND_NO_METHOD);
    assert_int_equal(err.status, MEND_NO_METHOD);
    assert_string_equal(err.class_name, "Cls");
    assert_string_equal(err.selector, "sel:");
    assert_string_equal(err.file, "");
    assert_string_equal(err.message, "it is not there");
    assert_string_equal(err.remedy, mend_status_remedy(MEND_NO_METHOD));

    assert_int_equal(mn_fail_at(&err, MEND_SYNTAX, "a.m", 3, 9, "no"), MEND_SYNTAX);
    assert_string_equal(err.class_name, "");
    assert_string_equal(err.file, "a.m");
    assert_int_equal(err.line, 3);
    assert_int_equal(err.column, 9);

    mn_remedy(&err, "try %d", 2);
    assert_string_equal(err.remedy, "try 2");
    assert_string_equal(err.message, "no");

    assert_int_equal(mn_fail_memory(&err), MEND_NO_MEMORY);
    assert_int_equal(err.line, 0);
    assert_int_equal(mn_fail_method(&err, MEND_NO_CLASS, NULL, NULL, "x"), MEND_NO_CLASS);
    assert_string_equal(err.class_name, "");
}

static void
an_error_is_optional(void **state)
{
    (void)state;
    assert_int_equal(mn_fail(NULL, MEND_IO, "x"), MEND_IO);
    assert_int_equal(mn_fail_method(NULL, MEND_IO, "a", "b", "x"), MEND_IO);
    assert_int_equal(mn_fail_at(NULL, MEND_IO, "a", 1, 1, "x"), MEND_IO);
    assert_int_equal(mn_fail_memory(NULL), MEND_NO_MEMORY);
    mn_remedy(NULL, "x");
}

static void
control_bytes_are_replaced_and_lines_kept(void **state)
{
    char text[40];

    (void)state;
    mn_copy_text(text, sizeof text, "a\x1b[31mb\x07\n\tc\x7f\r");
    assert_string_equal(text, "a?[31mb?\n\tc??");
}

/* A C1 control (U+0080..U+009F) acts on some terminals as ESC does. */
static void
control_characters_of_two_bytes_are_replaced_too(void **state)
{
    char text[40];

    (void)state;
    mn_copy_text(text, sizeof text,
                 "a\xc2\x9b"
                 "31m\xc2\xa0\xc3\xa9");
    assert_string_equal(text, "a??31m\xc2\xa0\xc3\xa9");
}

static void
a_text_is_cut_between_characters(void **state)
{
    const char *text = "a\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80z"; /* 1, 2, 3, 4 and 1 bytes */
    static const size_t whole[] = {0, 0, 1, 1, 3, 3, 3, 6, 6, 6, 6, 10, 11, 11};
    char cut[16];

    (void)state;
    for (size_t size = 1; size < sizeof whole / sizeof *whole; size++) {
        memset(cut, 'x', sizeof cut);
        mn_copy_text(cut, size, text);
        assert_int_equal(strlen(cut), whole[size]);
        assert_memory_equal(cut, text, whole[size]);
    }
}

static void
a_message_too_long_is_cut_between_characters(void **state)
{
    char longer[1200];
    mend_error err;

    (void)state;
    for (size_t i = 0; i < sizeof longer - 2; i += 2)
        memcpy(longer + i, "\xc3\xa9", 2);
    longer[sizeof longer - 2] = '\0';
    mn_fail(&err, MEND_IO, "x%s", longer);
    assert_int_equal(strlen(err.message), sizeof err.message - 1);
    mn_fail(&err, MEND_IO, "%s", longer);
    assert_int_equal(strlen(err.message), sizeof err.message - 2);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_status_has_a_name_a_text_and_an_exit_code),
        cmocka_unit_test(no_two_statuses_share_a_number),
        cmocka_unit_test(a_failure_names_its_parts_and_clears_the_others),
        cmocka_unit_test(an_error_is_optional),
        cmocka_unit_test(control_bytes_are_replaced_and_lines_kept),
        cmocka_unit_test(control_characters_of_two_bytes_are_replaced_too),
        cmocka_unit_test(a_text_is_cut_between_characters),
        cmocka_unit_test(a_message_too_long_is_cut_between_characters),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
