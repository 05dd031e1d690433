/* SPDX-License-Identifier: MIT */
/*
 * Places: variables, fields, elements, instance variables, and what is written to them.
 *
 * A spot is a place whose base and index have been computed, so that `a[f()] += 1` calls f once. Offsets add
 * up at compile time as far as they are constants.
 */
#include "lang/compile.h"

void
mn_compile_var(struct mn_compile *cc, struct mn_var *var)
{
    if (var->placed)
        return;
    var->placed = true;
    if (mn_var_is_cell(var)) {
        var->slot = mn_compile_owned(cc);
        var->address = mn_code_slot(cc->code, MN_SLOT_VALUE);
        mn_compile_cell(cc, var);
        return;
    }
    if (var->strong && mn_ctype_is_counted(var->type))
        var->slot = mn_compile_owned(cc);
    else if (mn_ctype_is_object(var->type))
        var->slot = mn_code_slot(cc->code, MN_SLOT_OBJECT);
    else
        var->slot = mn_code_slot_run(cc->code, (unsigned)((var->type->size + 7) / 8));
}

/* ---- making a spot ---- */

static void
move_by(struct mn_spot *spot, int64_t offset, const struct mn_ctype *type)
{
    spot->offset += offset;
    spot->type = type;
}

static void
memory_spot(struct mn_compile *cc, const struct mn_x *base, struct mn_spot *spot)
{
    while (base->kind == MN_X_CONVERT && base->type->kind == MN_C_POINTER &&
           base->of.a->type->kind == MN_C_POINTER)
        base = base->of.a;
    if (base->kind == MN_X_ADDRESS && mn_x_is_place(base->of.a)) { /* *&x is x */
        mn_compile_spot(cc, base->of.a, spot);
        if (spot->kind != MN_AT_INDEX)
            return;
    }
    spot->kind = MN_AT_MEMORY;
    spot->offset = 0;
    spot->base = mn_compile_value(cc, base);
}

static void
spill_index(struct mn_compile *cc, struct mn_spot *spot)
{
    mn_slot address;

    if (spot->kind != MN_AT_INDEX)
        return;
    address = mn_code_slot(cc->code, MN_SLOT_VALUE);
    mn_spot_address(cc, spot, address);
    spot->kind = MN_AT_MEMORY;
    spot->base = address;
    spot->offset = 0;
}

static void
index_spot(struct mn_compile *cc, const struct mn_x *x, struct mn_spot *spot)
{
    const struct mn_x *index = x->index.index;

    memory_spot(cc, x->index.base, spot);
    if (index->kind == MN_X_INT) {
        move_by(spot, index->integer * (int64_t)x->type->size, x->type);
        return;
    }
    if (spot->kind != MN_AT_MEMORY || spot->offset) { /* an array in the frame, or inside a structure */
        mn_slot address = mn_code_slot(cc->code, MN_SLOT_VALUE);

        mn_spot_address(cc, spot, address);
        spot->base = address;
        spot->offset = 0;
    }
    spot->kind = MN_AT_INDEX;
    spot->type = x->type;
    spot->index = mn_compile_value(cc, index);
    if (!mn_ctype_is_scalar(x->type) || mn_ctype_is_object(x->type))
        spill_index(cc, spot);
}

static void
field_spot(struct mn_compile *cc, const struct mn_x *x, struct mn_spot *spot)
{
    if (mn_x_is_place(x->part.base)) {
        mn_compile_spot(cc, x->part.base, spot);
        spill_index(cc, spot);
    } else {
        spot->kind = MN_AT_FRAME;
        spot->base = mn_compile_value(cc, x->part.base);
        spot->offset = 0;
    }
    spot->strong = spot->weak = false;
    spot->bits = x->part.bits;
    move_by(spot, x->part.offset, x->type);
}

