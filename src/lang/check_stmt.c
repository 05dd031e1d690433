/* SPDX-License-Identifier: MIT */
/*
 * Statements and local declarations.
 *
 * Loops of all forms become one node, a `for` with optional parts. Names a statement declares live in the
 * scope of the block around it; a branch or loop body without braces is a scope of its own.
 */
#include "lang/check.h"

struct mn_s *
mn_s_new(struct mn_check *c, enum mn_skind kind, uint32_t at)
{
    struct mn_s *s = mn_arena_alloc(c->arena, sizeof *s);

    if (!s)
        s = &c->lost.s;
    s->kind = kind;
    s->at = at;
    return s;
}

struct mn_s *
mn_s_block(struct mn_check *c, struct mn_s **items, unsigned count, uint32_t at)
{
    struct mn_s *s = mn_s_new(c, MN_S_BLOCK, at);

    s->block.items = items;
    s->block.count = count;
    return s;
}

/* See compile_stmt.c: a block would end the life of what it declares. */
struct mn_s *
mn_s_sequence(struct mn_check *c, struct mn_s **items, unsigned count, uint32_t at)
{
    struct mn_s *s = mn_s_block(c, items, count, at);

    s->kind = MN_S_SEQUENCE;
    return s;
}

/* Declares what the statement needs beyond its own end in front of it. */
static struct mn_s *
with_hoisted(struct mn_check *c, struct mn_s *s, size_t outside)
{
    unsigned count = (unsigned)(c->hoisted.count - outside);
    struct mn_s **items = mn_arena_alloc(c->arena, (count + 1) * sizeof(struct mn_s *));

    for (unsigned i = 0; items && i < count; i++) {
        items[i] = mn_s_new(c, MN_S_DECLARE, s->at);
        items[i]->declare.var = *MN_LIST_AT(struct mn_var *, &c->hoisted, outside + i);
        items[i]->declare.init = NULL;
    }
    c->hoisted.count = outside;
    if (!items)
        return s;
    items[count] = s;
    s = mn_s_block(c, items, count + 1, s->at);
    s->kind = MN_S_SEQUENCE;
    return s;
}

/* A list of statements as one block, without a scope of its own. */
static struct mn_s *
check_list(struct mn_check *c, struct mn_stmts *list, uint32_t at)
{
    struct mn_s **items = mn_arena_alloc(c->arena, (list->count + 1) * sizeof(struct mn_s *));
    unsigned n = 0;
    size_t outside = c->hoisted.count;

    if (!items)
        return mn_s_block(c, NULL, 0, at);
    for (uint32_t i = 0; i < list->count; i++) {
        struct mn_s *s = mn_check_stmt(c, list->items[i]);

        if (s)
            items[n++] = c->hoisted.count > outside ? with_hoisted(c, s, outside) : s;
    }
    return mn_s_block(c, items, n, at);
}

struct mn_s *
mn_check_body(struct mn_check *c, struct mn_stmt *compound)
{
    return check_list(c, &compound->body, compound->span.start);
}

struct mn_s *
mn_check_scoped(struct mn_check *c, struct mn_stmt *stmt)
{
    struct mn_s *s;

    mn_scope_open(c);
    s = stmt->kind == MN_STMT_COMPOUND ? mn_check_body(c, stmt) : mn_check_stmt(c, stmt);
    mn_scope_close(c);
    return s ? s : mn_s_block(c, NULL, 0, stmt->span.start);
}

/* ---- declarations ---- */

static struct mn_s *
declared(struct mn_check *c, struct mn_var *var, struct mn_x *init, struct mn_decl *d)
{
    struct mn_s *s = mn_s_new(c, MN_S_DECLARE, d->at.start);

    s->declare.var = var;
    s->declare.init = init;
    return s;
}

/* `int a[] = {1, 2}`: the initialiser gives the size. */
static const struct mn_ctype *
sized(struct mn_check *c, const struct mn_ctype *type, const struct mn_x *init, struct mn_decl *d)
{
    if (type->kind != MN_C_ARRAY || type->count)
        return type;
    if (init && init->kind == MN_X_AGGREGATE)
        return init->type;
    mn_error_at(c->findings, d->at, "the array '%s' has no size", d->name);
    return mn_ctype_basic(MN_C_ERROR);
}

