/* SPDX-License-Identifier: MIT */
/* What gcc_blocks.c gives the class NSBlock; private to it and to blocks.c. */
#ifndef MN_RUNTIME_GCC_BLOCKS_H
#define MN_RUNTIME_GCC_BLOCKS_H

#include "runtime/runtime.h"

struct mn_block_method {
    const char *name, *types;
    IMP imp;
};

/* Ends with a NULL name. */
extern const struct mn_block_method mn_block_methods[];

#endif
