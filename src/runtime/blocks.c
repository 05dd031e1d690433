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
#include <sys/mman.h>
#include <unistd.h>

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

void
mn_block_count_first(struct mn_block *block)
{
    block->flags |= 1;
}

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

/* ---- __block variables that libgnustep-base leaves on the stack ---- */

/* The head of a __block variable, which the function and its blocks reach through `forwarding`. */
struct variable {
    const void *isa; /* unused by the compiler here */
    struct variable *forwarding;
    int32_t flags, size;
    void (*keep)(struct variable *to, struct variable *from); /* with MN_BLOCK_HAS_HELPERS */
};

static const char moved; /* the isa of one on the stack that has moved to the heap */

enum { FRAME_REACH = 1 << 16 };

/*
 * The variable on the stack that a captured word points to, or NULL. A word may be anything: it is looked at
 * only if it points into the live stack around the block, and is a variable only if it forwards to itself or
 * bears our mark.
 */
__attribute__((no_sanitize("address"))) static struct variable *
variable_on_stack(const struct mn_block *block, uintptr_t word)
{
    uintptr_t here = (uintptr_t)__builtin_frame_address(0), page = (uintptr_t)sysconf(_SC_PAGESIZE);
    struct variable *v = (struct variable *)word;
    unsigned char present[2];

    if (word % sizeof(void *) != 0 || word < here || word > (uintptr_t)block + FRAME_REACH)
        return NULL;
    if (mincore((void *)(word & ~(page - 1)), (word & (page - 1)) + sizeof(*v), present) != 0)
        return NULL; /* beyond the stack's end */
    return v->forwarding == v || v->isa == &moved ? v : NULL;
}

static struct variable *
move_to_heap(struct variable *v)
{
    struct variable *fresh = mn_gcc_alloc((size_t)v->size);

    if (fresh == NULL)
        return NULL;
    memcpy(fresh, v, (size_t)v->size);
    fresh->flags |= MN_BLOCK_ON_HEAP;
    fresh->forwarding = fresh;
    if ((v->flags & MN_BLOCK_HAS_HELPERS) != 0)
        v->keep(fresh, v);
    v->forwarding = fresh;
    v->isa = &moved;
    return fresh;
}

/*
 * clang's variables have a bit in their flags that makes libgnustep-base's helper take them for copied
 * already: the block on the heap still points to the stack. Those are moved here, as libBlocksRuntime's
 * helper would have done. That library never frees one, since its count includes the bit. False: no memory.
 */
static bool
move_variables(const struct mn_block *from, struct mn_block *to)
{
    for (size_t at = sizeof(*from); at + sizeof(uintptr_t) <= from->descriptor->size;
         at += sizeof(uintptr_t)) {
        uintptr_t word = *(const uintptr_t *)((const char *)from + at);
        uintptr_t *copied = (uintptr_t *)((char *)to + at);
        struct variable *v = *copied == word ? variable_on_stack(from, word) : NULL;

        if (v != NULL && v->isa != &moved && move_to_heap(v) == NULL)
            return false;
        if (v != NULL)
            *copied = (uintptr_t)v->forwarding;
    }
    return true;
}

/* ---- Copying ---- */

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
        if (!move_variables(block, fresh)) {
            helpers_of(block)->dispose(fresh);
            return nil;
        }
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
