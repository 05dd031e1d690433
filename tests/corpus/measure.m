// SPDX-License-Identifier: MIT
/*
 * How many of a source's method bodies compile as a patch: FILE HEADERS. Prints "methods N failed M ..." and the first finding
 * of each body that does not, as "FILE:LINE: MESSAGE".
 *
 * One reading shows a limited number of errors, so bodies that had one are emptied and the rest is read again.
 */
#import <Foundation/Foundation.h>

#include <mend/patch.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROUNDS = 200 };

struct method {
    unsigned first, last; /* lines of the body's braces */
    bool failed, function;
};

static struct method *methods;
static unsigned method_count, outside;
static char **lines;
static unsigned line_count;
static bool again;

static void
cut_lines(char *text)
{
    lines = malloc((strlen(text) + 2) * sizeof *lines);
    for (char *p = text; p; line_count++) {
        lines[line_count] = p;
        if ((p = strchr(p, '\n')))
            *p++ = 0;
    }
}

/* Methods: a head at the start of a line, and a body whose last brace is, too. Functions: both braces are. */
static void
find_methods(void)
{
    methods = calloc(line_count + 1, sizeof *methods);
    for (unsigned i = 0; i < line_count; i++) {
        unsigned open = i, close;
        bool function = lines[i][0] == '{' && i > 0 && strchr(lines[i - 1], ')');

        if (!function && lines[i][0] != '-' && lines[i][0] != '+')
            continue;
        if (!function && lines[i][1 + strspn(lines[i] + 1, " \t")] != '(')
            continue;
        while (!function && open < line_count && !strchr(lines[open], '{') && !strchr(lines[open], ';') && open < i + 30)
            open++;
        if (open >= line_count || !strchr(lines[open], '{'))
            continue;
        for (close = open; close < line_count && lines[close][0] != '}'; close++)
            ;
        if (close < line_count)
            methods[method_count++] = (struct method){open + 1, close + 1, false, function};
        i = close;
    }
}

static void
collect(void *data, const mend_diagnostic *d)
{
    const char *name = data;

    if (d->severity != MEND_ERROR || strcmp(d->file, name) != 0)
        return;
    for (unsigned i = 0; i < method_count; i++)
        if (d->line >= methods[i].first - 30 && d->line <= methods[i].last &&
            (i == 0 || d->line > methods[i - 1].last)) {
            if (!methods[i].failed)
                printf("%s%s:%u: %s\n", methods[i].function ? "function " : "", d->file, d->line, d->message);
            again |= !methods[i].failed;
            methods[i].failed = true;
            return;
        }
    outside++;
    printf("outside %s:%u: %s\n", d->file, d->line, d->message);
    if (d->line <= line_count && *lines[d->line - 1]) {
        lines[d->line - 1] = "";
        again = true;
    }
}

static void
empty_failed(void)
{
    for (unsigned i = 0; i < method_count; i++)
        for (unsigned n = methods[i].first; methods[i].failed && n <= methods[i].last; n++)
            lines[n - 1] = n == methods[i].last ? "{ }" : n == methods[i].first ? "" : "";
}

static char *
join(void)
{
    size_t length = 1;
    char *text, *p;

    for (unsigned i = 0; i < line_count; i++)
        length += strlen(lines[i]) + 1;
    p = text = malloc(length);
    for (unsigned i = 0; i < line_count; i++) {
        p = stpcpy(p, lines[i]);
        *p++ = '\n';
    }
    *p = 0;
    return text;
}

static char *
read_file(const char *path, size_t *length)
{
    FILE *in = fopen(path, "r");
    char *text;

    if (!in)
        exit(2);
    fseek(in, 0, SEEK_END);
    *length = (size_t)ftell(in);
    rewind(in);
    text = malloc(*length + 1);
    if (fread(text, 1, *length, in) != *length)
        exit(2);
    text[*length] = 0;
    fclose(in);
    for (char *p = text; *p; p++)
        if ((unsigned char)*p >= 0x80)
            *p = '?';
    return text;
}

static void
take(void *to, const void *bytes, size_t length)
{
    (void)bytes;
    *(size_t *)to = length;
}

int
main(int argc, char **argv)
{
    NSAutoreleasePool *pool = [NSAutoreleasePool new];
    size_t length, headers_length, made = 0;
    mend_error err;
    char *headers;
    unsigned failed = 0, count = 0;

    if (argc != 3)
        return 2;
    cut_lines(read_file(argv[1], &length));
    headers = read_file(argv[2], &headers_length);
    find_methods();
    for (int round = 0; round < ROUNDS; round++) {
        mend_source source = {.name = argv[1], .headers = headers, .headers_length = headers_length};
        char *text = join();
        mend_status st;

        again = false;
        source.text = text;
        source.length = strlen(text);
        st = mend_patch_compile(&source, MEND_COMPILED_UNIT, collect, argv[1], take, &made, &err);
        free(text);
        if (st != MEND_OK && !again)
            printf("stopped %s: %s\n", argv[1], err.message);
        if (st == MEND_OK || !again)
            break;
        empty_failed();
    }
    for (unsigned i = 0; i < method_count; i++) {
        failed += methods[i].failed && !methods[i].function;
        count += !methods[i].function;
    }
    printf("methods %u failed %u outside %u unit %zu %s\n", count, failed, outside, made, argv[1]);
    [pool release];
    return 0;
}
