/* SPDX-License-Identifier: MIT */
/* Log lines: the level decides, control bytes are escaped, one write a line. */
#include "base/log.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

struct heard {
    int lines;
    enum mn_log_level level;
    char last[2000];
};

static void
hear(void *data, enum mn_log_level level, const char *line)
{
    struct heard *h = data;

    h->lines++;
    h->level = level;
    strncpy(h->last, line, sizeof h->last - 1);
}

static void
a_sink_gets_the_lines_of_the_chosen_levels(void **state)
{
    struct heard h = {0};

    (void)state;
    mn_log_to(hear, &h);
    mn_log(MN_LOG_DEBUG, "not %s", "this");
    assert_int_equal(h.lines, 0);
    mn_log(MN_LOG_INFO, "but %s", "this");
    assert_int_equal(h.lines, 1);
    assert_int_equal(h.level, MN_LOG_INFO);
    assert_string_equal(h.last, "but this");
    mn_log(MN_LOG_ERROR, "\x1b[2Jx\ny");
    assert_string_equal(h.last, "?[2Jx?y");
    mn_log_to(NULL, NULL);
}

static void
a_line_is_cut_rather_than_lost(void **state)
{
    struct heard h = {0};
    char longer[3000];

    (void)state;
    memset(longer, 'a', sizeof longer);
    longer[sizeof longer - 1] = '\0';
    mn_log_to(hear, &h);
    mn_log(MN_LOG_ERROR, "%s", longer);
    mn_log_to(NULL, NULL);
    assert_true(strlen(h.last) > 900);
}

static void
without_a_sink_one_prefixed_line_goes_to_stderr(void **state)
{
    int pipes[2], saved = dup(STDERR_FILENO);
    char text[100];
    ssize_t n;

    (void)state;
    assert_int_equal(pipe(pipes), 0);
    dup2(pipes[1], STDERR_FILENO);
    mn_log(MN_LOG_WARNING, "hello %d", 1);
    dup2(saved, STDERR_FILENO);
    n = read(pipes[0], text, sizeof text - 1);
    text[n > 0 ? n : 0] = '\0';
    assert_string_equal(text, "mend: hello 1\n");
    close(pipes[0]);
    close(pipes[1]);
    close(saved);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sink_gets_the_lines_of_the_chosen_levels),
        cmocka_unit_test(a_line_is_cut_rather_than_lost),
        cmocka_unit_test(without_a_sink_one_prefixed_line_goes_to_stderr),
    };

    setenv("MEND_LOG", "info", 1); /* read once, at the first line */
    return cmocka_run_group_tests(tests, NULL, NULL);
}
