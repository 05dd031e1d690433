/* SPDX-License-Identifier: MIT */
/*
 * Sends of Mend's own: while a scope is open, calls that the thread makes of hooked methods run the methods as if
 * nobody had hooked them.
 *
 *     MN_SCOPED(mn_own_sends_end) struct mn_own_sends own = MN_OWN_SENDS_CLOSED;
 *
 *     mn_own_sends_begin(&own);
 *
 * For messages that Mend needs and nobody asked for: making a string, boxing what advice wants to look at, asking an
 * exception for its reason. Advice on such a method that asks for such a thing would otherwise go round for ever, and
 * a trace would show what Mend does in place of what the program does. Not for messages that stand for somebody
 * else's: what a patch or advice sends, retain and release (a -dealloc that follows is the object's own), the end of a
 * pool. Scopes nest, and end when an exception leaves them; one that a longjmp has left is
 * found out at the thread's next call of a hooked method: it comes from further up the stack, or over the scope's
 * place there.
 *
 * The hook engine, which this folder does not know, says how (mn_own_sends_by).
 */
#ifndef MN_RUNTIME_OWN_SENDS_H
#define MN_RUNTIME_OWN_SENDS_H

#include <stdint.h>

struct mn_own_sends_ways;

/* In the stack frame of whoever opens the scope. */
struct mn_own_sends {
    const struct mn_own_sends_ways *ways; /* NULL: nothing was hooked yet */
    uintptr_t seal;                       /* what the engine wrote there to know it again */
};

#define MN_OWN_SENDS_CLOSED {0}

struct mn_own_sends_ways {
    void (*begin)(struct mn_own_sends *own);
    void (*end)(void);
};

/* Set once, before the first method is hooked. */
void mn_own_sends_by(const struct mn_own_sends_ways *ways);

void mn_own_sends_begin(struct mn_own_sends *own);
void mn_own_sends_end(const struct mn_own_sends *own);
#endif
