/* SPDX-License-Identifier: MIT */
/*
 * From our types to libffi's.
 *
 * libffi knows structs of scalars, and lays them out by itself unless told their size, which we do. An array is told
 * element by element, a bit-field as the integers that cover its bytes. A union of integers travels as a struct of
 * integers on every CPU; one with a floating member travels differently on different CPUs, and libffi has no way to say
 * it: refused. So is __int128, which compilers do not all treat as a struct of two words.
 */
#include "abi/libffi/types.h"

#include "abi/layout.h"

#include <string.h>

/* A struct of more bytes than this travels in memory, or by reference, whatever it is made of. */
enum { WHOLE = 128 };

static ffi_type *
integer_of(size_t size, bool is_signed)
{
    switch (size) {
    case 1:
        return is_signed ? &ffi_type_sint8 : &ffi_type_uint8;
    case 2:
        return is_signed ? &ffi_type_sint16 : &ffi_type_uint16;
    case 4:
        return is_signed ? &ffi_type_sint32 : &ffi_type_uint32;
    default:
        return is_signed ? &ffi_type_sint64 : &ffi_type_uint64;
    }
}

/* ---- Elements of a struct ---- */

/* Each covers at least a byte. */
struct elements {
    ffi_type *types[WHOLE];
    size_t count;
    size_t covered; /* bytes of the struct that have an element */
};

static void
add(struct elements *e, ffi_type *type, size_t end)
{
    e->types[e->count++] = type;
    e->covered = end;
}

/* Integers that cover the bytes up to `end`, each where its own alignment puts it. */
static void
cover(struct elements *e, size_t from, size_t end, size_t largest)
{
    size_t at = from > e->covered ? from : e->covered;

    while (at < end) {
        size_t size = largest;

        while (at % size != 0 || size > end - at)
            size /= 2;
        add(e, integer_of(size, false), at + size);
        at += size;
    }
}

static bool
has_floating(const struct mn_type *type)
{
    switch (type->kind) {
    case MN_FLOAT:
    case MN_DOUBLE:
    case MN_LDOUBLE:
    case MN_COMPLEX:
        return true;
    case MN_ARRAY:
        return type->count != 0 && has_floating(type->of);
    case MN_STRUCT:
    case MN_UNION:
        for (size_t i = 0; i < type->count; i++)
            if (has_floating(type->fields[i].type))
                return true;
        return false;
    default:
        return false;
    }
}

static mend_status
add_value(struct elements *e, const struct mn_type *type, size_t at, struct mn_arena *arena, mend_error *err)
{
    mend_status st = MEND_OK;
    ffi_type *one;

    if (type->kind == MN_ARRAY) {
        for (size_t i = 0; i < type->count && type->of->size != 0 && st == MEND_OK; i++)
            st = add_value(e, type->of, at + i * type->of->size, arena, err);
        return st;
    }
    if ((st = mn_ffi_type(type, arena, &one, err)) == MEND_OK && one != NULL)
        add(e, one, at + type->size);
    return st;
}

static mend_status
add_fields(struct elements *e, const struct mn_type *type, struct mn_arena *arena, mend_error *err)
{
    mend_status st = MEND_OK;

    for (size_t i = 0; i < type->count && st == MEND_OK; i++) {
        const struct mn_field *f = &type->fields[i];

        if (f->type->kind == MN_BITS)
            cover(e, f->offset, f->offset + (f->bit + f->type->count + 7) / 8, 8);
        else
            st = add_value(e, f->type, f->offset, arena, err);
    }
    return st;
}

/* ---- Types ---- */

static mend_status
add_all(struct elements *e, const struct mn_type *type, struct mn_arena *arena, mend_error *err)
{
    size_t word = type->align < 8 ? type->align : 8;

    if (type->kind == MN_STRUCT && type->size <= WHOLE)
        return add_fields(e, type, arena, err);
    if (type->kind == MN_UNION && type->size <= WHOLE) {
        if (has_floating(type))
            return mn_fail(err, MEND_UNSUPPORTED_ENCODING,
                           "A union with a floating member cannot be passed by way of libffi.");
        cover(e, 0, type->size, word);
    } else {
        add(e, integer_of(word, false), type->size);
    }
    return MEND_OK;
}

