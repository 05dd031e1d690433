/* SPDX-License-Identifier: MIT */
/*
 * "Did you mean ...?": the live name nearest to a misspelt one, by edit distance with letter case counting
 * half.
 *
 * NULL when nothing is near enough (about a third of the letters wrong). Results live as long as the process.
 * Run no code of the host; the costliest, selectors of every class, takes some milliseconds. Any thread.
 */
#ifndef MN_RUNTIME_SUGGEST_H
#define MN_RUNTIME_SUGGEST_H

#include "runtime/runtime.h"

/* A class that is registered. */
const char *mn_suggest_class(const char *misspelt);

/* A selector of a method that cls (or its metaclass) has or inherits; of any class when cls is Nil. */
const char *mn_suggest_selector(Class cls, const char *misspelt);

/* An instance variable cls has or inherits. */
const char *mn_suggest_ivar(Class cls, const char *misspelt);

/* How far two names are apart, or limit + 1 when farther than limit: 2 for each letter added, dropped,
 * changed or swapped with its neighbour, 1 for each that differs in case only. For other lists of names. */
unsigned mn_name_distance(const char *a, const char *b, unsigned limit);

/* The greatest distance at which a name still counts as a misspelling of a text of that length. */
unsigned mn_name_tolerance(size_t length);

#endif
