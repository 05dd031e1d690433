/* SPDX-License-Identifier: MIT */
/* Statements, methods, classes and the whole document as JSON. */
#include "lang/json/write.h"

#include "lang/json/write_parts.h"

#include <mend/source.h>
#include <string.h>

static void write_stmt(struct mn_writing *g, const struct mn_stmt *s);

static void
open_stmt(struct mn_writing *g, const char *word)
{
    mn_json_object(&g->w, NULL);
    mn_json_put_text(&g->w, "do", word);
}

/* A body is a list; braces of its own are not a statement. */
void
mn_write_body(struct mn_writing *g, const char *name, const struct mn_stmt *body)
{
    mn_json_array(&g->w, name);
    if (body && body->kind == MN_STMT_COMPOUND)
        for (uint32_t i = 0; i < body->body.count; i++)
            write_stmt(g, body->body.items[i]);
    else if (body)
        write_stmt(g, body);
    mn_json_end(&g->w);
}

/* ---- Declarations ---- */

static void
write_variable(struct mn_writing *g, const struct mn_decl *d)
{
    const char *storage = d->storage & MN_STORAGE_STATIC         ? "static"
                          : d->storage & MN_STORAGE_BY_REFERENCE ? "block"
                          : d->ownership == MN_OWNERSHIP_WEAK    ? "weak"
                                                                 : NULL;

    if (d->kind != MN_DECL_VARIABLE || d->storage & (MN_STORAGE_EXTERN | MN_STORAGE_THREAD) ||
        d->ownership == MN_OWNERSHIP_UNSAFE) {
        mn_write_refuse(g, d->span, "this declaration inside a body");
        return;
    }
    open_stmt(g, "let");
    mn_json_put_text(&g->w, "name", d->name);
    if (d->type->kind != MN_TNAME_AUTO)
        mn_write_type(g, "type", d->type);
    if (d->init)
        mn_write_init(g, "value", d->type, d->init);
    if (storage)
        mn_json_put_text(&g->w, "storage", storage);
    mn_json_end(&g->w);
}

static void
write_assigned(struct mn_writing *g, const struct mn_expr *e)
{
    char op[8] = "=";

    open_stmt(g, "set");
    mn_write_expr(g, "target", e->binary.left);
    if (e->op != MN_OPERATOR_NONE) {
        strcpy(op, mn_operator_text(e->op));
        mn_json_put_text(&g->w, "op", strcat(op, "="));
    }
    mn_write_expr(g, "value", e->binary.right);
    mn_json_end(&g->w);
}

static void
write_expression(struct mn_writing *g, const struct mn_expr *e)
{
    if (e->kind == MN_EXPR_ASSIGN) {
        write_assigned(g, e);
        return;
    }
    open_stmt(g, "expr");
    mn_write_expr(g, "value", e);
    mn_json_end(&g->w);
}

/* ---- switch ---- */

static bool
is_label(const struct mn_stmt *s)
{
    return s->kind == MN_STMT_CASE || s->kind == MN_STMT_DEFAULT;
}

static bool
never_falls(const struct mn_stmt *s)
{
    return s->kind == MN_STMT_RETURN || s->kind == MN_STMT_THROW || s->kind == MN_STMT_CONTINUE;
}

static void
write_match(struct mn_writing *g, const struct mn_stmt *s)
{
    if (!s->label.last) {
        mn_write_expr(g, NULL, s->label.first);
        return;
    }
    mn_json_object(&g->w, NULL);
    mn_write_expr(g, "from", s->label.first);
    mn_write_expr(g, "to", s->label.last);
    mn_json_end(&g->w);
}

