/* SPDX-License-Identifier: MIT */
/*
 * Values that scripts keep with an object: declared properties (any JavaScript value, the same from both sides) and
 * getProp/setProp_forKey (objects, as the original has them).
 */
#ifndef MN_JS_PROPERTY_H
#define MN_JS_PROPERTY_H

#include "js/value.h"

/* native.stored(object, name) and native.store(object, name, value, setter). */
JSValueRef mn_js_stored(JSContextRef context, JSObjectRef function, JSObjectRef self, size_t count,
                        const JSValueRef arguments[], JSValueRef *exception);
JSValueRef mn_js_store(JSContextRef context, JSObjectRef function, JSObjectRef self, size_t count,
                       const JSValueRef arguments[], JSValueRef *exception);

/* getProp: and setProp:forKey: for native callers: what scripts set, and what they will get. Autoreleased. */
id mn_js_native_prop(id object, id key);
void mn_js_native_set_prop(id object, id value, id key);

JSValueRef mn_js_get_prop(JSContextRef context, id object, JSValueRef key, JSValueRef *exception);
JSValueRef mn_js_set_prop(JSContextRef context, id object, JSValueRef value, JSValueRef key, JSValueRef *exception);
#endif
