/* SPDX-License-Identifier: MIT */
/* The parser's tools: tokens, findings, lists, scopes, depth, resynchronisation. */
#include "lang/objc/parser.h"
#include "base/alloc.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct mn_span
mn_p_span_from(const struct parser *p, uint32_t start)
{
    uint32_t end = p->at ? p->tokens[p->at - 1].end : start;

    return (struct mn_span){start, end > start ? end : start};
}

void
mn_p_next(struct parser *p)
{
    if (p->at < p->last)
        p->at++;
}

bool
mn_p_accept(struct parser *p, enum mn_token_kind kind)
{
    if (!mn_p_is(p, kind))
        return false;
    mn_p_next(p);
    return true;
}

bool
mn_p_accept_word(struct parser *p, enum mn_word_id word)
{
    if (!mn_p_is_word(p, word))
        return false;
    mn_p_next(p);
    return true;
}

/* ---- findings ---- */

void
mn_p_error(struct parser *p, struct mn_span span, const char *format, ...)
{
    char text[600];
    va_list args;

    if (p->stopped || p->tree->arena.failed)
        return;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    mn_error_at(p->findings, span, "%s", text);
}

/* Names a token as it stands in the text: "';'", "'foo'", "a string", "the end of the file". */
static const char *
name_token(const struct parser *p, const struct mn_token *t, char *text, size_t size)
{
    uint32_t length = t->end - t->start;
    const char *spelled = mn_source_at(p->source, t->start);

    switch (t->kind) {
    case MN_T_END:
    case MN_T_CSTRING:
    case MN_T_ERROR:
        return mn_token_kind_text(t->kind);
    case MN_T_INTEGER:
    case MN_T_FLOATING:
    case MN_T_CHARACTER:
        if (t->flags & MN_TOKEN_EXPANDED)
            return mn_token_kind_text(t->kind);
        break;
    default:
        break;
    }
    if (t->flags & MN_TOKEN_EXPANDED) { /* its span is the macro's use, not its spelling */
        bool named = t->kind == MN_T_WORD || t->kind == MN_T_AT_WORD;

        snprintf(text, size, "'%.40s'", named ? t->name : mn_token_kind_text(t->kind));
        return text;
    }
    if (length > 40)
        length = 40;
    while (length && ((unsigned char)spelled[length] & 0xC0) == 0x80)
        length--; /* not within a character */
    snprintf(text, size, "'%.*s'", (int)length, spelled);
    return text;
}

void
mn_p_expected(struct parser *p, const char *what, const char *where)
{
    const struct mn_token *t = mn_p_token(p);
    struct mn_span span = mn_p_span(t);
    char found[64];

    if (t->kind == MN_T_ERROR)
        return; /* reported when the tokens were made */
    /* What is missing at the end of a line is missed there, not at the start of the next one. */
    if (p->at && (t->flags & MN_TOKEN_FIRST) && !(t->flags & MN_TOKEN_EXPANDED)) {
        span.start = p->tokens[p->at - 1].end;
        span.end = span.start;
        mn_p_error(p, span, "expected %s%s%s", what, where ? " " : "", where ? where : "");
        return;
    }
    mn_p_error(p, span, "expected %s%s%s, found %s", what, where ? " " : "", where ? where : "",
               name_token(p, t, found, sizeof found));
}

static const char *
quoted_kind(enum mn_token_kind kind, char *text, size_t size)
{
    snprintf(text, size, "'%s'", mn_token_kind_text(kind));
    return text;
}

bool
mn_p_expect(struct parser *p, enum mn_token_kind kind, const char *where)
{
    char what[32];

    if (mn_p_accept(p, kind))
        return true;
    mn_p_expected(p, quoted_kind(kind, what, sizeof what), where);
    return false;
}

bool
mn_p_close(struct parser *p, uint32_t open, enum mn_token_kind kind, const char *where)
{
    char what[32];
    unsigned before = p->findings->errors;

    if (mn_p_accept(p, kind))
        return true;
    mn_p_expected(p, quoted_kind(kind, what, sizeof what), where);
    if (p->findings->errors > before)
        mn_note_at(p->findings, mn_p_span(&p->tokens[open]), "to match this '%s'",
                   mn_token_kind_text(p->tokens[open].kind));
    return false;
}

