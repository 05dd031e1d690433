/* SPDX-License-Identifier: MIT */
/* The selectors behind own.h, and pools. */
#include "value/own.h"

#include "runtime/exception.h"
#include "runtime/own_sends.h"

struct mn_own_selectors mn_own;

__attribute__((no_sanitize("thread"))) /* every thread writes the same values */
void
mn_own_init(void)
{
    mn_own.retain = mn_selector_typed("retain", "@16@0:8");
    mn_own.autorelease = mn_selector_typed("autorelease", "@16@0:8");
    mn_own.release = mn_selector_typed("release", "v16@0:8");
}

id
mn_pool_push(void)
{
    MN_SCOPED(mn_own_sends_end) struct mn_own_sends own = MN_OWN_SENDS_CLOSED;
    Class cls = mn_class_named("NSAutoreleasePool");
    SEL sel = mn_selector("new");

    mn_own_sends_begin(&own);
    return cls == Nil ? nil : ((id(*)(id, SEL))mn_lookup((id)cls, sel))((id)cls, sel);
}

void
mn_pool_pop(id pool)
{
    mn_release(pool); /* -release of a pool drains it */
}
