/* SPDX-License-Identifier: MIT */
/*
 * Tokens: what the lexer makes of the text, the preprocessor filters, and the parser reads by index.
 *
 * A reserved word is a WORD like any other, with `word` saying which: whether it is an identifier depends on
 * where it stands, and only the parser knows. An invalid token is an ERROR token with its message; it is
 * reported when it is read, not when it is lexed, so that text skipped by #if may hold anything.
 */
#ifndef MN_LANG_OBJC_TOKEN_H
#define MN_LANG_OBJC_TOKEN_H

#include "lang/tree.h"

enum mn_token_kind {
#define X(name, text) MN_T_##name,
#include "lang/objc/token.def"
#undef X
    MN_T_COUNT
};

enum mn_word_id { /* 0 is no special word */
                  MN_W_NONE,
#define X(name, text, class) MN_W_##name,
#include "lang/objc/word.def"
#undef X
                  MN_W_COUNT
};

enum mn_at_word { /* 0: an annotation */
                  MN_AT_NONE,
#define X(name, text) MN_AT_##name,
#include "lang/objc/at_word.def"
#undef X
};

enum mn_word_class {
    MN_WORD_PLAIN,
    MN_WORD_RESERVED,
    MN_WORD_TYPE,
    MN_WORD_CONTEXT,
    MN_WORD_IGNORED,
    MN_WORD_IGNORED_CALL
};

enum mn_token_flags {
    MN_TOKEN_FIRST = 1,    /* first of its line */
    MN_TOKEN_BLANK = 2,    /* blanks or a comment stand before it */
    MN_TOKEN_MANGO = 4,    /* after #pragma mend dialect(mango); set by the preprocessor */
    MN_TOKEN_OBJC = 8,     /* after #pragma mend dialect(objc); likewise */
    MN_TOKEN_HASH = 16,    /* an AT_WORD spelled with '#' */
    MN_TOKEN_SOFT = 32,    /* ':' of what may be a dotted selector: `.word:` ... `(` */
    MN_TOKEN_EXPANDED = 64, /* came out of a macro: its span is the macro's use */
    MN_TOKEN_FROZEN = 128   /* names a macro but is none: it came out of that macro */
};

#define MN_NO_MATCH UINT32_MAX

/* The value of a number, character or string. */
struct mn_literal {
    union {
        uint64_t integer;
        struct {
            double value;
            long double precise;
        } floating;
        int32_t character;
        struct {
            const char *bytes;
            uint32_t length;
        } string;
    };
    uint8_t base, suffix;
};

struct mn_token {
    uint32_t start, end;
    uint32_t match; /* brackets: index of the partner or MN_NO_MATCH; ':' see brackets.c */
    uint16_t word;  /* WORD: mn_word_id; AT_WORD: mn_at_word */
    uint8_t kind, flags;
    union {
        const char *name;                 /* WORD, AT_WORD, DIRECTIVE: interned */
        const struct mn_literal *literal; /* numbers, characters, strings */
        const char *message;              /* ERROR */
    };
};

/* A run of tokens, the last one an END. */
struct mn_tokens {
    struct mn_token *items;
    uint32_t count, capacity;
    bool has_directives, has_errors;
};

/* Appends; false when memory has run out. */
bool mn_tokens_add(struct mn_tokens *tokens, const struct mn_token *token);
void mn_tokens_fini(struct mn_tokens *tokens);

/* Spelling of punctuation, otherwise what messages call the kind. */
const char *mn_token_kind_text(enum mn_token_kind kind);
enum mn_word_class mn_word_class_of(enum mn_word_id word);

/*
 * Pairs brackets and, for every ':', counts what follows it at its bracket level: with that, whether `.a:`
 * starts a selector or ends a `?` is one comparison (spec/mango.md 34.5). Linear. False when memory has run
 * out.
 */
bool mn_tokens_pair(struct mn_tokens *tokens);
#endif
