/* SPDX-License-Identifier: MIT */
/*
 * Trials: random signatures with random values, and what libffi makes of them.
 *
 * What libffi has no type for (__int128, empty structs, bit-fields, x87 values in unions) is not among them; its
 * unions are structs of the same classes.
 */
#ifndef MN_TESTS_ABI_TRIALS_H
#define MN_TESTS_ABI_TRIALS_H

#include "abi/frame.h"
#include "abi/signature.h"
#include "support/abi_values.h"

#include <ffi.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

enum { ARGUMENTS = 14, MEMBERS = 5, NESTING = 3, VALUE = 512, POOL = 512 };

/* One random signature: its encoding, the same for libffi, and values. */
struct trial {
    uint64_t seed, random;
    char encoding[4096];
    size_t length;
    ffi_type types[POOL];
    ffi_type *members[POOL * 4];
    size_t types_used, members_used;
    ffi_type *result, *arguments[ARGUMENTS];
    unsigned count;
    const struct mn_signature *signature;
    _Alignas(16) unsigned char values[ARGUMENTS][VALUE], wanted[VALUE];
    const char *wrong; /* what a callee found */
    unsigned wrong_argument;
};

static struct {
    const char *letter;
    ffi_type *ffi;
} const scalars[] = {
    {"c", &ffi_type_sint8},           {"C", &ffi_type_uint8},           {"s", &ffi_type_sint16},
    {"S", &ffi_type_uint16},          {"i", &ffi_type_sint32},          {"I", &ffi_type_uint32},
    {"q", &ffi_type_sint64},          {"Q", &ffi_type_uint64},          {"l", &ffi_type_slong},
    {"f", &ffi_type_float},           {"d", &ffi_type_double},          {"@", &ffi_type_pointer},
    {":", &ffi_type_pointer},         {"*", &ffi_type_pointer},         {"#", &ffi_type_pointer},
    {"^{opaque}", &ffi_type_pointer}, {"@?", &ffi_type_pointer},        {"B", &ffi_type_uint8},
    {"f", &ffi_type_float},           {"d", &ffi_type_double},          {"D", &ffi_type_longdouble},
    {"jf", &ffi_type_complex_float},  {"jd", &ffi_type_complex_double}, {"jD", &ffi_type_complex_longdouble},
};

enum { SCALARS = sizeof scalars / sizeof *scalars, REAL_SCALARS = SCALARS - 3, PLAIN_SCALARS = SCALARS - 4 };

static void
put(struct trial *t, const char *text)
{
    size_t n = strlen(text);

    assert_true(t->length + n < sizeof t->encoding);
    memcpy(t->encoding + t->length, text, n + 1);
    t->length += n;
}

static ffi_type *random_type(struct trial *t, unsigned depth);

static ffi_type *
struct_of(struct trial *t, ffi_type *const *members, size_t count)
{
    ffi_type *type = &t->types[t->types_used++];

    *type = (ffi_type){.type = FFI_TYPE_STRUCT, .elements = &t->members[t->members_used]};
    memcpy(type->elements, members, count * sizeof *members);
    type->elements[count] = NULL;
    t->members_used += count + 1;
    return type;
}

/* A struct, some of whose members may be arrays: for libffi, that many members of one type. */
static ffi_type *
random_struct(struct trial *t, unsigned depth)
{
    ffi_type *members[MEMBERS * 4];
    size_t count = 0;

    put(t, "{S=");
    for (unsigned left = 1 + abi_pick(&t->random, MEMBERS); left > 0; left--) {
        unsigned elements = abi_pick(&t->random, 6) == 0 ? 1 + abi_pick(&t->random, 4) : 0;
        char digits[16];
        ffi_type *member;

        snprintf(digits, sizeof digits, "[%u", elements);
        put(t, elements ? digits : "");
        member = random_type(t, depth + 1);
        put(t, elements ? "]" : "");
        for (unsigned i = 0; i < (elements ? elements : 1); i++)
            members[count++] = member;
    }
    put(t, "}");
    return struct_of(t, members, count);
}

static ffi_type *
unsigned_of(size_t size)
{
    return size == 8   ? &ffi_type_uint64
           : size == 4 ? &ffi_type_uint32
           : size == 2 ? &ffi_type_uint16
                       : &ffi_type_uint8;
}

/*
 * Whether a union of these members is to libffi a struct of floating members: where eightbytes have classes,
 * those that no member of the union has an integer in; elsewhere only a union of one type.
 */
static bool
stays_floating(bool floating_here, bool all_alike)
{
#if defined(__x86_64__)
    (void)all_alike;
    return floating_here;
#else
    return floating_here && all_alike;
#endif
}

/*
 * A union of arrays of scalars: for libffi, a struct of as many members as the union's alignment fits into
 * its size, each floating only if no member of the union has an integer there. (An eightbyte holds one of
 * them, or several.)
 */
static ffi_type *
random_union(struct trial *t)
{
    bool integer[24] = {false}, used[24] = {false}; /* by byte: three elements of eight at most */
    bool alike = true;
    const ffi_type *first = NULL;
    size_t size = 0, align = 1, count = 0;
    ffi_type *members[24];

    put(t, "(U=");
    for (unsigned left = 1 + abi_pick(&t->random, 3); left > 0; left--) {
        unsigned which = abi_pick(&t->random, PLAIN_SCALARS), elements = 1 + abi_pick(&t->random, 3);
        ffi_type *ffi = scalars[which].ffi;
        bool floating = ffi == &ffi_type_float || ffi == &ffi_type_double;
        char text[32];

        snprintf(text, sizeof text, "[%u%s]", elements, scalars[which].letter);
        put(t, text);
        alike &= first == NULL || first == ffi;
        first = ffi;
        for (size_t byte = 0; byte < elements * ffi->size; byte++) {
            integer[byte] |= !floating;
            used[byte] = true;
        }
        size = elements * ffi->size > size ? elements * ffi->size : size;
        align = ffi->alignment > align ? ffi->alignment : align;
    }
    put(t, ")");
    for (size_t at = 0; at < size; at += align) {
        bool floating = align >= 4;

        for (size_t byte = at; byte < at + align; byte++)
            floating &= !integer[byte];
        floating = stays_floating(floating && used[at], alike);
        members[count++] = !floating ? unsigned_of(align) : align == 8 ? &ffi_type_double : &ffi_type_float;
    }
    return struct_of(t, members, count);
}

