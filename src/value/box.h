/* SPDX-License-Identifier: MIT */
/*
 * C values to objects and back: NSNumber, NSValue, NSString, arrays and dictionaries, by plain messages to
 * Foundation.
 *
 * Results named new are owned by the caller, all others are autoreleased. nil means that Foundation is not
 * loaded in this process. All of them run host code and may let an exception pass.
 */
#ifndef MN_VALUE_BOX_H
#define MN_VALUE_BOX_H

#include "abi/type.h"
#include "runtime/runtime.h"

/*
 * NSNumber of a scalar of that kind, its value extended to 64 bits (floats and doubles by their bits, a float
 * in the low half). MN_BOOL makes a boolean number; nil for kinds that are no number.
 */
id mn_box_scalar(enum mn_kind kind, uint64_t bits);

/* NSString of a C string in UTF-8 (bytes that are not are taken as Latin-1); nil for NULL. */
id mn_box_text(const char *text);

/* NSValue of a struct or union, or of any other value, by its encoding. */
id mn_box_bytes(const void *value, const char *encoding);

/* NSArray; NSDictionary of key, value, key, value... A nil raises NSInvalidArgumentException as Foundation
 * words it. */
id mn_box_array(const id *items, size_t count);
id mn_box_dictionary(const id *pairs, size_t count);

/* An immutable NSString, owned by the caller; the length is in bytes and may cover NULs. */
id mn_string_new(const char *utf8, size_t length);

/*
 * The number an object holds (NSNumber, NSString), converted as -longLongValue or -doubleValue do. False if
 * it does not answer to that.
 */
bool mn_unbox_integer(id object, int64_t *value);
bool mn_unbox_double(id object, double *value);

/* Copies what an NSValue holds; false unless its type's size is `size`. */
bool mn_unbox_bytes(id object, const struct mn_type *type, void *value);
#endif
