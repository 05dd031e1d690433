/* SPDX-License-Identifier: MIT */
#include "js/value.h"

char *
mn_js_copy_string(JSStringRef string)
{
    size_t room = JSStringGetMaximumUTF8CStringSize(string);
    char *text = mn_malloc(room);

    if (text != NULL)
        JSStringGetUTF8CString(string, text, room);
    return text;
}

char *
mn_js_copy_text(JSContextRef context, JSValueRef value, JSValueRef *exception)
{
    JSStringRef string = JSValueToStringCopy(context, value, exception);
    char *text;

    if (string == NULL)
        return NULL;
    text = mn_js_copy_string(string);
    JSStringRelease(string);
    return text;
}

JSStringRef
mn_js_string(const char *utf8)
{
    return JSStringCreateWithUTF8CString(utf8);
}

JSValueRef
mn_js_make_text(JSContextRef context, const char *utf8)
{
    JSStringRef string = mn_js_string(utf8);
    JSValueRef value = JSValueMakeString(context, string);

    JSStringRelease(string);
    return value;
}

JSValueRef
mn_js_get(JSContextRef context, JSObjectRef object, const char *name, JSValueRef *exception)
{
    JSStringRef string = mn_js_string(name);
    JSValueRef value = JSObjectGetProperty(context, object, string, exception);

    JSStringRelease(string);
    return value;
}

void
mn_js_set(JSContextRef context, JSObjectRef object, const char *name, JSValueRef value, bool hidden,
          JSValueRef *exception)
{
    JSStringRef string = mn_js_string(name);

    JSObjectSetProperty(context, object, string, value, hidden ? kJSPropertyAttributeDontEnum : 0, exception);
    JSStringRelease(string);
}

JSObjectRef
mn_js_function(const char *name, JSObjectCallAsFunctionCallback callback)
{
    JSStringRef string = mn_js_string(name);
    JSObjectRef function = JSObjectMakeFunctionWithCallback(mn_js.context, string, callback);

    JSStringRelease(string);
    return function;
}
