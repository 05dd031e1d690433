/* SPDX-License-Identifier: MIT */
/*
 * Arrays whose length is computed when their declaration runs: `char buffer[n + 1]`.
 *
 * The variable is a pointer that nobody assigns; what it points to belongs to a hidden strong variable of the same scope. So the
 * memory goes on every way out of the scope, exceptions included, and a declaration that runs again lets go of what it made before.
 * `sizeof` asks a third variable.
 */
#include "lang/check.h"
#include "lang/builtin/host.h" /* behind the tree, which has a member called nil */

static struct mn_s *
hidden(struct mn_check *c, struct mn_var *var, struct mn_x *init, uint32_t at)
{
    struct mn_s *s = mn_s_new(c, MN_S_DECLARE, at);

    s->declare.var = var;
    s->declare.init = init;
    return s;
}

bool
mn_is_computed_length(struct mn_check *c, struct mn_decl *d, struct mn_x **length)
{
    struct mn_tname *type = d->type;

    *length = NULL;
    if (type->kind != MN_TNAME_ARRAY || !type->array.size || c->body == c->top)
        return false;
    *length = mn_check_value(c, type->array.size);
    return (*length)->kind != MN_X_INT && !mn_x_is_error(*length) && mn_ctype_is_integer((*length)->type);
}

struct mn_s *
mn_check_computed_array(struct mn_check *c, struct mn_decl *d, struct mn_x *length)
{
    const struct mn_ctype *element = mn_check_type(c, d->type->array.of), *type = element;
    struct mn_var *extent = mn_temp_var(c, mn_ctype_basic(MN_C_ULONG)), *room = mn_temp_var(c, mn_ctype_basic(MN_C_OBJECT)), *var;
    uint32_t at = d->at.start;
    struct mn_x *made, *args[2], *bytes;
    struct mn_s *steps[3], **kept;

    if (type->kind == MN_C_VOID || type->kind == MN_C_FUNCTION || type->incomplete) {
        mn_error_at(c->findings, d->type->span, "an array cannot have elements of type '%s'", mn_spelled(c, type));
        type = mn_ctype_basic(MN_C_ERROR);
    }
    if (d->init)
        mn_error_at(c->findings, d->at, "an array whose length is computed cannot have an initialiser: assign its elements");
    if (type->kind != MN_C_ERROR && (type = mn_ctype_pointer(c->arena, type)))
        type = mn_ctype_const(c->arena, type);
    var = mn_scope_var(c, d->name, type ? type : mn_ctype_basic(MN_C_ERROR), d->at);
    if (!type || type->kind == MN_C_ERROR)
        return NULL;
    var->extent = extent;
    room->strong = true;
    room->temporary = extent->temporary = false; /* theirs are slots for the whole scope */
    args[0] = mn_coerce(c, length, mn_ctype_basic(MN_C_LONG));
    args[1] = mn_x_int(c, (int64_t)element->size, mn_ctype_basic(MN_C_LONG), at);
    made = mn_x_call_ours(c, (void (*)(void))mn_host_room, "@qq", room->type, args, 2, at);
    made->call.owned = true;
    args[0] = mn_x_var(c, room, at);
    bytes = mn_x_call_ours(c, (void (*)(void))mn_host_room_bytes, "^v@", mn_ctype_basic(MN_C_POINTER), args, 1, at);
    bytes = mn_x_unary(c, MN_X_NONZERO, type, mn_coerce(c, bytes, type));
    bytes->of.op = MN_VM_BOUNDS;
    steps[0] = hidden(c, room, made, at);
    steps[1] = hidden(c, var, bytes, at);
    args[0] = mn_x_var(c, room, at);
    steps[2] = hidden(c, extent,
                      mn_x_call_ours(c, (void (*)(void))mn_host_room_size, "Q@", extent->type, args, 1, at), at);
    kept = mn_arena_copy(c->arena, steps, 3, sizeof(struct mn_s *));
    return kept ? mn_s_sequence(c, kept, 3, at) : NULL;
}

struct mn_var *
mn_extent_of(const struct mn_x *x)
{
    const struct mn_var *var = x->kind == MN_X_VAR ? x->var : NULL;

    if (var && var->root)
        var = var->root;
    return var ? var->extent : NULL;
}
