/* SPDX-License-Identifier: MIT */
/*
 * A tree as S-expressions: one line, one blank between parts, the same text for the same tree. Tests of the
 * readers compare it. NULL parts print as `-` where their place matters and not at all elsewhere.
 */
#include "lang/tree.h"

#include <stdio.h>
#include <string.h>

static void print_expr(struct mn_buffer *out, const struct mn_expr *e);
static void print_stmt(struct mn_buffer *out, const struct mn_stmt *s);
static void print_type(struct mn_buffer *out, const struct mn_tname *t);
static void print_decl(struct mn_buffer *out, const struct mn_decl *d);

static void
open_list(struct mn_buffer *out, const char *head)
{
    mn_buffer_char(out, '(');
    mn_buffer_text(out, head);
}

static void
part(struct mn_buffer *out, const char *text)
{
    mn_buffer_char(out, ' ');
    mn_buffer_text(out, text ? text : "-");
}

static void
part_expr(struct mn_buffer *out, const struct mn_expr *e)
{
    mn_buffer_char(out, ' ');
    print_expr(out, e);
}

static void
part_stmt(struct mn_buffer *out, const struct mn_stmt *s)
{
    mn_buffer_char(out, ' ');
    print_stmt(out, s);
}

static void
part_type(struct mn_buffer *out, const struct mn_tname *t)
{
    mn_buffer_char(out, ' ');
    print_type(out, t);
}

static void
close_list(struct mn_buffer *out)
{
    mn_buffer_char(out, ')');
}

static void
part_exprs(struct mn_buffer *out, const struct mn_exprs *list)
{
    for (uint32_t i = 0; i < list->count; i++)
        part_expr(out, list->items[i]);
}

static void
part_decls(struct mn_buffer *out, const struct mn_decls *list)
{
    for (uint32_t i = 0; i < list->count; i++) {
        mn_buffer_char(out, ' ');
        print_decl(out, list->items[i]);
    }
}

static void
print_words(struct mn_buffer *out, const char *head, const struct mn_words *words)
{
    if (!words->count)
        return;
    mn_buffer_char(out, ' ');
    open_list(out, head);
    for (uint32_t i = 0; i < words->count; i++)
        part(out, words->items[i].name);
    close_list(out);
}

static void
print_quoted(struct mn_buffer *out, const char *bytes, size_t length)
{
    mn_buffer_char(out, '"');
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)bytes[i];

        if (c == '"' || c == '\\')
            mn_buffer_printf(out, "\\%c", c);
        else if (c < 0x20 || c == 0x7F)
            mn_buffer_printf(out, "\\x%02X", c);
        else
            mn_buffer_char(out, (char)c);
    }
    mn_buffer_char(out, '"');
}

static void
print_annotations(struct mn_buffer *out, const struct mn_annotations *list)
{
    for (uint32_t i = 0; i < list->count; i++) {
        mn_buffer_text(out, " (@");
        mn_buffer_text(out, list->items[i].name.name);
        if (list->items[i].argument)
            part_expr(out, list->items[i].argument);
        close_list(out);
    }
}

/* ---- types ---- */

static void
print_qualifiers(struct mn_buffer *out, const struct mn_tname *t)
{
    static const char *const names[] = {"const", "volatile", "restrict", "_Atomic", "in",
                                        "out",   "inout",    "bycopy",   "byref",   "oneway"};
    static const char *const owners[] = {"", "__strong ", "__weak ", "__unsafe_unretained ",
                                         "__autoreleasing "};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (t->qualifiers & 1u << i)
            mn_buffer_printf(out, "%s ", names[i]);
    mn_buffer_text(out, owners[t->ownership]);
}

static void
print_tag(struct mn_buffer *out, const struct mn_tag_decl *tag)
{
    static const char *const words[] = {"struct", "union", "enum"};

    if (!tag->defined) {
        mn_buffer_printf(out, "%s %s", words[tag->kind], tag->name ? tag->name : "-");
        return;
    }
    open_list(out, words[tag->kind]);
    part(out, tag->name);
    if (tag->underlying)
        part_type(out, tag->underlying);
    if (tag->encoding) {
        mn_buffer_char(out, ' ');
        print_quoted(out, tag->encoding, strlen(tag->encoding));
        print_words(out, "keys", &tag->keys);
    }
    part_decls(out, &tag->members);
    close_list(out);
}

