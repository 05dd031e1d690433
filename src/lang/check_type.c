/* SPDX-License-Identifier: MIT */
/*
 * Types as written to types: names resolved (scope, built-in table, tags, classes of the source and the
 * process), tags laid out, Mango's numbers widened.
 *
 * `X *` is an object when X is a class, a pointer when X is anything else. A name that is neither is an
 * error: with a suggestion, because it is nearly always misspelt.
 */
#include "lang/check.h"
#include "lang/builtin/builtin.h"
#include "runtime/suggest.h"
#include <string.h>

static const struct mn_ctype *
error_type(void)
{
    return mn_ctype_basic(MN_C_ERROR);
}

static const struct mn_ctype *
or_error(const struct mn_ctype *type)
{
    return type ? type : error_type();
}

/* The map does not own its values and has no const ones. */
static bool
set_tag(struct mn_check *c, const char *tag, const struct mn_ctype *type)
{
    if (mn_map_set_text(&c->tags, tag, (void *)(uintptr_t)type))
        return true;
    c->arena->failed = true;
    return false;
}

/* A structure of the built-in table, with the names of its fields. */
static const struct mn_ctype *
builtin_struct(struct mn_check *c, const struct mn_builtin *b)
{
    const struct mn_ctype *bare;
    struct mn_ctype *named;
    const char *names = b->fields;

    if (mn_map_get_text(&c->tags, b->name))
        return mn_map_get_text(&c->tags, b->name);
    /* Reading the encoding asks for this very tag: an entry in the map ends that. */
    if (!(named = mn_ctype_tagged(c->arena, MN_C_STRUCT, b->name)) || !set_tag(c, b->name, named))
        return NULL;
    if (!(bare = mn_encoded_type(c, b->types)) || bare == named)
        return NULL;
    *named = *bare;
    named->name = b->name;
    for (size_t i = 0; i < named->count; i++) {
        size_t length = strcspn(names, " ");

        named->fields[i].name = mn_arena_strndup(c->arena, names, length);
        names += length + (names[length] == ' ');
    }
    return named;
}

const struct mn_ctype *
mn_known_tag(struct mn_check *c, const char *tag)
{
    const struct mn_ctype *known = mn_map_get_text(&c->tags, tag);
    const struct mn_builtin *b;

    if (known)
        return known;
    b = mn_builtin_find(tag);
    return b && b->kind == MN_BUILTIN_STRUCT ? builtin_struct(c, b) : NULL;
}

const struct mn_ctype *
mn_known_type(struct mn_check *c, const char *name)
{
    struct mn_name_entry *entry = mn_scope_find(c, name);
    const struct mn_builtin *b;

    if (entry)
        return entry->kind == MN_NAME_TYPE ? entry->type : NULL;
    if ((b = mn_builtin_find(name)) && b->kind == MN_BUILTIN_TYPE)
        return mn_encoded_type(c, b->types);
    return mn_known_tag(c, name);
}

static void
unknown_type(struct mn_check *c, const char *name, struct mn_span span)
{
    const char *near;

    mn_error_at(c->findings, span, "unknown type '%s'", name);
    if (!c->findings->dropped && (near = mn_suggest_class(name)))
        mn_suggest(c->findings, "did you mean '%s'?", near);
}

static const struct mn_ctype *
named_type(struct mn_check *c, struct mn_tname *t)
{
    const struct mn_ctype *type = mn_known_type(c, t->named.name);

    if (type)
        return type;
    if (!mn_class_known(c, t->named.name) && c->dialect == MN_DIALECT_MANGO)
        return mn_ctype_basic(MN_C_OBJECT); /* a class this process lacks, as scripts for other systems name them */
    if (!mn_class_known(c, t->named.name)) {
        unknown_type(c, t->named.name, t->span);
        return error_type();
    }
    if (c->dialect == MN_DIALECT_OBJC) {
        mn_error_at(c->findings, t->span, "an object of class '%s' needs a pointer", t->named.name);
        mn_suggest(c->findings, "write '%s *'", t->named.name);
    }
    return or_error(mn_ctype_object(c->arena, mn_class_real(c, t->named.name)));
}

