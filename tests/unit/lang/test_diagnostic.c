/* SPDX-License-Identifier: MIT */
/* Findings: collected, limited, sorted, and written out so that no source can harm a terminal. */
#include "support/faults.h"
#include "lang/diagnostic.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void
formats_as(const mend_diagnostic *f, int colour, const char *expected)
{
    char text[1024];
    size_t length = mend_diagnostic_format(f, colour, text, sizeof text);

    assert_string_equal(text, expected);
    assert_int_equal(length, strlen(expected));
}

static void
a_finding_shows_its_line_and_a_caret(void **state)
{
    const mend_diagnostic f = {.severity = MEND_ERROR,
                               .file = "fix.m",
                               .line = 3,
                               .column = 6,
                               .width = 7,
                               .message = "unknown class 'NSStrin'",
                               .suggestion = "did you mean 'NSString'?",
                               .source_line = "    [NSStrin string];"};

    formats_as(&f, 0,
               "fix.m:3:6: error: unknown class 'NSStrin'; did you mean 'NSString'?\n"
               "        [NSStrin string];\n"
               "         ^~~~~~~\n");
}

static void
tabs_and_wide_characters_keep_the_caret_in_place(void **state)
{
    const mend_diagnostic tab = {.severity = MEND_WARNING,
                                 .file = "f",
                                 .line = 1,
                                 .column = 3,
                                 .width = 1,
                                 .message = "m",
                                 .source_line = "\ta b"};
    const mend_diagnostic wide = {.severity = MEND_NOTE,
                                  .file = "f",
                                  .line = 1,
                                  .column = 9,
                                  .width = 3,
                                  .message = "m",
                                  .source_line = "\"\xE6\x97\xA5\xC3\xA9\" x\xCC\x81 y"};

    formats_as(&tab, 0, "f:1:3: warning: m\n            a b\n             ^\n");
    formats_as(&wide, 0, "f:1:9: note: m\n    \"\xE6\x97\xA5\xC3\xA9\" x\xCC\x81 y\n          ^\n");
}

static void
control_characters_never_reach_the_terminal(void **state)
{
    const mend_diagnostic f = {.severity = MEND_ERROR,
                               .file = "a\33[2J.m",
                               .line = 1,
                               .column = 1,
                               .width = 1,
                               .message = "bad '\x07\xE2\x80\xAE'",
                               .source_line = "\33]0;x\x07 \xC2\x9B \xFF"};

    formats_as(&f, 0, "a?[2J.m:1:1: error: bad '?\?'\n    ?]0;x? ? ?\n    ^\n");
}

static void
of_a_long_line_a_window_is_shown(void **state)
{
    char line[4001], text[1024];
    mend_diagnostic f = {.severity = MEND_ERROR,
                         .file = "f",
                         .line = 1,
                         .column = 3001,
                         .width = 900,
                         .message = "m",
                         .source_line = line};

    memset(line, 'a', 4000);
    line[4000] = 0;
    line[3000] = 'X';
    assert_true(mend_diagnostic_format(&f, 0, text, sizeof text) < 400);
    assert_non_null(strstr(text, " ...aaaa"));
    assert_non_null(strstr(text, "X"));
    assert_int_equal(strchr(strchr(text, '\n') + 1, 'X') - strchr(text, '\n'), /* the caret is below it */
                     strchr(text, '^') - (strchr(strchr(text, '\n') + 1, '\n')));
}

static void
a_finding_without_a_line_is_one_line(void **state)
{
    const mend_diagnostic f = {.severity = MEND_ERROR, .file = "f.m", .message = "cannot read it"};

    formats_as(&f, 0, "f.m: error: cannot read it\n");
}

static void
a_small_buffer_is_cut_and_the_length_still_told(void **state)
{
    const mend_diagnostic f = {.severity = MEND_ERROR, .file = "f.m", .message = "cannot read it"};
    char text[8];

    assert_int_equal(mend_diagnostic_format(&f, 0, text, sizeof text),
                     strlen("f.m: error: cannot read it\n"));
    assert_string_equal(text, "f.m: er");
    assert_int_equal(mend_diagnostic_format(&f, 0, NULL, 0), strlen("f.m: error: cannot read it\n"));
}

static void
collect(void *data, const mend_diagnostic *f)
{
    mn_buffer_printf(data, "%u:%u %s|", f->line, f->column, f->message);
}

