/* SPDX-License-Identifier: MIT */
/* Names of C and Objective-C types, as block() and defineProtocol take them, to encodings. */
#ifndef MN_JS_CTYPE_H
#define MN_JS_CTYPE_H

#include "base/buffer.h"

/* Appends the encoding. False: no such type; a name nobody knows followed by `*` is an object. */
bool mn_js_ctype_encoding(const char *name, struct mn_buffer *out);
#endif
