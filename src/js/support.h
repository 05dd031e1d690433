/* SPDX-License-Identifier: MIT */
/* support.js and binders.js as bytes; the build makes the file that defines them. */
#ifndef MN_JS_SUPPORT_H
#define MN_JS_SUPPORT_H

#include <stddef.h>

extern const unsigned char mn_js_support_text[];
extern const size_t mn_js_support_length;
extern const unsigned char mn_js_binders_text[];
extern const size_t mn_js_binders_length;
#endif
