/* SPDX-License-Identifier: MIT */
/*
 * The encoding parser: one recursive function per bracket, one pass, bounded depth, nodes in the caller's
 * arena.
 *
 * The one ambiguity is a quoted name behind `@` inside a struct that names its fields: `"a"@"b"i` is an
 * object and a field b, `"a"@"NSString""b"i` an object of class NSString. What follows the closing quote
 * decides.
 */
#include "abi/encoding.h"

#include "abi/layout.h"
#include "base/list.h"

#include <stdlib.h>
#include <string.h>

enum { QUALIFIERS_MAX = 15 };

struct reader {
    const char *at;
    struct mn_arena *arena;
    mend_error *err;
    unsigned depth;
};

/* What stands for the pointee where clang 14 writes none (`^` for a pointer to a vector). */
static const struct mn_type omitted = {.kind = MN_UNKNOWN, .opaque = true, .align = 1, .qualifiers = ""};

static mend_status read_type(struct reader *r, bool among_names, const struct mn_type **out);

static bool
is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static mend_status
bad(struct reader *r, const char *what)
{
    if (*r->at == '\0')
        return mn_fail(r->err, MEND_BAD_ENCODING, "The type encoding ends too early: %s.", what);
    return mn_fail(r->err, MEND_BAD_ENCODING, "Malformed type encoding at \"%.40s\": %s.", r->at, what);
}

static mend_status
too_large(struct reader *r)
{
    return bad(r, "the type is larger than 1 GiB");
}

/* A node of `kind`, to be filled; NULL when memory has run out. */
static struct mn_type *
node(struct reader *r, enum mn_kind kind)
{
    struct mn_type *type = mn_arena_alloc(r->arena, sizeof *type);

    if (type != NULL) {
        type->kind = (uint8_t)kind;
        type->align = 1;
        type->qualifiers = "";
    }
    return type;
}

/* A node as wide as a machine address. */
static struct mn_type *
address_node(struct reader *r, enum mn_kind kind)
{
    struct mn_type *type = node(r, kind);

    if (type != NULL) {
        type->complete = true;
        type->size = sizeof(void *);
        type->align = _Alignof(void *);
    }
    return type;
}

static mend_status
read_count(struct reader *r, size_t *count)
{
    size_t n = 0;

    if (!is_digit(*r->at))
        return bad(r, "a number is missing");
    if (*r->at == '0' && is_digit(r->at[1]))
        return bad(r, "a number has a superfluous 0");
    for (; is_digit(*r->at); r->at++) {
        n = n * 10 + (size_t)(*r->at - '0');
        if (n > MN_TYPE_SIZE_MAX)
            return too_large(r);
    }
    *count = n;
    return MEND_OK;
}

/* The text up to a closing quote; *r->at is the opening one. */
static mend_status
read_quoted(struct reader *r, const char **name)
{
    const char *end = strchr(r->at + 1, '"');

    if (end == NULL)
        return bad(r, "a quoted name has no end");
    if ((*name = mn_arena_strndup(r->arena, r->at + 1, (size_t)(end - r->at - 1))) == NULL)
        return mn_fail_memory(r->err);
    r->at = end + 1;
    return MEND_OK;
}

/* Types up to `close`, each with a name before it if the list names its fields. Appends struct mn_field. */
static mend_status
read_fields(struct reader *r, char close, struct mn_list *fields)
{
    mend_status st;

    while (*r->at != close) {
        struct mn_field *field = mn_list_add(fields);
        const struct mn_type *type;
        bool named = *r->at == '"';

        if (field == NULL)
            return mn_fail_memory(r->err);
        if (named && (st = read_quoted(r, &field->name)) != MEND_OK)
            return st;
        if ((st = read_type(r, named, &type)) != MEND_OK)
            return st;
        field->type = type;
    }
    r->at++;
    return MEND_OK;
}

/* Moves a list of fields into the tree. */
static mend_status
keep_fields(struct reader *r, struct mn_type *type, const struct mn_list *list, struct mn_field **fields)
{
    *fields = mn_arena_copy(r->arena, list->items, list->count, sizeof **fields);
    if (*fields == NULL && list->count != 0)
        return mn_fail_memory(r->err);
    type->count = list->count;
    type->fields = *fields;
    return MEND_OK;
}

