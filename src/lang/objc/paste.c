/* SPDX-License-Identifier: MIT */
/* `#` and `##`: text made of tokens, and tokens made of text. Made spellings go to a piece of the source of their own,
 * so that a made token can be made into another. */
#include "base/buffer.h"
#include "lang/objc/lexer.h"
#include "lang/objc/preprocess.h"

#include <string.h>

static const char *
spelling(struct mn_pp *pp, const struct mn_token *t)
{
    return mn_source_at(pp->source, t->start);
}

/* Reads the text as tokens; true when it is exactly one. */
static bool
read_one(struct mn_pp *pp, const char *text, size_t length, struct mn_token *made)
{
    struct mn_tokens tokens = {0};
    uint32_t offset;
    bool one;

    if (!mn_source_spell(pp->source, text, length, &offset) ||
        !mn_lex_piece(pp->tree, mn_source_at(pp->source, offset), length, offset, &tokens)) {
        pp->failed |= length < MN_MADE_ROOM;
        mn_tokens_fini(&tokens);
        return false;
    }
    one = tokens.count == 2 && tokens.items[0].kind != MN_T_ERROR;
    if (one)
        *made = tokens.items[0];
    mn_tokens_fini(&tokens);
    return one;
}

bool
mn_pp_spell(struct mn_pp *pp, const char *text, size_t length, struct mn_token *made)
{
    return read_one(pp, text, length, made);
}

static void
append_escaped(struct mn_buffer *out, const char *text, uint32_t length, bool escape)
{
    for (uint32_t i = 0; i < length; i++) {
        if (escape && (text[i] == '"' || text[i] == '\\'))
            mn_buffer_char(out, '\\');
        mn_buffer_char(out, text[i]);
    }
}

bool
mn_pp_stringify(struct mn_pp *pp, const struct mn_token *items, uint32_t count, struct mn_token *made)
{
    struct mn_buffer text = MN_BUFFER_EMPTY;
    bool good;

    mn_buffer_char(&text, '"');
    for (uint32_t i = 0; i < count; i++) {
        const struct mn_token *t = &items[i];

        if (i && t->flags & (MN_TOKEN_BLANK | MN_TOKEN_FIRST))
            mn_buffer_char(&text, ' ');
        append_escaped(&text, spelling(pp, t), t->end - t->start,
                       t->kind == MN_T_CSTRING || t->kind == MN_T_CHARACTER);
    }
    mn_buffer_char(&text, '"');
    if (text.failed) {
        pp->failed = true;
        good = false;
    } else {
        good = read_one(pp, mn_buffer_peek(&text), text.length, made);
        if (!good && !pp->failed && count)
            mn_pp_error(pp, mn_pp_span(items), "'#' makes no string of this argument");
    }
    mn_buffer_fini(&text);
    return good;
}

bool
mn_pp_paste(struct mn_pp *pp, const struct mn_token *left, const struct mn_token *right, struct mn_span at,
            struct mn_token *made)
{
    uint32_t n = left->end - left->start, m = right->end - right->start;
    struct mn_buffer text = MN_BUFFER_EMPTY;
    bool good = false;

    mn_buffer_append(&text, spelling(pp, left), n);
    mn_buffer_append(&text, spelling(pp, right), m);
    if (text.failed)
        pp->failed = true;
    else
        good = read_one(pp, mn_buffer_peek(&text), text.length, made);
    if (good)
        made->flags = (uint8_t)((made->flags & ~(MN_TOKEN_FIRST | MN_TOKEN_BLANK)) | (left->flags & MN_TOKEN_BLANK));
    else if (!pp->failed)
        mn_pp_error(pp, at, "'%.*s' and '%.*s' make no token together", n > 40 ? 40 : (int)n, spelling(pp, left),
                    m > 40 ? 40 : (int)m, spelling(pp, right));
    mn_buffer_fini(&text);
    return good;
}
