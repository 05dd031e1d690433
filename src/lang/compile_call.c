/* SPDX-License-Identifier: MIT */
/*
 * Sends and calls: operands evaluated in order and held until the instruction reads them.
 *
 * A variable is lent unless a later operand changes it. An object that is nobody's (a getter's result, say)
 * is retained for as long as a later operand runs code that might free it; when the call follows at once that
 * would be idle.
 */
#include "lang/compile.h"

/* Keeps a value that later operands could change or free. */
static mn_slot
hold(struct mn_compile *cc, const struct mn_x *x, mn_slot value, bool calls, bool changes)
{
    mn_slot held;

    if (mn_ctype_is_counted(x->type)) {
        bool safe = mn_code_kind(cc->code, value) == MN_SLOT_OWNED ? !changes : !(calls || changes);

        if (safe || x->kind == MN_X_STRING || x->kind == MN_X_INT)
            return value;
        held = mn_compile_owned(cc);
        mn_code_op(cc->code, MN_OP_STRONG, held, value, 0);
        return held;
    }
    if (!changes)
        return value;
    held = mn_compile_slot(cc, x->type);
    if (mn_rep_for(x->type) == MN_REP_AGGREGATE)
        mn_code_copy(cc->code, held, value, (unsigned)((x->type->size + 7) / 8));
    else
        mn_code_move(cc->code, mn_rep_for(x->type), held, value);
    return held;
}

static const struct mn_var *
lent(const struct mn_x *x)
{
    while (x->kind == MN_X_CONVERT || x->kind == MN_X_FIELD)
        x = x->kind == MN_X_FIELD ? x->part.base : x->of.a;
    return x->kind == MN_X_VAR ? x->var : NULL;
}

/* One operand, given the ones still to come. Parameters and self are the caller's to keep. */
static mn_slot
operand(struct mn_compile *cc, const struct mn_x *x, struct mn_x *const *later, unsigned count)
{
    const struct mn_var *var = lent(x);
    mn_slot value = mn_compile_value(cc, x);
    bool calls = false, changes = false;

    for (unsigned i = 0; i < count; i++) {
        calls = calls || mn_x_calls(later[i]);
        changes = changes || (var && mn_x_assigns(later[i], var));
    }
    if (var && var->is_param && !var->assigned)
        calls = false;
    return hold(cc, x, value, calls, changes);
}

static struct mn_operand *
operands(struct mn_compile *cc, struct mn_x *const *args, unsigned count)
{
    struct mn_operand *made = mn_arena_alloc(cc->check->arena, (count + 1) * sizeof *made);

    for (unsigned i = 0; made && i < count; i++) {
        made[i].slot = operand(cc, args[i], args + i + 1, count - i - 1);
        made[i].encoding = mn_compile_encoding(cc, args[i]->type);
    }
    return made;
}

/* The receiver of an init takes a reference along: moved if there is one to move, else made. */
static mn_slot
consumed(struct mn_compile *cc, mn_slot receiver, bool given, bool replaced)
{
    mn_slot moved;

    if (given && mn_code_kind(cc->code, receiver) == MN_SLOT_OBJECT)
        return receiver;
    if (given || (replaced && mn_code_kind(cc->code, receiver) == MN_SLOT_OWNED)) {
        moved = mn_code_slot(cc->code, MN_SLOT_OBJECT);
        mn_code_op(cc->code, MN_OP_GIVE, moved, receiver, 0);
        return moved;
    }
    mn_code_op(cc->code, MN_OP_RETAIN, receiver, 0, 0);
    return receiver;
}

static mn_slot
receiver_of(struct mn_compile *cc, const struct mn_x *x, bool *given)
{
    const struct mn_x *r = x->send.receiver;
    mn_slot slot, kept;
    bool raises = false;

    *given = x->send.consumes && mn_gives(r);
    if (!*given)
        return operand(cc, r, x->send.args, x->send.count);
    slot = mn_compile_given(cc, r);
    for (unsigned i = 0; i < x->send.count; i++)
        raises = raises || mn_x_calls(x->send.args[i]);
    if (!raises)
        return slot;
    kept = mn_compile_owned(cc); /* an argument that raises must not leak the new object */
    mn_code_op(cc->code, MN_OP_TAKE, kept, slot, 0);
    return kept;
}

