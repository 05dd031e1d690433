/* SPDX-License-Identifier: MIT */
/*
 * What patches ask of the process and its system (spec/mango.md 12, 17, 21), as C functions they call.
 */
#ifndef MN_LANG_BUILTIN_HOST_H
#define MN_LANG_BUILTIN_HOST_H

#include <objc/objc.h>
#include <stdbool.h>

/* $systemVersion, $appVersion, $buildVersion: NSString objects, autoreleased. */
id mn_host_system_version(void);
id mn_host_app_version(void);
id mn_host_build_version(void);

/* Whether the system is at least that version of a platform: "Linux", "GNUstep". Names of others: false. */
bool mn_host_is_platform(const char *name);
bool mn_host_has_version(const char *platform, const char *version);

/* @protocol(Name): nil when there is none. */
id mn_host_protocol(const char *name);

/* CFunction("name"): the code of a symbol, also of functions patches know as inline; NULL: none. */
void *mn_host_function(const char *name);

/* __bridge_retained and __bridge_transfer. */
void *mn_host_retained(id object);
id mn_host_transferred(void *object);

/*
 * Memory of an array whose length is computed, zeroed: an object of the caller's that owns it; nil when the length is negative
 * or there is no memory. Its bytes (NULL for nil) and how many they are.
 */
id mn_host_room(long count, long size);
void *mn_host_room_bytes(id room);
unsigned long mn_host_room_size(id room);
#endif
