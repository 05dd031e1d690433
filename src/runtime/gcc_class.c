/* SPDX-License-Identifier: MIT */
/*
 * Classes and their instance variables on GCC's runtime, read from the class structures themselves.
 *
 * The runtime's own accessors are not used where they could run code of the host (objc_getClass asks a
 * handler) or end the process (class_getSuperclass links all classes, and aborts if one's superclass is not
 * loaded yet).
 */
#include "runtime/gcc_abi.h"

#include "base/alloc.h"
#include "base/error.h"

#include <stdlib.h>
#include <string.h>

void
mn_runtime_lock(void)
{
    objc_mutex_lock(__objc_runtime_mutex);
}

void
mn_runtime_unlock(void)
{
    objc_mutex_unlock(__objc_runtime_mutex);
}

bool
mn_runtime_trylock(void)
{
    return objc_mutex_trylock(__objc_runtime_mutex) > 0;
}

#ifdef MN_FAULTS
#define REFUSED(size) (mn_alloc_fault != NULL && mn_alloc_fault(size))
#else
#define REFUSED(size) false
#endif

void *
mn_gcc_alloc(size_t size)
{
    return REFUSED(size) ? NULL : malloc(size);
}

static unsigned long
info(Class cls)
{
    return __atomic_load_n(&gcc_class(cls)->info, __ATOMIC_RELAXED);
}

Class
mn_class_named(const char *name)
{
    return objc_lookUpClass(name);
}

Class
mn_class_super(Class cls)
{
    Class super;

    if (cls == Nil)
        return Nil;
    super = gcc_class(cls)->super;
    if (super == Nil || (info(cls) & GCC_RESOLVED) != 0)
        return super;
    super = objc_lookUpClass((const char *)super); /* not linked yet: a name */
    return mn_class_is_meta(cls) ? mn_class_meta(super) : super;
}

Class
mn_class_meta(Class cls)
{
    return cls != Nil ? gcc_class(cls)->isa : Nil;
}

bool
mn_class_is_meta(Class cls)
{
    return cls != Nil && (info(cls) & GCC_META) != 0;
}

const char *
mn_class_name(Class cls)
{
    return cls != Nil ? gcc_class(cls)->name : "Nil";
}

size_t
mn_class_instance_size(Class cls)
{
    return cls != Nil ? (size_t)gcc_class(cls)->instance_size : 0;
}

bool
mn_class_initialised(Class cls)
{
    return cls != Nil && (info(cls) & GCC_INITIALISED) != 0;
}

bool
mn_class_inherits(Class cls, Class ancestor)
{
    while (cls != Nil && cls != ancestor)
        cls = mn_class_super(cls);
    return cls != Nil;
}

/* The in-construction bit says nothing about a metaclass: clang leaves it set. Its class tells. */
bool
mn_class_registered(Class cls)
{
    if (cls == Nil || GCC_READ(gcc_class(cls)->table) == NULL)
        return false;
    return mn_class_is_meta(cls) || (info(cls) & GCC_IN_CONSTRUCTION) == 0;
}

Class
mn_object_class(id object)
{
    return object != nil ? __atomic_load_n(&object->class_pointer, __ATOMIC_RELAXED) : Nil;
}

bool
mn_object_is_class(id object)
{
    return mn_class_is_meta(mn_object_class(object));
}

/* Every registered class; classes are only ever added, and only under the mutex. */
static mend_status
copy_classes(Class **classes, size_t *count)
{
    int n;

    mn_runtime_lock();
    n = objc_getClassList(NULL, 0);
    *classes = mn_malloc((size_t)n * sizeof(Class));
    if (*classes != NULL)
        n = objc_getClassList(*classes, n);
    mn_runtime_unlock();
    *count = (size_t)n;
    return *classes != NULL ? MEND_OK : MEND_NO_MEMORY;
}

mend_status
mn_class_each(bool (*visit)(void *data, Class cls), void *data)
{
    Class *classes;
    size_t count;
    mend_status st = copy_classes(&classes, &count);

    if (st != MEND_OK)
        return st;
    for (size_t i = 0; i < count && visit(data, classes[i]); i++)
        ;
    mn_free(classes);
    return MEND_OK;
}

static void
fill_ivar(struct mn_ivar *ivar, Class cls, const struct gcc_ivar *record)
{
    if (ivar != NULL)
        *ivar = (struct mn_ivar){
            .owner = cls, .name = record->name, .types = record->types, .offset = record->offset};
}

bool
mn_ivar_own(Class cls, const char *name, struct mn_ivar *ivar)
{
    const struct gcc_ivar_list *list = cls != Nil ? gcc_class(cls)->ivars : NULL;

    for (int i = 0; name != NULL && list != NULL && i < list->count; i++) {
        if (list->ivars[i].name == NULL || strcmp(list->ivars[i].name, name) != 0)
            continue;
        fill_ivar(ivar, cls, &list->ivars[i]);
        return true;
    }
    return false;
}

bool
mn_ivar_find(Class cls, const char *name, struct mn_ivar *ivar)
{
    for (; cls != Nil; cls = mn_class_super(cls))
        if (mn_ivar_own(cls, name, ivar))
            return true;
    return false;
}

void
mn_ivar_each(Class cls, bool (*visit)(void *data, const struct mn_ivar *ivar), void *data)
{
    const struct gcc_ivar_list *list = cls != Nil ? gcc_class(cls)->ivars : NULL;
    struct mn_ivar ivar;

    for (int i = 0; list != NULL && i < list->count; i++) {
        fill_ivar(&ivar, cls, &list->ivars[i]);
        if (ivar.name != NULL && !visit(data, &ivar))
            return;
    }
}
