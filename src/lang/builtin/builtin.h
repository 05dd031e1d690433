/* SPDX-License-Identifier: MIT */
/*
 * Names every patch knows without declaring them: C and Foundation typedefs, structures, constants and
 * functions.
 *
 * builtin.def is the table; this is the way in. An entry only names things: whether the program has the
 * symbol is asked when a patch uses it.
 */
#ifndef MN_LANG_BUILTIN_BUILTIN_H
#define MN_LANG_BUILTIN_BUILTIN_H

#include <stdint.h>

enum mn_builtin_kind {
    MN_BUILTIN_TYPE,     /* a typedef; types: its encoding */
    MN_BUILTIN_STRUCT,   /* a structure by its tag; types: its encoding, fields: names separated by blanks */
    MN_BUILTIN_INTEGER,  /* a constant of the type `types` */
    MN_BUILTIN_FLOATING, /* a constant of type double */
    MN_BUILTIN_DATA,     /* an object or number in memory of the program, under this symbol */
    MN_BUILTIN_FUNCTION, /* types: result and parameters, "..." at the end when variadic */
    MN_BUILTIN_OWN       /* the same, but inline in C headers: we bring the code */
};

struct mn_builtin {
    const char *name;
    enum mn_builtin_kind kind;
    const char *types, *fields;
    int64_t integer;
    double floating;
    void (*code)(void); /* OWN */
};

/* NULL for a name that is none. Static storage. */
const struct mn_builtin *mn_builtin_find(const char *name);

/* Calls visit for every name, for suggestions. */
void mn_builtin_each(void (*visit)(void *data, const char *name), void *data);

/* Where the program has a symbol: the address of its code or data, NULL when it has none. Runs no host code.
 */
void *mn_builtin_symbol(const char *name);
#endif