static void
print_named(struct mn_buffer *out, const struct mn_tname *t)
{
    const char *name = t->named.name ? t->named.name : mn_tname_kind_text(t->kind);

    if (!t->named.generics.count && !t->named.protocols.count) {
        mn_buffer_text(out, name);
        return;
    }
    open_list(out, name);
    for (uint32_t i = 0; i < t->named.generics.count; i++)
        part_type(out, t->named.generics.items[i]);
    print_words(out, "protocols", &t->named.protocols);
    close_list(out);
}

static void
print_function_type(struct mn_buffer *out, const struct mn_tname *t)
{
    open_list(out, mn_tname_kind_text(t->kind));
    part_type(out, t->function.result);
    part_decls(out, &t->function.params);
    if (t->function.variadic)
        part(out, "...");
    if (t->function.unsaid)
        part(out, "?");
    close_list(out);
}

static void
print_type(struct mn_buffer *out, const struct mn_tname *t)
{
    if (!t) {
        mn_buffer_char(out, '-');
        return;
    }
    print_qualifiers(out, t);
    switch (t->kind) {
    case MN_TNAME_NAMED:
    case MN_TNAME_ID:
    case MN_TNAME_CLASS:
        print_named(out, t);
        return;
    case MN_TNAME_TAGGED:
        print_tag(out, t->tag);
        return;
    case MN_TNAME_POINTER:
        open_list(out, "pointer");
        part_type(out, t->of);
        close_list(out);
        return;
    case MN_TNAME_TYPEOF_TYPE:
        open_list(out, "typeof");
        part_type(out, t->of);
        close_list(out);
        return;
    case MN_TNAME_TYPEOF_EXPR:
        open_list(out, "typeof");
        part_expr(out, t->expr);
        close_list(out);
        return;
    case MN_TNAME_ARRAY:
        open_list(out, "array");
        part_type(out, t->array.of);
        part_expr(out, t->array.size);
        close_list(out);
        return;
    case MN_TNAME_ANY_BLOCK:
        mn_buffer_text(out, "Block");
        if (t->signature)
            print_quoted(out, t->signature, strlen(t->signature));
        return;
    case MN_TNAME_BLOCK:
    case MN_TNAME_FUNCTION:
    case MN_TNAME_CFUNCTION:
        print_function_type(out, t);
        return;
    default:
        mn_buffer_text(out, mn_tname_kind_text(t->kind));
    }
}

/* ---- declarations ---- */

static void
print_decl(struct mn_buffer *out, const struct mn_decl *d)
{
    static const char *const words[] = {
        [MN_DECL_VARIABLE] = "var",       [MN_DECL_FUNCTION] = "func", [MN_DECL_TYPEDEF] = "typedef",
        [MN_DECL_TAG] = "type",           [MN_DECL_FIELD] = "field",   [MN_DECL_PARAMETER] = "param",
        [MN_DECL_ENUMERATOR] = "constant"};
    static const char *const stores[] = {"static", "extern", "inline", "register", "thread", "__block"};
    static const char *const visible[] = {"", "@public", "@private", "@protected", "@package"};

    if (!d) {
        mn_buffer_char(out, '-');
        return;
    }
    open_list(out, words[d->kind]);
    print_annotations(out, &d->annotations);
    for (size_t i = 0; i < sizeof stores / sizeof *stores; i++)
        if (d->storage & 1u << i)
            part(out, stores[i]);
    if (d->visibility)
        part(out, visible[d->visibility]);
    if (d->kind != MN_DECL_TAG)
        part(out, d->name);
    if (d->kind != MN_DECL_ENUMERATOR)
        part_type(out, d->type);
    if (d->bits) {
        mn_buffer_text(out, " :");
        part_expr(out, d->bits);
    }
    if (d->init)
        part_expr(out, d->init);
    if (d->body)
        part_stmt(out, d->body);
    close_list(out);
}

/* ---- expressions ---- */

static void
print_path(struct mn_buffer *out, const struct mn_designators *path)
{
    for (uint32_t i = 0; i < path->count; i++) {
        const struct mn_designator *d = &path->items[i];

        if (d->name) {
            mn_buffer_printf(out, ".%s", d->name);
            continue;
        }
        mn_buffer_char(out, '[');
        print_expr(out, d->first);
        if (d->last) {
            mn_buffer_text(out, " ... ");
            print_expr(out, d->last);
        }
        mn_buffer_char(out, ']');
    }
}

