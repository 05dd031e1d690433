/* SPDX-License-Identifier: MIT */
#include "patch/guard.h"

#include "base/log.h"
#include "hook/call.h"
#include "runtime/exception.h"

#include <stdlib.h>

static const char *const names[] = {
    "default",
#define X(name, word, text) word,
#include <mend/policy.def>
#undef X
};

struct run {
    const struct mn_planned_method *method;
    mend_call *call;
};

static void
run(void *data)
{
    const struct run *r = data;

    r->method->advice(r->call, r->method->data);
}

static void
report(const struct mn_planned_method *method, id exception, enum mend_policy policy)
{
    char name[96], reason[800];

    mn_exception_name(exception, name, sizeof name);
    mn_exception_reason(exception, reason, sizeof reason);
    mn_log(MN_LOG_ERROR, "%s: %c%s failed (policy %s): %s: %s",
           method->body->file != NULL ? method->body->file : "patch", method->class_side ? '+' : '-',
           method->selector, names[policy], name, reason);
}

void
mn_guarded_run(const struct mn_planned_method *method, mend_call *call)
{
    struct mn_body *body = method->body;
    enum mend_policy policy = body->policy;
    struct run r = {method, call};
    id exception = nil;

    if (mn_try(run, &r, &exception))
        return;
    if (__atomic_add_fetch(&body->failures, 1, __ATOMIC_RELAXED) < body->after)
        mn_throw(exception); /* not often enough yet */
    report(method, exception, policy);
    if (policy == MEND_POLICY_ABORT)
        abort();
    mn_call_clear_result(call);
    if (policy == MEND_POLICY_NEXT && !method->next_after)
        mn_call_proceed(call);
    if (policy == MEND_POLICY_WITHDRAW)
        mn_patch_withdraw(body);
}