static mend_status
read_block(struct reader *r, const struct mn_type **out)
{
    struct mn_list list = MN_LIST_OF(struct mn_field);
    struct mn_field *fields;
    struct mn_type *type;
    mend_status st;

    r->at++; /* ? */
    *out = mn_type_of(MN_BLOCK);
    if (*r->at != '<')
        return MEND_OK;
    r->at++;
    if ((type = address_node(r, MN_BLOCK)) == NULL)
        return mn_fail_memory(r->err);
    if ((st = read_fields(r, '>', &list)) != MEND_OK)
        goto done;
    if (list.count == 0) {
        st = bad(r, "a block's signature has no result");
        goto done;
    }
    st = keep_fields(r, type, &list, &fields);
    *out = type;
done:
    mn_list_fini(&list);
    return st;
}

/* Whether the quoted text here is a class name rather than the name of the next field. */
static bool
quotes_a_class(const struct reader *r, bool among_names)
{
    const char *end;

    if (*r->at != '"')
        return false;
    if (!among_names)
        return true;
    end = strchr(r->at + 1, '"');
    return end != NULL && (end[1] == '"' || end[1] == '}' || end[1] == ')' || end[1] == ']');
}

static mend_status
read_object(struct reader *r, bool among_names, const struct mn_type **out)
{
    struct mn_type *type;

    if (*r->at == '?')
        return read_block(r, out);
    *out = mn_type_of(MN_OBJECT);
    if (!quotes_a_class(r, among_names))
        return MEND_OK;
    if ((type = address_node(r, MN_OBJECT)) == NULL)
        return mn_fail_memory(r->err);
    *out = type;
    return read_quoted(r, &type->name);
}

static mend_status
read_pointer(struct reader *r, bool among_names, const struct mn_type **out)
{
    struct mn_type *type = address_node(r, MN_POINTER);
    char next = *r->at;

    if (type == NULL)
        return mn_fail_memory(r->err);
    *out = type;
    if (next == '\0' || is_digit(next) || next == '}' || next == ')' || next == ']' || next == '>' ||
        next == '"') {
        type->of = &omitted;
        return MEND_OK;
    }
    return read_type(r, among_names, &type->of);
}

static mend_status
read_complex(struct reader *r, const struct mn_type **out)
{
    struct mn_type *type = node(r, MN_COMPLEX);
    mend_status st;

    if (type == NULL)
        return mn_fail_memory(r->err);
    if ((st = read_type(r, false, &type->of)) != MEND_OK)
        return st;
    if (type->of->kind == MN_BOOL ||
        !(mn_kind_is_integer(type->of->kind) || mn_kind_is_floating(type->of->kind)))
        return bad(r, "only numbers can be complex");
    type->count = 2;
    mn_layout_elements(type);
    *out = type;
    return MEND_OK;
}

static mend_status
read_array(struct reader *r, bool among_names, const struct mn_type **out)
{
    struct mn_type *type = node(r, MN_ARRAY);
    mend_status st;

    if (type == NULL)
        return mn_fail_memory(r->err);
    if ((st = read_count(r, &type->count)) != MEND_OK ||
        (st = read_type(r, among_names, &type->of)) != MEND_OK)
        return st;
    if (*r->at != ']')
        return bad(r, "an array needs its ]");
    r->at++;
    *out = type;
    return mn_layout_elements(type) ? MEND_OK : too_large(r);
}

static mend_status
read_aggregate(struct reader *r, enum mn_kind kind, char close, const struct mn_type **out)
{
    struct mn_list list = MN_LIST_OF(struct mn_field);
    struct mn_type *type = node(r, kind);
    size_t length = 0;
    struct mn_field *fields;
    mend_status st;

    if (type == NULL)
        return mn_fail_memory(r->err);
    while (r->at[length] != '\0' && r->at[length] != '=' && r->at[length] != close)
        length++;
    if ((type->name = mn_arena_strndup(r->arena, r->at, length)) == NULL)
        return mn_fail_memory(r->err);
    r->at += length;
    *out = type;
    if (*r->at == close) {
        type->opaque = true;
        r->at++;
        return MEND_OK;
    }
    if (*r->at != '=')
        return bad(r, kind == MN_STRUCT ? "a struct needs its }" : "a union needs its )");
    r->at++;
    if ((st = read_fields(r, close, &list)) == MEND_OK &&
        (st = keep_fields(r, type, &list, &fields)) == MEND_OK && !mn_layout_fields(type, fields))
        st = too_large(r);
    mn_list_fini(&list);
    return st;
}

