/* SPDX-License-Identifier: MIT */
/*
 * Conversion: what may be assigned, passed and returned as what (spec/mango.md 10.4 and 13.6), and what casts
 * do.
 *
 * Numbers convert freely; addresses convert with a warning where C compilers give one; a structure only to
 * the same structure. A message that names the two types is the same for variables, arguments, results and
 * fields: `what`.
 */
#include "lang/check.h"
#include <string.h>

struct mn_x *
mn_decay(struct mn_check *c, struct mn_x *x)
{
    if (x->type->kind == MN_C_ARRAY)
        return mn_x_unary(c, MN_X_ADDRESS, mn_ctype_decay(c->arena, x->type), x);
    if (x->type->kind == MN_C_FUNCTION) { /* its node is the address already */
        x->type = mn_ctype_decay(c->arena, x->type);
        if (!x->type)
            x->type = mn_ctype_basic(MN_C_ERROR);
    }
    return x;
}

struct mn_x *
mn_settle(struct mn_x *x, bool number)
{
    const struct mn_ctype *type;

    if (x->kind == MN_X_CALLB && x->call.open && number) {
        x->type = mn_ctype_basic(MN_C_LONG); /* what arithmetic without a destination works in */
        return x;
    }
    if (x->kind != MN_X_SEND || (number ? mn_ctype_is_number(x->type) : mn_ctype_is_object(x->type)))
        return x;
    if ((type = number ? x->send.as_number : x->send.as_object)) {
        x->type = type;
        x->send.owned = x->send.owned && !number;
    }
    return x;
}

struct mn_x *
mn_coerce(struct mn_check *c, struct mn_x *x, const struct mn_ctype *type)
{
    struct mn_x *made;

    if (x->type == type || mn_x_is_error(x) || type->kind == MN_C_ERROR)
        return x;
    if (mn_ctype_is_aggregate(type))
        return x;
    if (type->kind == MN_C_BOOL && x->type->kind != MN_C_BOOL)
        return mn_x_unary(c, MN_X_TRUTH, type, x);
    if (x->type->kind == type->kind || (mn_ctype_is_object(x->type) && mn_ctype_is_object(type))) {
        /* The same bits under another name: no code, but the node must carry the name. */
        made = mn_x_new(c, MN_X_CONVERT, type, x->at);
        made->of.a = x;
        if (x->kind == MN_X_INT || x->kind == MN_X_FLOAT)
            return mn_fold(c, made);
        return made;
    }
    return mn_x_unary(c, MN_X_CONVERT, type, x);
}

static struct mn_x *
refuse(struct mn_check *c, struct mn_x *x, const struct mn_ctype *type, struct mn_span span, const char *what)
{
    mn_error_at(c->findings, span, "%s: '%s' cannot become '%s'", what, mn_spelled(c, x->type),
                mn_spelled(c, type));
    return mn_x_error(c, x->at);
}

static void
doubt(struct mn_check *c, struct mn_x *x, const struct mn_ctype *type, struct mn_span span, const char *what)
{
    mn_warning_at(c->findings, span, "%s: '%s' becomes '%s' without a cast", what, mn_spelled(c, x->type),
                  mn_spelled(c, type));
}

/* Objects of two classes neither of which is an ancestor of the other. */
static void
compare_classes(struct mn_check *c, struct mn_x *x, const struct mn_ctype *type, struct mn_span span,
                const char *what)
{
    const char *from = x->type->name, *to = type->name;

    if (x->type->kind != MN_C_OBJECT || type->kind != MN_C_OBJECT || !from || !to)
        return;
    if (mn_class_below(c, from, to) || mn_class_below(c, to, from))
        return;
    mn_warning_at(c->findings, span, "%s: a '%s *' is used as '%s *'", what, from, to);
}

static struct mn_x *
to_number(struct mn_check *c, struct mn_x *x, const struct mn_ctype *type, struct mn_span span,
          const char *what)
{
    if (mn_ctype_is_number(x->type))
        return mn_coerce(c, x, type);
    if (!mn_ctype_is_address(x->type))
        return refuse(c, x, type, span, what);
    if (type->kind == MN_C_BOOL)
        return mn_coerce(c, x, type);
    if (mn_ctype_is_floating(type))
        return refuse(c, x, type, span, what);
    if (mn_ctype_is_object(
            x->type)) { /* an object where a number is meant: nearly always a forgotten intValue */
        mn_error_at(c->findings, span, "%s: the object '%s' is not a number", what, mn_spelled(c, x->type));
        mn_suggest(c->findings, "send it intValue, integerValue or doubleValue");
        return mn_x_error(c, x->at);
    }
    doubt(c, x, type, span, what);
    return mn_coerce(c, x, type);
}