static struct mn_s *
check_auto(struct mn_check *c, struct mn_decl *d)
{
    struct mn_x *init = mn_check_value(c, d->init);
    const struct mn_ctype *type = c->dialect == MN_DIALECT_MANGO ? mn_mango_type(init->type) : init->type;

    return declared(c, mn_scope_var(c, d->name, type, d->at), mn_coerce(c, init, type), d);
}

/* How the variable keeps its value, said before anything can capture it. */
static void
set_storage(struct mn_var *var, const struct mn_decl *d)
{
    var->by_block = (d->storage & MN_STORAGE_BY_REFERENCE) != 0;
    var->weak = d->ownership == MN_OWNERSHIP_WEAK && mn_ctype_is_counted(var->type);
    if (d->ownership == MN_OWNERSHIP_UNSAFE || var->weak)
        var->strong = false;
}

static struct mn_s *
check_variable(struct mn_check *c, struct mn_decl *d)
{
    bool own = c->dialect == MN_DIALECT_OBJC; /* C: the name is known in its own initialiser */
    const struct mn_ctype *type;
    struct mn_x *init = NULL, *length;
    struct mn_var *var = NULL;

    if (d->storage & (MN_STORAGE_STATIC | MN_STORAGE_EXTERN | MN_STORAGE_THREAD))
        return mn_check_global(c, d);
    if (d->type->kind == MN_TNAME_AUTO && d->init)
        return check_auto(c, d);
    if (mn_is_computed_length(c, d, &length))
        return mn_check_computed_array(c, d, length);
    type = mn_dynamic_type(c, d->type, mn_check_variable_type(c, d->type));
    if (d->ownership == MN_OWNERSHIP_WEAK && type->kind != MN_C_ERROR && !mn_ctype_is_counted(type)) {
        mn_error_at(c->findings, d->at, "only an object can be __weak, not '%s'", mn_spelled(c, type));
        type = mn_ctype_basic(MN_C_ERROR);
    }
    if (own)
        set_storage(var = mn_scope_var(c, d->name, type, d->at), d);
    if (d->init)
        init = mn_check_init(c, d->init, type, "initialiser");
    type = sized(c, type, init, d);
    if (!own)
        set_storage(var = mn_scope_var(c, d->name, type, d->at), d);
    var->type = type;
    return declared(c, var, init, d);
}

static void
check_typedef(struct mn_check *c, struct mn_decl *d)
{
    const struct mn_ctype *type = mn_check_type(c, d->type);

    if (d->name)
        mn_scope_add(c, MN_NAME_TYPE, d->name, d->at)->type = type;
}

static void
check_prototype(struct mn_check *c, struct mn_decl *d)
{
    const struct mn_ctype *type = mn_check_type(c, d->type);

    if (d->name && type->kind == MN_C_FUNCTION)
        mn_scope_add(c, MN_NAME_FUNCTION, d->name, d->at)->type = type;
}

struct mn_s *
mn_check_local(struct mn_check *c, struct mn_decl *d)
{
    switch (d->kind) {
    case MN_DECL_VARIABLE:
        return check_variable(c, d);
    case MN_DECL_TYPEDEF:
        check_typedef(c, d);
        return NULL;
    case MN_DECL_TAG:
        mn_check_type(c, d->type);
        return NULL;
    case MN_DECL_FUNCTION:
        if (d->body)
            mn_error_at(c->findings, d->at, "a function cannot be defined inside another");
        else
            check_prototype(c, d);
        return NULL;
    default:
        return NULL;
    }
}

static struct mn_s *
check_declaration(struct mn_check *c, struct mn_stmt *stmt)
{
    struct mn_s **items = mn_arena_alloc(c->arena, (stmt->decls.count + 1) * sizeof(struct mn_s *));
    unsigned n = 0;

    if (!items)
        return NULL;
    for (uint32_t i = 0; i < stmt->decls.count; i++) {
        struct mn_s *one = mn_check_local(c, stmt->decls.items[i]);

        if (one)
            items[n++] = one;
    }
    if (n <= 1)
        return n ? items[0] : NULL;
    return mn_s_sequence(c, items, n, stmt->span.start); /* several declarators */
}

/* ---- control ---- */

