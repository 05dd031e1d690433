/* SPDX-License-Identifier: MIT */
#include "compat/message.h"

#include "runtime/runtime.h"
#include "value/box.h"
#include "value/own.h"

#include <string.h>

id
mn_face_send(id object, const char *name)
{
    SEL sel = mn_selector(name);

    return object == nil ? nil : ((id(*)(id, SEL))(void *)mn_lookup(object, sel))(object, sel);
}

id
mn_face_send_with(id object, const char *name, id argument)
{
    SEL sel = mn_selector(name);

    return object == nil ? nil : ((id(*)(id, SEL, id))(void *)mn_lookup(object, sel))(object, sel, argument);
}

const char *
mn_face_text(id string)
{
    return (const char *)(void *)mn_face_send(string, "UTF8String");
}

id
mn_face_entry(id dictionary, const char *name)
{
    id key = mn_string_new(name, strlen(name)), value = mn_face_send_with(dictionary, "objectForKey:", key);

    mn_release(key);
    return value;
}

bool
mn_face_is_kind(id object, const char *name)
{
    Class cls = mn_class_named(name);

    return object != nil && cls != Nil && mn_class_inherits(mn_object_class(object), cls);
}
