/* SPDX-License-Identifier: MIT */
/*
 * What patches of the mangofix and ocrunner profiles call where a name, a selector or a value is not there
 * (spec/mango.md 1.2b). The checker puts these calls in place of what it cannot resolve.
 */
#ifndef MN_LANG_BUILTIN_LENIENT_H
#define MN_LANG_BUILTIN_LENIENT_H

#include <objc/objc.h>
#include <stdbool.h>

/* A name nobody knows is read: raises MendErrorUnknownIdentifier; or writes to the log and gives nil. */
id mn_lenient_raise(const char *name);
id mn_lenient_nothing(const char *name);

/* It is assigned to: a line in the log. */
void mn_lenient_lost(const char *name);

/* Whether the receiver answers; false, with a line in the log, when it does not. nil does. */
bool mn_lenient_answers(id receiver, SEL selector);

/* The stand-in for a nil element of a collection literal, and the collection without its stand-ins. */
id mn_lenient_absent(void);
id mn_lenient_present(id collection);
#endif
