/* SPDX-License-Identifier: MIT */
/*
 * The record of one hook: what was asked for, and which unit puts it in force.
 *
 * A record is named by its unit (a token, a group, a patch) and by every array of advice it stands in, and is
 * freed, its data released, when the last of them has let go. What few hooks have (a name, an object, limits,
 * counters) lies in a second part.
 *
 * All functions here are for the holder of the runtime's mutex, unless they say otherwise.
 */
#ifndef MN_HOOK_RECORD_H
#define MN_HOOK_RECORD_H

#include "hook/live.h"

#include <mend/hook.h>
#include <objc/objc.h>
#include <stddef.h>

struct mn_site;
struct mn_watch;

/* Set once before the hook is in an array, but for what is atomic. */
struct mn_hook_more {
    id object;              /* the hook is for calls it receives; nil: for all. Perhaps dead: never sent to */
    struct mn_watch *watch; /* of the object's death; of the eldest that was renewed */
    struct mn_hook *earlier; /* the hook whose data this one uses: a reference */
    struct mn_hook
        *outer;          /* on a class below, for the same object: where a call passes both, that one runs */
    struct mn_live *own; /* of an object's hook in a group: the word its death ends; the eldest's, too */
    uint32_t own_version;
    const char *name, *ahead_of, *behind;
    uint64_t thread;    /* the one thread it is for (gate.h); 0: all */
    uint32_t max_depth; /* 0: any */
    uint32_t options;
    atomic_bool spent; /* of MEND_HOOK_ONCE: it has run */
    _Atomic(uint64_t) calls, nanoseconds;
};

struct mn_hook {
    mend_advice advice;
    void *data;
    void (*release)(void *data);
    struct mn_live *live;
    struct mn_site *site;
    struct mn_hook_more *more; /* NULL for most */
    struct mn_hook *next;      /* the other members of its unit; then: others due for release */
    uint64_t order;            /* of adding, in the whole process */
    uint32_t version;
    uint32_t refs; /* arrays naming it, and one for its unit */
    int priority;
    uint16_t options;
    uint8_t position; /* a mend_position */
    bool alone;       /* its unit is a token */
    bool removed;     /* gone for good: the next array of its site leaves it out */
};

/* A hook with one reference, for its unit; object nil: for all receivers. NULL when memory has run out. */
struct mn_hook *mn_hook_new(const mend_hook_spec *spec, id object, struct mn_site *site);

/* What was asked for, but for the release function. Texts are lent by the hook. */
mend_hook_spec mn_hook_spec_of(const struct mn_hook *hook);

/* One that is to take another's place in `site`: the same in all, its age and its data included, which it
 * keeps alive. */
struct mn_hook *mn_hook_new_like(struct mn_hook *earlier, struct mn_site *site);

/* Which live word puts it in force, and with what number. */
void mn_hook_bind(struct mn_hook *hook, struct mn_live *live, uint32_t version);

/* Its unit is gone, or it is spent: the next array of its site leaves it out. */
void mn_hook_end(struct mn_hook *hook);

/* Gives up one that was never in a chain, with its unit's reference; its data is released only if `release`.
 */
void mn_hook_drop(struct mn_hook *hook, bool release);

/* Drops a reference. The last one puts the hook among those due for release. */
void mn_hook_release(struct mn_hook *hook);

/* Takes over the hooks due for release; their release functions run when the mutex is given back. */
struct mn_hook *mn_hooks_due(void);

/* Runs their release functions and frees them. NOT under the runtime's mutex. */
void mn_hooks_release_due(struct mn_hook *due);

/* Whether any are due. */
bool mn_hooks_are_due(void);

/* Hooks removed and not yet released; memory of all. */
void mn_hook_count(size_t *removed, size_t *bytes);

static inline id
mn_hook_object(const struct mn_hook *hook)
{
    return hook->more ? hook->more->object : (id)0;
}

/* More than its word decides whether it runs, or its runs are counted (gate.h). */
static inline bool
mn_hook_is_gated(const struct mn_hook *hook)
{
    const unsigned options = MEND_HOOK_ONCE | MEND_HOOK_THIS_THREAD | MEND_HOOK_COUNTED | MEND_HOOK_TIMED;
    const struct mn_hook_more *more = hook->more;

    return more && (more->max_depth != 0 || more->outer || more->own || (hook->options & options));
}

/* It is for -dealloc, of a class or of one object. Any thread. */
bool mn_hook_is_of_dealloc(const struct mn_hook *hook);

/* It is for one object's -dealloc: the call of that is the last thing it can see. Any thread. */
bool mn_hook_ends_with_call(const struct mn_hook *hook);

/* Puts hooks into the order they run in: positions, then wishes, priority, age. MEND_INVALID: the wishes form
 * a circle (turn.c). */
mend_status mn_hooks_sort(struct mn_hook **hooks, size_t count, mend_error *err);
#endif