void
mn_compile_spot(struct mn_compile *cc, const struct mn_x *x, struct mn_spot *spot)
{
    *spot = (struct mn_spot){.type = x->type};
    switch (x->kind) {
    case MN_X_VAR:
        mn_compile_var(cc, x->var);
        if (x->var->of || mn_var_is_cell(x->var)) {
            mn_compile_var_spot(cc, x->var, spot);
            return;
        }
        spot->kind = mn_ctype_is_scalar(x->type) && x->type->kind != MN_C_ARRAY && !x->var->addressed
                         ? MN_AT_SLOT
                         : MN_AT_FRAME;
        spot->base = x->var->slot;
        return;
    case MN_X_GLOBAL:
        spot->kind = MN_AT_MEMORY;
        spot->strong = x->global->strong;
        spot->weak = x->global->weak;
        spot->base = mn_code_slot(cc->code, MN_SLOT_VALUE);
        mn_code_data(cc->code, spot->base, x->global->offset);
        return;
    case MN_X_MEMORY:
        memory_spot(cc, x->part.base, spot);
        move_by(spot, x->part.offset, x->type);
        spot->strong = spot->weak = false;
        return;
    case MN_X_INDEX:
        index_spot(cc, x, spot);
        spot->strong = spot->weak = false;
        return;
    case MN_X_IVAR:
        spot->kind = MN_AT_MEMORY;
        spot->strong = x->ivar.strong;
        spot->weak = x->ivar.weak;
        spot->base = mn_code_slot(cc->code, MN_SLOT_VALUE);
        if (x->ivar.added)
            mn_code_added(cc->code, spot->base, mn_compile_value(cc, x->ivar.object), x->ivar.class_name,
                          x->ivar.name, mn_compile_storage_text(cc, x->type),
                          x->ivar.weak     ? MN_IVAR_WEAK
                          : x->ivar.strong ? MN_IVAR_STRONG
                                           : MN_IVAR_PLAIN);
        else
            mn_code_ivar(cc->code, spot->base, mn_compile_value(cc, x->ivar.object), x->ivar.class_name,
                         x->ivar.name);
        return;
    default:
        field_spot(cc, x, spot);
    }
}

/* ---- using it ---- */

void
mn_spot_address(struct mn_compile *cc, const struct mn_spot *spot, mn_slot dst)
{
    mn_slot scaled;

    switch (spot->kind) {
    case MN_AT_SLOT:
    case MN_AT_FRAME:
        mn_code_address(cc->code, dst, spot->base, (unsigned)spot->offset);
        return;
    case MN_AT_MEMORY:
        if (spot->offset)
            mn_code_arith_const(cc->code, MN_ADD, MN_REP_I64, dst, spot->base, spot->offset);
        else
            mn_code_move(cc->code, MN_REP_U64, dst, spot->base);
        return;
    case MN_AT_INDEX:
        scaled = dst != spot->base ? dst : mn_code_slot(cc->code, MN_SLOT_VALUE); /* p = &p[i] needs p to the end */
        mn_code_arith_const(cc->code, MN_MUL, MN_REP_I64, scaled, spot->index, (int64_t)spot->type->size);
        mn_code_arith(cc->code, MN_ADD, MN_REP_I64, dst, scaled, spot->base);
        return;
    }
}

static void
load_aggregate(struct mn_compile *cc, const struct mn_spot *spot, mn_slot dst)
{
    unsigned size = (unsigned)spot->type->size;
    mn_slot address;

    if (size == 0)
        return;
    if (spot->kind == MN_AT_FRAME && spot->offset % 8 == 0) {
        mn_code_copy(cc->code, dst, (mn_slot)(spot->base + spot->offset / 8), (size + 7) / 8);
        return;
    }
    if (spot->kind == MN_AT_MEMORY) {
        mn_code_load_bytes(cc->code, dst, spot->base, spot->offset, size);
        return;
    }
    address = mn_code_slot(cc->code, MN_SLOT_VALUE);
    mn_spot_address(cc, spot, address);
    mn_code_load_bytes(cc->code, dst, address, 0, size);
}