/* Labels, then statements up to the next label; a break at their end is what a case has anyway. */
static uint32_t
write_case(struct mn_writing *g, struct mn_stmts all, uint32_t at)
{
    uint32_t labels = at, end, stop;
    bool other = false, match = false;

    while (at < all.count && is_label(all.items[at])) {
        other |= all.items[at]->kind == MN_STMT_DEFAULT;
        match |= all.items[at++]->kind == MN_STMT_CASE;
    }
    for (end = at; end < all.count && !is_label(all.items[end]); end++)
        continue;
    stop = end > at && all.items[end - 1]->kind == MN_STMT_BREAK ? end - 1 : end;
    mn_json_object(&g->w, NULL);
    if (match) {
        mn_json_array(&g->w, "match");
        for (uint32_t i = labels; i < at; i++)
            if (all.items[i]->kind == MN_STMT_CASE)
                write_match(g, all.items[i]);
        mn_json_end(&g->w);
    }
    if (other)
        mn_json_put_bool(&g->w, "default", true);
    mn_json_array(&g->w, "body");
    for (uint32_t i = at; i < stop; i++)
        write_stmt(g, all.items[i]);
    mn_json_end(&g->w);
    if (stop == end && !(end > at && never_falls(all.items[end - 1])))
        mn_json_put_bool(&g->w, "fallthrough", true);
    mn_json_end(&g->w);
    return end;
}

static void
write_switch(struct mn_writing *g, const struct mn_stmt *s)
{
    struct mn_stmts all = s->loop.body->kind == MN_STMT_COMPOUND ? s->loop.body->body : (struct mn_stmts){0};

    open_stmt(g, "switch");
    mn_write_expr(g, "value", s->loop.test);
    mn_json_array(&g->w, "cases");
    if (all.count && !is_label(all.items[0]))
        mn_write_refuse(g, all.items[0]->span, "statements before the first case");
    for (uint32_t at = 0; at < all.count;)
        at = is_label(all.items[at]) ? write_case(g, all, at) : at + 1;
    mn_json_end(&g->w);
    mn_json_end(&g->w);
}

/* ---- Control ---- */

static void
write_if(struct mn_writing *g, const struct mn_stmt *s)
{
    const struct mn_stmt *more = s->branch.no;

    open_stmt(g, "if");
    mn_write_expr(g, "cond", s->branch.test);
    mn_write_body(g, "then", s->branch.yes);
    if (more && more->kind == MN_STMT_IF) {
        mn_json_array(&g->w, "elseIf");
        for (; more && more->kind == MN_STMT_IF; more = more->branch.no) {
            mn_json_object(&g->w, NULL);
            mn_write_expr(g, "cond", more->branch.test);
            mn_write_body(g, "then", more->branch.yes);
            mn_json_end(&g->w);
        }
        mn_json_end(&g->w);
    }
    if (more)
        mn_write_body(g, "else", more);
    mn_json_end(&g->w);
}

static void
write_loop(struct mn_writing *g, const struct mn_stmt *s, const char *word)
{
    open_stmt(g, word);
    mn_write_expr(g, "cond", s->loop.test);
    mn_write_body(g, "body", s->loop.body);
    mn_json_end(&g->w);
}

/* a, b, c: a statement each. */
static void
write_steps(struct mn_writing *g, const struct mn_expr *e)
{
    if (e->kind == MN_EXPR_BINARY && e->op == MN_OPERATOR_COMMA) {
        write_steps(g, e->binary.left);
        write_steps(g, e->binary.right);
    } else {
        write_expression(g, e);
    }
}

static void
write_for(struct mn_writing *g, const struct mn_stmt *s)
{
    open_stmt(g, "for");
    if (s->for_.first) {
        mn_json_array(&g->w, "init");
        if (s->for_.first->kind == MN_STMT_EXPRESSION)
            write_steps(g, s->for_.first->expr);
        else
            write_stmt(g, s->for_.first);
        mn_json_end(&g->w);
    }
    if (s->for_.test)
        mn_write_expr(g, "cond", s->for_.test);
    if (s->for_.step) {
        mn_json_array(&g->w, "step");
        write_steps(g, s->for_.step);
        mn_json_end(&g->w);
    }
    mn_write_body(g, "body", s->for_.body);
    mn_json_end(&g->w);
}

