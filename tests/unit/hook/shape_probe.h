/* SPDX-License-Identifier: MIT */
/*
 * Every shape of method_shapes.h in turn, in a class of its own with one method, called by the compiler that compiled
 * the method and by libffi. What is done around the calls is the including test's.
 */
#ifndef MN_TESTS_SHAPE_PROBE_H
#define MN_TESTS_SHAPE_PROBE_H

#include "abi/signature.h"
#include "method_shapes.h"
#include "runtime/runtime.h"
#include "support/abi_values.h"

#include <ffi.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>
#import <Foundation/Foundation.h>
#include <objc/runtime.h>

enum { SHAPE_ROOM = 1024, SHAPE_MEMBERS = 1024, SHAPE_ARGUMENTS = 15 };

struct shape_probe {
    const struct method_shape *method;
    size_t index; /* of the shape */
    struct shape_seen *seen;
    const struct mn_type *type;
    id object;
    Class cls;
    SEL sel;
    bool many, by_libffi;
    _Alignas(16) unsigned char v[SHAPE_ROOM], w[SHAPE_ROOM], result[SHAPE_ROOM];
    ffi_cif cif;
    ffi_type *arguments[SHAPE_ARGUMENTS], *members[SHAPE_MEMBERS], structs[SHAPE_MEMBERS];
    size_t members_used, structs_used;
};

__attribute__((noreturn)) static inline void
shape_probe_fails(const struct shape_probe *p, const char *what)
{
    fail_msg("%s (%s%s): %s", p->method->shape->name, p->many ? "many" : "few", p->by_libffi ? ", by libffi" : "", what);
    abort();
}

/* ---- The shape for libffi; NULL: it has no type for it ---- */

static inline ffi_type *shape_probe_ffi(struct shape_probe *p, const struct mn_type *type);

static inline ffi_type *
shape_probe_scalar(const struct mn_type *type)
{
    if (type->kind == MN_FLOAT)
        return &ffi_type_float;
    if (type->kind == MN_DOUBLE)
        return &ffi_type_double;
    if (type->kind == MN_LDOUBLE)
        return &ffi_type_longdouble;
    if (type->kind == MN_POINTER)
        return &ffi_type_pointer;
    if (!mn_kind_is_integer(type->kind))
        return NULL;
    switch (type->size) {
    case 1:
        return mn_kind_is_signed(type->kind) ? &ffi_type_sint8 : &ffi_type_uint8;
    case 2:
        return mn_kind_is_signed(type->kind) ? &ffi_type_sint16 : &ffi_type_uint16;
    case 4:
        return mn_kind_is_signed(type->kind) ? &ffi_type_sint32 : &ffi_type_uint32;
    case 8:
        return mn_kind_is_signed(type->kind) ? &ffi_type_sint64 : &ffi_type_uint64;
    default:
        return NULL;
    }
}

/* An array counts as that many members. */
static inline bool
shape_probe_member(struct shape_probe *p, const struct mn_type *type, ffi_type **members, size_t *count)
{
    bool array = type->kind == MN_ARRAY;
    ffi_type *one = shape_probe_ffi(p, array ? type->of : type);

    for (size_t i = 0; i < (array ? type->count : 1); i++)
        members[(*count)++] = one;
    return one != NULL;
}

static inline ffi_type *
shape_probe_ffi(struct shape_probe *p, const struct mn_type *type)
{
    ffi_type *members[SHAPE_MEMBERS], *made;
    size_t count = 0;

    if (type->kind != MN_STRUCT)
        return shape_probe_scalar(type);
    if (type->size == sizeof(long double) && type->align == type->size)
        return NULL; /* a long double alone: libffi 3.4.4 takes the result from rax (abi_trials.h) */
    for (size_t i = 0; i < type->count; i++)
        if (!shape_probe_member(p, type->fields[i].type, members, &count))
            return NULL;
    if (count == 0)
        return NULL;
    made = &p->structs[p->structs_used++];
    *made = (ffi_type){.type = FFI_TYPE_STRUCT, .elements = &p->members[p->members_used]};
    memcpy(made->elements, members, count * sizeof *members);
    made->elements[count] = NULL;
    p->members_used += count + 1;
    return made;
}

