/* SPDX-License-Identifier: MIT */
/*
 * Classes, their variables and protocols on libobjc2 and Apple's runtime.
 *
 * Neither exports its mutex. Ours is a recursive one of its own: what the runtime and the host change meanwhile is
 * serialised by the runtime itself.
 */
#include "runtime/modern.h"

#include "runtime/adoption.h"

#include "base/error.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_mutex_t mutex;

static void
make_mutex(void)
{
    pthread_mutexattr_t recursive;

    pthread_mutexattr_init(&recursive);
    pthread_mutexattr_settype(&recursive, PTHREAD_MUTEX_RECURSIVE);
    pthread_mutex_init(&mutex, &recursive);
    pthread_mutexattr_destroy(&recursive);
}

void
mn_runtime_lock(void)
{
    pthread_once(&once, make_mutex);
    pthread_mutex_lock(&mutex);
}

void
mn_runtime_unlock(void)
{
    pthread_mutex_unlock(&mutex);
}

bool
mn_runtime_trylock(void)
{
    pthread_once(&once, make_mutex);
    return pthread_mutex_trylock(&mutex) == 0;
}

/* ---- Classes ---- */

Class
mn_class_named(const char *name)
{
    return name != NULL ? (Class)objc_lookUpClass(name) : Nil;
}

Class
mn_class_super(Class cls)
{
    return cls != Nil ? class_getSuperclass(cls) : Nil;
}

Class
mn_class_meta(Class cls)
{
    return cls != Nil ? object_getClass((id)cls) : Nil;
}

bool
mn_class_is_meta(Class cls)
{
    return cls != Nil && class_isMetaClass(cls);
}

const char *
mn_class_name(Class cls)
{
    return cls != Nil ? class_getName(cls) : "Nil";
}

size_t
mn_class_instance_size(Class cls)
{
    return cls != Nil ? class_getInstanceSize(cls) : 0;
}

bool
mn_class_initialised(Class cls)
{
    return cls != Nil && modern_is_initialised(cls);
}

bool
mn_class_inherits(Class cls, Class ancestor)
{
    while (cls != Nil && cls != ancestor)
        cls = class_getSuperclass(cls);
    return cls != Nil;
}

/* A class is registered when its name leads to it. */
bool
mn_class_registered(Class cls)
{
    Class named;

    if (cls == Nil)
        return false;
    named = mn_class_named(class_getName(cls));
    return named != Nil && (named == cls || object_getClass((id)named) == cls);
}

/* The hidden classes of associated objects and @synchronized are skipped by the runtime. */
Class
mn_object_class(id object)
{
    return object != nil ? object_getClass(object) : Nil;
}

bool
mn_object_is_class(id object)
{
    return object != nil && class_isMetaClass(object_getClass(object));
}

static void
free_list(void *list)
{
    free(*(void **)list);
}

#define LISTED __attribute__((cleanup(free_list)))

mend_status
mn_class_each(bool (*visit)(void *data, Class cls), void *data)
{
    unsigned count = 0;
    LISTED Class *classes = objc_copyClassList(&count);

    if (classes == NULL && count != 0)
        return MEND_NO_MEMORY;
    for (unsigned i = 0; i < count && visit(data, classes[i]); i++)
        ;
    return MEND_OK;
}

/* ---- Instance variables ---- */

static void
fill_ivar(struct mn_ivar *ivar, Class cls, Ivar record)
{
    if (ivar != NULL)
        *ivar = (struct mn_ivar){.owner = cls,
                                 .name = ivar_getName(record),
                                 .types = ivar_getTypeEncoding(record),
                                 .offset = ivar_getOffset(record)};
}

bool
mn_ivar_own(Class cls, const char *name, struct mn_ivar *ivar)
{
    unsigned count = 0;
    LISTED Ivar *ivars = cls != Nil && name != NULL ? class_copyIvarList(cls, &count) : NULL;

    for (unsigned i = 0; ivars != NULL && i < count; i++) {
        const char *own = ivar_getName(ivars[i]);

        if (own == NULL || strcmp(own, name) != 0)
            continue;
        fill_ivar(ivar, cls, ivars[i]);
        return true;
    }
    return false;
}

