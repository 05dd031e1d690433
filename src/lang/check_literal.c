/* SPDX-License-Identifier: MIT */
/*
 * Literals that make objects, and braces that fill structures and arrays.
 *
 * A brace initialiser becomes one AGGREGATE node: the parts with their byte offsets, everything else zero.
 * Parts that overlap are evaluated in the order written; the last one stays, as in C.
 */
#include "lang/check.h"
#include <string.h>

/* ---- braces ---- */

struct fill {
    struct mn_list parts; /* struct mn_part */
    size_t greatest;      /* index of the last element filled: sizes an array without a size */
};

static void fill_type(struct mn_check *c, struct fill *f, struct mn_expr *e, const struct mn_ctype *type,
                      size_t base);
static void fill_value(struct mn_check *c, struct fill *f, struct mn_expr *e, const struct mn_ctype *type,
                       size_t base);

/* A field of the aggregate `type`, which starts at `base`; `offset` is the field's from there. */
static void
fill_field(struct mn_check *c, struct fill *f, struct mn_expr *e, const struct mn_ctype *type,
           const struct mn_cfield *field, size_t base, size_t offset)
{
    struct mn_bits bits = {0};
    size_t count = f->parts.count;

    if (field->is_bits)
        bits = mn_ctype_bits(field, type->size, &offset);
    fill_value(c, f, e, field->type, base + offset);
    if (field->is_bits && f->parts.count == count + 1)
        MN_LIST_AT(struct mn_part, &f->parts, count)->bits = bits;
}

static void
fill_value(struct mn_check *c, struct fill *f, struct mn_expr *e, const struct mn_ctype *type, size_t base)
{
    struct mn_part *part;
    struct mn_x *value;

    if (e->kind == MN_EXPR_INIT || e->kind == MN_EXPR_STRUCT ||
        (type->kind == MN_C_ARRAY && e->kind == MN_EXPR_CSTRING)) {
        fill_type(c, f, e, type, base);
        return;
    }
    value = mn_convert(c, mn_check_expr(c, e), type, e->span, "initialiser");
    if (!(part = mn_list_add(&f->parts))) {
        c->arena->failed = true;
        return;
    }
    *part = (struct mn_part){.offset = base, .value = value};
}

/* `[2 ... 5] = v` at the end of a path: the value is computed for each element. */
static void
fill_range(struct mn_check *c, struct fill *f, struct mn_init_item *item, uint32_t step,
           const struct mn_ctype *type, size_t base, size_t *next)
{
    struct mn_designator *d = &item->path.items[step];
    int64_t first, last;

    if (type->kind != MN_C_ARRAY || step + 1 != item->path.count) {
        mn_error_at(c->findings, d->span, "a range stands only at the end, for elements of an array");
        return;
    }
    if (!mn_check_constant(c, d->first, &first) || !mn_check_constant(c, d->last, &last))
        return;
    if (first < 0 || last < first || (type->count ? (size_t)last >= type->count : last > 65535)) {
        mn_error_at(c->findings, d->span, "the array has no elements %lld to %lld", (long long)first,
                    (long long)last);
        return;
    }
    for (int64_t k = first; k <= last; k++)
        fill_value(c, f, item->value, type->inner, base + (size_t)k * type->inner->size);
    if (step == 0)
        *next = (size_t)last;
}

/* `.a.b[2] = v` from the type it starts in; *next is the index behind the first step. */
static void
fill_designated(struct mn_check *c, struct fill *f, struct mn_init_item *item, const struct mn_ctype *type,
                size_t base, size_t *next)
{
    const struct mn_cfield *field = NULL;
    const struct mn_ctype *outer = NULL;
    size_t within = 0;

    for (uint32_t i = 0; i < item->path.count; i++) {
        struct mn_designator *d = &item->path.items[i];
        int64_t index;
        size_t offset;

        if (!d->name) {
            if (d->last) {
                fill_range(c, f, item, i, type, base, next);
                return;
            }
            if (type->kind != MN_C_ARRAY || !mn_check_constant(c, d->first, &index))
                return;
            if (index < 0 || (type->count && (size_t)index >= type->count)) {
                mn_error_at(c->findings, d->span, "the array has no element %lld", (long long)index);
                return;
            }
            if (i == 0)
                *next = (size_t)index;
            type = type->inner;
            base += (size_t)index * type->size;
            field = NULL;
            continue;
        }
        field = mn_ctype_is_aggregate(type) ? mn_ctype_field(type, d->name, &offset) : NULL;
        if (!field) {
            mn_error_at(c->findings, d->span, "'%s' has no field '%s'", mn_spelled(c, type), d->name);
            return;
        }
        for (size_t k = 0; i == 0 && k < type->count; k++)
            if (&type->fields[k] == field)
                *next = k;
        outer = type;
        within = offset;
        base += offset;
        type = field->type;
    }
    if (field)
        fill_field(c, f, item->value, outer, field, base - within, within);
    else
        fill_value(c, f, item->value, type, base);
}

