/* SPDX-License-Identifier: MIT */
/*
 * Making a class: new, its variables and methods, then registered, or dropped while nobody has seen it.
 *
 * A class being made belongs to one thread. Once registered it lives as long as the process; from then on
 * methods come by install.h and variables not at all.
 */
#ifndef MN_RUNTIME_CREATE_H
#define MN_RUNTIME_CREATE_H

#include "runtime/runtime.h"

/*
 * A class and its metaclass under construction. superclass Nil makes a root class. MEND_EXISTS: the name is
 * taken; MEND_INVALID: no name, or the superclass is itself under construction. Nothing of the host runs,
 * unless it has set a handler for unknown classes, which the runtime asks for `name`.
 */
mend_status mn_class_new(Class superclass, const char *name, Class *cls, mend_error *err);

/* Adds an instance variable of that encoding; size and alignment in bytes, alignment a power of two. Names
 * that a superclass uses are refused with MEND_EXISTS. Everything is copied. */
mend_status mn_class_add_ivar(Class cls, const char *name, size_t size, size_t alignment, const char *types,
                              mend_error *err);

/* Adds a method to the class, or a class method to mn_class_meta(cls), under construction. MEND_EXISTS: it
 * has one. */
mend_status mn_class_add_method(Class cls, SEL sel, IMP imp, const char *types, mend_error *err);

mend_status mn_class_add_protocol(Class cls, Protocol *protocol, mend_error *err);

/* Makes it known to the process. MEND_EXISTS: another of that name was registered meanwhile; the class is
 * still under construction then, and is the caller's to free. */
mend_status mn_class_register(Class cls, mend_error *err);

/* Frees a class that was never registered; Nil is fine. */
void mn_class_free(Class cls);

#endif
