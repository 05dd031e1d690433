/* SPDX-License-Identifier: MIT */
#include "lang/builtin/host.h"

#include "lang/builtin/builtin.h"
#include "runtime/runtime.h"
#include "value/box.h"
#include "value/cell.h"
#include "value/own.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

static id
send(id object, const char *name)
{
    SEL sel = mn_selector(name);

    return object == nil ? nil : ((id(*)(id, SEL))mn_lookup(object, sel))(object, sel);
}

/* A text of the main bundle's information, "" when it has none. */
static id
bundle_text(const char *key)
{
    id info = send(send((id)mn_class_named("NSBundle"), "mainBundle"), "infoDictionary"), found = nil;
    SEL get = mn_selector("objectForKey:"), kind = mn_selector("isKindOfClass:");
    Class text = mn_class_named("NSString");

    if (info != nil)
        found = ((id(*)(id, SEL, id))mn_lookup(info, get))(info, get, mn_box_text(key));
    if (found == nil || !((BOOL(*)(id, SEL, Class))(void *)mn_lookup(found, kind))(found, kind, text))
        return mn_box_text("");
    return found;
}

/* The leading numbers of the kernel's release: "6.1.0-18-amd64" is "6.1.0". */
static void
kernel(char *text, size_t size)
{
    struct utsname names;

    text[0] = '\0';
    if (uname(&names) == 0)
        snprintf(text, size, "%.*s", (int)strspn(names.release, "0123456789."), names.release);
}

id
mn_host_system_version(void)
{
    char text[64];

    kernel(text, sizeof text);
    return mn_box_text(text);
}

id
mn_host_app_version(void)
{
    return bundle_text("ApplicationRelease");
}

id
mn_host_build_version(void)
{
    return bundle_text("NSBuildVersion");
}

bool
mn_host_is_platform(const char *name)
{
    return strcmp(name, "Linux") == 0 || strcmp(name, "GNUstep") == 0;
}

bool
mn_host_has_version(const char *platform, const char *version)
{
    char text[64];
    char *have = text, *want = (char *)(uintptr_t)version;

    if (strcmp(platform, "Linux") != 0)
        return mn_class_named("NSObject") != Nil; /* GNUstep base does not tell its version to C */
    kernel(text, sizeof text);
    while (*want) {
        long a = strtol(have, &have, 10), b = strtol(want, &want, 10);

        if (a != b)
            return a > b;
        have += *have == '.';
        want += *want == '.';
    }
    return true;
}

id
mn_host_protocol(const char *name)
{
    return (id)mn_protocol_named(name);
}

void *
mn_host_function(const char *name)
{
    const struct mn_builtin *b = name ? mn_builtin_find(name) : NULL;

    if (b && b->kind == MN_BUILTIN_OWN)
        return (void *)b->code;
    return name ? mn_builtin_symbol(name) : NULL;
}

/* The size stands before the bytes, which keep the alignment of the cell. */
enum { ROOM_HEAD = 16 };

id
mn_host_room(long count, long size)
{
    size_t bytes;
    mend_error err;
    id room;

    if (count < 0 || __builtin_mul_overflow((size_t)count, (size_t)size, &bytes) || bytes > SIZE_MAX / 4 ||
        mn_cell_new(MN_CELL_PLAIN, ROOM_HEAD + bytes, &room, &err) != MEND_OK)
        return nil;
    *(size_t *)mn_cell_value(room) = bytes;
    return room;
}

void *
mn_host_room_bytes(id room)
{
    return room != nil ? (char *)mn_cell_value(room) + ROOM_HEAD : NULL;
}

unsigned long
mn_host_room_size(id room)
{
    return room != nil ? *(const size_t *)mn_cell_value(room) : 0;
}

void *
mn_host_retained(id object)
{
    return (void *)mn_retain(object);
}

id
mn_host_transferred(void *object)
{
    return mn_autorelease((id)object);
}
