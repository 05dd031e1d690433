/* SPDX-License-Identifier: MIT */
/*
 * Which registers a value travels in: AAPCS64 (2022Q3), sections 5.9.5 "Homogeneous Aggregates", 6.8.2
 * "Parameter Passing Rules" and 6.9 "Result Return". The rules' letters are named beside their steps.
 *
 * A homogeneous aggregate is one to four floating members of one type and nothing else; it takes a vector
 * register for each. Other composites take one or two general registers, or travel by reference to a copy. No
 * value is split between registers and the stack. Fields are never unaligned here, as no encoding describes a
 * packed struct; short vectors have no encoding that clang writes.
 */
#include "abi/frame.h"
#include "abi/layout.h"
#include "abi/signature.h"

enum { INTEGER_REGISTERS = 8, VECTOR_REGISTERS = 8, HOMOGENEOUS = 4, LARGEST = 16 };

/*
 * Apple's variant ("Writing ARM64 Code for Apple Platforms"): arguments on the stack are packed by their own
 * size and alignment, the caller extends small integers, and every variadic argument goes on the stack in a
 * slot of 8 bytes. Not run: Mend has been built and tested for Linux only.
 */
#if defined(__APPLE__)
enum { PACKED_STACK = true, VARIADIC_ON_STACK = true };
#else
enum { PACKED_STACK = false, VARIADIC_ON_STACK = false };
#endif

/* ---- Homogeneous aggregates ---- */

/* The members found so far; `kind` is theirs, and `spoilt` that there is anything else. */
struct members {
    enum mn_kind kind;
    size_t count;
    bool spoilt;
};

static struct members members_of(const struct mn_type *type);

static bool
is_floating(enum mn_kind kind)
{
    return kind == MN_FLOAT || kind == MN_DOUBLE || kind == MN_LDOUBLE;
}

static bool
is_composite(const struct mn_type *type)
{
    return type->kind == MN_STRUCT || type->kind == MN_UNION || type->kind == MN_COMPLEX;
}

/* A union has as many members as the field that has most. */
static void
add_members(struct members *into, struct members more, bool of_union)
{
    into->spoilt |= more.spoilt || (into->count != 0 && more.count != 0 && into->kind != more.kind);
    if (more.count != 0)
        into->kind = more.kind;
    if (!of_union)
        into->count += more.count;
    else if (more.count > into->count)
        into->count = more.count;
}

/* An empty array spoils the aggregate, even one of floats, as clang has it; an empty struct does not. */
static struct members
members_of_array(const struct mn_type *type)
{
    struct members m = members_of(type->of);

    m.spoilt |= type->count == 0 || (m.count != 0 && type->count > HOMOGENEOUS);
    m.count = m.spoilt ? 0 : m.count * type->count;
    return m;
}

static struct members
members_of_fields(const struct mn_type *type)
{
    struct members m = {0};

    for (size_t i = 0; i < type->count && !m.spoilt; i++)
        add_members(&m, members_of(type->fields[i].type), type->kind == MN_UNION);
    return m;
}

static struct members
members_of(const struct mn_type *type)
{
    struct members m = {.kind = (enum mn_kind)type->kind, .count = 1};

    switch (m.kind) {
    case MN_FLOAT:
    case MN_DOUBLE:
    case MN_LDOUBLE:
        return m;
    case MN_COMPLEX:
        m = members_of(type->of);
        m.count *= 2;
        return m;
    case MN_ARRAY:
        return members_of_array(type);
    case MN_STRUCT:
    case MN_UNION:
        return members_of_fields(type);
    default:
        m.spoilt = true;
        return m;
    }
}

/* How many vector registers a value takes, of what size each; 0: none. */
static size_t
vectors_of(const struct mn_type *type, size_t *each)
{
    struct members m;

    *each = type->size;
    if (is_floating((enum mn_kind)type->kind))
        return 1;
    if (!is_composite(type) || type->size > HOMOGENEOUS * LARGEST)
        return 0;
    m = members_of(type);
    if (m.spoilt || m.count == 0 || m.count > HOMOGENEOUS)
        return 0;
    *each = mn_type_of(m.kind)->size;
    return *each * m.count == type->size ? m.count : 0; /* padding spoils it too */
}

/* ---- Places ---- */

/* Callees of gcc and clang extend small integers themselves (6.8.2, C.9 leaves the rest of the register
 * unspecified); filling it up does no harm, and Apple's callees want it. */
static enum mn_extend
extension(const struct mn_type *type)
{
    if (!mn_kind_is_integer(type->kind) || type->size > 2)
        return MN_EXTEND_NONE;
    if (type->size == 1)
        return mn_kind_is_signed(type->kind) ? MN_EXTEND_S8 : MN_EXTEND_U8;
    return mn_kind_is_signed(type->kind) ? MN_EXTEND_S16 : MN_EXTEND_U16;
}