static void
write_for_in(struct mn_writing *g, const struct mn_stmt *s)
{
    const struct mn_decl *variable = s->for_in.variable;

    if (!variable) {
        mn_write_refuse(g, s->span, "a for-in over a variable declared before");
        return;
    }
    open_stmt(g, "forIn");
    mn_json_put_text(&g->w, "var", variable->name);
    mn_write_type(g, "type", variable->type);
    mn_write_expr(g, "in", s->for_in.collection);
    mn_write_body(g, "body", s->for_in.body);
    mn_json_end(&g->w);
}

static void
write_try(struct mn_writing *g, const struct mn_stmt *s)
{
    open_stmt(g, "try");
    mn_write_body(g, "body", s->try_.body);
    if (s->try_.count)
        mn_json_array(&g->w, "catch");
    for (uint32_t i = 0; i < s->try_.count; i++) {
        const struct mn_catch_clause *one = &s->try_.catches[i];
        const struct mn_tname *type = one->param ? one->param->type : NULL;

        mn_json_object(&g->w, NULL);
        if (type && type->kind == MN_TNAME_POINTER && type->of->kind == MN_TNAME_NAMED)
            mn_json_put_text(&g->w, "class", type->of->named.name);
        else if (type && type->kind != MN_TNAME_ID)
            mn_write_refuse(g, one->span, "a catch of this type");
        if (one->param && one->param->name)
            mn_json_put_text(&g->w, "var", one->param->name);
        mn_write_body(g, "body", one->body);
        mn_json_end(&g->w);
    }
    if (s->try_.count)
        mn_json_end(&g->w);
    if (s->try_.finally)
        mn_write_body(g, "finally", s->try_.finally);
    mn_json_end(&g->w);
}

static void
write_guarded(struct mn_writing *g, const struct mn_stmt *s)
{
    open_stmt(g, s->kind == MN_STMT_POOL ? "autoreleasepool" : "synchronized");
    if (s->guarded.lock)
        mn_write_expr(g, "on", s->guarded.lock);
    mn_write_body(g, "body", s->guarded.body);
    mn_json_end(&g->w);
}

static void
write_word(struct mn_writing *g, const char *word, const struct mn_expr *value)
{
    open_stmt(g, word);
    if (value)
        mn_write_expr(g, "value", value);
    mn_json_end(&g->w);
}

static void
write_stmt(struct mn_writing *g, const struct mn_stmt *s)
{
    switch (s->kind) {
    case MN_STMT_EMPTY:
        break;
    case MN_STMT_COMPOUND:
        open_stmt(g, "block");
        mn_write_body(g, "body", s);
        mn_json_end(&g->w);
        break;
    case MN_STMT_DECLARATION:
        for (uint32_t i = 0; i < s->decls.count; i++)
            write_variable(g, s->decls.items[i]);
        break;
    case MN_STMT_EXPRESSION:
        write_expression(g, s->expr);
        break;
    case MN_STMT_IF:
        write_if(g, s);
        break;
    case MN_STMT_SWITCH:
        write_switch(g, s);
        break;
    case MN_STMT_WHILE:
    case MN_STMT_DO:
        write_loop(g, s, s->kind == MN_STMT_DO ? "doWhile" : "while");
        break;
    case MN_STMT_FOR:
        write_for(g, s);
        break;
    case MN_STMT_FOR_IN:
        write_for_in(g, s);
        break;
    case MN_STMT_BREAK:
    case MN_STMT_CONTINUE:
        write_word(g, s->kind == MN_STMT_BREAK ? "break" : "continue", NULL);
        break;
    case MN_STMT_RETURN:
    case MN_STMT_THROW:
        write_word(g, s->kind == MN_STMT_RETURN ? "return" : "throw", s->expr);
        break;
    case MN_STMT_TRY:
        write_try(g, s);
        break;
    case MN_STMT_SYNCHRONIZED:
    case MN_STMT_POOL:
        write_guarded(g, s);
        break;
    default:
        mn_write_refuse(g, s->span, mn_stmt_kind_text(s->kind));
    }
}

