/* SPDX-License-Identifier: MIT */
/* Expressions. Parentheses stand where they stood and where precedence asks for them. */
#include "lang/objc/write_parts.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void
list(struct mn_printing *p, const struct mn_expr *const *items, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        mn_print(p, "%s", i ? ", " : "");
        mn_print_expr(p, items[i], MN_TIGHT_ASSIGN);
    }
}

static void
exprs(struct mn_printing *p, struct mn_exprs all, uint32_t from)
{
    list(p, (const struct mn_expr *const *)all.items + from, all.count - from);
}

/* ---- literals ---- */

static size_t
utf8_length(const char *s, size_t left)
{
    unsigned char c = (unsigned char)*s;
    size_t n = c < 0x80 ? 1 : c < 0xC2 ? 0 : c < 0xE0 ? 2 : c < 0xF0 ? 3 : c < 0xF5 ? 4 : 0;

    if (n == 0 || n > left)
        return 0;
    for (size_t i = 1; i < n; i++)
        if (((unsigned char)s[i] & 0xC0) != 0x80)
            return 0;
    return n;
}

static void
byte(struct mn_printing *p, unsigned char c, char quote)
{
    static const char plain[] = "\n\t\r\a\b\f\v", letters[] = "ntrabfv";
    const char *found = c ? strchr(plain, c) : NULL;

    if (found)
        mn_print(p, "\\%c", letters[found - plain]);
    else if (c == (unsigned char)quote || c == '\\')
        mn_print(p, "\\%c", c);
    else if (c < 0x20 || c >= 0x7F)
        mn_print(p, "\\%03o", c);
    else
        mn_print(p, "%c", c);
}

void
mn_print_quoted(struct mn_printing *p, const char *bytes, size_t length)
{
    mn_print(p, "\"");
    for (size_t i = 0; i < length;) {
        size_t n = utf8_length(bytes + i, length - i);

        if (n > 1)
            mn_buffer_append(p->out, bytes + i, n);
        else
            byte(p, (unsigned char)bytes[i], '"');
        i += n > 1 ? n : 1;
    }
    mn_print(p, "\"");
}

static void
integer(struct mn_printing *p, const struct mn_expr *e)
{
    unsigned long long v = e->integer.value;
    unsigned suffix = e->integer.suffix;

    switch (e->integer.base) {
    case 16:
        mn_print(p, "0x%llX", v);
        break;
    case 8:
        mn_print(p, v ? "0%llo" : "00", v);
        break;
    case 2:
        mn_print(p, "0b");
        for (int bit = 63 - (v ? __builtin_clzll(v) : 63); bit >= 0; bit--)
            mn_print(p, "%d", (int)(v >> bit & 1));
        break;
    default:
        mn_print(p, "%llu", v);
    }
    mn_print(p, "%s%s", suffix & MN_SUFFIX_U ? "U" : "", suffix & MN_SUFFIX_LL ? "LL" : suffix & MN_SUFFIX_L ? "L" : "");
}

/* As many digits as give the same number; '.' whatever the program's locale has. */
static void
floating(struct mn_printing *p, const struct mn_expr *e)
{
    char text[64];
    bool whole = true;

    if (e->floating.suffix & MN_SUFFIX_L)
        snprintf(text, sizeof text, "%.21Lg", e->floating.precise);
    else if (snprintf(text, sizeof text, "%.15g", e->floating.value), strtod(text, NULL) != e->floating.value)
        snprintf(text, sizeof text, "%.17g", e->floating.value);
    if (!isdigit((unsigned char)text[0]))
        strcpy(text, "1e9999"); /* it was too large for its type */
    for (char *c = text; *c; c++) {
        whole = whole && isdigit((unsigned char)*c);
        if (!isalnum((unsigned char)*c) && *c != '+' && *c != '-')
            *c = '.';
    }
    mn_print(p, "%s%s%s", text, whole ? ".0" : "",
             e->floating.suffix & MN_SUFFIX_F   ? "f"
             : e->floating.suffix & MN_SUFFIX_L ? "L"
                                                : "");
}