bool
mn_ivar_find(Class cls, const char *name, struct mn_ivar *ivar)
{
    for (; cls != Nil; cls = class_getSuperclass(cls))
        if (mn_ivar_own(cls, name, ivar))
            return true;
    return false;
}

void
mn_ivar_each(Class cls, bool (*visit)(void *data, const struct mn_ivar *ivar), void *data)
{
    unsigned count = 0;
    LISTED Ivar *ivars = cls != Nil ? class_copyIvarList(cls, &count) : NULL;
    struct mn_ivar ivar;

    for (unsigned i = 0; ivars != NULL && i < count; i++) {
        fill_ivar(&ivar, cls, ivars[i]);
        if (ivar.name != NULL && !visit(data, &ivar))
            return;
    }
}

/* ---- Protocols ---- */

Protocol *
mn_protocol_named(const char *name)
{
    return name != NULL ? objc_getProtocol(name) : NULL;
}

/* Adoption cannot be circular in compiled code; a depth that no header reaches ends a damaged list. */
enum { DEEPEST = 64 };

static bool
find_in_protocol(Protocol *protocol, SEL sel, bool instance, int depth, struct mn_method *method)
{
    unsigned count = 0;
    LISTED Protocol **adopted = NULL;

    for (int required = 1; required >= 0; required--) {
        struct objc_method_description found =
            protocol_getMethodDescription(protocol, sel, (BOOL)required, (BOOL)instance);

        if (found.name == NULL)
            continue;
        if (method != NULL)
            *method = (struct mn_method){.sel = sel, .types = found.types};
        return true;
    }
    if (depth == DEEPEST)
        return false;
    adopted = (Protocol **)protocol_copyProtocolList(protocol, &count);
    for (unsigned i = 0; adopted != NULL && i < count; i++)
        if (find_in_protocol(adopted[i], sel, instance, depth + 1, method))
            return true;
    return false;
}

bool
mn_protocol_method(Protocol *protocol, SEL sel, bool instance, struct mn_method *method)
{
    return protocol != NULL && sel != NULL && find_in_protocol(protocol, sel, instance, 0, method);
}

bool
mn_class_protocol_method(Class cls, SEL sel, bool instance, struct mn_method *method)
{
    for (; cls != Nil && sel != NULL; cls = class_getSuperclass(cls)) {
        unsigned count = 0;
        LISTED Protocol **adopted = (Protocol **)class_copyProtocolList(cls, &count);

        for (unsigned i = 0; adopted != NULL && i < count; i++)
            if (find_in_protocol(adopted[i], sel, instance, 0, method))
                return true;
    }
    return false;
}

static bool
visit_adopted(Protocol *protocol, int depth, bool (*visit)(void *data, const char *name), void *data)
{
    unsigned count = 0;
    LISTED Protocol **adopted = NULL;

    if (!visit(data, protocol_getName(protocol)))
        return false;
    if (depth == DEEPEST)
        return true;
    adopted = (Protocol **)protocol_copyProtocolList(protocol, &count);
    for (unsigned i = 0; adopted != NULL && i < count; i++)
        if (!visit_adopted(adopted[i], depth + 1, visit, data))
            return false;
    return true;
}

bool
mn_class_each_adopted(Class cls, bool (*visit)(void *data, const char *name), void *data)
{
    if (mn_class_is_meta(cls))
        cls = mn_class_named(class_getName(cls));
    for (; cls != Nil; cls = class_getSuperclass(cls)) {
        unsigned count = 0;
        LISTED Protocol **adopted = (Protocol **)class_copyProtocolList(cls, &count);

        for (unsigned i = 0; adopted != NULL && i < count; i++)
            if (!visit_adopted(adopted[i], 0, visit, data))
                return false;
    }
    return true;
}