static inline bool
shape_probe_suits_libffi(struct shape_probe *p)
{
    ffi_type *shape = shape_probe_ffi(p, p->type), **a = p->arguments;

    if (!shape || (p->many && abi_is_mixed(p->type)))
        return false;
    *a++ = &ffi_type_pointer;
    *a++ = &ffi_type_pointer;
    if (!p->many)
        *a++ = &ffi_type_sint32;
    for (int i = 0; p->many && i < 10; i++)
        *a++ = i < 4 ? &ffi_type_sint64 : &ffi_type_double;
    *a++ = shape;
    *a++ = p->many ? &ffi_type_sint8 : &ffi_type_double;
    *a++ = shape;
    return ffi_prep_cif(&p->cif, FFI_DEFAULT_ABI, (unsigned)(a - p->arguments), shape, p->arguments) == FFI_OK &&
           shape->size == p->type->size;
}

/* ---- A call ---- */

static inline void
shape_probe_call_by_libffi(struct shape_probe *p, void (*imp)(void))
{
    static const long longs[] = {1, 2, 3, 4};
    static const double doubles[] = {1, 2, 3, 4, 5, 6}, half = 2.5;
    static const int eleven = 11;
    static const signed char five = -5;
    _Alignas(16) unsigned char widened[SHAPE_ROOM + sizeof(ffi_arg)]; /* libffi gives small integers as words */
    const void *values[SHAPE_ARGUMENTS] = {&p->object, &p->sel, &eleven, p->v, &half, p->w};

    for (int i = 0; p->many && i < 10; i++)
        values[2 + i] = i < 4 ? (const void *)&longs[i] : &doubles[i - 4];
    if (p->many) {
        values[12] = p->v;
        values[13] = &five;
        values[14] = p->w;
    }
    ffi_call(&p->cif, imp, widened, (void **)values);
    memcpy(p->result, widened, p->type->size);
}

/* Sends v and w; the result goes to p->result, what the method saw to *p->seen. */
static inline void
shape_probe_call(struct shape_probe *p)
{
    void (*imp)(void) = (void (*)(void))class_getMethodImplementation(p->cls, p->sel);

    memset(p->seen, 0, sizeof *p->seen);
    memset(p->result, 0x5a, sizeof p->result);
    if (p->by_libffi)
        shape_probe_call_by_libffi(p, imp);
    else
        (p->many ? p->method->send_many : p->method->send_few)(imp, p->object, (void *)p->sel, p->v, p->w, p->result);
}

/* ---- All of them ---- */

/* False: Mend refuses the types by name. */
static inline bool
shape_probe_open(struct shape_probe *p, const char *prefix)
{
    const char *e = p->method->shape->encoding;
    const struct mn_signature *signature;
    char encoding[4096], name[64];
    mend_error err;

    snprintf(encoding, sizeof encoding, p->many ? "%s@:qqqqdddddd%sc%s" : "%s@:i%sd%s", e, e, e);
    if (mn_signature_get(encoding, &signature, &err) != MEND_OK) {
        assert_true(strstr(err.message, "__int128") || strstr(err.message, "by way of libffi"));
        return false;
    }
    p->type = signature->result;
#ifdef MEND_ABI_LIBFFI
    if (p->many && abi_is_mixed(p->type))
        return false;
#endif
    snprintf(name, sizeof name, "%s_%s_%d", prefix, p->method->shape->name, p->many);
    p->sel = mn_selector(p->many ? "many" : "few");
    p->cls = objc_allocateClassPair([NSObject class], name, 0);
    class_addMethod(p->cls, p->sel, (IMP)(p->many ? p->method->many : p->method->few), encoding);
    objc_registerClassPair(p->cls);
    p->object = [p->cls new];
    return true;
}

/* Runs `body` with random v and w, for each shape, parameter list and caller. */
static inline void
shape_probe_all(const struct method_shape *methods, struct shape_seen *seen, const char *prefix, int values,
                void (*body)(struct shape_probe *p))
{
    uint64_t random = abi_seed();
    size_t by_libffi = 0;

    for (size_t i = 0; methods[i].shape; i++)
        for (int many = 0; many < 2; many++) {
            static struct shape_probe p;
            bool suits;

            p = (struct shape_probe){.method = &methods[i], .index = i, .seen = seen, .many = many};
            if (!shape_probe_open(&p, prefix))
                continue;
            suits = shape_probe_suits_libffi(&p);
            by_libffi += suits;
            for (int n = 0; n < values; n++) {
                abi_fill(&random, p.type, p.v);
                abi_fill(&random, p.type, p.w);
                for (int other = 0; other <= suits; other++) {
                    p.by_libffi = other;
                    body(&p);
                }
            }
            [p.object release];
        }
    assert_true(by_libffi > 100);
}
#endif