static const struct mn_ctype *
pointer_type(struct mn_check *c, struct mn_tname *t)
{
    struct mn_tname *of = t->of;
    const struct mn_ctype *inner;

    if (of->kind == MN_TNAME_NAMED && !mn_known_type(c, of->named.name)) {
        if (!mn_class_known(c, of->named.name) && c->dialect == MN_DIALECT_MANGO)
            return mn_ctype_basic(MN_C_OBJECT);
        if (!mn_class_known(c, of->named.name)) {
            unknown_type(c, of->named.name, of->span);
            return error_type();
        }
        return or_error(mn_ctype_object(c->arena, mn_class_real(c, of->named.name)));
    }
    inner = mn_check_type(c, of);
    return inner->kind == MN_C_ERROR ? inner : or_error(mn_ctype_pointer(c->arena, inner));
}

static const struct mn_ctype *
array_type(struct mn_check *c, struct mn_tname *t)
{
    const struct mn_ctype *element = mn_check_type(c, t->array.of);
    int64_t count = 0;

    if (element->kind == MN_C_ERROR)
        return element;
    if (element->kind == MN_C_VOID || element->kind == MN_C_FUNCTION || element->incomplete) {
        mn_error_at(c->findings, t->span, "an array cannot have elements of type '%s'",
                    mn_spelled(c, element));
        return error_type();
    }
    if (t->array.size) {
        if (!mn_check_constant(c, t->array.size, &count))
            return error_type();
        if (count < 0 || (uint64_t)count > (1u << 18) / (element->size ? element->size : 1)) {
            mn_error_at(c->findings, t->array.size->span,
                        count < 0 ? "an array cannot have a negative size"
                                  : "the array is too large for a local variable");
            return error_type();
        }
    }
    return or_error(mn_ctype_array(c->arena, element, (size_t)count));
}

static const struct mn_ctype *
function_type(struct mn_check *c, struct mn_tname *t)
{
    const struct mn_ctype *result =
        t->function.result ? mn_check_type(c, t->function.result) : mn_ctype_basic(MN_C_VOID);
    const struct mn_ctype **params =
        mn_arena_alloc(c->arena, (t->function.params.count + 1) * sizeof *params);

    if (!params)
        return error_type();
    for (uint32_t i = 0; i < t->function.params.count; i++) {
        params[i] = mn_ctype_decay(c->arena, mn_check_type(c, t->function.params.items[i]->type));
        if (!params[i] || params[i]->kind == MN_C_ERROR)
            return error_type();
    }
    return or_error(
        mn_ctype_function(c->arena, result, params, t->function.params.count, t->function.variadic));
}

/* A name inside CFunction<> says how a value travels, so one that nobody knows is an error in Mango, too. */
static bool
is_told(struct mn_check *c, const struct mn_tname *t)
{
    if (!t || t->kind != MN_TNAME_NAMED || mn_known_type(c, t->named.name) || mn_class_known(c, t->named.name))
        return true;
    mn_error_at(c->findings, t->span, "'%s' is no type that a CFunction can have", t->named.name);
    return false;
}

static const struct mn_ctype *
c_function_type(struct mn_check *c, struct mn_tname *t)
{
    bool told = is_told(c, t->function.result);
    const struct mn_ctype *type;

    for (uint32_t i = 0; i < t->function.params.count; i++)
        told = is_told(c, t->function.params.items[i]->type) && told;
    type = told ? function_type(c, t) : error_type();
    return type->kind == MN_C_ERROR ? type : or_error(mn_ctype_pointer(c->arena, type));
}

static const struct mn_ctype *
block_type(struct mn_check *c, struct mn_tname *t)
{
    struct mn_ctype made = *mn_ctype_basic(MN_C_BLOCK);
    const struct mn_ctype *function = function_type(c, t);

    if (function->kind == MN_C_ERROR)
        return function;
    made.inner = function;
    return or_error(mn_arena_copy(c->arena, &made, 1, sizeof made));
}

static const struct mn_ctype *
tagged_type(struct mn_check *c, struct mn_tname *t)
{
    struct mn_tag_decl *tag = t->tag;
    const struct mn_ctype *known;
    struct mn_ctype *fresh;

    if (tag->defined)
        mn_check_tag(c, tag);
    if (tag->kind == MN_TAG_ENUM) {
        known = tag->name ? mn_map_get_text(&c->tags, tag->name) : NULL;
        return tag->underlying ? mn_check_type(c, tag->underlying) : known ? known : mn_ctype_basic(MN_C_INT);
    }
    if (!tag->name)
        return tag->binding ? (const struct mn_ctype *)tag->binding : error_type();
    if ((known = mn_known_tag(c, tag->name)))
        return known;
    /* Only behind a pointer does a tag make sense before its definition; by value its missing size is an
     * error. */
    fresh = mn_ctype_tagged(c->arena, tag->kind == MN_TAG_STRUCT ? MN_C_STRUCT : MN_C_UNION, tag->name);
    if (fresh)
        set_tag(c, tag->name, fresh);
    return or_error(fresh);
}

