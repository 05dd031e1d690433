/* SPDX-License-Identifier: MIT */
/*
 * What the files of the parser share: where it stands, how it looks ahead, complains, and goes on.
 *
 * Every p_ function that reads something returns NULL (or false) when it could not: an error has then been
 * recorded, or memory has run out, and the caller returns too, up to the list (of statements, members, items)
 * that resynchronises. Nothing is freed: the tree's arena owns it all.
 *
 * Depth: mn_p_enter / mn_p_leave stand around each nesting. They bound the recursion (`depth`) and, counting
 * upwards on the way out, the height of the tree (`tall`), which left-deep chains such as a + b + c raise
 * without recursion.
 */
#ifndef MN_LANG_OBJC_PARSER_H
#define MN_LANG_OBJC_PARSER_H

#include "base/list.h"
#include "lang/name.h"
#include "lang/objc/parse.h"
#include "lang/objc/token.h"

struct parser {
    struct mn_tree *tree;
    const struct mn_source *source;
    struct mn_findings *findings;
    const struct mn_parse_options *options;
    struct mn_token *tokens;
    uint32_t at, last;         /* index of the next token and of the END */
    enum mn_dialect dialect;   /* of the body being read */
    enum mn_dialect top_level; /* of top-level code */
    unsigned depth, tall;
    unsigned
        waiting; /* ':' separators that enclosing '?', entries and labels of this bracket level still need */
    uint32_t receiver; /* index of the token behind the '[' of the send being read */
    bool stopped;      /* too deep: the rest is not read */
    void **scratch;    /* children of lists being read, innermost last */
    uint32_t scratch_count, scratch_capacity;
    const char **visible; /* names declared and still in scope */
    uint32_t visible_count, visible_capacity;
};

/* ---- parser.c: tokens, findings, lists ---- */

static inline struct mn_token *
mn_p_token(const struct parser *p)
{
    return &p->tokens[p->at];
}

/* The token n further on; the END for what lies beyond. */
static inline struct mn_token *
mn_p_peek(const struct parser *p, uint32_t n)
{
    return &p->tokens[p->at + n < p->last ? p->at + n : p->last];
}

static inline bool
mn_p_is(const struct parser *p, enum mn_token_kind kind)
{
    return mn_p_token(p)->kind == kind;
}

static inline bool
mn_p_is_word(const struct parser *p, enum mn_word_id word)
{
    return mn_p_token(p)->kind == MN_T_WORD && mn_p_token(p)->word == word;
}

static inline bool
mn_p_is_at(const struct parser *p, enum mn_at_word word)
{
    return mn_p_token(p)->kind == MN_T_AT_WORD && mn_p_token(p)->word == word;
}

static inline struct mn_span
mn_p_span(const struct mn_token *t)
{
    return (struct mn_span){t->start, t->end};
}

/* From the start of one thing to the end of the token read last. */
struct mn_span mn_p_span_from(const struct parser *p, uint32_t start);

void mn_p_next(struct parser *p); /* never beyond the END */
bool mn_p_accept(struct parser *p, enum mn_token_kind kind);
bool mn_p_accept_word(struct parser *p, enum mn_word_id word);

/* Reads the token or complains "expected ')' after the argument list"; `where` may be NULL. */
bool mn_p_expect(struct parser *p, enum mn_token_kind kind, const char *where);

/* The same for the bracket that closes `open`; the finding shows where that one is. */
bool mn_p_close(struct parser *p, uint32_t open, enum mn_token_kind kind, const char *where);

