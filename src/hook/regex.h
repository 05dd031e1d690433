/* SPDX-License-Identifier: MIT */
/*
 * Regular expressions in patterns: POSIX extended ones, bytes only, in time linear in the name.
 *
 * Compiled to states of a non-deterministic automaton, as globs are: repetitions with numbers are written
 * out, within a budget of states, and matching keeps the set of states the name can be in. Nothing goes back,
 * nothing is remembered, so no expression costs more than (bytes of the name) x (states). Read once, then
 * constant: any thread.
 *
 * Beyond POSIX: \w \W \s \S, \b \B, \< \>, an empty alternative. Refused, at their place: references back,
 * named collating elements, a repetition of nothing (a * in front, or behind ^), a parenthesis without its
 * partner, an escape that means nothing.
 */
#ifndef MN_HOOK_REGEX_H
#define MN_HOOK_REGEX_H

#include "hook/glob.h"

struct mn_regex;

enum {
    MN_REGEX_BYTES = 512,
    MN_REGEX_STATES = 1024, /* of one */
    MN_REGEX_DEPTH = 32     /* parentheses in parentheses */
};

/*
 * Reads /.../ or /.../i at *at and leaves *at behind it, or at the place of the complaint. *regex is NULL
 * after a complaint, and, without one, when memory has run out. The states it takes are taken off *budget.
 */
struct mn_complaint mn_regex_read(const char **at, struct mn_arena *arena, unsigned *budget,
                                  const struct mn_regex **regex);

/* Whether it finds a match somewhere in the text. */
bool mn_regex_finds(const struct mn_regex *regex, const char *text);
#endif