static void
character(struct mn_printing *p, const struct mn_expr *e)
{
    if (e->character < -128 || e->character > 127) {
        mn_print(p, "%d", (int)e->character);
        return;
    }
    mn_print(p, "'");
    byte(p, (unsigned char)e->character, '\'');
    mn_print(p, "'");
}

static void
box(struct mn_printing *p, const struct mn_expr *operand)
{
    bool literal = !operand->parenthesised &&
                   (operand->kind == MN_EXPR_INTEGER || operand->kind == MN_EXPR_FLOATING ||
                    operand->kind == MN_EXPR_CHARACTER || operand->kind == MN_EXPR_BOOL);

    mn_print(p, literal || operand->parenthesised ? "@" : "@(");
    mn_print_expr(p, operand, MN_TIGHT_ANY);
    mn_print(p, literal || operand->parenthesised ? "" : ")");
}

static void
dictionary(struct mn_printing *p, struct mn_exprs items)
{
    bool outer = p->colons;

    mn_print(p, "@{");
    for (uint32_t i = 0; i + 1 < items.count; i += 2) {
        mn_print(p, "%s", i ? ", " : "");
        p->colons = true;
        mn_print_expr(p, items.items[i], MN_TIGHT_BINARY);
        p->colons = outer;
        mn_print(p, ": ");
        mn_print_expr(p, items.items[i + 1], MN_TIGHT_ASSIGN);
    }
    mn_print(p, "}");
}

/* ---- initialisers ---- */

static void
path(struct mn_printing *p, const struct mn_designators *all, bool offset)
{
    for (uint32_t i = 0; i < all->count; i++) {
        const struct mn_designator *d = &all->items[i];

        if (d->name) {
            mn_print(p, "%s%s", offset && i == 0 ? "" : ".", d->name);
            continue;
        }
        mn_print(p, "[");
        mn_print_expr(p, d->first, MN_TIGHT_CONDITIONAL);
        if (d->last) {
            mn_print(p, " ... ");
            mn_print_expr(p, d->last, MN_TIGHT_CONDITIONAL);
        }
        mn_print(p, "]");
    }
}

static void
initialiser(struct mn_printing *p, const struct mn_init_items *items, bool words)
{
    mn_print(p, "{");
    for (uint32_t i = 0; i < items->count; i++) {
        const struct mn_init_item *item = &items->items[i];

        mn_print(p, "%s", i ? ", " : "");
        if (words && item->path.count == 1 && item->path.items[0].name) {
            mn_print(p, "%s: ", item->path.items[0].name);
        } else if (item->path.count) {
            path(p, &item->path, false);
            mn_print(p, " = ");
        }
        mn_print_expr(p, item->value, MN_TIGHT_ASSIGN);
    }
    mn_print(p, "}");
}

/* ---- sends ---- */

/* The next word of a selector with its colon. */
static const char *
selector_word(const char *selector, int *length)
{
    const char *colon = strchr(selector, ':');

    *length = (int)(colon ? colon + 1 - selector : (long)strlen(selector));
    return selector + *length;
}

static void
bracketed(struct mn_printing *p, const struct mn_expr *receiver, const char *selector, struct mn_exprs args,
          uint32_t colons)
{
    bool outer = p->colons;

    p->colons = false;
    mn_print(p, "[");
    mn_print_expr(p, receiver, receiver->kind == MN_EXPR_CAST ? MN_TIGHT_UNARY : MN_TIGHT_POSTFIX);
    if (!colons)
        mn_print(p, " %s", selector);
    for (uint32_t i = 0; i < colons; i++) {
        int length;
        const char *word = selector;

        selector = selector_word(word, &length);
        mn_print(p, " %.*s", length, word);
        mn_print_expr(p, args.items[i], MN_TIGHT_ASSIGN);
    }
    for (uint32_t i = colons; i < args.count; i++) {
        mn_print(p, ", ");
        mn_print_expr(p, args.items[i], MN_TIGHT_ASSIGN);
    }
    mn_print(p, "]");
    p->colons = outer;
}

static void
dotted(struct mn_printing *p, const struct mn_expr *e)
{
    bool outer = p->colons;

    mn_print_expr(p, e->send.receiver, MN_TIGHT_POSTFIX);
    p->colons = false;
    mn_print(p, ".%s(", e->send.selector);
    exprs(p, e->send.args, 0);
    mn_print(p, ")");
    p->colons = outer;
}

