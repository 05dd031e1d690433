/* SPDX-License-Identifier: MIT */
/* What the reader's tests share: a source in, its tree and its findings out, both as text. */
#ifndef MN_TESTS_LANG_READING_H
#define MN_TESTS_LANG_READING_H

#include "lang/objc/parse.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

struct reading {
    struct mn_source source;
    struct mn_findings findings;
    struct mn_tree tree;
    struct mn_buffer printed, found; /* the tree; "line:column severity message" a line */
    mend_status status;
    mend_error err;
};

static inline void
reading_note(void *data, const mend_diagnostic *f)
{
    static const char *const words[] = {"note", "warning", "error"};
    struct mn_buffer *found = data;

    mn_buffer_printf(found, "%u:%u %s: %s\n", f->line, f->column, words[f->severity], f->message);
}

static inline void
reading_open(struct reading *r, const char *name, const char *text)
{
    *r = (struct reading){0};
    assert_int_equal(mn_source_open(&r->source, name, text, strlen(text), &r->err), MEND_OK);
    mn_findings_init(&r->findings, &r->source);
    assert_true(mn_tree_init(&r->tree));
    r->status = mn_objc_parse(&r->tree, &r->source, NULL, &r->findings, &r->err);
    mn_tree_print(&r->tree, &r->printed);
    mn_findings_emit(&r->findings, reading_note, &r->found);
}

static inline void
reading_close(struct reading *r)
{
    mn_buffer_fini(&r->printed);
    mn_buffer_fini(&r->found);
    mn_tree_fini(&r->tree);
    mn_findings_fini(&r->findings);
    mn_source_close(&r->source);
}

/* One row: a sentence, the source, and the tree it must give (without the last line end). */
struct row {
    const char *sentence, *source, *tree;
};

/* Reads every row as file `name`; reports each that differs before it fails. */
static inline void
expect_rows(const char *name, const struct row *rows, size_t count)
{
    size_t wrong = 0;

    for (size_t i = 0; i < count; i++) {
        struct reading r;
        char *got;

        reading_open(&r, name, rows[i].source);
        got = r.printed.data ? r.printed.data : (char[]){""};
        if (r.printed.length && got[r.printed.length - 1] == '\n')
            got[r.printed.length - 1] = 0;
        if (r.status != MEND_OK || strcmp(got, rows[i].tree) != 0) {
            print_error("%s:\n  source   %s\n  expected %s\n  got      %s\n  %s", rows[i].sentence,
                        rows[i].source, rows[i].tree, got, mn_buffer_peek(&r.found));
            wrong++;
        }
        reading_close(&r);
    }
    assert_int_equal(wrong, 0);
}

/* One row: a sentence, the source, and the findings it must give. */
static inline void
expect_findings(const char *name, const struct row *rows, size_t count)
{
    size_t wrong = 0;

    for (size_t i = 0; i < count; i++) {
        struct reading r;

        reading_open(&r, name, rows[i].source);
        if (strcmp(mn_buffer_peek(&r.found), rows[i].tree) != 0) {
            print_error("%s:\n  source\n%s\n  expected\n%s  got\n%s", rows[i].sentence, rows[i].source,
                        rows[i].tree, mn_buffer_peek(&r.found));
            wrong++;
        }
        reading_close(&r);
    }
    assert_int_equal(wrong, 0);
}

#define ROWS(rows) rows, sizeof(rows) / sizeof *(rows)
#endif