static struct mn_s *
check_expression(struct mn_check *c, struct mn_stmt *stmt)
{
    struct mn_s *s = mn_s_new(c, MN_S_EXPRESSION, stmt->span.start);

    c->value_unused = true;
    s->x = mn_check_expr(c, stmt->expr);
    c->value_unused = false;
    return s;
}

static struct mn_s *
check_if(struct mn_check *c, struct mn_stmt *stmt)
{
    struct mn_s *first = NULL, *last = NULL;

    for (; stmt && stmt->kind == MN_STMT_IF;
         stmt = stmt->branch.no) { /* else-if chains may be long: no recursion */
        struct mn_s *s = mn_s_new(c, MN_S_IF, stmt->span.start);

        s->branch.test = mn_check_condition(c, stmt->branch.test);
        s->branch.yes = mn_check_scoped(c, stmt->branch.yes);
        if (last)
            last->branch.no = s;
        else
            first = s;
        last = s;
        if (c->arena->failed)
            return first;
    }
    if (stmt)
        last->branch.no = mn_check_scoped(c, stmt);
    return first;
}

static struct mn_s *
check_loop(struct mn_check *c, struct mn_stmt *stmt)
{
    struct mn_s *s = mn_s_new(c, MN_S_LOOP, stmt->span.start);

    if (stmt->kind == MN_STMT_WHILE)
        s->loop.test = mn_check_condition(c, stmt->loop.test);
    c->loops++;
    s->loop.body = mn_check_scoped(c, stmt->loop.body);
    c->loops--;
    if (stmt->kind == MN_STMT_DO) {
        s->loop.test = mn_check_condition(c, stmt->loop.test);
        s->loop.body_first = true;
    }
    return s;
}

static struct mn_s *
check_for(struct mn_check *c, struct mn_stmt *stmt)
{
    struct mn_s *s = mn_s_new(c, MN_S_LOOP, stmt->span.start);

    mn_scope_open(c);
    if (stmt->for_.first)
        s->loop.first = mn_check_stmt(c, stmt->for_.first);
    if (stmt->for_.test)
        s->loop.test = mn_check_condition(c, stmt->for_.test);
    if (stmt->for_.step) {
        c->value_unused = true;
        s->loop.step = mn_check_expr(c, stmt->for_.step);
        c->value_unused = false;
    }
    c->loops++;
    s->loop.body = mn_check_scoped(c, stmt->for_.body);
    c->loops--;
    mn_scope_close(c);
    return s;
}

/* The item the machine fills is the declared variable itself unless the body writes to that. */
static void
settle_variable(struct mn_check *c, struct mn_s *s, struct mn_var *var)
{
    struct mn_x *item;

    if (!var->assigned && !var->addressed && !var->by_block && !var->weak && !var->shared) {
        var->strong = false;
        s->for_in.item = var;
        return;
    }
    s->for_in.item = mn_temp_var(c, mn_ctype_basic(MN_C_OBJECT));
    s->for_in.var = var;
    item = mn_coerce(c, mn_x_var(c, s->for_in.item, s->at), var->type);
    s->for_in.store = mn_x_assign(c, mn_x_var(c, var, s->at), item);
}

static struct mn_s *
check_for_in(struct mn_check *c, struct mn_stmt *stmt)
{
    struct mn_s *s = mn_s_new(c, MN_S_FOR_IN, stmt->span.start);
    struct mn_expr *collection = stmt->for_in.collection;
    struct mn_var *var = NULL;
    struct mn_x *place;

    s->for_in.collection = mn_dynamic_object(c, mn_check_value(c, collection));
    if (!mn_x_is_error(s->for_in.collection) && !mn_ctype_is_object(s->for_in.collection->type))
        mn_error_at(c->findings, collection->span, "'%s' is no collection",
                    mn_spelled(c, s->for_in.collection->type));
    mn_scope_open(c);
    if (stmt->for_in.variable) {
        struct mn_decl *d = stmt->for_in.variable;
        const struct mn_ctype *type = mn_dynamic_type(c, d->type, mn_check_variable_type(c, d->type));

        if (type->kind != MN_C_ERROR && !mn_ctype_is_object(type))
            mn_error_at(c->findings, d->at, "the elements are objects, not '%s'", mn_spelled(c, type));
        var = mn_scope_var(c, d->name, type, d->at);
    } else {
        place = mn_check_expr(c, stmt->for_in.place);
        s->for_in.item = mn_temp_var(c, mn_ctype_basic(MN_C_OBJECT));
        if (!mn_x_is_error(place) && !(mn_x_is_place(place) && mn_ctype_is_object(place->type)))
            mn_error_at(c->findings, stmt->for_in.place->span, "the loop needs a variable for objects here");
        s->for_in.store =
            mn_x_assign(c, place, mn_coerce(c, mn_x_var(c, s->for_in.item, s->at), place->type));
    }
    c->loops++;
    s->for_in.body = mn_check_scoped(c, stmt->for_in.body);
    c->loops--;
    mn_scope_close(c);
    if (var)
        settle_variable(c, s, var);
    return s;
}

