/* SPDX-License-Identifier: MIT */
/*
 * Values whose kind only the run knows: variables without a type in Mango, and what a context keeps.
 *
 * Their type is mn_ctype_dynamic, which is `id` but for its flag, so they live and are counted like objects;
 * what may be done with them is decided by the functions of builtin/dynamic.h. Everywhere else a dynamic value
 * is converted to a static type first, here.
 */
#include "lang/builtin/builtin.h"
#include "lang/check.h"
#include "lang/builtin/dynamic.h" /* behind the tree, which has a member called nil */

const struct mn_ctype mn_ctype_dynamic = {
    .kind = MN_C_OBJECT, .code = '@', .size = 8, .align = 8, .dynamic = true};

#define OURS(function) (void (*)(void))(function)

static struct mn_x *
call_one(struct mn_check *c, void (*function)(void), const char *types, const struct mn_ctype *result, struct mn_x *x)
{
    return mn_x_call_ours(c, function, types, result, &x, 1, x->at);
}

static bool
is_unknown_name(struct mn_check *c, const struct mn_tname *t)
{
    return c->dialect == MN_DIALECT_MANGO && t && t->kind == MN_TNAME_NAMED && !mn_known_type(c, t->named.name) &&
           !mn_class_known(c, t->named.name);
}

const struct mn_ctype *
mn_dynamic_type(struct mn_check *c, struct mn_tname *t, const struct mn_ctype *type)
{
    return type->kind == MN_C_OBJECT && is_unknown_name(c, t) ? &mn_ctype_dynamic : type;
}

/* ---- into a dynamic value ---- */

static struct mn_x *
address_of(struct mn_check *c, struct mn_x *x, char kind)
{
    struct mn_x *args[] = {mn_coerce(c, x, mn_ctype_basic(MN_C_POINTER)),
                           mn_x_int(c, kind, mn_ctype_basic(MN_C_INT), x->at)};

    return mn_x_call_ours(c, OURS(mn_dynamic_address), "@^vi", &mn_ctype_dynamic, args, 2, x->at);
}

static struct mn_x *
structure(struct mn_check *c, struct mn_x *x)
{
    struct mn_x *place = mn_lasting(c, x), *args[2];

    if (mn_x_is_error(place) || place->kind != MN_X_MEMORY)
        return mn_x_error(c, x->at);
    args[0] = mn_coerce(c, place->part.base, mn_ctype_basic(MN_C_POINTER));
    args[1] = mn_x_text(c, mn_type_text(c, x->type), x->at);
    return mn_x_call_ours(c, OURS(mn_dynamic_bytes), "@^v*", &mn_ctype_dynamic, args, 2, x->at);
}

struct mn_x *
mn_dynamic_of(struct mn_check *c, struct mn_x *x)
{
    const struct mn_ctype *type = x->type;

    if (mn_x_is_error(x) || type->dynamic)
        return x;
    x = mn_decay(c, x);
    type = x->type;
    if (mn_ctype_is_address(type) && mn_x_is_zero(x))
        return mn_coerce(c, x, &mn_ctype_dynamic);
    if (type->kind == MN_C_BOOL)
        return call_one(c, OURS(mn_dynamic_bool), "@B", &mn_ctype_dynamic, mn_coerce(c, x, &mn_ctype_c_bool));
    if (mn_ctype_is_floating(type))
        return call_one(c, OURS(mn_dynamic_double), "@d", &mn_ctype_dynamic,
                        mn_coerce(c, x, mn_ctype_basic(MN_C_DOUBLE)));
    if (mn_ctype_is_number(type) && mn_ctype_is_unsigned(type))
        return call_one(c, OURS(mn_dynamic_unsigned), "@Q", &mn_ctype_dynamic,
                        mn_coerce(c, x, mn_ctype_basic(MN_C_ULONG)));
    if (mn_ctype_is_number(type))
        return call_one(c, OURS(mn_dynamic_integer), "@q", &mn_ctype_dynamic,
                        mn_coerce(c, x, mn_ctype_basic(MN_C_LONG)));
    if (mn_ctype_is_counted(type))
        return mn_coerce(c, x, &mn_ctype_dynamic);
    if (type->kind == MN_C_CLASS)
        return address_of(c, x, '#');
    if (type->kind == MN_C_SEL)
        return address_of(c, x, ':');
    if (type->kind == MN_C_POINTER)
        return address_of(c, x, type->inner->kind == mn_ctype_char.kind ? '*' : '^');
    if (mn_ctype_is_aggregate(type) && c->body)
        return structure(c, x);
    return mn_x_error(c, x->at);
}

