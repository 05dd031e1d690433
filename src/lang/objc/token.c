/* SPDX-License-Identifier: MIT */
/* The texts of tokens and words, and the array that holds them. */
#include "lang/objc/token.h"
#include "base/alloc.h"

bool
mn_tokens_add(struct mn_tokens *tokens, const struct mn_token *token)
{
    if (tokens->count == tokens->capacity) {
        uint32_t capacity = tokens->capacity ? tokens->capacity * 2 : 256;
        struct mn_token *wider = mn_realloc(tokens->items, capacity * sizeof *wider);

        if (!wider)
            return false;
        tokens->items = wider;
        tokens->capacity = capacity;
    }
    tokens->items[tokens->count++] = *token;
    return true;
}

void
mn_tokens_fini(struct mn_tokens *tokens)
{
    mn_free(tokens->items);
    *tokens = (struct mn_tokens){0};
}

const char *
mn_token_kind_text(enum mn_token_kind kind)
{
    static const char *const texts[] = {
#define X(name, text) [MN_T_##name] = text,
#include "lang/objc/token.def"
#undef X
    };
    return texts[kind];
}

enum mn_word_class
mn_word_class_of(enum mn_word_id word)
{
    static const uint8_t classes[] = {
#define X(name, text, class) [MN_W_##name] = MN_WORD_##class,
#include "lang/objc/word.def"
#undef X
    };
    return (enum mn_word_class)classes[word];
}
