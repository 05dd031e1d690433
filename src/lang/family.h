/* SPDX-License-Identifier: MIT */
/*
 * Method families: what a selector says about ownership (the ARC specification's rule).
 *
 * A selector belongs to a family when its first word, after leading underscores, begins with the family's
 * name and goes on with anything but a lower-case letter.
 */
#ifndef MN_LANG_FAMILY_H
#define MN_LANG_FAMILY_H

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

enum mn_family {
    MN_FAMILY_NONE,
    MN_FAMILY_ALLOC,
    MN_FAMILY_NEW,
    MN_FAMILY_COPY,
    MN_FAMILY_MUTABLE_COPY,
    MN_FAMILY_INIT
};

static inline enum mn_family
mn_family_of(const char *selector)
{
    static const char *const words[] = {"", "alloc", "new", "copy", "mutableCopy", "init"};

    while (*selector == '_')
        selector++;
    for (int i = MN_FAMILY_ALLOC; i <= MN_FAMILY_INIT; i++) {
        size_t n = strlen(words[i]);

        if (strncmp(selector, words[i], n) == 0 && !islower((unsigned char)selector[n]))
            return (enum mn_family)i;
    }
    return MN_FAMILY_NONE;
}

/* The caller of such a method gets a reference with its result. */
static inline bool
mn_family_owns(enum mn_family family)
{
    return family != MN_FAMILY_NONE;
}
#endif
