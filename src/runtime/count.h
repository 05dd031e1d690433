/* SPDX-License-Identifier: MIT */
/*
 * How Foundation counts owners: NSObject keeps the owners beyond the first in the word before the object
 * (GNUstep's NSAllocateObject puts it there), changed by one locked instruction. At the last release the word
 * goes to -1 for a moment, back to 0, and -dealloc is sent.
 *
 * That the word is there is tried on an object of NSObject, once; where it is not, or for a class with a
 * -retain or -release of its own, nothing here applies and weak.c goes another way.
 */
#ifndef MN_RUNTIME_COUNT_H
#define MN_RUNTIME_COUNT_H

#include "runtime/runtime.h"

/* Instances of cls are counted by NSObject's own -retain and -release, in that word. Holding the runtime's
 * mutex; the first call sends +alloc, -retain, -release to NSObject. */
bool mn_count_by_word(Class cls);

/* One owner more, unless the object is at this moment given its -dealloc by someone our lock does not stop.
 */
bool mn_count_retain(id object);

/* One owner less, unless it is the last one: false, nothing changed. */
bool mn_count_release_but_last(id object);

/* There are owners beyond the first. */
bool mn_count_shared(id object);

#endif
