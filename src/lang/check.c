/* SPDX-License-Identifier: MIT */
/*
 * Nodes of the checked program: made here, so that constants fold and running out of memory has one place.
 *
 * A node that cannot be allocated is the check's scratch node; the arena remembers the failure and the unit
 * is refused with MEND_NO_MEMORY before anybody walks what was built from it.
 */
#include "lang/check.h"
#include <string.h>

const char *
mn_text_of(struct mn_check *c, const char *format, ...)
{
    struct mn_buffer out = MN_BUFFER_EMPTY;
    const char *text;
    va_list args;

    va_start(args, format);
    mn_buffer_vprintf(&out, format, args);
    va_end(args);
    if (out.failed)
        c->arena->failed = true;
    text = mn_arena_strdup(c->arena, mn_buffer_peek(&out));
    mn_buffer_fini(&out);
    return text ? text : "";
}

void
mn_line_of(const struct mn_check *c, uint32_t at, unsigned *line, unsigned *column)
{
    struct mn_position place = mn_source_position(c->findings->source, at);

    *line = place.line;
    *column = place.column;
}

struct mn_x *
mn_x_new(struct mn_check *c, enum mn_xkind kind, const struct mn_ctype *type, uint32_t at)
{
    struct mn_x *x = mn_arena_alloc(c->arena, sizeof *x);

    if (!x) {
        c->lost.x = (struct mn_x){.kind = MN_X_INT, .type = mn_ctype_basic(MN_C_ERROR), .at = at};
        return &c->lost.x;
    }
    x->kind = kind;
    x->type = type ? type : mn_ctype_basic(MN_C_ERROR);
    x->at = at;
    return x;
}

struct mn_x *
mn_x_int(struct mn_check *c, int64_t value, const struct mn_ctype *type, uint32_t at)
{
    struct mn_x *x = mn_x_new(c, MN_X_INT, type, at);

    x->integer = value;
    return x;
}

struct mn_x *
mn_x_text(struct mn_check *c, const char *text, uint32_t at)
{
    struct mn_x *x = mn_x_new(c, MN_X_TEXT, &mn_ctype_cstring, at);

    x->text.bytes = text;
    x->text.length = strlen(text);
    return x;
}

struct mn_x *
mn_x_error(struct mn_check *c, uint32_t at)
{
    return mn_x_int(c, 0, mn_ctype_basic(MN_C_ERROR), at);
}

struct mn_x *
mn_x_var(struct mn_check *c, struct mn_var *var, uint32_t at)
{
    struct mn_x *x = mn_x_new(c, MN_X_VAR, var->type, at);

    x->var = mn_capture(c, var);
    return x;
}

static struct mn_var *
image_in(struct mn_check *c, struct mn_body *body, struct mn_var *var)
{
    struct mn_var *root = var->root ? var->root : var, *image, *of;

    if (!var->owner || var->owner == body || !body || !body->is_block)
        return var;
    for (image = body->images; image; image = image->next_image)
        if (image->root == root)
            return image;
    of = image_in(c, body->outer, var);
    if (!(image = mn_arena_alloc(c->arena, sizeof *image)))
        return &c->lost.var;
    *image = (struct mn_var){.name = root->name,
                             .type = root->type,
                             .strong = root->strong,
                             .weak = root->weak,
                             .owner = body,
                             .of = of,
                             .root = root};
    root->captured = true;
    root->by_name |= c->dialect == MN_DIALECT_MANGO;
    root->shared |= root->type->kind == MN_C_ARRAY;
    *body->images_end = image;
    body->images_end = &image->next_image;
    return image;
}

struct mn_var *
mn_capture(struct mn_check *c, struct mn_var *var)
{
    return var->owner == c->body ? var : image_in(c, c->body, var);
}

void
mn_var_written(struct mn_var *var)
{
    var->assigned = true;
    if (var->root)
        var->root->assigned = var->root->shared = true;
}

