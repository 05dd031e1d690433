/* SPDX-License-Identifier: MIT */
/*
 * A tree as a JavaScript patch, in the language of docs/design/javascript.md.
 *
 * Strings and collections stay Foundation's (a literal is a call of a factory method), nil is false, structs are flat objects, integer
 * division and conversions are cut as C's. Types are those the text declares; where the meaning hangs on a type or a name
 * that it does not, the place is refused.
 */
#ifndef MN_LANG_JS_WRITE_H
#define MN_LANG_JS_WRITE_H

#include "lang/convert.h"

void mn_script_write(const struct mn_conversion *conversion);
#endif
