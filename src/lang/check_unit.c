/* SPDX-License-Identifier: MIT */
/*
 * The whole source: what it declares first, regardless of position, then bodies, then top-level statements.
 */
#include "lang/check.h"
#include "lang/lang.h"
#include "lang/builtin/builtin.h"
#include <string.h>

static void
for_each_decl(struct mn_check *c, void (*visit)(struct mn_check *, struct mn_decl *))
{
    for (uint32_t i = 0; i < c->tree->item_count; i++) {
        struct mn_item *item = &c->tree->items[i];

        c->dialect = item->dialect;
        if (item->kind == MN_ITEM_DECLARATION)
            visit(c, item->decl);
        else if (item->kind == MN_ITEM_CLASS)
            for (uint32_t n = 0; n < item->class_->decls.count; n++)
                visit(c, item->class_->decls.items[n]);
    }
}

static void
declare_types(struct mn_check *c, struct mn_decl *d)
{
    if (d->kind == MN_DECL_TYPEDEF || d->kind == MN_DECL_TAG)
        mn_check_local(c, d);
}

/* Variables of the source are known everywhere in it; what sets them at load waits in the binding. */
static void
declare_global(struct mn_check *c, struct mn_decl *d)
{
    c->body = c->top;
    if (d->kind == MN_DECL_VARIABLE)
        d->binding = (struct mn_binding *)mn_check_global(c, d);
    c->body = NULL;
}

static bool
is_callable(struct mn_check *c, struct mn_decl *d, const struct mn_ctype *type)
{
    if (!mn_check_passable(c, type->inner, true, d->at))
        return false;
    for (size_t i = 0; i < type->count; i++)
        if (!mn_check_passable(c, type->fields[i].type, false, d->at))
            return false;
    return true;
}

static bool
same_function(const struct mn_ctype *a, const struct mn_ctype *b)
{
    if (!mn_ctype_same(a->inner, b->inner) || a->count != b->count || a->variadic != b->variadic)
        return false;
    for (size_t i = 0; i < a->count; i++)
        if (!mn_ctype_same(a->fields[i].type, b->fields[i].type))
            return false;
    return true;
}

static bool
is_of_header(struct mn_check *c, const struct mn_decl *d)
{
    return mn_source_piece(c->findings->source, d->at.start)->kind == MN_PIECE_SYSTEM;
}

unsigned
mn_use_function(struct mn_check *c, struct mn_name_entry *entry, struct mn_span at)
{
    struct mn_decl **place;

    if (!entry->waiting)
        return entry->function;
    entry->function = mn_builder_function(c->builder, entry->name);
    entry->waiting->binding = (struct mn_binding *)entry;
    if ((place = mn_list_add(&c->wanted)))
        *place = entry->waiting;
    else
        c->arena->failed = true;
    entry->waiting = NULL;
    entry->at = at; /* of its use, for messages */
    return entry->function;
}

static void
declare_function(struct mn_check *c, struct mn_decl *d)
{
    struct mn_name_entry *entry;
    const struct mn_ctype *type;

    if (d->kind != MN_DECL_FUNCTION || !d->name)
        return;
    type = mn_check_type(c, d->type);
    if (type->kind != MN_C_FUNCTION || !is_callable(c, d, type))
        return;
    entry = mn_scope_find(c, d->name);
    if (entry && entry->kind == MN_NAME_FUNCTION && !same_function(entry->type, type)) {
        mn_error_at(c->findings, d->at, "'%s' is declared again with other types", d->name);
        mn_note_at(c->findings, entry->at, "the earlier declaration is here");
        return;
    }
    if (entry && entry->kind == MN_NAME_FUNCTION && entry->own && d->body) {
        mn_error_at(c->findings, d->at, "the function '%s' is defined twice", d->name);
        return;
    }
    if (!entry || entry->kind != MN_NAME_FUNCTION)
        entry = mn_scope_add(c, MN_NAME_FUNCTION, d->name, d->at);
    entry->type = type;
    if (!d->body)
        return;
    if (is_of_header(c, d)) {
        /* An inline function: the program's own where it has one, else compiled when the patch uses it. */
        entry->own = mn_builtin_symbol(d->name) == NULL;
        entry->waiting = d;
        return;
    }
    entry->own = true;
    entry->function = mn_builder_function(c->builder, d->name);
    d->binding = (struct mn_binding *)entry; /* this is the one whose body counts */
}

