/* SPDX-License-Identifier: MIT */
/*
 * Live words: one 32-bit word that says which version of a unit (a token, a group, a patch) is in force.
 *
 * A hook carries a pointer to its unit's word and the version it belongs to, and is in force while the two
 * agree. So a unit of any size goes into force, out of force, or over to its next version by one store,
 * without a lock.
 *
 * Words live in slots that are never freed: a version number is used once, so an old hook that still points
 * at a slot given to another unit finds a number that is not its own. A handle names slot and version; that
 * is what a mend_token is, and why using a stale one is harmless. (A slot would have to be reused two
 * thousand million times under one stale handle to be mistaken.)
 */
#ifndef MN_HOOK_LIVE_H
#define MN_HOOK_LIVE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

typedef _Atomic(uint32_t) mn_word;

enum { MN_WORD_OUT = 1 }; /* set beside the version: out of force for the moment (mend_hook_disable) */

/* Each in a cache line of its own: calls of one unit's hooks read what units that come and go write. */
enum { MN_LIVE_LINE = 64 };

struct mn_live {
    _Alignas(MN_LIVE_LINE) mn_word now; /* the version in force, with MN_WORD_OUT while disabled; 0: none */
    mn_word born;  /* the first version of the unit that has the slot now */
    uint32_t last; /* the newest version given out; even, never 0. Under the runtime's mutex */
    uint32_t index;
    void *owner;          /* the unit; after its end its first hook. Under the runtime's mutex */
    const char *name;     /* what the unit is called, lent by it; NULL: nothing. Under the runtime's mutex */
    struct mn_live *next; /* among the free ones, or those whose unit waits to be cleared away */
};

/* A slot with a new version that is not in force yet. Under the runtime's mutex; NULL when memory has run
 * out. */
struct mn_live *mn_live_new(void *owner);

/* The next version of the same slot, not in force until it is stored. Under the runtime's mutex. */
uint32_t mn_live_next(struct mn_live *live);

/* Gives the slot back. No hook of its versions is in force any more. Under the runtime's mutex. */
void mn_live_free(struct mn_live *live);

/* The handle of a slot's newest version, and back; NULL if the handle never was one. No lock. */
void *mn_live_handle(const struct mn_live *live);
struct mn_live *mn_live_of(const void *handle, uint32_t *version);

static inline bool
mn_word_says(const mn_word *word, uint32_t version)
{
    return atomic_load_explicit(word, memory_order_acquire) == version;
}
#endif
