/* SPDX-License-Identifier: MIT */
/*
 * Compiled functions with parameters and results of many shapes: what gcc and clang really do.
 *
 * shapes.c is compiled once by each compiler; each object exports one table. Every function comes in two
 * parameter lists: one that leaves registers for the value under test, and one that has used most of them up.
 */
#ifndef MN_TESTS_SHAPES_H
#define MN_TESTS_SHAPES_H

#include <stddef.h>

struct shape {
    const char *name, *encoding;
    size_t size, align;
    void (*few)(void);  /* T (int 11, T v, double 2.5, T w): keeps v in *_seen, returns w */
    void (*many)(void); /* T (long 1..4, double 1..6, T v, char -5, T w): the same */
    /* Call a function of that type with those arguments, storing its result. */
    void (*send_few)(void (*code)(void), const void *v, const void *w, void *result);
    void (*send_many)(void (*code)(void), const void *v, const void *w, void *result);
};

/* What the last call got, and whether the arguments around it were right. */
struct shape_seen {
    unsigned char v[1024];
    int right;
};

extern const struct shape gcc_shapes[], clang_shapes[]; /* end with name NULL */
extern struct shape_seen gcc_seen, clang_seen;
#endif
