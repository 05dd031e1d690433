/* SPDX-License-Identifier: MIT */
/* Types and expressions as JSON. */
#include "lang/builtin/builtin.h"
#include "lang/json/write_parts.h"

#include <stdio.h>
#include <string.h>

void
mn_write_refuse(struct mn_writing *g, struct mn_span at, const char *what)
{
    mn_error_at(g->findings, at, "format 2 has no spelling for %s", what);
}

/* ---- Types ---- */

/* Appends `type` around the declarator `inner`, inside out as C writes it. */
static void
type_around(struct mn_writing *g, const struct mn_tname *t, const char *inner, struct mn_buffer *out)
{
    struct mn_buffer text = MN_BUFFER_EMPTY;

    switch (t->kind) {
    case MN_TNAME_POINTER:
        mn_buffer_printf(&text, t->of->kind == MN_TNAME_FUNCTION || t->of->kind == MN_TNAME_ARRAY ? "(*%s)" : "*%s", inner);
        type_around(g, t->of, mn_buffer_peek(&text), out);
        break;
    case MN_TNAME_ARRAY:
        if (t->array.size && t->array.size->kind == MN_EXPR_INTEGER)
            mn_buffer_printf(&text, "%s[%llu]", inner, (unsigned long long)t->array.size->integer.value);
        else
            mn_write_refuse(g, t->span, "an array of this size");
        type_around(g, t->array.of, mn_buffer_peek(&text), out);
        break;
    case MN_TNAME_FUNCTION:
    case MN_TNAME_BLOCK:
        mn_buffer_printf(&text, t->kind == MN_TNAME_BLOCK ? "(^%s)(" : "%s(", inner);
        for (uint32_t i = 0; i < t->function.params.count; i++) {
            mn_buffer_text(&text, i ? ", " : "");
            if (t->function.params.items[i]->type)
                type_around(g, t->function.params.items[i]->type, "", &text);
        }
        mn_buffer_text(&text, t->function.params.count ? ")" : "void)");
        if (t->function.result)
            type_around(g, t->function.result, mn_buffer_peek(&text), out);
        break;
    case MN_TNAME_NAMED:
    case MN_TNAME_ID:
    case MN_TNAME_CLASS:
    case MN_TNAME_INSTANCETYPE:
        mn_buffer_text(out, t->kind == MN_TNAME_NAMED ? t->named.name : mn_tname_kind_text(t->kind));
        for (uint32_t i = 0; i < t->named.protocols.count; i++)
            mn_buffer_printf(out, "%s%s%s", i ? ", " : "<", t->named.protocols.items[i].name,
                             i + 1 < t->named.protocols.count ? "" : ">");
        mn_buffer_printf(out, *inner ? " %s" : "%s", inner);
        break;
    case MN_TNAME_TAGGED:
        if (t->tag->name && !t->tag->defined)
            mn_buffer_printf(out, "%s %s%s%s",
                             t->tag->kind == MN_TAG_UNION ? "union" : t->tag->kind == MN_TAG_ENUM ? "enum" : "struct",
                             t->tag->name, *inner ? " " : "", inner);
        else
            mn_write_refuse(g, t->span, "a structure defined here");
        break;
    case MN_TNAME_ENCODED:
        mn_buffer_printf(out, "enc:%s", t->signature);
        break;
    default:
        if (t->kind >= MN_TNAME_VOID && t->kind <= MN_TNAME_LDOUBLE)
            mn_buffer_printf(out, *inner ? "%s %s" : "%s%s", mn_tname_kind_text(t->kind), inner);
        else if (t->kind == MN_TNAME_SEL)
            mn_buffer_printf(out, *inner ? "SEL %s" : "SEL%s", inner);
        else
            mn_write_refuse(g, t->span, "this type");
    }
    if (text.failed)
        out->failed = true;
    mn_buffer_fini(&text);
}

void
mn_write_type(struct mn_writing *g, const char *name, const struct mn_tname *type)
{
    struct mn_buffer text = MN_BUFFER_EMPTY;

    type_around(g, type, "", &text);
    mn_json_put_text(&g->w, name, mn_buffer_peek(&text));
    if (text.failed)
        g->w.out->failed = true;
    mn_buffer_fini(&text);
}

/* ---- Literals ---- */

