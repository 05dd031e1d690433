/* SPDX-License-Identifier: MIT */
/* struct, union, enum; NS_ENUM and NS_OPTIONS; Mango's `declare struct`. */
#include "lang/objc/parser.h"

#include <string.h>

static struct mn_tag_decl *
tag_new(struct parser *p, enum mn_tag_kind kind, struct mn_span at)
{
    struct mn_tag_decl *tag = mn_arena_alloc(&p->tree->arena, sizeof *tag);

    if (tag) {
        tag->kind = kind;
        tag->at = at;
        tag->pack = mn_tree_pack(p->tree, at.start);
    }
    return tag;
}

static struct mn_tname *
tagged_new(struct parser *p, struct mn_tag_decl *tag, uint32_t start)
{
    struct mn_tname *type = mn_tname_new(p->tree, MN_TNAME_TAGGED, mn_p_span_from(p, start));

    if (type)
        type->tag = tag;
    return type;
}

/* ---- fields ---- */

static struct mn_decl *
field_new(struct parser *p, const struct mn_p_specifiers *specifiers,
          const struct mn_p_declarator *declarator, uint32_t start)
{
    struct mn_decl *field = mn_decl_new(p->tree, MN_DECL_FIELD, mn_p_span_from(p, start));

    if (!field)
        return NULL;
    field->name = declarator->name.name;
    field->at = declarator->name.span;
    field->type = declarator->type;
    field->dialect = p->dialect;
    field->ownership = declarator->type->ownership ? declarator->type->ownership : specifiers->ownership;
    return field;
}

/* `type a, *b, c : 3;` */
static bool
field_line(struct parser *p, enum mn_visibility visibility)
{
    uint32_t start = mn_p_token(p)->start;
    struct mn_p_specifiers specifiers;

    if (!mn_p_specifiers(p, &specifiers))
        return false;
    if (specifiers.storage || specifiers.is_typedef) {
        mn_p_error(p, specifiers.type->span, "a field has no storage class");
        return false;
    }
    do {
        struct mn_p_declarator declarator = {.name = {NULL, {mn_p_token(p)->start, mn_p_token(p)->start}}};
        struct mn_decl *field;

        declarator.type = specifiers.type;
        mn_p_skip_ignored(p);
        if (!mn_p_is(p, MN_T_SEMICOLON) && !mn_p_is(p, MN_T_COLON) &&
            !mn_p_declarator(p, specifiers.type, 1, &declarator))
            return false;
        field = field_new(p, &specifiers, &declarator, start);
        if (!field)
            return false;
        field->visibility = visibility;
        if (mn_p_accept(p, MN_T_COLON) && !(field->bits = mn_p_conditional(p)))
            return false;
        if (!mn_p_push(p, field))
            return false;
    } while (mn_p_accept(p, MN_T_COMMA));
    mn_p_skip_ignored(p);
    return mn_p_expect(p, MN_T_SEMICOLON, "after a field");
}

static bool
visibility_word(struct parser *p, enum mn_visibility *visibility)
{
    if (mn_p_is_at(p, MN_AT_PUBLIC))
        *visibility = MN_VISIBILITY_PUBLIC;
    else if (mn_p_is_at(p, MN_AT_PRIVATE))
        *visibility = MN_VISIBILITY_PRIVATE;
    else if (mn_p_is_at(p, MN_AT_PROTECTED))
        *visibility = MN_VISIBILITY_PROTECTED;
    else if (mn_p_is_at(p, MN_AT_PACKAGE))
        *visibility = MN_VISIBILITY_PACKAGE;
    else
        return false;
    mn_p_next(p);
    return true;
}

bool
mn_p_fields(struct parser *p, enum mn_visibility visibility)
{
    bool ivars = visibility != MN_VISIBILITY_UNSAID;

    if (ivars)
        visibility = MN_VISIBILITY_UNSAID;
    while (!mn_p_is(p, MN_T_BRACE_CLOSE) && !mn_p_is(p, MN_T_END)) {
        unsigned depth = p->depth;
        uint32_t at = p->at, mark = p->scratch_count;

        if (mn_p_accept(p, MN_T_SEMICOLON) || (ivars && visibility_word(p, &visibility)))
            continue;
        if (mn_p_is(p, MN_T_AT_WORD) && mn_p_token(p)->word != MN_AT_NONE)
            return true; /* a word of the file level: the caller misses the brace */
        if (!field_line(p, visibility)) {
            if (p->tree->arena.failed || p->stopped)
                return false;
            p->depth = depth;
            p->scratch_count = mark;
            mn_p_sync_statement(p, at);
            if (p->at == at)
                return false;
        }
    }
    return true;
}

