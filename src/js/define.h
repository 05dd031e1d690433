/* SPDX-License-Identifier: MIT */
/*
 * defineClass: from a script's functions to hooks, and out of force again.
 *
 * Each defineClass is one batch: all of its methods go into force together or none does. What a script defined is kept
 * in the order of definition, so that taking one script back leaves what another defined for the same method.
 */
#ifndef MN_JS_DEFINE_H
#define MN_JS_DEFINE_H

#include "js/body.h"
#include "js/script.h"

/*
 * native.define(script, class, superclass or undefined, protocols, methods): puts methods in force. Each of `methods`
 * is {key, parameters, entry, short, classSide}. Gives the reference of the class.
 */
JSValueRef mn_js_define(JSContextRef context, JSObjectRef function, JSObjectRef self, size_t count,
                        const JSValueRef arguments[], JSValueRef *exception);

/* native.defineProtocol(name, [[selector, encoding, class side]…]). */
JSValueRef mn_js_define_protocol(JSContextRef context, JSObjectRef function, JSObjectRef self, size_t count,
                                 const JSValueRef arguments[], JSValueRef *exception);

/* Takes back all that a script defined; MEND_FOREIGN_IMP as mn_batch_revert. With a class name, only that class's. */
mend_status mn_js_undefine(const struct mn_js_script *script, const char *class_name, mend_error *err);

/* How many methods a script has in force, and classes it made. */
void mn_js_defined_counts(const struct mn_js_script *script, unsigned *methods, unsigned *classes);

/* Class names with arrays of the selectors that scripts have in force there: a dictionary, autoreleased. */
id mn_js_overridden(void);

/* A call from script to script may go straight to what was defined: nobody else stands on the method. */
bool mn_js_stands_alone(Class target, const char *key);

/* The implementation that a receiver's class, or the nearest above it that a script changed, had before. */
bool mn_js_original(JSContextRef context, id receiver, const char *selector, IMP *imp);
#endif
