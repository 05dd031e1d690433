/* SPDX-License-Identifier: MIT */
/*
 * Which registers a value travels in: psABI 1.0 for AMD64, section 3.2.3 "Parameter Passing".
 *
 * Each eightbyte of a value gets a class, the merge of the classes of all scalars that overlap it. Fields are
 * never unaligned here, as no encoding describes a packed struct.
 */
#include "abi/frame.h"
#include "abi/layout.h"
#include "abi/signature.h"

enum class { NO_CLASS, INTEGER, SSE, X87, X87UP, COMPLEX_X87, MEMORY };

enum { INTEGER_REGISTERS = 6, VECTOR_REGISTERS = 8, EIGHTBYTES = 2 };

/* Step 4 of "Classification": (a) equal, (b) NO_CLASS, (c) MEMORY, (d) INTEGER, (e) x87, (f) SSE. */
static void
merge(enum class *into, enum class with)
{
    if (*into == with || with == NO_CLASS)
        return;
    if (*into == NO_CLASS)
        *into = with;
    else if (*into == MEMORY || with == MEMORY)
        *into = MEMORY;
    else if (*into == INTEGER || with == INTEGER)
        *into = INTEGER;
    else if (*into >= X87 || with >= X87)
        *into = MEMORY;
}

/* Merges one class into every eightbyte that bytes from `offset` on touch. */
static void
merge_bytes(enum class classes[EIGHTBYTES], enum class with, size_t offset, size_t size)
{
    if (size == 0)
        return;
    for (size_t i = offset / 8; i <= (offset + size - 1) / 8; i++)
        merge(&classes[i], with);
}

static void classify(const struct mn_type *type, size_t offset, enum class classes[EIGHTBYTES]);

static void
classify_floating(const struct mn_type *type, size_t offset, enum class classes[EIGHTBYTES])
{
    if (type->kind == MN_LDOUBLE) {
        merge(&classes[0], X87);
        merge(&classes[1], X87UP);
    } else {
        merge_bytes(classes, SSE, offset, type->size);
    }
}

static void
classify_fields(const struct mn_type *type, size_t offset, enum class classes[EIGHTBYTES])
{
    for (size_t i = 0; i < type->count; i++) {
        const struct mn_field *f = &type->fields[i];
        size_t first = (offset + f->offset) * 8 + f->bit; /* in bits */

        if (f->type->kind != MN_BITS)
            classify(f->type, offset + f->offset, classes);
        else if (f->type->count != 0)
            merge_bytes(classes, INTEGER, first / 8, (first + f->type->count + 7) / 8 - first / 8);
    }
}

/* Only for values of at most two eightbytes. */
static void
classify(const struct mn_type *type, size_t offset, enum class classes[EIGHTBYTES])
{
    switch ((enum mn_kind)type->kind) {
    case MN_FLOAT:
    case MN_DOUBLE:
    case MN_LDOUBLE:
        classify_floating(type, offset, classes);
        break;
    case MN_COMPLEX:
    case MN_ARRAY:
        for (size_t i = 0; type->of->size != 0 && i < type->count; i++)
            classify(type->of, offset + i * type->of->size, classes);
        break;
    case MN_STRUCT:
    case MN_UNION:
        classify_fields(type, offset, classes);
        break;
    default:
        merge_bytes(classes, INTEGER, offset, type->size);
    }
}

/* The classes of a whole value; classes[0] is MEMORY if it travels there. Step 5, "post-merger cleanup",
 * included. */
static void
classify_value(const struct mn_type *type, enum class classes[EIGHTBYTES])
{
    classes[0] = classes[1] = NO_CLASS;
    if (type->kind == MN_COMPLEX && type->of->kind == MN_LDOUBLE)
        classes[0] = COMPLEX_X87;
    else if (type->size > 8 * EIGHTBYTES)
        classes[0] = MEMORY;
    else
        classify(type, 0, classes);
    if (classes[1] == MEMORY || (classes[1] == X87UP && classes[0] != X87))
        classes[0] = MEMORY;
}

static enum mn_extend
extension(const struct mn_type *type)
{
    if (!mn_kind_is_integer(type->kind) || type->size > 2)
        return MN_EXTEND_NONE;
    if (type->size == 1)
        return mn_kind_is_signed(type->kind) ? MN_EXTEND_S8 : MN_EXTEND_U8;
    return mn_kind_is_signed(type->kind) ? MN_EXTEND_S16 : MN_EXTEND_U16;
}