static struct mn_s *
check_switch(struct mn_check *c, struct mn_stmt *stmt)
{
    struct mn_s *s = mn_s_new(c, MN_S_SWITCH, stmt->span.start);
    struct mn_list cases = MN_LIST_OF(struct mn_case *), *outer = c->cases;
    const struct mn_ctype *outer_type = c->switch_type;

    s->select.value = mn_dynamic_as(c, mn_check_value(c, stmt->loop.test), mn_ctype_basic(MN_C_LONG));
    s->select.value = mn_truth(c, s->select.value, stmt->loop.test->span);
    if (mn_ctype_is_integer(s->select.value->type))
        s->select.value = mn_coerce(c, s->select.value, mn_ctype_promote(s->select.value->type));
    c->cases = &cases;
    c->switch_type = s->select.value->type;
    c->switches++;
    s->select.body = mn_check_scoped(c, stmt->loop.body);
    c->switches--;
    c->cases = outer;
    c->switch_type = outer_type;
    s->select.cases = mn_arena_copy(c->arena, cases.items, cases.count, cases.size);
    s->select.count = s->select.cases ? (unsigned)cases.count : 0;
    mn_list_fini(&cases);
    return s;
}

static bool
is_duplicate(struct mn_check *c, const struct mn_case *fresh)
{
    for (size_t i = 0; i < c->cases->count; i++) {
        const struct mn_case *old = *MN_LIST_AT(struct mn_case *, c->cases, i);

        if (old == fresh)
            continue;
        if (fresh->is_default
                ? old->is_default
                : !old->is_default && old->first->kind == MN_X_INT && fresh->first->kind == MN_X_INT &&
                      old->first->integer == fresh->first->integer && !old->last && !fresh->last)
            return true;
    }
    return false;
}

static struct mn_s *
check_case(struct mn_check *c, struct mn_stmt *stmt)
{
    struct mn_s *s = mn_s_new(c, MN_S_CASE, stmt->span.start);
    struct mn_case *made = mn_arena_alloc(c->arena, sizeof *made), **slot;

    if (!c->cases) {
        mn_error_at(c->findings, stmt->at, "'%s' outside a switch",
                    stmt->kind == MN_STMT_CASE ? "case" : "default");
        return NULL;
    }
    if (!made || !(slot = mn_list_add(c->cases))) {
        c->arena->failed = true;
        return NULL;
    }
    *slot = made;
    s->label = made;
    made->is_default = stmt->kind == MN_STMT_DEFAULT;
    if (!made->is_default) {
        made->first = mn_convert(c, mn_check_value(c, stmt->label.first), c->switch_type,
                                 stmt->label.first->span, "case label");
        if (stmt->label.last)
            made->last = mn_convert(c, mn_check_value(c, stmt->label.last), c->switch_type,
                                    stmt->label.last->span, "case label");
        if (c->dialect == MN_DIALECT_OBJC && made->first->kind != MN_X_INT && !mn_x_is_error(made->first))
            mn_error_at(c->findings, stmt->label.first->span, "an integer constant is needed here");
    }
    if (is_duplicate(c, made) && (made->is_default || c->dialect == MN_DIALECT_OBJC))
        mn_error_at(c->findings, stmt->span,
                    made->is_default ? "the switch has a default already"
                                     : "the switch has this case already");
    return s;
}

