/* SPDX-License-Identifier: MIT */
/*
 * Blocks: literals, calls of block values, and statement expressions.
 *
 * A literal is a function of its own with the block as first parameter. Names it uses of the functions around
 * it become images (typed.h); whether an image is a copy or a shared cell is settled when all is checked.
 */
#include "lang/check.h"
#include <string.h>

/* ---- literals ---- */

/* What entering a block's body puts aside. */
struct outside {
    struct mn_body *body;
    unsigned loops, switches, catches;
    struct mn_list *cases;
    const struct mn_ctype *switch_type;
    struct mn_nest *nest;
    bool value_unused;
};

static struct outside
go_inside(struct mn_check *c, struct mn_body *body)
{
    struct outside o = {c->body, c->loops, c->switches, c->catches, c->cases, c->switch_type, c->nest, false};

    c->body = body;
    c->loops = c->switches = c->catches = 0;
    c->cases = NULL;
    c->switch_type = NULL;
    c->nest = NULL;
    c->value_unused = false;
    mn_scope_open(c);
    return o;
}

static void
come_back(struct mn_check *c, const struct outside *o)
{
    mn_scope_close(c);
    c->body = o->body;
    c->loops = o->loops;
    c->switches = o->switches;
    c->catches = o->catches;
    c->cases = o->cases;
    c->switch_type = o->switch_type;
    c->nest = o->nest;
}

static struct mn_body *
new_body(struct mn_check *c, struct mn_expr *e)
{
    struct mn_body *body = mn_body_new(c, NULL, NULL), *around = c->body;
    const char *inside = around && around->name ? around->name : "top level";

    body->is_block = true;
    body->outer = around;
    body->images = NULL;
    body->images_end = &body->images;
    while (around && around->is_block)
        around = around->outer;
    body->name = mn_text_of(c, "%s block %u", inside, around ? ++around->blocks : ++c->lost.body.blocks);
    body->class_name = c->klass ? c->klass->name : NULL;
    body->selector = around ? around->selector : NULL;
    body->class_side = c->class_side;
    body->function = mn_builder_function(c->builder, body->name);
    body->at = e->at.start;
    body->end = e->block.body->span.end ? e->block.body->span.end - 1 : 0;
    return body;
}

static bool
open_params(struct mn_check *c, struct mn_expr *e, struct mn_body *body, const struct mn_ctype **types)
{
    struct mn_decls *params = &e->block.params;
    bool whole = true;

    body->param_count = params->count + 1;
    body->params = mn_arena_alloc(c->arena, body->param_count * sizeof(struct mn_var *));
    if (!body->params)
        return false;
    body->params[0] = mn_temp_var(c, mn_ctype_basic(MN_C_BLOCK));
    body->params[0]->is_param = true;
    for (uint32_t i = 0; i < params->count; i++) {
        const struct mn_ctype *type = mn_check_type(c, params->items[i]->type);

        type = c->dialect == MN_DIALECT_MANGO ? mn_mango_type(type) : type;
        types[i] = mn_ctype_decay(c->arena, type);
        if (!types[i])
            types[i] = mn_ctype_basic(MN_C_ERROR);
        whole = mn_check_passable(c, types[i], false, params->items[i]->at) && whole;
        body->params[i + 1] = mn_scope_var(c, params->items[i]->name, types[i], params->items[i]->at);
        body->params[i + 1]->is_param = true;
        body->params[i + 1]->param = i + 1;
        if (params->items[i]->ownership == MN_OWNERSHIP_UNSAFE)
            body->params[i + 1]->strong = false;
    }
    return whole;
}

static const char *
encoding_of(struct mn_check *c, const struct mn_ctype *function)
{
    struct mn_buffer out = MN_BUFFER_EMPTY;
    const char *text;

    mn_ctype_encode(&out, function->inner);
    mn_buffer_text(&out, "@?");
    for (size_t i = 0; i < function->count; i++)
        mn_ctype_encode(&out, function->fields[i].type);
    text = mn_arena_strdup(c->arena, mn_buffer_peek(&out));
    mn_buffer_fini(&out);
    return text ? text : "v@?";
}

static const struct mn_ctype *
block_type(struct mn_check *c, const struct mn_ctype *function)
{
    struct mn_ctype made = *mn_ctype_basic(MN_C_BLOCK);
    const struct mn_ctype *type;

    made.inner = function;
    type = function ? mn_arena_copy(c->arena, &made, 1, sizeof made) : NULL;
    return type ? type : mn_ctype_basic(MN_C_ERROR);
}

