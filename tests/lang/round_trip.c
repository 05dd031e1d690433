/* SPDX-License-Identifier: MIT */
/*
 * Source to an instruction document and back: each program that format 2 can say (round_trip.txt) gives the same bytecode
 * either way, places left out.
 */
#include "lang/json/write.h"
#include "lang/lang.h"
#include "lang/objc/parse.h"
#include "vm/disasm.h"
#include "vm/program.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static const char *folder;

/* {LangSpan=qq} and {?=qq} travel alike: a structure without a tag gets its typedef's name in a document. */
static void
forget_tags(char *text)
{
    char *to = text;

    while (text && *text) {
        *to++ = *text;
        if (*text++ == '{' && strchr(text, '=') && strcspn(text, "=") < strcspn(text, " \n}"))
            text += strcspn(text, "=");
    }
    if (to)
        *to = 0;
}

/* The code without the places behind ';', or why there is none. */
static void
read_code(const char *name, const char *text, size_t length, struct mn_buffer *out)
{
    mend_source source = {.name = name, .text = text, .length = length};
    struct mn_buffer code = MN_BUFFER_EMPTY;
    struct mn_unit *unit;
    mend_error err;

    if (mn_lang_read(&source, NULL, NULL, &unit, &err) != MEND_OK) {
        mn_buffer_printf(out, "%u:%u: %s", err.line, err.column, err.message);
        return;
    }
    mn_disasm_program(unit->program, &code);
    forget_tags(code.data);
    for (const char *line = mn_buffer_peek(&code), *end; *line; line = *end ? end + 1 : end) {
        const char *place = strstr(line, " ; ");

        end = strchr(line, '\n') ? strchr(line, '\n') : line + strlen(line);
        mn_buffer_append(out, line, (size_t)((place && place < end ? place : end) - line));
        mn_buffer_char(out, '\n');
    }
    mn_buffer_fini(&code);
    mn_unit_free(unit);
}

static bool
write_document(const struct mn_buffer *text, const char *name, struct mn_buffer *json)
{
    struct mn_parse_options options = {.dialect_given = true, .dialect = MN_DIALECT_OBJC};
    struct mn_source source;
    struct mn_findings findings;
    struct mn_tree tree;
    mend_error err;
    bool whole;

    if (mn_source_open(&source, name, text->data, text->length, NULL) != MEND_OK)
        return false;
    mn_findings_init(&findings, &source);
    assert_true(mn_tree_init(&tree));
    whole = mn_objc_parse(&tree, &source, &options, &findings, NULL) == MEND_OK;
    if (whole)
        mn_json_write(&tree, &findings, json);
    if (whole && mn_findings_status(&findings, &err) != MEND_OK)
        print_message("%s:%u: %s\n", name, err.line, err.message);
    whole = whole && !findings.errors && !json->failed;
    mn_tree_fini(&tree);
    mn_findings_fini(&findings);
    mn_source_close(&source);
    return whole;
}

static void
read_file(const char *name, struct mn_buffer *text)
{
    char path[4096], piece[4096];
    size_t size;
    FILE *file;

    snprintf(path, sizeof path, "%s/%s", folder, name);
    file = fopen(path, "r");
    assert_non_null(file);
    while ((size = fread(piece, 1, sizeof piece, file)) > 0)
        mn_buffer_append(text, piece, size);
    fclose(file);
}

static int
by_text(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Functions in the order of their names: which class comes first in a document is another matter. */
static void
sort_functions(struct mn_buffer *code)
{
    char *text = strdup(mn_buffer_peek(code)), *parts[4096], *next;
    size_t count = 0;

    for (char *part = text; part && *part && count < 4096; part = next) {
        next = strstr(part, "\n\n");
        if (next) {
            *next = 0;
            next += 2;
        }
        part += strspn(part, "\n");
        while (*part && part[strlen(part) - 1] == '\n')
            part[strlen(part) - 1] = 0;
        if (*part)
            parts[count++] = part;
    }
    qsort(parts, count, sizeof *parts, by_text);
    mn_buffer_clear(code);
    for (size_t i = 0; i < count; i++)
        mn_buffer_printf(code, "%s\n", parts[i]);
    free(text);
}

static void
compare(const char *name, const char *before, const char *after)
{
    size_t same = 0;

    while (before[same] && before[same] == after[same])
        same++;
    if (before[same] == after[same])
        return;
    while (same && before[same - 1] != '\n')
        same--;
    fail_msg("%s: from here on\n%.300s\nbecame\n%.300s", name, before + same, after + same);
}

static void
gives_the_same_code(void **state)
{
    struct mn_buffer text = MN_BUFFER_EMPTY, json = MN_BUFFER_EMPTY, before = MN_BUFFER_EMPTY, after = MN_BUFFER_EMPTY;

    read_file(*state, &text);
    if (!write_document(&text, *state, &json)) {
        fail_msg("%s: not all of it can be said", (char *)*state);
    } else {
        read_code(*state, text.data, text.length, &before);
        read_code("document.json", mn_buffer_peek(&json), json.length, &after);
        sort_functions(&before);
        sort_functions(&after);
        compare(*state, mn_buffer_peek(&before), mn_buffer_peek(&after));
    }
    mn_buffer_fini(&text);
    mn_buffer_fini(&json);
    mn_buffer_fini(&before);
    mn_buffer_fini(&after);
}

/* ROUND_TRIP FOLDER LIST [FILTER]: the list names the programs, one a line. */
int
main(int argc, char **argv)
{
    static char names[512][64];
    static struct CMUnitTest tests[512];
    size_t count = 0;
    FILE *list = argc > 2 ? fopen(argv[2], "r") : NULL;

    if (!list)
        return 2;
    folder = argv[1];
    while (count < 512 && fscanf(list, "%63s", names[count]) == 1) {
        tests[count] = (struct CMUnitTest){
            .name = names[count], .test_func = gives_the_same_code, .initial_state = names[count]};
        count++;
    }
    fclose(list);
    if (argc > 3)
        cmocka_set_test_filter(argv[3]);
    return _cmocka_run_group_tests("round trips", tests, count, NULL, NULL);
}
