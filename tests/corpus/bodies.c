/* SPDX-License-Identifier: MIT */
/* Lines and braces, nothing finer. */
#include "bodies.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct body *bodies;
unsigned body_count;
char **lines;
unsigned line_count;

void
cut_lines(char *text)
{
    lines = malloc((strlen(text) + 2) * sizeof *lines);
    for (char *p = text; p; line_count++) {
        lines[line_count] = p;
        if ((p = strchr(p, '\n')))
            *p++ = 0;
    }
}

void
find_bodies(void)
{
    bodies = calloc(line_count + 1, sizeof *bodies);
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
            bodies[body_count++] = (struct body){function ? i : i + 1, open + 1, close + 1, false, function};
        i = close;
    }
}

void
empty_body(const struct body *body)
{
    for (unsigned n = body->first; n <= body->last; n++)
        lines[n - 1] = n == body->last ? "{ }" : "";
}

char *
join_lines(void)
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

char *
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
