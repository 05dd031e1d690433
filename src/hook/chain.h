/* SPDX-License-Identifier: MIT */
/*
 * A chain: the advice of one method, as an immutable array that calls read without a lock.
 *
 * Links lie in the order they run: before advice, insteads from the outside in, after advice, throwing
 * advice. A change makes a new array, publishes it in the site and retires the old one; a retired array is
 * freed when no call holds it (hold.h).
 *
 * Where single objects have hooks, the array has the links of all other receivers, and names for each such
 * object an array of its own, with its hooks sorted in among those of the class. These live as long as an
 * array that names them; unchanged ones are shared from one array to the next.
 *
 * All functions here are for the holder of the runtime's mutex, unless they say otherwise.
 */
#ifndef MN_HOOK_CHAIN_H
#define MN_HOOK_CHAIN_H

#include "base/list.h"
#include "hook/record.h"

struct mn_link {
    mend_advice advice;
    void *data;
    uint32_t version;
    uint16_t word;  /* index of the live word in the chain's words */
    uint16_t gated; /* 1: see gate.h before it runs */
    struct mn_hook *hook;
};

/* What changes while a call goes on; one word, so that a call begins with one store of it. */
struct mn_call_state {
    uint32_t next;    /* the link behind the one that runs: what mend_call_proceed starts from */
    uint8_t position; /* a mend_position: that of the advice running */
    bool settled;     /* the method does not follow: an instead is in its place, or before advice has skipped it */
    bool has_result;  /* the frame's result is set (before advice meets it unset) */
    bool direct;      /* proceeding, from an instead, runs the class's own method and nothing else */
};

enum {
    MN_CHAIN_GATED = 1,   /* a link is gated */
    MN_CHAIN_SCRATCH = 2, /* a hook wants scratch words */
    MN_CHAIN_KEEPS = 4,   /* a hook limits depth: the call must stay on the stack until the method returns */
    MN_CHAIN_ENDS = 8,    /* the receiver's hooks end with this call: it is a single object's -dealloc */
    MN_CHAIN_SHORT = 16,  /* ungated before and after advice, nothing else, and no stack arguments: entry.S runs it */
    MN_CHAIN_LAST = 32    /* of -dealloc: what lies below runs also when before advice leaves by unwinding */
};

struct mn_object_chains;

struct mn_chain {
    /* Of a chain of one before or instead, so that a call needs to look no further. In any other chain `word`
       is one that is always 0 and `version` is not. */
    const mn_word *word;
    uint32_t version;
    uint32_t bytes;
    struct mn_call_state state; /* what a call of it begins with */

    uint16_t befores, insteads, afters, throwings;
    uint16_t word_count, flags;
    uint32_t refs;                          /* of an object's: arrays naming it */
    struct mn_chain *next;                  /* among the retired */
    const struct mn_object_chains *objects; /* NULL: no single object has hooks */
    struct mn_site *site;
    uint64_t published;     /* when it was made, in arrays made */
    struct mn_link links[]; /* and behind them the addresses of the distinct live words: mn_chain_words */
};

/* Which objects have arrays of their own: a table with open addressing, never full. */
struct mn_object_chains {
    uint32_t mask, count;
    struct mn_object_chain {
        id object;
        const struct mn_chain *chain;
    } slots[];
};

static inline uint32_t
mn_chain_links(const struct mn_chain *chain)
{
    return (uint32_t)chain->befores + chain->insteads + chain->afters + chain->throwings;
}

static inline const mn_word *const *
mn_chain_words(const struct mn_chain *chain)
{
    return (const mn_word *const *)&chain->links[mn_chain_links(chain)];
}

/* A number of 32 bits, well mixed, for tables of objects; entry.S computes it too. */
static inline uint32_t
mn_object_hash(const void *object)
{
    return (uint32_t)((uint64_t)(uintptr_t)object * 0x9e3779b97f4a7c15u >> 32);
}

/* The array for calls this object receives. For whoever holds `chain`. */
static inline const struct mn_chain *
mn_chain_for(const struct mn_chain *chain, id receiver)
{
    const struct mn_object_chains *objects = chain->objects;

    if (!objects)
        return chain;
    for (uint32_t i = mn_object_hash(receiver);; i++) {
        const struct mn_object_chain *slot = &objects->slots[i & objects->mask];

        if (!slot->object)
            return chain;
        if (slot->object == receiver)
            return slot->chain;
    }
}

/* The chain of every site without hooks. */
extern const struct mn_chain mn_chain_idle;

/* How many hooks one method can have, for one receiver. */
enum { MN_CHAIN_MAX = 4096 };

/*
 * An array of what `now` has, without the removed hooks, plus the `count` hooks of `more`, all for `site`.
 * MEND_NO_MEMORY, MEND_INVALID when wishes form a circle, MEND_UNSUPPORTED beyond MN_CHAIN_MAX. mn_chain_idle
 * when nothing is left.
 */
mend_status mn_chain_new(const struct mn_chain *now, struct mn_hook *const *more, size_t count,
                         struct mn_site *site, const struct mn_chain **out, mend_error *err);

/* Frees an array that was never published, or is in use by nobody. mn_chain_idle is left alone. */
void mn_chain_free(const struct mn_chain *chain);

/* Visits the hooks of an array, those of single objects too, each once, in the order they run. */
void mn_chain_each(const struct mn_chain *chain,
                   void (*visit)(struct mn_hook *hook, unsigned turn, void *data), void *data);

/* Adds those to a list of struct mn_hook *. MEND_NO_MEMORY. */
mend_status mn_chain_hooks(const struct mn_chain *chain, struct mn_list *hooks, mend_error *err);

/* Whether a hook of this word and version stands in it. For whoever holds it. */
bool mn_chain_names(const struct mn_chain *chain, const struct mn_live *live, uint32_t version);

/* Arrays made so far: what mn_chain.published counts. */
uint64_t mn_chain_clock(void);

/* ---- Arrays that calls may still use (retire.c) ---- */

void mn_chain_retire(const struct mn_chain *chain);

/* Frees the retired arrays that nobody holds; does so only when many have come together unless `now`. Gives
 * how many are left. */
size_t mn_chain_reclaim(bool now);
size_t mn_chain_retired(void);
void mn_chain_each_retired(void (*visit)(const struct mn_chain *chain, void *data), void *data);

/* Arrays, retired ones too, but not those of objects; memory of all. */
void mn_chain_count(size_t *chains, size_t *bytes);
#endif
