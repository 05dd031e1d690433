/* SPDX-License-Identifier: MIT */
#include "js/block.h"

#include "js/body.h"
#include "js/convert.h"
#include "js/face.h"
#include "js/gate.h"
#include "js/send.h"

/* What a block made of a function runs; both are protected. */
struct context {
    JSObjectRef entry; /* sets self as it was when the block was made, and calls the function */
    JSValueRef function;
};

static void
run(struct mn_frame *frame, const struct mn_signature *type, void *data)
{
    struct context *context = data;
    MN_SCOPED(mn_js_leave) struct mn_js_entry entry;
    JSValueRef exception;

    mn_js_enter(&entry);
    if (!mn_js_run_body(frame, type, 1, NULL, context->entry, false, &exception))
        mn_js_fail(mn_js.context, exception, false);
}

static void
drop(void *data)
{
    struct context *context = data;

    JSValueUnprotect(mn_js.context, context->entry);
    JSValueUnprotect(mn_js.context, context->function);
    mn_free(context);
}

static bool
make(JSContextRef context, const char *encoding, JSObjectRef entry, JSValueRef function, id *out,
     JSValueRef *exception)
{
    struct context *data = mn_malloc(sizeof *data);
    mend_error err = {0};

    *out = nil;
    if (data == NULL) {
        mn_js_throw(context, exception, "out of memory");
        return false;
    }
    *data = (struct context){entry, function};
    JSValueProtect(context, entry);
    JSValueProtect(context, function);
    if (mn_block_new(encoding, run, data, drop, out, &err) == MEND_OK)
        return true;
    drop(data);
    mn_js_throw(context, exception, "%s", err.message);
    return false;
}

bool
mn_js_block_make(JSContextRef context, struct mn_js_ref *made, id *out, JSValueRef *exception)
{
    return make(context, made->text, made->value, made->self, out, exception);
}

bool
mn_js_block_of_function(JSContextRef context, JSObjectRef function, const struct mn_type *type, id *out,
                        JSValueRef *exception)
{
    struct mn_buffer encoding = MN_BUFFER_EMPTY;
    JSValueRef length = mn_js_get(context, function, "length", exception), of = function;
    JSValueRef entry = mn_js_call_support("blockEntry", 1, &of, exception);
    bool good;

    if (entry == NULL)
        return false;
    (void)type;
    mn_buffer_text(&encoding, "@@?");
    for (double i = 0, n = JSValueToNumber(context, length, NULL); i < n; i++)
        mn_buffer_char(&encoding, '@');
    good = make(context, mn_buffer_peek(&encoding), (JSObjectRef)entry, function, out, exception);
    mn_buffer_fini(&encoding);
    return good;
}

JSValueRef
mn_js_block_function(JSContextRef context, id block)
{
    struct context *data = mn_block_context(block, run);

    return data != NULL ? data->function : NULL;
}

/* The type of a block without one: objects all over. */
static const struct mn_signature *
plain_type(size_t count)
{
    struct mn_buffer encoding = MN_BUFFER_EMPTY;
    const struct mn_signature *type = NULL;

    mn_buffer_text(&encoding, "@@?");
    for (size_t i = 0; i < count; i++)
        mn_buffer_char(&encoding, '@');
    mn_signature_get(mn_buffer_peek(&encoding), &type, NULL);
    mn_buffer_fini(&encoding);
    return type;
}

JSValueRef
mn_js_block_call(JSContextRef context, JSObjectRef function, JSObjectRef self, size_t count,
                 const JSValueRef arguments[], JSValueRef *exception)
{
    struct mn_js_ref *ref = mn_js_private(function, MN_JS_REF_BLOCK);
    const struct mn_signature *type;
    const JSValueRef *given = arguments;
    MN_SCOPED(mn_js_current_end) struct mn_js_current now = {0};
    JSValueRef result;
    void *words[1];

    *exception = NULL;
    if (ref == NULL)
        return mn_js_make_undefined(context);
    if (mn_block_type(ref->object, NULL, &type, NULL) != MEND_OK && (type = plain_type(count)) == NULL)
        return mn_js_make_nil(context);
    words[0] = ref->object;
    if (count + 1 < type->count || ref->face) { /* missing ones are nil, as in any call of a function */
        JSValueRef *filled = __builtin_alloca(type->count * sizeof *filled);

        for (size_t i = 0; i + 1 < type->count; i++) {
            filled[i] = i < count ? arguments[i] : mn_js_make_undefined(context);
            if (ref->face)
                filled[i] = mn_js_face_argument(context, filled[i], type->arguments[i + 1].type);
        }
        given = filled;
    }
    mn_js_current_begin(&now, function, self, count, arguments);
    result = mn_js_invoke(context, (mn_code)mn_block_invoke(ref->object), type, 1, words, count, given, false,
                          exception);
    if (now.raised != NULL) {
        *exception = now.raised;
        return NULL;
    }
    return ref->face ? mn_js_face_result(context, result, type->result, exception) : result;
}

JSValueRef
mn_js_block_made(JSContextRef context, JSObjectRef function, JSObjectRef self, size_t count,
                 const JSValueRef arguments[], JSValueRef *exception)
{
    struct mn_js_ref *ref;
    JSObjectRef object = mn_js_make_inert(context, MN_JS_REF_MADE, &ref);

    *exception = NULL;
    if (object == NULL || count < 3)
        return mn_js_make_undefined(context);
    ref->text = mn_js_copy_text(context, arguments[0], exception);
    ref->value = (JSObjectRef)arguments[1];
    ref->self = arguments[2];
    JSValueProtect(context, ref->value);
    JSValueProtect(context, ref->self);
    return object;
}