static void
findings_come_in_the_order_of_the_text_with_their_notes(void **state)
{
    struct mn_buffer out = MN_BUFFER_EMPTY;
    struct mn_source source;
    struct mn_findings f;
    mend_error err;

    assert_int_equal(mn_source_open(&source, "t.m", "abc\ndef", 7, NULL), MEND_OK);
    mn_findings_init(&f, &source);
    mn_error_at(&f, (struct mn_span){5, 6}, "second");
    mn_note_at(&f, (struct mn_span){0, 1}, "its note");
    mn_note_at(&f, (struct mn_span){1, 1}, "another");
    mn_warning_at(&f, (struct mn_span){1, 2}, "first");
    mn_error_at(&f, (struct mn_span){2, 3}, "error");
    mn_suggest(&f, "do this");
    mn_findings_emit(&f, collect, &out);
    assert_string_equal(mn_buffer_peek(&out), "1:2 first|1:3 error|2:2 second|1:1 its note|1:2 another|");
    assert_int_equal(mn_findings_status(&f, &err), MEND_SYNTAX);
    assert_int_equal(err.line, 1); /* the first in the text, not the first to come */
    assert_string_equal(err.message, "error");
    assert_string_equal(err.remedy, "do this");
    mn_buffer_fini(&out);
    mn_findings_fini(&f);
    mn_source_close(&source);
}

static void
warnings_alone_are_success(void **state)
{
    struct mn_source source;
    struct mn_findings f;

    assert_int_equal(mn_source_open(&source, "t.m", "abc", 3, NULL), MEND_OK);
    mn_findings_init(&f, &source);
    mn_warning_at(&f, (struct mn_span){0, 1}, "hm");
    assert_int_equal(mn_findings_status(&f, NULL), MEND_OK);
    mn_findings_fini(&f);
    mn_source_close(&source);
}

static void
count(void *data, const mend_diagnostic *f)
{
    (*(unsigned *)data)++;
    if (f->severity == MEND_NOTE)
        assert_string_equal(f->message, "950 more errors are not shown");
}

static void
more_errors_than_the_limit_are_counted(void **state)
{
    char *text = malloc(1000);
    struct mn_source source;
    struct mn_findings f;
    unsigned shown = 0;

    memset(text, 'a', 1000);
    assert_int_equal(mn_source_open(&source, "t.m", text, 1000, NULL), MEND_OK);
    mn_findings_init(&f, &source);
    for (uint32_t i = 0; i < 1000; i++) {
        mn_error_at(&f, (struct mn_span){i, i + 1}, "e");
        if (i >= MN_FINDINGS_MAX)
            mn_note_at(&f, (struct mn_span){i, i + 1}, "a note nobody needs");
    }
    mn_findings_emit(&f, count, &shown);
    assert_int_equal(shown, MN_FINDINGS_MAX + 1);
    assert_int_equal(f.errors, 1000);
    mn_findings_fini(&f);
    mn_source_close(&source);
    free(text);
}

static void
a_failed_allocation_is_reported_as_such(void **state)
{
    struct mn_faults faults = {0};
    struct mn_source source;

    assert_int_equal(mn_source_open(&source, "t.m", "abc", 3, NULL), MEND_OK);
    while (mn_faults_next(&faults)) {
        struct mn_buffer out = MN_BUFFER_EMPTY;
        struct mn_findings f;
        mend_status st;

        mn_findings_init(&f, &source);
        mn_error_at(&f, (struct mn_span){0, 1}, "e %d", 1);
        mn_suggest(&f, "s");
        st = mn_findings_status(&f, NULL);
        if (mn_faults_hit(&faults))
            assert_int_equal(st, MEND_NO_MEMORY);
        else
            assert_int_equal(st, MEND_SYNTAX);
        mn_findings_emit(&f, collect, &out);
        mn_buffer_fini(&out);
        mn_findings_fini(&f);
    }
    mn_source_close(&source);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_finding_shows_its_line_and_a_caret),
        cmocka_unit_test(tabs_and_wide_characters_keep_the_caret_in_place),
        cmocka_unit_test(control_characters_never_reach_the_terminal),
        cmocka_unit_test(of_a_long_line_a_window_is_shown),
        cmocka_unit_test(a_finding_without_a_line_is_one_line),
        cmocka_unit_test(a_small_buffer_is_cut_and_the_length_still_told),
        cmocka_unit_test(findings_come_in_the_order_of_the_text_with_their_notes),
        cmocka_unit_test(warnings_alone_are_success),
        cmocka_unit_test(more_errors_than_the_limit_are_counted),
        cmocka_unit_test(a_failed_allocation_is_reported_as_such),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