/* `count` registers 16 bytes apart from byte `frame` on, with `each` bytes of the value in each. */
static void
put_in_vectors(struct mn_place *place, size_t frame, size_t count, size_t each)
{
    place->where = MN_IN_REGISTERS;
    place->pieces = (uint8_t)count;
    place->contiguous = count == 1 || each == 16;
    for (size_t i = 0; i < count; i++)
        place->piece[i] = (struct mn_piece){(uint16_t)(frame + 16 * i), (uint16_t)(each * i), (uint16_t)each};
}

/* General registers from byte `frame` on, 8 bytes of the value in each. */
static void
put_in_integers(struct mn_place *place, size_t frame)
{
    place->where = MN_IN_REGISTERS;
    place->contiguous = true;
    for (size_t at = 0; at < place->size; at += 8) {
        size_t left = place->size - at;

        place->piece[place->pieces++] =
            (struct mn_piece){(uint16_t)(frame + at), (uint16_t)at, (uint16_t)(left < 8 ? left : 8)};
    }
}

/* C.14 to C.16: the stack is filled in words, each value at its own alignment, or 8 if that is smaller. */
static size_t
take_stack(struct mn_layout *layout, size_t size, size_t align)
{
    size_t at = mn_round_up(layout->stack, align);

    layout->stack = at + size;
    return at;
}

static void
put_on_stack(struct mn_layout *layout, const struct mn_type *type, struct mn_place *place)
{
    size_t each, size = type->size, align = type->align;
    bool packed = PACKED_STACK && !layout->variadic && (!is_composite(type) || vectors_of(type, &each) != 0);

    if (!packed) {
        size = mn_round_up(size, 8);
        align = align > 8 ? align : 8;
    } else {
        place->extend = MN_EXTEND_NONE; /* the bytes behind it are the next argument's */
    }
    place->where = MN_ON_STACK;
    place->contiguous = true;
    place->stack = (uint32_t)take_stack(layout, size, align);
}

/* B.4: the address of a copy takes the place of the value; the caller's copies lie behind its stack
 * arguments. */
static void
put_by_reference(struct mn_layout *layout, const struct mn_type *type, struct mn_place *place)
{
    place->where = MN_BY_REFERENCE;
    place->contiguous = true;
    layout->copies = mn_round_up(layout->copies, 16);
    place->copy = (uint32_t)layout->copies;
    layout->copies += type->size;
    if (layout->integers < INTEGER_REGISTERS && !(VARIADIC_ON_STACK && layout->variadic)) {
        place->pieces = 1;
        place->piece[0] = (struct mn_piece){(uint16_t)(FRAME_INTEGER + 8 * layout->integers++), 0, 8};
    } else {
        place->stack = (uint32_t)take_stack(layout, 8, 8);
    }
}

void
mn_cpu_place_argument(struct mn_layout *layout, const struct mn_type *type, struct mn_place *place)
{
    size_t each, vectors = vectors_of(type, &each), words = mn_round_up(type->size, 8) / 8;
    bool stack_only = VARIADIC_ON_STACK && layout->variadic;

    *place = (struct mn_place){.size = (uint32_t)type->size, .extend = (uint8_t)extension(type)};
    if (type->size == 0)
        return;
    if (vectors == 0 && type->size > LARGEST) {
        put_by_reference(layout, type, place);
    } else if (stack_only) {
        put_on_stack(layout, type, place);
    } else if (vectors != 0) {
        if (layout->vectors + vectors <= VECTOR_REGISTERS) { /* C.1, C.2 */
            put_in_vectors(place, FRAME_VECTOR + 16 * layout->vectors, vectors, each);
            layout->vectors += (unsigned)vectors;
            return;
        }
        layout->vectors = VECTOR_REGISTERS; /* C.3 */
        put_on_stack(layout, type, place);
    } else {
        if (type->align == 16) /* C.10: an even pair */
            layout->integers = (unsigned)mn_round_up(layout->integers, 2);
        if (layout->integers + words <= INTEGER_REGISTERS) { /* C.9, C.11, C.12 */
            put_in_integers(place, FRAME_INTEGER + 8 * layout->integers);
            layout->integers += (unsigned)words;
            return;
        }
        layout->integers = INTEGER_REGISTERS; /* C.13 */
        put_on_stack(layout, type, place);
    }
}

void
mn_cpu_place_result(struct mn_layout *layout, const struct mn_type *type, struct mn_place *place)
{
    size_t each, vectors = vectors_of(type, &each);

    (void)layout; /* x8 is no argument register */
    *place = (struct mn_place){.size = (uint32_t)type->size, .extend = (uint8_t)extension(type)};
    if (type->size == 0)
        return;
    if (vectors != 0) {
        put_in_vectors(place, FRAME_RESULT_VECTOR, vectors, each);
    } else if (type->size <= LARGEST) {
        put_in_integers(place, FRAME_RESULT_INTEGER);
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
    (void)place; /* no result needs more than MN_SHAPE_VECTOR */
    return 0;
}

mend_status
mn_cpu_ready(struct mn_signature *signature, struct mn_arena *arena, mend_error *err)
{
    (void)signature;
    (void)arena;
    (void)err;
    return MEND_OK;
}