static void
send(struct mn_printing *p, const struct mn_expr *e)
{
    const struct mn_expr *r = e->send.receiver;
    bool simple = r->kind == MN_EXPR_IDENT || r->kind == MN_EXPR_SELF || r->kind == MN_EXPR_SUPER ||
                  r->kind == MN_EXPR_SEND || r->kind == MN_EXPR_MEMBER || r->kind == MN_EXPR_CALL;

    if (p->mango && e->send.colons && e->send.selector[0] != ':' && !strstr(e->send.selector, "::") && !p->colons && simple)
        dotted(p, e);
    else
        bracketed(p, r, e->send.selector, e->send.args, e->send.colons);
}

/* `x.name()` stays as it is: where x is a number or a text of no type, it is more than the message. */
static void
call(struct mn_printing *p, const struct mn_expr *e)
{
    mn_print_expr(p, e->call.callee, MN_TIGHT_POSTFIX);
    mn_print(p, "(");
    exprs(p, e->call.args, 0);
    mn_print(p, ")");
}

static void
block(struct mn_printing *p, const struct mn_expr *e)
{
    bool outer = p->colons;

    p->colons = false;
    mn_print(p, "^");
    if (e->block.result)
        mn_print_type(p, e->block.result, NULL);
    if (e->block.params.count || e->block.variadic || e->block.result)
        mn_print_params(p, &e->block.params, e->block.variadic, true);
    mn_print(p, e->block.result || e->block.params.count ? " " : "");
    mn_print_compound(p, e->block.body);
    p->colons = outer;
}

/* ---- operators ---- */

static int
tightness(const struct mn_expr *e)
{
    switch (e->kind) {
    case MN_EXPR_BINARY:
        return 10 * mn_operator_precedence(e->op);
    case MN_EXPR_ASSIGN:
        return MN_TIGHT_ASSIGN;
    case MN_EXPR_CONDITIONAL:
        return MN_TIGHT_CONDITIONAL;
    case MN_EXPR_UNARY:
        return e->op == MN_OPERATOR_POST_INC || e->op == MN_OPERATOR_POST_DEC ? MN_TIGHT_POSTFIX : MN_TIGHT_UNARY;
    case MN_EXPR_CAST:
    case MN_EXPR_SIZEOF:
    case MN_EXPR_SIZEOF_TYPE:
        return MN_TIGHT_UNARY;
    default:
        return MN_TIGHT_POSTFIX;
    }
}

static void
unary(struct mn_printing *p, const struct mn_expr *e)
{
    const char *op = mn_operator_text(e->op);
    bool behind = e->op == MN_OPERATOR_POST_INC || e->op == MN_OPERATOR_POST_DEC;
    /* "- -x" and "& &x" would become other operators */
    bool apart = !behind && e->operand->kind == MN_EXPR_UNARY && !e->operand->parenthesised &&
                 mn_operator_text(e->operand->op)[0] == op[0];

    mn_print(p, "%s%s", behind ? "" : op, apart ? " " : "");
    mn_print_expr(p, e->operand, behind ? MN_TIGHT_POSTFIX : MN_TIGHT_UNARY);
    mn_print(p, "%s", behind ? op : "");
}

static void
binary(struct mn_printing *p, const struct mn_expr *e)
{
    int tight = tightness(e);

    mn_print_expr(p, e->binary.left, tight);
    mn_print(p, "%s%s ", e->op == MN_OPERATOR_COMMA ? "" : " ", mn_operator_text(e->op));
    mn_print_expr(p, e->binary.right, tight + 1);
}

static void
assign(struct mn_printing *p, const struct mn_expr *e)
{
    mn_print_expr(p, e->binary.left, MN_TIGHT_UNARY);
    mn_print(p, " %s= ", e->op == MN_OPERATOR_NONE ? "" : mn_operator_text(e->op));
    mn_print_expr(p, e->binary.right, MN_TIGHT_ASSIGN);
}

