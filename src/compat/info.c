/* SPDX-License-Identifier: MIT */
/*
 * Instances count their owners themselves, in plain C: at the end of a call one look tells whether anybody
 * has kept this one. One that nobody has goes to the thread's place for the next call.
 */
#include "compat/info.h"

#include "abi/frame.h"
#include "base/error.h"
#include "compat/attach.h"
#include "compat/boxed.h"
#include "compat/invocation.h"
#include "hook/call.h"
#include "hook/site.h"
#include "runtime/blocks.h"
#include "runtime/exception.h"
#include "runtime/objects.h"
#include "runtime/own_sends.h"
#include "value/box.h"
#include "value/own.h"

#include <pthread.h>
#include <stdatomic.h>

struct info {
    atomic_uint owners;
    mend_call *call; /* while it lives */
    const struct mn_site *site;
    SEL selector;
    id arguments, invocation; /* owned, once asked for */
    mn_weak receiver;         /* after the call */
};

static Class info_class;
static size_t state_offset;
static pthread_key_t spare_key; /* an instance without owner, or NULL */

static struct info *
info_of(id self)
{
    return (struct info *)((char *)self + state_offset);
}

/* ---- What it tells ---- */

static id
receiver(id self, SEL _cmd)
{
    struct info *info = info_of(self);

    (void)_cmd;
    return info->call ? mn_site_receiver(info->site, info->call->frame)
                      : mn_autorelease(mn_weak_load(&info->receiver));
}

static SEL
selector(id self, SEL _cmd)
{
    (void)_cmd;
    return info_of(self)->selector;
}

static id
arguments(id self, SEL _cmd)
{
    struct info *info = info_of(self);

    (void)_cmd;
    if (info->arguments == nil && info->call)
        info->arguments = mn_retain(mn_boxed_arguments(info->call->frame, mn_call_signature(info->call)));
    return info->arguments;
}

static id
invocation(id self, SEL _cmd)
{
    struct info *info = info_of(self);

    (void)_cmd;
    if (info->invocation == nil && info->call)
        info->invocation = mn_invocation_new(info->call);
    return info->invocation;
}

static id
type_encoding(id self, SEL _cmd)
{
    (void)_cmd;
    return mn_box_text(info_of(self)->site->types);
}

static void
invoke_and_get(id self, SEL _cmd, void *result)
{
    mend_call *call = info_of(self)->call;

    (void)_cmd;
    if (!call)
        return;
    mn_call_run_below(call);
    if (result)
        mn_frame_get(call->frame, &mn_call_signature(call)->result_place, result);
}

static BOOL
conforms(id self, SEL _cmd, Protocol *protocol)
{
    static const char *const names[] = {"AspectInfo", "StingerParams", NULL};

    return mn_face_conforms(self, _cmd, protocol, info_class, names);
}

/* ---- Owners ---- */

static id
retain(id self, SEL _cmd)
{
    (void)_cmd;
    atomic_fetch_add_explicit(&info_of(self)->owners, 1, memory_order_relaxed);
    return self;
}

static size_t
retain_count(id self, SEL _cmd)
{
    (void)_cmd;
    return atomic_load_explicit(&info_of(self)->owners, memory_order_relaxed);
}

static void
forget(struct info *info)
{
    mn_release(info->arguments);
    mn_release(info->invocation);
    mn_weak_fini(&info->receiver);
    info->arguments = info->invocation = nil;
}

static void
free_instance(void *instance)
{
    MN_SCOPED(mn_own_sends_end) struct mn_own_sends own = MN_OWN_SENDS_CLOSED;
    SEL dealloc = mn_selector("dealloc");

    mn_own_sends_begin(&own);
    ((void (*)(id, SEL))(void *)mn_lookup_super(instance, mn_class_super(info_class), dealloc))(instance,
                                                                                                dealloc);
}

