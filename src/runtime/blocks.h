/* SPDX-License-Identifier: MIT */
/*
 * Blocks as clang lays them out, in a process that may hold two sets of block classes: libBlocksRuntime's
 * (256 zeroed bytes a class, on which any message crashes) and libgnustep-base's stub (one word).
 *
 * Mend trusts neither library's copy routine, because the link order decides which one a program gets. Its
 * own works on any block, and what it makes can be released by libBlocksRuntime too.
 *
 * Any thread. Blocks are counted: a copy is the caller's to release.
 */
#ifndef MN_RUNTIME_BLOCKS_H
#define MN_RUNTIME_BLOCKS_H

#include "runtime/runtime.h"

#include <stdint.h>

/* The first words of every block (clang's "Block Implementation Specification"). */
struct mn_block {
    Class isa;
    int32_t flags; /* the bits below; the count of a heap block in the low 16 */
    int32_t reserved;
    void *invoke; /* its first argument is the block (the second where the result goes through memory) */
    const struct mn_block_descriptor *descriptor;
    /* captured variables follow */
};

struct mn_block_descriptor {
    uintptr_t reserved;
    uintptr_t size; /* of the whole block */
    /* with MN_BLOCK_HAS_HELPERS: void (*copy)(void *to, const void *from); void (*dispose)(const void *); */
    /* with MN_BLOCK_HAS_SIGNATURE: const char *signature; */
};

enum {
    MN_BLOCK_COUNT_MASK = 0xffff, /* one a reference */
    MN_BLOCK_ON_HEAP = 1 << 24,
    MN_BLOCK_HAS_HELPERS = 1 << 25,
    MN_BLOCK_IS_GLOBAL = 1 << 28,
    MN_BLOCK_RETURNS_STRUCT = 1 << 29, /* result through memory (with a signature) */
    MN_BLOCK_HAS_SIGNATURE = 1 << 30
};

/*
 * Makes the block classes of this process real ones: NSBlock, a child of NSObject that answers -copy, -retain
 * and the like, and under it the stack, heap and global block classes. Once; later calls look for a
 * libBlocksRuntime loaded since. Classes the host has registered itself are left as they are. MEND_NO_CLASS:
 * there is no NSObject yet. Not to be called with the runtime's mutex held (it takes the loader's lock).
 */
mend_status mn_blocks_register(mend_error *err);

/* Sets the count of a heap block that is being made: its maker's reference. */
void mn_block_count_first(struct mn_block *block);

/* Its isa says so: one of the two sets' classes, registered or not, or a class below NSBlock. nil: no. The
 * address must be that of an object or a block. Sends nothing. */
bool mn_object_is_block(id object);

/*
 * A block that outlives its scope: a heap copy of a stack block, another reference to a heap block, a global
 * block itself. nil: no memory (nothing changed). Runs the block's copy helper.
 *
 * That helper calls whichever _Block_object_assign the program was linked with. libBlocksRuntime's copies
 * captured blocks and shares __block variables, but does NOT retain captured objects (Debian's has no hook
 * for it): they must live as long as the block by other means. libgnustep-base's retains objects, but leaves
 * captured stack blocks where they are; __block variables it leaves too, those are moved here (and never
 * freed).
 */
id mn_block_copy(id block);

/* Gives back one reference; the last one runs the dispose helper. Stack blocks, global
 * blocks and nil are left alone. */
void mn_block_release(id block);

/* The encoding of its invoke function, the block itself as "@?"; NULL when the compiler gave none. Lent by
 * the block's descriptor. */
const char *mn_block_signature(id block);

/* What runs when the block is called, and how large it is. */
static inline void *
mn_block_invoke(id block)
{
    return ((const struct mn_block *)(const void *)block)->invoke;
}

static inline size_t
mn_block_size(id block)
{
    return ((const struct mn_block *)(const void *)block)->descriptor->size;
}

/* The class the heap copies and run-time blocks of Mend bear; Nil before mn_blocks_register. */
Class mn_block_heap_class(void);

#endif