/* ---- Classes ---- */

static void
write_typed(struct mn_writing *g, const char *name, const struct mn_tname *type)
{
    mn_json_object(&g->w, NULL);
    mn_json_put_text(&g->w, "name", name);
    if (type)
        mn_write_type(g, "type", type);
    mn_json_end(&g->w);
}

static void
write_method(struct mn_writing *g, const struct mn_method_decl *m)
{
    if (m->variadic || m->annotations.count || m->dialect == MN_DIALECT_MANGO)
        mn_write_refuse(g, m->at, m->dialect == MN_DIALECT_MANGO ? "a body in Mango" : "this method");
    mn_json_object(&g->w, NULL);
    mn_json_put_text(&g->w, "method", m->selector);
    if (m->is_class)
        mn_json_put_bool(&g->w, "isStatic", true);
    mn_json_put_bool(&g->w, "add", true);
    if (m->result)
        mn_write_type(g, "returns", m->result);
    if (m->params.count) {
        mn_json_array(&g->w, "params");
        for (uint32_t i = 0; i < m->params.count; i++)
            write_typed(g, m->params.items[i]->name, m->params.items[i]->type);
        mn_json_end(&g->w);
    }
    mn_write_body(g, "messages", m->body);
    mn_json_end(&g->w);
}

static void
write_property(struct mn_writing *g, const struct mn_property_decl *p)
{
    const char *ownership = p->flags & MN_PROP_COPY     ? "copy"
                            : p->flags & MN_PROP_WEAK   ? "weak"
                            : p->flags & MN_PROP_ASSIGN ? "assign"
                            : p->flags & MN_PROP_STRONG ? "retain"
                                                        : NULL;

    if (p->flags & MN_PROP_CLASS)
        mn_write_refuse(g, p->span, "a property of a class");
    mn_json_object(&g->w, NULL);
    mn_json_put_text(&g->w, "name", p->name.name);
    mn_write_type(g, "type", p->type);
    if (ownership)
        mn_json_put_text(&g->w, "ownership", ownership);
    if (!(p->flags & MN_PROP_NONATOMIC))
        mn_json_put_bool(&g->w, "atomic", true);
    if (p->flags & MN_PROP_READONLY)
        mn_json_put_bool(&g->w, "readonly", true);
    if (p->getter)
        mn_json_put_text(&g->w, "getter", p->getter);
    if (p->setter)
        mn_json_put_text(&g->w, "setter", p->setter);
    mn_json_end(&g->w);
}

static bool
is_part_of(const struct mn_item *item, const char *name, enum mn_class_form form)
{
    return item->kind == MN_ITEM_CLASS && item->class_->form == form && item->class_->name.name == name;
}

/* What the interfaces of a class say of it, beside its implementation. */
static void
write_interface(struct mn_writing *g, const char *name)
{
    const struct mn_tree *tree = g->tree;
    bool open = false;

    for (uint32_t i = 0; i < tree->item_count; i++)
        if (is_part_of(&tree->items[i], name, MN_FORM_INTERFACE) && tree->items[i].class_->superclass.name)
            mn_json_put_text(&g->w, "superclass", tree->items[i].class_->superclass.name);
    for (uint32_t i = 0; i < tree->item_count; i++)
        for (uint32_t k = 0; is_part_of(&tree->items[i], name, MN_FORM_INTERFACE) && k < tree->items[i].class_->protocols.count; k++) {
            if (!open)
                mn_json_array(&g->w, "protocols");
            open = true;
            mn_json_put_text(&g->w, NULL, tree->items[i].class_->protocols.items[k].name);
        }
    if (open)
        mn_json_end(&g->w);
    open = false;
    for (uint32_t i = 0; i < tree->item_count; i++)
        for (uint32_t k = 0; is_part_of(&tree->items[i], name, MN_FORM_INTERFACE) && k < tree->items[i].class_->property_count; k++) {
            if (!open)
                mn_json_array(&g->w, "properties");
            open = true;
            write_property(g, tree->items[i].class_->properties[k]);
        }
    if (open)
        mn_json_end(&g->w);
    open = false;
    for (uint32_t i = 0; i < tree->item_count; i++)
        for (uint32_t k = 0; is_part_of(&tree->items[i], name, MN_FORM_INTERFACE) && k < tree->items[i].class_->ivars.count; k++) {
            const struct mn_decl *ivar = tree->items[i].class_->ivars.items[k];

            if (!open)
                mn_json_array(&g->w, "ivars");
            open = true;
            write_typed(g, ivar->name, ivar->type);
        }
    if (open)
        mn_json_end(&g->w);
}

