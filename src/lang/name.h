/* SPDX-License-Identifier: MIT */
/*
 * An interned name: the `const char *` that the tree holds points at `text`, and what a reader wants to know
 * about the name while it reads stands before it, so that asking needs no look-up.
 */
#ifndef MN_LANG_NAME_H
#define MN_LANG_NAME_H

#include "lang/tree.h"

struct mn_name_entry;

struct mn_name {
    struct mn_name_entry *meaning; /* the checker's innermost declaration in scope, or NULL */
    uint32_t hash;
    uint32_t length;
    uint32_t visible; /* declarations of variables of this name now in scope */
    uint16_t word;    /* which reserved or contextual word it is, 0 for none */
    bool is_type;     /* known to name a type or class */
    struct mn_macro *macro; /* as #define'd now, or NULL (objc/macro.h) */
    char text[];
};

static inline struct mn_name *
mn_name_of(const char *text)
{
    return (struct mn_name *)(void *)((uintptr_t)text - offsetof(struct mn_name, text));
}
#endif
