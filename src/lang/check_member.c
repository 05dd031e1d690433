/* SPDX-License-Identifier: MIT */
/*
 * Dots, arrows and brackets behind a value (spec/mango.md 15.2, 15.7, section 7).
 *
 * What stands on the left decides: a field of a structure, a property of an object (a send), an element of an
 * array, a subscript of an object (a send). Fields and elements are places; properties and object subscripts
 * become accessors, which mn_check_assign asks for.
 */
#include "lang/check.h"
#include "runtime/suggest.h"
#include <string.h>

/* ---- instance variables ---- */

static struct mn_x *
ivar_node(struct mn_check *c, struct mn_x *object, const char *class_name, const char *name,
          const struct mn_ctype *type, bool strong, bool weak, uint32_t at)
{
    struct mn_x *x = mn_x_new(c, MN_X_IVAR, type, at);

    x->ivar.object = object;
    x->ivar.class_name = class_name;
    x->ivar.name = name;
    x->ivar.strong = strong;
    x->ivar.weak = weak;
    return x;
}

/* The type that the source declares for an instance variable of a live class; NULL when it says nothing. */
static const struct mn_ctype *
declared_type(struct mn_check *c, const char *class_name, const char *name)
{
    struct mn_klass *k = mn_klass_named(c, class_name);

    for (size_t i = 0; k && i < k->told.count; i++)
        if (strcmp(MN_LIST_AT(struct mn_kivar, &k->told, i)->name, name) == 0)
            return MN_LIST_AT(struct mn_kivar, &k->told, i)->type;
    return NULL;
}

struct mn_x *
mn_find_ivar(struct mn_check *c, struct mn_x *object, const char *class_name, const char *name, uint32_t at)
{
    struct mn_ivar live;
    struct mn_x *x;
    Class cls = Nil;

    for (unsigned depth = 0; class_name && depth < 1000; depth++, class_name = mn_super_name(c, class_name)) {
        struct mn_klass *k = mn_klass_named(c, class_name);

        for (size_t i = 0; k && i < k->ivars.count; i++) {
            struct mn_kivar *v = MN_LIST_AT(struct mn_kivar, &k->ivars, i);

            if (!v->name || strcmp(v->name, name) != 0)
                continue;
            x = ivar_node(c, object, k->name, v->name, v->type, v->strong, v->weak, at);
            x->ivar.added = k->live != Nil;
            return x;
        }
        if (!cls)
            cls = k ? k->live : mn_class_named(class_name);
    }
    if (cls && mn_ivar_find(cls, name, &live)) {
        const struct mn_ctype *type = mn_encoded_type(c, live.types);

        /* This runtime records no ownership: objects count as strong (spec/mango.md section 7). */
        if (!type || type->kind == MN_C_ERROR || type->incomplete || strchr(live.types, '?')) {
            const struct mn_ctype *declared = declared_type(c, mn_class_name(live.owner), name);

            type = declared ? declared : type && type->kind != MN_C_ERROR && !type->incomplete ? type : NULL;
        }
        if (type)
            return ivar_node(c, object, mn_class_name(live.owner), live.name, type, mn_ctype_is_counted(type),
                             false, at);
    }
    return NULL;
}

static struct mn_x *
object_arrow(struct mn_check *c, struct mn_expr *e, struct mn_x *object)
{
    const char *class_name = object->type->name, *near;
    struct mn_x *x;

    if (!class_name && object->type->kind != MN_C_BLOCK &&
        (strcmp(e->member.name, "class_pointer") == 0 || strcmp(e->member.name, "isa") == 0)) {
        x = mn_x_new(c, MN_X_MEMORY, mn_ctype_basic(MN_C_CLASS), e->span.start);
        x->part.base = mn_coerce(c, object, mn_ctype_basic(MN_C_POINTER));
        return x; /* what <objc/objc.h> says of an id */
    }
    if (object->type->kind != MN_C_OBJECT || !class_name) {
        mn_error_at(c->findings, e->span, "'->' needs an object whose class is known");
        return mn_x_error(c, e->span.start);
    }
    if ((x = mn_find_ivar(c, object, class_name, e->member.name, e->span.start)))
        return x;
    mn_error_status_at(c->findings, MEND_NO_IVAR, e->at, "'%s' has no instance variable '%s'", class_name,
                       e->member.name);
    if (!c->findings->dropped && (near = mn_suggest_ivar(mn_class_named(class_name), e->member.name)))
        mn_suggest(c->findings, "did you mean '%s'?", near);
    return mn_x_error(c, e->span.start);
}