static void
write_class(struct mn_writing *g, const struct mn_class_decl *c)
{
    if (c->form == MN_FORM_MANGO_CLASS || c->decls.count || c->dynamic.count || c->ivars.count)
        mn_write_refuse(g, c->at, "this form of a class");
    mn_json_object(&g->w, NULL);
    mn_json_put_text(&g->w, "cls", c->name.name);
    write_interface(g, c->name.name);
    mn_json_array(&g->w, "methodList");
    for (uint32_t i = 0; i < c->method_count; i++)
        write_method(g, c->methods[i]);
    mn_json_end(&g->w);
    mn_json_end(&g->w);
}

/* ---- The document ---- */

static bool
is_tag(const struct mn_item *item, enum mn_decl_kind kind)
{
    return item->kind == MN_ITEM_DECLARATION && item->decl->kind == kind && item->decl->type->kind == MN_TNAME_TAGGED &&
           item->decl->type->tag->kind != MN_TAG_ENUM;
}

/* A structure's definition, by its typedef if it has no name of its own. */
static bool
is_struct(const struct mn_item *item)
{
    if (is_tag(item, MN_DECL_TAG))
        return item->decl->type->tag->defined && item->decl->type->tag->name;
    return is_tag(item, MN_DECL_TYPEDEF) && item->decl->type->tag->defined && !item->decl->type->tag->name;
}

/* What such a definition has said already: the tag without a name, a typedef of the tag's own name. */
static bool
is_struct_again(const struct mn_item *item)
{
    if (is_tag(item, MN_DECL_TAG))
        return !item->decl->type->tag->name;
    return is_tag(item, MN_DECL_TYPEDEF) && item->decl->type->tag->name && item->decl->name == item->decl->type->tag->name;
}

static void
write_struct(struct mn_writing *g, const struct mn_decl *d)
{
    const struct mn_tag_decl *tag = d->type->tag;

    mn_json_object(&g->w, tag->name ? tag->name : d->name);
    if (tag->kind == MN_TAG_UNION)
        mn_json_put_bool(&g->w, "union", true);
    mn_json_array(&g->w, "fields");
    for (uint32_t i = 0; i < tag->members.count; i++) {
        const struct mn_decl *field = tag->members.items[i];
        const struct mn_tname *type = field->type;

        if (!field->name || field->bits || type->kind == MN_TNAME_ARRAY)
            mn_write_refuse(g, field->span, "this field");
        else
            write_typed(g, field->name, type);
    }
    mn_json_end(&g->w);
    mn_json_end(&g->w);
}

static void
write_function(struct mn_writing *g, const struct mn_decl *d)
{
    if (d->body)
        mn_write_refuse(g, d->at, "a function with a body");
    mn_json_object(&g->w, d->name);
    mn_write_type(g, "returns", d->type->function.result);
    mn_json_array(&g->w, "params");
    for (uint32_t i = 0; i < d->type->function.params.count; i++)
        mn_write_type(g, NULL, d->type->function.params.items[i]->type);
    mn_json_end(&g->w);
    if (d->type->function.variadic)
        mn_json_put_bool(&g->w, "variadic", true);
    mn_json_end(&g->w);
}

