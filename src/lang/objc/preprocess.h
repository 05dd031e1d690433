/* SPDX-License-Identifier: MIT */
/*
 * What the files of the preprocessor share (spec/mango.md section 3).
 *
 * Tokens of one piece of the source go in, tokens without directives and macros come out. Inside, every token's span
 * is where it is spelled; on the way out, what came from the body of a macro gets the span of the macro's use, while
 * arguments keep their own: so findings point at what the author wrote.
 */
#ifndef MN_LANG_OBJC_PREPROCESS_H
#define MN_LANG_OBJC_PREPROCESS_H

#include "base/list.h"
#include "lang/name.h"
#include "lang/objc/parser.h"

enum {
    MN_CONDITIONALS_MAX = 64, /* nested #if */
    MN_EXPANSIONS_MAX = 200,  /* nested macros */
    MN_IMPORTS_MAX = 64,      /* nested #import */
    MN_EXPANDED_MAX = 1 << 20 /* tokens that macros may make altogether */
};

/* A macro as defined. Its tokens and parameters live in the tree's arena. */
struct mn_macro {
    const char *name;
    struct mn_span at; /* of the name in its #define; empty for those defined from the start */
    bool takes_arguments, variadic;
    bool busy; /* being expanded: its name stands for itself */
    enum mn_macro_kind { MN_MACRO_PLAIN, MN_MACRO_LINE, MN_MACRO_FILE, MN_MACRO_COUNTER } kind;
    const char **params; /* interned; of a variadic one the last is the tail's name */
    uint32_t param_count;
    struct mn_token *tokens;
    uint32_t count;
};

/* Where one #if stands. */
struct mn_conditional {
    struct mn_span at;
    bool outer;  /* the text around it counts */
    bool taken;  /* a branch has been taken */
    bool active; /* this branch counts */
    bool had_else;
};

enum { MN_PACKS_MAX = 64 }; /* deepest nesting of #pragma pack(push) */

struct mn_pp {
    struct mn_tree *tree;
    struct mn_source *source; /* the first piece */
    struct mn_findings *findings;
    const struct mn_parse_options *options;
    struct mn_tokens out;
    struct mn_list conditionals; /* struct mn_conditional */
    size_t conditionals_below;   /* those of the text around the piece being read */
    struct mn_list imported;     /* const char *: paths of headers read */
    const struct mn_source *piece; /* being read */
    unsigned imports;            /* nesting */
    unsigned nesting;            /* of arguments being expanded */
    uint32_t expanded;           /* tokens made so far */
    uint32_t counter;            /* __COUNTER__ */
    uint8_t dialect;             /* MN_TOKEN_MANGO, MN_TOKEN_OBJC or 0: from #pragma mend */
    struct mn_list packs;        /* struct mn_pack: for the tree */
    uint8_t pushed[MN_PACKS_MAX], pack, packs_pushed; /* #pragma pack: kept ones, the one in force */
    bool any_macro;              /* something beside the predefined ones was defined */
    bool failed;                 /* memory has run out */
};

/* The tokens of one line behind a directive's word: [at, end). */
struct mn_line_tokens {
    const struct mn_token *items;
    uint32_t count;
    struct mn_span at; /* the directive */
};

static inline struct mn_span
mn_pp_span(const struct mn_token *t)
{
    return (struct mn_span){t->start, t->end};
}

void mn_pp_error(struct mn_pp *pp, struct mn_span span, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* ---- macro.c ---- */

bool mn_pp_predefine(struct mn_pp *pp);
void mn_pp_define(struct mn_pp *pp, const struct mn_line_tokens *line);
void mn_pp_undef(struct mn_pp *pp, const struct mn_line_tokens *line);

/* ---- expand.c ---- */

/*
 * Expands the macro named by items[*at], if it is one that applies there, and puts the result into `out`; *at is then
 * behind its use. False: it is none, nothing happened.
 */
bool mn_pp_expand(struct mn_pp *pp, const struct mn_token *items, uint32_t count, uint32_t *at,
                  struct mn_tokens *out, bool keep_spelling);

/* ---- paste.c: tokens that macros make of tokens ---- */

/* `#`: the string that the tokens spell. */
bool mn_pp_stringify(struct mn_pp *pp, const struct mn_token *items, uint32_t count, struct mn_token *made);

/* `##`: false when the two make no token (reported at `at`) or memory has run out. */
bool mn_pp_paste(struct mn_pp *pp, const struct mn_token *left, const struct mn_token *right, struct mn_span at,
                 struct mn_token *made);

/* One token with the given spelling. */
bool mn_pp_spell(struct mn_pp *pp, const char *text, size_t length, struct mn_token *made);

/* ---- condition.c ---- */

/* The value of an #if line; false also after an error. */
bool mn_pp_condition(struct mn_pp *pp, const struct mn_line_tokens *line);

/* ---- include.c ---- */

/* #import, #include: the header found under an include root, at its place. */
void mn_pp_import(struct mn_pp *pp, const struct mn_token *directive);

/* ---- compiler_words.c ---- */

extern const char mn_pp_compiler_words[];

/* ---- preprocess.c ---- */

/* Reads one piece of the source into pp->out. */
void mn_pp_piece(struct mn_pp *pp, const struct mn_source *piece);

/* ---- #pragma pack (pack.c) ---- */

/* `place` is the directive's, `at` what follows "pack" up to the line's end. */
void mn_pp_pack(struct mn_pp *pp, uint32_t place, const char *at, const char *end);
#endif
