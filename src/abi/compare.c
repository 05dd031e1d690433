/* SPDX-License-Identifier: MIT */
/*
 * Two types side by side. The walk stops at the first difference and remembers the way there, as a list on
 * the stack, for the message.
 */
#include "abi/type.h"

#include <string.h>

/* One step from the root of the comparison to where it is now. */
struct step {
    const struct step *from;
    const char *name; /* NULL: only the number is known */
    size_t index;
};

struct comparison {
    bool strict;
    struct mn_buffer *difference; /* or NULL */
};

static bool same(const struct comparison *c, const struct mn_type *a, const struct mn_type *b,
                 const struct step *at);

static void
write_path(const struct step *at, struct mn_buffer *out)
{
    if (at->from != NULL) {
        write_path(at->from, out);
        mn_buffer_char(out, '.');
    }
    if (at->name != NULL && at->name[0] != '\0')
        mn_buffer_text(out, at->name);
    else
        mn_buffer_printf(out, "%zu", at->index + 1);
}

static bool
differ(const struct comparison *c, const struct mn_type *a, const struct mn_type *b, const struct step *at)
{
    if (c->difference == NULL)
        return false;
    if (at != NULL) {
        mn_buffer_text(c->difference, "field ");
        write_path(at, c->difference);
        mn_buffer_text(c->difference, " is ");
    }
    mn_type_describe(a, c->difference);
    mn_buffer_text(c->difference, " against ");
    mn_type_describe(b, c->difference);
    return false;
}

/* The kind that stands for all that are one and the same to the machine and to C. */
static enum mn_kind
essence(const struct mn_type *type)
{
    switch ((enum mn_kind)type->kind) {
    case MN_LONG:
        return sizeof(long) == sizeof(long long) ? MN_LLONG : MN_INT;
    case MN_ULONG:
        return sizeof(long) == sizeof(long long) ? MN_ULLONG : MN_UINT;
    case MN_ATOM:
        return MN_STRING;
    case MN_POINTER:
        return type->of->kind == MN_CHAR || type->of->kind == MN_UCHAR ? MN_STRING : MN_POINTER;
    default:
        return type->kind;
    }
}

static bool
same_tag(const struct mn_type *a, const struct mn_type *b)
{
    bool unnamed = a->name[0] == '\0' || b->name[0] == '\0' || !strcmp(a->name, "?") || !strcmp(b->name, "?");

    return unnamed || strcmp(a->name, b->name) == 0;
}

static bool
same_fields(const struct comparison *c, const struct mn_type *a, const struct mn_type *b,
            const struct step *at)
{
    if (a->count != b->count)
        return differ(c, a, b, at);
    for (size_t i = 0; i < a->count; i++) {
        struct step here = {at, a->fields[i].name, i};

        if (!same(c, a->fields[i].type, b->fields[i].type, &here))
            return false;
    }
    return true;
}

static bool
same_aggregate(const struct comparison *c, const struct mn_type *a, const struct mn_type *b,
               const struct step *at)
{
    if (c->strict && !same_tag(a, b))
        return differ(c, a, b, at);
    if (a->opaque || b->opaque)
        return c->strict || same_tag(a, b) || differ(c, a, b, at);
    return same_fields(c, a, b, at);
}

/* Behind a pointer: {name}, and {name=} as gcc writes a struct it has not seen, equal any struct of the name.
 */
static bool
same_pointee(const struct comparison *c, const struct mn_type *a, const struct mn_type *b,
             const struct step *at)
{
    bool aggregate = a->kind == b->kind && (a->kind == MN_STRUCT || a->kind == MN_UNION);

    if (a->kind == MN_UNKNOWN || b->kind == MN_UNKNOWN)
        return (a->kind == b->kind || a->opaque || b->opaque) || differ(c, a, b, at);
    if (aggregate && (a->count == 0 || b->count == 0) && same_tag(a, b))
        return true;
    return same(c, a, b, at);
}

static bool
same_bits(const struct mn_type *a, const struct mn_type *b)
{
    if (a->count != b->count || a->positioned != b->positioned)
        return false;
    return !a->positioned || (a->position == b->position && a->of->size == b->of->size);
}

static bool
same(const struct comparison *c, const struct mn_type *a, const struct mn_type *b, const struct step *at)
{
    enum mn_kind ka = essence(a), kb = essence(b);

    if (!c->strict && mn_kind_is_pointer(ka) && mn_kind_is_pointer(kb))
        return true;
    if (!c->strict && mn_kind_is_integer(ka) && mn_kind_is_integer(kb))
        return a->size == b->size || differ(c, a, b, at);
    if (ka != kb)
        return differ(c, a, b, at);
    switch (ka) {
    case MN_POINTER:
        return same_pointee(c, a->of, b->of, at);
    case MN_COMPLEX:
        return same(c, a->of, b->of, at);
    case MN_ARRAY:
        return a->count == b->count ? same(c, a->of, b->of, at) : differ(c, a, b, at);
    case MN_STRUCT:
    case MN_UNION:
        return same_aggregate(c, a, b, at);
    case MN_BLOCK:
        return a->fields == NULL || b->fields == NULL || same_fields(c, a, b, at);
    case MN_BITS:
        return same_bits(a, b) || differ(c, a, b, at);
    case MN_VECTOR:
        return a->vector_size == b->vector_size ? same(c, a->of, b->of, at) : differ(c, a, b, at);
    default:
        return true;
    }
}

bool
mn_type_compare(const struct mn_type *a, const struct mn_type *b, bool strict, struct mn_buffer *difference)
{
    struct comparison c = {strict, difference};

    return a == b || same(&c, a, b, NULL);
}

bool
mn_type_equal(const struct mn_type *a, const struct mn_type *b)
{
    return mn_type_compare(a, b, true, NULL);
}

bool
mn_type_compatible(const struct mn_type *a, const struct mn_type *b)
{
    return mn_type_compare(a, b, false, NULL);
}

void
mn_type_difference(const struct mn_type *a, const struct mn_type *b, struct mn_buffer *out)
{
    mn_type_compare(a, b, true, out);
}