/* "expected X [where], found Y" at the next token. */
void mn_p_expected(struct parser *p, const char *what, const char *where);
void mn_p_error(struct parser *p, struct mn_span span, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Whether token t can be an identifier here; reading one (with its place) or complaining. */
bool mn_p_is_ident(const struct parser *p, const struct mn_token *t);
bool mn_p_ident(struct parser *p, struct mn_word *word, const char *what);

/* Any word, reserved or not: after '.', in selectors. */
bool mn_p_any_word(struct parser *p, struct mn_word *word, const char *what);

bool mn_p_enter(struct parser *p);
void mn_p_leave(struct parser *p, unsigned tall_before);

/* Grows the chain on top of what was read at this level by one node. */
bool mn_p_taller(struct parser *p);

/* Children of a list: mark, push each, then copy what is above the mark into the arena. */
bool mn_p_push(struct parser *p, void *child);
bool mn_p_take(struct parser *p, uint32_t mark, void *items, uint32_t *count); /* items: address of a T ** */

/* The same for lists of structs: each is copied when pushed; items: address of a T *. */
bool mn_p_push_copy(struct parser *p, const void *item, size_t size);
bool mn_p_take_copies(struct parser *p, uint32_t mark, size_t size, void *items, uint32_t *count);

/* Scopes of variables: what `a * b` and `(a)(b)` mean depends on them. */
void mn_p_declare(struct parser *p, const char *name);
void mn_p_scope_close(struct parser *p, uint32_t mark);

/* Balanced text: the index behind the bracket that matches the one at index i, or 0. */
uint32_t mn_p_behind(const struct parser *p, uint32_t i);

/* Resynchronisation: behind the next ';' or before the '}' around the statement that begins at token `from`;
 * before the next member or item. */
void mn_p_sync_statement(struct parser *p, uint32_t from);
void mn_p_sync_member(struct parser *p, bool braces);

/* ---- type_scan.c: looking ahead without building ---- */

enum mn_p_strength { P_NO_TYPE, P_MAYBE_TYPE, P_SURE_TYPE };

/* Is a type name written at token i? *end: behind it. */
enum mn_p_strength mn_p_scan_type(const struct parser *p, uint32_t i, uint32_t *end);
bool mn_p_starts_declaration(const struct parser *p);
bool mn_p_known_type(const struct parser *p, const struct mn_token *t);
/* Skips words that mean nothing (nullability, availability, attributes); the index behind them. */
uint32_t mn_p_scan_ignored(const struct parser *p, uint32_t i);
void mn_p_skip_ignored(struct parser *p);
bool mn_p_collect_types(struct parser *p); /* marks the names that this source declares as types */

/* ---- parse_type.c ---- */

struct mn_p_specifiers {
    struct mn_tname *type;
    unsigned storage;
    bool is_typedef;
    enum mn_ownership ownership;
    bool defines_tag; /* wrote out a struct, union or enum */
};

struct mn_p_declarator {
    struct mn_word name; /* name NULL: abstract */
    struct mn_tname *type;
};

bool mn_p_specifiers(struct parser *p, struct mn_p_specifiers *specifiers);
/* `named`: 1 a name is required, 0 it is optional, -1 there must be none. */
bool mn_p_declarator(struct parser *p, struct mn_tname *base, int named, struct mn_p_declarator *declarator);
struct mn_tname *mn_p_type_name(struct parser *p);
struct mn_tname *mn_p_method_type(struct parser *p); /* ( ... ) of a method; NULL also for an error */
bool mn_p_params(struct parser *p, struct mn_decls *params, bool *variadic, bool *unsaid);
bool mn_p_protocol_refs(struct parser *p, struct mn_words *words);
bool mn_p_generic_args(struct parser *p, struct mn_tnames *types);
bool mn_p_angle_close(struct parser *p); /* '>' or half of '>>' */

/* ---- parse_tag.c ---- */

struct mn_tname *mn_p_tagged(struct parser *p);
struct mn_tname *mn_p_ns_enum(struct parser *p);
struct mn_decl *mn_p_mango_struct(struct parser *p);
/* The fields up to '}', which is left; for structs and instance variables. */
bool mn_p_fields(struct parser *p, enum mn_visibility visibility);

/* ---- parse_decl.c ---- */

/* Pushes each declaration; a function definition when `functions`. Reads the ';'. */
bool mn_p_declaration(struct parser *p, const struct mn_annotations *annotations, bool functions);
struct mn_expr *mn_p_initializer(struct parser *p);
bool mn_p_init_items(struct parser *p, struct mn_init_items *items); /* after '{'; reads the '}' */
bool mn_p_annotations(struct parser *p, struct mn_annotations *list);
bool mn_p_is_annotation(const struct parser *p, uint32_t i);

/* ---- parse_expr.c, parse_primary.c, parse_literal.c ---- */

struct mn_expr *mn_p_expression(struct parser *p); /* with commas */
struct mn_expr *mn_p_assignment(struct parser *p);
struct mn_expr *mn_p_conditional(struct parser *p);
struct mn_expr *mn_p_unary(struct parser *p);
struct mn_expr *mn_p_postfix(struct parser *p, struct mn_expr *e);
struct mn_expr *mn_p_primary(struct parser *p);
struct mn_expr *mn_p_at_literal(struct parser *p);
struct mn_expr *mn_p_at_word(struct parser *p);
struct mn_expr *mn_p_strings(struct parser *p);
struct mn_expr *mn_p_block(struct parser *p);
struct mn_expr *mn_p_cast_or_paren(struct parser *p);
/* Arguments up to the closing bracket, pushed; false on error. */
bool mn_p_arguments(struct parser *p, enum mn_token_kind close);
/* Inside brackets no separator of the outside counts. */
unsigned mn_p_shelter(struct parser *p);

/* ---- parse_stmt.c ---- */

struct mn_stmt *mn_p_statement(struct parser *p);
struct mn_stmt *mn_p_compound(struct parser *p);

/* ---- parse_class.c, parse_member.c ---- */

struct mn_class_decl *mn_p_class(struct parser *p, const struct mn_annotations *annotations);
struct mn_class_decl *mn_p_mango_class(struct parser *p, const struct mn_annotations *annotations);
bool mn_p_class_name(struct parser *p, struct mn_word *word, const char *what);

struct mn_p_members { /* what a class body has collected */
    struct mn_list properties, methods, synthesized, dynamic, decls, ivars;
    bool optional;
};
bool mn_p_member(struct parser *p, struct mn_class_decl *owner, struct mn_p_members *members);
bool mn_p_ivars(struct parser *p, struct mn_p_members *members);

/* ---- preprocess.c ---- */

/* Carries out directives and macros: replaces the tokens. False when memory has run out. */
bool mn_preprocess(struct mn_tree *tree, struct mn_tokens *tokens, struct mn_source *source,
                   const struct mn_parse_options *options, struct mn_findings *findings);
#endif
