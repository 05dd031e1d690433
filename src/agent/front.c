/* SPDX-License-Identifier: MIT */
/* Part of the preloaded library, not of the core: its three exported names are libobjc's. */
#include "agent/front.h"

#include <dlfcn.h>
#include <stddef.h>
#include <stdlib.h>

#define MEND_API __attribute__((visibility("default")))

static const struct mn_guard_calls *calls; /* the core's */

MEND_API void __objc_update_dispatch_table_for_class(void *cls);
MEND_API void __objc_update_classes_with_methods(void *one, void *other);
MEND_API void sarray_realloc(void *table, int size);

/*
 * What libobjc itself has. Found at the first call, which comes from a constructor of libobjc or of the
 * program and so while no other thread may be loading: later, under the runtime's mutex, the loader's lock
 * must not be asked for.
 */
static struct mn_guard_calls libobjc;

/* The same name in the library that called and those it needs: libobjc was opened where no global search
 * finds it. It stays open from here on. */
static void *
library_of(const void *caller)
{
    Dl_info info;

    return dladdr(caller, &info) != 0 ? dlopen(info.dli_fname, RTLD_LAZY | RTLD_NOLOAD) : NULL;
}

static void
find_in(void *library)
{
    *(void **)&libobjc.update_methods = dlsym(library, "__objc_update_classes_with_methods");
    *(void **)&libobjc.grow = dlsym(library, "sarray_realloc");
    *(void **)&libobjc.update_class = dlsym(library, "__objc_update_dispatch_table_for_class");
}

static bool
found(void)
{
    return libobjc.update_class != NULL && libobjc.update_methods != NULL && libobjc.grow != NULL;
}

static const struct mn_guard_calls *
next(const void *caller)
{
    const struct mn_guard_calls *now = __atomic_load_n(&calls, __ATOMIC_ACQUIRE);
    void *library;

    if (now != NULL)
        return now;
    if (!found())
        find_in(RTLD_NEXT);
    if (!found() && (library = library_of(caller)) != NULL)
        find_in(library);
    if (!found())
        abort(); /* called by no libobjc: there is nobody to go on to */
    return &libobjc;
}

void
__objc_update_dispatch_table_for_class(void *cls)
{
    next(__builtin_return_address(0))->update_class(cls);
}

void
__objc_update_classes_with_methods(void *one, void *other)
{
    next(__builtin_return_address(0))->update_methods(one, other);
}

void
sarray_realloc(void *table, int size)
{
    next(__builtin_return_address(0))->grow(table, size);
}

const struct mn_guard_calls *
mn_front_behind(void)
{
    if (!found())
        find_in(RTLD_NEXT);
    return found() ? &libobjc : NULL;
}

void
mn_front_set(const struct mn_guard_calls *now)
{
    __atomic_store_n(&calls, now, __ATOMIC_RELEASE);
}
