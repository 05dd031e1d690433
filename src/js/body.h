/* SPDX-License-Identifier: MIT */
/* From Objective-C to scripts: what a hooked method or a block runs. */
#ifndef MN_JS_BODY_H
#define MN_JS_BODY_H

#include "js/ref.h"

/* What a script asks for when one of its methods fails. Its methods share it; it may outlive the script. */
struct mn_js_guard {
    unsigned references, failures; /* both atomic */
    enum mend_policy policy;       /* DEFAULT: errors of the script are reported and give zero, native exceptions pass */
    unsigned after;                /* the failure from which on it holds; exceptions pass before */
    unsigned long serial;          /* of the script */
};
struct mn_js_guard *mn_js_guard_retain(struct mn_js_guard *guard);
void mn_js_guard_release(struct mn_js_guard *guard); /* both accept NULL */

struct mn_js_method {
    unsigned references; /* atomic */
    struct mn_js_guard *guard; /* NULL: of no patch */
    JSObjectRef entry;   /* protected: (self, arguments…) */
    Class cls;           /* the class, also of a class method */
    char *selector, *text; /* text: "-[Class selector]", for reports */
    enum mn_family family;
    bool class_side, dealloc;
    JSObjectRef class_ref; /* self of class methods; protected */
};

void mn_js_method_advice(mend_call *call, void *method);
void mn_js_method_retain(void *method);
void mn_js_method_release(void *method);

/*
 * Runs a function with the arguments of a frame, behind the first `skip`, and leaves its result in the frame. self, if
 * not NULL, is handed to it in front of them. With `owns`, an object result is the caller's. False: the script threw,
 * *exception is what, and the result is zero. In an entry (gate.h).
 */
bool mn_js_run_body(struct mn_frame *frame, const struct mn_signature *signature, unsigned skip, JSValueRef self,
                    JSObjectRef function, bool owns, JSValueRef *exception);

/* What happens where no policy says otherwise: an error of the script is reported, an Objective-C exception that the
 * script did not catch is raised again. */
void mn_js_fail(JSContextRef context, JSValueRef exception, bool with_stack);

/* native.after(receiver, selector, arguments, callback): what performSelectorInOC returns. */
JSValueRef mn_js_after(JSContextRef context, JSObjectRef function, JSObjectRef self, size_t count,
                       const JSValueRef arguments[], JSValueRef *exception);
#endif
