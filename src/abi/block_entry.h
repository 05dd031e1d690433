/* SPDX-License-Identifier: MIT */
/*
 * Where calls of blocks made at run time begin.
 *
 * A block is the first argument of every call of itself. So it carries its own slot (stubs.h), BLOCK_SLOT
 * bytes from its start, and all such blocks share their invoke function: it finds the slot and enters it as a
 * stub would. No code is made, and a block costs nothing but its own memory.
 */
#ifndef MN_ABI_BLOCK_ENTRY_H
#define MN_ABI_BLOCK_ENTRY_H

#include "abi/stubs.h"

/* The invoke function for blocks of this type. NULL, for want of memory or of executable memory, is possible only where
 * code is made for each type (libffi). */
mn_code mn_block_entry_of(const struct mn_signature *type);
#endif
