/* SPDX-License-Identifier: MIT */
/* Work of scripts on queues: what the dispatch_ functions, timers and JPDispatch are made of. */
#include "js/block.h"
#include "js/convert.h"
#include "js/gate.h"
#include "js/native.h"
#include "js/ref.h"
#include "js/send.h"

struct work {
    JSObjectRef function; /* protected */
};

/* Errors go to the handler; nobody waits for a result. */
static void
run_work(void *data)
{
    struct work *work = data;
    JSObjectRef function = work->function;
    JSValueRef exception = NULL;
    MN_SCOPED(mn_js_leave) struct mn_js_entry entry;

    mn_js_enter(&entry);
    mn_free(work);
    JSObjectCallAsFunction(mn_js.context, function, NULL, 0, NULL, &exception);
    if (exception != NULL)
        mn_js_report_exception(mn_js.context, exception, false);
    JSValueUnprotect(mn_js.context, function);
    mn_js_sweep();
}

static struct work *
work_for(JSContextRef context, size_t count, const JSValueRef *arguments, size_t index, JSValueRef *exception)
{
    struct work *work;

    if (index >= count || mn_js_type_of(context, arguments[index]) != MN_JS_OBJECT ||
        !JSObjectIsFunction(context, (JSObjectRef)arguments[index])) {
        mn_js_throw(context, exception, "a function is expected here");
        return NULL;
    }
    if ((work = mn_malloc(sizeof *work)) == NULL)
        return NULL;
    work->function = (JSObjectRef)arguments[index];
    JSValueProtect(context, work->function);
    return work;
}

static JSValueRef
finish(JSContextRef context, struct work *work, mend_status st, const mend_error *err, JSValueRef *exception)
{
    if (st != MEND_OK) {
        JSValueUnprotect(context, work->function);
        mn_free(work);
        mn_js_throw(context, exception, "%s", err->message);
    }
    return mn_js_make_undefined(context);
}

/* afterMain(seconds, function) */
MN_JS_NATIVE(after_main)
{
    struct work *work = work_for(context, count, arguments, 1, exception);
    double seconds = count > 0 ? JSValueToNumber(context, arguments[0], exception) : 0;
    mend_error err = {0};

    if (work == NULL)
        return NULL;
    if (!(seconds > 0))
        seconds = 0;
    if (seconds > 1e9)
        seconds = 1e9;
    return finish(context, work,
                  mn_queue_after(mn_time_after(0, (int64_t)(seconds * 1e9)), mn_queue_main(), run_work, work, &err),
                  &err, exception);
}

/* asyncMain(function), asyncGlobal(function) */
MN_JS_NATIVE(async_main)
{
    struct work *work = work_for(context, count, arguments, 0, exception);
    mend_error err = {0};

    return work == NULL ? NULL
                        : finish(context, work, mn_queue_async(mn_queue_main(), run_work, work, false, &err), &err,
                                 exception);
}

MN_JS_NATIVE(async_global)
{
    struct work *work = work_for(context, count, arguments, 0, exception);
    mend_error err = {0};

    return work == NULL ? NULL
                        : finish(context, work, mn_queue_async(mn_queue_global(0), run_work, work, false, &err), &err,
                                 exception);
}

/* syncMain(function): at once on the main thread. */
MN_JS_NATIVE(sync_main)
{
    struct work *work = work_for(context, count, arguments, 0, exception);
    mend_error err = {0};
    mend_status st;

    if (work == NULL)
        return NULL;
    if (mn_queue_current() == mn_queue_main()) {
        run_work(work);
        return mn_js_make_undefined(context);
    }
    mn_js_blocks();
    st = mn_queue_sync(mn_queue_main(), run_work, work, false, &err);
    mn_js_resumes();
    return finish(context, work, st, &err, exception);
}

/* queueCall(name, arguments): a function of libdispatch's interface. */
MN_JS_NATIVE(queue_call)
{
    char *name = count > 1 ? mn_js_copy_text(context, arguments[0], exception) : NULL;
    const struct mn_signature *signature;
    const char *encoding = NULL;
    void *address = name != NULL ? mn_script_dispatch(name, &encoding) : NULL;
    JSValueRef values[8];

    mn_free(name);
    if (address == NULL || mn_signature_get(encoding, &signature, NULL) != MEND_OK || signature->count > 8)
        return mn_js_make_undefined(context);
    for (unsigned i = 0; i < signature->count; i++)
        values[i] = JSObjectGetPropertyAtIndex(context, (JSObjectRef)arguments[1], i, exception);
    if (strstr(signature->encoding, "@?") != NULL || encoding[0] == 'q')
        mn_js_blocks(); /* sync, apply and wait do; for the others it is true for a moment */
    return mn_js_invoke(context, (mn_code)address, signature, 0, NULL, signature->count, values, false, exception);
}

void
mn_js_dispatch_install(JSObjectRef native)
{
    mn_js_set(mn_js.context, native, "queueCall", mn_js_function("queueCall", queue_call), false, NULL);
    mn_js_set(mn_js.context, native, "afterMain", mn_js_function("afterMain", after_main), false, NULL);
    mn_js_set(mn_js.context, native, "asyncMain", mn_js_function("asyncMain", async_main), false, NULL);
    mn_js_set(mn_js.context, native, "asyncGlobal", mn_js_function("asyncGlobal", async_global), false, NULL);
    mn_js_set(mn_js.context, native, "syncMain", mn_js_function("syncMain", sync_main), false, NULL);
}
