/* SPDX-License-Identifier: MIT */
/*
 * Methods of a patch under its failure policy: an exception that leaves the body is dealt with as the patch
 * asks. Exceptions of other languages, thread exit and cancellation pass.
 */
#ifndef MN_PATCH_GUARD_H
#define MN_PATCH_GUARD_H

#include "patch/engine.h"

/* Whether a body asks for anything but letting exceptions pass. */
static inline bool
mn_is_guarded(const struct mn_body *body)
{
    return body->policy > MEND_POLICY_PROPAGATE;
}

/* Runs a method's advice under the policy of its body. */
void mn_guarded_run(const struct mn_planned_method *method, mend_call *call);

/* What the policy WITHDRAW does: reverts the patch whose body this is, if it is still applied (patch.c). */
void mn_patch_withdraw(const struct mn_body *body);
#endif