/* ---- struct, union, enum ---- */

static bool
struct_body(struct parser *p, struct mn_tag_decl *tag)
{
    uint32_t mark = p->scratch_count, open = p->at;
    unsigned waiting = mn_p_shelter(p);
    bool good;
    unsigned tall_before = p->tall;

    if (!mn_p_enter(p))
        return false;
    mn_p_next(p);
    tag->defined = true;
    good = mn_p_fields(p, MN_VISIBILITY_UNSAID) &&
           mn_p_take(p, mark, &tag->members.items, &tag->members.count) &&
           mn_p_close(p, open, MN_T_BRACE_CLOSE, "after the fields");
    mn_p_leave(p, tall_before);
    p->waiting = waiting;
    return good;
}

static bool
enumerator(struct parser *p)
{
    struct mn_decl *decl = mn_decl_new(p->tree, MN_DECL_ENUMERATOR, mn_p_span(mn_p_token(p)));
    struct mn_word word;

    if (!decl || !mn_p_ident(p, &word, "the name of a constant"))
        return false;
    decl->name = word.name;
    decl->at = word.span;
    decl->dialect = p->dialect;
    mn_p_skip_ignored(p);
    if (mn_p_accept(p, MN_T_ASSIGN) && !(decl->init = mn_p_conditional(p)))
        return false;
    decl->span = mn_p_span_from(p, word.span.start);
    return mn_p_push(p, decl);
}

static bool
enum_body(struct parser *p, struct mn_tag_decl *tag)
{
    uint32_t mark = p->scratch_count, open = p->at;
    unsigned waiting = mn_p_shelter(p);

    if (!mn_p_expect(p, MN_T_BRACE_OPEN, "before the constants of an enum"))
        return false;
    tag->defined = true;
    while (!mn_p_is(p, MN_T_BRACE_CLOSE)) {
        if (!enumerator(p))
            return false;
        if (!mn_p_accept(p, MN_T_COMMA))
            break;
    }
    p->waiting = waiting;
    return mn_p_take(p, mark, &tag->members.items, &tag->members.count) &&
           mn_p_close(p, open, MN_T_BRACE_CLOSE, "after the constants");
}

struct mn_tname *
mn_p_tagged(struct parser *p)
{
    uint32_t start = mn_p_token(p)->start;
    enum mn_tag_kind kind = mn_p_is_word(p, MN_W_STRUCT)  ? MN_TAG_STRUCT
                            : mn_p_is_word(p, MN_W_UNION) ? MN_TAG_UNION
                                                          : MN_TAG_ENUM;
    struct mn_tag_decl *tag = tag_new(p, kind, mn_p_span(mn_p_token(p)));
    struct mn_word word;

    mn_p_next(p);
    mn_p_skip_ignored(p);
    if (!tag)
        return NULL;
    if (mn_p_is_ident(p, mn_p_token(p)) && mn_p_ident(p, &word, "a tag")) {
        tag->name = word.name;
        tag->at = word.span;
    }
    if (kind == MN_TAG_ENUM && mn_p_accept(p, MN_T_COLON) && !(tag->underlying = mn_p_type_name(p)))
        return NULL;
    if (mn_p_is(p, MN_T_BRACE_OPEN)) {
        if (kind == MN_TAG_ENUM ? !enum_body(p, tag) : !struct_body(p, tag))
            return NULL;
    } else if (!tag->name) {
        mn_p_expected(p, "a name or '{'", "after 'struct', 'union' or 'enum'");
        return NULL;
    }
    return tagged_new(p, tag, start);
}

/* NS_ENUM(NSInteger, Name) { ... } */
struct mn_tname *
mn_p_ns_enum(struct parser *p)
{
    uint32_t start = mn_p_token(p)->start, open = p->at + 1;
    struct mn_tag_decl *tag = tag_new(p, MN_TAG_ENUM, mn_p_span(mn_p_token(p)));
    struct mn_word word;

    if (!tag)
        return NULL;
    tag->options = mn_p_is_word(p, MN_W_NS_OPTIONS);
    mn_p_next(p);
    if (!mn_p_expect(p, MN_T_PAREN_OPEN, NULL) || !(tag->underlying = mn_p_type_name(p)) ||
        !mn_p_expect(p, MN_T_COMMA, "after the type of the enum") ||
        !mn_p_ident(p, &word, "the name of the enum"))
        return NULL;
    tag->name = word.name;
    tag->at = word.span;
    if (!mn_p_close(p, open, MN_T_PAREN_CLOSE, NULL))
        return NULL;
    if (mn_p_is(p, MN_T_BRACE_OPEN) && !enum_body(p, tag))
        return NULL;
    return tagged_new(p, tag, start);
}

