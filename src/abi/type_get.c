/* SPDX-License-Identifier: MIT */
/* Interned types: parsed on the first request into memory of their own, then found by their text. */
#include "abi/encoding.h"
#include "abi/intern.h"

#include <string.h>

struct kept_type {
    struct mn_interned head;
    struct mn_arena arena; /* holds this struct too */
    const struct mn_type *type;
};

static struct mn_intern types;

static mend_status
parse(const char *encoding, size_t length, uint64_t hash, struct kept_type **out, mend_error *err)
{
    struct mn_arena arena = {.block = 192};
    struct kept_type *kept = mn_arena_alloc(&arena, sizeof *kept);
    const char *text = mn_arena_strndup(&arena, encoding, length), *at = text;
    mend_status st;

    if (kept == NULL || text == NULL) {
        st = mn_fail_memory(err);
        goto fail;
    }
    if ((st = mn_encoding_read(&at, &arena, &kept->type, err)) != MEND_OK)
        goto fail;
    if (*at != '\0') {
        st = mn_fail(err, MEND_BAD_ENCODING, "\"%.60s\" is more than one type.", encoding);
        goto fail;
    }
    kept->head = (struct mn_interned){.hash = hash, .length = length, .text = text};
    kept->arena = arena;
    *out = kept;
    return MEND_OK;
fail:
    mn_arena_fini(&arena);
    return st;
}

mend_status
mn_type_get(const char *encoding, const struct mn_type **out, mend_error *err)
{
    size_t length = strlen(encoding);
    uint64_t hash = mn_intern_hash(encoding, length);
    struct kept_type *kept = (struct kept_type *)mn_intern_find(&types, encoding, length, hash),
                     *fresh = NULL;
    mend_status st;

    *out = NULL;
    if (kept == NULL) {
        if (length > MN_ENCODING_MAX)
            return mn_fail(err, MEND_BAD_ENCODING, "The type encoding is longer than %d bytes.",
                           MN_ENCODING_MAX);
        if ((st = parse(encoding, length, hash, &fresh, err)) != MEND_OK)
            return st;
        kept = (struct kept_type *)mn_intern_add(&types, &fresh->head);
        if (kept != fresh) {
            struct mn_arena arena = fresh->arena;

            mn_arena_fini(&arena);
        }
    }
    *out = kept->type;
    return MEND_OK;
}

/* Names the part of `type` that makes it incomplete, in the words of the error message. */
static const char *
missing_part(const struct mn_type *type, const struct mn_type **culprit)
{
    *culprit = type;
    switch ((enum mn_kind)type->kind) {
    case MN_STRUCT:
    case MN_UNION:
        if (type->opaque)
            return "its fields are not given";
        for (size_t i = 0; i < type->count; i++)
            if (!type->fields[i].type->complete && !type->fields[i].type->positioned)
                return missing_part(type->fields[i].type, culprit);
        return "its bit-fields do not lie where C puts them (a packed or aligned struct)";
    case MN_ARRAY:
        return missing_part(type->of, culprit);
    case MN_BITS:
        return type->positioned ? "a bit-field is no value"
                                : "the declared type of the bit-field is not given";
    case MN_VECTOR:
        return "vector types are not described well enough to be passed";
    case MN_VOID:
        return "void is no value";
    default:
        return "the encoding does not say what it is";
    }
}

mend_status
mn_type_need(const struct mn_type *type, mend_error *err)
{
    struct mn_buffer text = MN_BUFFER_EMPTY;
    const struct mn_type *culprit;
    const char *why;

    if (type->complete)
        return MEND_OK;
    why = missing_part(type, &culprit);
    mn_type_describe(culprit, &text);
    mn_fail(err, MEND_UNSUPPORTED_ENCODING, "%s cannot be passed by value: %s.", mn_buffer_peek(&text), why);
    mn_buffer_fini(&text);
    return MEND_UNSUPPORTED_ENCODING;
}
