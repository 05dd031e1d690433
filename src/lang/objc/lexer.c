/* SPDX-License-Identifier: MIT */
/*
 * One pass over the text, driven by a table of byte classes. Words are interned as they are met, so the
 * parser compares pointers; numbers, characters and strings are decoded here (literal.c), so it never looks
 * at the text.
 *
 * Nothing fails but memory: what starts no token becomes an ERROR token with its message, and lexing goes on
 * behind.
 */
#include "lang/objc/lexer.h"
#include "lang/name.h"
#include "lang/objc/literal.h"

#include <string.h>

enum { C_LETTER = 1, C_DIGIT = 2, C_BLANK = 4, C_HEX = 8, C_HIGH = 16 };

static const uint8_t classes[256] = {
    [' '] = C_BLANK,          ['\t'] = C_BLANK,         ['\f'] = C_BLANK,        ['\v'] = C_BLANK,
    ['_'] = C_LETTER,         ['$'] = C_LETTER,         ['0' ... '9'] = C_DIGIT, ['a' ... 'z'] = C_LETTER,
    ['A' ... 'Z'] = C_LETTER, [0x80 ... 0xFF] = C_HIGH,
};

struct lexer {
    struct mn_tree *tree;
    struct mn_findings *findings; /* NULL for a piece */
    struct mn_tokens *tokens;
    const char *text, *at, *end; /* *end is NUL */
    uint8_t flags;               /* for the next token */
    uint32_t base;               /* offset of `text` among all pieces of the source */
    bool in_directive;           /* on the line of one whose tokens count: comments do not end it */
    bool failed;
};

static bool
is_word_byte(unsigned char c)
{
    return classes[c] & (C_LETTER | C_DIGIT | C_HIGH);
}

static uint32_t
offset_of(const struct lexer *x, const char *p)
{
    return x->base + (uint32_t)(p - x->text);
}

/* The token from `start` to x->at. */
static struct mn_token *
add(struct lexer *x, enum mn_token_kind kind, const char *start)
{
    struct mn_token token = {.start = offset_of(x, start),
                             .end = offset_of(x, x->at),
                             .match = MN_NO_MATCH,
                             .kind = (uint8_t)kind,
                             .flags = x->flags};

    x->flags = 0;
    if (!mn_tokens_add(x->tokens, &token)) {
        x->failed = true;
        return NULL;
    }
    return &x->tokens->items[x->tokens->count - 1];
}

static void
add_error(struct lexer *x, const char *start, const char *message)
{
    struct mn_token *t = add(x, MN_T_ERROR, start);

    if (t)
        t->message = message;
    if (!message)
        x->failed = true;
    x->tokens->has_errors = true;
}

static void
add_literal(struct lexer *x, enum mn_token_kind kind, const char *start, const struct mn_read_literal *read)
{
    struct mn_token *t;

    if (read->error) {
        add_error(x, start, read->error);
        return;
    }
    t = add(x, kind, start);
    if (t) {
        t->literal = mn_arena_copy(&x->tree->arena, &read->value, 1, sizeof read->value);
        x->failed |= t->literal == NULL;
    }
}

/* ---- blanks ---- */

static size_t
line_end(const char *p)
{
    return p[0] == '\n' ? 1 : p[0] == '\r' ? (p[1] == '\n' ? 2 : 1) : 0;
}

/* Past the end of the line, minding spliced ones. */
static const char *
to_line_end(const struct lexer *x, const char *p)
{
    while (p < x->end && !line_end(p)) {
        if (*p == '\\' && line_end(p + 1))
            p += line_end(p + 1);
        p++;
    }
    return p;
}

static void
block_comment(struct lexer *x)
{
    const char *start = x->at;

    x->at += 2;
    while (x->at < x->end && !(x->at[0] == '*' && x->at[1] == '/')) {
        if (line_end(x->at) && !x->in_directive)
            x->flags |= MN_TOKEN_FIRST;
        x->at++;
    }
    if (x->at < x->end) {
        x->at += 2;
        return;
    }
    x->at = start + 2; /* underline the opening alone */
    add_error(x, start, "unterminated comment: '*/' is missing");
    x->at = x->end;
}

/* Skips one blank thing; false when there is none. */
static bool
skip_blank(struct lexer *x)
{
    const char *p = x->at;

    if (classes[(unsigned char)*p] & C_BLANK) {
        do
            p++;
        while (classes[(unsigned char)*p] & C_BLANK);
        x->at = p;
    } else if (line_end(p)) {
        x->at += line_end(p);
        x->flags |= MN_TOKEN_FIRST;
        x->in_directive = false;
    } else if (p[0] == '\\' && line_end(p + 1)) {
        x->at += 1 + line_end(p + 1);
    } else if (p[0] == '/' && p[1] == '/') {
        x->at = to_line_end(x, p);
    } else if (p[0] == '/' && p[1] == '*') {
        block_comment(x);
    } else if (!memcmp(p, "\xC2\xA0", 2)) { /* no-break space; text ends in NUL, so two bytes can be read */
        x->at += 2;
    } else {
        return false;
    }
    x->flags |= MN_TOKEN_BLANK;
    return true;
}

