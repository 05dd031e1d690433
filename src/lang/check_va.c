/* SPDX-License-Identifier: MIT */
/*
 * Variable argument lists of the patch's own functions.
 *
 * The caller lays the values one behind the other, each on a boundary of 8 bytes, in its frame; the function
 * gets the address. A va_list is an address into them: never one of the platform's, so it cannot be handed to
 * vprintf and the like.
 */
#include "lang/check.h"

/* How far one value reaches. */
static int64_t
step_of(const struct mn_ctype *type)
{
    return type->size ? (int64_t)((type->size + 7) / 8 * 8) : 8;
}

struct mn_x *
mn_pack_tail(struct mn_check *c, struct mn_x **values, unsigned count, uint32_t at)
{
    struct mn_ctype *type = mn_ctype_tagged(c->arena, MN_C_STRUCT, NULL);
    struct mn_part *parts = mn_arena_alloc(c->arena, (count + 1) * sizeof *parts);
    struct mn_x *pack, *address;
    struct mn_var *var;
    size_t size = 0;

    if (!type || !parts)
        return mn_x_error(c, at);
    for (unsigned i = 0; i < count; i++) {
        parts[i] = (struct mn_part){.offset = size, .value = values[i]};
        size += (size_t)step_of(values[i]->type);
    }
    type->size = size ? size : 8;
    type->align = 8;
    type->incomplete = false;
    pack = mn_x_new(c, MN_X_AGGREGATE, type, at);
    pack->aggregate.parts = parts;
    pack->aggregate.count = count;
    var = mn_temp_var(c, type);
    mn_var_addressed(var);
    address = mn_x_unary(c, MN_X_ADDRESS, mn_ctype_basic(MN_C_POINTER), mn_x_var(c, var, at));
    return mn_x_binary(c, MN_X_COMMA, address->type, 0, mn_x_assign(c, mn_x_var(c, var, at), pack), address);
}

static struct mn_x *
check_list(struct mn_check *c, struct mn_expr *e)
{
    struct mn_x *list = mn_check_expr(c, e);

    if (mn_x_is_error(list) || (mn_x_is_place(list) && list->type->kind == MN_C_POINTER))
        return list;
    mn_error_at(c->findings, e->span, "a variable of type va_list is needed here");
    return mn_x_error(c, e->span.start);
}

/* The value at the list's place, which moves on. */
static struct mn_x *
next_value(struct mn_check *c, struct mn_expr *e, struct mn_x *list)
{
    const struct mn_ctype *type = mn_check_type(c, e->va.type);
    const struct mn_ctype *stored = mn_ctype_is_integer(type)       ? mn_ctype_promote(type)
                                    : type->kind == MN_C_FLOAT ? mn_ctype_basic(MN_C_DOUBLE)
                                                               : type;
    struct mn_var *at = mn_temp_var(c, mn_ctype_basic(MN_C_POINTER));
    struct mn_x *place, *keep, *move;

    if (type->kind == MN_C_ERROR)
        return mn_x_error(c, e->span.start);
    keep = mn_x_assign(c, mn_x_var(c, at, e->span.start), list);
    move = mn_x_binary(c, MN_X_ARITH, mn_ctype_basic(MN_C_POINTER), MN_ADD, mn_x_var(c, at, e->span.start),
                       mn_x_int(c, step_of(stored), mn_ctype_basic(MN_C_LONG), e->span.start));
    move = mn_x_assign(c, list, mn_coerce(c, move, list->type));
    place = mn_x_new(c, MN_X_MEMORY, stored, e->span.start);
    place->part.base = mn_x_binary(c, MN_X_COMMA, at->type, 0,
                                   mn_x_binary(c, MN_X_COMMA, move->type, 0, keep, move),
                                   mn_x_var(c, at, e->span.start));
    return mn_coerce(c, place, type);
}

struct mn_x *
mn_check_va(struct mn_check *c, struct mn_expr *e)
{
    const struct mn_ctype *nothing = mn_ctype_basic(MN_C_VOID);
    struct mn_x *list = check_list(c, e->va.list), *other;

    if (mn_x_is_error(list))
        return list;
    switch (e->va.which) {
    case MN_VA_START:
        if (!c->tail) {
            mn_error_at(c->findings, e->span, "there is no variable argument list here");
            return mn_x_error(c, e->span.start);
        }
        other = mn_coerce(c, mn_x_var(c, c->tail, e->span.start), list->type);
        return mn_x_unary(c, MN_X_CONVERT, nothing, mn_x_assign(c, list, other));
    case MN_VA_ARG:
        return next_value(c, e, list);
    case MN_VA_COPY:
        other = check_list(c, e->va.other);
        return mn_x_is_error(other)
                   ? other
                   : mn_x_unary(c, MN_X_CONVERT, nothing, mn_x_assign(c, list, mn_coerce(c, other, list->type)));
    case MN_VA_END:
        break;
    }
    return mn_x_int(c, 0, nothing, e->span.start);
}
