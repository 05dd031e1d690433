/* SPDX-License-Identifier: MIT */
/* fmt_num: Mango's way to print a number by a format (spec/mango.md 21.5). */
#ifndef MN_LANG_BUILTIN_NUMBER_H
#define MN_LANG_BUILTIN_NUMBER_H

#include <objc/objc.h>

/*
 * An NSString, autoreleased: `number` as the one conversion of `format` prints it. Raises
 * MFRuntimeErrorNotSupportNumberFormat for a format with none, several, or one that is not for numbers.
 */
id mn_own_fmt_num(id format, id number);
#endif