static const char *
function_encoding(struct mn_check *c, const struct mn_ctype *type)
{
    struct mn_buffer out = MN_BUFFER_EMPTY;
    const char *text;

    mn_ctype_encode(&out, type->inner);
    for (size_t i = 0; i < type->count; i++)
        mn_ctype_encode(&out, type->fields[i].type);
    if (type->variadic)
        mn_buffer_text(&out, "^v");
    text = mn_arena_strdup(c->arena, mn_buffer_peek(&out));
    mn_buffer_fini(&out);
    return text ? text : "v";
}

static void
check_function(struct mn_check *c, struct mn_decl *d)
{
    struct mn_name_entry *entry = (struct mn_name_entry *)d->binding;
    struct mn_body *body;
    struct mn_decls *params;
    unsigned errors = c->findings->errors;

    if (d->kind != MN_DECL_FUNCTION || !entry)
        return;
    body = mn_body_new(c, NULL, NULL);
    params = &d->type->function.params;
    body->name = d->name;
    body->encoding = function_encoding(c, entry->type);
    body->function = entry->function;
    body->result = entry->type->inner;
    body->param_count = params->count;
    body->at = d->at.start;
    body->end = d->body->span.end - 1;
    c->body = body;
    mn_scope_open(c);
    body->params = mn_arena_alloc(c->arena, (params->count + 2) * sizeof(struct mn_var *));
    for (uint32_t i = 0; body->params && i < params->count; i++) {
        body->params[i] =
            mn_scope_var(c, params->items[i]->name, entry->type->fields[i].type, params->items[i]->at);
        body->params[i]->is_param = true;
        body->params[i]->param = i;
        if (!params->items[i]->name)
            mn_error_at(c->findings, params->items[i]->at, "a parameter of a function needs a name");
    }
    if (body->params && entry->type->variadic) {
        c->tail = body->params[params->count] = mn_temp_var(c, mn_ctype_basic(MN_C_POINTER));
        c->tail->temporary = false;
        c->tail->is_param = true;
        c->tail->param = params->count;
        body->param_count++;
    }
    body->statements = mn_check_body(c, d->body);
    c->tail = NULL;
    mn_check_goals(c, body);
    if (c->findings->errors == errors)
        mn_check_end(c, body);
    mn_scope_close(c);
    mn_body_done(c, body);
    c->body = NULL;
}

static void
add_load(struct mn_check *c, struct mn_list *items, struct mn_s *s)
{
    struct mn_s **slot;

    if (!s)
        return;
    if ((slot = mn_list_add(items)))
        *slot = s;
    else
        c->arena->failed = true;
}

static void
add_initialiser(struct mn_check *c, struct mn_list *items, struct mn_decl *d)
{
    if (d->kind == MN_DECL_VARIABLE)
        add_load(c, items, (struct mn_s *)d->binding);
}

/* A class the patch brings along is sent +load once it is there, as the runtime does with compiled ones. */
static void
add_class_loads(struct mn_check *c, struct mn_list *items)
{
    for (size_t i = 0; i < c->classes.count; i++) {
        struct mn_klass *k = *MN_LIST_AT(struct mn_klass *, &c->classes, i);

        for (size_t n = 0; !k->live && n < k->plans.count; n++) {
            const struct mn_method_plan *plan = *MN_LIST_AT(struct mn_method_plan *, &k->plans, n);
            struct mn_s *s;

            if (!plan->class_side || strcmp(plan->selector, "load") != 0)
                continue;
            s = mn_s_new(c, MN_S_EXPRESSION, k->at.start);
            s->x = mn_send_known(c, mn_x_class(c, k->name, k->at.start), "load", mn_ctype_basic(MN_C_VOID),
                                 NULL, 0, k->at.start);
            add_load(c, items, s);
        }
    }
}

