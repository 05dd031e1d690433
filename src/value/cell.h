/* SPDX-License-Identifier: MIT */
/*
 * Cells: counted memory for one value, as variables that blocks share need it; and guards: something that is
 * undone when its last owner lets go.
 *
 * Both are objects of the heap blocks' class, so that whatever keeps and releases objects keeps and releases
 * them, on every way out. Nobody else may see one: calling it as a block ends the process.
 *
 * A cell or guard belongs to the caller of the function that made it. Any thread.
 */
#ifndef MN_VALUE_CELL_H
#define MN_VALUE_CELL_H

#include "runtime/blocks.h"
#include "runtime/objects.h"

#include <stddef.h>

enum mn_cell_kind {
    MN_CELL_PLAIN,  /* bytes */
    MN_CELL_STRONG, /* an object it holds a reference to */
    MN_CELL_WEAK    /* a struct mn_weak */
};

/* A zeroed cell. MEND_NO_CLASS: no NSObject in this process. On failure *out is nil. */
mend_status mn_cell_new(enum mn_cell_kind kind, size_t size, id *out, mend_error *err);

/* undo(data) runs once, when the last owner lets go of the guard. It may throw. */
mend_status mn_guard_new(void (*undo)(void *data), void *data, id *out, mend_error *err);

/* Whether an object is a cell of bytes. Accepts nil; sends nothing. */
bool mn_cell_is_plain(id object);

/* Where the value is: the cell must live on. */
static inline void *
mn_cell_value(id cell)
{
    return (char *)(void *)cell + sizeof(struct mn_block);
}
/* The data of a guard made with that function; NULL for every other object. */
void *mn_guard_data(id guard, void (*undo)(void *data));
#endif
