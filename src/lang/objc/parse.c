/* SPDX-License-Identifier: MIT */
/* The file level (spec/mango.md section 4), and the way from text to tree: lex, preprocess, pair brackets,
 * parse. */
#include "base/alloc.h"
#include "lang/objc/lexer.h"
#include "lang/objc/parser.h"

#include <string.h>

/* END tokens behind the last: looking a few tokens ahead needs no check. */
#define PADDING 4

static bool
add_item(struct parser *p, struct mn_list *items, struct mn_item item, uint32_t start)
{
    struct mn_item *place = mn_list_add(items);

    if (!place) {
        p->tree->arena.failed = true;
        return false;
    }
    item.dialect = p->dialect;
    item.span = mn_p_span_from(p, start);
    *place = item;
    return true;
}

/* ---- forward declarations and aliases ---- */

/* @class A, B<T>; @protocol P, Q; */
static bool
forward(struct parser *p, struct mn_list *items, enum mn_item_kind kind)
{
    struct mn_item item = {.kind = kind};
    uint32_t start = mn_p_token(p)->start, mark = p->scratch_count;

    mn_p_next(p);
    do {
        struct mn_tnames ignored;
        struct mn_word word;

        if (!mn_p_ident(p, &word,
                        kind == MN_ITEM_FORWARD_CLASS ? "the name of a class" : "the name of a protocol") ||
            !mn_p_push_copy(p, &word, sizeof word))
            return false;
        if (mn_p_is(p, MN_T_LESS) && !mn_p_generic_args(p, &ignored))
            return false;
    } while (mn_p_accept(p, MN_T_COMMA));
    return mn_p_take_copies(p, mark, sizeof *item.names.items, &item.names.items, &item.names.count) &&
           mn_p_expect(p, MN_T_SEMICOLON, "after the names") && add_item(p, items, item, start);
}

/* @compatibility_alias New Old;  @SwiftClassAlias Module.Old New; */
static bool
alias(struct parser *p, struct mn_list *items)
{
    struct mn_item item = {.kind = MN_ITEM_ALIAS};
    uint32_t start = mn_p_token(p)->start;

    item.alias.swift = mn_p_is_at(p, MN_AT_SWIFT_ALIAS);
    mn_p_next(p);
    if (item.alias.swift ? !mn_p_class_name(p, &item.alias.original, "the name of a class") ||
                               !mn_p_ident(p, &item.alias.alias, "the alias")
                         : !mn_p_ident(p, &item.alias.alias, "the alias") ||
                               !mn_p_ident(p, &item.alias.original, "the name of a class"))
        return false;
    return mn_p_expect(p, MN_T_SEMICOLON, "after the alias") && add_item(p, items, item, start);
}

/* @import Foundation.Sub; */
static bool
import(struct parser *p)
{
    mn_p_next(p);
    while (mn_p_is(p, MN_T_WORD) || mn_p_is(p, MN_T_DOT))
        mn_p_next(p);
    return mn_p_expect(p, MN_T_SEMICOLON, "after '@import'");
}

/* ---- items ---- */

static bool
class_item(struct parser *p, struct mn_list *items, const struct mn_annotations *annotations, bool mango)
{
    struct mn_item item = {.kind = MN_ITEM_CLASS};
    uint32_t start = mn_p_token(p)->start;

    item.class_ = mango ? mn_p_mango_class(p, annotations) : mn_p_class(p, annotations);
    return item.class_ && add_item(p, items, item, start);
}

static bool
declaration_items(struct parser *p, struct mn_list *items, const struct mn_annotations *annotations)
{
    uint32_t start = mn_p_token(p)->start, mark = p->scratch_count;

    if (!mn_p_declaration(p, annotations, true))
        return false;
    for (uint32_t i = mark; i < p->scratch_count; i++)
        if (!add_item(p, items, (struct mn_item){.kind = MN_ITEM_DECLARATION, .decl = p->scratch[i]}, start))
            return false;
    p->scratch_count = mark;
    return true;
}

static bool
struct_item(struct parser *p, struct mn_list *items, const struct mn_annotations *annotations)
{
    struct mn_item item = {.kind = MN_ITEM_DECLARATION};
    uint32_t start = mn_p_token(p)->start;

    item.decl = mn_p_mango_struct(p);
    if (!item.decl)
        return false;
    item.decl->annotations = *annotations;
    mn_name_of(item.decl->type->tag->name)->is_type = true;
    return add_item(p, items, item, start);
}

static bool
statement_item(struct parser *p, struct mn_list *items, const struct mn_annotations *annotations)
{
    struct mn_item item = {.kind = MN_ITEM_STATEMENT, .annotations = *annotations};
    uint32_t start = mn_p_token(p)->start;

    item.stmt = mn_p_statement(p);
    return item.stmt && add_item(p, items, item, start);
}

