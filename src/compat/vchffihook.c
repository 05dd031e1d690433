/* SPDX-License-Identifier: MIT */
/*
 * VCHFFIHook: an instead that jumps into another class's method with the very frame of the call.
 *
 * A replaced method is remembered by class and selector, for there is one target each and no removal.
 */
#include "abi/call.h"
#include "base/alloc.h"
#include "base/error.h"
#include "base/log.h"
#include "base/map.h"
#include "compat/attach.h"
#include "hook/call.h"
#include "hook/site.h"

#include <mend/hook.h>
#include <pthread.h>

/* What compiled code refers to when it names the class; only the address counts. */
MEND_API const char __objc_class_name_VCHFFIHook = 0;

MEND_API void mend_vchffihook_use(void);

struct key {
    Class cls;
    const void *name; /* what selectors of one name share */
};

struct target {
    Class cls;
    SEL sel;
};

static struct mn_map targets = MN_MAP_EMPTY; /* struct key -> struct target; under the runtime's mutex */

static void
run_target(mend_call *call, void *data)
{
    const struct target *target = data;
    IMP imp = mn_lookup_super(mn_site_receiver(call->site, call->frame), target->cls, target->sel);

    mn_call_frame((mn_code)imp, call->frame, mn_call_signature(call)->shape);
}

static mend_status
check_types(const struct mn_method *method, const struct mn_method *target, mend_error *err)
{
    const struct mn_signature *a, *b;
    struct mn_buffer text = MN_BUFFER_EMPTY;
    mend_status st;

    if ((st = mn_signature_get(method->types, &a, err)) != MEND_OK ||
        (st = mn_signature_get(target->types, &b, err)) != MEND_OK)
        return st;
    if (mn_signature_equal(a, b, true))
        return MEND_OK;
    mn_signature_difference(a, b, true, &text);
    st = mn_fail_method(err, MEND_SIGNATURE_MISMATCH, mn_class_name(method->owner),
                        mn_selector_name(method->sel), "the target has other types: %s",
                        mn_buffer_peek(&text));
    mn_buffer_fini(&text);
    return st;
}

static mend_status
check(Class cls, SEL sel, const struct target *target, mend_error *err)
{
    struct mn_method method, other;

    if (cls == Nil || sel == NULL || !mn_method_find(cls, sel, &method))
        return mn_fail_method(err, MEND_NO_METHOD, mn_class_name(cls), mn_selector_name(sel),
                              "there is no such method to hook");
    if (target->cls == Nil || target->sel == NULL || !mn_method_find(target->cls, target->sel, &other))
        return mn_fail_method(err, MEND_NO_METHOD, mn_class_name(target->cls), mn_selector_name(target->sel),
                              "there is no such method to run instead");
    return check_types(&method, &other, err);
}

/* MEND_EXISTS when the method has its target. */
static mend_status
reserve(const struct key *key, struct target *target, mend_error *err)
{
    mend_status st = MEND_OK;

    mn_runtime_lock();
    if (mn_map_get(&targets, key, sizeof *key))
        st = MEND_EXISTS;
    else if (!mn_map_set(&targets, key, sizeof *key, target))
        st = mn_fail_memory(err);
    mn_runtime_unlock();
    return st;
}

static void
take_back(const struct key *key)
{
    mn_runtime_lock();
    mn_map_remove(&targets, key, sizeof *key);
    mn_runtime_unlock();
}

static mend_status
place(Class cls, SEL sel, const struct target *target, mend_error *err)
{
    mend_target method = {.cls = cls, .selector = mn_selector_name(sel)};
    struct key key = {cls, mn_selector_name(sel)};
    struct target *kept = mn_malloc(sizeof *kept);
    mend_hook_spec spec = {.position = MEND_INSTEAD, .advice = run_target, .data = kept, .release = mn_free};
    mend_status st;

    if (!kept)
        return mn_fail_memory(err);
    *kept = *target;
    if ((st = reserve(&key, kept, err)) == MEND_OK) {
        if ((st = mend_hook_add(&method, &spec, NULL, err)) == MEND_OK)
            return MEND_OK;
        take_back(&key);
    }
    mn_free(kept);
    return st;
}

static BOOL
hook(id self, SEL _cmd, Class cls, SEL sel, Class target_class, SEL target_sel)
{
    struct target target = {target_class, target_sel};
    mend_error err;
    mend_status st = check(cls, sel, &target, &err);

    (void)self, (void)_cmd;
    if (st == MEND_OK)
        st = place(cls, sel, &target, &err);
    if (st == MEND_OK || st == MEND_EXISTS)
        return YES;
    mn_log(MN_LOG_WARNING, "VCHFFIHook: [%s %s]: %s; %s", err.class_name, err.selector, err.message,
           err.remedy);
    return NO;
}

static void
register_face(void)
{
    static const struct mn_face_method methods[] = {
        {true, "hookClass:hookSelector:target:targetSelector:", "C48@0:8#16:24#32:40", hook}};
    mend_error err;
    Class cls;

    if (mn_face_class("NSObject", "VCHFFIHook", 0, methods, 1, &cls, &err) != MEND_OK)
        mn_log(MN_LOG_ERROR, "VCHFFIHook is not available: %s; %s", err.message, err.remedy);
}

void
mend_vchffihook_use(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;

    pthread_once(&once, register_face);
}
