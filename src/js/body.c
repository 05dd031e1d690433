/* SPDX-License-Identifier: MIT */
#include "js/body.h"

#include "js/class.h"
#include "js/convert.h"
#include "js/gate.h"
#include "js/message.h"
#include "js/script.h"
#include "js/send.h"

#include <stdlib.h>

enum { FEW = 16 };

/* Runs what a body returned to be run outside of the script: the send, then the callback with its result, whose own
 * result may be another of the kind. NULL with *exception set. */
static JSValueRef
run_after(JSContextRef context, JSValueRef value, JSValueRef *exception)
{
    struct mn_js_ref *ref;

    while (value != NULL && (ref = mn_js_ref_of(context, value)) != NULL && ref->head.kind == MN_JS_REF_AFTER) {
        JSValueRef parts[4], result = mn_js_make_nil(context);

        for (unsigned i = 0; i < 4; i++)
            parts[i] = JSObjectGetPropertyAtIndex(context, ref->value, i, exception);
        if (mn_js_type_of(context, parts[1]) == MN_JS_STRING) {
            result = mn_js_call_support("send", 3, parts, exception);
            if (result == NULL)
                return NULL;
        }
        if (mn_js_type_of(context, parts[3]) != MN_JS_OBJECT)
            return result;
        value = JSObjectCallAsFunction(context, (JSObjectRef)parts[3], NULL, 1, &result, exception);
    }
    return value;
}

JSValueRef
mn_js_after(JSContextRef context, JSObjectRef function, JSObjectRef self, size_t count, const JSValueRef arguments[],
            JSValueRef *exception)
{
    struct mn_js_ref *ref;
    JSObjectRef object = mn_js_make_inert(context, MN_JS_REF_AFTER, &ref);

    *exception = NULL;
    if (object == NULL)
        return mn_js_make_undefined(context);
    ref->value = JSObjectMakeArray(context, count, arguments, exception);
    JSValueProtect(context, ref->value);
    return object;
}

void
mn_js_fail(JSContextRef context, JSValueRef exception, bool with_stack)
{
    id native = mn_js_native_exception(context, exception);

    if (native != nil)
        mn_throw(mn_autorelease(mn_retain(native)));
    mn_js_report_exception(context, exception, with_stack);
}

static void
give_result(JSContextRef context, JSValueRef value, struct mn_frame *frame, const struct mn_signature *signature,
            bool owns, JSValueRef *exception)
{
    MN_JS_TEMPORARIES(temporaries);
    const struct mn_type *type = signature->result;
    unsigned char few[64] __attribute__((aligned(16)));
    void *result = type->size <= sizeof few ? few : mn_js_keep_memory(&temporaries, type->size);

    if (type->kind == MN_VOID || result == NULL)
        return;
    if (!mn_js_to_native(context, value, type, result, &temporaries, exception))
        return;
    if (mn_kind_is_object(type->kind) && *(id *)result != nil && !mn_object_is_class(*(id *)result)) {
        id object = *(id *)result;

        *(id *)result = object = mn_object_is_block(object) ? mn_block_copy(object) : mn_retain(object);
        if (!owns)
            mn_autorelease(object);
    }
    mn_frame_set(frame, &signature->result_place, result);
}

bool
mn_js_run_body(struct mn_frame *frame, const struct mn_signature *signature, unsigned skip, JSValueRef self,
               JSObjectRef function, bool owns, JSValueRef *exception)
{
    JSContextRef context = mn_js.context;
    unsigned count = signature->count - skip, first = self != NULL;
    JSValueRef *arguments = __builtin_alloca((count + 1) * sizeof *arguments), value;
    void *memory = NULL;

    *exception = NULL;
    mn_js_classes_renew();
    mn_js_sweep();
    arguments[0] = self;
    for (unsigned i = 0; i < count; i++) {
        const struct mn_argument *argument = &signature->arguments[skip + i];
        unsigned char few[256] __attribute__((aligned(16)));

        if (argument->type->size > sizeof few && (memory = mn_malloc(argument->type->size)) == NULL) {
            mn_frame_clear(frame, &signature->result_place);
            mn_js_throw(context, exception, "out of memory");
            return false;
        }
        mn_frame_get(frame, &argument->place, memory != NULL ? memory : few);
        arguments[first + i] = mn_js_from_native(context, argument->type, memory != NULL ? memory : few, false);
        mn_free(memory);
        memory = NULL;
        if (mn_js.number_strings && mn_js_type_of(context, arguments[first + i]) == MN_JS_NUMBER) {
            char *text = mn_js_copy_text(context, arguments[first + i], NULL);

            arguments[first + i] = mn_js_make_text(context, text != NULL ? text : "");
            mn_free(text);
        }
    }
    mn_frame_clear(frame, &signature->result_place);
    value = JSObjectCallAsFunction(context, function, NULL, count + first, arguments, exception);
    if (*exception == NULL && value != NULL && mn_js_type_of(context, value) == MN_JS_OBJECT)
        value = run_after(context, value, exception);
    if (*exception == NULL && value != NULL)
        give_result(context, value, frame, signature, owns, exception);
    if (*exception != NULL)
        mn_frame_clear(frame, &signature->result_place);
    return *exception == NULL;
}