static void
add_piece(struct mn_place *place, size_t frame, size_t value, size_t size)
{
    struct mn_piece *piece = &place->piece[place->pieces++];

    piece->frame = (uint16_t)frame;
    piece->value = (uint16_t)value;
    piece->size = (uint16_t)size;
    place->contiguous =
        place->pieces == 1 ||
        (place->contiguous && frame - value == (size_t)place->piece[0].frame - place->piece[0].value);
}

/* The eightbytes in registers of the two files, counted on from `layout`, which is advanced. */
static void
add_eightbytes(struct mn_place *place, const enum class classes[EIGHTBYTES], struct mn_layout *layout,
               size_t integers, size_t vectors)
{
    place->where = MN_IN_REGISTERS;
    for (size_t i = 0; i < EIGHTBYTES; i++) {
        size_t left = place->size - i * 8, size = left < 8 ? left : 8;

        if (classes[i] == INTEGER)
            add_piece(place, integers + 8 * layout->integers++, i * 8, size);
        else if (classes[i] == SSE)
            add_piece(place, vectors + 16 * layout->vectors++, i * 8, size);
    }
}

static unsigned
count(const enum class classes[EIGHTBYTES], enum class wanted)
{
    return (unsigned)(classes[0] == wanted) + (unsigned)(classes[1] == wanted);
}

void
mn_cpu_place_argument(struct mn_layout *layout, const struct mn_type *type, struct mn_place *place)
{
    enum class classes[EIGHTBYTES];
    bool in_memory;

    classify_value(type, classes);
    *place = (struct mn_place){.size = (uint32_t)type->size, .extend = (uint8_t)extension(type)};
    if (classes[0] == NO_CLASS && classes[1] == NO_CLASS)
        return;
    in_memory = classes[0] == MEMORY || classes[0] == X87 || classes[0] == COMPLEX_X87;
    if (!in_memory && layout->integers + count(classes, INTEGER) <= INTEGER_REGISTERS &&
        layout->vectors + count(classes, SSE) <= VECTOR_REGISTERS) {
        add_eightbytes(place, classes, layout, FRAME_INTEGER, FRAME_VECTOR);
        return;
    }
    /* clang before 18 aligns a lone __int128 on the stack to 8, and splits one over the last register and the
     * stack. */
    if (type->kind == MN_INT128 || type->kind == MN_UINT128)
        layout->disputed = layout->integers == INTEGER_REGISTERS - 1 || layout->stack % 16 != 0;
    place->where = MN_ON_STACK;
    place->contiguous = true;
    layout->stack = mn_round_up(layout->stack, type->align > 8 ? type->align : 8);
    place->stack = (uint32_t)layout->stack;
    layout->stack += mn_round_up(type->size, 8);
}

void
mn_cpu_place_result(struct mn_layout *layout, const struct mn_type *type, struct mn_place *place)
{
    struct mn_layout registers = {0};
    enum class classes[EIGHTBYTES];

    classify_value(type, classes);
    *place = (struct mn_place){.size = (uint32_t)type->size, .extend = (uint8_t)extension(type)};
    if (classes[0] == NO_CLASS && classes[1] == NO_CLASS)
        return;
    if (classes[0] == MEMORY) {
        place->where = MN_IN_MEMORY;
        place->contiguous = true;
        layout->integers++; /* rdi carries the address */
    } else if (classes[0] == X87 || classes[0] == COMPLEX_X87) {
        place->where = MN_IN_REGISTERS;
        add_piece(place, FRAME_RESULT_X87, 0, 10); /* the bytes of a long double that mean something */
        if (classes[0] == COMPLEX_X87)
            add_piece(place, FRAME_RESULT_X87 + 16, 16, 10);
    } else {
        add_eightbytes(place, classes, &registers, FRAME_RESULT_INTEGER, FRAME_RESULT_VECTOR);
    }
}

bool
mn_cpu_piece_is_vector(const struct mn_piece *piece)
{
    return piece->frame >= FRAME_VECTOR && piece->frame < FRAME_RESULT_X87;
}

uint32_t
mn_cpu_result_shape(const struct mn_place *place)
{
    if (place->where != MN_IN_REGISTERS || place->piece[0].frame != FRAME_RESULT_X87)
        return 0;
    return place->pieces == 1 ? MN_SHAPE_X87 : MN_SHAPE_X87_PAIR;
}

mend_status
mn_cpu_ready(struct mn_signature *signature, struct mn_arena *arena, mend_error *err)
{
    (void)signature;
    (void)arena;
    (void)err;
    return MEND_OK;
}