static void
conditional(struct mn_printing *p, const struct mn_expr *e)
{
    bool outer = p->colons;

    p->colons = true;
    mn_print_expr(p, e->conditional.test, MN_TIGHT_BINARY);
    mn_print(p, e->conditional.yes ? " ? " : " ?");
    if (e->conditional.yes)
        mn_print_expr(p, e->conditional.yes, MN_TIGHT_ASSIGN);
    mn_print(p, e->conditional.yes ? " : " : ": ");
    p->colons = outer;
    mn_print_expr(p, e->conditional.no, MN_TIGHT_CONDITIONAL);
}

static void
cast(struct mn_printing *p, const struct mn_expr *e)
{
    static const char *const words[] = {[MN_BRIDGE_NONE] = "",
                                        [MN_BRIDGE_PLAIN] = "__bridge ",
                                        [MN_BRIDGE_RETAINED] = "__bridge_retained ",
                                        [MN_BRIDGE_TRANSFER] = "__bridge_transfer "};

    mn_print(p, "(%s", words[e->typed.bridge]);
    mn_print_type(p, e->typed.type, NULL);
    mn_print(p, ")");
    mn_print_expr(p, e->typed.operand, MN_TIGHT_UNARY);
}

/* ---- words with parentheses ---- */

static void
of_type(struct mn_printing *p, const char *word, const struct mn_tname *type)
{
    mn_print(p, "%s(", word);
    mn_print_type(p, type, NULL);
    mn_print(p, ")");
}

static void
variadic(struct mn_printing *p, const struct mn_expr *e)
{
    static const char *const words[] = {[MN_VA_START] = "va_start", [MN_VA_ARG] = "va_arg", [MN_VA_END] = "va_end",
                                        [MN_VA_COPY] = "va_copy"};

    mn_print(p, "%s(", words[e->va.which]);
    mn_print_expr(p, e->va.list, MN_TIGHT_ASSIGN);
    if (e->va.which == MN_VA_ARG) {
        mn_print(p, ", ");
        mn_print_type(p, e->va.type, NULL);
    } else if (e->va.which != MN_VA_END) {
        mn_print(p, ", ");
        mn_print_expr(p, e->va.other, MN_TIGHT_ASSIGN);
    }
    mn_print(p, ")");
}

static void
available(struct mn_printing *p, const struct mn_expr *e)
{
    mn_print(p, "@available(");
    for (uint32_t i = 0; i < e->available.count; i++) {
        const struct mn_platform *one = &e->available.items[i];

        mn_print(p, "%s%s%s%s", i ? ", " : "", one->name, one->version ? " " : "", one->version ? one->version : "");
    }
    mn_print(p, ")");
}

static void
nil(struct mn_printing *p, enum mn_nil which)
{
    mn_print(p, "%s", which == MN_NIL_OBJECT ? "nil" : which == MN_NIL_CLASS ? "Nil" : "NULL");
}

static void
print_typed(struct mn_printing *p, const struct mn_expr *e)
{
    switch (e->kind) {
    case MN_EXPR_ENCODE:
        of_type(p, "@encode", e->typed.type);
        break;
    case MN_EXPR_SIZEOF_TYPE:
        of_type(p, "sizeof", e->typed.type);
        break;
    case MN_EXPR_ALIGNOF:
        of_type(p, "_Alignof", e->typed.type);
        break;
    case MN_EXPR_OFFSETOF:
        mn_print(p, "offsetof(");
        mn_print_type(p, e->typed.type, NULL);
        mn_print(p, ", ");
        path(p, &e->typed.path, true);
        mn_print(p, ")");
        break;
    default:
        of_type(p, "", e->typed.type);
        mn_print_expr(p, e->typed.operand, MN_TIGHT_POSTFIX);
    }
}

static void
print_operand(struct mn_printing *p, const char *word, const struct mn_expr *operand)
{
    mn_print(p, "%s", word);
    if (!operand->parenthesised)
        mn_print(p, "(");
    mn_print_expr(p, operand, MN_TIGHT_ANY);
    if (!operand->parenthesised)
        mn_print(p, ")");
}

