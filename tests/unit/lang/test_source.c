/* SPDX-License-Identifier: MIT */
/* Opening sources: what is refused, with which status and words; what places are. */
#include "support/faults.h"
#include "lang/source.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static void
refused(const char *text, size_t length, mend_status status, unsigned line, unsigned column,
        const char *words)
{
    struct mn_source source;
    mend_error err;

    assert_int_equal(mn_source_open(&source, "t.m", text, length, &err), status);
    assert_null(source.text);
    assert_non_null(strstr(err.message, words));
    assert_int_equal(err.line, line);
    assert_int_equal(err.column, column);
}

static void
what_is_no_text_is_refused_with_its_place(void **state)
{
    refused("int x;\nab\0c", 11, MEND_NOT_TEXT, 2, 3, "NUL");
    refused("int \xFF;", 6, MEND_NOT_TEXT, 1, 5, "0xFF");
    refused("\xC0\x80", 2, MEND_NOT_TEXT, 1, 1, "not UTF-8");          /* an overlong NUL */
    refused("\xED\xA0\x80", 3, MEND_NOT_TEXT, 1, 1, "not UTF-8");      /* a surrogate */
    refused("abcdefgh\xE2\x82", 10, MEND_NOT_TEXT, 1, 9, "not UTF-8"); /* cut short */
}

static void
an_empty_source_is_refused(void **state)
{
    refused("", 0, MEND_SYNTAX, 1, 1, "empty");
    refused(" \n\t\r\n", 5, MEND_SYNTAX, 1, 1, "empty");
    refused("\xEF\xBB\xBF\n", 4, MEND_SYNTAX, 1, 1, "empty");
}

static void
a_huge_file_is_refused_before_it_is_read(void **state)
{
    char path[] = "/tmp/mend-source-XXXXXX";
    int fd = mkstemp(path);
    struct mn_source source;
    mend_error err;

    assert_true(fd >= 0);
    assert_int_equal(ftruncate(fd, 100 << 20),
                     0); /* sparse: reading it would take the memory, not the disk */
    assert_int_equal(mn_source_load(&source, path, &err), MEND_TOO_LARGE);
    assert_non_null(strstr(err.message, "104857600 bytes"));
    assert_int_equal(ftruncate(fd, MN_SOURCE_MAX + 1), 0);
    assert_int_equal(mn_source_load(&source, path, &err), MEND_TOO_LARGE);
    close(fd);
    unlink(path);
}

static void
what_cannot_be_read_says_why(void **state)
{
    struct mn_source source;
    mend_error err;

    assert_int_equal(mn_source_load(&source, "/nonexistent/fix.m", &err), MEND_IO);
    assert_non_null(strstr(err.message, "No such file"));
    assert_string_equal(err.file, "/nonexistent/fix.m");
    assert_int_equal(mn_source_load(&source, "/tmp", &err), MEND_IO);
    assert_non_null(strstr(err.message, "directory"));
    assert_int_equal(mn_source_load(&source, "/dev/zero", &err), MEND_TOO_LARGE);
}

static void
a_file_and_its_text_open_alike(void **state)
{
    char path[] = "/tmp/mend-source-XXXXXX";
    int fd = mkstemp(path);
    struct mn_source source;

    assert_int_equal(write(fd, "int x;\n", 7), 7);
    close(fd);
    assert_int_equal(mn_source_load(&source, path, NULL), MEND_OK);
    assert_string_equal(source.text, "int x;\n");
    assert_int_equal(source.line_count, 2);
    mn_source_close(&source);
    unlink(path);
}

static void
a_place_is_a_line_and_a_column_of_bytes(void **state)
{
    static const char text[] = "\xEF\xBB\xBF"
                               "ab\ncd\r\n\re";
    struct mn_source source;
    struct mn_position p;

    assert_int_equal(mn_source_open(&source, "t.m", text, sizeof text - 1, NULL), MEND_OK);
    p = mn_source_position(&source, 4);
    assert_int_equal(p.line, 1);
    assert_int_equal(p.column, 2); /* the byte order mark is no column */
    assert_memory_equal(p.line_text, "ab", p.line_length);
    p = mn_source_position(&source, 7);
    assert_int_equal(p.line, 2);
    assert_int_equal(p.column, 2);
    p = mn_source_position(&source, 11);
    assert_int_equal(p.line, 4);
    assert_int_equal(p.column, 1);
    p = mn_source_position(&source, 4000);
    assert_int_equal(p.line, 4);
    mn_source_close(&source);
}

static void
a_failed_allocation_leaves_nothing_behind(void **state)
{
    struct mn_faults f = {0};
    struct mn_source source;

    while (mn_faults_next(&f)) {
        mend_status st = mn_source_open(&source, "t.m", "a\nb", 3, NULL);

        if (mn_faults_hit(&f)) {
            assert_int_equal(st, MEND_NO_MEMORY);
            assert_null(source.text);
        } else {
            assert_int_equal(st, MEND_OK);
            mn_source_close(&source);
        }
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_no_text_is_refused_with_its_place),
        cmocka_unit_test(an_empty_source_is_refused),
        cmocka_unit_test(a_huge_file_is_refused_before_it_is_read),
        cmocka_unit_test(what_cannot_be_read_says_why),
        cmocka_unit_test(a_file_and_its_text_open_alike),
        cmocka_unit_test(a_place_is_a_line_and_a_column_of_bytes),
        cmocka_unit_test(a_failed_allocation_leaves_nothing_behind),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