static const struct mn_ctype *
basic_type(struct mn_tname *t)
{
    static const enum mn_ckind kinds[] = {
        [MN_TNAME_VOID] = MN_C_VOID,           [MN_TNAME_BOOL] = MN_C_BOOL,
        [MN_TNAME_SCHAR] = MN_C_CHAR,          [MN_TNAME_UCHAR] = MN_C_UCHAR,
        [MN_TNAME_SHORT] = MN_C_SHORT,         [MN_TNAME_USHORT] = MN_C_USHORT,
        [MN_TNAME_INT] = MN_C_INT,             [MN_TNAME_UINT] = MN_C_UINT,
        [MN_TNAME_LONG] = MN_C_LONG,           [MN_TNAME_ULONG] = MN_C_ULONG,
        [MN_TNAME_LLONG] = MN_C_LONG,          [MN_TNAME_ULLONG] = MN_C_ULONG,
        [MN_TNAME_FLOAT] = MN_C_FLOAT,         [MN_TNAME_DOUBLE] = MN_C_DOUBLE,
        [MN_TNAME_LDOUBLE] = MN_C_LDOUBLE,     [MN_TNAME_MANGO_UINT] = MN_C_UINT,
        [MN_TNAME_ID] = MN_C_OBJECT,           [MN_TNAME_CLASS] = MN_C_CLASS,
        [MN_TNAME_SEL] = MN_C_SEL,             [MN_TNAME_INSTANCETYPE] = MN_C_OBJECT,
        [MN_TNAME_ANY_POINTER] = MN_C_POINTER, [MN_TNAME_ANY_BLOCK] = MN_C_BLOCK,
    };

    if (t->kind < sizeof kinds / sizeof kinds[0] && kinds[t->kind])
        return mn_ctype_basic(kinds[t->kind]);
    return NULL;
}

static const struct mn_ctype *
read_type(struct mn_check *c, struct mn_tname *t)
{
    const struct mn_ctype *type = basic_type(t);

    if (type)
        return type;
    switch (t->kind) {
    case MN_TNAME_CHAR:
        return &mn_ctype_char;
    case MN_TNAME_C_BOOL:
        return &mn_ctype_c_bool;
    case MN_TNAME_CSTRING:
        return &mn_ctype_cstring;
    case MN_TNAME_NAMED:
        return named_type(c, t);
    case MN_TNAME_TAGGED:
        return tagged_type(c, t);
    case MN_TNAME_POINTER:
        return pointer_type(c, t);
    case MN_TNAME_ARRAY:
        return array_type(c, t);
    case MN_TNAME_FUNCTION:
        return function_type(c, t);
    case MN_TNAME_BLOCK:
        return block_type(c, t);
    case MN_TNAME_CFUNCTION:
        return c_function_type(c, t);
    case MN_TNAME_TYPEOF_TYPE:
        return mn_check_type(c, t->of);
    case MN_TNAME_TYPEOF_EXPR:
        return mn_check_expr(c, t->expr)->type;
    case MN_TNAME_ENCODED:
        return mn_encoded_type(c, t->signature);
    case MN_TNAME_AUTO:
        mn_error_at(c->findings, t->span, "'__auto_type' needs an initialiser");
        return error_type();
    case MN_TNAME_ERROR:
        return error_type();
    default:
        mn_error_at(c->findings, t->span, "values of type '%s' are not supported yet",
                    mn_tname_kind_text(t->kind));
        return error_type();
    }
}

const struct mn_ctype *
mn_check_type(struct mn_check *c, struct mn_tname *t)
{
    const struct mn_ctype *type;

    if (!t)
        return mn_ctype_basic(MN_C_OBJECT); /* methods may leave a type out */
    type = read_type(c, t);
    if ((t->qualifiers & MN_QUALIFIER_CONST) && type->kind != MN_C_ERROR)
        type = or_error(mn_ctype_const(c->arena, type));
    return type;
}