static void
print_one(struct mn_printing *p, const struct mn_expr *e)
{
    switch (e->kind) {
    case MN_EXPR_IDENT:
        mn_print(p, "%s", e->name);
        break;
    case MN_EXPR_SELF:
        mn_print(p, "self");
        break;
    case MN_EXPR_SUPER:
        mn_print(p, "super");
        break;
    case MN_EXPR_INTEGER:
        integer(p, e);
        break;
    case MN_EXPR_FLOATING:
        floating(p, e);
        break;
    case MN_EXPR_CHARACTER:
        character(p, e);
        break;
    case MN_EXPR_CSTRING:
    case MN_EXPR_STRING:
        mn_print(p, "%s", e->kind == MN_EXPR_STRING ? "@" : "");
        mn_print_quoted(p, e->string.bytes, e->string.length);
        break;
    case MN_EXPR_BOOL:
        mn_print(p, e->boolean ? "YES" : "NO");
        break;
    case MN_EXPR_NIL:
        nil(p, e->nil);
        break;
    case MN_EXPR_BOX:
        box(p, e->operand);
        break;
    case MN_EXPR_ARRAY:
        mn_print(p, "@[");
        exprs(p, e->items, 0);
        mn_print(p, "]");
        break;
    case MN_EXPR_DICTIONARY:
        dictionary(p, e->items);
        break;
    case MN_EXPR_SELECTOR:
    case MN_EXPR_PROTOCOL:
        mn_print(p, e->kind == MN_EXPR_SELECTOR ? "@selector(%s)" : "@protocol(%s)", e->name);
        break;
    case MN_EXPR_AVAILABLE:
        available(p, e);
        break;
    case MN_EXPR_INIT:
    case MN_EXPR_STRUCT:
        initialiser(p, &e->init, e->kind == MN_EXPR_STRUCT);
        break;
    case MN_EXPR_CFUNCTION:
    case MN_EXPR_SIZEOF:
        print_operand(p, e->kind == MN_EXPR_SIZEOF ? "sizeof" : "CFunction", e->operand);
        break;
    case MN_EXPR_ENCODE:
    case MN_EXPR_SIZEOF_TYPE:
    case MN_EXPR_ALIGNOF:
    case MN_EXPR_OFFSETOF:
    case MN_EXPR_COMPOUND:
        print_typed(p, e);
        break;
    case MN_EXPR_BLOCK:
        block(p, e);
        break;
    case MN_EXPR_SEND:
        send(p, e);
        break;
    case MN_EXPR_MEMBER:
    case MN_EXPR_ARROW:
        mn_print_expr(p, e->member.object, MN_TIGHT_POSTFIX);
        mn_print(p, "%s%s", e->kind == MN_EXPR_ARROW ? "->" : ".", e->member.name);
        break;
    case MN_EXPR_INDEX:
        mn_print_expr(p, e->binary.left, MN_TIGHT_POSTFIX);
        mn_print(p, "[");
        mn_print_expr(p, e->binary.right, MN_TIGHT_ANY);
        mn_print(p, "]");
        break;
    case MN_EXPR_CALL:
        call(p, e);
        break;
    case MN_EXPR_UNARY:
        unary(p, e);
        break;
    case MN_EXPR_BINARY:
        binary(p, e);
        break;
    case MN_EXPR_ASSIGN:
        assign(p, e);
        break;
    case MN_EXPR_CONDITIONAL:
        conditional(p, e);
        break;
    case MN_EXPR_CAST:
        cast(p, e);
        break;
    case MN_EXPR_STATEMENTS:
        mn_print(p, "(");
        mn_print_compound(p, e->statements);
        mn_print(p, ")");
        break;
    case MN_EXPR_VA:
        variadic(p, e);
        break;
    case MN_EXPR_ERROR:
        mn_print_refuse(p, e->span, mn_expr_kind_text(e->kind));
    }
}

void
mn_print_expr(struct mn_printing *p, const struct mn_expr *e, int tight)
{
    bool parentheses = e->parenthesised || tightness(e) < tight, outer = p->colons;

    if (parentheses) {
        mn_print(p, "(");
        p->colons = false;
    }
    print_one(p, e);
    if (parentheses) {
        mn_print(p, ")");
        p->colons = outer;
    }
}
