/* SPDX-License-Identifier: MIT */
/*
 * objects.h on libobjc2 and Apple's runtime: weak references and associated objects are the runtime's own.
 *
 * A key of ours is an associated object's key. A plain pointer is kept in a box, an object of a class made here, whose
 * -dealloc runs the pointer's destroy function. What is stored is told by its class. The runtime drops associated objects
 * when the host gives an object another class by object_setClass, and releases them after -dealloc of the host, where
 * GCC's side table (side.c) does it before the root class's.
 *
 * Watches are as on GCC's runtime: an override of -dealloc (death.c, override.c, tracked.c), which libobjc2 and Apple send
 * whoever counts the references. The other half of those files, their own weak references, finds nothing to do here.
 */
#include "runtime/blocks.h"
#include "runtime/count.h"
#include "runtime/create.h"
#include "runtime/death.h"
#include "runtime/modern.h"
#include "runtime/objects.h"
#include "runtime/override.h"
#include "runtime/plain.h"
#include "runtime/tracked.h"

#include "base/error.h"

/* ---- Boxes ---- */

struct box {
    void *pointer;
    void (*destroy)(void *pointer);
};

static Class box_class; /* written under our mutex, read with acquire */
static ptrdiff_t box_offset;

static struct box *
box_of(id object)
{
    return (struct box *)(void *)((char *)(void *)object + box_offset);
}

static bool
is_box(id object)
{
    Class cls = __atomic_load_n(&box_class, __ATOMIC_ACQUIRE);

    return object != nil && cls != Nil && mn_object_class(object) == cls;
}

static void
box_dealloc(id self, SEL sel)
{
    struct box box = *box_of(self);

    mn_run_void(mn_lookup_super(self, mn_class_super(box_class), sel), self, sel);
    if (box.destroy != NULL)
        box.destroy(box.pointer);
}

/* Under the mutex. */
static mend_status
make_box_class(mend_error *err)
{
    Class root = mn_class_named("NSObject"), cls;
    struct mn_ivar ivar;
    mend_status st;

    if (root == Nil)
        return mn_fail_method(err, MEND_NO_CLASS, "NSObject", NULL, "there is no Foundation yet");
    if ((st = mn_class_new(root, "MendSideBox", &cls, err)) != MEND_OK)
        return st;
    if ((st = mn_class_add_ivar(cls, "box", sizeof(struct box), _Alignof(struct box), "{?=^v^?}", err)) != MEND_OK ||
        (st = mn_class_add_method(cls, mn_selector("dealloc"), (IMP)(void *)box_dealloc, "v16@0:8", err)) != MEND_OK ||
        (st = mn_class_register(cls, err)) != MEND_OK) {
        mn_class_free(cls);
        return st;
    }
    mn_ivar_own(cls, "box", &ivar);
    box_offset = ivar.offset;
    __atomic_store_n(&box_class, cls, __ATOMIC_RELEASE);
    return MEND_OK;
}

static mend_status
make_box(void *pointer, void (*destroy)(void *pointer), id *box, mend_error *err)
{
    mend_status st = MEND_OK;

    *box = nil;
    mn_runtime_lock();
    if (box_class == Nil)
        st = make_box_class(err);
    mn_runtime_unlock();
    if (st != MEND_OK)
        return st;
    if ((*box = class_createInstance(box_class, 0)) == nil)
        return mn_fail_memory(err);
    *box_of(*box) = (struct box){pointer, destroy};
    return MEND_OK;
}

/* Lets go of a box without running its destroy function. */
static void
drop_box(id box)
{
    box_of(box)->destroy = NULL;
    objc_release(box);
}

/* ---- Side storage ---- */

static mend_status
check(id object, const void *key, mend_error *err)
{
    if (key == NULL)
        return mn_fail(err, MEND_INVALID, "a side value needs a key");
    if (object == nil)
        return mn_fail(err, MEND_INVALID, "there is no object: nil");
    if (mn_object_is_block(object))
        return mn_fail(err, MEND_REFUSED_OBJECT, "a block dies without -dealloc: nothing tells when");
    return MEND_OK;
}

mend_status
mn_side_set(id object, const void *key, id value, enum mn_side_policy policy, mend_error *err)
{
    mend_status st = check(object, key, err);

    if (st == MEND_OK)
        objc_setAssociatedObject(object, key, value,
                                 policy == MN_SIDE_COPY ? OBJC_ASSOCIATION_COPY : OBJC_ASSOCIATION_RETAIN);
    return st;
}

