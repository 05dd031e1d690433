/* SPDX-License-Identifier: MIT */
/*
 * Queues, groups, semaphores and sources as Objective-C objects, which is what patches hold: classes
 * MendQueue, MendGroup, MendSemaphore and MendSource, made at the first use.
 */
#ifndef MN_QUEUE_OBJECT_H
#define MN_QUEUE_OBJECT_H

#include "runtime/runtime.h"

enum mn_dispatch_kind { MN_IS_QUEUE, MN_IS_GROUP, MN_IS_SEMAPHORE, MN_IS_SOURCE, MN_DISPATCH_KINDS };

/* An object that owns `thing` (consumed, also on failure) and is the caller's to release. nil: no memory, or
 * a process without NSObject. */
id mn_dispatch_object_take(enum mn_dispatch_kind kind, void *thing);

/* What it holds; NULL for nil and for any other object. Sends nothing. */
void *mn_dispatch_thing(id object, enum mn_dispatch_kind kind);
#endif