void
mn_spot_load(struct mn_compile *cc, const struct mn_spot *spot, mn_slot dst)
{
    enum mn_rep rep = mn_rep_for(spot->type);

    if (rep == MN_REP_AGGREGATE) {
        load_aggregate(cc, spot, dst);
        return;
    }
    if (spot->bits.width) {
        mn_bits_load(cc, spot, dst);
        return;
    }
    if (spot->weak) {
        mn_code_move(cc->code, rep, dst, mn_spot_value(cc, spot));
        return;
    }
    switch (spot->kind) {
    case MN_AT_SLOT:
        mn_code_move(cc->code, rep, dst, spot->base);
        return;
    case MN_AT_FRAME:
        mn_code_load_slot(cc->code, rep, dst, spot->base, (unsigned)spot->offset);
        return;
    case MN_AT_MEMORY:
        mn_code_load(cc->code, rep, dst, spot->base, spot->offset);
        return;
    case MN_AT_INDEX:
        mn_code_load_index(cc->code, rep, dst, spot->base, spot->index);
        return;
    }
}

mn_slot
mn_spot_value(struct mn_compile *cc, const struct mn_spot *spot)
{
    mn_slot dst;

    if (spot->kind == MN_AT_SLOT)
        return spot->base;
    if (spot->kind == MN_AT_FRAME && mn_ctype_is_aggregate(spot->type) && spot->offset % 8 == 0)
        return (mn_slot)(spot->base + spot->offset / 8);
    if (spot->weak) { /* a strong one for as long as the value is looked at */
        dst = mn_compile_owned(cc);
        mn_code_load_weak(cc->code, dst, spot->base, spot->offset);
        return dst;
    }
    dst = mn_compile_slot(cc, spot->type);
    mn_spot_load(cc, spot, dst);
    return dst;
}

static void
store_aggregate(struct mn_compile *cc, const struct mn_spot *spot, mn_slot src)
{
    unsigned size = (unsigned)spot->type->size;
    mn_slot address;

    if (size == 0)
        return;
    if (spot->kind == MN_AT_FRAME && spot->offset % 8 == 0 && size % 8 == 0) {
        mn_code_copy(cc->code, (mn_slot)(spot->base + spot->offset / 8), src, size / 8);
        return;
    }
    if (spot->kind == MN_AT_MEMORY) {
        mn_code_store_bytes(cc->code, spot->base, spot->offset, src, size);
        return;
    }
    address = mn_code_slot(cc->code, MN_SLOT_VALUE);
    mn_spot_address(cc, spot, address);
    mn_code_store_bytes(cc->code, address, 0, src, size);
}

/* An object into memory that is no instance variable: as __autoreleasing, it lives until the pool goes. */
static void
store_object(struct mn_compile *cc, const struct mn_spot *spot, mn_slot src)
{
    mn_slot kept;

    if (spot->weak) {
        mn_code_store_weak(cc->code, spot->base, spot->offset, src);
        return;
    }
    if (spot->strong && spot->kind == MN_AT_MEMORY && spot->type->kind == MN_C_BLOCK) {
        kept = mn_compile_owned(cc);
        mn_code_keep_block(cc->code, kept, src);
        mn_code_op(cc->code, MN_OP_STORE_STRONG, spot->base, kept, (int)spot->offset);
        mn_code_op(cc->code, MN_OP_RELEASE, kept, 0, 0);
        return;
    }
    if (spot->strong && spot->kind == MN_AT_MEMORY) {
        mn_code_op(cc->code, MN_OP_STORE_STRONG, spot->base, src, (int)spot->offset);
        return;
    }
    if (mn_ctype_is_counted(spot->type))
        mn_code_op(cc->code, MN_OP_RETAUT, src, 0, 0);
    if (spot->kind == MN_AT_FRAME)
        mn_code_store_slot(cc->code, MN_REP_OBJECT, spot->base, (unsigned)spot->offset, src);
    else
        mn_code_store(cc->code, MN_REP_OBJECT, spot->base, spot->offset, src);
}

