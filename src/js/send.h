/* SPDX-License-Identifier: MIT */
/* From scripts to Objective-C: methods as functions, and any callee with a signature. */
#ifndef MN_JS_SEND_H
#define MN_JS_SEND_H

#include "js/value.h"

/*
 * The function for a method of that name as scripts write it, for every receiver with the prototype it is put in.
 * above: Nil, or where the search starts (super).
 */
JSObjectRef mn_js_method_new(JSContextRef context, const char *name, Class above);

/* Sends a selector by its exact name. Owned results and receivers follow the method's family. */
JSValueRef mn_js_send(JSContextRef context, id receiver, Class above, const char *selector, size_t count,
                      const JSValueRef *arguments, JSValueRef *exception);

/*
 * Calls code with `fixed` machine words in front (self and _cmd, or the block, or nothing) and arguments converted by
 * the signature. NULL with *exception set when a value does not fit, or an Objective-C exception left the callee.
 */
JSValueRef mn_js_invoke(JSContextRef context, mn_code code, const struct mn_signature *signature, unsigned fixed,
                        void *const *words, size_t count, const JSValueRef *arguments, bool owned,
                        JSValueRef *exception);

/* The object a script called a method on. False: it is none. The caller owns *object unless it is a class. */
bool mn_js_receiver(JSContextRef context, JSValueRef value, id *object, Class *above, JSValueRef *exception);

void mn_js_send_open(void);
#endif