struct mn_x *
mn_check_block(struct mn_check *c, struct mn_expr *e)
{
    struct mn_body *body = new_body(c, e);
    const struct mn_ctype **types = mn_arena_alloc(c->arena, (e->block.params.count + 1) * sizeof *types);
    const struct mn_ctype *function;
    unsigned errors = c->findings->errors;
    struct outside outside;
    struct mn_x *x;

    if (!types)
        return mn_x_error(c, e->span.start);
    if (e->block.variadic) {
        mn_error_at(c->findings, e->at, "a block of a patch cannot take a variable argument list");
        return mn_x_error(c, e->span.start);
    }
    outside = go_inside(c, body);
    body->infers = e->block.result == NULL;
    if (!body->infers)
        body->result = mn_check_type(c, e->block.result);
    if (body->result && c->dialect == MN_DIALECT_MANGO)
        body->result = mn_mango_type(body->result);
    if (open_params(c, e, body, types) && (body->infers || mn_check_passable(c, body->result, true, e->at)))
        body->statements = mn_check_body(c, e->block.body);
    mn_check_goals(c, body);
    if (!body->result)
        body->result = mn_ctype_basic(MN_C_VOID);
    come_back(c, &outside);
    function = mn_ctype_function(c->arena, body->result, types, e->block.params.count, false);
    if (!function || !body->statements || c->findings->errors != errors)
        return mn_x_error(c, e->span.start);
    if (!body->infers)
        mn_check_end(c, body);
    body->encoding = encoding_of(c, function);
    mn_body_done(c, body);
    x = mn_x_new(c, MN_X_BLOCK, block_type(c, function), e->span.start);
    x->block = body;
    return x;
}

/* ---- calls ---- */

/* What is known of a block of a type that says nothing: its arguments are what is given. */
static const struct mn_ctype *
guess(struct mn_check *c, struct mn_x **args, unsigned count)
{
    const struct mn_ctype **types = mn_arena_alloc(c->arena, (count + 1) * sizeof *types), *type;

    for (unsigned i = 0; types && i < count; i++)
        types[i] = args[i]->type;
    type = types ? mn_ctype_function(c->arena, mn_ctype_basic(MN_C_OBJECT), types, count, false) : NULL;
    return type ? type : mn_ctype_basic(MN_C_ERROR);
}

static struct mn_x *
argument(struct mn_check *c, struct mn_expr *e, const struct mn_ctype *function, unsigned i)
{
    struct mn_x *x;

    if (function) {
        x = mn_check_init(c, e, function->fields[i].type, mn_text_of(c, "argument %u of the block", i + 1));
    } else {
        x = mn_dynamic_object(c, mn_promote_argument(c, mn_check_expr(c, e), e->span));
        if (x->type->kind == MN_C_POINTER && mn_x_is_zero(x))
            x = mn_coerce(c, x, mn_ctype_basic(MN_C_OBJECT));
    }
    for (struct mn_x *core = x; core; core = core->kind == MN_X_CONVERT ? core->of.a : NULL)
        if (core->kind == MN_X_OUT)
            core->out.used = true;
    return x;
}

struct mn_x *
mn_call_block(struct mn_check *c, struct mn_expr *e, struct mn_x *block)
{
    const struct mn_ctype *function = block->type->kind == MN_C_BLOCK ? block->type->inner : NULL;
    unsigned count = e->call.args.count;
    struct mn_x **args = mn_arena_alloc(c->arena, (count + 1) * sizeof(struct mn_x *)), *x;
    bool known = function != NULL;

    if (!args)
        return mn_x_error(c, e->span.start);
    if (known && function->count != count) {
        mn_error_at(c->findings, e->span, "the block takes %zu argument%s, not %u", function->count,
                    function->count == 1 ? "" : "s", count);
        return mn_x_error(c, e->span.start);
    }
    for (unsigned i = 0; i < count; i++) {
        args[i] = argument(c, e->call.args.items[i], function, i);
        if (mn_x_is_error(args[i]))
            return mn_x_error(c, e->span.start);
    }
    if (!known)
        function = guess(c, args, count);
    if (function->kind == MN_C_ERROR)
        return mn_x_error(c, e->span.start);
    x = mn_x_new(c, MN_X_CALLB, function->inner, e->span.start);
    x->call.address = block;
    x->call.types = encoding_of(c, function);
    x->call.args = args;
    x->call.count = count;
    x->call.open = !known;
    return x;
}

/* ---- ({ ... }) ---- */

/* The value of the last statement is kept in a variable that lives around them. */
struct mn_x *
mn_check_statements(struct mn_check *c, struct mn_expr *e)
{
    struct mn_x *x = mn_x_new(c, MN_X_STATEMENTS, mn_ctype_basic(MN_C_VOID), e->span.start), *value;
    struct mn_s *body, *last;

    if (!c->body) {
        mn_error_at(c->findings, e->span, "a statement expression stands outside all code");
        return mn_x_error(c, e->span.start);
    }
    mn_scope_open(c);
    body = mn_check_body(c, e->statements);
    mn_scope_close(c);
    x->statements.body = body;
    last = body->block.count ? body->block.items[body->block.count - 1] : NULL;
    if (!last || last->kind != MN_S_EXPRESSION || last->x->type->kind == MN_C_VOID)
        return x;
    value = mn_decay(c, last->x);
    if (mn_x_is_error(value))
        return value;
    x->type = value->type;
    x->statements.value = mn_temp_var(c, value->type);
    x->statements.value->strong = mn_ctype_is_counted(value->type);
    last->x = mn_x_assign(c, mn_x_var(c, x->statements.value, e->span.start), value);
    return x;
}