void
mn_spot_store(struct mn_compile *cc, const struct mn_spot *spot, mn_slot src)
{
    enum mn_rep rep = mn_rep_for(spot->type);

    if (rep == MN_REP_AGGREGATE) {
        store_aggregate(cc, spot, src);
        return;
    }
    if (spot->bits.width) {
        mn_bits_store(cc, spot, src);
        return;
    }
    if (spot->kind == MN_AT_SLOT) {
        if (spot->type->kind == MN_C_BLOCK && mn_code_kind(cc->code, spot->base) == MN_SLOT_OWNED)
            mn_code_keep_block(cc->code, spot->base, src);
        else
            mn_code_move(cc->code, rep, spot->base, src);
        return;
    }
    if (rep == MN_REP_OBJECT) {
        store_object(cc, spot, src);
        return;
    }
    if (spot->kind == MN_AT_FRAME)
        mn_code_store_slot(cc->code, rep, spot->base, (unsigned)spot->offset, src);
    else if (spot->kind == MN_AT_MEMORY)
        mn_code_store(cc->code, rep, spot->base, spot->offset, src);
    else
        mn_code_store_index(cc->code, rep, spot->base, spot->index, src);
}

/* ---- assignment ---- */

/*
 * Whether an aggregate may be computed straight into a variable. A call fills its result last, but its
 * arguments must not lie where the result goes; everything else may read the variable while it is being
 * filled.
 */
static bool
fills_at_end(const struct mn_x *x, const struct mn_var *var)
{
    struct mn_x *const *args = x->kind == MN_X_SEND ? x->send.args : x->call.args;
    unsigned count = x->kind == MN_X_SEND ? x->send.count : x->call.count;

    if (x->kind != MN_X_SEND && x->kind != MN_X_CALL && x->kind != MN_X_CALLC)
        return false;
    for (unsigned i = 0; i < count; i++)
        if (mn_x_mentions(args[i], var))
            return false;
    return !var->addressed;
}

static void
assign_given(struct mn_compile *cc, const struct mn_x *x, const struct mn_spot *spot)
{
    const struct mn_x *value = x->assign.value, *receiver;
    mn_slot given;

    while (value->kind == MN_X_CONVERT)
        value = value->of.a;
    receiver = value->kind == MN_X_SEND ? value->send.receiver : NULL;
    if (receiver && receiver->kind == MN_X_VAR && x->assign.place->kind == MN_X_VAR &&
        receiver->var == x->assign.place->var)
        cc->replaces = value;
    given = mn_compile_given(cc, x->assign.value);
    if (spot->kind == MN_AT_SLOT && mn_code_kind(cc->code, spot->base) == MN_SLOT_OWNED) {
        mn_code_op(cc->code, MN_OP_TAKE, spot->base, given, 0);
        return;
    }
    mn_spot_store(cc, spot, given);
    /* Memory keeps its own reference by now; an unretained variable lives off the pool. */
    mn_code_op(cc->code, spot->kind == MN_AT_SLOT ? MN_OP_AUTORELEASE : MN_OP_DROP, given, 0, 0);
}

void
mn_compile_assign(struct mn_compile *cc, const struct mn_x *x, mn_slot *value)
{
    const struct mn_x *place = x->assign.place;
    struct mn_spot spot;
    mn_slot src;

    if (place->kind == MN_X_VAR && place->var->temporary)
        place->var->placed =
            false; /* the test of a loop is compiled twice, each time with slots of its own */
    mn_compile_spot(cc, place, &spot);
    if (mn_gives(x->assign.value)) {
        assign_given(cc, x, &spot);
        if (value)
            *value = mn_spot_value(cc, &spot);
        return;
    }
    if (spot.kind == MN_AT_SLOT && mn_code_kind(cc->code, spot.base) == MN_SLOT_VALUE &&
        mn_rep_for(x->type) != MN_REP_LD) {
        mn_compile_into(cc, x->assign.value, spot.base);
        src = spot.base;
    } else if (spot.kind == MN_AT_FRAME && place->kind == MN_X_VAR && mn_ctype_is_aggregate(x->type) &&
               fills_at_end(x->assign.value, place->var)) {
        mn_compile_into(cc, x->assign.value, spot.base);
        src = spot.base;
    } else {
        src = mn_compile_value(cc, x->assign.value);
        mn_spot_store(cc, &spot, src);
        if (spot.kind == MN_AT_SLOT)
            src = spot.base;
    }
    if (value && spot.bits.width) {
        *value = mn_code_slot(cc->code, MN_SLOT_VALUE);
        mn_bits_cut(cc, &spot.bits, *value, src);
    } else if (value) {
        *value = src;
    }
}