static struct mn_x *
to_object(struct mn_check *c, struct mn_x *x, const struct mn_ctype *type, struct mn_span span,
          const char *what)
{
    if (mn_ctype_is_object(x->type)) {
        compare_classes(c, x, type, span, what);
        return mn_coerce(c, x, type);
    }
    if (mn_x_is_zero(x))
        return mn_coerce(c, x, type);
    if (x->type->kind == MN_C_POINTER) {
        if (x->type->inner->kind == mn_ctype_char.kind) {
            mn_error_at(c->findings, span, "%s: a C string is not an object", what);
            mn_suggest(c->findings, "write @(...) or @\"...\"");
            return mn_x_error(c, x->at);
        }
        doubt(c, x, type, span, what);
        return mn_coerce(c, x, type);
    }
    if (mn_ctype_is_number(x->type)) {
        mn_error_at(c->findings, span, "%s: the number '%s' is not an object", what, mn_spelled(c, x->type));
        mn_suggest(c->findings, "write @(...) to make an NSNumber");
        return mn_x_error(c, x->at);
    }
    return refuse(c, x, type, span, what);
}

static bool
points_alike(const struct mn_ctype *a, const struct mn_ctype *b)
{
    a = a->inner;
    b = b->inner;
    return a->kind == MN_C_VOID || b->kind == MN_C_VOID || mn_ctype_same(a, b) ||
           (a->size == 1 && b->size == 1) || a->kind == MN_C_FUNCTION || b->kind == MN_C_FUNCTION ||
           a->incomplete || b->incomplete;
}

static struct mn_x *
to_pointer(struct mn_check *c, struct mn_x *x, const struct mn_ctype *type, struct mn_span span,
           const char *what)
{
    if (mn_x_is_zero(x))
        return mn_coerce(c, x, type);
    if (x->type->kind == MN_C_POINTER) {
        if (!points_alike(x->type, type))
            doubt(c, x, type, span, what);
        return mn_coerce(c, x, type);
    }
    if (x->type->kind == MN_C_BLOCK) /* compilers without blocks declare them as pointers to structures */
        return mn_coerce(c, x, type);
    if (!mn_ctype_is_scalar(x->type) || mn_ctype_is_floating(x->type))
        return refuse(c, x, type, span, what);
    doubt(c, x, type, span, what);
    return mn_coerce(c, x, type);
}

static struct mn_x *
to_selector(struct mn_check *c, struct mn_x *x, const struct mn_ctype *type, struct mn_span span,
            const char *what)
{
    if (x->type->kind == MN_C_SEL || mn_x_is_zero(x))
        return mn_coerce(c, x, type);
    if (x->type->kind == MN_C_POINTER)
        return mn_coerce(c, x, type);
    refuse(c, x, type, span, what);
    if (mn_ctype_is_object(x->type) || x->kind == MN_X_TEXT)
        mn_suggest(c->findings, "write @selector(...)");
    return mn_x_error(c, x->at);
}

/* A cast to a union (GCC's extension): the value as its first member of that type. NULL: it has none. */
static struct mn_x *
to_union(struct mn_check *c, struct mn_x *x, const struct mn_ctype *type)
{
    struct mn_part *part = mn_arena_alloc(c->arena, sizeof *part);
    const struct mn_ctype *member = NULL;
    struct mn_x *made;

    for (size_t i = 0; i < type->count && !member; i++)
        if (type->fields[i].name && !type->fields[i].is_bits && mn_ctype_same(type->fields[i].type, x->type))
            member = type->fields[i].type;
    for (size_t i = 0; i < type->count && !member; i++) /* objects of whatever class are one type there */
        if (type->fields[i].name && mn_ctype_is_address(type->fields[i].type) && mn_ctype_is_address(x->type) &&
            mn_ctype_is_object(type->fields[i].type) == mn_ctype_is_object(x->type))
            member = type->fields[i].type;
    if (!member || !part)
        return NULL;
    *part = (struct mn_part){.value = mn_coerce(c, x, member)};
    made = mn_x_new(c, MN_X_AGGREGATE, type, x->at);
    made->aggregate.parts = part;
    made->aggregate.count = 1;
    return made;
}