/* ---- out of one ---- */

struct mn_x *
mn_dynamic_as(struct mn_check *c, struct mn_x *x, const struct mn_ctype *type)
{
    struct mn_x *args[2], *place;

    if (!x->type->dynamic || type->dynamic || type->kind == MN_C_ERROR || mn_x_is_error(x))
        return x;
    if (type->kind == MN_C_BOOL)
        return mn_coerce(c, call_one(c, OURS(mn_dynamic_truth), "B@", &mn_ctype_c_bool, x), type);
    if (mn_ctype_is_floating(type))
        return mn_coerce(c, call_one(c, OURS(mn_dynamic_to_double), "d@", mn_ctype_basic(MN_C_DOUBLE), x), type);
    if (mn_ctype_is_number(type))
        return mn_coerce(c, call_one(c, OURS(mn_dynamic_to_integer), "q@", mn_ctype_basic(MN_C_LONG), x), type);
    if (mn_ctype_is_object(type))
        return mn_coerce(c, call_one(c, OURS(mn_dynamic_to_object), "@@", mn_ctype_basic(MN_C_OBJECT), x), type);
    if (mn_ctype_is_aggregate(type)) {
        args[0] = x;
        args[1] = mn_x_text(c, mn_type_text(c, type), x->at);
        place = mn_x_new(c, MN_X_MEMORY, type, x->at);
        place->part.base =
            mn_x_call_ours(c, OURS(mn_dynamic_to_bytes), "^v@*", mn_ctype_basic(MN_C_POINTER), args, 2, x->at);
        return place;
    }
    return mn_coerce(c, call_one(c, OURS(mn_dynamic_to_address), "^v@", mn_ctype_basic(MN_C_POINTER), x), type);
}

struct mn_x *
mn_dynamic_object(struct mn_check *c, struct mn_x *x)
{
    return mn_dynamic_as(c, x, mn_ctype_basic(MN_C_OBJECT));
}

struct mn_x *
mn_dynamic_texted(struct mn_check *c, struct mn_x *x)
{
    return x->type->dynamic ? call_one(c, OURS(mn_dynamic_text), "@@", mn_ctype_object(c->arena, "NSString"), x) : x;
}

struct mn_x *
mn_dynamic_box(struct mn_check *c, struct mn_x *x)
{
    return x->type->dynamic ? call_one(c, OURS(mn_dynamic_boxed), "@@", mn_ctype_basic(MN_C_OBJECT), x) : x;
}

/* ---- operators ---- */

struct mn_x *
mn_dynamic_operate(struct mn_check *c, enum mn_arith op, struct mn_x *a, struct mn_x *b, struct mn_span span)
{
    struct mn_x *args[] = {mn_x_int(c, op, mn_ctype_basic(MN_C_INT), span.start), mn_dynamic_of(c, a),
                           mn_dynamic_of(c, b)};

    if (mn_x_is_error(args[1]) || mn_x_is_error(args[2]))
        return mn_x_error(c, span.start);
    return mn_x_call_ours(c, OURS(mn_dynamic_arith), "@i@@", &mn_ctype_dynamic, args, 3, span.start);
}

struct mn_x *
mn_dynamic_comparison(struct mn_check *c, enum mn_compare op, struct mn_x *a, struct mn_x *b, struct mn_span span)
{
    struct mn_x *args[] = {mn_x_int(c, op, mn_ctype_basic(MN_C_INT), span.start), mn_dynamic_of(c, a),
                           mn_dynamic_of(c, b)};

    if (mn_x_is_error(args[1]) || mn_x_is_error(args[2]))
        return mn_x_error(c, span.start);
    return mn_coerce(c, mn_x_call_ours(c, OURS(mn_dynamic_compare), "Bi@@", &mn_ctype_c_bool, args, 3, span.start),
                     mn_truth_type(c));
}

