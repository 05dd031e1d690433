/* SPDX-License-Identifier: MIT */
/* The functions that support.js is given: what scripts' globals are made of. */
#ifndef MN_JS_NATIVE_H
#define MN_JS_NATIVE_H

#include "js/value.h"

JSObjectRef mn_js_native_functions(void);

/* A kind of native function; `native.NAME` calls it. */
#define MN_JS_NATIVE(name)                                                                                   \
    static JSValueRef name(JSContextRef context, JSObjectRef function, JSObjectRef self, size_t count,       \
                           const JSValueRef arguments[], JSValueRef *exception)

/* dispatch.c, cfunction.c, script.c: their own. */
void mn_js_dispatch_install(JSObjectRef native);
void mn_js_cfunctions_install(JSObjectRef native);
void mn_js_scripts_install(JSObjectRef native);
#endif
