/* SPDX-License-Identifier: MIT */
/*
 * The layout of aggregates. A struct is filled bit by bit: `end` is the first bit not yet taken.
 *
 * A bit-field of declared type T lies inside one naturally aligned T (psABI 3.1.2, "Bit-Fields"). The GNU
 * encoding also states its position: where that differs from the rule, the struct was packed or aligned by
 * attribute, and what else that changed is unknown.
 */
#include "abi/layout.h"

static size_t
larger(size_t a, size_t b)
{
    return a > b ? a : b;
}

/* Places a bit-field at or behind bit `end` (0 in a union); false if the encoding says it lies elsewhere. */
static bool
place_bits(struct mn_field *field, size_t *end, uint32_t *align)
{
    const struct mn_type *type = field->type;
    size_t unit = type->of->size * 8, start = *end;

    if (type->count == 0 || start / unit != (start + type->count - 1) / unit)
        start = mn_round_up(start, unit);
    if (start != type->position)
        return false;
    field->offset = start / 8;
    field->bit = (uint32_t)(start % 8);
    *end = start + type->count;
    if (type->count != 0)
        *align = (uint32_t)larger(*align, type->of->align);
    return true;
}

bool
mn_layout_fields(struct mn_type *type, struct mn_field *fields)
{
    size_t end = 0, size = 0; /* end in bits, size in bytes */

    type->complete = true;
    type->align = 1;
    for (size_t i = 0; i < type->count; i++) {
        const struct mn_type *member = fields[i].type;

        if (type->kind == MN_UNION)
            end = 0;
        if (member->kind == MN_BITS) {
            type->complete &= member->positioned && place_bits(&fields[i], &end, &type->align);
        } else if (!member->complete) {
            type->complete = false;
        } else {
            fields[i].offset = mn_round_up((end + 7) / 8, member->align);
            end = (fields[i].offset + member->size) * 8;
            type->align = (uint32_t)larger(type->align, member->align);
        }
        size = larger(size, (end + 7) / 8);
        if (size > MN_TYPE_SIZE_MAX)
            return false;
    }
    type->size = type->complete ? mn_round_up(size, type->align) : 0;
    if (!type->complete)
        type->align = 1;
    return true;
}

bool
mn_layout_elements(struct mn_type *type)
{
    const struct mn_type *element = type->of;

    type->complete = element->complete;
    type->align = element->align;
    type->size = 0;
    if (!element->complete || element->size == 0)
        return true;
    if (type->count > MN_TYPE_SIZE_MAX / element->size)
        return false;
    type->size = type->count * element->size;
    return true;
}