/* As C reads an integer. */
static const char *
integer_type(const struct mn_expr *e)
{
    uint64_t v = e->integer.value;
    bool u = e->integer.suffix & MN_SUFFIX_U, plain = !(e->integer.suffix & (MN_SUFFIX_L | MN_SUFFIX_LL));
    bool decimal = e->integer.base == 10;

    if (plain && !u && v <= INT32_MAX)
        return "int";
    if (plain && (u || !decimal) && v <= UINT32_MAX)
        return "unsigned int";
    if (u || (!decimal && v > INT64_MAX))
        return e->integer.suffix & MN_SUFFIX_LL ? "unsigned long long" : "unsigned long";
    return e->integer.suffix & MN_SUFFIX_LL ? "long long" : "long";
}

static void
write_integer(struct mn_writing *g, const struct mn_expr *e)
{
    char text[24];

    if (e->integer.value <= INT64_MAX) {
        mn_json_put_int(&g->w, "int", (long long)e->integer.value);
    } else {
        snprintf(text, sizeof text, "0x%llX", (unsigned long long)e->integer.value);
        mn_json_put_text(&g->w, "int", text);
    }
    mn_json_put_text(&g->w, "type", integer_type(e));
}

static void
write_floating(struct mn_writing *g, const struct mn_expr *e)
{
    char text[40];

    snprintf(text, sizeof text, "%a", e->floating.value);
    mn_json_put_text(&g->w, "float", text);
    if (e->floating.suffix)
        mn_json_put_text(&g->w, "type", e->floating.suffix & MN_SUFFIX_F ? "float" : "long double");
}

static void
write_string(struct mn_writing *g, const struct mn_expr *e)
{
    if (memchr(e->string.bytes, 0, e->string.length))
        mn_write_refuse(g, e->span, "a NUL inside a string");
    mn_json_put_bytes(&g->w, e->kind == MN_EXPR_STRING ? "str" : "cstr", e->string.bytes, e->string.length);
}

static void
write_character(struct mn_writing *g, const struct mn_expr *e)
{
    char text[2] = {(char)e->character, 0};

    if (e->character > 0 && e->character < 0x80)
        mn_json_put_text(&g->w, "char", text);
    else {
        mn_json_put_int(&g->w, "int", e->character);
        mn_json_put_text(&g->w, "type", "int");
    }
}

static void
write_list(struct mn_writing *g, const char *name, struct mn_exprs list, uint32_t from, uint32_t to)
{
    mn_json_array(&g->w, name);
    for (uint32_t i = from; i < to; i++)
        mn_write_expr(g, NULL, list.items[i]);
    mn_json_end(&g->w);
}

static void
write_dictionary(struct mn_writing *g, const struct mn_expr *e)
{
    mn_json_array(&g->w, "dict");
    for (uint32_t i = 0; i + 1 < e->items.count; i += 2)
        write_list(g, NULL, e->items, i, i + 2);
    mn_json_end(&g->w);
}

static void
write_nil(struct mn_writing *g, const struct mn_expr *e)
{
    mn_json_put_bool(&g->w, "null", true);
    if (e->nil != MN_NIL_OBJECT)
        mn_json_put_text(&g->w, "type", e->nil == MN_NIL_CLASS ? "Class" : "void *");
}

/* ---- Structures ---- */

static void
write_items(struct mn_writing *g, const struct mn_tname *type, const struct mn_expr *init)
{
    bool named = init->init.count && init->init.items[0].path.count;

    if (type->kind == MN_TNAME_NAMED || (type->kind == MN_TNAME_TAGGED && type->tag->name)) {
        mn_json_put_text(&g->w, "struct", type->kind == MN_TNAME_NAMED ? type->named.name : type->tag->name);
    } else if (type->kind == MN_TNAME_ARRAY) {
        mn_write_type(g, "carray", type->array.of);
        if (type->array.size)
            mn_write_expr(g, "count", type->array.size);
    } else {
        mn_write_refuse(g, init->span, "this initialiser");
        mn_json_put_bool(&g->w, "null", true);
        return;
    }
    if (named)
        mn_json_object(&g->w, "fields");
    else
        mn_json_array(&g->w, "values");
    for (uint32_t i = 0; i < init->init.count; i++) {
        const struct mn_init_item *item = &init->init.items[i];
        const char *field = item->path.count == 1 ? item->path.items[0].name : NULL;

        if (named != (field != NULL) || (!named && item->path.count) || item->value->kind == MN_EXPR_INIT)
            mn_write_refuse(g, item->value->span, "this initialiser");
        else
            mn_write_expr(g, field, item->value);
    }
    mn_json_end(&g->w);
}

