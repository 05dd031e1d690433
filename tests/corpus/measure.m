// SPDX-License-Identifier: MIT
/*
 * How many of a source's method bodies compile as a patch: FILE HEADERS. Prints "methods N failed M ..." and the first finding
 * of each body that does not, as "FILE:LINE: MESSAGE".
 *
 * One reading shows a limited number of errors, so bodies that had one are emptied and the rest is read again.
 */
#import <Foundation/Foundation.h>

#include "bodies.h"

#include <mend/patch.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROUNDS = 200 };

static unsigned outside;
static bool again;

static void
collect(void *data, const mend_diagnostic *d)
{
    const char *name = data;

    if (d->severity != MEND_ERROR || strcmp(d->file, name) != 0)
        return;
    for (unsigned i = 0; i < body_count; i++)
        if (d->line >= bodies[i].first - 30 && d->line <= bodies[i].last &&
            (i == 0 || d->line > bodies[i - 1].last)) {
            if (!bodies[i].failed)
                printf("%s%s:%u: %s\n", bodies[i].function ? "function " : "", d->file, d->line, d->message);
            again |= !bodies[i].failed;
            bodies[i].failed = true;
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
    for (unsigned i = 0; i < body_count; i++)
        if (bodies[i].failed)
            empty_body(&bodies[i]);
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
    find_bodies();
    for (int round = 0; round < ROUNDS; round++) {
        mend_source source = {.name = argv[1], .headers = headers, .headers_length = headers_length};
        char *text = join_lines();
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
    for (unsigned i = 0; i < body_count; i++) {
        failed += bodies[i].failed && !bodies[i].function;
        count += !bodies[i].function;
    }
    printf("methods %u failed %u outside %u unit %zu %s\n", count, failed, outside, made, argv[1]);
    [pool release];
    return 0;
}