/* ---- identifiers ---- */

bool
mn_p_is_ident(const struct parser *p, const struct mn_token *t)
{
    if (t->kind != MN_T_WORD)
        return false;
    switch (mn_word_class_of(t->word)) {
    case MN_WORD_RESERVED:
        return false;
    case MN_WORD_TYPE:
        return p->dialect == MN_DIALECT_MANGO;
    default:
        return true;
    }
}

static void
take_word(struct parser *p, struct mn_word *word)
{
    *word = (struct mn_word){mn_p_token(p)->name, mn_p_span(mn_p_token(p))};
    mn_p_next(p);
}

bool
mn_p_ident(struct parser *p, struct mn_word *word, const char *what)
{
    if (mn_p_is_ident(p, mn_p_token(p))) {
        take_word(p, word);
        return true;
    }
    if (mn_p_is(p, MN_T_WORD))
        mn_p_error(p, mn_p_span(mn_p_token(p)), "expected %s, but '%s' is a reserved word", what,
                   mn_p_token(p)->name);
    else
        mn_p_expected(p, what, NULL);
    return false;
}

bool
mn_p_any_word(struct parser *p, struct mn_word *word, const char *what)
{
    if (mn_p_is(p, MN_T_WORD)) {
        take_word(p, word);
        return true;
    }
    mn_p_expected(p, what, NULL);
    return false;
}

/* ---- depth ---- */

static bool
too_deep(struct parser *p)
{
    if (!p->stopped)
        mn_error_status_at(p->findings, MEND_TOO_DEEP, mn_p_span(mn_p_token(p)),
                           "nested too deeply: more than %d levels; the rest is not read", MN_TREE_DEPTH);
    p->stopped = true;
    p->at = p->last;
    return false;
}

bool
mn_p_enter(struct parser *p)
{
    if (p->depth >= MN_TREE_DEPTH)
        return too_deep(p);
    p->depth++;
    p->tall = 0;
    return true;
}

void
mn_p_leave(struct parser *p, unsigned tall_before)
{
    p->depth--;
    p->tall++;
    if (p->tall > MN_TREE_DEPTH)
        too_deep(p);
    if (p->tall < tall_before)
        p->tall = tall_before;
}

bool
mn_p_taller(struct parser *p)
{
    return ++p->tall <= MN_TREE_DEPTH || too_deep(p);
}

unsigned
mn_p_shelter(struct parser *p)
{
    unsigned waiting = p->waiting;

    p->waiting = 0;
    return waiting;
}

/* ---- lists ---- */

/* Room for one more pointer in a growing array; false when memory has run out. */
static bool
reserve(struct parser *p, void *array, uint32_t count, uint32_t *capacity)
{
    void **items = array;
    void *wider;
    uint32_t wanted = *capacity ? *capacity * 2 : 64;

    if (count < *capacity)
        return true;
    wider = mn_realloc(*items, wanted * sizeof(void *));
    if (!wider) {
        p->tree->arena.failed = true;
        return false;
    }
    *items = wider;
    *capacity = wanted;
    return true;
}

bool
mn_p_push(struct parser *p, void *child)
{
    if (!child || !reserve(p, &p->scratch, p->scratch_count, &p->scratch_capacity))
        return false;
    p->scratch[p->scratch_count++] = child;
    return true;
}

bool
mn_p_take(struct parser *p, uint32_t mark, void *items, uint32_t *count)
{
    uint32_t n = p->scratch_count - mark;
    void *copy = n ? mn_arena_copy(&p->tree->arena, p->scratch + mark, n, sizeof(void *)) : NULL;

    p->scratch_count = mark;
    *count = copy ? n : 0;
    memcpy(items, &copy, sizeof copy);
    return copy || !n;
}

