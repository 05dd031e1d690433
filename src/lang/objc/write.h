/* SPDX-License-Identifier: MIT */
/*
 * A tree as source text: the other direction of this folder. Reading the text gives the same tree again, save for what
 * the target changes: the form of classes and of sends. Bodies keep their dialect, by #pragma where the form of the class
 * says otherwise, so what they mean, and the bytecode, stays.
 */
#ifndef MN_LANG_OBJC_WRITE_H
#define MN_LANG_OBJC_WRITE_H

#include "lang/convert.h"

/* Classes as @interface and @implementation, sends in brackets. */
void mn_objc_write(const struct mn_conversion *conversion);

/* Classes as `class X : Y { }` where the superclass is known, sends with dots. */
void mn_mango_write(const struct mn_conversion *conversion);
#endif
