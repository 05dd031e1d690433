/* SPDX-License-Identifier: MIT */
/*
 * Blocks, and the variables they share: cells and images.
 *
 * A cell is held by an OWNED slot (in a block: found in what it has captured) and its value's address stands
 * in a slot of its own, so that a read is one load. A value taken along lies in the block itself.
 */
#include "lang/compile.h"

static bool
is_object(const struct mn_var *var)
{
    return mn_ctype_is_object(var->type) && (var->strong || var->weak || var->type->kind == MN_C_CLASS);
}

/* An encoding that a cell can have: arrays stand in a structure. */
const char *
mn_compile_storage_text(struct mn_compile *cc, const struct mn_ctype *type)
{
    const char *text = mn_type_text(cc->check, type);

    return type->kind == MN_C_ARRAY ? mn_text_of(cc->check, "{?=%s}", text) : text;
}

/* The encoding under which a value is captured: an object that is not kept is an address. */
static const char *
captured_text(struct mn_compile *cc, const struct mn_var *var)
{
    if (mn_var_is_cell(var))
        return "@";
    if (mn_ctype_is_object(var->type))
        return !is_object(var) && !(var->root ? var->root : var)->is_param ? "^v"
               : var->type->kind == MN_C_BLOCK                              ? "@?"
                                                                            : "@";
    return mn_compile_storage_text(cc, var->type);
}

static unsigned
words_of(const struct mn_var *var)
{
    return mn_var_is_cell(var) || var->type->size == 0 ? 1 : (unsigned)((var->type->size + 7) / 8);
}

/* ---- cells ---- */

void
mn_compile_cell(struct mn_compile *cc, struct mn_var *var)
{
    bool plain = mn_ctype_is_counted(var->type) && !var->strong && !var->weak && !var->is_param;

    mn_code_cell(cc->code, var->slot, var->address, plain ? "^v" : mn_compile_storage_text(cc, var->type),
                 var->weak);
}

void
mn_compile_var_spot(struct mn_compile *cc, const struct mn_var *var, struct mn_spot *spot)
{
    bool counted = mn_ctype_is_counted(var->type);

    spot->kind = MN_AT_MEMORY;
    spot->strong = counted && !var->weak && (var->strong || (var->root ? var->root : var)->is_param);
    spot->weak = var->weak;
    spot->offset = 0;
    if (mn_var_is_cell(var)) {
        spot->base = var->address;
    } else {
        spot->base = cc->captured;
        spot->offset = 8 * (int64_t)var->word;
    }
}

/* ---- inside a block ---- */

void
mn_compile_images(struct mn_compile *cc)
{
    unsigned word = 0;

    if (!cc->body->images)
        return;
    cc->captured = mn_code_slot(cc->code, MN_SLOT_VALUE);
    mn_code_op(cc->code, MN_OP_CAPTURED, cc->captured, mn_code_param(cc->code, 0), 0);
    for (struct mn_var *image = cc->body->images; image; image = image->next_image) {
        image->word = word;
        image->placed = true;
        word += words_of(image);
        if (!mn_var_is_cell(image))
            continue;
        image->slot = mn_code_slot(cc->code, MN_SLOT_OBJECT);
        image->address = mn_code_slot(cc->code, MN_SLOT_VALUE);
        mn_code_load(cc->code, MN_REP_OBJECT, image->slot, cc->captured, 8 * (int64_t)image->word);
        mn_code_op(cc->code, MN_OP_CELLADDR, image->address, image->slot, 0);
    }
}

/* ---- making one ---- */

/* The value of a variable around the block, in slots. */
static mn_slot
captured_value(struct mn_compile *cc, const struct mn_var *var)
{
    struct mn_x x = {.kind = MN_X_VAR, .type = var->type};
    struct mn_spot spot;

    x.var = (struct mn_var *)(uintptr_t)var;
    if (mn_var_is_cell(var) && !var->weak)
        return var->slot;
    if (var->weak) {
        const struct mn_var *root = var->root ? var->root : var;
        mn_slot cell, address;

        if (!root->assigned || root->by_block || root->shared)
            return var->slot; /* never changes, or is shared: the reference itself will do */
        cell = mn_compile_owned(cc);
        address = mn_code_slot(cc->code, MN_SLOT_VALUE);
        mn_code_cell(cc->code, cell, address, "@", true);
        mn_code_store_weak(cc->code, address, 0, mn_compile_value(cc, &x));
        return cell;
    }
    mn_compile_spot(cc, &x, &spot);
    return mn_spot_value(cc, &spot);
}

void
mn_compile_block(struct mn_compile *cc, const struct mn_x *x, mn_slot dst)
{
    const struct mn_body *body = x->block;
    unsigned count = 0, i = 0;
    struct mn_operand *captured;

    for (const struct mn_var *image = body->images; image; image = image->next_image)
        count++;
    captured = mn_arena_alloc(cc->check->arena, (count + 1) * sizeof *captured);
    for (const struct mn_var *image = body->images; captured && image; image = image->next_image, i++)
        captured[i] = (struct mn_operand){captured_value(cc, image->of), captured_text(cc, image)};
    mn_compile_at(cc, x->at);
    if (captured)
        mn_code_block(cc->code, dst, body->function, captured, count);
}