/* ---- Methods ---- */

void
mn_js_method_retain(void *data)
{
    __atomic_fetch_add(&((struct mn_js_method *)data)->references, 1, __ATOMIC_RELAXED);
}

void
mn_js_method_release(void *data)
{
    struct mn_js_method *method = data;

    if (__atomic_sub_fetch(&method->references, 1, __ATOMIC_ACQ_REL) != 0)
        return;
    if (method->entry != NULL)
        JSValueUnprotect(mn_js.context, method->entry);
    if (method->class_ref != NULL)
        JSValueUnprotect(mn_js.context, method->class_ref);
    mn_js_guard_release(method->guard);
    mn_free(method->selector);
    mn_free(method->text);
    mn_free(method);
}

struct mn_js_guard *
mn_js_guard_retain(struct mn_js_guard *guard)
{
    if (guard != NULL)
        __atomic_fetch_add(&guard->references, 1, __ATOMIC_RELAXED);
    return guard;
}

void
mn_js_guard_release(struct mn_js_guard *guard)
{
    if (guard != NULL && __atomic_sub_fetch(&guard->references, 1, __ATOMIC_ACQ_REL) == 0)
        mn_free(guard);
}

/* For the caller, whatever the script threw. */
static void
pass_on(JSContextRef context, JSValueRef exception)
{
    id native = mn_js_native_exception(context, exception);

    mn_throw(native != nil ? mn_autorelease(mn_retain(native)) : mn_js_exception_of(context, exception));
}

/* The script's method failed, and its policy says what becomes of the call. */
static void
failed(const struct mn_js_method *method, mend_call *call, JSValueRef exception)
{
    JSContextRef context = mn_js.context;
    struct mn_js_guard *guard = method->guard;
    struct mn_js_script *script;

    if (guard == NULL || guard->policy == MEND_POLICY_DEFAULT) {
        mn_js_fail(context, exception, true);
        return;
    }
    if (guard->policy == MEND_POLICY_PROPAGATE ||
        __atomic_add_fetch(&guard->failures, 1, __ATOMIC_RELAXED) < guard->after)
        pass_on(context, exception);
    mn_js_report_exception(context, exception, true);
    if (guard->policy == MEND_POLICY_ABORT)
        abort();
    if (guard->policy == MEND_POLICY_NEXT && !method->dealloc)
        mend_call_proceed(call, NULL);
    if (guard->policy == MEND_POLICY_WITHDRAW && (script = mn_js_script_numbered(guard->serial)) != NULL)
        mn_patch_withdraw(&script->body);
}

static void
leave_self(struct mn_js_ref **ref)
{
    if (*ref != NULL)
        __atomic_fetch_sub(&(*ref)->inside, 1, __ATOMIC_RELEASE);
}

static void
run_dealloc_next(mend_call **call)
{
    if (*call != NULL)
        mend_call_proceed(*call, NULL);
}

void
mn_js_method_advice(mend_call *call, void *data)
{
    struct mn_js_method *method = data;
    MN_SCOPED(run_dealloc_next) __attribute__((unused)) mend_call *next = method->dealloc ? call : NULL;
    MN_SCOPED(leave_self) struct mn_js_ref *ref = NULL;
    MN_SCOPED(mn_js_leave) struct mn_js_entry entry = {0};
    JSValueRef exception;
    id object = mend_call_receiver(call);
    JSValueRef self = method->class_ref;

    if (!method->class_side) {
        struct mn_js_ref *found = NULL;

        self = mn_js_wrap_self(mn_js.context, object, &found);
        if (found != NULL)
            __atomic_fetch_add(&found->inside, 1, __ATOMIC_ACQUIRE);
        ref = found;
    } else if (object != (id)method->cls) {
        self = mn_js_wrap_class(mn_js.context, mn_class_name((Class)object));
    }
    mn_js_enter(&entry);
    if (!mn_js_run_body(call->frame, mn_call_signature(call), 2, self, method->entry, mn_family_owns(method->family),
                        &exception))
        failed(method, call, exception);
    if (method->family == MN_FAMILY_INIT)
        mn_release(object);
}