/* ---- words ---- */

static const char *
scan_word(struct lexer *x)
{
    const char *start = x->at;

    while (is_word_byte((unsigned char)*x->at) && !(x->at[0] == (char)0xC2 && x->at[1] == (char)0xA0))
        x->at++;
    return mn_tree_name(x->tree, start, (size_t)(x->at - start));
}

static void
word(struct lexer *x)
{
    const char *start = x->at, *name = scan_word(x);
    struct mn_token *t = name ? add(x, MN_T_WORD, start) : NULL;

    if (t) {
        t->name = name;
        t->word = mn_name_of(name)->word;
    } else {
        x->failed = true;
    }
}

static enum mn_at_word
at_word_of(const char *name)
{
    static const char *const words[] = {
        "",
#define X(id, text) text,
#include "lang/objc/at_word.def"
#undef X
    };
    for (size_t i = 1; i < sizeof words / sizeof *words; i++)
        if (!strcmp(words[i], name))
            return (enum mn_at_word)i;
    return MN_AT_NONE;
}

/* '@' followed, blanks aside, by a word. */
static void
at_sign(struct lexer *x)
{
    const char *start = x->at, *p = start + 1, *name;
    struct mn_token *t;

    while (classes[(unsigned char)*p] & C_BLANK || line_end(p))
        p++;
    if (!(classes[(unsigned char)*p] & (C_LETTER | C_HIGH)) || !memcmp(p, "\xC2\xA0", 2)) {
        x->at++;
        add(x, MN_T_AT, start);
        return;
    }
    x->at = p;
    name = scan_word(x);
    t = name ? add(x, MN_T_AT_WORD, start) : NULL;
    if (t) {
        t->name = name;
        t->word = at_word_of(name);
    } else {
        x->failed = true;
    }
}

/* ---- '#' ---- */

/* Of these the parser and the preprocessor read the tokens; of all others the rest of the line is no code. */
static bool
has_tokens(const char *name, size_t length)
{
    static const char *const names[] = {"define", "undef", "if",   "ifdef",
                                        "ifndef", "elif",  "else", "endif"};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strlen(names[i]) == length && !memcmp(names[i], name, length))
            return true;
    return false;
}

static const char *
blanks(const char *p)
{
    while (classes[(unsigned char)*p] & C_BLANK)
        p++;
    return p;
}

/* The end of a directive's line, or the comment that begins on it. */
static const char *
directive_end(const struct lexer *x, const char *p)
{
    const char *end = to_line_end(x, p);

    while (p < end && !(p[0] == '/' && p[1] == '*'))
        p++;
    return p;
}

/* A DIRECTIVE token covers '#' and its word; of those without tokens, the whole line. */
static void
directive(struct lexer *x)
{
    const char *start = x->at, *name_start = blanks(start + 1), *name_end = name_start;
    const char *name;
    struct mn_token *t;

    while (is_word_byte((unsigned char)*name_end))
        name_end++;
    x->at = name_end;
    x->in_directive = has_tokens(name_start, (size_t)(name_end - name_start));
    if (!x->in_directive)
        x->at = directive_end(x, name_end);
    name = mn_tree_name(x->tree, name_start, (size_t)(name_end - name_start));
    t = name ? add(x, MN_T_DIRECTIVE, start) : NULL;
    if (t)
        t->name = name;
    else
        x->failed = true;
    x->tokens->has_directives = true;
}

static void
hash_sign(struct lexer *x)
{
    const char *start = x->at, *p = blanks(start + 1), *name;
    struct mn_token *t;

    if (!x->in_directive && *p >= 'A' && *p <= 'Z') { /* #If(...): Mango's other spelling of an annotation (spec 34.14) */
        const char *end = p;

        while (is_word_byte((unsigned char)*end))
            end++;
        if (*blanks(end) == '(') {
            x->at = p;
            name = scan_word(x);
            t = name ? add(x, MN_T_AT_WORD, start) : NULL;
            if (t) {
                t->name = name;
                t->flags |= MN_TOKEN_HASH;
            } else {
                x->failed = true;
            }
            return;
        }
    }
    if (x->flags & MN_TOKEN_FIRST) {
        directive(x);
        return;
    }
    x->at += start[1] == '#' ? 2 : 1;
    add(x, start[1] == '#' ? MN_T_HASH_HASH : MN_T_HASH, start);
}

/* ---- punctuation ---- */

static bool
is_punctuation(const char *text)
{
    unsigned char c = (unsigned char)text[0];

    return !(classes[c] & (C_LETTER | C_DIGIT | C_BLANK | C_HIGH)) && c > ' ' && c != '@' && c != '#';
}

/* The longest spelling in token.def that stands at p; the common marks of one byte never come here. */
static enum mn_token_kind
punctuation(const char *p, size_t *length)
{
    static const char *const texts[] = {
#define X(name, text) text,
#include "lang/objc/token.def"
#undef X
    };
    enum mn_token_kind best = MN_T_ERROR;

    *length = 0;
    for (int kind = MN_T_PAREN_OPEN; kind < MN_T_COUNT; kind++) {
        size_t n;

        if (texts[kind][0] != p[0])
            continue;
        n = strlen(texts[kind]);
        if (n > *length && !strncmp(p, texts[kind], n)) {
            best = (enum mn_token_kind)kind;
            *length = n;
        }
    }
    return best;
}

