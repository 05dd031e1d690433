/* SPDX-License-Identifier: MIT */
/*
 * The dispatch_ functions as patches and scripts call them (spec/mango.md 22): each is its namesake of
 * libdispatch, with objects for queues and blocks for work.
 *
 * Results that are objects are autoreleased. Blocks are copied. A call that cannot be right raises an
 * Objective-C exception: MendErrorDeadlock for waiting on one's own queue, NSInvalidArgumentException for an
 * object that is none of ours, NSMallocException without memory.
 *
 * Time and counts are plain integers, so a double such as 0.1 * NSEC_PER_SEC is converted by the caller's
 * call. Attributes and source types are small integers in the place of libdispatch's pointers.
 */
#ifndef MN_QUEUE_DISPATCH_H
#define MN_QUEUE_DISPATCH_H

#include <objc/objc.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

/* X(name, encoding of result and parameters): all of them, for tables of functions. */
#define MN_DISPATCH_FUNCTIONS                                                                                \
    X(dispatch_get_main_queue, "@") X(dispatch_get_global_queue, "@qQ") X(dispatch_queue_create, "@*^v")      \
    X(dispatch_queue_create_with_target, "@*^v@") X(dispatch_queue_attr_make_with_qos_class, "^v^vIi")        \
    X(dispatch_queue_get_label, "*@") X(dispatch_set_target_queue, "v@@")                                     \
    X(dispatch_queue_set_specific, "v@^v^v^?") X(dispatch_queue_get_specific, "^v@^v")                        \
    X(dispatch_get_specific, "^v^v") X(dispatch_async, "v@@?") X(dispatch_sync, "v@@?")                       \
    X(dispatch_barrier_async, "v@@?") X(dispatch_barrier_sync, "v@@?") X(dispatch_after, "vQ@@?")             \
    X(dispatch_apply, "vQ@@?") X(dispatch_once, "v^q@?") X(dispatch_time, "QQq")                              \
    X(dispatch_walltime, "Q^vq") X(dispatch_group_create, "@") X(dispatch_group_async, "v@@@?")               \
    X(dispatch_group_enter, "v@") X(dispatch_group_leave, "v@") X(dispatch_group_wait, "q@Q")                 \
    X(dispatch_group_notify, "v@@@?") X(dispatch_semaphore_create, "@q") X(dispatch_semaphore_wait, "q@Q")    \
    X(dispatch_semaphore_signal, "q@") X(dispatch_block_create, "@?Q@?")                                      \
    X(dispatch_block_create_with_qos_class, "@?QIi@?") X(dispatch_block_perform, "vQ@?")                      \
    X(dispatch_block_wait, "q@?Q") X(dispatch_block_notify, "v@?@@?") X(dispatch_block_cancel, "v@?")         \
    X(dispatch_block_testcancel, "q@?") X(dispatch_source_create, "@^vQQ@")                                   \
    X(dispatch_source_set_event_handler, "v@@?") X(dispatch_source_set_cancel_handler, "v@@?")                \
    X(dispatch_source_set_registration_handler, "v@@?") X(dispatch_source_set_timer, "v@QQQ")                 \
    X(dispatch_source_cancel, "v@") X(dispatch_source_testcancel, "q@") X(dispatch_source_get_handle, "Q@")   \
    X(dispatch_source_get_mask, "Q@") X(dispatch_source_get_data, "Q@") X(dispatch_source_merge_data, "v@Q")  \
    X(dispatch_resume, "v@") X(dispatch_suspend, "v@") X(dispatch_activate, "v@") X(dispatch_retain, "v@")    \
    X(dispatch_release, "v@")

/* The attribute of concurrent queues; a serial one's is NULL. */
#define MN_DISPATCH_CONCURRENT ((void *)1)

id mn_dispatch_get_main_queue(void);
id mn_dispatch_get_global_queue(long priority, unsigned long flags);
id mn_dispatch_queue_create(const char *label, void *attribute);
id mn_dispatch_queue_create_with_target(const char *label, void *attribute, id target);
void *mn_dispatch_queue_attr_make_with_qos_class(void *attribute, unsigned qos, int priority);
const char *mn_dispatch_queue_get_label(id queue);
void mn_dispatch_set_target_queue(id object, id queue);
void mn_dispatch_queue_set_specific(id queue, const void *key, void *value, void (*destroy)(void *value));
void *mn_dispatch_queue_get_specific(id queue, const void *key);
void *mn_dispatch_get_specific(const void *key);

void mn_dispatch_async(id queue, id block);
void mn_dispatch_sync(id queue, id block);
void mn_dispatch_barrier_async(id queue, id block);
void mn_dispatch_barrier_sync(id queue, id block);
void mn_dispatch_after(uint64_t when, id queue, id block);
void mn_dispatch_apply(size_t count, id queue, id block);
void mn_dispatch_once(int64_t *token, id block);

uint64_t mn_dispatch_time(uint64_t when, int64_t delta);
uint64_t mn_dispatch_walltime(const struct timespec *when, int64_t delta);

id mn_dispatch_group_create(void);
void mn_dispatch_group_async(id group, id queue, id block);
void mn_dispatch_group_enter(id group);
void mn_dispatch_group_leave(id group);
long mn_dispatch_group_wait(id group, uint64_t timeout);
void mn_dispatch_group_notify(id group, id queue, id block);

id mn_dispatch_semaphore_create(long value);
long mn_dispatch_semaphore_wait(id semaphore, uint64_t timeout);
long mn_dispatch_semaphore_signal(id semaphore);

id mn_dispatch_block_create(unsigned long flags, id block);
id mn_dispatch_block_create_with_qos_class(unsigned long flags, unsigned qos, int priority, id block);
void mn_dispatch_block_perform(unsigned long flags, id block);
long mn_dispatch_block_wait(id block, uint64_t timeout);
void mn_dispatch_block_notify(id block, id queue, id notification);
void mn_dispatch_block_cancel(id block);
long mn_dispatch_block_testcancel(id block);

id mn_dispatch_source_create(void *type, uintptr_t handle, uintptr_t mask, id queue);
void mn_dispatch_source_set_event_handler(id source, id block);
void mn_dispatch_source_set_cancel_handler(id source, id block);
void mn_dispatch_source_set_registration_handler(id source, id block);
void mn_dispatch_source_set_timer(id source, uint64_t start, uint64_t interval, uint64_t leeway);
void mn_dispatch_source_cancel(id source);
long mn_dispatch_source_testcancel(id source);
uintptr_t mn_dispatch_source_get_handle(id source);
uintptr_t mn_dispatch_source_get_mask(id source);
uintptr_t mn_dispatch_source_get_data(id source);
void mn_dispatch_source_merge_data(id source, uintptr_t data);

void mn_dispatch_resume(id object);
void mn_dispatch_suspend(id object);
void mn_dispatch_activate(id object);
void mn_dispatch_retain(id object);
void mn_dispatch_release(id object);
#endif