/*
 * The C library declares parameters that take one of several pointers as a union without a tag ("transparent"); such a value travels
 * like the pointer.
 */
static bool
is_transparent(const struct mn_ctype *type)
{
    if (type->kind != MN_C_UNION || type->name || !type->count)
        return false;
    for (size_t i = 0; i < type->count; i++)
        if (type->fields[i].type->kind != MN_C_POINTER)
            return false;
    return true;
}

struct mn_x *
mn_convert(struct mn_check *c, struct mn_x *x, const struct mn_ctype *type, struct mn_span span,
           const char *what)
{
    struct mn_x *made;

    if (mn_x_is_error(x) || type->kind == MN_C_ERROR)
        return x;
    x = mn_decay(c, x);
    if (x->type->dynamic && !type->dynamic && type->kind != MN_C_VOID)
        return mn_dynamic_as(c, x, type);
    if (type->dynamic && x->type->kind != MN_C_VOID)
        return mn_dynamic_of(c, x);
    if (x->kind == MN_X_CALLB && x->call.open && type->kind != MN_C_VOID && x->type->kind == MN_C_OBJECT) {
        x->type = type;
        return x;
    }
    if (mn_ctype_is_number(type))
        x = mn_settle(x, true);
    else if (mn_ctype_is_object(type))
        x = mn_settle(x, false);
    if (x->type->kind == MN_C_VOID) {
        mn_error_at(c->findings, span, "%s: there is no value here", what);
        return mn_x_error(c, x->at);
    }
    if (mn_ctype_is_aggregate(type) || mn_ctype_is_aggregate(x->type)) {
        if (is_transparent(type) && (made = to_union(c, x, type)))
            return made;
        if (mn_ctype_is_aggregate(type) && mn_ctype_is_aggregate(x->type) && mn_ctype_same(x->type, type))
            return x;
        return refuse(c, x, type, span, what);
    }
    if (mn_ctype_is_number(type))
        return to_number(c, x, type, span, what);
    if (mn_ctype_is_object(type))
        return to_object(c, x, type, span, what);
    if (type->kind == MN_C_POINTER)
        return to_pointer(c, x, type, span, what);
    if (type->kind == MN_C_SEL)
        return to_selector(c, x, type, span, what);
    return refuse(c, x, type, span, what);
}

struct mn_x *
mn_cast(struct mn_check *c, struct mn_x *x, const struct mn_ctype *type, struct mn_span span)
{
    struct mn_x *made;

    if (mn_x_is_error(x) || type->kind == MN_C_ERROR)
        return mn_x_is_error(x) ? x : mn_x_error(c, x->at);
    if (type->kind == MN_C_VOID)
        return mn_x_unary(c, MN_X_CONVERT, type, x);
    x = mn_decay(c, x);
    if (x->type->dynamic)
        return mn_dynamic_as(c, x, type);
    if (mn_ctype_is_number(type))
        x = mn_settle(x, true);
    if (mn_ctype_is_aggregate(type) && mn_ctype_is_aggregate(x->type) && mn_ctype_same(type, x->type))
        return x;
    if (type->kind == MN_C_UNION && (made = to_union(c, x, type)))
        return made;
    if (!mn_ctype_is_scalar(type) || !mn_ctype_is_scalar(x->type) ||
        (mn_ctype_is_floating(type) && mn_ctype_is_address(x->type)) ||
        (mn_ctype_is_floating(x->type) && mn_ctype_is_address(type)))
        return refuse(c, x, type, span, "cast");
    return mn_coerce(c, x, type);
}

struct mn_x *
mn_truth(struct mn_check *c, struct mn_x *x, struct mn_span span)
{
    x = mn_decay(c, x);
    if (mn_x_is_error(x))
        return x;
    if (x->type->dynamic)
        return mn_dynamic_as(c, x, &mn_ctype_c_bool);
    if (x->kind == MN_X_SEND && x->send.as_number && x->send.as_object && !x->send.owned)
        x->type = &mn_ctype_c_bool; /* whichever it is, the machine makes its truth of it */
    if (!mn_ctype_is_scalar(x->type)) {
        mn_error_at(c->findings, span, "'%s' has no truth value", mn_spelled(c, x->type));
        return mn_x_error(c, x->at);
    }
    return x;
}