struct mn_x *
mn_dynamic_signed(struct mn_check *c, enum mn_operator op, struct mn_x *a, struct mn_span span)
{
    char letter = op == MN_OPERATOR_MINUS ? '-' : op == MN_OPERATOR_PLUS ? '+' : '~';
    struct mn_x *args[] = {mn_x_int(c, letter, mn_ctype_basic(MN_C_INT), span.start), a};

    return mn_x_call_ours(c, OURS(mn_dynamic_unary), "@i@", &mn_ctype_dynamic, args, 2, span.start);
}

struct mn_x *
mn_dynamic_element(struct mn_check *c, struct mn_x *list, struct mn_x *key, struct mn_span at)
{
    struct mn_x *args[] = {list, key};

    return mn_x_call_ours(c, OURS(mn_dynamic_subscript), "@@@", mn_ctype_basic(MN_C_OBJECT), args, 2, at.start);
}

/* ---- x.f where x may hold a structure ---- */

enum { MOST_TAGS = 8 };

struct tags {
    const char *field;
    const struct mn_ctype *types[MOST_TAGS];
    unsigned count;
};

static void
consider_tag(struct tags *tags, const struct mn_ctype *type)
{
    size_t offset;

    if (type && mn_ctype_is_aggregate(type) && !type->incomplete && tags->count < MOST_TAGS &&
        mn_ctype_field(type, tags->field, &offset))
        tags->types[tags->count++] = type;
}

static void
consider_builtin(void *data, const char *name)
{
    struct {
        struct mn_check *c;
        struct tags *tags;
    } *both = data;
    const struct mn_builtin *b = mn_builtin_find(name);

    if (b && b->kind == MN_BUILTIN_STRUCT && !mn_map_get_text(&both->c->tags, name))
        consider_tag(both->tags, mn_known_tag(both->c, name));
}

static void
find_tags(struct mn_check *c, struct tags *tags)
{
    struct {
        struct mn_check *c;
        struct tags *tags;
    } both = {c, tags};
    const void *key;
    size_t length;
    void *type;

    for (size_t cursor = 0; mn_map_next(&c->tags, &cursor, &key, &length, &type);)
        consider_tag(tags, type);
    mn_builtin_each(consider_builtin, &both);
}

static struct mn_x *
field_of(struct mn_check *c, struct mn_x *x, const struct mn_ctype *type, const char *name)
{
    struct mn_x *whole = mn_dynamic_as(c, x, type), *field;
    size_t offset;
    const struct mn_cfield *f = mn_ctype_field(type, name, &offset);

    field = mn_x_new(c, MN_X_FIELD, f->is_bits ? mn_ctype_of_bits(f) : f->type, x->at);
    if (f->is_bits)
        field->part.bits = mn_ctype_bits(f, type->size, &offset);
    field->part.base = whole;
    field->part.offset = (int64_t)offset;
    return field;
}

struct mn_x *
mn_dynamic_field(struct mn_check *c, struct mn_x *x, const char *name, bool is_message)
{
    struct tags tags = {.field = name};
    struct mn_x *args[2], *made = NULL, *choose, *keep;
    struct mn_var *var;

    find_tags(c, &tags);
    if (tags.count == 0)
        return NULL;
    var = mn_temp_var(c, &mn_ctype_dynamic);
    var->strong = true;
    keep = mn_x_assign(c, mn_x_var(c, var, x->at), x);
    x = mn_x_var(c, var, x->at);
    if (is_message) {
        made = mn_send(c, mn_dynamic_object(c, x), name, NULL, NULL, 0, (struct mn_span){x->at, x->at},
                       (struct mn_span){x->at, x->at});
        if (made->type->kind == MN_C_VOID)
            made = NULL;
        else
            made = mn_dynamic_of(c, made);
    }
    for (unsigned i = tags.count; i-- > 0;) {
        struct mn_x *field = mn_dynamic_of(c, field_of(c, x, tags.types[i], name));

        if (!made) {
            made = field;
            continue;
        }
        args[0] = x;
        args[1] = mn_x_text(c, mn_type_text(c, tags.types[i]), x->at);
        choose = mn_x_new(c, MN_X_CHOOSE, &mn_ctype_dynamic, x->at);
        choose->choose.test = mn_x_call_ours(c, OURS(mn_dynamic_has), "B@*", &mn_ctype_c_bool, args, 2, x->at);
        choose->choose.yes = field;
        choose->choose.no = made;
        made = choose;
    }
    return mn_x_binary(c, MN_X_COMMA, made->type, 0, keep, made);
}
