/* SPDX-License-Identifier: MIT */
/*
 * Holding objects: retain, release, autorelease and pools as the program's own classes define them.
 *
 * GCC's runtime has no functions for these; they are messages that a class may override. Each call looks its
 * method up in the dispatch table, so an override, also one installed later, is honoured. nil is accepted
 * everywhere. All of them run host code and may let an exception pass. mn_own_init must have run once
 * (program loading does it).
 */
#ifndef MN_VALUE_OWN_H
#define MN_VALUE_OWN_H

#include "runtime/runtime.h"

struct mn_own_selectors {
    SEL retain, release, autorelease;
};
extern struct mn_own_selectors mn_own;

/* Registers the selectors. Any thread, any number of times; no host code. */
void mn_own_init(void);

static inline id
mn_retain(id object)
{
    return object == nil ? nil : ((id(*)(id, SEL))mn_lookup(object, mn_own.retain))(object, mn_own.retain);
}

static inline void
mn_release(id object)
{
    if (object != nil)
        ((void (*)(id, SEL))(void (*)(void))mn_lookup(object, mn_own.release))(object, mn_own.release);
}

static inline id
mn_autorelease(id object)
{
    return object == nil
               ? nil
               : ((id(*)(id, SEL))mn_lookup(object, mn_own.autorelease))(object, mn_own.autorelease);
}

/* Retains the new value, then releases the old one, as a strong variable is assigned. */
static inline void
mn_store_strong(id *place, id value)
{
    id old;

    mn_retain(value);
    old = *place;
    *place = value;
    mn_release(old);
}

/* A new innermost NSAutoreleasePool of this thread, and its end. NULL where Foundation is not loaded. */
id mn_pool_push(void);
void mn_pool_pop(id pool);
#endif
