/* SPDX-License-Identifier: MIT */
/* Messages that the faces send to a program's objects, by name; nil answers nil, NULL and false. Any thread. */
#ifndef MN_COMPAT_MESSAGE_H
#define MN_COMPAT_MESSAGE_H

#include <objc/objc.h>
#include <stdbool.h>

/* [object name] and [object name: argument]; what comes back is the receiver's to count, as ever. */
id mn_face_send(id object, const char *name);
id mn_face_send_with(id object, const char *name, id argument);

/* The UTF-8 of an NSString, lent as -UTF8String lends it; NULL for nil. */
const char *mn_face_text(id string);

/* What a dictionary has under a text. */
id mn_face_entry(id dictionary, const char *name);

/* Its class is the one named, or inherits from it; no message is sent. */
bool mn_face_is_kind(id object, const char *name);
#endif