static void
fill_items(struct mn_check *c, struct fill *f, struct mn_expr *e, const struct mn_ctype *type, size_t base)
{
    size_t limit = type->kind == MN_C_UNION ? 1 : type->count;
    bool open = type->kind == MN_C_ARRAY && type->count == 0;
    size_t next = 0;

    for (uint32_t i = 0; i < e->init.count; i++, next++) {
        struct mn_init_item *item = &e->init.items[i];

        if (item->path.count) {
            fill_designated(c, f, item, type, base, &next);
        } else if (next >= limit && !open) {
            mn_error_at(c->findings, item->value->span, "too many values for '%s'", mn_spelled(c, type));
            return;
        } else if (type->kind == MN_C_ARRAY) {
            fill_value(c, f, item->value, type->inner, base + next * type->inner->size);
        } else {
            fill_field(c, f, item->value, type, &type->fields[next], base, type->fields[next].offset);
        }
        if (next + 1 > f->greatest)
            f->greatest = next + 1;
    }
}

static void
fill_text(struct mn_check *c, struct fill *f, struct mn_expr *e, const struct mn_ctype *type, size_t base)
{
    size_t count = type->count ? type->count : e->string.length + 1;

    for (size_t i = 0; i < count && i < e->string.length; i++) {
        struct mn_part *part = mn_list_add(&f->parts);

        if (!part) {
            c->arena->failed = true;
            return;
        }
        *part = (struct mn_part){
            .offset = base + i,
            .value = mn_x_int(c, type->inner->kind == MN_C_CHAR ? (signed char)e->string.bytes[i]
                                                                : (unsigned char)e->string.bytes[i],
                              type->inner, e->span.start)};
    }
    f->greatest = count;
}

static void
fill_type(struct mn_check *c, struct fill *f, struct mn_expr *e, const struct mn_ctype *type, size_t base)
{
    if (e->kind == MN_EXPR_CSTRING && type->inner->size == 1)
        fill_text(c, f, e, type, base);
    else if (mn_ctype_is_aggregate(type) || type->kind == MN_C_ARRAY)
        fill_items(c, f, e, type, base);
    else if (e->init.count == 1 && !e->init.items[0].path.count)
        fill_value(c, f, e->init.items[0].value, type, base);
    else if (e->init.count)
        mn_error_at(c->findings, e->span, "'%s' takes one value", mn_spelled(c, type));
}

struct mn_x *
mn_check_braces(struct mn_check *c, struct mn_expr *e, const struct mn_ctype *type)
{
    struct fill f = {.parts = MN_LIST_OF(struct mn_part)};
    struct mn_x *x = mn_x_new(c, MN_X_AGGREGATE, type, e->span.start);

    fill_type(c, &f, e, type, 0);
    if (type->kind == MN_C_ARRAY && type->count == 0) {
        type = mn_ctype_array(c->arena, type->inner, f.greatest);
        x->type = type ? type : x->type;
    }
    if (!mn_ctype_is_aggregate(type) && type->kind != MN_C_ARRAY) {
        /* `int x = {3}` */
        x = f.parts.count ? MN_LIST_AT(struct mn_part, &f.parts, 0)->value
                          : mn_x_int(c, 0, type, e->span.start);
    } else {
        x->aggregate.parts = mn_arena_copy(c->arena, f.parts.items, f.parts.count, f.parts.size);
        x->aggregate.count = x->aggregate.parts ? (unsigned)f.parts.count : 0;
    }
    mn_list_fini(&f.parts);
    return x;
}

struct mn_x *
mn_check_init(struct mn_check *c, struct mn_expr *e, const struct mn_ctype *type, const char *what)
{
    if (type->kind == MN_C_ERROR)
        return mn_check_expr(c, e);
    if (e->kind == MN_EXPR_INIT || e->kind == MN_EXPR_STRUCT ||
        (type->kind == MN_C_ARRAY && e->kind == MN_EXPR_CSTRING)) {
        if (e->kind == MN_EXPR_STRUCT && !mn_ctype_is_aggregate(type)) {
            mn_error_at(c->findings, e->span, "%s: a struct literal cannot become '%s'", what,
                        mn_spelled(c, type));
            return mn_x_error(c, e->span.start);
        }
        return mn_check_braces(c, e, type);
    }
    return mn_convert(c, mn_check_expr(c, e), type, e->span, what);
}

/* ---- objects ---- */

