/* SPDX-License-Identifier: MIT */
/*
 * Copying, releasing and reading blocks, and the methods NSBlock answers with.
 *
 * The count is where libBlocksRuntime keeps it (low half of flags, one a reference, stuck at its greatest
 * value), so its _Block_release and ours may take turns on one block. Memory comes from malloc for the same
 * reason.
 */
#include "runtime/blocks.h"

#include "runtime/exception.h"
#include "runtime/gcc_abi.h"
#include "runtime/gcc_blocks.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

struct helpers {
    void (*copy)(void *to, const void *from);
    void (*dispose)(const void *block);
};

static struct mn_block *
block_of(id object)
{
    return (struct mn_block *)(void *)object;
}

static int32_t
flags_of(const struct mn_block *block)
{
    return __atomic_load_n(&block->flags, __ATOMIC_ACQUIRE);
}

/* What follows the fixed part of the descriptor; NULL without helpers. */
static const struct helpers *
helpers_of(const struct mn_block *block)
{
    return (flags_of(block) & MN_BLOCK_HAS_HELPERS) != 0 ? (const void *)(block->descriptor + 1) : NULL;
}

const char *
mn_block_signature(id object)
{
    const struct mn_block *block = block_of(object);
    const struct helpers *helpers;

    if (block == NULL || (flags_of(block) & MN_BLOCK_HAS_SIGNATURE) == 0)
        return NULL;
    helpers = helpers_of(block);
    return *(const char *const *)(helpers != NULL ? (const void *)(helpers + 1)
                                                  : (const void *)(block->descriptor + 1));
}

/* ---- Counting ---- */

static void
add_reference(struct mn_block *block)
{
    int32_t flags = flags_of(block);

    while ((flags & MN_BLOCK_COUNT_MASK) != MN_BLOCK_COUNT_MASK)
        if (__atomic_compare_exchange_n(&block->flags, &flags, flags + 1, true, __ATOMIC_ACQ_REL,
                                        __ATOMIC_ACQUIRE))
            return;
}

/* True: that was the last one. */
static bool
drop_reference(struct mn_block *block)
{
    int32_t flags = flags_of(block), count;

    do {
        count = flags & MN_BLOCK_COUNT_MASK;
        if (count == MN_BLOCK_COUNT_MASK || count == 0)
            return false;
    } while (!__atomic_compare_exchange_n(&block->flags, &flags, flags - 1, true, __ATOMIC_ACQ_REL,
                                          __ATOMIC_ACQUIRE));
    return count == 1;
}

static void
free_memory(struct mn_block **block)
{
    free(*block);
}

/* The head of a __block variable, which all blocks that use it reach through `forwarding`. */
struct variable {
    void *isa;
    struct variable *forwarding;
    int32_t flags; /* libgnustep-base counts references here */
};

/*
 * After libgnustep-base's helper copied a variable to the heap, the one on the stack still forwards to
 * itself: the function and the block would each have their own. Forwarded here as libBlocksRuntime does; the
 * heap copy gets a reference for the function, which nothing gives back.
 *
 * A captured word that the helper changed is a variable or a block, and a block's second word is no pointer
 * to itself.
 */
static void
forward_variables(const struct mn_block *from, const struct mn_block *to)
{
    for (size_t at = sizeof(*from); at + sizeof(void *) <= from->descriptor->size; at += sizeof(void *)) {
        struct variable *old = *(struct variable *const *)((const char *)from + at);
        struct variable *new = *(struct variable *const *)((const char *)to + at);

        if (old == new || old == NULL || new == NULL || old->forwarding != old || new->forwarding != new)
            continue;
        old->forwarding = new;
        new->flags++;
    }
}

static id
copy_to_heap(const struct mn_block *block)
{
    MN_SCOPED(free_memory) struct mn_block *fresh = mn_gcc_alloc(block->descriptor->size);
    struct mn_block *made;

    if (fresh == NULL)
        return nil;
    memcpy(fresh, block, block->descriptor->size);
    fresh->flags = (fresh->flags & ~MN_BLOCK_COUNT_MASK) | MN_BLOCK_ON_HEAP | 1;
    if (mn_block_heap_class() != Nil)
        fresh->isa = mn_block_heap_class();
    if (helpers_of(block) != NULL) {
        helpers_of(block)->copy(fresh, block);
        forward_variables(block, fresh);
    }
    made = fresh;
    fresh = NULL; /* kept: nothing threw */
    return (id)(void *)made;
}

id
mn_block_copy(id object)
{
    struct mn_block *block = block_of(object);

    if (block == NULL || (flags_of(block) & MN_BLOCK_IS_GLOBAL) != 0)
        return object;
    if ((flags_of(block) & MN_BLOCK_ON_HEAP) == 0)
        return copy_to_heap(block);
    add_reference(block);
    return object;
}

void
mn_block_release(id object)
{
    MN_SCOPED(free_memory) struct mn_block *block = NULL;

    if (object == nil || (flags_of(block_of(object)) & MN_BLOCK_IS_GLOBAL) != 0 ||
        (flags_of(block_of(object)) & MN_BLOCK_ON_HEAP) == 0 || !drop_reference(block_of(object)))
        return;
    block = block_of(object);
    if (helpers_of(block) != NULL)
        helpers_of(block)->dispose(block);
}

/* ---- What NSBlock answers ---- */

static id
copy(id self, SEL sel)
{
    (void)sel;
    return mn_block_copy(self);
}

static id
copy_with_zone(id self, SEL sel, void *zone)
{
    (void)sel;
    (void)zone;
    return mn_block_copy(self);
}

static void
release(id self, SEL sel)
{
    (void)sel;
    mn_block_release(self);
}

static unsigned long
retain_count(id self, SEL sel)
{
    (void)sel;
    if ((flags_of(block_of(self)) & MN_BLOCK_ON_HEAP) == 0)
        return UINT_MAX; /* what GNUstep calls never released */
    return (unsigned long)(flags_of(block_of(self)) & MN_BLOCK_COUNT_MASK);
}

/* The memory belongs to the count above. */
static void
dealloc(id self, SEL sel)
{
    (void)self;
    (void)sel;
}

const struct mn_block_method mn_block_methods[] = {
    {"copy", "@16@0:8", (IMP)(void *)copy},
    {"copyWithZone:", "@24@0:8^v16", (IMP)(void *)copy_with_zone},
    {"retain", "@16@0:8", (IMP)(void *)copy}, /* of a stack block: a collection keeps what this returns */
    {"release", "Vv16@0:8", (IMP)(void *)release},
    {"retainCount", "Q16@0:8", (IMP)(void *)retain_count},
    {"dealloc", "v16@0:8", (IMP)(void *)dealloc},
    {NULL, NULL, NULL},
};
