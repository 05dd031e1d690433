/* SPDX-License-Identifier: MIT */
#include "lang/builtin/lenient.h"

#include "base/log.h"
#include "runtime/runtime.h"
#include "vm/run.h"

id
mn_lenient_raise(const char *name)
{
    mn_vm_raise_here(MN_VM_UNKNOWN_IDENTIFIER, "unknown name '%s'", name);
}

id
mn_lenient_nothing(const char *name)
{
    mn_log(MN_LOG_WARNING, "patch: unknown name '%s' is read as zero", name);
    return nil;
}

void
mn_lenient_lost(const char *name)
{
    mn_log(MN_LOG_WARNING, "patch: unknown name '%s' is assigned to, without effect", name);
}

bool
mn_lenient_answers(id receiver, SEL selector)
{
    SEL ask = mn_selector("respondsToSelector:");

    if (receiver == nil || ((BOOL(*)(id, SEL, SEL))(void *)mn_lookup(receiver, ask))(receiver, ask, selector))
        return true;
    mn_log(MN_LOG_WARNING, "patch: '%s' does not respond to '%s': the result is zero",
           mn_class_name(mn_object_class(receiver)), mn_selector_name(selector));
    return false;
}

id
mn_lenient_absent(void)
{
    SEL make = mn_selector("new");
    static id one;
    id made = __atomic_load_n(&one, __ATOMIC_ACQUIRE), none = nil;

    if (made != nil)
        return made;
    made = ((id(*)(id, SEL))mn_lookup((id)mn_class_named("NSObject"), make))((id)mn_class_named("NSObject"), make);
    if (!__atomic_compare_exchange_n(&one, &none, made, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
        return none;
    return made;
}

static id
send(id object, const char *name, id argument)
{
    SEL sel = mn_selector(name);

    return ((id(*)(id, SEL, id))mn_lookup(object, sel))(object, sel, argument);
}

/* A copy without every element, or every pair with a key or value, that is the stand-in. */
id
mn_lenient_present(id collection)
{
    SEL is = mn_selector("isKindOfClass:"), remove = mn_selector("removeObjectIdenticalTo:");
    id absent = mn_lenient_absent(), made, keys;

    if (((BOOL(*)(id, SEL, Class))(void *)mn_lookup(collection, is))(collection, is, mn_class_named("NSArray"))) {
        made = send((id)mn_class_named("NSMutableArray"), "arrayWithArray:", collection);
        ((void (*)(id, SEL, id))(void *)mn_lookup(made, remove))(made, remove, absent);
        return made;
    }
    made = send((id)mn_class_named("NSMutableDictionary"), "dictionaryWithDictionary:", collection);
    keys = send(made, "allKeysForObject:", absent);
    send(made, "removeObjectsForKeys:", keys);
    send(made, "removeObjectForKey:", absent);
    return made;
}
