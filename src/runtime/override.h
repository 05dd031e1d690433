/* SPDX-License-Identifier: MIT */
/*
 * Methods of ours in front of -dealloc and -release of concrete classes.
 *
 * One override is a level: a class with the method it had before. A plain C function cannot tell by its
 * arguments for which level it runs (B's -dealloc calls super, and A below it may have one too), so there are
 * several copies of each function. The first levels have a copy each; later ones share the last copies, where
 * levels of one chain of classes get different ones, so that copy and class of the object together name the
 * level. Levels are made once and never taken back.
 *
 * Private to override.c, death.c, weak.c.
 */
#ifndef MN_RUNTIME_OVERRIDE_H
#define MN_RUNTIME_OVERRIDE_H

#include "runtime/install.h"

enum mn_override { MN_OVERRIDE_DEALLOC, MN_OVERRIDE_RELEASE };

struct mn_level {
    struct mn_change change; /* cls, and what the method was */
    Class super;
    enum mn_override kind;
    unsigned copy;
    bool root;    /* a root class: what its -dealloc calls frees the object */
    bool by_word; /* of -release: instances are counted by NSObject (count.h) */
};

/* The level of that very class, or NULL. No lock. */
const struct mn_level *mn_override_of(Class cls, enum mn_override kind);

/*
 * Makes sure that cls has the override. MEND_REFUSED_OBJECT: neither it nor a superclass has the method, or
 * too many levels stand on one chain of classes (64 at most); MEND_NO_MEMORY.
 */
mend_status mn_override_install(Class cls, enum mn_override kind, mend_error *err);

/* What the host had in place of the level's override; call it with the object and the selector given. */
IMP mn_override_next(const struct mn_level *level, id object, SEL sel);

/* What instances of cls would run without our overrides. Holding the runtime's mutex. */
IMP mn_override_beneath(Class cls, enum mn_override kind);

/* What the overrides do with an object that is perhaps in the table; both end by running, or not, the next.
 */
void mn_death_dealloc(id object, SEL sel, const struct mn_level *level);
void mn_weak_release(id object, SEL sel, const struct mn_level *level);

#endif