static bool
at_item(struct parser *p, struct mn_list *items, const struct mn_annotations *annotations)
{
    switch (mn_p_token(p)->word) {
    case MN_AT_CLASS:
        return forward(p, items, MN_ITEM_FORWARD_CLASS);
    case MN_AT_INTERFACE:
    case MN_AT_IMPLEMENTATION:
        return class_item(p, items, annotations, false);
    case MN_AT_PROTOCOL:
        if (mn_p_peek(p, 1)->kind == MN_T_PAREN_OPEN)
            break;
        if (mn_p_peek(p, 2)->kind == MN_T_COMMA || mn_p_peek(p, 2)->kind == MN_T_SEMICOLON)
            return forward(p, items, MN_ITEM_FORWARD_PROTOCOL);
        return class_item(p, items, annotations, false);
    case MN_AT_ALIAS:
    case MN_AT_SWIFT_ALIAS:
        return alias(p, items);
    case MN_AT_IMPORT:
        return import(p);
    case MN_AT_END:
        mn_p_error(p, mn_p_span(mn_p_token(p)),
                   "'@end' closes nothing: no '@interface' or '@implementation' is open");
        return false;
    case MN_AT_PROPERTY:
        mn_p_error(p, mn_p_span(mn_p_token(p)), "'@property' must stand in a class");
        return false;
    default:
        break;
    }
    return statement_item(p, items, annotations);
}

/* `class X :` or `class App.X :` */
static bool
opens_mango_class(const struct parser *p)
{
    uint32_t i = p->at + 2;

    if (!mn_p_is_word(p, MN_W_LOWER_CLASS) || mn_p_peek(p, 1)->kind != MN_T_WORD)
        return false;
    while (p->tokens[i].kind == MN_T_DOT && p->tokens[i + 1].kind == MN_T_WORD)
        i += 2;
    return p->tokens[i].kind == MN_T_COLON || (p->tokens[i].kind == MN_T_BRACE_OPEN && i == p->at + 2);
}

static bool
is_stray_method(const struct parser *p)
{
    uint32_t end;

    return (mn_p_is(p, MN_T_MINUS) || mn_p_is(p, MN_T_PLUS)) && mn_p_token(p)->flags & MN_TOKEN_FIRST &&
           mn_p_peek(p, 1)->kind == MN_T_PAREN_OPEN && mn_p_scan_type(p, p->at + 2, &end) == P_SURE_TYPE &&
           p->tokens[end].kind == MN_T_PAREN_CLOSE && p->tokens[end + 1].kind == MN_T_WORD;
}

static bool
item(struct parser *p, struct mn_list *items)
{
    struct mn_annotations annotations = {0};

    if (mn_p_accept(p, MN_T_SEMICOLON))
        return true;
    if (mn_p_is_annotation(p, p->at) && !mn_p_starts_declaration(p) && !mn_p_annotations(p, &annotations))
        return false;
    if (mn_p_is(p, MN_T_AT_WORD) && !mn_p_starts_declaration(p))
        return at_item(p, items, &annotations);
    if (mn_p_is(p, MN_T_BRACE_CLOSE)) {
        mn_p_error(p, mn_p_span(mn_p_token(p)), "'}' closes nothing");
        mn_p_next(p);
        return false;
    }
    if (is_stray_method(p)) {
        mn_p_error(p, mn_p_span(mn_p_token(p)),
                   "a method must stand in an '@implementation' or in the body of a class");
        return false;
    }
    if (opens_mango_class(p))
        return class_item(p, items, &annotations, true);
    if (mn_p_is_word(p, MN_W_DECLARE) && mn_p_peek(p, 1)->kind == MN_T_WORD &&
        mn_p_peek(p, 1)->word == MN_W_STRUCT)
        return struct_item(p, items, &annotations);
    if (mn_p_starts_declaration(p))
        return declaration_items(p, items, &annotations);
    if (mn_p_scan_ignored(p, p->at) > p->at) { /* NS_ASSUME_NONNULL_BEGIN */
        mn_p_skip_ignored(p);
        return true;
    }
    return statement_item(p, items, &annotations);
}

/* Before the next thing that can open an item: behind ';' or '}', before a word of the file level. */
static void
sync_item(struct parser *p, uint32_t at)
{
    if (p->at == at)
        mn_p_next(p);
    else if (p->at &&
             (p->tokens[p->at - 1].kind == MN_T_SEMICOLON || p->tokens[p->at - 1].kind == MN_T_BRACE_CLOSE) &&
             mn_p_token(p)->flags & MN_TOKEN_FIRST)
        return;
    while (!mn_p_is(p, MN_T_END)) {
        enum mn_token_kind kind = (enum mn_token_kind)mn_p_token(p)->kind;
        uint32_t behind = kind == MN_T_BRACE_OPEN || kind == MN_T_PAREN_OPEN || kind == MN_T_SQUARE_OPEN
                              ? mn_p_behind(p, p->at)
                              : 0;

        if ((kind == MN_T_AT_WORD && mn_p_token(p)->flags & MN_TOKEN_FIRST) || opens_mango_class(p))
            return;
        if (behind)
            p->at = behind;
        else
            mn_p_next(p);
        if (kind == MN_T_SEMICOLON || kind == MN_T_BRACE_OPEN)
            return;
    }
}