/* place = (type)((work)place op value) when the place is no plain slot of the working type. */
static void
update_slowly(struct mn_compile *cc, const struct mn_x *x, const struct mn_spot *spot, mn_slot dst)
{
    enum mn_rep rep = mn_rep_for(spot->type), work = mn_rep_for(x->update.work);
    mn_slot old, wide, right, result;

    right = x->update.value->kind == MN_X_INT ? MN_NO_SLOT : mn_compile_value(cc, x->update.value);
    old = mn_compile_slot(cc, spot->type);
    mn_spot_load(cc, spot, old);
    wide = mn_compile_slot(cc, x->update.work);
    mn_code_convert(cc->code, work, wide, rep, old);
    if (right == MN_NO_SLOT)
        mn_code_arith_const(cc->code, (enum mn_arith)x->update.op, work, wide, wide,
                            x->update.value->integer);
    else
        mn_code_arith(cc->code, (enum mn_arith)x->update.op, work, wide, wide, right);
    result = mn_compile_slot(cc, spot->type);
    if (x->update.truth)
        mn_code_truth(cc->code, work, result, wide);
    else
        mn_code_convert(cc->code, rep, result, work, wide);
    mn_spot_store(cc, spot, result);
    if (spot->bits.width && dst != MN_NO_SLOT && !x->update.before)
        mn_bits_cut(cc, &spot->bits, result, result);
    if (dst != MN_NO_SLOT)
        mn_code_move(cc->code, rep, dst, x->update.before ? old : result);
}

void
mn_compile_update(struct mn_compile *cc, const struct mn_x *x, mn_slot dst)
{
    enum mn_rep rep = mn_rep_for(x->type), work = mn_rep_for(x->update.work);
    enum mn_arith op = (enum mn_arith)x->update.op;
    struct mn_spot spot;
    mn_slot right;

    mn_compile_spot(cc, x->update.place, &spot);
    if (spot.kind != MN_AT_SLOT || rep != work || x->update.truth || rep == MN_REP_LD) {
        update_slowly(cc, x, &spot, dst);
        return;
    }
    if (x->update.before && dst != MN_NO_SLOT)
        mn_code_move(cc->code, rep, dst, spot.base);
    if (x->update.value->kind == MN_X_INT) {
        mn_code_arith_const(cc->code, op, rep, spot.base, spot.base, x->update.value->integer);
    } else {
        right = mn_compile_value(cc, x->update.value);
        mn_code_arith(cc->code, op, rep, spot.base, spot.base, right);
    }
    if (!x->update.before && dst != MN_NO_SLOT)
        mn_code_move(cc->code, rep, dst, spot.base);
}

void
mn_compile_aggregate(struct mn_compile *cc, const struct mn_x *x, mn_slot dst)
{
    unsigned slots = (unsigned)((x->type->size + 7) / 8);
    size_t covered = 0;

    for (unsigned i = 0; i < x->aggregate.count; i++)
        covered += x->aggregate.parts[i].bits.width ? 0 : x->aggregate.parts[i].value->type->size;
    if (covered < slots * 8)
        mn_code_op(cc->code, MN_OP_CLEAR, dst, (int)slots, 0);
    for (unsigned i = 0; i < x->aggregate.count; i++) {
        const struct mn_part *part = &x->aggregate.parts[i];
        unsigned mark = mn_code_mark(cc->code);
        struct mn_spot spot = {.kind = MN_AT_FRAME,
                               .type = part->value->type,
                               .base = dst,
                               .offset = (int64_t)part->offset,
                               .bits = part->bits};

        if (part->offset % 8 == 0 && !part->bits.width && mn_ctype_is_scalar(spot.type) && spot.type->size == 8 &&
            !mn_ctype_is_object(spot.type))
            mn_compile_into(cc, part->value, (mn_slot)(dst + part->offset / 8));
        else
            mn_spot_store(cc, &spot, mn_compile_value(cc, part->value));
        mn_code_reset(cc->code, mark);
    }
}
