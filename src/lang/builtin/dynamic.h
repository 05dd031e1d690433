/* SPDX-License-Identifier: MIT */
/*
 * Dynamic values: what variables without a type hold, and what a context keeps (spec/mango.md 10.3, 13).
 *
 * A dynamic value is an object reference, so it travels and is counted as one. Objects and nil stand for
 * themselves; everything else lies in a cell (value/cell.h) with its kind: BOOL, signed, unsigned, floating,
 * C string, Class, SEL, pointer, structure. A cell never leaves the patch: whoever needs an object gets one
 * from mn_dynamic_to_object(), which raises for a number.
 *
 * Results are autoreleased. Patches call all of these by name (ours.def); the ones that can refuse raise with
 * the place of the patch's call. Operators are enum mn_arith and enum mn_compare.
 */
#ifndef MN_LANG_BUILTIN_DYNAMIC_H
#define MN_LANG_BUILTIN_DYNAMIC_H

#include <objc/objc.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Into a dynamic value. The kind of an address is '*', '#', ':' or '^'. */
id mn_dynamic_bool(bool value);
id mn_dynamic_integer(int64_t value);
id mn_dynamic_unsigned(uint64_t value);
id mn_dynamic_double(double value);
id mn_dynamic_address(const void *value, int kind);
id mn_dynamic_bytes(const void *value, const char *encoding);

/* Out of it. Addresses into a structure are good until the pool drains. */
bool mn_dynamic_truth(id value);
int64_t mn_dynamic_to_integer(id value);
double mn_dynamic_to_double(id value);
id mn_dynamic_to_object(id value);
void *mn_dynamic_to_address(id value);
void *mn_dynamic_to_bytes(id value, const char *encoding);
bool mn_dynamic_has(id value, const char *encoding); /* whether it is a structure of that type */

/* Operators. The results of the first two are dynamic. */
id mn_dynamic_arith(int op, id a, id b);
id mn_dynamic_unary(int op, id a); /* '-', '+' or '~' */
bool mn_dynamic_compare(int op, id a, id b);

/* list[key], by index or by key. */
id mn_dynamic_subscript(id list, id key);

/* What `+` with a text writes; the NSNumber or NSValue of a value that is no object. */
id mn_dynamic_text(id value);
id mn_dynamic_boxed(id value);

/* The kind: '@' for objects, 0 for nil, else 'B', 'q', 'Q', 'd', '*', '#', ':', '^' or '{'. Sends nothing. */
char mn_dynamic_kind(id value);

/* Between a dynamic value and memory of that encoding; objects there are neither retained nor released. */
id mn_dynamic_read(const void *from, const char *encoding);
bool mn_dynamic_write(id value, void *to, const char *encoding); /* false: such a value cannot become that */
#endif
