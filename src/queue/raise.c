/* SPDX-License-Identifier: MIT */
#include "queue/raise.h"

#include "base/error.h"
#include "runtime/exception.h"
#include "runtime/own_sends.h"
#include "value/box.h"

static id
new_exception(const char *name, const mend_error *err)
{
    MN_SCOPED(mn_own_sends_end) struct mn_own_sends own = MN_OWN_SENDS_CLOSED;
    SEL make = mn_selector("exceptionWithName:reason:userInfo:");
    id cls = (id)mn_class_named("NSException");

    mn_own_sends_begin(&own);
    return cls == nil ? nil
                      : ((id(*)(id, SEL, id, id, id))(void *)mn_lookup(cls, make))(cls, make, mn_box_text(name),
                                                                                   mn_box_text(err->message), nil);
}

void
mn_dispatch_raise(const char *name, const mend_error *err)
{
    mn_throw(new_exception(name, err));
}

void
mn_dispatch_demand(mend_status st, const mend_error *err)
{
    if (st != MEND_OK)
        mn_dispatch_raise(st == MEND_NO_MEMORY ? "NSMallocException" : "NSInvalidArgumentException", err);
}

void *
mn_dispatch_need(id object, enum mn_dispatch_kind kind, const char *function)
{
    static const char *const names[] = {"queue", "group", "semaphore", "source"};
    void *thing = mn_dispatch_thing(object, kind);
    mend_error err;

    if (thing != NULL)
        return thing;
    mn_fail(&err, MEND_INVALID, "%s: %s is no %s", function,
            object == nil ? "nil" : mn_class_name(mn_object_class(object)), names[kind]);
    mn_dispatch_raise("NSInvalidArgumentException", &err);
}
