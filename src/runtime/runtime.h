/* SPDX-License-Identifier: MIT */
/*
 * The seam over the Objective-C runtime: what classes, methods, variables, protocols and selectors there are,
 * and what a message send would run. Installing methods is in install.h, making classes in create.h.
 *
 * Only files of this folder know how a runtime stores things: gcc*.c is libobjc of GCC 4.6 and later; another
 * runtime is another set of files with these functions.
 *
 * Every function here runs NO code of the host, except where its comment says "sends": no +initialize, no
 * +resolveInstanceMethod:, no class-loading handler. All accept Nil and NULL (nothing is found there). Any
 * thread. Without the lock an answer is a snapshot: true at some moment of the call. Names, encodings and
 * classes live as long as the process.
 *
 * Class methods are the methods of the metaclass: pass mn_class_meta(cls).
 */
#ifndef MN_RUNTIME_RUNTIME_H
#define MN_RUNTIME_RUNTIME_H

#include <objc/objc.h>
#include <objc/runtime.h>

#include <mend/error.h>
#include <stdbool.h>
#include <stddef.h>

/*
 * The runtime's recursive mutex: the outermost lock of the process. The runtime itself holds it while +load
 * and +initialize run, so no other lock of ours may be held when it is taken, and it is our only writer lock.
 */
void mn_runtime_lock(void);
void mn_runtime_unlock(void);

/* Takes the mutex if that needs no waiting. */
bool mn_runtime_trylock(void);

/*
 * A number that grows with every method Mend installs or takes back. What the host installs by itself does
 * not move it, so it is no licence to keep an IMP: see mn_lookup for how to cache.
 */
unsigned long mn_runtime_epoch(void);

/* ---- Classes ---- */

/* The registered class of that name, or Nil. */
Class mn_class_named(const char *name);

/* Right also for classes the runtime has not linked yet (Nil then if the superclass is not loaded). */
Class mn_class_super(Class cls);
Class mn_class_meta(Class cls);
bool mn_class_is_meta(Class cls);

/* A metaclass has the name of its class; Nil is "Nil". */
const char *mn_class_name(Class cls);
size_t mn_class_instance_size(Class cls);

/* +initialize has begun, or was not needed. */
bool mn_class_initialised(Class cls);

/* cls is ancestor, or inherits from it. */
bool mn_class_inherits(Class cls, Class ancestor);

/* Loaded or registered, so that methods may be installed on it; not one still being built. */
bool mn_class_registered(Class cls);

/* The class of an object as its isa says; of a class, its metaclass. Sends no message, so nothing can lie. */
Class mn_object_class(id object);
bool mn_object_is_class(id object);

/* Visits every registered class (no metaclass) in no particular order, until visit returns false. The lock is
 * not held during the visits. MEND_NO_MEMORY: none was visited. */
mend_status mn_class_each(bool (*visit)(void *data, Class cls), void *data);

/* ---- Methods ---- */

struct mn_method {
    Class owner;       /* the class whose list has it */
    SEL sel;           /* the typed selector of the list */
    const char *types; /* its encoding */
    IMP imp;
};

/* The method cls itself has for a selector (compared by name), as opposed to one it inherits. *method may be
 * NULL. */
bool mn_method_own(Class cls, SEL sel, struct mn_method *method);

/* The same, looking up the chain of superclasses: what instances of cls run. */
bool mn_method_find(Class cls, SEL sel, struct mn_method *method);

/* Visits the methods of cls itself, until visit returns false. A method replaced by a category is visited
 * once, as the category has it. */
void mn_method_each(Class cls, bool (*visit)(void *data, const struct mn_method *method), void *data);

/* Visits every class's own method for that selector, metaclasses too: what a message to an unknown object
 * could run. Walks every class: tens of microseconds. */
mend_status mn_method_each_of(SEL sel, bool (*visit)(void *data, const struct mn_method *method), void *data);

/* ---- Instance variables ---- */

struct mn_ivar {
    Class owner;
    const char *name, *types; /* types may name a class: @"NSString" */
    ptrdiff_t offset;         /* from the start of the object */
};

bool mn_ivar_own(Class cls, const char *name, struct mn_ivar *ivar);
bool mn_ivar_find(Class cls, const char *name, struct mn_ivar *ivar);
void mn_ivar_each(Class cls, bool (*visit)(void *data, const struct mn_ivar *ivar), void *data);

/* ---- Protocols ---- */

Protocol *mn_protocol_named(const char *name);

/* What a protocol, or one it adopts, declares for a selector. owner is Nil and imp NULL in the answer. GCC's
 * runtime records no @optional methods. */
bool mn_protocol_method(Protocol *protocol, SEL sel, bool instance, struct mn_method *method);

/* The same over all protocols cls and its superclasses adopt. cls is a class; instance chooses the side. */
bool mn_class_protocol_method(Class cls, SEL sel, bool instance, struct mn_method *method);

/* ---- Selectors ---- */

/* The untyped selector of that name, registered if it is new. NULL only for a NULL or empty name. */
SEL mn_selector(const char *name);

/* The same with an encoding attached (what the compiler gives a call site). */
SEL mn_selector_typed(const char *name, const char *types);

/*
 * The one typed selector of that name there is, or the untyped one where there is none or several. Registering another spelling of
 * the same types would take this answer from everybody: Foundation forwards a message by it.
 */
SEL mn_selector_only(const char *name);

/* Some selector of that name, or NULL when the process has never heard of it. */
SEL mn_selector_find(const char *name);

/* Some class implements it. Walks every class. */
bool mn_selector_known(SEL sel);

/* NULL for NULL and for what is no selector. */
const char *mn_selector_name(SEL sel);

/* The encoding this very selector carries (call sites have typed ones), or NULL. */
const char *mn_selector_types(SEL sel);

/* The same name; types do not matter. `_cmd` is the typed selector of the call site: never compare SELs by
 * pointer. */
bool mn_selector_equal(SEL a, SEL b);

/* ---- Sending ---- */

/*
 * What a send of sel to receiver runs, exactly as compiled code finds it, never stale: reads the class's
 * dispatch table, about 2 ns. A miss sends: +initialize, +resolveInstanceMethod:, the forwarding machinery;
 * the answer to a miss is good for one call only (a forwarding IMP may be autoreleased). nil gives a function
 * that returns 0.
 *
 * How to cache a send: look up each time and compare the IMP with the one the cache was made for. The same
 * IMP means the same method, so the same signature and moves. A cache keyed by class alone would go stale
 * whenever the host swizzles, and nothing tells when it does.
 */
IMP mn_lookup(id receiver, SEL sel);

/* The same for a message to super: the method of superclass (the class above the one whose method is running)
 * or above it. */
IMP mn_lookup_super(id receiver, Class superclass, SEL sel);

/* What instances of cls run by its dispatch table; NULL when it has none for sel or is not initialised yet.
 */
IMP mn_lookup_installed(Class cls, SEL sel);

#endif
