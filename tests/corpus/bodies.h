/* SPDX-License-Identifier: MIT */
/*
 * A source of GNUstep's house style as lines, and where the bodies of its methods and functions are.
 *
 * One source a process. Lines may be replaced; their memory is never freed.
 */
#ifndef CORPUS_BODIES_H
#define CORPUS_BODIES_H

#include <stdbool.h>
#include <stddef.h>

struct body {
    unsigned head;        /* the line its head begins on; of a function, the line before the brace */
    unsigned first, last; /* lines of the body's braces, counted from 1 */
    bool failed, function;
};

extern struct body *bodies;
extern unsigned body_count;
extern char **lines;
extern unsigned line_count;

/* The whole file; other bytes than ASCII become question marks. Ends the process when it cannot be read. */
char *read_file(const char *path, size_t *length);

/* Takes a text apart. */
void cut_lines(char *text);

/* Methods: a head at the start of a line, and a body whose last brace is, too. Functions: both braces are. */
void find_bodies(void);

/* Leaves an empty body. */
void empty_body(const struct body *body);

/* The lines as one text, the caller's. */
char *join_lines(void);
#endif
