/* SPDX-License-Identifier: MIT */
/* Rows of the hook engine: advice in C that does what the floor does. */
#include "bench.h"

#include <mend/hook.h>

static mend_token *tokens[2];

static void
count(mend_call *call, void *data)
{
    (void)call;
    ++*(unsigned long *)data;
}

static void
count_and_proceed(mend_call *call, void *data)
{
    ++*(unsigned long *)data;
    mend_call_proceed(call, NULL);
}

static bool
add(const struct bench_method *method, mend_position position, mend_advice advice, mend_token **token)
{
    mend_target target = {.class_name = method->class_name, .selector = method->selector};
    mend_hook_spec spec = {.position = position, .advice = advice, .data = &bench_counter};

    return mend_hook_add(&target, &spec, token, NULL) == MEND_OK;
}

bool
before_begin(const struct bench_method *method)
{
    return add(method, MEND_BEFORE, count, &tokens[0]);
}

bool
instead_begin(const struct bench_method *method)
{
    return add(method, MEND_INSTEAD, count, &tokens[0]);
}

bool
proceed_begin(const struct bench_method *method)
{
    return add(method, MEND_INSTEAD, count_and_proceed, &tokens[0]);
}

bool
around_begin(const struct bench_method *method)
{
    return add(method, MEND_BEFORE, count, &tokens[0]) && add(method, MEND_AFTER, count, &tokens[1]);
}

void
hooks_end(const struct bench_method *method)
{
    (void)method;
    for (int i = 0; i < 2; i++)
        mend_hook_remove(tokens[i], NULL);
    tokens[0] = tokens[1] = NULL;
}
