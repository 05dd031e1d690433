/* SPDX-License-Identifier: MIT */
/*
 * Globs: `*`, `?`, `{a,b}` and plain bytes, matched against a whole name in time linear in the name.
 *
 * A glob is compiled to states of a non-deterministic automaton; matching keeps the set of states the name
 * can be in, so no pattern makes it go back. Read once, then constant: any thread.
 */
#ifndef MN_HOOK_GLOB_H
#define MN_HOOK_GLOB_H

#include "base/arena.h"

#include <stdbool.h>

struct mn_glob;

enum {
    MN_GLOB_STATES = 1024, /* about the bytes of the glob */
    MN_GLOB_DEPTH = 8      /* braces in braces */
};

/* What is wrong with a pattern, in words. `what` NULL: nothing. Both are literals. */
struct mn_complaint {
    const char *what, *remedy;
};

/*
 * Reads a glob from *at up to the first byte that cannot be part of one (a space, a bracket, a comma outside
 * braces, the end) and leaves *at there, or at the place of the complaint. No glob at all is a complaint.
 * *glob is NULL after a complaint, and, without one, when memory has run out.
 */
struct mn_complaint mn_glob_read(const char **at, struct mn_arena *arena, const struct mn_glob **glob);

/* A glob that matches this text and no other; NULL: no memory. */
const struct mn_glob *mn_glob_literal(const char *text, struct mn_arena *arena);

bool mn_glob_matches(const struct mn_glob *glob, const char *name);
#endif
