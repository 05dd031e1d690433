/* SPDX-License-Identifier: MIT */
/*
 * What libobjc of GCC lacks about single objects: values stored beside an object, weak references, the moment
 * of its death.
 *
 * All three rest on one table from addresses to what is known of the object there, and on plain C methods
 * installed in front of -dealloc on its concrete class (and on its root class; for weak references to objects
 * that count themselves, of -release too). They are installed when the first object of a class asks, and
 * stay. Another object of that class pays one look into a filter.
 *
 * The death of an object, in this order:
 *   1. its weak references become nil; from here on no load gives it;
 *   2. its watches run, in the order they were added;
 *   3. its -dealloc methods run, the host's as before; its side values can still be read and set;
 *   4. just before the root class's -dealloc frees it, its side values are released.
 * So nothing of it is left when the address is used again.
 *
 * Every object is welcome except nil and blocks (they die without -dealloc): MEND_INVALID,
 * MEND_REFUSED_OBJECT. Classes, constant strings and singletons simply never die. An object whose root class
 * has no -dealloc is refused where its death matters.
 *
 * Any thread. The caller of a function that takes an object owns it, or otherwise knows it to be alive. No
 * lock of ours is held while code of the host runs: -retain, -copy, -release and -dealloc may do anything.
 * The runtime's mutex is taken the first time a class asks. A child of fork() finds everything in order.
 */
#ifndef MN_RUNTIME_OBJECTS_H
#define MN_RUNTIME_OBJECTS_H

#include "runtime/runtime.h"

/* ---- Side storage ----
 *
 * A key is an address, compared as such; its owner keeps it unique (the address of a static variable).
 */

enum mn_side_policy {
    MN_SIDE_RETAIN, /* the store retains the value, releases it when replaced or at the object's death */
    MN_SIDE_COPY    /* the same with a -copy of it */
};

/*
 * Stores an Objective-C value; nil removes. On failure the old value stays (MEND_NO_MEMORY, or the object is
 * refused, or MEND_INVALID: no key). Sends -retain or -copy, and -release to what was there.
 */
mend_status mn_side_set(id object, const void *key, id value, enum mn_side_policy policy, mend_error *err);

/* The value, the caller's to release; nil when there is none or it is a plain pointer. Sends -retain. */
id mn_side_get(id object, const void *key);

/*
 * Stores a pointer; destroy(pointer) runs when it is replaced or removed, or at the object's death (NULL:
 * nothing does). On failure the old value stays, and `pointer` is still the caller's.
 */
mend_status mn_side_set_pointer(id object, const void *key, void *pointer, void (*destroy)(void *pointer),
                                mend_error *err);

/*
 * The same only where the key is free. *now is what is stored after the call, lent: `pointer`, or what
 * another had stored before (`pointer` is still the caller's then). MEND_EXISTS: an Objective-C value is
 * there.
 */
mend_status mn_side_add_pointer(id object, const void *key, void *pointer, void (*destroy)(void *pointer),
                                void **now, mend_error *err);

/* The pointer, lent until it is replaced or removed; NULL when there is none or it is an Objective-C value.
 */
void *mn_side_peek_pointer(id object, const void *key);

/* Removes the value of a key, of whatever kind. False: there was none. */
bool mn_side_remove(id object, const void *key);

/* Removes all the object has. */
void mn_side_remove_all(id object);

/* ---- Weak references ----
 *
 * A zeroed mn_weak is empty. One must not be moved by memcpy: copy it. It may be read and stored by several
 * threads at once.
 */

typedef struct mn_weak {
    void *place; /* private */
} mn_weak;

/*
 * Makes it refer to an object (nil: to nothing). On failure it is as before. MEND_REFUSED_OBJECT: a block, an
 * object nothing tells the death of, or one that is being deallocated.
 */
mend_status mn_weak_store(mn_weak *weak, id object, mend_error *err);

/*
 * The object, the caller's to release, or nil once its last owner has let go: never an object that is being
 * deallocated. For objects that override -retain or -release it sends -retain, and waits while a -release of
 * the object is under way on another thread.
 */
id mn_weak_load(mn_weak *weak);

/* Makes *to refer to what *from does. Cannot fail. */
void mn_weak_copy(mn_weak *to, mn_weak *from);

/* It refers to that very object and the object is alive; nil: it is empty or its object has died. Sends
 * nothing. */
bool mn_weak_is(mn_weak *weak, id object);

/* Makes it empty; needed before its memory goes. */
void mn_weak_fini(mn_weak *weak);

/* ---- Death ---- */

struct mn_watch;

/*
 * Runs fn(object, data) once when the object dies, on the thread that lets it die, before any -dealloc of the
 * host: the object is whole, and must not be kept. fn must not throw. *watch is the caller's, to be given to
 * mn_watch_cancel exactly once, before or after the death; with watch NULL there is no way to cancel.
 *
 * Fails as mn_weak_store does. One object's watch never runs for another at the same address.
 */
mend_status mn_object_on_death(id object, void (*fn)(id object, void *data), void *data,
                               struct mn_watch **watch, mend_error *err);

/* True: fn has not run and will not. False: it has run, or runs at this moment on another thread. So either
 * the canceller or fn may free data, and exactly one of them does. NULL is fine (false). */
bool mn_watch_cancel(struct mn_watch *watch);

/* ---- Counters, for tests and status ---- */

/* Objects the table knows, dying ones included; 0 again when nobody stores, refers or watches. */
size_t mn_objects_tracked(void);

#endif
