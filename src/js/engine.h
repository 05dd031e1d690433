/* SPDX-License-Identifier: MIT */
/*
 * The one JavaScript engine of the process: its context, and the words every file of this folder uses.
 *
 * Any thread may enter. JavaScriptCore has one lock; it lets go of it around every callback of ours, so no lock of the
 * engine is held while a message is sent, and other threads may run scripts meanwhile. It takes the lock back in the
 * reverse order: a callback returns to its script when the entries that began after it have left
 * (docs/design/javascript.md). Our own tables have a mutex that is held for no call out and for no call of the
 * engine. Finalizers run inside a collection: they only queue what they were given (mn_js_bury).
 */
#ifndef MN_JS_ENGINE_H
#define MN_JS_ENGINE_H

#include "js/host.h"

#include <JavaScriptCore/JavaScript.h>
#include <pthread.h>

struct mn_js {
    JSContextGroupRef group;
    JSGlobalContextRef context;
    JSObjectRef global;
    JSObjectRef support; /* what support.js returns: functions the C side calls; protected */
    bool boxed;          /* numbers, booleans and empty values are in the form that js/value.h knows */
    bool auto_convert;   /* autoConvertOCType */
    bool number_strings; /* convertOCNumberToString */
    pthread_mutex_t tables;
    Class NSObject, NSString, NSArray, NSDictionary, NSDate, NSNumber, NSNull, NSMutableArray, NSMutableDictionary,
        NSException;
};
extern struct mn_js mn_js;

/* Starts the engine once; any thread. */
mend_status mn_js_start(mend_error *err);

/* Evaluates a text whose first line counts as `line`; NULL with *exception set when it threw. */
JSValueRef mn_js_evaluate(const char *text, size_t length, const char *file, int line, JSValueRef *exception);

/* A function of support.js, lent. */
JSObjectRef mn_js_support(const char *name);

/* Calls one; NULL when it threw. */
JSValueRef mn_js_call_support(const char *name, size_t count, const JSValueRef *arguments, JSValueRef *exception);

/* What an exception says about itself: message, file, line, column, stack. `out` is appended to. */
struct mn_js_place {
    char file[256];
    unsigned line, column;
};
void mn_js_describe_exception(JSContextRef context, JSValueRef exception, struct mn_buffer *message,
                              struct mn_buffer *stack, struct mn_js_place *place);

/* Hands a text to the handler of errors: the application's, or a line in the log. */
void mn_js_report(const char *format, ...) __attribute__((format(printf, 1, 2)));
void mn_js_on_error(void (*handler)(void *data, const char *text), void *data);

/* Reports an exception of a script: "js exception, msg: …, stack: …", or the short form for what no caller awaits. */
void mn_js_report_exception(JSContextRef context, JSValueRef exception, bool with_stack);

/* A script's error with our own text; goes to *exception. */
void mn_js_throw(JSContextRef context, JSValueRef *exception, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The Objective-C exception a script's error stands for, lent; nil for any other. */
id mn_js_native_exception(JSContextRef context, JSValueRef error);

/* An Objective-C exception for a script's error: MendScriptError, with message and place as reason and the script's stack
 * in userInfo ("stack"). Autoreleased. */
id mn_js_exception_of(JSContextRef context, JSValueRef error);

/* The same error for an Objective-C exception: name, reason, nativeException, nativeStack. */
JSValueRef mn_js_error_of(JSContextRef context, id exception);
#endif
