/* SPDX-License-Identifier: MIT */
/*
 * Running: the set of states the text can be in, moved along byte by byte.
 *
 * A set is a list of its states and a bit for each; only states that wait for a byte are in the list. Every
 * state enters a set once, so following forks ends, whatever loops they make.
 */
#include "hook/regex_code.h"

#include <string.h>

struct set {
    unsigned count;
    uint16_t list[MN_REGEX_STATES];
    uint64_t seen[MN_REGEX_STATES / 64];
};

/* Between which bytes we stand; 0 at either end of the text. */
struct place {
    unsigned char before, behind;
};

static void
clear(const struct mn_regex *regex, struct set *set)
{
    set->count = 0;
    memset(set->seen, 0, (regex->count + 63U) / 64 * sizeof set->seen[0]);
}

static bool
holds(enum mn_regex_kind kind, struct place at)
{
    bool before = mn_regex_in_word(at.before), behind = mn_regex_in_word(at.behind);

    switch (kind) {
    case MN_REGEX_BEGIN:
        return at.before == 0;
    case MN_REGEX_END:
        return at.behind == 0;
    case MN_REGEX_EDGE:
        return before != behind;
    case MN_REGEX_NO_EDGE:
        return before == behind;
    case MN_REGEX_WORD:
        return !before && behind;
    default:
        return before && !behind; /* MN_REGEX_WORD_END */
    }
}

/* States still to be followed; each is put here once at most. */
struct stack {
    unsigned count;
    uint16_t states[MN_REGEX_STATES];
};

static void
push(struct set *set, struct stack *stack, int state)
{
    uint64_t bit = (uint64_t)1 << (state % 64);

    if (set->seen[state / 64] & bit)
        return;
    set->seen[state / 64] |= bit;
    stack->states[stack->count++] = (uint16_t)state;
}

/* Adds what `state` leads to without a byte; true: a match is complete. */
static bool
add(const struct mn_regex *regex, struct set *set, int state, struct place at)
{
    struct stack stack;

    stack.count = 0;
    push(set, &stack, state);
    while (stack.count > 0) {
        const struct mn_regex_state *s;

        state = stack.states[--stack.count];
        s = &regex->states[state];
        switch ((enum mn_regex_kind)s->kind) {
        case MN_REGEX_FOUND:
            return true;
        case MN_REGEX_BYTE:
        case MN_REGEX_ANY:
        case MN_REGEX_SET:
            set->list[set->count++] = (uint16_t)state;
            break;
        case MN_REGEX_FORK:
            push(set, &stack, state + 1);
            push(set, &stack, state + s->to);
            break;
        case MN_REGEX_JUMP:
            push(set, &stack, state + s->to);
            break;
        default:
            if (holds((enum mn_regex_kind)s->kind, at))
                push(set, &stack, state + 1);
        }
    }
    return false;
}

static bool
takes(const struct mn_regex *regex, const struct mn_regex_state *s, unsigned char byte)
{
    return s->kind == MN_REGEX_ANY || (s->kind == MN_REGEX_BYTE && s->what == byte) ||
           (s->kind == MN_REGEX_SET && mn_regex_set_has(&regex->sets[s->what], byte));
}

static bool
step(const struct mn_regex *regex, const struct set *now, struct set *next, unsigned char byte,
     struct place at)
{
    if (regex->folds)
        byte = mn_regex_small(byte);
    for (unsigned i = 0; i < now->count; i++)
        if (takes(regex, &regex->states[now->list[i]], byte) && add(regex, next, now->list[i] + 1, at))
            return true;
    return false;
}

bool
mn_regex_finds(const struct mn_regex *regex, const char *text)
{
    struct set sets[2], *now = &sets[0], *next = &sets[1];
    struct place at = {0, (unsigned char)*text};

    clear(regex, now);
    for (;;) {
        struct set *before = now;

        if (add(regex, now, 0, at)) /* a match may begin anywhere */
            return true;
        if (at.behind == 0)
            return false;
        at = (struct place){at.behind, (unsigned char)*++text};
        clear(regex, next);
        if (step(regex, now, next, at.before, at))
            return true;
        now = next;
        next = before;
    }
}