/* b<width> as NeXT wrote it, or GNU's b<position><declared type><width>. */
static mend_status
read_bits(struct reader *r, const struct mn_type **out)
{
    static const char declared[] = "cCsSiIlLqQtTB";
    struct mn_type *type = node(r, MN_BITS);
    size_t number;
    mend_status st;

    if (type == NULL)
        return mn_fail_memory(r->err);
    if ((st = read_count(r, &number)) != MEND_OK)
        return st;
    *out = type;
    if (*r->at == '\0' || strchr(declared, *r->at) == NULL || !is_digit(r->at[1])) {
        type->count = number;
        return number >= 1 && number <= 128 ? MEND_OK : bad(r, "a bit-field is 1 to 128 bits wide");
    }
    type->positioned = true;
    type->position = (uint32_t)number;
    if ((st = read_type(r, false, &type->of)) != MEND_OK || (st = read_count(r, &type->count)) != MEND_OK)
        return st;
    if (type->count > type->of->size * 8)
        return bad(r, "the bit-field is wider than its type");
    type->size = type->of->size;
    type->align = type->of->align;
    return MEND_OK;
}

/* ![size,align element], gcc's form. */
static mend_status
read_vector(struct reader *r, const struct mn_type **out)
{
    struct mn_type *type = node(r, MN_VECTOR);
    size_t size, align;
    mend_status st;

    if (type == NULL)
        return mn_fail_memory(r->err);
    if (*r->at != '[')
        return bad(r, "a vector needs its [");
    r->at++;
    if ((st = read_count(r, &size)) != MEND_OK)
        return st;
    if (*r->at != ',')
        return bad(r, "a vector has a size and an alignment");
    r->at++;
    if ((st = read_count(r, &align)) != MEND_OK || (st = read_type(r, false, &type->of)) != MEND_OK)
        return st;
    if (*r->at != ']')
        return bad(r, "a vector needs its ]");
    r->at++;
    type->vector_size = (uint32_t)size;
    type->vector_align = (uint32_t)align;
    *out = type;
    return MEND_OK;
}

/* The type whose letter is `letter`; *r->at is behind it. */
static mend_status
read_kind(struct reader *r, char letter, bool among_names, const struct mn_type **out)
{
    switch (letter) {
    case '@':
        return read_object(r, among_names, out);
    case '^':
        return read_pointer(r, among_names, out);
    case 'j':
        return read_complex(r, out);
    case '[':
        return read_array(r, among_names, out);
    case '{':
        return read_aggregate(r, MN_STRUCT, '}', out);
    case '(':
        return read_aggregate(r, MN_UNION, ')', out);
    case 'b':
        return read_bits(r, out);
    case '!':
        return read_vector(r, out);
#define S(kind, name, ctype, text)                                                                           \
    case name:                                                                                               \
        *out = mn_type_of(MN_##kind);                                                                        \
        return MEND_OK;
#define K(kind, name, text)
#include "abi/kinds.def"
#undef S
#undef K
    case 'v':
        *out = mn_type_of(MN_VOID);
        return MEND_OK;
    case '?':
        *out = mn_type_of(MN_UNKNOWN);
        return MEND_OK;
    default:
        r->at--;
        return bad(r, *r->at == '\0' ? "a type is missing" : "this letter names no type");
    }
}

static mend_status
read_type(struct reader *r, bool among_names, const struct mn_type **out)
{
    const char *qualifiers = r->at;
    struct mn_type *qualified;
    size_t count;
    mend_status st;

    while (*r->at != '\0' && strchr("rnNoORVA", *r->at) != NULL)
        r->at++;
    count = (size_t)(r->at - qualifiers);
    if (count > QUALIFIERS_MAX)
        return bad(r, "too many qualifiers");
    if (++r->depth > MN_ENCODING_DEPTH)
        return bad(r, "the type is nested too deeply");
    r->at++;
    if ((st = read_kind(r, r->at[-1], among_names, out)) != MEND_OK)
        return st;
    r->depth--;
    if (count == 0)
        return MEND_OK;
    if ((qualified = mn_arena_copy(r->arena, *out, 1, sizeof **out)) == NULL ||
        (qualified->qualifiers = mn_arena_strndup(r->arena, qualifiers, count)) == NULL)
        return mn_fail_memory(r->err);
    *out = qualified;
    return MEND_OK;
}

mend_status
mn_encoding_read(const char **text, struct mn_arena *arena, const struct mn_type **out, mend_error *err)
{
    struct reader r = {.at = *text, .arena = arena, .err = err};
    mend_status st = read_type(&r, false, out);

    *text = r.at;
    if (st != MEND_OK)
        *out = NULL;
    return st;
}

bool
mn_encoding_number(const char **text, long *number)
{
    const char *at = *text;
    bool negative = *at == '-';
    long n = 0;

    if (*at == '-' || *at == '+')
        at++;
    if (!is_digit(*at))
        return false;
    for (; is_digit(*at); at++)
        if (n <= (long)MN_TYPE_SIZE_MAX) /* larger ones only need to stay larger */
            n = n * 10 + (*at - '0');
    *number = negative ? -n : n;
    *text = at;
    return true;
}
