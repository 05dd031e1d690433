/* SPDX-License-Identifier: MIT */
/* Blocks both ways: functions of scripts as native blocks, native blocks as functions. */
#ifndef MN_JS_BLOCK_H
#define MN_JS_BLOCK_H

#include "js/ref.h"

/* A block, owned by the caller, of what block() gave. */
bool mn_js_block_make(JSContextRef context, struct mn_js_ref *made, id *out, JSValueRef *exception);

/* The same of a bare function given for a parameter of block type: its parameters are objects unless the type's
 * signature is known. */
bool mn_js_block_of_function(JSContextRef context, JSObjectRef function, const struct mn_type *type, id *out,
                             JSValueRef *exception);

/* The function a block was made of, lent; NULL for every other object. */
JSValueRef mn_js_block_function(JSContextRef context, id block);

/* The callback of functions that stand for native blocks. */
JSValueRef mn_js_block_call(JSContextRef context, JSObjectRef function, JSObjectRef self, size_t count,
                            const JSValueRef arguments[], JSValueRef *exception);

/* native.made(encoding, entry, function): the object that block() returns. */
JSValueRef mn_js_block_made(JSContextRef context, JSObjectRef function, JSObjectRef self, size_t count,
                            const JSValueRef arguments[], JSValueRef *exception);
#endif
