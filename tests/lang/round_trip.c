/* SPDX-License-Identifier: MIT */
/*
 * Every language program in another language and back: the bytecode is the same, places left out. What the other
 * language cannot say is refused with its place, as the list of refusals has it.
 */
#include "lang/convert.h"
#include "lang/lang.h"
#include "vm/disasm.h"
#include "vm/program.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static const char *folder, *refusals, *language, *ending;
static enum mn_target target;

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

/* "@If at 7:1" is called after its place. */
static void
forget_place(char *text)
{
    char *at = text;

    while ((at = strstr(at, "@If at ")) != NULL) {
        at += 7;
        memmove(at, at + strcspn(at, " "), strlen(at + strcspn(at, " ")) + 1);
    }
}

/* The code without the places behind ';'. */
static void
read_code(const char *name, const char *text, size_t length, struct mn_buffer *out)
{
    mend_source source = {.name = name, .text = text, .length = length};
    struct mn_buffer code = MN_BUFFER_EMPTY;
    struct mn_unit *unit;
    mend_error err;

    if (mn_lang_read(&source, NULL, NULL, &unit, &err) != MEND_OK)
        fail_msg("%s:%u:%u: %s in\n%.*s", name, err.line, err.column, err.message, (int)length, text);
    mn_buffer_printf(out, "policy %d after %u\n\n", unit->policy == MEND_POLICY_DEFAULT ? MEND_POLICY_PROPAGATE : unit->policy,
                     unit->policy_after);
    mn_disasm_program(unit->program, &code);
    forget_tags(code.data);
    forget_place(code.data);
    for (const char *line = mn_buffer_peek(&code), *end; *line; line = *end ? end + 1 : end) {
        const char *place = strstr(line, " ; ");

        end = strchr(line, '\n') ? strchr(line, '\n') : line + strlen(line);
        mn_buffer_append(out, line, (size_t)((place && place < end ? place : end) - line));
        mn_buffer_char(out, '\n');
    }
    mn_buffer_fini(&code);
    mn_unit_free(unit);
}

/* Keeps the first error for who compares it. */
static void
keep_finding(void *data, const mend_diagnostic *finding)
{
    struct mn_buffer *text = data;

    if (finding->severity == MEND_ERROR && !text->length)
        mn_buffer_printf(text, "%s:%u: %s", finding->file, finding->line, finding->message);
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

static int
by_name(const void *a, const void *b)
{
    return strcmp(a, b);
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

/* "json blocks.m a statement expression": what the other language cannot say, as refusals.txt lists it. */
static const char *
refusal_of(const char *name)
{
    static char line[256];
    char start[128];
    size_t length = (size_t)snprintf(start, sizeof start, "%s %s ", language, name);
    FILE *list = fopen(refusals, "r");

    assert_non_null(list);
    while (fgets(line, sizeof line, list)) {
        line[strcspn(line, "\n")] = 0;
        if (!strncmp(line, start, length)) {
            fclose(list);
            return line + length;
        }
    }
    fclose(list);
    return NULL;
}

static void
compare_code(const char *name, const struct mn_buffer *text, const struct mn_buffer *made)
{
    struct mn_buffer before = MN_BUFFER_EMPTY, after = MN_BUFFER_EMPTY, again = MN_BUFFER_EMPTY;

    mn_buffer_printf(&again, "again%s", ending);
    read_code(name, text->data, text->length, &before);
    read_code(mn_buffer_peek(&again), mn_buffer_peek(made), made->length, &after);
    sort_functions(&before);
    sort_functions(&after);
    if (getenv("MEND_SHOW"))
        print_message("%s\n", mn_buffer_peek(made));
    compare(name, mn_buffer_peek(&before), mn_buffer_peek(&after));
    mn_buffer_fini(&before);
    mn_buffer_fini(&after);
    mn_buffer_fini(&again);
}

static void
gives_the_same_code(void **state)
{
    struct mn_buffer text = MN_BUFFER_EMPTY, made = MN_BUFFER_EMPTY, why = MN_BUFFER_EMPTY;
    const char *name = *state, *refusal = refusal_of(name);
    mend_source source = {.name = name};
    mend_status st;
    mend_error err;

    read_file(name, &text);
    source.text = text.data;
    source.length = text.length;
    st = mn_lang_convert(&source, target, keep_finding, &why, &made, &err);
    if (refusal) {
        assert_int_equal(st, MEND_CHECK);
        if (!strstr(mn_buffer_peek(&why), refusal) || strncmp(mn_buffer_peek(&why), name, strlen(name)) != 0)
            fail_msg("%s: '%s' expected, but: %s", name, refusal, mn_buffer_peek(&why));
    } else {
        if (st != MEND_OK)
            fail_msg("%s cannot be said: %s", name, why.length ? mn_buffer_peek(&why) : err.message);
        compare_code(name, &text, &made);
    }
    mn_buffer_fini(&text);
    mn_buffer_fini(&made);
    mn_buffer_fini(&why);
}

static bool
is_program(const char *name)
{
    const char *dot = strrchr(name, '.');

    return dot && (!strcmp(dot, ".m") || !strcmp(dot, ".mg") || !strcmp(dot, ".json")) && strncmp(name, "errors_", 7) != 0;
}

static bool
is_target(const char *word)
{
    static const char *const words[][2] = {
#define X(name, word, ending, text) [MN_TARGET_##name] = {word, ending},
#include <mend/target.def>
#undef X
    };

    for (int i = 0; i < MN_TARGETS; i++)
        if (!strcmp(words[i][0], word)) {
            target = (enum mn_target)i;
            ending = words[i][1];
            return true;
        }
    return false;
}

/* ROUND_TRIP FOLDER LANGUAGE REFUSALS [FILTER] */
int
main(int argc, char **argv)
{
    static char names[512][64];
    static struct CMUnitTest tests[512];
    size_t count = 0;
    struct dirent *entry;
    DIR *dir;

    if (argc < 4 || !is_target(argv[2]) || !(dir = opendir(argv[1])))
        return 2;
    folder = argv[1];
    language = argv[2];
    refusals = argv[3];
    while (count < 512 && (entry = readdir(dir)) != NULL)
        if (is_program(entry->d_name) && strlen(entry->d_name) < sizeof names[0])
            strcpy(names[count++], entry->d_name);
    closedir(dir);
    qsort(names, count, sizeof names[0], by_name);
    for (size_t i = 0; i < count; i++)
        tests[i] = (struct CMUnitTest){.name = names[i], .test_func = gives_the_same_code, .initial_state = names[i]};
    if (argc > 4)
        cmocka_set_test_filter(argv[4]);
    return _cmocka_run_group_tests("round trips", tests, count, NULL, NULL);
}