static void
print_inits(struct mn_buffer *out, const char *head, const struct mn_init_items *list)
{
    open_list(out, head);
    for (uint32_t i = 0; i < list->count; i++) {
        mn_buffer_char(out, ' ');
        if (list->items[i].path.count) {
            print_path(out, &list->items[i].path);
            mn_buffer_char(out, '=');
        }
        print_expr(out, list->items[i].value);
    }
    close_list(out);
}

static void
print_floating(struct mn_buffer *out, double value, unsigned suffix)
{
    char text[40];

    snprintf(text, sizeof text, "%.15g", value);
    mn_buffer_text(out, text);
    if (!strpbrk(text, ".en"))
        mn_buffer_text(out, ".0");
    mn_buffer_text(out, suffix & MN_SUFFIX_F ? "f" : suffix & MN_SUFFIX_L ? "l" : "");
}

static void
print_leaf(struct mn_buffer *out, const struct mn_expr *e)
{
    static const char *const nils[] = {"nil", "Nil", "NULL"};

    switch (e->kind) {
    case MN_EXPR_IDENT:
        mn_buffer_text(out, e->name ? e->name : "-");
        break;
    case MN_EXPR_INTEGER:
        mn_buffer_printf(out, "%llu%s%s%s", (unsigned long long)e->integer.value,
                         e->integer.suffix & MN_SUFFIX_U ? "u" : "",
                         e->integer.suffix & MN_SUFFIX_L ? "l" : "",
                         e->integer.suffix & MN_SUFFIX_LL ? "ll" : "");
        break;
    case MN_EXPR_FLOATING:
        print_floating(out, e->floating.value, e->floating.suffix);
        break;
    case MN_EXPR_CHARACTER:
        mn_buffer_printf(out, "(char %d)", e->character);
        break;
    case MN_EXPR_STRING:
        mn_buffer_char(out, '@');
        print_quoted(out, e->string.bytes, e->string.length);
        break;
    case MN_EXPR_CSTRING:
        print_quoted(out, e->string.bytes, e->string.length);
        break;
    case MN_EXPR_BOOL:
        mn_buffer_text(out, e->boolean ? "YES" : "NO");
        break;
    case MN_EXPR_NIL:
        mn_buffer_text(out, nils[e->nil]);
        break;
    case MN_EXPR_SELECTOR:
        mn_buffer_printf(out, "(selector %s)", e->name ? e->name : "-");
        break;
    case MN_EXPR_PROTOCOL:
        mn_buffer_printf(out, "(protocol %s)", e->name ? e->name : "-");
        break;
    case MN_EXPR_SELF:
        mn_buffer_text(out, "self");
        break;
    case MN_EXPR_SUPER:
        mn_buffer_text(out, "super");
        break;
    default:
        mn_buffer_text(out, "(error)");
    }
}

static void
print_unary(struct mn_buffer *out, const struct mn_expr *e)
{
    mn_buffer_char(out, '(');
    if (e->op == MN_OPERATOR_PRE_INC || e->op == MN_OPERATOR_PRE_DEC)
        mn_buffer_text(out, "pre");
    if (e->op == MN_OPERATOR_POST_INC || e->op == MN_OPERATOR_POST_DEC)
        mn_buffer_text(out, "post");
    mn_buffer_text(out, mn_operator_text(e->op));
    part_expr(out, e->operand);
    close_list(out);
}

static void
print_two(struct mn_buffer *out, const char *head, const struct mn_expr *e)
{
    open_list(out, head);
    part_expr(out, e->binary.left);
    part_expr(out, e->binary.right);
    close_list(out);
}

static void
print_send(struct mn_buffer *out, const struct mn_expr *e)
{
    open_list(out, e->send.dotted ? "dot-send" : "send");
    part_expr(out, e->send.receiver);
    part(out, e->send.selector);
    part_exprs(out, &e->send.args);
    close_list(out);
}

