/* SPDX-License-Identifier: MIT */
/* The selectors behind own.h, pools, and families. */
#include "value/own.h"

#include <string.h>

struct mn_own_selectors mn_own;

__attribute__((no_sanitize("thread"))) /* every thread writes the same values */
void
mn_own_init(void)
{
    mn_own.retain = mn_selector_typed("retain", "@16@0:8");
    mn_own.autorelease = mn_selector_typed("autorelease", "@16@0:8");
    mn_own.release = mn_selector_typed("release", "v16@0:8");
}

id
mn_pool_push(void)
{
    Class cls = mn_class_named("NSAutoreleasePool");
    SEL sel = mn_selector("new");

    return cls == Nil ? nil : ((id(*)(id, SEL))mn_lookup((id)cls, sel))((id)cls, sel);
}

void
mn_pool_pop(id pool)
{
    mn_release(pool); /* -release of a pool drains it */
}

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
