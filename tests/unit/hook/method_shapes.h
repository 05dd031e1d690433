/* SPDX-License-Identifier: MIT */
/* The shapes of ../abi/shapes.h as parameters and results of methods, compiled by gcc and by clang. */
#ifndef MN_TESTS_METHOD_SHAPES_H
#define MN_TESTS_METHOD_SHAPES_H

#include "../abi/shapes.h"

struct method_shape {
    const struct shape *shape;
    void (*few)(void);  /* T (id, SEL, int 11, T v, double 2.5, T w): keeps v in *_seen, returns v */
    void (*many)(void); /* T (id, SEL, long 1..4, double 1..6, T v, char -5, T w): the same */
    /* Call a method of that type with those arguments, storing its result. */
    void (*send_few)(void (*imp)(void), void *self, void *sel, const void *v, const void *w, void *result);
    void (*send_many)(void (*imp)(void), void *self, void *sel, const void *v, const void *w, void *result);
};

extern const struct method_shape bygcc_methods[], byclang_methods[]; /* end with shape NULL */
extern struct shape_seen bygcc_seen, byclang_seen;
#endif