static void
write_global(struct mn_writing *g, const struct mn_decl *d)
{
    mn_json_object(&g->w, d->name);
    mn_write_type(g, "type", d->type);
    if (d->init)
        mn_write_init(g, "init", d->type, d->init);
    mn_json_end(&g->w);
}

static bool
is_written(const struct mn_item *item)
{
    return is_struct(item) || is_struct_again(item) || item->kind == MN_ITEM_FORWARD_CLASS || item->kind == MN_ITEM_FORWARD_PROTOCOL ||
           (item->kind == MN_ITEM_CLASS && item->class_->form != MN_FORM_PROTOCOL) ||
           (item->kind == MN_ITEM_DECLARATION &&
            (item->decl->kind == MN_DECL_FUNCTION || item->decl->kind == MN_DECL_VARIABLE)) ||
           (item->kind == MN_ITEM_STATEMENT && item->stmt->kind == MN_STMT_EMPTY);
}

static void
write_section(struct mn_writing *g, const char *name, bool (*fits)(const struct mn_item *),
              void (*write)(struct mn_writing *, const struct mn_decl *))
{
    bool open = false;

    for (uint32_t i = 0; i < g->tree->item_count; i++) {
        if (!fits(&g->tree->items[i]))
            continue;
        if (!open)
            mn_json_object(&g->w, name);
        open = true;
        write(g, g->tree->items[i].decl);
    }
    if (open)
        mn_json_end(&g->w);
}

static bool
is_function_item(const struct mn_item *item)
{
    return item->kind == MN_ITEM_DECLARATION && item->decl->kind == MN_DECL_FUNCTION;
}

static bool
is_global_item(const struct mn_item *item)
{
    return item->kind == MN_ITEM_DECLARATION && item->decl->kind == MN_DECL_VARIABLE;
}

/* A source lets exceptions pass unless it says otherwise; a document must say it. */
static void
write_policy(struct mn_writing *g)
{
    static const char *const words[] = {[MEND_POLICY_DEFAULT] = "raise",
                                        [MEND_POLICY_PROPAGATE] = "raise",
                                        [MEND_POLICY_ZERO] = "zero",
                                        [MEND_POLICY_NEXT] = "original",
                                        [MEND_POLICY_ABORT] = "abort"};

    if (g->tree->policy == MEND_POLICY_WITHDRAW || g->tree->policy_after > 1)
        mn_write_refuse(g, (struct mn_span){0, 1}, "this failure policy");
    else
        mn_json_put_text(&g->w, "onError", words[g->tree->policy]);
}

void
mn_json_write(const struct mn_tree *tree, struct mn_findings *findings, struct mn_buffer *out)
{
    struct mn_writing g = {.w = MN_JSON_INTO(out), .findings = findings, .tree = tree};

    mn_json_object(&g.w, NULL);
    if (tree->profile > MEND_PROFILE_MEND)
        mn_write_refuse(&g, (struct mn_span){0, 1}, "the profile of another system");
    mn_json_put_int(&g.w, "format", 2);
    write_policy(&g);
    write_section(&g, "structs", is_struct, write_struct);
    write_section(&g, "functions", is_function_item, write_function);
    write_section(&g, "globals", is_global_item, write_global);
    mn_json_array(&g.w, "instructions");
    for (uint32_t i = 0; i < tree->item_count; i++)
        if (!is_written(&tree->items[i]))
            mn_write_refuse(&g, tree->items[i].span, "this part of a file");
        else if (tree->items[i].kind == MN_ITEM_CLASS && tree->items[i].class_->form != MN_FORM_INTERFACE)
            write_class(&g, tree->items[i].class_);
    mn_json_end(&g.w);
    mn_json_end(&g.w);
}