void
mn_write_init(struct mn_writing *g, const char *name, const struct mn_tname *type, const struct mn_expr *init)
{
    if (init->kind != MN_EXPR_INIT || !type) {
        mn_write_expr(g, name, init);
        return;
    }
    mn_json_object(&g->w, name);
    write_items(g, type, init);
    mn_json_end(&g->w);
}

/* ---- Sends and calls ---- */

static void
write_send(struct mn_writing *g, const struct mn_expr *e)
{
    mn_json_put_text(&g->w, "send", e->send.selector);
    if (e->send.receiver->kind == MN_EXPR_SUPER)
        mn_json_put_bool(&g->w, "super", true);
    else
        mn_write_expr(g, "to", e->send.receiver);
    if (e->send.colons)
        write_list(g, "args", e->send.args, 0, e->send.colons);
    if (e->send.args.count > e->send.colons)
        write_list(g, "variadic", e->send.args, e->send.colons, e->send.args.count);
}

static bool
is_function(const struct mn_writing *g, const char *name)
{
    const struct mn_builtin *builtin = mn_builtin_find(name);

    if (builtin && (builtin->kind == MN_BUILTIN_FUNCTION || builtin->kind == MN_BUILTIN_OWN))
        return true;
    for (uint32_t i = 0; i < g->tree->item_count; i++)
        if (g->tree->items[i].kind == MN_ITEM_DECLARATION && g->tree->items[i].decl->kind == MN_DECL_FUNCTION &&
            g->tree->items[i].decl->name == name)
            return true;
    return false;
}

static void
write_call(struct mn_writing *g, const struct mn_expr *e)
{
    const struct mn_expr *callee = e->call.callee;

    if (callee->kind == MN_EXPR_IDENT && is_function(g, callee->name))
        mn_json_put_text(&g->w, "function", callee->name);
    else
        mn_write_expr(g, "call", callee);
    if (e->call.args.count)
        write_list(g, "args", e->call.args, 0, e->call.args.count);
}

static void
write_block(struct mn_writing *g, const struct mn_expr *e)
{
    mn_json_object(&g->w, "block");
    if (e->block.variadic)
        mn_write_refuse(g, e->span, "a variadic block");
    if (e->block.params.count) {
        mn_json_array(&g->w, "params");
        for (uint32_t i = 0; i < e->block.params.count; i++) {
            const struct mn_decl *p = e->block.params.items[i];

            mn_json_object(&g->w, NULL);
            mn_json_put_text(&g->w, "name", p->name ? p->name : "_");
            mn_write_type(g, "type", p->type);
            mn_json_end(&g->w);
        }
        mn_json_end(&g->w);
    }
    if (e->block.result)
        mn_write_type(g, "returns", e->block.result);
    mn_write_body(g, "body", e->block.body);
    mn_json_end(&g->w);
}

/* ---- Operators ---- */

static void
write_unary(struct mn_writing *g, const struct mn_expr *e)
{
    static const char *const names[] = {[MN_OPERATOR_PLUS] = "plus",       [MN_OPERATOR_MINUS] = "neg",
                                        [MN_OPERATOR_NOT] = "not",         [MN_OPERATOR_COMPLEMENT] = "bitnot",
                                        [MN_OPERATOR_DEREF] = "deref",     [MN_OPERATOR_ADDRESS] = "addr",
                                        [MN_OPERATOR_PRE_INC] = "preinc",  [MN_OPERATOR_PRE_DEC] = "predec",
                                        [MN_OPERATOR_POST_INC] = "postinc", [MN_OPERATOR_POST_DEC] = "postdec"};

    if (e->op == MN_OPERATOR_ADDRESS && e->operand->kind == MN_EXPR_IDENT && is_function(g, e->operand->name))
        mn_json_put_text(&g->w, "functionPtr", e->operand->name);
    else
        mn_write_expr(g, names[e->op], e->operand);
}

static void
write_binary(struct mn_writing *g, const struct mn_expr *e)
{
    if (e->op == MN_OPERATOR_COMMA) {
        mn_json_array(&g->w, "seq");
        mn_write_expr(g, NULL, e->binary.left);
        mn_write_expr(g, NULL, e->binary.right);
        mn_json_end(&g->w);
        return;
    }
    mn_json_put_text(&g->w, "op", mn_operator_text(e->op));
    mn_write_expr(g, "l", e->binary.left);
    mn_write_expr(g, "r", e->binary.right);
}