/* ---- fields ---- */

static struct mn_x *
unknown_field(struct mn_check *c, struct mn_expr *e, const struct mn_ctype *type)
{
    unsigned best = mn_name_tolerance(strlen(e->member.name)) + 1;
    const char *near = NULL;

    if (type->incomplete) {
        mn_error_at(c->findings, e->at, "'%s' is not defined here: its fields are not known",
                    mn_spelled(c, type));
        return mn_x_error(c, e->span.start);
    }
    mn_error_at(c->findings, e->at, "'%s' has no field '%s'", mn_spelled(c, type), e->member.name);
    for (size_t i = 0; i < type->count; i++) {
        unsigned d =
            type->fields[i].name ? mn_name_distance(e->member.name, type->fields[i].name, best) : best;

        if (d < best) {
            best = d;
            near = type->fields[i].name;
        }
    }
    if (near)
        mn_suggest(c->findings, "did you mean '%s'?", near);
    else if (type->name && type->count && !type->fields[0].name)
        mn_suggest(c->findings, "the program does not tell the names of its fields: define '%s' in the patch",
                   mn_spelled(c, type));
    return mn_x_error(c, e->span.start);
}

static struct mn_x *
field_of(struct mn_check *c, struct mn_expr *e, struct mn_x *base)
{
    size_t offset;
    const struct mn_cfield *f = mn_ctype_field(base->type, e->member.name, &offset);
    struct mn_x *x;

    if (!f)
        return unknown_field(c, e, base->type);
    x = mn_x_new(c, MN_X_FIELD, f->type, e->span.start);
    if (f->is_bits) {
        x->type = mn_ctype_of_bits(f);
        x->part.bits = mn_ctype_bits(f, base->type->size, &offset);
    }
    x->part.base = base;
    x->part.offset = (int64_t)offset;
    return x;
}

struct mn_x *
mn_check_arrow(struct mn_check *c, struct mn_expr *e)
{
    struct mn_x *base = mn_check_value(c, e->member.object), *whole;

    if (mn_x_is_error(base))
        return base;
    if (mn_ctype_is_object(base->type))
        return object_arrow(c, e, base);
    if (base->type->kind != MN_C_POINTER || !mn_ctype_is_aggregate(base->type->inner)) {
        mn_error_at(c->findings, e->span, "'->' needs an object or a pointer to a structure, not '%s'",
                    mn_spelled(c, base->type));
        return mn_x_error(c, e->span.start);
    }
    whole = mn_x_new(c, MN_X_MEMORY, base->type->inner, e->span.start);
    whole->part.base = base;
    return field_of(c, e, whole);
}

/* ---- properties ---- */

static bool
is_super(const struct mn_expr *e)
{
    return e->kind == MN_EXPR_SUPER;
}

static bool
is_class_side(const struct mn_x *x)
{
    return x->type->kind == MN_C_CLASS;
}

static const char *
setter_of(struct mn_check *c, const struct mn_x *receiver, const char *name)
{
    const struct mn_kproperty *p = mn_find_property(c, receiver->type->name, name, is_class_side(receiver));

    if (p)
        return p->setter;
    return mn_text_of(c, "set%c%s:", name[0] >= 'a' && name[0] <= 'z' ? name[0] - 32 : name[0], name + 1);
}

static const char *
getter_of(struct mn_check *c, const struct mn_x *receiver, const char *name)
{
    const struct mn_kproperty *p = mn_find_property(c, receiver->type->name, name, is_class_side(receiver));

    return p ? p->getter : name;
}

static struct mn_x *
receiver_of(struct mn_check *c, struct mn_expr *e)
{
    struct mn_x *x;

    if (!is_super(e))
        return mn_dynamic_object(c, mn_check_value(c, e));
    if (c->self)
        return mn_x_var(c, c->self, e->span.start);
    x = mn_check_expr(c, e); /* reports that there is no super here */
    return mn_x_error(c, x->at);
}

