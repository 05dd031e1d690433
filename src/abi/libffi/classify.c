/* SPDX-License-Identifier: MIT */
/*
 * Where a value lies in the frame of the machine of our own making (registers.h).
 *
 * Integers and pointers of up to 8 bytes take a general register, float and double a vector register, in order; the
 * rest, and what finds no register free, lies on the stack at its own alignment, or 8 if that is smaller.
 */
#include "abi/frame.h"
#include "abi/layout.h"
#include "abi/signature.h"

enum { INTEGER_REGISTERS = 6, VECTOR_REGISTERS = 8 };

static bool
fits_integer(const struct mn_type *type)
{
    return mn_kind_is_pointer((enum mn_kind)type->kind) ||
           (mn_kind_is_integer((enum mn_kind)type->kind) && type->size <= 8);
}

static bool
fits_vector(const struct mn_type *type)
{
    return type->kind == MN_FLOAT || type->kind == MN_DOUBLE;
}

static void
put_in_register(struct mn_place *place, size_t frame, size_t value, size_t size)
{
    place->where = MN_IN_REGISTERS;
    place->piece[place->pieces++] = (struct mn_piece){(uint16_t)frame, (uint16_t)value, (uint16_t)size};
    place->contiguous = place->pieces == 1 ||
                        (size_t)place->piece[0].frame + value == frame + (size_t)place->piece[0].value;
}

void
mn_cpu_place_argument(struct mn_layout *layout, const struct mn_type *type, struct mn_place *place)
{
    *place = (struct mn_place){.size = (uint32_t)type->size};
    if (type->size == 0)
        return;
    if (fits_integer(type) && layout->integers < INTEGER_REGISTERS) {
        put_in_register(place, FRAME_INTEGER + 8 * layout->integers++, 0, type->size);
    } else if (fits_vector(type) && layout->vectors < VECTOR_REGISTERS) {
        put_in_register(place, FRAME_VECTOR + 16 * layout->vectors++, 0, type->size);
    } else {
        place->where = MN_ON_STACK;
        place->contiguous = true;
        layout->stack = mn_round_up(layout->stack, type->align > 8 ? type->align : 8);
        place->stack = (uint32_t)layout->stack;
        layout->stack += mn_round_up(type->size, 8);
    }
}

/* A floating part of a result: the bytes of it that mean something. */
static size_t
part(const struct mn_type *type)
{
    return type->kind == MN_LDOUBLE ? MN_LDOUBLE_BYTES : type->size;
}

void
mn_cpu_place_result(struct mn_layout *layout, const struct mn_type *type, struct mn_place *place)
{
    (void)layout; /* the address of a result in memory takes no register */
    *place = (struct mn_place){.size = (uint32_t)type->size};
    if (type->size == 0)
        return;
    if (fits_integer(type)) {
        put_in_register(place, FRAME_RESULT_INTEGER, 0, type->size);
    } else if (fits_vector(type) || type->kind == MN_LDOUBLE) {
        put_in_register(place, FRAME_RESULT_VECTOR, 0, part(type));
    } else if (type->kind == MN_COMPLEX) { /* as in memory: one part behind the other */
        put_in_register(place, FRAME_RESULT_VECTOR, 0, part(type->of));
        put_in_register(place, FRAME_RESULT_VECTOR + type->of->size, type->of->size, part(type->of));
    } else {
        place->where = MN_IN_MEMORY;
        place->contiguous = true;
    }
}

bool
mn_cpu_piece_is_vector(const struct mn_piece *piece)
{
    return piece->frame >= FRAME_VECTOR && piece->frame < FRAME_SIZE;
}

uint32_t
mn_cpu_result_shape(const struct mn_place *place)
{
    (void)place;
    return 0;
}
