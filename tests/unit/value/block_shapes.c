/* SPDX-License-Identifier: MIT */
/* Compiled by clang -fblocks in every build. The list of shapes and its types are those of ../abi/shapes.c.
 */
#define SHAPES clang
#include "../abi/shapes.c"

#include "block_shapes.h"

#define X(name, encoding, ...)                                                                               \
    typedef name (^name##_few_type)(int, name, double, name);                                                \
    typedef name (^name##_many_type)(long, long, long, long, double, double, double, double, double, double, \
                                     name, char, name);                                                      \
    static const name##_few_type name##_few_block = ^(int a, name v, double b, name w) {                     \
      return name##_few_fn(a, v, b, w);                                                                      \
    };                                                                                                       \
    static const name##_many_type name##_many_block =                                                        \
        ^(long a, long b, long c, long d, double e, double f, double g, double h, double i, double j,        \
          name v, char k, name w) {                                                                          \
          return name##_many_fn(a, b, c, d, e, f, g, h, i, j, v, k, w);                                      \
        };                                                                                                   \
    static void name##_send_few_block(const void *block, const void *v, const void *w, void *result)         \
    {                                                                                                        \
        name r = ((name##_few_type)block)(11, *(const name *)v, 2.5, *(const name *)w);                      \
        memcpy(result, &r, sizeof r);                                                                        \
    }                                                                                                        \
    static void name##_send_many_block(const void *block, const void *v, const void *w, void *result)        \
    {                                                                                                        \
        name r =                                                                                             \
            ((name##_many_type)block)(1, 2, 3, 4, 1, 2, 3, 4, 5, 6, *(const name *)v, -5, *(const name *)w); \
        memcpy(result, &r, sizeof r);                                                                        \
    }
ALL
#undef X

    enum {
#define X(name, ...) INDEX_##name,
        ALL
#undef X
    };

const struct block_shape block_shapes[] = {
#define X(name, encoding, ...)                                                                               \
    {&clang_shapes[INDEX_##name], &name##_few_block, &name##_many_block, name##_send_few_block,              \
     name##_send_many_block},
    ALL
#undef X
    {0}};