static void
print_typed(struct mn_buffer *out, const struct mn_expr *e)
{
    static const char *const bridges[] = {"cast", "__bridge", "__bridge_retained", "__bridge_transfer"};
    static const char *const heads[] = {[MN_EXPR_COMPOUND] = "literal",
                                        [MN_EXPR_SIZEOF_TYPE] = "sizeof",
                                        [MN_EXPR_ALIGNOF] = "alignof",
                                        [MN_EXPR_ENCODE] = "encode",
                                        [MN_EXPR_OFFSETOF] = "offsetof"};

    open_list(out, e->kind == MN_EXPR_CAST ? bridges[e->typed.bridge] : heads[e->kind]);
    part_type(out, e->typed.type);
    if (e->typed.operand)
        part_expr(out, e->typed.operand);
    if (e->typed.path.count) {
        mn_buffer_char(out, ' ');
        print_path(out, &e->typed.path);
    }
    close_list(out);
}

static void
print_block(struct mn_buffer *out, const struct mn_expr *e)
{
    open_list(out, "^");
    part_type(out, e->block.result);
    part_decls(out, &e->block.params);
    if (e->block.variadic)
        part(out, "...");
    part_stmt(out, e->block.body);
    close_list(out);
}

static void
print_va(struct mn_buffer *out, const struct mn_expr *e)
{
    static const char *const words[] = {"va_start", "va_arg", "va_end", "va_copy"};

    open_list(out, words[e->va.which]);
    part_expr(out, e->va.list);
    if (e->va.other)
        part_expr(out, e->va.other);
    if (e->va.type)
        part_type(out, e->va.type);
    close_list(out);
}

static void
print_available(struct mn_buffer *out, const struct mn_expr *e)
{
    open_list(out, "available");
    for (uint32_t i = 0; i < e->available.count; i++) {
        part(out, e->available.items[i].name);
        if (e->available.items[i].version)
            part(out, e->available.items[i].version);
    }
    close_list(out);
}

static void
print_prefixed(struct mn_buffer *out, const char *head, const struct mn_expr *operand)
{
    open_list(out, head);
    part_expr(out, operand);
    close_list(out);
}

static void
print_member(struct mn_buffer *out, const struct mn_expr *e)
{
    open_list(out, e->kind == MN_EXPR_MEMBER ? "." : "->");
    part_expr(out, e->member.object);
    part(out, e->member.name);
    close_list(out);
}

static void
print_list(struct mn_buffer *out, const char *head, const struct mn_expr *first, const struct mn_exprs *rest)
{
    open_list(out, head);
    if (first)
        part_expr(out, first);
    part_exprs(out, rest);
    close_list(out);
}

static void
print_conditional(struct mn_buffer *out, const struct mn_expr *e)
{
    open_list(out, e->conditional.yes ? "?" : "?:");
    part_expr(out, e->conditional.test);
    if (e->conditional.yes)
        part_expr(out, e->conditional.yes);
    part_expr(out, e->conditional.no);
    close_list(out);
}

static void
print_assign(struct mn_buffer *out, const struct mn_expr *e)
{
    char head[8];

    snprintf(head, sizeof head, "%s=", mn_operator_text(e->op));
    print_two(out, head, e);
}

static void
print_expr(struct mn_buffer *out, const struct mn_expr *e)
{
    if (!e) {
        mn_buffer_char(out, '-');
        return;
    }
    switch (e->kind) {
    case MN_EXPR_BOX:
        print_prefixed(out, "box", e->operand);
        break;
    case MN_EXPR_CFUNCTION:
        print_prefixed(out, "cfunction", e->operand);
        break;
    case MN_EXPR_SIZEOF:
        print_prefixed(out, "sizeof", e->operand);
        break;
    case MN_EXPR_ARRAY:
        print_list(out, "array", NULL, &e->items);
        break;
    case MN_EXPR_DICTIONARY:
        print_list(out, "dictionary", NULL, &e->items);
        break;
    case MN_EXPR_CALL:
        print_list(out, "call", e->call.callee, &e->call.args);
        break;
    case MN_EXPR_INIT:
        print_inits(out, "init", &e->init);
        break;
    case MN_EXPR_STRUCT:
        print_inits(out, "struct", &e->init);
        break;
    case MN_EXPR_SEND:
        print_send(out, e);
        break;
    case MN_EXPR_MEMBER:
    case MN_EXPR_ARROW:
        print_member(out, e);
        break;
    case MN_EXPR_INDEX:
        print_two(out, "index", e);
        break;
    case MN_EXPR_UNARY:
        print_unary(out, e);
        break;
    case MN_EXPR_BINARY:
        print_two(out, mn_operator_text(e->op), e);
        break;
    case MN_EXPR_ASSIGN:
        print_assign(out, e);
        break;
    case MN_EXPR_CONDITIONAL:
        print_conditional(out, e);
        break;
    case MN_EXPR_CAST:
    case MN_EXPR_COMPOUND:
    case MN_EXPR_SIZEOF_TYPE:
    case MN_EXPR_ALIGNOF:
    case MN_EXPR_ENCODE:
    case MN_EXPR_OFFSETOF:
        print_typed(out, e);
        break;
    case MN_EXPR_BLOCK:
        print_block(out, e);
        break;
    case MN_EXPR_STATEMENTS:
        open_list(out, "value");
        part_stmt(out, e->statements);
        close_list(out);
        break;
    case MN_EXPR_VA:
        print_va(out, e);
        break;
    case MN_EXPR_AVAILABLE:
        print_available(out, e);
        break;
    default:
        print_leaf(out, e);
    }
}

