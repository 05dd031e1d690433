/* SPDX-License-Identifier: MIT */
/*
 * Selectors on GCC's runtime: registering them without disturbing running senders.
 *
 * Every class that has not been messaged yet shares one empty dispatch table, read without a lock by whoever
 * sends the first message. Registering a selector makes the runtime grow that table when it is full (about
 * every 160 selectors), and with raw threads around it frees the old array at once. So we grow it first, by a
 * lot, and never free what readers may hold: the arrays double, so the waste stays below what is in use.
 */
#include "runtime/gcc_abi.h"

#include <stdlib.h>
#include <string.h>

enum {
    GROWTH = 8192, /* selectors; 2 KB of bucket pointers */
    MARGIN = 1024  /* so many are free after each of our own, for the host's next */
};

bool
mn_gcc_reserve_selectors(size_t more)
{
    struct gcc_table *table = __objc_uninstalled_dtable;
    size_t wanted = (size_t)__objc_selector_max_index + more + 1;
    size_t places, used;
    struct gcc_bucket **buckets;

    if (wanted <= table->capacity)
        return true;
    wanted += table->capacity + GROWTH;
    places = wanted / GCC_BUCKET_SIZE + 1;
    used = table->capacity / GCC_BUCKET_SIZE;
    buckets =
        malloc(places * sizeof(*buckets)); /* not one a test makes fail: most callers go on without it */
    if (buckets == NULL)
        return false;
    memcpy(buckets, table->buckets, used * sizeof(*buckets));
    for (size_t i = used; i < places; i++)
        buckets[i] = table->empty;
    GCC_PUBLISH(table->buckets, buckets); /* before the capacity: a reader checks that first */
    GCC_PUBLISH(table->capacity, places * GCC_BUCKET_SIZE);
    return true;
}

SEL
mn_selector(const char *name)
{
    return mn_selector_typed(name, NULL);
}

SEL
mn_selector_typed(const char *name, const char *types)
{
    SEL sel;

    if (name == NULL || name[0] == '\0')
        return NULL;
    mn_runtime_lock();
    mn_gcc_reserve_selectors(MARGIN); /* if memory has run out, the runtime's own growth decides */
    sel = sel_registerTypedName(name, types);
    mn_runtime_unlock();
    return sel;
}

SEL
mn_selector_only(const char *name)
{
    SEL sel = name != NULL && name[0] != '\0' ? sel_getTypedSelector(name) : NULL;

    return sel != NULL ? sel : mn_selector(name);
}

SEL
mn_selector_find(const char *name)
{
    return name != NULL ? sel_get_any_uid(name) : NULL;
}

static bool
stop_at_first(void *data, const struct mn_method *method)
{
    (void)method;
    *(bool *)data = true;
    return false;
}

bool
mn_selector_known(SEL sel)
{
    bool found = false;

    mn_method_each_of(sel, stop_at_first, &found);
    return found;
}

const char *
mn_selector_name(SEL sel)
{
    return gcc_sel_mapped(sel) ? sel_getName(sel) : NULL;
}

const char *
mn_selector_types(SEL sel)
{
    return sel != NULL ? ((const struct gcc_selector *)sel)->types : NULL;
}

bool
mn_selector_equal(SEL a, SEL b)
{
    if (a == NULL || b == NULL)
        return a == b;
    return gcc_sel_id(a) == gcc_sel_id(b);
}
