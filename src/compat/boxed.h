/* SPDX-License-Identifier: MIT */
/* The arguments of a call as objects, in the way both Aspects and Stinger hand them to blocks. */
#ifndef MN_COMPAT_BOXED_H
#define MN_COMPAT_BOXED_H

#include "abi/signature.h"
#include "hook/call.h"

/*
 * An autoreleased NSArray: objects and classes as they are (NSNull for nil), blocks copied, numbers as
 * NSNumber, selectors and C strings as NSString (NSNull for NULL), everything else as NSValue with its
 * encoding. nil when memory has run out. Sends messages; exceptions pass through.
 */
id mn_boxed_arguments(const struct mn_frame *frame, const struct mn_signature *signature);
#endif
