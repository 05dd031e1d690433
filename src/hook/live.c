/* SPDX-License-Identifier: MIT */
/*
 * Slots in blocks that double in size: a slot's index never changes, and finding one takes no lock.
 *
 * Block k holds FIRST << k slots, so an index tells its block by the position of its highest bit.
 */
#include "hook/live.h"

#include "base/alloc.h"

#include <stddef.h>

enum { FIRST = 64, BLOCKS = 26 };

static _Atomic(struct mn_live *) blocks[BLOCKS];
static uint32_t made; /* slots ever taken from the blocks; under the runtime's mutex */
static struct mn_live *free_slots;

/* Which block an index lies in; *first becomes the index of that block's first slot. */
static unsigned
block_of(uint32_t index, uint32_t *first)
{
    unsigned block = 31U - (unsigned)__builtin_clz(index / FIRST + 1);

    *first = FIRST * ((1U << block) - 1);
    return block;
}

/* Never freed. */
static struct mn_live *
new_block(size_t count)
{
    char *memory = mn_calloc(count + 1, sizeof(struct mn_live));

    return memory ? (void *)(((uintptr_t)memory + MN_LIVE_LINE - 1) & -(uintptr_t)MN_LIVE_LINE) : NULL;
}

static struct mn_live *
new_slot(void)
{
    uint32_t first;
    unsigned block = block_of(made, &first);
    struct mn_live *slots;

    if (block >= BLOCKS)
        return NULL;
    slots = atomic_load_explicit(&blocks[block], memory_order_relaxed);
    if (!slots) {
        slots = new_block((size_t)FIRST << block);
        if (!slots)
            return NULL;
        for (uint32_t i = 0; i < (uint32_t)FIRST << block; i++)
            slots[i].index = first + i;
        atomic_store_explicit(&blocks[block], slots, memory_order_release);
    }
    return &slots[made++ - first];
}

struct mn_live *
mn_live_new(void *owner)
{
    struct mn_live *live = free_slots;

    if (live)
        free_slots = live->next;
    else if (!(live = new_slot()))
        return NULL;
    live->next = NULL;
    live->owner = owner;
    atomic_store_explicit(&live->born, mn_live_next(live), memory_order_release);
    return live;
}

uint32_t
mn_live_next(struct mn_live *live)
{
    live->last += 2;
    if (live->last == 0) /* never 0, which says "none" */
        live->last = 2;
    return live->last;
}

void
mn_live_free(struct mn_live *live)
{
    atomic_store_explicit(&live->now, 0, memory_order_release);
    live->owner = NULL;
    live->name = NULL;
    live->next = free_slots;
    free_slots = live;
}

/* Handles look like this: version in the upper half, index + 1 in the lower. */
void *
mn_live_handle(const struct mn_live *live)
{
    return (void *)((uintptr_t)live->last << 32 | (live->index + 1));
}

struct mn_live *
mn_live_of(const void *handle, uint32_t *version)
{
    uintptr_t bits = (uintptr_t)handle;
    uint32_t index = (uint32_t)bits - 1, first;
    unsigned block;
    struct mn_live *slots;

    *version = (uint32_t)(bits >> 32);
    if ((uint32_t)bits == 0 || *version == 0 || (*version & MN_WORD_OUT))
        return NULL;
    block = block_of(index, &first);
    if (block >= BLOCKS)
        return NULL;
    slots = atomic_load_explicit(&blocks[block], memory_order_acquire);
    return slots ? &slots[index - first] : NULL;
}
