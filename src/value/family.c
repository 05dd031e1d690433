/* SPDX-License-Identifier: MIT */
/* A selector's first word against the five names that tell. */
#include "value/family.h"

#include <stddef.h>
#include <string.h>

enum mn_family
mn_family_of(const char *selector, bool class_method)
{
    static const struct {
        const char *word;
        enum mn_family family;
    } words[] = {{"alloc", MN_FAMILY_ALLOC},
                 {"new", MN_FAMILY_NEW},
                 {"copy", MN_FAMILY_COPY},
                 {"mutableCopy", MN_FAMILY_MUTABLE_COPY},
                 {"init", MN_FAMILY_INIT}};

    while (*selector == '_')
        selector++;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        size_t length = strlen(words[i].word);

        if (strncmp(selector, words[i].word, length) != 0 ||
            (selector[length] >= 'a' && selector[length] <= 'z'))
            continue;
        return words[i].family == MN_FAMILY_INIT && class_method ? MN_FAMILY_NONE : words[i].family;
    }
    return MN_FAMILY_NONE;
}