/* ---- statements ---- */

static void
print_for(struct mn_buffer *out, const struct mn_stmt *s)
{
    part_stmt(out, s->for_.first);
    part_expr(out, s->for_.test);
    part_expr(out, s->for_.step);
    part_stmt(out, s->for_.body);
}

static void
print_for_in(struct mn_buffer *out, const struct mn_stmt *s)
{
    if (s->for_in.variable) {
        mn_buffer_char(out, ' ');
        print_decl(out, s->for_in.variable);
    } else {
        part_expr(out, s->for_in.place);
    }
    part_expr(out, s->for_in.collection);
    part_stmt(out, s->for_in.body);
}

static void
print_try(struct mn_buffer *out, const struct mn_stmt *s)
{
    part_stmt(out, s->try_.body);
    for (uint32_t i = 0; i < s->try_.count; i++) {
        mn_buffer_text(out, " (catch ");
        print_decl(out, s->try_.catches[i].param);
        part_stmt(out, s->try_.catches[i].body);
        close_list(out);
    }
    if (s->try_.finally) {
        mn_buffer_text(out, " (finally");
        part_stmt(out, s->try_.finally);
        close_list(out);
    }
}

/* An `else if` chain may be longer than the stack is deep, so it is a loop. */
static void
print_if(struct mn_buffer *out, const struct mn_stmt *s)
{
    unsigned open = 0;

    for (;;) {
        part_expr(out, s->branch.test);
        part_stmt(out, s->branch.yes);
        s = s->branch.no;
        if (!s || s->kind != MN_STMT_IF)
            break;
        mn_buffer_text(out, " (if");
        open++;
    }
    if (s)
        part_stmt(out, s);
    while (open--)
        close_list(out);
}

static void
print_stmt_parts(struct mn_buffer *out, const struct mn_stmt *s)
{
    switch (s->kind) {
    case MN_STMT_COMPOUND:
        for (uint32_t i = 0; i < s->body.count; i++)
            part_stmt(out, s->body.items[i]);
        break;
    case MN_STMT_DECLARATION:
        part_decls(out, &s->decls);
        break;
    case MN_STMT_EXPRESSION:
    case MN_STMT_RETURN:
    case MN_STMT_THROW:
        if (s->expr)
            part_expr(out, s->expr);
        break;
    case MN_STMT_IF:
        print_if(out, s);
        break;
    case MN_STMT_WHILE:
    case MN_STMT_DO:
    case MN_STMT_SWITCH:
        part_expr(out, s->loop.test);
        part_stmt(out, s->loop.body);
        break;
    case MN_STMT_FOR:
        print_for(out, s);
        break;
    case MN_STMT_FOR_IN:
        print_for_in(out, s);
        break;
    case MN_STMT_CASE:
        part_expr(out, s->label.first);
        if (s->label.last)
            part_expr(out, s->label.last);
        break;
    case MN_STMT_GOTO:
    case MN_STMT_LABEL:
        part(out, s->word.name);
        break;
    case MN_STMT_TRY:
        print_try(out, s);
        break;
    case MN_STMT_SYNCHRONIZED:
        part_expr(out, s->guarded.lock);
        part_stmt(out, s->guarded.body);
        break;
    case MN_STMT_POOL:
        part_stmt(out, s->guarded.body);
        break;
    default:
        break;
    }
}

static void
print_stmt(struct mn_buffer *out, const struct mn_stmt *s)
{
    static const char *const heads[] = {
#define X(name, printed, text) [MN_STMT_##name] = printed,
#include "lang/stmt.def"
#undef X
    };

    if (!s) {
        mn_buffer_char(out, '-');
        return;
    }
    open_list(out, heads[s->kind]);
    print_stmt_parts(out, s);
    close_list(out);
}

