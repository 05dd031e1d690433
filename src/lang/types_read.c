/* SPDX-License-Identifier: MIT */
/*
 * Types of the machine (abi/type.h) as types of the checker.
 *
 * Encodings of methods name no fields; where the source or the built-in table has a structure of the same tag
 * and layout, that one is taken, so that `[x frame].size.width` works on any program.
 */
#include "lang/check.h"
#include "abi/encoding.h"
#include <string.h>

static const struct mn_ctype *
pointer_to(struct mn_check *c, const struct mn_type *type)
{
    const struct mn_ctype *inner;

    if (type->of->kind == MN_UNKNOWN) /* ^?: a function; how it is called is not told */
        return mn_ctype_basic(MN_C_POINTER);
    inner = mn_machine_type(c, type->of);
    return inner ? mn_ctype_pointer(c->arena, inner) : mn_ctype_basic(MN_C_POINTER);
}

static const struct mn_ctype *
aggregate(struct mn_check *c, const struct mn_type *type)
{
    bool tagged = type->name && strcmp(type->name, "?") != 0;
    const struct mn_ctype *known = tagged ? mn_known_tag(c, type->name) : NULL;
    struct mn_list fields = MN_LIST_OF(struct mn_cfield);
    struct mn_ctype *made;
    bool whole = true;

    if (known && (type->opaque || known->size == type->size))
        return known;
    made = mn_ctype_tagged(c->arena, type->kind == MN_STRUCT ? MN_C_STRUCT : MN_C_UNION,
                           tagged ? mn_arena_strdup(c->arena, type->name) : NULL);
    if (!made || type->opaque)
        return made;
    for (size_t i = 0; i < type->count && whole; i++) {
        const struct mn_ctype *field = mn_machine_type(c, type->fields[i].type);
        struct mn_cfield *added = field ? mn_list_add(&fields) : NULL;

        whole = added;
        if (field && !added)
            c->arena->failed = true;
        if (added)
            *added = (struct mn_cfield){
                .name = type->fields[i].name ? mn_arena_strdup(c->arena, type->fields[i].name) : NULL,
                .type = field};
    }
    whole =
        whole && mn_ctype_complete(c->arena, made, fields.items, fields.count) && made->size == type->size;
    mn_list_fini(&fields);
    return whole ? made : NULL;
}

const struct mn_ctype *
mn_machine_type(struct mn_check *c, const struct mn_type *type)
{
    static const enum mn_ckind scalars[MN_KIND_COUNT] = {
        [MN_CHAR] = MN_C_CHAR,       [MN_UCHAR] = MN_C_UCHAR, [MN_SHORT] = MN_C_SHORT,
        [MN_USHORT] = MN_C_USHORT,   [MN_INT] = MN_C_INT,     [MN_UINT] = MN_C_UINT,
        [MN_LONG] = MN_C_LONG,       [MN_ULONG] = MN_C_ULONG, [MN_LLONG] = MN_C_LONG,
        [MN_ULLONG] = MN_C_ULONG,    [MN_FLOAT] = MN_C_FLOAT, [MN_DOUBLE] = MN_C_DOUBLE,
        [MN_LDOUBLE] = MN_C_LDOUBLE, [MN_CLASS] = MN_C_CLASS, [MN_SELECTOR] = MN_C_SEL,
        [MN_BLOCK] = MN_C_BLOCK,     [MN_VOID] = MN_C_VOID,
    };
    const struct mn_ctype *element;

    switch (type->kind) {
    case MN_BOOL:
        return &mn_ctype_c_bool;
    case MN_STRING:
    case MN_ATOM:
        return &mn_ctype_cstring;
    case MN_OBJECT:
        return mn_ctype_object(c->arena, type->name ? mn_arena_strdup(c->arena, type->name) : NULL);
    case MN_POINTER:
        return pointer_to(c, type);
    case MN_ARRAY:
        element = mn_machine_type(c, type->of);
        return element ? mn_ctype_array(c->arena, element, type->count) : NULL;
    case MN_STRUCT:
    case MN_UNION:
        return aggregate(c, type);
    default:
        return scalars[type->kind] ? mn_ctype_basic(scalars[type->kind]) : NULL;
    }
}

/* One type behind the other; running out of memory is remembered, anything else is "not expressible". */
static const struct mn_ctype *
read_one(struct mn_check *c, const char **encoding, struct mn_arena *arena)
{
    const struct mn_type *type;
    mend_status st = mn_encoding_read(encoding, arena, &type, NULL);

    if (st == MEND_NO_MEMORY)
        c->arena->failed = true;
    return st == MEND_OK ? mn_machine_type(c, type) : NULL;
}

const struct mn_ctype *
mn_encoded_type(struct mn_check *c, const char *encoding)
{
    struct mn_arena arena = MN_ARENA_EMPTY;
    const struct mn_ctype *made = read_one(c, &encoding, &arena);

    mn_arena_fini(&arena);
    return made;
}

/* The types of an encoding in a row, arrays as pointers; NULL when one is not expressible. */
static const struct mn_ctype **
read_all(struct mn_check *c, const char *encoding, size_t *count)
{
    struct mn_arena arena = MN_ARENA_EMPTY;
    struct mn_list types = MN_LIST_OF(const struct mn_ctype *);
    const struct mn_ctype *type, **slot, **all = NULL;
    long number;
    bool whole = true;

    while (whole && *encoding) {
        type = read_one(c, &encoding, &arena);
        slot = type ? mn_list_add(&types) : NULL;
        if (type && !slot)
            c->arena->failed = true;
        if (slot)
            *slot = mn_ctype_decay(c->arena, type);
        whole = slot && *slot;
        mn_encoding_number(&encoding, &number);
    }
    *count = types.count;
    if (whole && types.count)
        all = mn_arena_copy(c->arena, types.items, types.count, sizeof *all);
    mn_list_fini(&types);
    mn_arena_fini(&arena);
    return all;
}

bool
mn_encoded_method(struct mn_check *c, const char *encoding, struct mn_msig *out)
{
    size_t count;
    const struct mn_ctype **all = read_all(c, encoding, &count);

    if (!all || count < 3)
        return false;
    out->result = all[0];
    out->count = (unsigned)count - 3;
    out->params = all + 3;
    return true;
}

const struct mn_ctype *
mn_encoded_function(struct mn_check *c, const char *encoding, bool variadic)
{
    size_t count;
    const struct mn_ctype **all = read_all(c, encoding, &count);

    return all ? mn_ctype_function(c->arena, all[0], all + 1, count - 1, variadic) : NULL;
}
