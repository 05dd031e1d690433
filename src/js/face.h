/* SPDX-License-Identifier: MIT */
/* Values as the face of JSContext and JSValue sees them (patch/host.h), and calls of blocks that were given to it. */
#ifndef MN_JS_FACE_H
#define MN_JS_FACE_H

#include "js/value.h"

extern const struct mn_script_values mn_js_values;

/* The call of a block under way, for JSContext's class methods. On the caller's stack:
 *     MN_SCOPED(mn_js_current_end) struct mn_js_current now; mn_js_current_begin(&now, …); */
struct mn_js_current {
    JSObjectRef function, self;
    const JSValueRef *arguments;
    size_t count;
    JSValueRef raised; /* protected */
    struct mn_js_current *outer;
};
void mn_js_current_begin(struct mn_js_current *now, JSObjectRef function, JSObjectRef self, size_t count,
                         const JSValueRef *arguments);
void mn_js_current_end(struct mn_js_current *now);

/* The value inside a JSValue object; NULL for every other object. */
JSValueRef mn_js_face_value(id object);

/* An argument for a parameter of a block that was given to a JSContext, where its type is an object's. */
JSValueRef mn_js_face_argument(JSContextRef context, JSValueRef value, const struct mn_type *type);

/* The result of such a block, as JSValue converts objects. */
JSValueRef mn_js_face_result(JSContextRef context, JSValueRef value, const struct mn_type *type, JSValueRef *exception);
#endif
