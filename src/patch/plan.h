/* SPDX-License-Identifier: MIT */
/*
 * From what a patch wants to what the hook engine does: classes are created, methods staged in a batch.
 */
#ifndef MN_PATCH_PLAN_H
#define MN_PATCH_PLAN_H

#include "hook/batch.h"
#include "patch/engine.h"

/*
 * Stages every method of a body in `batch`, with all checks; runs no code of the program. With `create`, classes the
 * body brings along are made and registered first, after everything that concerns existing classes has been checked;
 * *created counts them. A failure after that leaves such a class registered but empty, as reverting does.
 * Without `create`, the methods of classes that do not exist yet are left out.
 */
mend_status mn_plan_stage(const struct mn_body *body, struct mn_batch *batch, bool create, unsigned *created,
                          mend_error *err);

/* Takes, for a batch about to be committed, the holds that its hooks give back when they are released. */
void mn_plan_hold(const struct mn_body *body);

/* How many methods a body puts in place. */
unsigned mn_plan_methods(const struct mn_body *body);
#endif
