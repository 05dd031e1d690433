/* SPDX-License-Identifier: MIT */
/*
 * Protocols on GCC's runtime. One that no loaded class adopts may never have been initialised: its isa is a
 * version number and its method names are C strings; both forms are read.
 */
#include "runtime/gcc_abi.h"

#include <string.h>

/* Adoption cannot be circular in compiled code; run-time made protocols do not exist here. */
static bool find_in_protocol(const struct gcc_protocol *protocol, SEL sel, bool instance,
                             struct mn_method *method);

static bool
find_in_protocols(const struct gcc_protocol_list *list, SEL sel, bool instance, struct mn_method *method)
{
    for (; list != NULL; list = list->next)
        for (size_t i = 0; i < list->count; i++)
            if (find_in_protocol(list->list[i], sel, instance, method))
                return true;
    return false;
}

static bool
names(const struct gcc_protocol *protocol, const struct objc_method_description *described, SEL sel)
{
    if (described->name == NULL)
        return false;
    if (protocol->isa == objc_lookUpClass("Protocol"))
        return mn_selector_equal(described->name, sel);
    return strcmp((const char *)described->name, mn_selector_name(sel)) == 0;
}

static bool
find_in_protocol(const struct gcc_protocol *protocol, SEL sel, bool instance, struct mn_method *method)
{
    const struct gcc_description_list *list;

    if (protocol == NULL)
        return false;
    list = instance ? protocol->instance_methods : protocol->class_methods;
    for (int i = 0; list != NULL && i < list->count; i++) {
        if (!names(protocol, &list->list[i], sel))
            continue;
        if (method != NULL)
            *method = (struct mn_method){.sel = sel, .types = list->list[i].types};
        return true;
    }
    return find_in_protocols(protocol->adopted, sel, instance, method);
}

Protocol *
mn_protocol_named(const char *name)
{
    return objc_getProtocol(name);
}

bool
mn_protocol_method(Protocol *protocol, SEL sel, bool instance, struct mn_method *method)
{
    return gcc_sel_mapped(sel) &&
           find_in_protocol((const struct gcc_protocol *)protocol, sel, instance, method);
}

bool
mn_class_protocol_method(Class cls, SEL sel, bool instance, struct mn_method *method)
{
    if (!gcc_sel_mapped(sel))
        return false;
    for (; cls != Nil; cls = mn_class_super(cls))
        if (find_in_protocols(gcc_class(cls)->protocols, sel, instance, method))
            return true;
    return false;
}
