/* SPDX-License-Identifier: MIT */
/*
 * A chain: the advice of one method, as an immutable array that calls read without a lock.
 *
 * Links lie in the order they run: before advice, insteads from the outside in, after advice. A change makes
 * a new array, publishes it in the site and retires the old one; a retired array is freed when no call holds
 * it (hold.h). The hooks themselves are shared by the arrays that name them and counted.
 *
 * All functions here are for the holder of the runtime's mutex.
 */
#ifndef MN_HOOK_CHAIN_H
#define MN_HOOK_CHAIN_H

#include "hook/live.h"

#include <mend/hook.h>
#include <stddef.h>

struct mn_site;

/* One hook in place. Freed when its unit has let go of it and the last array that names it is freed. */
struct mn_hook {
    mend_hook_spec spec;
    struct mn_live *live;
    uint32_t version;
    uint32_t refs;  /* arrays naming it, and one for its unit */
    uint64_t order; /* of adding, in the whole process */
    struct mn_site *site;
    struct mn_hook *next;    /* the other members of its unit; then: others due for release */
    struct mn_hook *pending; /* first members only: other units removed while the mutex was not to be had */
    bool removed;            /* its unit is gone for good: the next array of the site leaves it out */
};

struct mn_link {
    mend_advice advice;
    void *data;
    uint32_t version;
    uint32_t word; /* index of the live word in the chain's words */
    struct mn_hook *hook;
};

/* What changes while a call goes on; one word, so that a call begins with one store of it. */
struct mn_call_state {
    uint32_t next;    /* the link that mend_call_proceed starts from */
    uint8_t position; /* a mend_position: that of the advice running */
    bool
        settled; /* the method does not follow: an instead is in its place, or before advice has skipped it */
    bool has_result; /* the frame's result is set (before advice meets it unset) */
};

struct mn_chain {
    /* Of a chain of one before or instead, so that a call needs to look no further. In any other chain `word`
       is one that is always 0 and `version` is not. */
    const mn_word *word;
    uint32_t version;
    uint32_t bytes;
    struct mn_call_state state; /* what a call of it begins with */

    uint16_t befores, insteads, afters;
    uint32_t word_count;
    struct mn_chain *next;  /* among the retired */
    struct mn_link links[]; /* and behind them the addresses of the distinct live words: mn_chain_words */
};

static inline uint32_t
mn_chain_links(const struct mn_chain *chain)
{
    return (uint32_t)chain->befores + chain->insteads + chain->afters;
}

static inline const mn_word *const *
mn_chain_words(const struct mn_chain *chain)
{
    return (const mn_word *const *)&chain->links[mn_chain_links(chain)];
}

/* The chain of every site without hooks. */
extern const struct mn_chain mn_chain_idle;

/* How many hooks one method can have. */
enum { MN_CHAIN_MAX = 4096 };

/* A hook with one reference, for its unit; NULL when memory has run out. */
struct mn_hook *mn_hook_new(const mend_hook_spec *spec, struct mn_site *site);

/* Which live word puts it in force, and with what number. */
void mn_hook_bind(struct mn_hook *hook, struct mn_live *live, uint32_t version);

/* Its unit is gone: the next array of its site leaves it out. */
void mn_hook_end(struct mn_hook *hook);

/* Frees one that was never in a chain; its data is not released. */
void mn_hook_drop(struct mn_hook *hook);

/* Drops a reference. The last one puts the hook among those due for release. */
void mn_hook_release(struct mn_hook *hook);

/*
 * An array of what `now` has, without the removed hooks, plus the `count` hooks of `more`. MEND_NO_MEMORY, or
 * MEND_UNSUPPORTED beyond MN_CHAIN_MAX. mn_chain_idle when nothing is left.
 */
mend_status mn_chain_new(const struct mn_chain *now, struct mn_hook *const *more, size_t count,
                         const struct mn_chain **out, mend_error *err);

/* Frees an array that was never published, or is in use by nobody. mn_chain_idle is left alone. */
void mn_chain_free(const struct mn_chain *chain);

/* Whether any link's hook is not removed. */
bool mn_chain_has_hooks(const struct mn_chain *chain);

/* ---- Arrays that calls may still use (retire.c) ---- */

void mn_chain_retire(const struct mn_chain *chain);

/* Frees the retired arrays that nobody holds; does so only when many have come together unless `now`. Gives
 * how many are left. */
size_t mn_chain_reclaim(bool now);
size_t mn_chain_retired(void);

/* Takes over the hooks due for release; their release functions run when the mutex is given back. */
struct mn_hook *mn_hooks_due(void);

/* Runs their release functions and frees them. NOT under the runtime's mutex. */
void mn_hooks_release_due(struct mn_hook *due);

struct mn_chain_counts {
    size_t chains, removed,
        bytes; /* arrays, retired ones too; hooks removed and not yet released; memory of both */
};

void mn_chain_count(struct mn_chain_counts *counts);
#endif
