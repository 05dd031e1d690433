/* SPDX-License-Identifier: MIT */
/* Text to tokens (spec/mango.md section 2). */
#ifndef MN_LANG_OBJC_LEXER_H
#define MN_LANG_OBJC_LEXER_H

#include "lang/diagnostic.h"
#include "lang/objc/token.h"

/*
 * Reads the whole source into `tokens`; names and values go to the tree's arena. Invalid tokens become ERROR
 * tokens; findings gets only warnings (unknown escapes). False when memory has run out.
 */
bool mn_lex(struct mn_tree *tree, const struct mn_source *source, struct mn_findings *findings,
            struct mn_tokens *tokens);

/* Tokens of one piece of text on its own, for `##`: false when memory has run out. */
bool mn_lex_piece(struct mn_tree *tree, const char *text, size_t length, uint32_t offset,
                  struct mn_tokens *tokens);
#endif
