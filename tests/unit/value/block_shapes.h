/* SPDX-License-Identifier: MIT */
/* The shapes of ../abi/shapes.h as parameters and results of blocks, compiled by clang: what it really does.
 */
#ifndef MN_TESTS_BLOCK_SHAPES_H
#define MN_TESTS_BLOCK_SHAPES_H

#include "../abi/shapes.h"

struct block_shape {
    const struct shape *shape;
    const void *few,
        *many; /* blocks with the parameters of shape->few and shape->many; they keep v in clang_seen */
    /* Call a block of that type with those arguments, storing its result. */
    void (*send_few)(const void *block, const void *v, const void *w, void *result);
    void (*send_many)(const void *block, const void *v, const void *w, void *result);
};

extern const struct block_shape block_shapes[]; /* ends with shape NULL */
#endif