void
mn_var_addressed(struct mn_var *var)
{
    var->addressed = true;
    if (var->root)
        var->root->addressed = var->root->shared = true;
}

struct mn_x *
mn_x_unary(struct mn_check *c, enum mn_xkind kind, const struct mn_ctype *type, struct mn_x *a)
{
    struct mn_x *x = mn_x_new(c, kind, type, a->at);

    x->of.a = a;
    return mn_fold(c, x);
}

struct mn_x *
mn_x_binary(struct mn_check *c, enum mn_xkind kind, const struct mn_ctype *type, int op, struct mn_x *a,
            struct mn_x *b)
{
    struct mn_x *x = mn_x_new(c, kind, type, a->at);

    x->of.a = a;
    x->of.b = b;
    x->of.op = (uint8_t)op;
    return mn_fold(c, x);
}

struct mn_x *
mn_x_assign(struct mn_check *c, struct mn_x *place, struct mn_x *value)
{
    struct mn_x *x = mn_x_new(c, MN_X_ASSIGN, place->type, place->at);

    if (place->kind == MN_X_VAR)
        mn_var_written(place->var);
    for (struct mn_x *whole = place; whole->kind == MN_X_FIELD; whole = whole->part.base)
        if (whole->part.base->kind == MN_X_VAR)
            mn_var_written(whole->part.base->var);
    x->assign.place = place;
    x->assign.value = value;
    return x;
}

struct mn_x *
mn_x_string(struct mn_check *c, const char *bytes, size_t length, uint32_t at)
{
    struct mn_x *x = mn_x_new(c, MN_X_STRING, mn_ctype_object(c->arena, "NSString"), at);

    x->text.bytes = bytes;
    x->text.length = length;
    return x;
}

struct mn_x *
mn_x_class(struct mn_check *c, const char *name, uint32_t at)
{
    struct mn_x *x = mn_x_new(c, MN_X_CLASS, mn_ctype_class_of(c->arena, name), at);

    x->name = name;
    return x;
}

bool
mn_x_is_place(const struct mn_x *x)
{
    switch (x->kind) {
    case MN_X_VAR:
    case MN_X_GLOBAL:
    case MN_X_MEMORY:
    case MN_X_INDEX:
    case MN_X_IVAR:
        return true;
    case MN_X_FIELD:
        return mn_x_is_place(x->part.base);
    default:
        return false;
    }
}

bool
mn_x_is_zero(const struct mn_x *x)
{
    return x->kind == MN_X_INT && x->integer == 0;
}

bool
mn_x_is_error(const struct mn_x *x)
{
    return x->type->kind == MN_C_ERROR;
}

const char *
mn_spelled(struct mn_check *c, const struct mn_ctype *type)
{
    return mn_ctype_name(c->arena, type);
}

struct mn_var *
mn_temp_var(struct mn_check *c, const struct mn_ctype *type)
{
    struct mn_var *var = mn_arena_alloc(c->arena, sizeof *var);

    if (!var)
        var = &c->lost.var;
    var->name = "";
    var->type = type;
    var->temporary = true;
    var->owner = c->body;
    return var;
}

struct mn_x *
mn_out(struct mn_check *c, struct mn_x *place, const struct mn_ctype *inner)
{
    struct mn_x *x = mn_x_new(c, MN_X_OUT, mn_ctype_pointer(c->arena, inner), place->at), **slot;

    if (place->kind == MN_X_VAR)
        mn_var_written(place->var);
    x->out.place = place;
    x->out.inner = inner;
    if ((slot = mn_list_add(&c->outs)))
        *slot = x;
    else
        c->arena->failed = true;
    return x;
}

void
mn_check_outs(struct mn_check *c)
{
    for (size_t i = 0; i < c->outs.count; i++) {
        const struct mn_x *x = *MN_LIST_AT(struct mn_x *, &c->outs, i);

        if (!x->out.used)
            mn_error_at(c->findings, (struct mn_span){x->at, x->at + 1},
                        "the address of an object variable can only be an argument");
    }
    c->outs.count = 0;
}