static void
mark(struct lexer *x)
{
    static const uint8_t single[128] = {
        ['('] = MN_T_PAREN_OPEN,   [')'] = MN_T_PAREN_CLOSE, ['['] = MN_T_SQUARE_OPEN,
        [']'] = MN_T_SQUARE_CLOSE, ['{'] = MN_T_BRACE_OPEN,  ['}'] = MN_T_BRACE_CLOSE,
        [';'] = MN_T_SEMICOLON,    [','] = MN_T_COMMA,       [':'] = MN_T_COLON,
        ['?'] = MN_T_QUESTION,     ['~'] = MN_T_TILDE,
    };
    const char *start = x->at;
    unsigned char c = (unsigned char)*start;
    size_t length = 1;
    enum mn_token_kind kind = c < 128 ? (enum mn_token_kind)single[c] : MN_T_ERROR;

    if (kind == MN_T_END)
        kind = is_punctuation(start) ? punctuation(start, &length) : MN_T_ERROR;
    if (kind == MN_T_ERROR) {
        x->at++;
        add_error(
            x, start,
            c > ' ' && c < 0x7F
                ? mn_arena_printf(&x->tree->arena, "'%c' starts no token of the language", c)
                : mn_arena_printf(&x->tree->arena, "the control character 0x%02X is no source text", c));
        return;
    }
    x->at += length;
    add(x, kind, start);
}

static void
warn(void *data, const char *at, const char *message)
{
    struct lexer *x = data;
    uint32_t start = offset_of(x, at);

    if (x->findings)
        mn_warning_at(x->findings, (struct mn_span){start, start + 2}, "%s", message);
}

static void
quoted(struct lexer *x)
{
    const char *start = x->at;
    struct mn_read_literal read;

    x->at = *start == '"' ? mn_read_string(&x->tree->arena, start, x->end, warn, x, &read)
                          : mn_read_character(&x->tree->arena, start, x->end, warn, x, &read);
    add_literal(x, *start == '"' ? MN_T_CSTRING : MN_T_CHARACTER, start, &read);
}

static void
number(struct lexer *x)
{
    const char *start = x->at;
    struct mn_read_literal read;
    bool floating;

    x->at = mn_read_number(&x->tree->arena, start, &read, &floating);
    add_literal(x, floating ? MN_T_FLOATING : MN_T_INTEGER, start, &read);
}

static void
one_token(struct lexer *x)
{
    unsigned char c = (unsigned char)*x->at;

    if (classes[c] & (C_LETTER | C_HIGH))
        word(x);
    else if (classes[c] & C_DIGIT || (c == '.' && classes[(unsigned char)x->at[1]] & C_DIGIT))
        number(x);
    else if (c == '"' || c == '\'')
        quoted(x);
    else if (c == '@')
        at_sign(x);
    else if (c == '#')
        hash_sign(x);
    else
        mark(x);
}

static bool
run(struct lexer *x)
{
    while (x->at < x->end && !x->failed) {
        if (!skip_blank(x))
            one_token(x);
        if (x->tree->arena.failed)
            return false;
    }
    x->flags |= MN_TOKEN_FIRST;
    add(x, MN_T_END, x->end);
    return !x->failed;
}

/* Puts the words of the language into the table of names, so that a name met in the text knows what it is. */
static bool
intern_words(struct mn_tree *tree)
{
    static const char *const words[] = {
        "",
#define X(id, text, class) text,
#include "lang/objc/word.def"
#undef X
    };
    for (size_t i = 1; i < sizeof words / sizeof *words; i++) {
        const char *name = mn_tree_name(tree, words[i], strlen(words[i]));

        if (!name)
            return false;
        mn_name_of(name)->word = (uint16_t)i;
    }
    return true;
}

bool
mn_lex(struct mn_tree *tree, const struct mn_source *source, struct mn_findings *findings,
       struct mn_tokens *tokens)
{
    struct lexer x = {.tree = tree,
                      .findings = findings,
                      .tokens = tokens,
                      .text = source->text,
                      .at = source->text,
                      .end = source->text + source->length,
                      .base = source->base,
                      .flags = MN_TOKEN_FIRST};

    *tokens = (struct mn_tokens){0};
    if (source->length >= 3 && !memcmp(source->text, "\xEF\xBB\xBF", 3))
        x.at += 3;
    return (source->base != 0 || intern_words(tree)) && run(&x);
}

bool
mn_lex_piece(struct mn_tree *tree, const char *text, size_t length, uint32_t offset, struct mn_tokens *tokens)
{
    struct lexer x = {.tree = tree, .tokens = tokens, .text = text, .at = text, .end = text + length, .base = offset};

    *tokens = (struct mn_tokens){0};
    return run(&x);
}
