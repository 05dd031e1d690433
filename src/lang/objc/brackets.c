/* SPDX-License-Identifier: MIT */
/*
 * What lies between which brackets, found in one pass forward and one back.
 *
 * Forward: partners. A closing bracket takes the nearest open one of its kind and gives up those in between,
 * so one missing bracket leaves the others paired. Each bracket is pushed and popped once: linear.
 *
 * Back: for every ':' the number of ':' less the number of '?' that follow it at the same level, up to the
 * level's end or the next ';' (in a dictionary literal: or ','). The parser knows how many separators it
 * still waits for; a colon that others can stand in for may belong to a selector. Two counts are packed into
 * `match`: of all colons (low half) and of those that cannot belong to a selector themselves (high half),
 * both biased.
 */
#include "base/alloc.h"
#include "lang/objc/token.h"

struct level {
    int all, hard;
    bool dictionary, square;
};

static int
bracket_kind(enum mn_token_kind kind)
{
    switch (kind) {
    case MN_T_PAREN_OPEN:
    case MN_T_PAREN_CLOSE:
        return 0;
    case MN_T_SQUARE_OPEN:
    case MN_T_SQUARE_CLOSE:
        return 1;
    case MN_T_BRACE_OPEN:
    case MN_T_BRACE_CLOSE:
        return 2;
    default:
        return -1;
    }
}

static bool
is_opening(enum mn_token_kind kind)
{
    return kind == MN_T_PAREN_OPEN || kind == MN_T_SQUARE_OPEN || kind == MN_T_BRACE_OPEN;
}

/* Returns the deepest level reached. `stack` has room for every token. */
static uint32_t
pair(struct mn_tokens *tokens, uint32_t *stack)
{
    uint32_t depth = 0, deepest = 0, open[3] = {0, 0, 0};

    for (uint32_t i = 0; i < tokens->count; i++) {
        struct mn_token *t = &tokens->items[i];
        int kind = bracket_kind(t->kind);

        if (kind < 0)
            continue;
        t->match = MN_NO_MATCH;
        if (is_opening(t->kind)) {
            stack[depth++] = i;
            open[kind]++;
            if (depth > deepest)
                deepest = depth;
            continue;
        }
        while (open[kind]) {
            struct mn_token *top = &tokens->items[stack[--depth]];
            int top_kind = bracket_kind(top->kind);

            open[top_kind]--;
            if (top_kind == kind) {
                top->match = i;
                t->match = stack[depth];
                break;
            }
        }
    }
    return deepest;
}

/* `. word? : word? : ... (` : whether the ':' at index i ends such a run or stands in one. */
static void
mark_soft(struct mn_tokens *tokens)
{
    struct mn_token *t = tokens->items;

    for (uint32_t i = 0; i + 1 < tokens->count; i++) {
        uint32_t end = i + 1;

        if (t[i].kind != MN_T_DOT)
            continue;
        while (t[end].kind == MN_T_WORD || t[end].kind == MN_T_COLON)
            end++;
        if (t[end].kind == MN_T_PAREN_OPEN && t[end - 1].kind == MN_T_COLON)
            for (uint32_t k = i + 1; k < end; k++)
                if (t[k].kind == MN_T_COLON)
                    t[k].flags |= MN_TOKEN_SOFT;
        i = end - 1;
    }
}

static uint32_t
pack(const struct level *level)
{
    int all = level->all < -32000 ? -32000 : level->all > 32000 ? 32000 : level->all;
    int hard = level->hard < -32000 ? -32000 : level->hard > 32000 ? 32000 : level->hard;

    return (uint32_t)(all + 32768) | (uint32_t)(hard + 32768) << 16;
}

/* `[x a:1 b:2]`: the colon of `b:`, whose word follows an operand, is the message's and no separator. */
static bool
is_keyword(const struct mn_tokens *tokens, uint32_t colon)
{
    if (colon < 2 || tokens->items[colon - 1].kind != MN_T_WORD)
        return false;
    switch (tokens->items[colon - 2].kind) {
    case MN_T_WORD:
    case MN_T_PAREN_CLOSE:
    case MN_T_SQUARE_CLOSE:
    case MN_T_BRACE_CLOSE:
    case MN_T_INTEGER:
    case MN_T_FLOATING:
    case MN_T_CHARACTER:
    case MN_T_CSTRING:
        return true;
    default:
        return false;
    }
}

static void
count_back(struct mn_tokens *tokens, struct level *levels)
{
    uint32_t depth = 0;

    levels[0] = (struct level){0};
    for (uint32_t i = tokens->count; i-- > 0;) {
        struct mn_token *t = &tokens->items[i];
        struct level *level = &levels[depth];

        if (bracket_kind(t->kind) >= 0 && t->match == MN_NO_MATCH)
            continue;
        if (bracket_kind(t->kind) >= 0 && is_opening(t->kind)) {
            depth--;
        } else if (bracket_kind(t->kind) >= 0) {
            bool dictionary =
                t->kind == MN_T_BRACE_CLOSE && t->match > 0 && tokens->items[t->match - 1].kind == MN_T_AT;

            levels[++depth] =
                (struct level){.dictionary = dictionary, .square = t->kind == MN_T_SQUARE_CLOSE};
        } else if (t->kind == MN_T_COLON) {
            t->match = pack(level);
            if (level->square && is_keyword(tokens, i))
                continue;
            level->all++;
            level->hard += !(t->flags & MN_TOKEN_SOFT);
        } else if (t->kind == MN_T_QUESTION) {
            level->all--;
            level->hard--;
        } else if (t->kind == MN_T_SEMICOLON || (t->kind == MN_T_COMMA && level->dictionary)) {
            level->all = level->hard = 0;
        }
    }
}

bool
mn_tokens_pair(struct mn_tokens *tokens)
{
    uint32_t *stack = mn_malloc((tokens->count + 1) * sizeof *stack), deepest;
    struct level *levels;

    if (!stack)
        return false;
    deepest = pair(tokens, stack);
    mn_free(stack);
    levels = mn_malloc((deepest + 1) * sizeof *levels);
    if (!levels)
        return false;
    mark_soft(tokens);
    count_back(tokens, levels);
    mn_free(levels);
    return true;
}
