/* SPDX-License-Identifier: MIT */
#include "support/abi_values.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

uint64_t
abi_seed(void)
{
    const char *given = getenv("MEND_SEED");
    uint64_t seed = given != NULL ? strtoull(given, NULL, 0) : (uint64_t)time(NULL) * 2654435761u;

    printf("MEND_SEED=%#llx\n", (unsigned long long)seed);
    return seed;
}

size_t
abi_rounds(size_t usual)
{
    const char *scale = getenv("MEND_SCALE");

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    usual /= 50;
#endif
    return usual * (scale != NULL && atoi(scale) > 0 ? (size_t)atoi(scale) : 1);
}

/* splitmix64 */
uint32_t
abi_random(uint64_t *state)
{
    uint64_t z = *state += 0x9e3779b97f4a7c15u;

    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return (uint32_t)(z >> 32);
}

unsigned
abi_pick(uint64_t *state, unsigned n)
{
    return (unsigned)((uint64_t)abi_random(state) * n >> 32);
}

static void
mask_bits(const struct mn_field *f, unsigned char *mask)
{
    for (size_t bit = f->bit; bit < f->bit + f->type->count; bit++)
        mask[f->offset + bit / 8] |= (unsigned char)(1u << bit % 8);
}

static void
mask_in(const struct mn_type *type, unsigned char *mask)
{
    switch ((enum mn_kind)type->kind) {
    case MN_LDOUBLE:
        memset(mask, 0xff, MN_LDOUBLE_BYTES);
        break;
    case MN_ARRAY:
    case MN_COMPLEX:
        for (size_t i = 0; i < type->count; i++)
            mask_in(type->of, mask + i * type->of->size);
        break;
    case MN_STRUCT:
    case MN_UNION:
        for (size_t i = 0; i < type->count; i++)
            if (type->fields[i].type->kind == MN_BITS)
                mask_bits(&type->fields[i], mask);
            else
                mask_in(type->fields[i].type, mask + type->fields[i].offset);
        break;
    default:
        memset(mask, 0xff, type->size);
    }
}

void
abi_mask(const struct mn_type *type, unsigned char *mask)
{
    memset(mask, 0, type->size);
    mask_in(type, mask);
}

static void
fill_in(uint64_t *state, const struct mn_type *type, unsigned char *value)
{
    long double number;

    switch ((enum mn_kind)type->kind) {
    case MN_LDOUBLE:
        number = (long double)(int32_t)abi_random(state) / 7;
        memcpy(value, &number, MN_LDOUBLE_BYTES);
        break;
    case MN_BOOL:
        *value = abi_random(state) & 1;
        break;
    case MN_ARRAY:
    case MN_COMPLEX:
        for (size_t i = 0; i < type->count; i++)
            fill_in(state, type->of, value + i * type->of->size);
        break;
    case MN_STRUCT:
    case MN_UNION:
        for (size_t i = 0; i < type->count; i++)
            if (type->fields[i].type->kind != MN_BITS)
                fill_in(state, type->fields[i].type, value + type->fields[i].offset);
            else
                for (size_t bit = type->fields[i].bit;
                     bit < type->fields[i].bit + type->fields[i].type->count; bit++)
                    value[type->fields[i].offset + bit / 8] ^=
                        (unsigned char)((abi_random(state) & 1) << bit % 8);
        break;
    default:
        for (size_t i = 0; i < type->size; i++)
            value[i] = (unsigned char)abi_random(state);
    }
}

void
abi_fill(uint64_t *state, const struct mn_type *type, void *value)
{
    memset(value, 0xa5, type->size);
    fill_in(state, type, value);
}

bool
abi_same(const struct mn_type *type, const void *a, const void *b)
{
    const unsigned char *x = a, *y = b;
    unsigned char mask[type->size + 1];

    abi_mask(type, mask);
    for (size_t i = 0; i < type->size; i++)
        if ((x[i] ^ y[i]) & mask[i])
            return false;
    return true;
}

static void
look_for_kinds(const struct mn_type *type, bool *floating, bool *other)
{
    switch (type->kind) {
    case MN_FLOAT:
    case MN_DOUBLE:
        *floating = true;
        break;
    case MN_COMPLEX:
    case MN_ARRAY:
        if (type->count != 0 || type->kind == MN_COMPLEX)
            look_for_kinds(type->of, floating, other);
        break;
    case MN_STRUCT:
    case MN_UNION:
        for (size_t i = 0; i < type->count; i++)
            look_for_kinds(type->fields[i].type, floating, other);
        break;
    default:
        *other = true;
    }
}

bool
abi_is_mixed(const struct mn_type *type)
{
    bool floating = false, other = false;

    look_for_kinds(type, &floating, &other);
    return floating && other && type->size <= 16;
}