/* A statement under an undecided condition asks it when its turn comes. */
static struct mn_s *
guarded(struct mn_check *c, const struct mn_item *item, struct mn_s *s)
{
    struct mn_s *made;
    struct mn_x *call;

    if (!s || !item->condition)
        return s;
    call = mn_x_new(c, MN_X_CALL, mn_ctype_basic(MN_C_BOOL), item->span.start);
    call->call.function = item->condition - 1;
    call->call.types = "B";
    made = mn_s_new(c, MN_S_IF, item->span.start);
    made->branch.test = call;
    made->branch.yes = s;
    return made;
}

/* Top-level statements and initialisers, in the order of the text, as one function without arguments. */
static struct mn_body *
check_load(struct mn_check *c)
{
    struct mn_list list = MN_LIST_OF(struct mn_s *);
    struct mn_s **items;
    struct mn_body *body = c->top;
    unsigned n;

    c->body = body;
    add_class_loads(c, &list);
    mn_scope_open(c);
    for (uint32_t i = 0; i < c->tree->item_count; i++) {
        struct mn_item *item = &c->tree->items[i];

        c->dialect = item->dialect;
        if (item->kind == MN_ITEM_STATEMENT)
            add_load(c, &list, guarded(c, item, mn_check_stmt(c, item->stmt)));
        else if (item->kind == MN_ITEM_DECLARATION)
            add_initialiser(c, &list, item->decl);
        else if (item->kind == MN_ITEM_CLASS)
            for (uint32_t k = 0; k < item->class_->decls.count; k++)
                add_initialiser(c, &list, item->class_->decls.items[k]);
    }
    n = (unsigned)list.count;
    items = mn_arena_copy(c->arena, list.items, n, sizeof *items);
    mn_list_fini(&list);
    mn_scope_close(c);
    c->body = NULL;
    if (!n || !items)
        return NULL;
    body->name = "top level";
    body->function = mn_builder_function(c->builder, body->name);
    body->statements = mn_s_block(c, items, n, 0);
    mn_body_done(c, body);
    return body;
}

/* The functions of headers that the patch uses, and those that they use. */
static void
check_wanted(struct mn_check *c)
{
    c->dialect = MN_DIALECT_OBJC;
    for (size_t i = 0; i < c->wanted.count; i++) {
        struct mn_decl *d = *MN_LIST_AT(struct mn_decl *, &c->wanted, i);
        unsigned silent = c->findings->silent;

        check_function(c, d);
        if (c->findings->silent != silent)
            mn_error_at(c->findings, ((struct mn_name_entry *)d->binding)->at,
                        "the inline function '%s' of a header uses what is not supported yet", d->name);
    }
}

mend_status
mn_check_unit(struct mn_check *c, struct mn_body **load, mend_error *err)
{
    c->findings->stage = MEND_CHECK;
    mn_settle_annotations(c);
    c->top = mn_body_new(c, NULL, NULL);
    c->top->encoding = "v";
    c->top->result = mn_ctype_basic(MN_C_VOID);
    for_each_decl(c, declare_types);
    mn_collect_classes(c);
    for_each_decl(c, declare_function);
    for_each_decl(c, declare_global);
    for_each_decl(c, check_function);
    mn_check_classes(c);
    *load = check_load(c);
    check_wanted(c);
    mn_check_outs(c);
    if (c->arena->failed || c->keep->failed || c->live->arena.failed)
        return mn_fail_memory(err);
    return mn_findings_status(c->findings, err);
}