static struct mn_x *
check_box(struct mn_check *c, struct mn_expr *e)
{
    struct mn_x *x = mn_check_value(c, e->operand), *made;
    const char *name = "NSNumber";

    if (mn_x_is_error(x))
        return x;
    if (x->type->dynamic)
        return mn_dynamic_box(c, x);
    if (mn_ctype_is_object(x->type)) {
        mn_warning_at(c->findings, e->span, "the value is an object already");
        return x;
    }
    if (x->type->kind == MN_C_POINTER && x->type->inner->size == 1)
        name = "NSString";
    else if (mn_ctype_is_aggregate(x->type))
        name = "NSValue";
    else if (!mn_ctype_is_number(x->type)) {
        mn_error_at(c->findings, e->span, "'%s' cannot be boxed", mn_spelled(c, x->type));
        return mn_x_error(c, e->span.start);
    }
    if (e->operand->kind == MN_EXPR_CHARACTER && c->dialect == MN_DIALECT_OBJC)
        x = mn_coerce(c, x, &mn_ctype_char); /* @'A' is a char number */
    made = mn_x_new(c, MN_X_BOX, mn_ctype_object(c->arena, name), e->span.start);
    made->of.a = x;
    return made;
}

/* An element of a collection literal: in Mango a number boxes itself, with a warning. */
static struct mn_x *
element(struct mn_check *c, struct mn_expr *e, const char *what)
{
    struct mn_x *x = mn_check_value(c, e), *made;

    if (x->type->dynamic)
        return mn_dynamic_box(c, x);
    if (c->dialect != MN_DIALECT_MANGO || !mn_ctype_is_number(x->type))
        return mn_convert(c, x, mn_ctype_basic(MN_C_OBJECT), e->span, what);
    mn_warning_at(c->findings, e->span, "the number becomes an object; write @(...)");
    made = mn_x_new(c, MN_X_BOX, mn_ctype_basic(MN_C_OBJECT), e->span.start);
    made->of.a = x;
    return made;
}

static struct mn_x *
check_collection(struct mn_check *c, struct mn_expr *e)
{
    bool is_array = e->kind == MN_EXPR_ARRAY;
    struct mn_x *x =
        mn_x_new(c, is_array ? MN_X_ARRAY : MN_X_DICTIONARY,
                 mn_ctype_object(c->arena, is_array ? "NSArray" : "NSDictionary"), e->span.start);

    x->list.items = mn_arena_alloc(c->arena, (e->items.count + 1) * sizeof(struct mn_x *));
    if (!x->list.items)
        return mn_x_error(c, e->span.start);
    x->list.count = e->items.count;
    for (uint32_t i = 0; i < e->items.count; i++)
        x->list.items[i] = mn_lenient_element(c, element(c, e->items.items[i],
                                                         is_array ? "element of an array"
                                                         : i % 2  ? "value of a dictionary"
                                                                  : "key of a dictionary"));
    return mn_lenient_collection(c, x);
}

/* It lives as long as the block of statements around it. */
struct mn_x *
mn_lasting(struct mn_check *c, struct mn_x *value)
{
    struct mn_var *var = mn_temp_var(c, value->type), **slot;
    struct mn_x *place = mn_x_new(c, MN_X_MEMORY, value->type, value->at), *address;

    if (mn_x_is_error(value) || !c->body)
        return value;
    var->temporary = false;
    mn_var_addressed(var);
    if (!(slot = mn_list_add(&c->hoisted))) {
        c->arena->failed = true;
        return value;
    }
    *slot = var;
    address = mn_x_unary(c, MN_X_ADDRESS, mn_ctype_pointer(c->arena, value->type), mn_x_var(c, var, value->at));
    place->part.base = mn_x_binary(c, MN_X_COMMA, address->type, 0,
                                   mn_x_assign(c, mn_x_var(c, var, value->at), value), address);
    return place;
}

struct mn_x *
mn_check_literal(struct mn_check *c, struct mn_expr *e)
{
    const struct mn_ctype *type;
    struct mn_x *value;

    switch (e->kind) {
    case MN_EXPR_BOX:
        return check_box(c, e);
    case MN_EXPR_ARRAY:
    case MN_EXPR_DICTIONARY:
        return check_collection(c, e);
    case MN_EXPR_COMPOUND:
        type = mn_check_type(c, e->typed.type);
        if (type->kind == MN_C_ERROR)
            return mn_x_error(c, e->span.start);
        value = mn_check_braces(c, e->typed.operand, type);
        return value->type->kind == MN_C_ARRAY ? mn_lasting(c, value) : value;
    default:
        mn_error_at(c->findings, e->span, "%s needs a destination whose type is known",
                    mn_expr_kind_text(e->kind));
        return mn_x_error(c, e->span.start);
    }
}
