/* SPDX-License-Identifier: MIT */
/* Compiled with -DSHAPES=bygcc or byclang by that compiler. The list of shapes and its types are
 * ../abi/shapes.c's. */
#include "../abi/shapes.c"

#include "method_shapes.h"

#define X(name, encoding, ...)                                                                               \
    typedef name name##_few_method(void *, void *, int, name, double, name);                                 \
    typedef name name##_many_method(void *, void *, long, long, long, long, double, double, double, double,  \
                                    double, double, name, char, name);                                       \
    static name name##_few_imp(void *self, void *sel, int a, name v, double b, name w)                       \
    {                                                                                                        \
        name##_few_fn(a, v, b, w);                                                                           \
        SEEN.right &= self != sel;                                                                           \
        return v;                                                                                            \
    }                                                                                                        \
    static name name##_many_imp(void *self, void *sel, long a, long b, long c, long d, double e, double f,   \
                                double g, double h, double i, double j, name v, char k, name w)              \
    {                                                                                                        \
        name##_many_fn(a, b, c, d, e, f, g, h, i, j, v, k, w);                                               \
        SEEN.right &= self != sel;                                                                           \
        return v;                                                                                            \
    }                                                                                                        \
    static void name##_send_few_method(void (*imp)(void), void *self, void *sel, const void *v,              \
                                       const void *w, void *result)                                          \
    {                                                                                                        \
        name r = ((name##_few_method *)imp)(self, sel, 11, *(const name *)v, 2.5, *(const name *)w);         \
        memcpy(result, &r, sizeof r);                                                                        \
    }                                                                                                        \
    static void name##_send_many_method(void (*imp)(void), void *self, void *sel, const void *v,             \
                                        const void *w, void *result)                                         \
    {                                                                                                        \
        name r = ((name##_many_method *)imp)(self, sel, 1, 2, 3, 4, 1, 2, 3, 4, 5, 6, *(const name *)v, -5,  \
                                             *(const name *)w);                                              \
        memcpy(result, &r, sizeof r);                                                                        \
    }
ALL
#undef X

    enum {
#define X(name, ...) INDEX_##name,
        ALL
#undef X
    };

const struct method_shape JOIN(SHAPES, _methods)[] = {
#define X(name, encoding, ...)                                                                               \
    {&JOIN(SHAPES, _shapes)[INDEX_##name], (void (*)(void))name##_few_imp, (void (*)(void))name##_many_imp,  \
     name##_send_few_method, name##_send_many_method},
    ALL
#undef X
    {0}};