static void
release(id self, SEL _cmd)
{
    struct info *info = info_of(self);

    (void)_cmd;
    if (atomic_fetch_sub_explicit(&info->owners, 1, memory_order_acq_rel) != 1)
        return;
    forget(info);
    free_instance(self);
}

static id
new_instance(void)
{
    MN_SCOPED(mn_own_sends_end) struct mn_own_sends own = MN_OWN_SENDS_CLOSED;
    SEL alloc = mn_selector("alloc");

    mn_own_sends_begin(&own);
    return ((id(*)(id, SEL))mn_lookup((id)info_class, alloc))((id)info_class, alloc);
}

struct objc_object *
mn_info_begin(mend_call *call, void *data)
{
    id self = pthread_getspecific(spare_key);
    struct info *info;

    (void)data;
    if (!mn_call_signature(call)) /* of a method that became another one, with types nobody can read */
        return nil;
    if (self != nil)
        pthread_setspecific(spare_key, NULL);
    else if ((self = new_instance()) == nil)
        return nil;
    info = info_of(self);
    atomic_store_explicit(&info->owners, 1, memory_order_relaxed);
    info->call = call;
    info->site = call->site;
    info->selector = mn_site_selector(call->site, call->frame);
    return self;
}

/* Somebody goes on using it: takes from the call what can be asked for later. */
static void
outlive(id self, struct info *info)
{
    arguments(self, NULL);
    invocation(self, NULL);
    if (mn_weak_store(&info->receiver, mn_site_receiver(info->site, info->call->frame), NULL) != MEND_OK)
        mn_weak_fini(&info->receiver); /* dying, or of a class without -dealloc: nil from now on */
}

void
mn_info_end(struct objc_object *self, mend_call *call, void *data)
{
    struct info *info = self == nil ? NULL : info_of(self);
    bool kept;

    (void)call, (void)data;
    if (!info)
        return;
    kept = retain_count(self, NULL) > 1;
    if (kept)
        outlive(self, info);
    if (info->invocation != nil)
        mn_invocation_outlive(info->invocation, kept);
    info->call = NULL;
    if (kept || pthread_getspecific(spare_key)) {
        release(self, NULL);
        return;
    }
    if (info->arguments != nil || info->invocation != nil)
        forget(info);
    pthread_setspecific(spare_key, self);
}

static mend_status
register_class(mend_error *err)
{
    static const struct mn_face_method methods[] = {
        {false, "instance", "@16@0:8", receiver},
        {false, "slf", "@16@0:8", receiver},
        {false, "sel", ":16@0:8", selector},
        {false, "arguments", "@16@0:8", arguments},
        {false, "originalInvocation", "@16@0:8", invocation},
        {false, "typeEncoding", "@16@0:8", type_encoding},
        {false, "invokeAndGetOriginalRetValue:", "v24@0:8^v16", invoke_and_get},
        {false, "conformsToProtocol:", "C24@0:8@16", conforms},
        {false, "retain", "@16@0:8", retain},
        {false, "release", "v16@0:8", release},
        {false, "retainCount", "Q16@0:8", retain_count},
    };
    mend_status st = mn_invocation_register(err);

    if (st == MEND_OK)
        st = mn_face_class("NSObject", "MendCallInfo", sizeof(struct info), methods,
                           sizeof methods / sizeof *methods, &info_class, err);
    if (st != MEND_OK)
        return st;
    state_offset = mn_face_state(info_class);
    return pthread_key_create(&spare_key, free_instance) == 0 ? MEND_OK : mn_fail_memory(err);
}

static mend_status registered;
static mend_error register_error;

static void
register_all(void)
{
    mn_own_init();
    registered = mn_blocks_register(&register_error);
    if (registered == MEND_OK)
        registered = register_class(&register_error);
}

mend_status
mn_info_register(mend_error *err)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;

    pthread_once(&once, register_all);
    if (registered != MEND_OK && err)
        *err = register_error;
    return registered;
}