static struct mn_s *
check_jump(struct mn_check *c, struct mn_stmt *stmt)
{
    bool is_break = stmt->kind == MN_STMT_BREAK;

    if (!c->loops && !(is_break && c->switches)) {
        mn_error_at(c->findings, stmt->at,
                    is_break ? "'break' outside a loop or switch" : "'continue' outside a loop");
        return NULL;
    }
    return mn_s_new(c, is_break ? MN_S_BREAK : MN_S_CONTINUE, stmt->span.start);
}

/* The first return of a block that does not say its result's type says it. */
static struct mn_s *
infer_result(struct mn_check *c, struct mn_stmt *stmt, struct mn_s *s)
{
    const struct mn_ctype *type = mn_ctype_basic(MN_C_VOID);

    if (stmt->expr) {
        s->x = mn_dynamic_object(c, mn_decay(c, mn_check_expr(c, stmt->expr)));
        type = s->x->type;
        if (c->dialect == MN_DIALECT_MANGO)
            type = mn_mango_type(type);
        s->x = type->kind == MN_C_VOID ? mn_x_unary(c, MN_X_CONVERT, type, s->x) : mn_coerce(c, s->x, type);
    }
    c->body->result = type;
    return s;
}

static struct mn_s *
check_return(struct mn_check *c, struct mn_stmt *stmt)
{
    struct mn_s *s = mn_s_new(c, MN_S_RETURN, stmt->span.start);
    const struct mn_ctype *type = c->body ? c->body->result : NULL;

    if (!type && c->body && c->body->infers)
        return infer_result(c, stmt, s);
    if (!type || !c->body->name) {
        mn_error_at(c->findings, stmt->at, "'return' outside a method or function");
        return NULL;
    }
    if (!stmt->expr) {
        if (type->kind != MN_C_VOID && c->dialect == MN_DIALECT_OBJC)
            mn_warning_at(c->findings, stmt->at, "'return' without a value: the result is '%s'",
                          mn_spelled(c, type));
        return s;
    }
    if (type->kind == MN_C_VOID) {
        s->x = mn_check_expr(c, stmt->expr);
        if (s->x->type->kind != MN_C_VOID && !mn_x_is_error(s->x))
            mn_warning_at(c->findings, stmt->expr->span, "the value is dropped: the result is 'void'");
        s->x = mn_x_unary(c, MN_X_CONVERT, type, s->x);
        return s;
    }
    s->x = mn_check_init(c, stmt->expr, type, "result");
    return s;
}

struct mn_s *
mn_check_stmt(struct mn_check *c, struct mn_stmt *stmt)
{
    switch (stmt->kind) {
    case MN_STMT_EMPTY:
    case MN_STMT_ERROR:
        return NULL;
    case MN_STMT_COMPOUND:
        return mn_check_scoped(c, stmt);
    case MN_STMT_DECLARATION:
        return check_declaration(c, stmt);
    case MN_STMT_EXPRESSION:
        return check_expression(c, stmt);
    case MN_STMT_IF:
        return check_if(c, stmt);
    case MN_STMT_WHILE:
    case MN_STMT_DO:
        return check_loop(c, stmt);
    case MN_STMT_FOR:
        return check_for(c, stmt);
    case MN_STMT_FOR_IN:
        return check_for_in(c, stmt);
    case MN_STMT_SWITCH:
        return check_switch(c, stmt);
    case MN_STMT_CASE:
    case MN_STMT_DEFAULT:
        return check_case(c, stmt);
    case MN_STMT_BREAK:
    case MN_STMT_CONTINUE:
        return check_jump(c, stmt);
    case MN_STMT_RETURN:
        return check_return(c, stmt);
    case MN_STMT_THROW:
        return mn_check_throw(c, stmt);
    case MN_STMT_POOL:
        return mn_check_pool(c, stmt);
    case MN_STMT_TRY:
        return mn_check_try(c, stmt);
    case MN_STMT_SYNCHRONIZED:
        return mn_check_synchronized(c, stmt);
    case MN_STMT_GOTO:
    case MN_STMT_LABEL:
        return mn_check_goto(c, stmt);
    default:
        mn_error_at(c->findings, stmt->at, "'%s' is not supported yet", mn_stmt_kind_text(stmt->kind));
        return NULL;
    }
}