bool
mn_p_push_copy(struct parser *p, const void *item, size_t size)
{
    return mn_p_push(p, mn_arena_copy(&p->tree->arena, item, 1, size));
}

bool
mn_p_take_copies(struct parser *p, uint32_t mark, size_t size, void *items, uint32_t *count)
{
    uint32_t n = p->scratch_count - mark;
    char *copy = n ? mn_arena_alloc(&p->tree->arena, n * size) : NULL;

    for (uint32_t i = 0; copy && i < n; i++)
        memcpy(copy + i * size, p->scratch[mark + i], size);
    p->scratch_count = mark;
    *count = copy ? n : 0;
    memcpy(items, &copy, sizeof copy);
    return copy || !n;
}

/* ---- scopes ---- */

void
mn_p_declare(struct parser *p, const char *name)
{
    if (!name || !reserve(p, &p->visible, p->visible_count, &p->visible_capacity))
        return;
    p->visible[p->visible_count++] = name;
    mn_name_of(name)->visible++;
}

void
mn_p_scope_close(struct parser *p, uint32_t mark)
{
    while (p->visible_count > mark)
        mn_name_of(p->visible[--p->visible_count])->visible--;
}

/* ---- resynchronisation ---- */

uint32_t
mn_p_behind(const struct parser *p, uint32_t i)
{
    return i < p->last && p->tokens[i].match != MN_NO_MATCH && p->tokens[i].match > i ? p->tokens[i].match + 1
                                                                                      : 0;
}

/* Words after '@' that only stand between the members or items of a file. */
static bool
ends_body(const struct mn_token *t)
{
    if (t->kind != MN_T_AT_WORD)
        return false;
    switch (t->word) {
    case MN_AT_END:
    case MN_AT_INTERFACE:
    case MN_AT_IMPLEMENTATION:
    case MN_AT_PROPERTY:
        return true;
    default:
        return false;
    }
}

/* Past one token, or past a whole pair of brackets. */
static void
skip_one(struct parser *p)
{
    enum mn_token_kind kind = (enum mn_token_kind)mn_p_token(p)->kind;
    uint32_t behind = 0;

    if (kind == MN_T_PAREN_OPEN || kind == MN_T_SQUARE_OPEN || kind == MN_T_BRACE_OPEN)
        behind = mn_p_behind(p, p->at);
    if (behind)
        p->at = behind;
    else
        mn_p_next(p);
}

/* Whether the next token closes a brace opened before token `from`. */
static bool
ends_block(const struct parser *p, uint32_t from)
{
    const struct mn_token *t = mn_p_token(p);

    return t->kind == MN_T_BRACE_CLOSE && (t->match == MN_NO_MATCH || t->match < from);
}

void
mn_p_sync_statement(struct parser *p, uint32_t from)
{
    while (!mn_p_is(p, MN_T_END) && !ends_block(p, from) && !ends_body(mn_p_token(p))) {
        enum mn_token_kind kind = (enum mn_token_kind)mn_p_token(p)->kind;

        skip_one(p);
        if (kind == MN_T_SEMICOLON || (kind == MN_T_BRACE_OPEN && mn_p_token(p)->flags & MN_TOKEN_FIRST))
            return;
    }
}

/* Whether the next token opens a member: a sign at the start of a line, or a word of the file level. */
static bool
opens_member(const struct parser *p)
{
    const struct mn_token *t = mn_p_token(p);

    return ends_body(t) || (t->flags & MN_TOKEN_FIRST && (t->kind == MN_T_MINUS || t->kind == MN_T_PLUS));
}

void
mn_p_sync_member(struct parser *p, bool braces)
{
    bool first = true;

    while (!mn_p_is(p, MN_T_END) && !(braces && mn_p_is(p, MN_T_BRACE_CLOSE))) {
        enum mn_token_kind kind = (enum mn_token_kind)mn_p_token(p)->kind;

        if (!first && opens_member(p))
            return;
        first = false;
        skip_one(p);
        if (kind == MN_T_SEMICOLON || kind == MN_T_BRACE_OPEN)
            return;
    }
}
