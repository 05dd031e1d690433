/* SPDX-License-Identifier: MIT */
/* Method families: what a selector says about ownership of its result and receiver (the ARC specification's
 * rule). */
#ifndef MN_VALUE_FAMILY_H
#define MN_VALUE_FAMILY_H

#include <stdbool.h>

enum mn_family {
    MN_FAMILY_NONE,  /* the result is not owned */
    MN_FAMILY_ALLOC, /* alloc, new, copy, mutableCopy: the caller owns the result */
    MN_FAMILY_NEW,
    MN_FAMILY_COPY,
    MN_FAMILY_MUTABLE_COPY,
    MN_FAMILY_INIT, /* consumes the receiver too; instance methods only */
};

/*
 * The family of a selector: its first word by camel-case, underscores in front ignored ("newtonian" is none,
 * "newItem" and "_copyTo:" are). class_method rules out INIT. No host code.
 */
enum mn_family mn_family_of(const char *selector, bool class_method);

static inline bool
mn_family_owns(enum mn_family family)
{
    return family != MN_FAMILY_NONE;
}
#endif