const struct mn_ctype *
mn_mango_type(const struct mn_ctype *type)
{
    switch (type->kind) {
    case MN_C_CHAR:
    case MN_C_SHORT:
    case MN_C_INT:
    case MN_C_LONG:
        return mn_ctype_basic(MN_C_LONG);
    case MN_C_UCHAR:
    case MN_C_USHORT:
    case MN_C_UINT:
    case MN_C_ULONG:
        return mn_ctype_basic(MN_C_ULONG);
    case MN_C_FLOAT:
        return mn_ctype_basic(MN_C_DOUBLE);
    default:
        return type;
    }
}

const struct mn_ctype *
mn_check_variable_type(struct mn_check *c, struct mn_tname *t)
{
    const struct mn_ctype *type = mn_check_type(c, t);

    if (type->kind == MN_C_VOID || type->kind == MN_C_FUNCTION) {
        mn_error_at(c->findings, t->span, "a variable cannot have the type '%s'", mn_spelled(c, type));
        return error_type();
    }
    if (type->incomplete) {
        mn_error_status_at(c->findings, MEND_CHECK, t->span, "'%s' is not defined", mn_spelled(c, type));
        return error_type();
    }
    return c->dialect == MN_DIALECT_MANGO ? mn_mango_type(type) : type;
}

bool
mn_check_passable(struct mn_check *c, const struct mn_ctype *type, bool result, struct mn_span at)
{
    if (!type || type->kind == MN_C_ERROR)
        return false; /* reported where the type was read */
    if (type->kind == MN_C_VOID
            ? result
            : type->kind != MN_C_FUNCTION && type->kind != MN_C_ARRAY && !type->incomplete)
        return true;
    mn_error_at(c->findings, at,
                type->incomplete ? "'%s' is not defined" : "'%s' can be neither passed nor returned",
                mn_spelled(c, type));
    return false;
}

static void
check_enumerators(struct mn_check *c, struct mn_tag_decl *tag)
{
    const struct mn_ctype *type =
        tag->underlying ? mn_check_type(c, tag->underlying) : mn_ctype_basic(MN_C_INT);
    int64_t value = 0;

    if (tag->name)
        set_tag(c, tag->name, type);
    if (!mn_ctype_is_integer(type)) {
        mn_error_at(c->findings, tag->at, "an enumeration needs an integer type, not '%s'",
                    mn_spelled(c, type));
        return;
    }
    for (uint32_t i = 0; i < tag->members.count; i++, value++) {
        struct mn_decl *m = tag->members.items[i];
        const struct mn_ctype *own = type;

        if (m->init && !mn_check_constant(c, m->init, &value))
            continue;
        if (!tag->underlying &&
            value != (int32_t)value) /* GCC widens the enumeration; the constant is enough here */
            own = mn_ctype_basic(MN_C_LONG);
        mn_scope_add(c, MN_NAME_VALUE, m->name, m->at)->value = mn_x_int(c, value, own, m->at.start);
    }
}

/* `declare struct`: the encoding gives the layout, the keys the names. */
static void
check_declared(struct mn_check *c, struct mn_tag_decl *tag, struct mn_ctype *type)
{
    const struct mn_ctype *bare = mn_encoded_type(c, tag->encoding);

    if (!bare || bare->kind != MN_C_STRUCT) {
        mn_error_at(c->findings, tag->encoding_at, "'%s' does not encode one struct", tag->encoding);
        return;
    }
    if (bare->count != tag->keys.count) {
        mn_error_at(c->findings, tag->encoding_at, "the encoding has %zu fields, 'keys' names %u",
                    bare->count, (unsigned)tag->keys.count);
        return;
    }
    type->size = bare->size;
    type->align = bare->align;
    type->count = bare->count;
    type->incomplete = false;
    type->fields = mn_arena_copy(c->arena, bare->fields, bare->count, sizeof *bare->fields);
    for (uint32_t i = 0; type->fields && i < tag->keys.count; i++)
        type->fields[i].name = tag->keys.items[i].name;
}

static bool
is_bit_field(struct mn_check *c, struct mn_decl *m, const struct mn_ctype *type, int64_t *width)
{
    int64_t most = type->kind == MN_C_BOOL ? 1 : (int64_t)type->size * 8;

    if (!mn_ctype_is_integer(type)) {
        mn_error_at(c->findings, m->at, "a bit-field needs an integer type, not '%s'", mn_spelled(c, type));
        return false;
    }
    if (!mn_check_constant(c, m->bits, width))
        return false;
    if (*width >= (m->name ? 1 : 0) && *width <= most)
        return true;
    mn_error_at(c->findings, m->bits->span, "a bit-field of '%s' is 1 to %d bits wide", mn_spelled(c, type),
                (int)most);
    return false;
}

