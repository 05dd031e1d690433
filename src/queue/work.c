/* SPDX-License-Identifier: MIT */
/*
 * Block objects (dispatch_block_create): a block around a block that can be waited for and cancelled. It is a
 * block of ours with this as its context; its group is left when it has run, or was passed over because it
 * was cancelled.
 */
#include "queue/work.h"

#include "base/alloc.h"
#include "base/error.h"
#include "queue/dispatch.h"
#include "queue/group.h"
#include "queue/raise.h"
#include "queue/time.h"
#include "runtime/exception.h"
#include "value/block.h"
#include "value/own.h"

id
mn_work_block(id block, const char *function)
{
    id copy = block != nil && mn_object_is_block(block) ? mn_block_copy(block) : nil;
    mend_error err;

    if (copy != nil)
        return copy;
    if (block != nil && mn_object_is_block(block)) {
        mn_fail_memory(&err);
        mn_dispatch_raise("NSMallocException", &err);
    }
    mn_fail(&err, MEND_INVALID, "%s: %s is no block", function,
            block == nil ? "nil" : mn_class_name(mn_object_class(block)));
    mn_dispatch_raise("NSInvalidArgumentException", &err);
}

void
mn_work_call(void *block)
{
    ((void (*)(void *))mn_block_invoke(block))(block);
}

void
mn_work_drop(void *block)
{
    mn_block_release(block);
}

static void
drop(void **block)
{
    mn_block_release(*block);
}

void
mn_work_last(void *block)
{
    MN_SCOPED(drop) void *last = block;

    mn_work_call(last);
}

/* ---- Block objects ---- */

struct object {
    id block;
    struct mn_group *group;
    bool cancelled, ended; /* atomic */
};

static void
release_object(void *context)
{
    struct object *object = context;

    if (!object->ended)
        mn_group_leave(object->group);
    mn_group_release(object->group);
    mn_block_release(object->block);
    mn_free(object);
}

static void
end(struct object **at)
{
    if (!__atomic_exchange_n(&(*at)->ended, true, __ATOMIC_ACQ_REL))
        mn_group_leave((*at)->group);
}

static void
run_object(struct mn_frame *frame, const struct mn_signature *type, void *context)
{
    MN_SCOPED(end) struct object *object = context;

    (void)frame;
    (void)type;
    if (!__atomic_load_n(&object->cancelled, __ATOMIC_ACQUIRE))
        mn_work_call(object->block);
}

id
mn_dispatch_block_create(unsigned long flags, id block)
{
    id copy = mn_work_block(block, "dispatch_block_create"), made = nil;
    struct object *object = mn_calloc(1, sizeof *object);
    mend_error err;
    mend_status st;

    (void)flags;
    if (object == NULL || (object->group = mn_group_new()) == NULL) {
        mn_free(object);
        mn_block_release(copy);
        st = mn_fail_memory(&err);
    } else {
        object->block = copy;
        mn_group_enter(object->group);
        st = mn_block_new("v@?", run_object, object, release_object, &made, &err);
        if (st != MEND_OK)
            release_object(object);
    }
    mn_dispatch_demand(st, &err);
    return mn_autorelease(made);
}

id
mn_dispatch_block_create_with_qos_class(unsigned long flags, unsigned qos, int priority, id block)
{
    (void)qos;
    (void)priority;
    return mn_dispatch_block_create(flags, block);
}

void
mn_dispatch_block_perform(unsigned long flags, id block)
{
    (void)flags;
    mn_work_last(mn_work_block(block, "dispatch_block_perform"));
}

static struct object *
need(id block, const char *function)
{
    struct object *object =
        block != nil && mn_object_is_block(block) ? mn_block_context(block, run_object) : NULL;
    mend_error err;

    if (object != NULL)
        return object;
    mn_fail(&err, MEND_INVALID, "%s: the block does not come from dispatch_block_create", function);
    mn_dispatch_raise("NSInvalidArgumentException", &err);
}

long
mn_dispatch_block_wait(id block, uint64_t timeout)
{
    return mn_group_wait(need(block, "dispatch_block_wait")->group, mn_time_deadline(timeout)) ? 0 : 1;
}

void
mn_dispatch_block_notify(id block, id queue, id notification)
{
    struct object *object = need(block, "dispatch_block_notify");
    struct mn_queue *on = mn_dispatch_need(queue, MN_IS_QUEUE, "dispatch_block_notify");
    id work = mn_work_block(notification, "dispatch_block_notify");
    mend_error err;
    mend_status st = mn_group_notify(object->group, on, mn_work_last, work, &err);

    if (st != MEND_OK)
        mn_block_release(work);
    mn_dispatch_demand(st, &err);
}

void
mn_dispatch_block_cancel(id block)
{
    __atomic_store_n(&need(block, "dispatch_block_cancel")->cancelled, true, __ATOMIC_RELEASE);
}

long
mn_dispatch_block_testcancel(id block)
{
    return __atomic_load_n(&need(block, "dispatch_block_testcancel")->cancelled, __ATOMIC_ACQUIRE);
}