struct mn_x *
mn_check_member(struct mn_check *c, struct mn_expr *e)
{
    struct mn_x *base =
        is_super(e->member.object) ? receiver_of(c, e->member.object) : mn_check_expr(c, e->member.object);

    if (mn_x_is_error(base))
        return base;
    if (mn_ctype_is_aggregate(base->type))
        return field_of(c, e, base);
    base = mn_decay(c, base);
    if (base->type->dynamic) {
        struct mn_msig ignored;
        bool known = mn_find_method(c, NULL, false, e->member.name, &ignored) != MN_FOUND_NOWHERE;
        struct mn_x *field = mn_dynamic_field(c, base, e->member.name, known);

        if (field)
            return field;
        base = mn_dynamic_object(c, base);
    }
    if (!mn_ctype_is_object(base->type)) {
        mn_error_at(c->findings, e->at, "'.%s' needs an object or a structure, not '%s'", e->member.name,
                    mn_spelled(c, base->type));
        if (base->type->kind == MN_C_POINTER && mn_ctype_is_aggregate(base->type->inner))
            mn_suggest(c->findings, "write '->%s'", e->member.name);
        return mn_x_error(c, e->span.start);
    }
    return mn_send_to(c, is_super(e->member.object) ? MN_TO_SUPER : MN_TO_RECEIVER, base,
                      getter_of(c, base, e->member.name), NULL, NULL, 0, e->span, e->at);
}

/* ---- subscripts ---- */

static struct mn_x *
object_element(struct mn_check *c, struct mn_expr *e, struct mn_x *base, struct mn_x *index)
{
    struct mn_x **args = mn_arena_copy(c->arena, &index, 1, sizeof(struct mn_x *));
    struct mn_span span = e->binary.right->span;
    bool numbered = mn_ctype_is_number(index->type);

    if (!args || mn_x_is_error(index))
        return mn_x_error(c, e->span.start);
    if (numbered && mn_ctype_is_floating(index->type)) {
        mn_error_at(c->findings, span, "an index cannot be floating-point");
        return mn_x_error(c, e->span.start);
    }
    return mn_send(c, base, numbered ? "objectAtIndexedSubscript:" : "objectForKeyedSubscript:", args, &span,
                   1, e->span, e->at);
}

struct mn_x *
mn_check_index(struct mn_check *c, struct mn_expr *e)
{
    struct mn_x *base = mn_dynamic_object(c, mn_check_value(c, e->binary.left)),
                *index = mn_check_value(c, e->binary.right), *x;

    if (mn_x_is_error(base) || mn_x_is_error(index))
        return mn_x_error(c, e->span.start);
    if (mn_ctype_is_object(base->type) && index->type->dynamic)
        return mn_dynamic_element(c, base, index, e->at);
    if (mn_ctype_is_object(base->type))
        return object_element(c, e, base, index);
    index = mn_dynamic_as(c, index, mn_ctype_basic(MN_C_LONG));
    if (base->type->kind != MN_C_POINTER || base->type->inner->size == 0 ||
        base->type->inner->kind == MN_C_FUNCTION || !mn_ctype_is_integer(index->type)) {
        mn_error_at(c->findings, e->span, "'%s' cannot be subscripted with '%s'", mn_spelled(c, base->type),
                    mn_spelled(c, index->type));
        return mn_x_error(c, e->span.start);
    }
    x = mn_x_new(c, MN_X_INDEX, base->type->inner, e->span.start);
    x->index.base = base;
    x->index.index =
        mn_coerce(c, index, mn_ctype_basic(mn_ctype_is_unsigned(index->type) ? MN_C_ULONG : MN_C_LONG));
    return x;
}

/* ---- places written by sends ---- */

/* Evaluates x into a variable, unless looking at it twice is free and the same. */
static struct mn_x *
once(struct mn_check *c, struct mn_x *x, struct mn_x **before)
{
    struct mn_var *var;
    struct mn_x *keep;

    if (x->kind == MN_X_VAR || x->kind == MN_X_INT || x->kind == MN_X_CLASS || x->kind == MN_X_STRING)
        return x;
    var = mn_temp_var(c, x->type);
    var->strong = mn_ctype_is_counted(x->type);
    keep = mn_x_assign(c, mn_x_var(c, var, x->at), x);
    *before = *before ? mn_x_binary(c, MN_X_COMMA, keep->type, 0, *before, keep) : keep;
    return mn_x_var(c, var, x->at);
}

