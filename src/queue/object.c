/* SPDX-License-Identifier: MIT */
#include "queue/object.h"

#include "queue/group.h"
#include "queue/source.h"
#include "runtime/create.h"
#include "runtime/exception.h"
#include "runtime/own_sends.h"
#include "value/own.h"

#include <pthread.h>
#include <string.h>

static void release_queue(void *thing) { mn_queue_release(thing); }
static void release_group(void *thing) { mn_group_release(thing); }
static void release_semaphore(void *thing) { mn_semaphore_release(thing); }
static void release_source(void *thing) { mn_source_release(thing); }

static const struct {
    const char *name;
    void (*release)(void *thing);
} kinds[MN_DISPATCH_KINDS] = {
    [MN_IS_QUEUE] = {"MendQueue", release_queue},
    [MN_IS_GROUP] = {"MendGroup", release_group},
    [MN_IS_SEMAPHORE] = {"MendSemaphore", release_semaphore},
    [MN_IS_SOURCE] = {"MendSource", release_source},
};

static Class classes[MN_DISPATCH_KINDS], root;
static ptrdiff_t offset;
static pthread_once_t made = PTHREAD_ONCE_INIT;

static void **
place(id object)
{
    return (void **)(void *)((char *)object + offset);
}

static void
free_it(id self, SEL cmd)
{
    MN_SCOPED(mn_own_sends_end) struct mn_own_sends own = MN_OWN_SENDS_CLOSED;

    mn_own_sends_begin(&own);
    ((void (*)(id, SEL))(void *)mn_lookup_super(self, root, cmd))(self, cmd);
}

static id
alloc(Class cls)
{
    MN_SCOPED(mn_own_sends_end) struct mn_own_sends own = MN_OWN_SENDS_CLOSED;
    SEL sel = mn_selector("alloc");

    mn_own_sends_begin(&own);
    return ((id(*)(id, SEL))mn_lookup((id)cls, sel))((id)cls, sel);
}

static void
dealloc(id self, SEL cmd)
{
    Class cls = mn_object_class(self);

    for (unsigned i = 0; i < MN_DISPATCH_KINDS; i++)
        if (classes[i] != Nil && mn_class_inherits(cls, classes[i])) /* a watched object's class is below */
            kinds[i].release(*place(self));
    *place(self) = NULL;
    free_it(self, cmd);
}

/* A queue has no state to copy: a copy is another reference, so that one may be a key in a dictionary. */
static id
copy_with_zone(id self, SEL cmd, void *zone)
{
    (void)cmd;
    (void)zone;
    return mn_retain(self);
}

static Class
make_class(const char *name)
{
    struct mn_ivar ivar;
    Class cls;

    if (mn_class_new(root, name, &cls, NULL) != MEND_OK)
        return Nil;
    if (mn_class_add_ivar(cls, "_of", sizeof(void *), _Alignof(void *), "^v", NULL) != MEND_OK ||
        mn_class_add_method(cls, mn_selector("dealloc"), (IMP)(void *)dealloc, "v@:", NULL) != MEND_OK ||
        mn_class_add_method(cls, mn_selector("copyWithZone:"), (IMP)(void *)copy_with_zone, "@@:^v", NULL) !=
            MEND_OK ||
        mn_class_register(cls, NULL) != MEND_OK) {
        mn_class_free(cls);
        return Nil;
    }
    if (mn_ivar_own(cls, "_of", &ivar))
        offset = ivar.offset; /* the same in all: they have one superclass */
    return cls;
}

static void
make(void)
{
    mn_own_init();
    root = mn_class_named("NSObject");
    for (unsigned i = 0; root != Nil && i < MN_DISPATCH_KINDS; i++)
        classes[i] = make_class(kinds[i].name);
}

id
mn_dispatch_object_take(enum mn_dispatch_kind kind, void *thing)
{
    id object = nil;

    if (thing == NULL)
        return nil;
    pthread_once(&made, make);
    if (classes[kind] != Nil)
        object = alloc(classes[kind]);
    if (object == nil)
        kinds[kind].release(thing);
    else
        *place(object) = thing;
    return object;
}

void *
mn_dispatch_thing(id object, enum mn_dispatch_kind kind)
{
    pthread_once(&made, make);
    if (object == nil || classes[kind] == Nil || !mn_class_inherits(mn_object_class(object), classes[kind]))
        return NULL;
    return *place(object);
}
