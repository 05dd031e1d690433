/* SPDX-License-Identifier: MIT */
/*
 * The lock of an object, as @synchronized takes it: recursive, one an object, kept by the runtime.
 */
#ifndef MN_RUNTIME_SYNC_H
#define MN_RUNTIME_SYNC_H

#include <objc/objc.h>

/* Waits for the lock; the caller keeps the object alive until it has left. nil has none. */
void mn_sync_enter(id object);
void mn_sync_leave(id object);
#endif