static void
property_accessor(struct mn_check *c, struct mn_expr *e, struct mn_x *base, bool reads,
                  struct mn_accessor *out)
{
    struct mn_msig sig;
    const char *name = e->member.name;

    out->getter = getter_of(c, base, name);
    out->setter = setter_of(c, base, name);
    if (!out->setter) {
        mn_error_at(c->findings, e->at, "the property '%s' is readonly", name);
        return;
    }
    if (mn_find_method(c, base->type->name, is_class_side(base), out->setter, &sig) == MN_FOUND_NOWHERE ||
        sig.count != 1) {
        mn_error_status_at(c->findings, MEND_NO_METHOD, e->at,
                           "'%s' has no property '%s' to assign to: nothing implements '%s'",
                           mn_spelled(c, base->type), name, out->setter);
        return;
    }
    out->type = sig.params[0];
    out->receiver = reads ? once(c, base, &out->before) : base;
}

static void
subscript_accessor(struct mn_check *c, struct mn_expr *e, struct mn_x *base, bool reads,
                   struct mn_accessor *out)
{
    struct mn_x *key = mn_check_value(c, e->binary.right);
    bool numbered = mn_ctype_is_integer(key->type);

    if (mn_x_is_error(key))
        return;
    if (!numbered && !mn_ctype_is_object(key->type)) {
        mn_error_at(c->findings, e->binary.right->span, "'%s' is neither an index nor a key",
                    mn_spelled(c, key->type));
        return;
    }
    out->getter = numbered ? "objectAtIndexedSubscript:" : "objectForKeyedSubscript:";
    out->setter = numbered ? "setObject:atIndexedSubscript:" : "setObject:forKeyedSubscript:";
    out->type = mn_ctype_basic(MN_C_OBJECT);
    out->receiver = reads ? once(c, base, &out->before) : base;
    out->key = reads ? once(c, key, &out->before) : key;
}

bool
mn_check_accessor(struct mn_check *c, struct mn_expr *e, bool reads, struct mn_accessor *out)
{
    struct mn_expr *left = e->kind == MN_EXPR_MEMBER  ? e->member.object
                           : e->kind == MN_EXPR_INDEX ? e->binary.left
                                                      : NULL;
    struct mn_x *base;
    unsigned errors = c->findings->errors;

    memset(out, 0, sizeof *out);
    if (!left)
        return false;
    /* Looking at the left side tells which it is; it is checked again as a whole when it is a plain place. */
    c->findings->muted++;
    base = is_super(left) ? (c->self ? mn_x_var(c, c->self, left->span.start) : mn_x_error(c, 0))
                          : mn_check_expr(c, left);
    c->findings->muted--;
    c->findings->errors = errors;
    if (mn_x_is_error(base) || !mn_ctype_is_object(base->type))
        return false;
    out->is_super = is_super(left);
    base = receiver_of(c, left);
    if (e->kind == MN_EXPR_MEMBER)
        property_accessor(c, e, base, reads, out);
    else
        subscript_accessor(c, e, base, reads, out);
    return true;
}

struct mn_x *
mn_accessor_get(struct mn_check *c, const struct mn_accessor *a, struct mn_expr *e)
{
    struct mn_x **args = a->key ? mn_arena_copy(c->arena, &a->key, 1, sizeof(struct mn_x *)) : NULL;
    struct mn_x *x;

    x = mn_send_to(c, a->is_super ? MN_TO_SUPER : MN_TO_RECEIVER, a->receiver, a->getter, args, &e->span,
                   args ? 1 : 0, e->span, e->at);
    return mn_convert(c, x, a->type, e->span, "value");
}

struct mn_x *
mn_accessor_set(struct mn_check *c, const struct mn_accessor *a, struct mn_x *value, struct mn_expr *e)
{
    struct mn_x *both[] = {value, a->key};
    struct mn_span spans[] = {e->span, e->span};
    struct mn_x **args = mn_arena_copy(c->arena, both, 2, sizeof both[0]);

    if (!args)
        return mn_x_error(c, e->span.start);
    return mn_send_to(c, a->is_super ? MN_TO_SUPER : MN_TO_RECEIVER, a->receiver, a->setter, args, spans,
                      a->key ? 2 : 1, e->span, e->at);
}
