/* SPDX-License-Identifier: MIT */
/*
 * Regular expressions in patterns: POSIX extended ones, from the C library, kept within bounds.
 *
 * The library doubles what a + repeats and copies what {} repeats, one inside the other, and remembers every
 * state of its automaton that a text led to: both without limit. So the size is reckoned before it is
 * compiled, and it is compiled anew after some thousand bytes of text.
 *
 * One thread at a time.
 */
#ifndef MN_HOOK_REGEX_H
#define MN_HOOK_REGEX_H

#include "hook/glob.h"

struct mn_regex;

enum { MN_REGEX_BYTES = 512 };

/*
 * Reads /.../ or /.../i at *at and leaves *at behind it, or at the place of the complaint. *regex is NULL
 * after a complaint, and, without one, when memory has run out.
 */
struct mn_complaint mn_regex_read(const char **at, struct mn_regex **regex);

/* NULL is allowed. */
void mn_regex_free(struct mn_regex *regex);

/* Whether it finds a match somewhere in the text. */
bool mn_regex_finds(struct mn_regex *regex, const char *text);
#endif
