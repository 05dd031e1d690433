/* SPDX-License-Identifier: MIT */
/* Cells and guards: a block's head, then the value. */
#include "value/cell.h"

#include "base/alloc.h"
#include "base/error.h"
#include "value/block.h"
#include "value/own.h"

#include <stdlib.h>

static_assert(sizeof(struct mn_block) % 16 == 0, "any value may follow it");

struct descriptor {
    struct mn_block_descriptor head;
    void (*copy)(void *to, const void *from);
    void (*dispose)(const void *cell);
};

/* What follows the head of a guard. */
struct guard {
    void *data;
    void (*undo)(void *data);
};

/* Never called: no copy is made of what is on the heap. */
static void
copy(void *to, const void *from)
{
    (void)to;
    (void)from;
}

static void
dispose_nothing(const void *cell)
{
    (void)cell;
}

static void
dispose_strong(const void *cell)
{
    mn_release(*(id *)mn_cell_value((id)(uintptr_t)cell));
}

static void
dispose_weak(const void *cell)
{
    mn_weak_fini(mn_cell_value((id)(uintptr_t)cell));
}

static void
dispose_guard(const void *cell)
{
    const struct guard *guard = mn_cell_value((id)(uintptr_t)cell);

    guard->undo(guard->data);
}

static const struct descriptor descriptors[] = {
    [MN_CELL_PLAIN] = {{0, sizeof(struct mn_block)}, copy, dispose_nothing},
    [MN_CELL_STRONG] = {{0, sizeof(struct mn_block)}, copy, dispose_strong},
    [MN_CELL_WEAK] = {{0, sizeof(struct mn_block)}, copy, dispose_weak},
};
static const struct descriptor guard_descriptor = {{0, sizeof(struct mn_block)}, copy, dispose_guard};

static void
called(void)
{
    abort();
}

static mend_status
make(const struct descriptor *descriptor, size_t size, id *out, mend_error *err)
{
    struct mn_block *cell;
    mend_status st;

    *out = nil;
    if ((st = mn_block_ready(err)) != MEND_OK)
        return st;
    if ((cell = mn_calloc_for_host(sizeof *cell + size)) == NULL)
        return mn_fail_memory(err);
    cell->isa = mn_block_heap_class();
    cell->flags = MN_BLOCK_ON_HEAP | MN_BLOCK_HAS_HELPERS;
    mn_block_count_first(cell);
    cell->invoke = (void *)called;
    cell->descriptor = &descriptor->head;
    *out = (id)(void *)cell;
    return MEND_OK;
}

mend_status
mn_cell_new(enum mn_cell_kind kind, size_t size, id *out, mend_error *err)
{
    return make(&descriptors[kind], size, out, err);
}

mend_status
mn_guard_new(void (*undo)(void *data), void *data, id *out, mend_error *err)
{
    mend_status st = make(&guard_descriptor, sizeof(struct guard), out, err);

    if (st == MEND_OK)
        *(struct guard *)mn_cell_value(*out) = (struct guard){data, undo};
    return st;
}

void *
mn_guard_data(id object, void (*undo)(void *data))
{
    const struct guard *guard;

    if (object == nil || !mn_object_is_block(object) ||
        ((const struct mn_block *)(const void *)object)->descriptor != &guard_descriptor.head)
        return NULL;
    guard = mn_cell_value(object);
    return guard->undo == undo ? guard->data : NULL;
}

bool
mn_cell_is_plain(id object)
{
    return object != nil && mn_object_is_block(object) &&
           ((const struct mn_block *)(const void *)object)->descriptor == &descriptors[MN_CELL_PLAIN].head;
}
