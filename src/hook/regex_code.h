/* SPDX-License-Identifier: MIT */
/*
 * A compiled regular expression, between the one who writes it (regex.c) and the one who runs it
 * (regex_find.c).
 *
 * Where a state leads is relative to itself, so that a piece can be copied and moved as it is.
 */
#ifndef MN_HOOK_REGEX_CODE_H
#define MN_HOOK_REGEX_CODE_H

#include "hook/regex.h"

#include <stdint.h>

enum mn_regex_kind {
    MN_REGEX_BYTE,
    MN_REGEX_ANY,
    MN_REGEX_SET,  /* one of sets[what] */
    MN_REGEX_FORK, /* goes on at the next state and at `to` */
    MN_REGEX_JUMP, /* goes on at `to` */
    MN_REGEX_BEGIN,
    MN_REGEX_END,
    MN_REGEX_EDGE,     /* \b: a word begins or ends here */
    MN_REGEX_NO_EDGE,  /* \B */
    MN_REGEX_WORD,     /* \<: a word begins here */
    MN_REGEX_WORD_END, /* \> */
    MN_REGEX_FOUND
};

struct mn_regex_state {
    uint8_t kind; /* enum mn_regex_kind */
    uint8_t what; /* the byte, or the number of the set */
    int16_t to;
};

struct mn_regex_set {
    uint64_t bits[4];
};

struct mn_regex {
    bool folds; /* the name's capitals are read as small letters; all here are small */
    unsigned count;
    const struct mn_regex_set *sets;
    struct mn_regex_state states[];
};

static inline void
mn_regex_set_add(struct mn_regex_set *set, unsigned char byte)
{
    set->bits[byte / 64] |= (uint64_t)1 << (byte % 64);
}

static inline bool
mn_regex_set_has(const struct mn_regex_set *set, unsigned char byte)
{
    return set->bits[byte / 64] >> (byte % 64) & 1;
}

/* ASCII, whatever the locale: names of the runtime are bytes. */
static inline unsigned char
mn_regex_small(unsigned char byte)
{
    return byte >= 'A' && byte <= 'Z' ? (unsigned char)(byte - 'A' + 'a') : byte;
}

static inline bool
mn_regex_in_word(unsigned char byte)
{
    unsigned char small = mn_regex_small(byte);

    return (small >= 'a' && small <= 'z') || (byte >= '0' && byte <= '9') || byte == '_';
}
#endif