static void
write_assign(struct mn_writing *g, const struct mn_expr *e)
{
    char op[8];

    snprintf(op, sizeof op, "%s=", e->op == MN_OPERATOR_NONE ? "" : mn_operator_text(e->op));
    mn_write_expr(g, "assign", e->binary.left);
    if (e->op != MN_OPERATOR_NONE)
        mn_json_put_text(&g->w, "op", op);
    mn_write_expr(g, "value", e->binary.right);
}

static void
write_conditional(struct mn_writing *g, const struct mn_expr *e)
{
    mn_write_expr(g, "if", e->conditional.test);
    if (e->conditional.yes)
        mn_write_expr(g, "then", e->conditional.yes);
    mn_write_expr(g, "else", e->conditional.no);
}

static void
write_ident(struct mn_writing *g, const struct mn_expr *e)
{
    if (!strcmp(e->name, "_cmd"))
        mn_json_put_bool(&g->w, "cmd", true);
    else
        mn_json_put_text(&g->w, "var", e->name);
}

static void
write_member(struct mn_writing *g, const struct mn_expr *e)
{
    if (e->member.object->kind == MN_EXPR_SUPER) {
        mn_json_put_text(&g->w, "send", e->member.name);
        mn_json_put_bool(&g->w, "super", true);
        return;
    }
    mn_json_object(&g->w, "get");
    mn_write_expr(g, "of", e->member.object);
    mn_json_put_text(&g->w, "name", e->member.name);
    mn_json_end(&g->w);
}

static void
write_one(struct mn_writing *g, const struct mn_expr *e)
{
    switch (e->kind) {
    case MN_EXPR_IDENT:
        write_ident(g, e);
        break;
    case MN_EXPR_SELF:
        mn_json_put_bool(&g->w, "self", true);
        break;
    case MN_EXPR_INTEGER:
        write_integer(g, e);
        break;
    case MN_EXPR_FLOATING:
        write_floating(g, e);
        break;
    case MN_EXPR_CHARACTER:
        write_character(g, e);
        break;
    case MN_EXPR_STRING:
    case MN_EXPR_CSTRING:
        write_string(g, e);
        break;
    case MN_EXPR_BOOL:
        mn_json_put_bool(&g->w, "bool", e->boolean);
        break;
    case MN_EXPR_NIL:
        write_nil(g, e);
        break;
    case MN_EXPR_BOX:
        mn_write_expr(g, "box", e->operand);
        break;
    case MN_EXPR_ARRAY:
        write_list(g, "array", e->items, 0, e->items.count);
        break;
    case MN_EXPR_DICTIONARY:
        write_dictionary(g, e);
        break;
    case MN_EXPR_SELECTOR:
        mn_json_put_text(&g->w, "sel", e->name);
        break;
    case MN_EXPR_PROTOCOL:
        mn_json_put_text(&g->w, "protocol", e->name);
        break;
    case MN_EXPR_ENCODE:
    case MN_EXPR_SIZEOF_TYPE:
        mn_write_type(g, e->kind == MN_EXPR_ENCODE ? "encode" : "sizeof", e->typed.type);
        break;
    case MN_EXPR_COMPOUND:
        write_items(g, e->typed.type, e->typed.operand);
        break;
    case MN_EXPR_BLOCK:
        write_block(g, e);
        break;
    case MN_EXPR_SEND:
        write_send(g, e);
        break;
    case MN_EXPR_MEMBER:
        write_member(g, e);
        break;
    case MN_EXPR_ARROW:
        mn_json_put_text(&g->w, "ivar", e->member.name);
        mn_write_expr(g, "of", e->member.object);
        break;
    case MN_EXPR_INDEX:
        mn_write_expr(g, "index", e->binary.right);
        mn_write_expr(g, "of", e->binary.left);
        break;
    case MN_EXPR_CALL:
        write_call(g, e);
        break;
    case MN_EXPR_UNARY:
        write_unary(g, e);
        break;
    case MN_EXPR_BINARY:
        write_binary(g, e);
        break;
    case MN_EXPR_ASSIGN:
        write_assign(g, e);
        break;
    case MN_EXPR_CONDITIONAL:
        write_conditional(g, e);
        break;
    case MN_EXPR_CAST:
        mn_write_type(g, "cast", e->typed.type);
        mn_write_expr(g, "value", e->typed.operand);
        break;
    default:
        mn_write_refuse(g, e->span, mn_expr_kind_text(e->kind));
        mn_json_put_bool(&g->w, "null", true);
    }
}

void
mn_write_expr(struct mn_writing *g, const char *name, const struct mn_expr *e)
{
    mn_json_object(&g->w, name);
    if (e)
        write_one(g, e);
    mn_json_end(&g->w);
}
