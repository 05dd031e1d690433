/* SPDX-License-Identifier: MIT */
/*
 * JavaScript's plain values without a call of the engine, each of which would take its lock.
 *
 * On 64-bit systems the engine writes numbers, booleans, null and undefined into the JSValueRef itself. That form is no
 * promise, so mn_js_start compares it with what the engine answers; where it differs, the engine is asked (boxed is
 * false).
 */
#ifndef MN_JS_VALUE_H
#define MN_JS_VALUE_H

#include "js/engine.h"

#include <math.h>

#define MN_JS_NUMBER_TAG UINT64_C(0xfffe000000000000)
#define MN_JS_DOUBLE_ADD (UINT64_C(1) << 49)
enum { MN_JS_BITS_NULL = 2, MN_JS_BITS_FALSE = 6, MN_JS_BITS_TRUE = 7, MN_JS_BITS_UNDEFINED = 10 };

enum mn_js_type { MN_JS_NOTHING, MN_JS_BOOLEAN, MN_JS_NUMBER, MN_JS_STRING, MN_JS_OBJECT, MN_JS_OTHER };

static inline enum mn_js_type
mn_js_type_asked(JSContextRef context, JSValueRef value)
{
    switch (JSValueGetType(context, value)) {
    case kJSTypeUndefined:
    case kJSTypeNull:
        return MN_JS_NOTHING;
    case kJSTypeBoolean:
        return MN_JS_BOOLEAN;
    case kJSTypeNumber:
        return MN_JS_NUMBER;
    case kJSTypeString:
        return MN_JS_STRING;
    case kJSTypeObject:
        return MN_JS_OBJECT;
    default:
        return MN_JS_OTHER; /* symbols, big integers */
    }
}

static inline enum mn_js_type
mn_js_type_of(JSContextRef context, JSValueRef value)
{
    uint64_t bits = (uint64_t)value;

    if (mn_js.boxed) {
        if (bits & MN_JS_NUMBER_TAG)
            return MN_JS_NUMBER;
        if (bits == MN_JS_BITS_FALSE || bits == MN_JS_BITS_TRUE)
            return MN_JS_BOOLEAN;
        if (bits == MN_JS_BITS_NULL || bits == MN_JS_BITS_UNDEFINED)
            return MN_JS_NOTHING;
    }
    return mn_js_type_asked(context, value);
}

/* Of a value of type MN_JS_NUMBER. */
static inline double
mn_js_double(JSContextRef context, JSValueRef value)
{
    uint64_t bits = (uint64_t)value;
    double number;

    if (!mn_js.boxed)
        return JSValueToNumber(context, value, NULL);
    if ((bits & MN_JS_NUMBER_TAG) == MN_JS_NUMBER_TAG)
        return (int32_t)(uint32_t)bits;
    bits -= MN_JS_DOUBLE_ADD;
    memcpy(&number, &bits, sizeof number);
    return number;
}

static inline bool
mn_js_is_int(JSValueRef value)
{
    return mn_js.boxed && ((uint64_t)value & MN_JS_NUMBER_TAG) == MN_JS_NUMBER_TAG;
}

static inline bool
mn_js_true(JSContextRef context, JSValueRef boolean)
{
    return mn_js.boxed ? (uint64_t)boolean == MN_JS_BITS_TRUE : JSValueToBoolean(context, boolean);
}

static inline JSValueRef
mn_js_make_bool(JSContextRef context, bool value)
{
    if (mn_js.boxed)
        return (JSValueRef)(uint64_t)(value ? MN_JS_BITS_TRUE : MN_JS_BITS_FALSE);
    return JSValueMakeBoolean(context, value);
}

static inline JSValueRef
mn_js_make_undefined(JSContextRef context)
{
    return mn_js.boxed ? (JSValueRef)(uint64_t)MN_JS_BITS_UNDEFINED : JSValueMakeUndefined(context);
}

static inline JSValueRef
mn_js_make_int(JSContextRef context, int64_t value)
{
    if (mn_js.boxed && value == (int32_t)value)
        return (JSValueRef)(MN_JS_NUMBER_TAG | (uint32_t)value);
    return JSValueMakeNumber(context, (double)value);
}

static inline JSValueRef
mn_js_make_double(JSContextRef context, double value)
{
    if (mn_js.boxed && value == (double)(int32_t)value && !(value == 0 && signbit(value)))
        return (JSValueRef)(MN_JS_NUMBER_TAG | (uint32_t)(int32_t)value);
    return JSValueMakeNumber(context, value);
}

/* nil as scripts see it. */
static inline JSValueRef
mn_js_make_nil(JSContextRef context)
{
    return mn_js_make_bool(context, false);
}

/* UTF-8 of a string value, or of any value made a string; mn_free it. NULL: no memory, or it threw. */
char *mn_js_copy_text(JSContextRef context, JSValueRef value, JSValueRef *exception);
char *mn_js_copy_string(JSStringRef string);
JSStringRef mn_js_string(const char *utf8);
JSValueRef mn_js_make_text(JSContextRef context, const char *utf8);

JSValueRef mn_js_get(JSContextRef context, JSObjectRef object, const char *name, JSValueRef *exception);
void mn_js_set(JSContextRef context, JSObjectRef object, const char *name, JSValueRef value, bool hidden,
               JSValueRef *exception);

/* A function object of ours under that name. */
JSObjectRef mn_js_function(const char *name, JSObjectCallAsFunctionCallback callback);
#endif
