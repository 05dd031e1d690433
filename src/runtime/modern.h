/* SPDX-License-Identifier: MIT */
/*
 * Runtimes of the second generation: GNUstep's libobjc2 (2.0 and later, the ABI gnustep-2.0) and Apple's, by their
 * public functions. What differs between the two is in this file, under its one condition.
 *
 * Private to modern_*.c. Apple's side has never been built or run (docs/porting.md).
 */
#ifndef MN_RUNTIME_MODERN_H
#define MN_RUNTIME_MODERN_H

#include "runtime/runtime.h"

#include <objc/message.h>

/* Exported by both runtimes for compilers; libobjc2 declares them only to Objective-C, Apple nowhere. */
id objc_retain(id object);
void objc_release(id object);
id objc_storeWeak(id *place, id object);
id objc_loadWeakRetained(id *place);
void objc_destroyWeak(id *place);
void *_Block_copy(const void *block);
void _Block_release(const void *block);

#if defined(__APPLE__)
enum { MODERN_BLOCK_COUNTS_IN_FLAGS = true };

static inline void
modern_make_block_classes(Class root)
{
    (void)root; /* the system has */
}

static inline SEL
modern_typed_selector(const char *name, const char *types)
{
    (void)types; /* a selector is its name there */
    return sel_registerName(name);
}

static inline const char *
modern_selector_types(SEL sel)
{
    (void)sel;
    return NULL;
}

static inline bool
modern_is_initialised(Class cls)
{
    (void)cls; /* nobody outside can tell */
    return true;
}

static inline IMP
modern_lookup(id receiver, SEL sel)
{
    return class_getMethodImplementation(object_getClass(receiver), sel);
}

static inline IMP
modern_lookup_super(id receiver, Class superclass, SEL sel)
{
    (void)receiver;
    return class_getMethodImplementation(superclass, sel);
}

/* One forwarding IMP serves every message there: what a selector finds that nobody implements. */
static inline IMP
modern_forward(id receiver, SEL sel)
{
    (void)sel;
    return class_getMethodImplementation(object_getClass(receiver),
                                         sel_registerName("mend_messageThatNobodyAnswers"));
}
#else
#include <objc/hooks.h>

enum { MODERN_BLOCK_COUNTS_IN_FLAGS = false };

BOOL objc_create_block_classes_as_subclasses_of(Class root);

static inline void
modern_make_block_classes(Class root)
{
    objc_create_block_classes_as_subclasses_of(root);
}

static inline SEL
modern_typed_selector(const char *name, const char *types)
{
    return types != NULL ? sel_registerTypedName_np(name, types) : sel_registerName(name);
}

static inline const char *
modern_selector_types(SEL sel)
{
    return sel_getType_np(sel);
}

/* libobjc2's class.h: isa, super, name, version, info; bit 8 is set when +initialize begins. */
static inline bool
modern_is_initialised(Class cls)
{
    return (__atomic_load_n((const unsigned long *)(const void *)cls + 4, __ATOMIC_RELAXED) & 1 << 8) != 0;
}

static inline IMP
modern_lookup(id receiver, SEL sel)
{
    return objc_msg_lookup(receiver, sel);
}

static inline IMP
modern_lookup_super(id receiver, Class superclass, SEL sel)
{
    struct objc_super super = {receiver, superclass};

    return objc_msg_lookup_super(&super, sel);
}

/* Foundation makes one for the message, good for one call. */
static inline IMP
modern_forward(id receiver, SEL sel)
{
    return __objc_msg_forward2(receiver, sel);
}
#endif

/* What Mend added to cls and has taken back since: such a method is still in the class's list (modern_install.c), and
 * is treated as if it were not. */
bool modern_is_vestige(Class cls, Method method);

/* The method in the list of cls itself, vestiges included; NULL: none. */
Method modern_own_method(Class cls, SEL sel);

#endif
