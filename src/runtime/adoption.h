/* SPDX-License-Identifier: MIT */
/*
 * Which protocols a class adopts. Runs no code of the host; any thread.
 */
#ifndef MN_RUNTIME_ADOPTION_H
#define MN_RUNTIME_ADOPTION_H

#include "runtime/runtime.h"

/* Visits the names of the protocols that cls adopts: itself, by a superclass, or by another protocol (a name
 * may come twice), until visit returns false; false then, true when all were visited. cls is a class or its
 * metaclass. */
bool mn_class_each_adopted(Class cls, bool (*visit)(void *data, const char *name), void *data);

#endif