/* ---- classes and the unit ---- */

static void
print_property(struct mn_buffer *out, const struct mn_property_decl *p)
{
    static const char *const names[] = {"nonatomic", "atomic", "readonly", "readwrite", "copy",
                                        "strong",    "weak",   "assign",   "class",     "optional"};

    mn_buffer_text(out, " (property");
    print_annotations(out, &p->annotations);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (p->flags & 1u << i)
            part(out, names[i]);
    if (p->getter)
        mn_buffer_printf(out, " getter=%s", p->getter);
    if (p->setter)
        mn_buffer_printf(out, " setter=%s", p->setter);
    part(out, p->name.name);
    part_type(out, p->type);
    close_list(out);
}

static void
print_method(struct mn_buffer *out, const struct mn_method_decl *m)
{
    mn_buffer_printf(out, " (%c %s", m->is_class ? '+' : '-', m->selector);
    print_annotations(out, &m->annotations);
    if (m->optional)
        part(out, "optional");
    part_type(out, m->result);
    part_decls(out, &m->params);
    if (m->variadic)
        part(out, "...");
    if (m->body)
        part_stmt(out, m->body);
    close_list(out);
}

static void
print_class(struct mn_buffer *out, const struct mn_class_decl *c)
{
    static const char *const heads[] = {"interface", "implementation", "class", "protocol"};

    open_list(out, heads[c->form]);
    print_annotations(out, &c->annotations);
    part(out, c->name.name);
    if (c->has_category)
        mn_buffer_printf(out, " (category %s)", c->category.name ? c->category.name : "-");
    if (c->superclass.name)
        mn_buffer_printf(out, " : %s", c->superclass.name);
    print_annotations(out, &c->superclass_annotations);
    print_words(out, "protocols", &c->protocols);
    print_words(out, "generics", &c->generics);
    part_decls(out, &c->ivars);
    for (uint32_t i = 0; i < c->property_count; i++)
        print_property(out, c->properties[i]);
    for (uint32_t i = 0; i < c->synthesized_count; i++)
        mn_buffer_printf(out, " (synthesize %s %s)", c->synthesized[i].name.name,
                         c->synthesized[i].ivar.name ? c->synthesized[i].ivar.name : "-");
    print_words(out, "dynamic", &c->dynamic);
    part_decls(out, &c->decls);
    for (uint32_t i = 0; i < c->method_count; i++)
        print_method(out, c->methods[i]);
    close_list(out);
}

static void
print_item(struct mn_buffer *out, const struct mn_item *item)
{
    switch (item->kind) {
    case MN_ITEM_CLASS:
        print_class(out, item->class_);
        break;
    case MN_ITEM_DECLARATION:
        print_decl(out, item->decl);
        break;
    case MN_ITEM_STATEMENT:
        if (item->annotations.count) {
            open_list(out, "annotated");
            print_annotations(out, &item->annotations);
            part_stmt(out, item->stmt);
            close_list(out);
        } else {
            print_stmt(out, item->stmt);
        }
        break;
    case MN_ITEM_FORWARD_CLASS:
    case MN_ITEM_FORWARD_PROTOCOL:
        open_list(out, item->kind == MN_ITEM_FORWARD_CLASS ? "@class" : "@protocol");
        for (uint32_t i = 0; i < item->names.count; i++)
            part(out, item->names.items[i].name);
        close_list(out);
        break;
    case MN_ITEM_ALIAS:
        mn_buffer_printf(out, "(alias %s %s)", item->alias.alias.name, item->alias.original.name);
        break;
    }
}

void
mn_tree_print(const struct mn_tree *tree, struct mn_buffer *out)
{
    for (uint32_t i = 0; i < tree->item_count; i++) {
        print_item(out, &tree->items[i]);
        mn_buffer_char(out, '\n');
    }
}

void
mn_expr_print(const struct mn_expr *expr, struct mn_buffer *out)
{
    print_expr(out, expr);
}

void
mn_stmt_print(const struct mn_stmt *stmt, struct mn_buffer *out)
{
    print_stmt(out, stmt);
}

void
mn_tname_print(const struct mn_tname *type, struct mn_buffer *out)
{
    print_type(out, type);
}