static mend_status
aggregate(const struct mn_type *type, struct mn_arena *arena, ffi_type **out, mend_error *err)
{
    struct elements e = {.count = 0};
    ffi_type *made, **types;
    mend_status st;

    if ((st = add_all(&e, type, arena, err)) != MEND_OK)
        return st;
    /* It travels like its member, and libffi 3.4.4 looks for such a result elsewhere. */
    if (e.count == 1 && e.types[0] == &ffi_type_longdouble) {
        *out = &ffi_type_longdouble;
        return MEND_OK;
    }
    if ((made = mn_arena_alloc(arena, sizeof *made)) == NULL ||
        (types = mn_arena_alloc(arena, (e.count + 1) * sizeof *types)) == NULL)
        return mn_fail_memory(err);
    memcpy(types, e.types, e.count * sizeof *types);
    types[e.count] = NULL;
    *made = (ffi_type){.size = type->size,
                       .alignment = (unsigned short)type->align,
                       .type = FFI_TYPE_STRUCT,
                       .elements = types};
    *out = made;
    return MEND_OK;
}

static mend_status
complex_number(const struct mn_type *type, ffi_type **out, mend_error *err)
{
#ifdef FFI_TARGET_HAS_COMPLEX_TYPE
    switch (type->of->kind) {
    case MN_FLOAT:
        *out = &ffi_type_complex_float;
        return MEND_OK;
    case MN_DOUBLE:
        *out = &ffi_type_complex_double;
        return MEND_OK;
    case MN_LDOUBLE:
        *out = &ffi_type_complex_longdouble;
        return MEND_OK;
    default:
        break;
    }
#else
    (void)type;
    (void)out;
#endif
    return mn_fail(err, MEND_UNSUPPORTED_ENCODING, "A complex number of this type cannot be passed by way of libffi.");
}

mend_status
mn_ffi_type(const struct mn_type *type, struct mn_arena *arena, ffi_type **out, mend_error *err)
{
    *out = NULL;
    if (type->size == 0)
        return MEND_OK;
    switch (type->kind) {
    case MN_FLOAT:
        *out = &ffi_type_float;
        return MEND_OK;
    case MN_DOUBLE:
        *out = &ffi_type_double;
        return MEND_OK;
    case MN_LDOUBLE:
        *out = &ffi_type_longdouble;
        return MEND_OK;
    case MN_COMPLEX:
        return complex_number(type, out, err);
    case MN_INT128:
    case MN_UINT128:
        return mn_fail(err, MEND_UNSUPPORTED_ENCODING, "An __int128 cannot be passed by way of libffi.");
    case MN_STRUCT:
    case MN_UNION:
        return aggregate(type, arena, out, err);
    default:
        *out = mn_kind_is_integer((enum mn_kind)type->kind)
                   ? integer_of(type->size, mn_kind_is_signed((enum mn_kind)type->kind))
                   : &ffi_type_pointer;
        return MEND_OK;
    }
}

/* ---- Signatures ---- */

static mend_status
describe_all(struct mn_signature *s, struct mn_ffi *ffi, unsigned *count, ffi_type **result,
             struct mn_arena *arena, mend_error *err)
{
    mend_status st = mn_ffi_type(s->result, arena, result, err);

    for (size_t i = 0; i < s->count && st == MEND_OK; i++) {
        ffi_type *one;

        if ((st = mn_ffi_type(s->arguments[i].type, arena, &one, err)) == MEND_OK && one != NULL)
            ffi->arguments[(*count)++] = one;
    }
    if (*result == NULL)
        *result = &ffi_type_void;
    return st;
}

mend_status
mn_cpu_ready(struct mn_signature *s, struct mn_arena *arena, mend_error *err)
{
    struct mn_ffi *ffi = mn_arena_alloc(arena, sizeof *ffi + s->count * sizeof *ffi->arguments);
    unsigned count = 0;
    ffi_type *result;
    ffi_status status;
    mend_status st;

    if (ffi == NULL)
        return mn_fail_memory(err);
    atomic_init(&ffi->block_entry, NULL);
    if ((st = describe_all(s, ffi, &count, &result, arena, err)) != MEND_OK)
        return st;
    if (s->named == s->count)
        status = ffi_prep_cif(&ffi->cif, FFI_DEFAULT_ABI, count, result, ffi->arguments);
    else
        status = ffi_prep_cif_var(&ffi->cif, FFI_DEFAULT_ABI, s->named, count, result, ffi->arguments);
    if (status != FFI_OK)
        return mn_fail(err, MEND_UNSUPPORTED_ENCODING, "libffi cannot make calls of this type (error %d).",
                       (int)status);
    s->cpu = ffi;
    return MEND_OK;
}