static void
check_fields(struct mn_check *c, struct mn_tag_decl *tag, struct mn_ctype *type)
{
    struct mn_list fields = MN_LIST_OF(struct mn_cfield);

    for (uint32_t i = 0; i < tag->members.count; i++) {
        struct mn_decl *m = tag->members.items[i];
        const struct mn_ctype *field = mn_check_type(c, m->type);
        struct mn_cfield *added;

        int64_t width = 0;

        if (field->kind == MN_C_ERROR || (m->bits && !is_bit_field(c, m, field, &width)))
            continue;
        if (field->incomplete || field->kind == MN_C_VOID || field->kind == MN_C_FUNCTION) {
            mn_error_at(c->findings, m->at, "a field cannot have the type '%s'", mn_spelled(c, field));
            continue;
        }
        for (size_t k = 0; m->name && k < fields.count; k++)
            if (MN_LIST_AT(struct mn_cfield, &fields, k)->name == m->name)
                mn_error_at(c->findings, m->at, "the field '%s' is declared twice", m->name);
        if ((added = mn_list_add(&fields)))
            *added = (struct mn_cfield){
                .name = m->name, .type = field, .is_bits = m->bits, .width = (uint8_t)width};
        else
            c->arena->failed = true;
    }
    if (!mn_ctype_complete(c->arena, type, fields.items, fields.count))
        c->arena->failed = true;
    mn_list_fini(&fields);
}

void
mn_check_tag(struct mn_check *c, struct mn_tag_decl *tag)
{
    struct mn_ctype *type;
    const struct mn_ctype *old = tag->name ? mn_map_get_text(&c->tags, tag->name) : NULL;

    if (tag->binding || !tag->defined) /* reached again through another declarator */
        return;
    if (tag->kind == MN_TAG_ENUM) {
        check_enumerators(c, tag);
        tag->binding = (struct mn_binding *)tag;
        return;
    }
    if (old && old->incomplete)
        type = (struct mn_ctype *)old; /* pointers to it were declared before: complete that very type */
    else
        type = mn_ctype_tagged(c->arena, tag->kind == MN_TAG_STRUCT ? MN_C_STRUCT : MN_C_UNION, tag->name);
    if (!type)
        return;
    tag->binding = (struct mn_binding *)type;
    if (tag->name && !old)
        set_tag(c, tag->name, type);
    type->pack = tag->pack;
    if (tag->encoding)
        check_declared(c, tag, type);
    else
        check_fields(c, tag, type);
    if (old && old != type) {
        if (!mn_ctype_same(old, type))
            mn_error_at(c->findings, tag->at, "'%s' is defined again with another layout",
                        mn_spelled(c, type));
        else
            set_tag(c, tag->name, type); /* the later names of the fields count */
    }
}

const char *
mn_type_text(struct mn_check *c, const struct mn_ctype *type)
{
    struct mn_buffer out = MN_BUFFER_EMPTY;
    const char *text;

    if (type->kind > MN_C_VOID && type->kind <= MN_C_SEL && type->kind != MN_C_BLOCK) {
        static const char codes[][2] = {
            [MN_C_BOOL] = "C",   [MN_C_CHAR] = "c",  [MN_C_UCHAR] = "C",  [MN_C_SHORT] = "s",
            [MN_C_USHORT] = "S", [MN_C_INT] = "i",   [MN_C_UINT] = "I",   [MN_C_LONG] = "q",
            [MN_C_ULONG] = "Q",  [MN_C_FLOAT] = "f", [MN_C_DOUBLE] = "d", [MN_C_LDOUBLE] = "D",
            [MN_C_OBJECT] = "@", [MN_C_CLASS] = "#", [MN_C_SEL] = ":",
        };

        return type->code == 'B' ? "B" : codes[type->kind];
    }
    mn_ctype_encode(&out, type);
    if (out.failed)
        c->arena->failed = true;
    text = mn_arena_strdup(c->arena, mn_buffer_peek(&out));
    mn_buffer_fini(&out);
    return text ? text : "v";
}
