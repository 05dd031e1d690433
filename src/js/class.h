/* SPDX-License-Identifier: MIT */
/*
 * How scripts find methods: a prototype for each Objective-C class, filled on demand.
 *
 * A wrapper's prototype is an ordinary object of its class's record; behind it stands a lookup object that is asked for
 * names the prototype does not have yet. It answers with a function for a method (send.h) or with the function a
 * script defined (the short cut from script to script), and leaves it in the prototype, where the engine's own caches
 * find it from then on. So no source is rewritten.
 *
 * Only names that some script calls are answered (mn_js_calls): any other property of a wrapper is what JavaScript says
 * it is, undefined unless somebody sets it.
 *
 * Records are never freed: one a class that a script has met. Any thread.
 */
#ifndef MN_JS_CLASS_H
#define MN_JS_CLASS_H

#include "js/value.h"

struct mn_js_class;

/* The record of a class (for class methods: of its metaclass), and for messages to super above it. */
struct mn_js_class *mn_js_class_of(Class cls);
struct mn_js_class *mn_js_class_above(Class cls);

/* Of classes the process does not have, and of pointers. */
struct mn_js_class *mn_js_class_missing(void);
struct mn_js_class *mn_js_class_pointer(void);

JSObjectRef mn_js_class_prototype(struct mn_js_class *record);
Class mn_js_class_named_by(const struct mn_js_class *record);
JSObjectRef mn_js_function_prototype(void);

/* Some script calls methods of these names; from now on wrappers answer to them. False: no memory. */
bool mn_js_calls(const char *name, size_t length);

/*
 * The function that a script defined under that key for a class (metaclass); what replaces it hands out the former.
 * `function` is protected while it is in the table. NULL removes.
 */
void mn_js_class_define(Class cls, const char *key, JSObjectRef function);

/* The JS function a message of that name to an instance of cls runs, when no native method stands in between. */
JSObjectRef mn_js_class_defined(Class cls, const char *key);

/* Somebody may have hooked what scripts defined since the last entry: short cuts are looked up anew. */
void mn_js_classes_renew(void);

void mn_js_classes_open(void);
#endif
