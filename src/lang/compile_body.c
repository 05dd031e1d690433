/* SPDX-License-Identifier: MIT */
/*
 * A function: parameters into variables, statements, a way out at the end.
 *
 * Parameters are the caller's to keep, so they get no reference of their own unless the body assigns to them.
 * In an init method self comes with a reference, which is the frame's from then on.
 */
#include "lang/compile.h"

static bool
is_self_of_init(const struct mn_compile *cc, const struct mn_var *var)
{
    return cc->body->takes_self && var->param == 0;
}

/* A parameter that a block writes, or that is weak. */
static void
place_in_cell(struct mn_compile *cc, struct mn_var *var, mn_slot arrives, const struct mn_ctype *travels)
{
    struct mn_spot spot = {.type = var->type};
    mn_slot value = arrives;
    unsigned mark;

    var->slot = mn_compile_owned(cc);
    var->address = mn_code_slot(cc->code, MN_SLOT_VALUE);
    mn_compile_cell(cc, var);
    mark = mn_code_mark(cc->code);
    mn_compile_var_spot(cc, var, &spot);
    if (mn_ctype_is_scalar(var->type) && mn_rep_for(var->type) != mn_rep_for(travels)) {
        value = mn_compile_slot(cc, var->type);
        mn_code_convert(cc->code, mn_rep_for(var->type), value, mn_rep_for(travels), arrives);
    }
    mn_spot_store(cc, &spot, value);
    if (is_self_of_init(cc, var))
        mn_code_op(cc->code, MN_OP_DROP, arrives, 0, 0); /* the cell has a reference of its own */
    mn_code_reset(cc->code, mark);
}

static void
place_parameter(struct mn_compile *cc, struct mn_var *var)
{
    mn_slot arrives = mn_code_param(cc->code, var->param);
    unsigned behind = cc->body->selector ? var->param - 2 : var->param;
    const struct mn_ctype *travels = var->type;

    if (cc->body->travel_params && var->param >= 2)
        travels = cc->body->travel_params[behind];
    var->placed = true;
    var->slot = arrives;
    if (mn_var_is_cell(var)) {
        place_in_cell(cc, var, arrives, travels);
        return;
    }
    if (is_self_of_init(cc, var)) {
        var->slot = mn_compile_owned(cc);
        mn_code_op(cc->code, MN_OP_TAKE, var->slot, arrives, 0);
    } else if (mn_ctype_is_counted(var->type) && var->assigned && var->strong) {
        var->slot = mn_compile_owned(cc);
        mn_code_op(cc->code, MN_OP_STRONG, var->slot, arrives, 0);
    } else if (mn_ctype_is_scalar(var->type) && mn_rep_for(var->type) != mn_rep_for(travels)) {
        /* The declared type is a view of what travels: convert once. */
        var->slot = mn_compile_slot(cc, var->type);
        mn_code_convert(cc->code, mn_rep_for(var->type), var->slot, mn_rep_for(travels), arrives);
    }
}

/* A missing return gives zero (spec/mango.md 8.2). */
static void
fall_out(struct mn_compile *cc)
{
    struct mn_s end = {.kind = MN_S_RETURN, .at = cc->body->end};

    if (mn_code_reachable(cc->code))
        mn_compile_stmt(cc, &end);
}

void
mn_compile_body(struct mn_check *check, const struct mn_body *body)
{
    struct mn_compile cc = {.check = check, .body = body, .writebacks = MN_LIST_OF(struct mn_writeback)};
    struct mn_function_spec spec = {.name = body->name,
                                    .class_name = body->class_name,
                                    .selector = body->selector,
                                    .class_method = body->class_side,
                                    .types = body->encoding};

    cc.code = mn_code_open(check->builder, &spec);
    mn_compile_at(&cc, body->at);
    for (unsigned i = 0; i < body->param_count; i++)
        place_parameter(&cc, body->params[i]);
    mn_compile_images(&cc);
    mn_compile_stmt(&cc, body->statements);
    mn_compile_at(&cc, body->end);
    fall_out(&cc);
    mn_code_close(cc.code);
    mn_list_fini(&cc.writebacks);
}
