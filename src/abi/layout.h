/* SPDX-License-Identifier: MIT */
/*
 * Sizes, alignments and offsets, as gcc and clang lay out C types under the System V ABIs.
 *
 * A type whose layout cannot be known ends up not `complete`; that is no error here, since behind a pointer
 * it does no harm.
 */
#ifndef MN_ABI_LAYOUT_H
#define MN_ABI_LAYOUT_H

#include "abi/type.h"

/* Types and offsets stay below this; an encoding of a larger one is refused. */
#define MN_TYPE_SIZE_MAX ((size_t)1 << 30)

/* Sets size, align, complete of a struct or union, and each field's place. False when it is too large. */
bool mn_layout_fields(struct mn_type *type, struct mn_field *fields);

/* The same for an array (of, count set) and a complex number (of set). False when it is too large. */
bool mn_layout_elements(struct mn_type *type);

static inline size_t
mn_round_up(size_t size, size_t align)
{
    return (size + align - 1) / align * align;
}
#endif