static ffi_type *
random_type(struct trial *t, unsigned depth)
{
    unsigned kind = abi_pick(&t->random, 10), which;

    if (depth < NESTING && kind == 0)
        return random_struct(t, depth);
    if (depth < NESTING && kind == 1 && abi_pick(&t->random, 2) == 0)
        return random_union(t);
    which = abi_pick(&t->random, depth == 0                     ? SCALARS
                                 : abi_pick(&t->random, 8) == 0 ? REAL_SCALARS
                                                                : PLAIN_SCALARS);
    put(t, scalars[which].letter);
    return scalars[which].ffi;
}

/* Of a function, or of a method: then the first two arguments are the receiver and the selector. */
static inline void
make_trial(struct trial *t, uint64_t seed, bool method)
{
    t->seed = t->random = seed;
    t->length = t->types_used = t->members_used = 0;
    t->wrong = NULL;
    if (abi_pick(&t->random, 8) == 0) {
        put(t, "v");
        t->result = &ffi_type_void;
    } else {
        t->result = random_type(t, 0);
    }
    t->count = abi_pick(&t->random, ARGUMENTS + 1) + (method ? 2 : 0);
    t->count = t->count < ARGUMENTS ? t->count : ARGUMENTS;
    put(t, method ? "@:" : "");
    for (unsigned i = 0; i < t->count; i++)
        t->arguments[i] = method && i < 2 ? &ffi_type_pointer : random_type(t, 0);
}

/* Whether libffi places an argument wrongly in both directions: the address of a large struct is aligned like
 * the struct. */
static bool
libffi_misplaces(const struct mn_signature *s)
{
    for (unsigned i = 0; i < s->count; i++) {
        const struct mn_place *place = &s->arguments[i].place;

        if (place->where == MN_BY_REFERENCE && place->pieces == 0 &&
            place->stack % s->arguments[i].type->align != 0)
            return true;
    }
    return false;
}

/* Random values; false if one has no room here, or if libffi looks for a value elsewhere: for a struct of one
 * long double in rax, too. */
static bool
make_values(struct trial *t)
{
    if (t->signature->result->size > VALUE)
        return false;
    if (libffi_misplaces(t->signature))
        return false;
    if (t->signature->result->kind == MN_STRUCT && (t->signature->shape & MN_SHAPE_X87))
        return false;
    abi_fill(&t->random, t->signature->result, t->wanted);
    for (unsigned i = 0; i < t->count; i++) {
        if (t->signature->arguments[i].type->size > VALUE)
            return false;
        abi_fill(&t->random, t->signature->arguments[i].type, t->values[i]);
    }
    return true;
}

static void
compare_argument(struct trial *t, unsigned i, const void *value, const char *who)
{
    if (t->wrong == NULL && !abi_same(t->signature->arguments[i].type, value, t->values[i])) {
        t->wrong = who;
        t->wrong_argument = i;
    }
}

/* The function a libffi closure runs. libffi takes small integer results as ffi_arg. */
static void
closure_called(ffi_cif *cif, void *result, void **arguments, void *data)
{
    struct trial *t = data;
    const struct mn_type *type = t->signature->result;

    for (unsigned i = 0; i < t->count; i++)
        compare_argument(t, i, arguments[i], "the closure got another");
    if (type->size < sizeof(ffi_arg) && cif->rtype->type != FFI_TYPE_STRUCT && type->size != 0) {
        ffi_arg wide = 0;

        memcpy(&wide, t->wanted, type->size);
        memcpy(result, &wide, sizeof wide);
    } else if (type->size != 0) {
        memcpy(result, t->wanted, type->size);
    }
}

static void
check(struct trial *t, const void *result, const char *how)
{
    if (t->wrong != NULL)
        fail_msg("%s: %s argument %u of %s (MEND_SEED=%#llx)", how, t->wrong, t->wrong_argument, t->encoding,
                 (unsigned long long)t->seed);
    if (result != NULL && !abi_same(t->signature->result, result, t->wanted))
        fail_msg("%s: another result of %s (MEND_SEED=%#llx)", how, t->encoding, (unsigned long long)t->seed);
}

/* Before every call: ffi_call leaves the addresses of copies of large structs in this array. */
static inline void
set_values(struct trial *t, void *values[ARGUMENTS])
{
    for (unsigned i = 0; i < t->count; i++)
        values[i] = t->values[i];
}

/*
 * Whether libffi 3.4.4 damages the call: for a struct whose first eightbyte takes the last general register
 * and whose second goes to a vector register, ffi_call copies both into the place of the first, over xmm0.
 */
static inline bool
libffi_fails(const struct mn_signature *s)
{
    for (unsigned i = 0; i < s->count; i++) {
        const struct mn_place *place = &s->arguments[i].place;

        if (place->pieces == 2 && place->piece[0].frame == FRAME_INTEGER + 5 * 8 &&
            place->piece[1].frame >= FRAME_VECTOR)
            return true;
    }
    return false;
}
#endif