static void
send(struct mn_compile *cc, const struct mn_x *x, mn_slot dst, bool replaced)
{
    bool given;
    mn_slot receiver = receiver_of(cc, x, &given);
    struct mn_operand *args = operands(cc, x->send.args, x->send.count);
    const char *result = dst == MN_NO_SLOT ? "v" : mn_compile_encoding(cc, x->type);

    if (!args)
        return;
    if (x->send.consumes)
        receiver = consumed(cc, receiver, given, replaced);
    mn_compile_at(cc, x->at);
    switch (x->send.to) {
    case MN_TO_SUPER:
        mn_code_send_super(cc->code, dst, result, receiver, x->send.class_name, x->send.class_side,
                           x->send.selector, args, x->send.count);
        return;
    case MN_TO_ORIGINAL:
    case MN_TO_NEXT:
        mn_code_send_original(cc->code, dst, result, receiver, x->send.selector, x->send.to == MN_TO_NEXT,
                              args, x->send.count);
        return;
    case MN_TO_RECEIVER:
        if (x->send.variadic)
            mn_code_send_variadic(cc->code, dst, result, receiver, x->send.selector, args, x->send.count,
                                  x->send.fixed);
        else
            mn_code_send(cc->code, dst, result, receiver, x->send.selector, args, x->send.count);
        return;
    }
}

/* Both sides are this program's: the types are those the function was opened with. */
static void
call_own(struct mn_compile *cc, const struct mn_x *x, mn_slot dst, struct mn_operand *args)
{
    for (unsigned i = 0; i < x->call.count; i++)
        args[i].encoding = mn_type_text(cc->check, x->call.args[i]->type);
    mn_code_call(cc->code, dst, x->type->kind == MN_C_VOID ? "v" : mn_type_text(cc->check, x->type),
                 x->call.function, args, x->call.count);
}

/* Variables whose temporaries a callee may have written. */
static void
write_back(struct mn_compile *cc, size_t from)
{
    while (cc->writebacks.count > from) {
        struct mn_writeback *back = MN_LIST_AT(struct mn_writeback, &cc->writebacks, from);
        enum mn_rep rep = mn_rep_for(back->inner), to = mn_rep_for(back->place->type);
        struct mn_spot spot;
        mn_slot value = mn_compile_slot(cc, back->inner), wide = value;

        if (rep == MN_REP_OBJECT)
            value = wide = back->slot;
        else
            mn_code_load_slot(cc->code, rep, value, back->slot, 0);
        if (rep != to) {
            wide = mn_compile_slot(cc, back->place->type);
            mn_code_convert(cc->code, to, wide, rep, value);
        }
        mn_compile_spot(cc, back->place, &spot);
        mn_spot_store(cc, &spot, wide);
        mn_list_remove(&cc->writebacks, from);
    }
}

/* An open call's result is what the context has made of it. */
static const char *
block_types(struct mn_compile *cc, const struct mn_x *x)
{
    struct mn_buffer text = MN_BUFFER_EMPTY;
    const char *made;

    if (!x->call.open)
        return x->call.types;
    mn_buffer_text(&text, mn_compile_encoding(cc, x->type));
    mn_buffer_text(&text, x->call.types + 1); /* behind the "@" that was guessed */
    made = mn_arena_strdup(cc->check->arena, mn_buffer_peek(&text));
    mn_buffer_fini(&text);
    return made ? made : "v@?";
}

void
mn_compile_call(struct mn_compile *cc, const struct mn_x *x, mn_slot dst)
{
    size_t outs = cc->writebacks.count;
    struct mn_operand *args;
    mn_slot address;

    if (x->type->kind == MN_C_VOID)
        dst = MN_NO_SLOT;
    if (x->kind == MN_X_SEND) {
        send(cc, x, dst, cc->replaces == x);
    } else {
        address =
            x->kind != MN_X_CALL ? operand(cc, x->call.address, x->call.args, x->call.count) : MN_NO_SLOT;
        if (!(args = operands(cc, x->call.args, x->call.count)))
            return;
        mn_compile_at(cc, x->at);
        if (dst == MN_NO_SLOT && x->type->kind != MN_C_VOID)
            dst = mn_compile_slot(cc, x->type); /* the function's own type says what comes back */
        if (x->kind == MN_X_CALL)
            call_own(cc, x, dst, args);
        else if (x->kind == MN_X_CALLB)
            mn_code_call_block(cc->code, dst, address, block_types(cc, x), args, x->call.count);
        else
            mn_code_call_c(cc->code, dst, address, x->call.types, args, x->call.count);
    }
    write_back(cc, outs);
}

void
mn_compile_list(struct mn_compile *cc, const struct mn_x *x, mn_slot dst)
{
    struct mn_operand *items = operands(cc, x->list.items, x->list.count);
    mn_slot *slots = mn_arena_alloc(cc->check->arena, (x->list.count + 1) * sizeof *slots);

    if (!items || !slots)
        return;
    for (unsigned i = 0; i < x->list.count; i++)
        slots[i] = items[i].slot;
    mn_compile_at(cc, x->at);
    if (x->kind == MN_X_ARRAY)
        mn_code_array(cc->code, dst, slots, x->list.count);
    else
        mn_code_dictionary(cc->code, dst, slots, x->list.count);
}
