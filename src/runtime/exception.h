/* SPDX-License-Identifier: MIT */
/*
 * Objective-C exceptions for C code.
 *
 * A catch and a rethrow lose the stack of an exception nobody handles: catch only where somebody asked for
 * it. C code that merely must clean up uses MN_SCOPED variables and lets the exception pass.
 */
#ifndef MN_RUNTIME_EXCEPTION_H
#define MN_RUNTIME_EXCEPTION_H

#include <objc/objc.h>
#include <stdbool.h>
#include <stddef.h>

/* A variable whose clean-up runs when its block is left, also by an exception (the file needs -fexceptions).
 */
#define MN_SCOPED(leave) __attribute__((cleanup(leave), unused))

/*
 * Runs body(data). True when it returned; false when an Objective-C exception left it, which is in *exception
 * then (usually autoreleased: retain it to keep it; nil after `@throw nil`). exception may be NULL.
 *
 * Everything else that unwinds the stack passes through untouched: C++ exceptions, pthread_exit,
 * cancellation.
 */
bool mn_try(void (*body)(void *data), void *data, id *exception);

/* Throws like @throw. With no handler anywhere the process ends as the runtime ends it. */
void mn_throw(id exception) __attribute__((noreturn));

/*
 * What an exception says about itself, for a log line or an error: `name` and `reason` if it answers to them,
 * else its class and nothing. Sends messages (-name, -reason, -UTF8String); an exception thrown by them is
 * swallowed. Texts are cut to fit; control bytes become '?'.
 */
void mn_exception_name(id exception, char *text, size_t size);
void mn_exception_reason(id exception, char *text, size_t size);

#endif
