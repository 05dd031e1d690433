/* SPDX-License-Identifier: MIT */
/* Protocols that scripts define: names of methods with their types, for defineClass to look up. */
#ifndef MN_JS_PROTOCOL_H
#define MN_JS_PROTOCOL_H

#include "js/value.h"

/* The encoding a script's protocol gives a method; NULL: none does. Lent. */
const char *mn_js_protocol_types(const char *protocol, SEL sel, bool class_side);

/* native.protocol(name): the Protocol object; nil when the process has none. */
JSValueRef mn_js_protocol(JSContextRef context, JSObjectRef function, JSObjectRef self, size_t count,
                          const JSValueRef arguments[], JSValueRef *exception);
#endif
