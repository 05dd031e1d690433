/* SPDX-License-Identifier: MIT */
/*
 * Things that are made once for each distinct text and kept for ever: types and signatures.
 *
 * A fixed table of lists that only ever grow at their heads, so finding and adding take no lock, survive fork
 * in the middle of an add, and may run in any state of any other lock. A process knows a few thousand
 * distinct encodings; lists stay short.
 */
#ifndef MN_ABI_INTERN_H
#define MN_ABI_INTERN_H

#include <stddef.h>
#include <stdint.h>

enum { MN_INTERN_LISTS = 2048 };

/* The head of an interned thing. */
struct mn_interned {
    struct mn_interned *next;
    uint64_t hash;
    size_t length;
    const char *text;
};

struct mn_intern {
    _Atomic(struct mn_interned *) lists[MN_INTERN_LISTS];
};

uint64_t mn_intern_hash(const char *text, size_t length);

/* The thing of that text, or NULL. */
struct mn_interned *mn_intern_find(struct mn_intern *table, const char *text, size_t length, uint64_t hash);

/* Adds `fresh` (hash, length, text set). If another thread was quicker its thing is returned, and `fresh` is
 * not added. */
struct mn_interned *mn_intern_add(struct mn_intern *table, struct mn_interned *fresh);
#endif
