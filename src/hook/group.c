/* SPDX-License-Identifier: MIT */
/* Groups of the public interface: a batch, and the names its targets came by. */
#include "base/alloc.h"
#include "base/error.h"
#include "hook/batch.h"
#include "hook/target.h"

struct mend_group {
    struct mn_batch *batch;
};

mend_status
mend_group_new(mend_group **group, mend_error *err)
{
    mend_group *fresh = mn_calloc(1, sizeof *fresh);
    mend_status st;

    *group = NULL;
    if (!fresh)
        return mn_fail_memory(err);
    if ((st = mn_batch_new(&fresh->batch, err)) != MEND_OK) {
        mn_free(fresh);
        return st;
    }
    mn_batch_release_staged(fresh->batch);
    *group = fresh;
    return MEND_OK;
}

mend_status
mend_group_set_name(mend_group *group, const char *name, mend_error *err)
{
    return mn_batch_set_name(group->batch, name, err);
}

mend_status
mend_group_add(mend_group *group, const mend_target *target, const mend_hook_spec *spec, mend_error *err)
{
    struct mn_batch_item item;
    mend_status st;

    if ((st = mn_target_item(target, spec, &item, err)) != MEND_OK)
        return st;
    if (spec->options & MEND_HOOK_DISABLED)
        return mn_fail(err, MEND_INVALID, "the hooks of a group go in force together; none can be disabled");
    return mn_batch_add(group->batch, &item, NULL, err);
}

mend_status
mend_group_commit(mend_group *group, mend_error *err)
{
    mend_status st = mn_batch_prepare(group->batch, NULL, err);

    if (st != MEND_OK)
        return st;
    mn_batch_commit(group->batch);
    return MEND_OK;
}

mend_status
mend_group_revert(mend_group *group, mend_error *err)
{
    return mn_batch_revert(group->batch, err);
}

mend_status
mend_group_reapply(mend_group *group, mend_error *err)
{
    return mn_batch_reapply(group->batch, err);
}

mend_status
mend_group_quiesce(mend_group *group, unsigned milliseconds,
                   void (*report)(const mend_inside *inside, void *data), void *data, mend_error *err)
{
    return mn_batch_quiesce(group->batch, milliseconds, report, data, err);
}

void
mend_group_free(mend_group *group)
{
    if (!group)
        return;
    mn_batch_free(group->batch);
    mn_free(group);
}