static bool
read_items(struct parser *p, struct mn_list *items)
{
    while (!mn_p_is(p, MN_T_END)) {
        uint32_t at = p->at;

        p->waiting = p->depth = 0;
        p->scratch_count = 0;
        p->dialect = p->top_level;
        if (!p->options->dialect_given && mn_p_token(p)->flags & (MN_TOKEN_MANGO | MN_TOKEN_OBJC))
            p->dialect = mn_p_token(p)->flags & MN_TOKEN_MANGO ? MN_DIALECT_MANGO : MN_DIALECT_OBJC;
        if (item(p, items))
            continue;
        if (p->tree->arena.failed)
            return false;
        sync_item(p, at);
    }
    return !p->tree->arena.failed;
}

/* ---- the dialect of top-level code (spec 1.2) ---- */

static bool
ends_with(const char *text, const char *end)
{
    size_t n = text ? strlen(text) : 0, m = strlen(end);

    return n >= m && !strcmp(text + n - m, end);
}

static enum mn_dialect
dialect_by_content(const struct parser *p)
{
    bool mango = false;

    for (uint32_t i = 0; i < p->last; i++) {
        const struct mn_token *t = &p->tokens[i];

        if (t->kind == MN_T_AT_WORD && t->word == MN_AT_IMPLEMENTATION)
            return MN_DIALECT_OBJC;
        mango |= t->kind == MN_T_COLON && t->flags & MN_TOKEN_SOFT;
        mango |= t->kind == MN_T_WORD &&
                 (t->word == MN_W_C_FUNCTION || (t->word == MN_W_DECLARE && t[1].word == MN_W_STRUCT) ||
                  (t->word == MN_W_LOWER_CLASS && t[1].kind == MN_T_WORD && t[2].kind == MN_T_COLON));
    }
    return mango ? MN_DIALECT_MANGO : MN_DIALECT_OBJC;
}

static enum mn_dialect
top_level_dialect(const struct parser *p)
{
    const char *name = p->source->name;

    if (p->options->dialect_given)
        return p->options->dialect;
    if (ends_with(name, ".mg"))
        return MN_DIALECT_MANGO;
    if (ends_with(name, ".m") || ends_with(name, ".mm") || ends_with(name, ".h"))
        return MN_DIALECT_OBJC;
    return dialect_by_content(p);
}

/* ---- the entry ---- */

static bool
pad(struct mn_tokens *tokens)
{
    struct mn_token end = tokens->items[tokens->count - 1];

    for (int i = 0; i < PADDING; i++)
        if (!mn_tokens_add(tokens, &end))
            return false;
    return true;
}

static bool
parse_tokens(struct parser *p, struct mn_tokens *tokens)
{
    struct mn_list items = MN_LIST_OF(struct mn_item);
    bool good;

    p->last = tokens->count - 1;
    if (!pad(tokens) || !mn_tokens_pair(tokens))
        return false;
    p->tokens = tokens->items;
    p->top_level = top_level_dialect(p);
    p->dialect = p->top_level;
    good = mn_p_collect_types(p) && read_items(p, &items);
    if (good && items.count) {
        p->tree->items = mn_arena_copy(&p->tree->arena, items.items, items.count, sizeof(struct mn_item));
        p->tree->item_count = p->tree->items ? (uint32_t)items.count : 0;
        good = p->tree->items != NULL;
    }
    mn_list_fini(&items);
    return good;
}

mend_status
mn_objc_parse(struct mn_tree *tree, struct mn_source *source, const struct mn_parse_options *options,
              struct mn_findings *findings, mend_error *err)
{
    static const struct mn_parse_options plain;
    struct parser p = {.tree = tree,
                       .source = source,
                       .findings = findings,
                       .options = options ? options : &plain,
                       .receiver = UINT32_MAX};
    struct mn_tokens tokens = {0};
    bool good = mn_lex(tree, source, findings, &tokens) &&
                mn_preprocess(tree, &tokens, source, p.options, findings) && parse_tokens(&p, &tokens);

    mn_tokens_fini(&tokens);
    mn_free(p.scratch);
    mn_free(p.visible);
    return good ? mn_findings_status(findings, err) : mn_fail_memory(err);
}