/* ---- declare struct ---- */

static bool
encoding_attribute(struct parser *p, struct mn_tag_decl *tag)
{
    struct mn_expr *text;

    tag->encoding_at = mn_p_span(mn_p_token(p));
    if (mn_p_is(p, MN_T_AT))
        mn_p_next(p);
    if (!mn_p_is(p, MN_T_CSTRING)) {
        mn_p_expected(p, "a string with the encoding", "after 'typeEncoding:'");
        return false;
    }
    text = mn_p_strings(p);
    if (!text)
        return false;
    tag->encoding = text->string.bytes;
    return true;
}

static bool
keys_attribute(struct parser *p, struct mn_tag_decl *tag)
{
    uint32_t mark = p->scratch_count;

    for (;;) {
        struct mn_word word;

        if (!mn_p_ident(p, &word, "the name of a field") || !mn_p_push_copy(p, &word, sizeof word))
            return false;
        /* a comma and `word:` begin the next attribute (spec 34.20) */
        if (!mn_p_is(p, MN_T_COMMA) || mn_p_peek(p, 1)->kind != MN_T_WORD ||
            mn_p_peek(p, 2)->kind == MN_T_COLON)
            break;
        mn_p_next(p);
    }
    return mn_p_take_copies(p, mark, sizeof *tag->keys.items, &tag->keys.items, &tag->keys.count);
}

static bool
attribute(struct parser *p, struct mn_tag_decl *tag)
{
    struct mn_word word;
    bool keys;

    if (!mn_p_ident(p, &word, "'typeEncoding' or 'keys'"))
        return false;
    keys = !strcmp(word.name, "keys");
    if (!keys && strcmp(word.name, "typeEncoding") != 0) {
        mn_p_error(p, word.span, "'%s' is no attribute of 'declare struct': it has 'typeEncoding' and 'keys'",
                   word.name);
        return false;
    }
    if (!mn_p_expect(p, MN_T_COLON, "after the attribute's name"))
        return false;
    return keys ? keys_attribute(p, tag) : encoding_attribute(p, tag);
}

static bool
check_attributes(struct parser *p, const struct mn_tag_decl *tag)
{
    if (!tag->encoding)
        mn_p_error(p, tag->at, "struct '%s' lacks its 'typeEncoding'", tag->name);
    else if (!tag->keys.count)
        mn_p_error(p, tag->at, "struct '%s' lacks its 'keys'", tag->name);
    else
        return true;
    return false;
}

struct mn_decl *
mn_p_mango_struct(struct parser *p)
{
    uint32_t start = mn_p_token(p)->start, open;
    struct mn_tag_decl *tag = tag_new(p, MN_TAG_STRUCT, mn_p_span(mn_p_token(p)));
    struct mn_decl *decl = mn_decl_new(p->tree, MN_DECL_TAG, mn_p_span(mn_p_token(p)));
    struct mn_word word;

    p->at += 2;
    if (!tag || !decl || !mn_p_ident(p, &word, "the name of the struct"))
        return NULL;
    tag->name = word.name;
    tag->at = word.span;
    tag->defined = true;
    open = p->at;
    if (!mn_p_expect(p, MN_T_BRACE_OPEN, "after the name of the struct"))
        return NULL;
    while (!mn_p_is(p, MN_T_BRACE_CLOSE)) {
        if (!attribute(p, tag))
            return NULL;
        if (!mn_p_accept(p, MN_T_COMMA))
            break;
    }
    if (!mn_p_close(p, open, MN_T_BRACE_CLOSE, "after the attributes") || !check_attributes(p, tag))
        return NULL;
    decl->type = tagged_new(p, tag, start);
    decl->dialect = p->dialect;
    decl->at = word.span;
    decl->span = mn_p_span_from(p, start);
    mn_p_accept(p, MN_T_SEMICOLON);
    return decl->type ? decl : NULL;
}