/* Retained by the runtime and autoreleased, as the policies without NONATOMIC have it. */
id
mn_side_get(id object, const void *key)
{
    id value = object != nil && key != NULL ? objc_getAssociatedObject(object, key) : nil;

    return value != nil && !is_box(value) ? objc_retain(value) : nil;
}

mend_status
mn_side_set_pointer(id object, const void *key, void *pointer, void (*destroy)(void *pointer),
                    mend_error *err)
{
    mend_status st;
    id box;

    if ((st = check(object, key, err)) != MEND_OK || (st = make_box(pointer, destroy, &box, err)) != MEND_OK)
        return st;
    objc_setAssociatedObject(object, key, box, OBJC_ASSOCIATION_RETAIN);
    objc_release(box);
    return MEND_OK;
}

mend_status
mn_side_add_pointer(id object, const void *key, void *pointer, void (*destroy)(void *pointer), void **now,
                    mend_error *err)
{
    mend_status st;
    id box, there;

    *now = NULL;
    if ((st = check(object, key, err)) != MEND_OK || (st = make_box(pointer, destroy, &box, err)) != MEND_OK)
        return st;
    mn_runtime_lock(); /* the first one wins, and all who ask are here */
    there = objc_getAssociatedObject(object, key);
    if (there == nil)
        objc_setAssociatedObject(object, key, box, OBJC_ASSOCIATION_RETAIN);
    mn_runtime_unlock();
    if (there != nil && !is_box(there))
        st = mn_fail(err, MEND_EXISTS, "the key has an Objective-C value");
    else
        *now = box_of(there != nil ? there : box)->pointer;
    if (there != nil)
        drop_box(box);
    else
        objc_release(box);
    return st;
}

void *
mn_side_peek_pointer(id object, const void *key)
{
    id value = object != nil && key != NULL ? objc_getAssociatedObject(object, key) : nil;

    return is_box(value) ? box_of(value)->pointer : NULL;
}

bool
mn_side_remove(id object, const void *key)
{
    if (object == nil || key == NULL || objc_getAssociatedObject(object, key) == nil)
        return false;
    objc_setAssociatedObject(object, key, nil, OBJC_ASSOCIATION_RETAIN);
    return true;
}

/* The host's go with ours: the runtime does not tell which keys there are. */
void
mn_side_remove_all(id object)
{
    if (object != nil)
        objc_removeAssociatedObjects(object);
}

/* ---- Weak references ---- */

static id *
place_of(mn_weak *weak)
{
    return (id *)(void *)&weak->place;
}

mend_status
mn_weak_store(mn_weak *weak, id object, mend_error *err)
{
    if (object != nil && mn_object_is_block(object))
        return mn_fail(err, MEND_REFUSED_OBJECT, "a block dies without -dealloc: nothing tells when");
    if (objc_storeWeak(place_of(weak), object) == nil && object != nil)
        return mn_fail(err, MEND_REFUSED_OBJECT, "the object is being deallocated");
    return MEND_OK;
}

id
mn_weak_load(mn_weak *weak)
{
    return objc_loadWeakRetained(place_of(weak));
}

void
mn_weak_copy(mn_weak *to, mn_weak *from)
{
    id object = objc_loadWeakRetained(place_of(from));

    objc_storeWeak(place_of(to), object);
    objc_release(object);
}

bool
mn_weak_is(mn_weak *weak, id object)
{
    id now = objc_loadWeakRetained(place_of(weak));

    objc_release(now);
    return now == object;
}

void
mn_weak_fini(mn_weak *weak)
{
    objc_storeWeak(place_of(weak), nil);
    objc_destroyWeak(place_of(weak));
    weak->place = NULL;
}

/* ---- What the files for watches ask of the other half ---- */

bool
mn_count_by_word(Class cls)
{
    (void)cls;
    return false;
}

bool
mn_count_release_but_last(id object)
{
    (void)object;
    return false;
}

void
mn_weak_release(id object, SEL sel, const struct mn_level *level)
{
    mn_run_void(mn_override_next(level, object, sel), object, sel);
}

void
mn_weak_forget_threads(struct mn_tracked *t)
{
    (void)t;
}

void
mn_side_values_free(struct mn_side_value *values)
{
    (void)values; /* none is ever in the table */
}
