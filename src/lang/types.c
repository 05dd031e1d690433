/* SPDX-License-Identifier: MIT */
/*
 * Types of the checker: made, laid out, compared.
 *
 * A type is a small tree of pointers to other types. Recursion through a structure's own pointer is broken by
 * the tag: two structures with one tag and one size are the same, and an encoding inside a pointer names only
 * the tag.
 */
#include "lang/types.h"

#include "abi/type.h"

#include <string.h>

#define BASIC(KIND, CODE, SIZE, NAME)                                                                        \
    [MN_C_##KIND] = {.kind = MN_C_##KIND, .code = CODE, .size = SIZE, .align = SIZE ? SIZE : 1, .name = NAME}

static const struct mn_ctype basics[] = {
    BASIC(ERROR, '?', 8, "?"),
    BASIC(VOID, 'v', 0, "void"),
    BASIC(BOOL, 'C', 1, "BOOL"), /* GNUstep: typedef unsigned char BOOL */
    BASIC(CHAR, 'c', 1, MN_CHAR_IS_SIGNED ? "char" : "signed char"),
    BASIC(UCHAR, 'C', 1, "unsigned char"),
    BASIC(SHORT, 's', 2, "short"),
    BASIC(USHORT, 'S', 2, "unsigned short"),
    BASIC(INT, 'i', 4, "int"),
    BASIC(UINT, 'I', 4, "unsigned int"),
    BASIC(LONG, 'q', 8, "long"),
    BASIC(ULONG, 'Q', 8, "unsigned long"),
    BASIC(FLOAT, 'f', 4, "float"),
    BASIC(DOUBLE, 'd', 8, "double"),
    BASIC(LDOUBLE, 'D', 16, "long double"),
    BASIC(OBJECT, '@', 8, NULL),
    BASIC(CLASS, '#', 8, NULL),
    BASIC(BLOCK, '@', 8, NULL),
    BASIC(SEL, ':', 8, "SEL"),
    [MN_C_POINTER] = {.kind = MN_C_POINTER, .code = '^', .size = 8, .align = 8, .inner = &basics[MN_C_VOID]},
};

const struct mn_ctype mn_ctype_c_bool = {
    .kind = MN_C_BOOL, .code = 'B', .size = 1, .align = 1, .name = "bool"};
const struct mn_ctype mn_ctype_char = {.kind = MN_CHAR_IS_SIGNED ? MN_C_CHAR : MN_C_UCHAR,
                                       .code = MN_CHAR_IS_SIGNED ? 'c' : 'C',
                                       .size = 1,
                                       .align = 1,
                                       .name = "char"};
const struct mn_ctype mn_ctype_cstring = {
    .kind = MN_C_POINTER, .code = '^', .size = 8, .align = 8, .inner = &mn_ctype_char};

const struct mn_ctype *
mn_ctype_basic(enum mn_ckind kind)
{
    return &basics[kind];
}

static struct mn_ctype *
make(struct mn_arena *arena, const struct mn_ctype *pattern)
{
    return mn_arena_copy(arena, pattern, 1, sizeof *pattern);
}

const struct mn_ctype *
mn_ctype_object(struct mn_arena *arena, const char *class_name)
{
    struct mn_ctype type = basics[MN_C_OBJECT];

    type.name = class_name;
    return class_name ? make(arena, &type) : &basics[MN_C_OBJECT];
}

const struct mn_ctype *
mn_ctype_class_of(struct mn_arena *arena, const char *class_name)
{
    struct mn_ctype type = basics[MN_C_CLASS];

    type.name = class_name;
    return class_name ? make(arena, &type) : &basics[MN_C_CLASS];
}

const struct mn_ctype *
mn_ctype_pointer(struct mn_arena *arena, const struct mn_ctype *inner)
{
    struct mn_ctype type = basics[MN_C_POINTER];

    type.inner = inner;
    return inner->kind == MN_C_VOID ? &basics[MN_C_POINTER] : make(arena, &type);
}

const struct mn_ctype *
mn_ctype_array(struct mn_arena *arena, const struct mn_ctype *element, size_t count)
{
    struct mn_ctype type = {
        .kind = MN_C_ARRAY, .code = '[', .align = element->align, .inner = element, .count = count};

    type.size = element->size * count;
    return make(arena, &type);
}

const struct mn_ctype *
mn_ctype_const(struct mn_arena *arena, const struct mn_ctype *type)
{
    struct mn_ctype *made;

    if (type->constant)
        return type;
    if ((made = make(arena, type)))
        made->constant = true;
    return made;
}

const struct mn_ctype *
mn_ctype_function(struct mn_arena *arena, const struct mn_ctype *result, const struct mn_ctype *const *params,
                  size_t count, bool variadic)
{
    struct mn_ctype type = {
        .kind = MN_C_FUNCTION, .code = '?', .align = 1, .inner = result, .variadic = variadic};

    type.count = count;
    type.fields = mn_arena_alloc(arena, (count ? count : 1) * sizeof *type.fields);
    if (!type.fields)
        return NULL;
    for (size_t i = 0; i < count; i++)
        type.fields[i].type = params[i];
    return make(arena, &type);
}

struct mn_ctype *
mn_ctype_tagged(struct mn_arena *arena, enum mn_ckind kind, const char *tag)
{
    struct mn_ctype type = {.kind = kind, .code = kind == MN_C_STRUCT ? '{' : '(', .align = 1, .name = tag};

    type.incomplete = true;
    return make(arena, &type);
}

static size_t
round_up(size_t n, size_t align)
{
    return (n + align - 1) / align * align;
}

/*
 * Places a field behind `end` bits; the bits in use then. A bit-field does not reach over more units of its
 * type's alignment than its type has (System V ABI, "Bit-Fields"; packed, as GCC does it); one of width 0 starts
 * a new unit.
 */
static size_t
place_field(struct mn_ctype *type, struct mn_cfield *f, size_t end)
{
    size_t align = type->pack && type->pack < f->type->align ? type->pack : f->type->align;
    size_t start = type->kind == MN_C_UNION ? 0 : end, unit = align * 8, width = f->type->size * 8;

    if (!f->is_bits) {
        start = round_up(start, unit);
    } else {
        if (!f->width || (start % unit + f->width + unit - 1) / unit > width / unit)
            start = round_up(start, unit);
        width = f->width;
        f->bit = (uint8_t)(start % 8);
    }
    f->offset = start / 8;
    if (align > type->align && (!f->is_bits || f->name))
        type->align = align;
    return start + width > end ? start + width : end;
}

bool
mn_ctype_complete(struct mn_arena *arena, struct mn_ctype *type, const struct mn_cfield *fields, size_t count)
{
    size_t end = 0, kept = 0;

    type->fields = mn_arena_copy(arena, fields, count, sizeof *fields);
    if (count && !type->fields)
        return false;
    for (size_t i = 0; i < count; i++) {
        struct mn_cfield *f = &type->fields[i];

        end = place_field(type, f, end);
        if (!f->is_bits || f->name) /* unnamed bits are padding */
            type->fields[kept++] = *f;
    }
    type->count = kept;
    type->size = round_up((end + 7) / 8, type->align);
    type->incomplete = false;
    return true;
}

struct mn_bits
mn_ctype_bits(const struct mn_cfield *field, size_t size, size_t *offset)
{
    size_t first = *offset, last = first + (field->bit + field->width - 1u) / 8;
    struct mn_bits bits = {
        .bit = field->bit, .width = field->width, .is_signed = !mn_ctype_is_unsigned(field->type)};

    for (size_t unit = 1; unit <= 8; unit *= 2) {
        size_t start = first / unit * unit;

        if ((start + unit <= last || start + unit > size) && size >= unit) /* not aligned in the aggregate: the first that covers it */
            start = first + unit <= size ? first : size - unit;
        if (start > first || start + unit <= last || start + unit > size)
            continue;
        bits.unit = (uint8_t)unit;
        bits.bit = (uint8_t)(bits.bit + 8 * (first - start));
        *offset = start;
        break;
    }
    return bits;
}

const struct mn_ctype *
mn_ctype_of_bits(const struct mn_cfield *field)
{
    return field->type->kind == MN_C_UINT && field->width < 32 ? &basics[MN_C_INT] : field->type;
}

bool
mn_ctype_is_unsigned(const struct mn_ctype *type)
{
    switch (type->kind) {
    case MN_C_BOOL:
    case MN_C_UCHAR:
    case MN_C_USHORT:
    case MN_C_UINT:
    case MN_C_ULONG:
        return true;
    default:
        return mn_ctype_is_address(type);
    }
}

static bool
same_fields(const struct mn_ctype *a, const struct mn_ctype *b)
{
    if (a->count != b->count)
        return false;
    for (size_t i = 0; i < a->count; i++)
        if (a->fields[i].offset != b->fields[i].offset || a->fields[i].width != b->fields[i].width ||
            a->fields[i].bit != b->fields[i].bit ||
            !mn_ctype_same(a->fields[i].type, b->fields[i].type))
            return false;
    return true;
}

/* A byte-sized truth value and a character travel alike: encodings written as C, c and B mix in the wild. */
static bool
is_byte(const struct mn_ctype *type)
{
    return type->kind == MN_C_BOOL || type->kind == MN_C_CHAR || type->kind == MN_C_UCHAR;
}

bool
mn_ctype_same(const struct mn_ctype *a, const struct mn_ctype *b)
{
    if (a == b || a->kind == MN_C_ERROR || b->kind == MN_C_ERROR)
        return true;
    if (mn_ctype_is_object(a) && mn_ctype_is_object(b))
        return true;
    if (is_byte(a) && is_byte(b))
        return a->kind == MN_C_BOOL || b->kind == MN_C_BOOL || a->kind == b->kind;
    if (a->kind != b->kind)
        return false;
    if (a->kind == MN_C_ARRAY)
        return a->count == b->count && mn_ctype_same(a->inner, b->inner);
    if (mn_ctype_is_aggregate(a)) {
        if (a->incomplete || b->incomplete)
            return a->name && b->name && strcmp(a->name, b->name) == 0;
        return a->size == b->size && same_fields(a, b);
    }
    return true;
}

const struct mn_ctype *
mn_ctype_promote(const struct mn_ctype *type)
{
    return mn_ctype_is_integer(type) && type->kind < MN_C_INT ? &basics[MN_C_INT] : type;
}

const struct mn_ctype *
mn_ctype_usual(const struct mn_ctype *a, const struct mn_ctype *b)
{
    a = mn_ctype_promote(a);
    b = mn_ctype_promote(b);
    /* Kinds are in rank order, and on LP64 a wider signed type holds every value of a narrower unsigned one.
     */
    return &basics[a->kind > b->kind ? a->kind : b->kind];
}

const struct mn_ctype *
mn_ctype_decay(struct mn_arena *arena, const struct mn_ctype *type)
{
    if (type->kind == MN_C_ARRAY)
        return mn_ctype_pointer(arena, type->inner);
    if (type->kind == MN_C_FUNCTION)
        return mn_ctype_pointer(arena, type);
    return type;
}

const struct mn_cfield *
mn_ctype_field(const struct mn_ctype *type, const char *name, size_t *offset)
{
    for (size_t i = 0; i < type->count; i++) {
        const struct mn_cfield *f = &type->fields[i];
        const struct mn_cfield *deep;
        size_t inside;

        if (f->name && strcmp(f->name, name) == 0) {
            *offset = f->offset;
            return f;
        }
        if (f->name || !mn_ctype_is_aggregate(f->type))
            continue;
        if ((deep = mn_ctype_field(f->type, name, &inside))) {
            *offset = f->offset + inside;
            return deep;
        }
    }
    return NULL;
}

bool
mn_ctype_holds_objects(const struct mn_ctype *type)
{
    if (mn_ctype_is_counted(type))
        return true;
    if (type->kind == MN_C_ARRAY)
        return mn_ctype_holds_objects(type->inner);
    if (mn_ctype_is_aggregate(type))
        for (size_t i = 0; i < type->count; i++)
            if (mn_ctype_holds_objects(type->fields[i].type))
                return true;
    return false;
}
