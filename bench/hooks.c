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

/* object NULL: for all of the class */
static bool
add_for(const struct bench_method *method, void *object, mend_position position, mend_advice advice, mend_token **token)
{
    mend_target target = {
        .class_name = object ? NULL : method->class_name, .object = object, .selector = method->selector};
    mend_hook_spec spec = {.position = position, .advice = advice, .data = &bench_counter};

    return mend_hook_add(&target, &spec, token, NULL) == MEND_OK;
}

static bool
add(const struct bench_method *method, mend_position position, mend_advice advice, mend_token **token)
{
    return add_for(method, NULL, position, advice, token);
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

bool
of_object_begin(const struct bench_method *method)
{
    return add_for(method, method->object, MEND_BEFORE, count, &tokens[0]);
}

bool
of_other_begin(const struct bench_method *method)
{
    return add_for(method, method->other, MEND_BEFORE, count, &tokens[0]);
}

bool
of_both_begin(const struct bench_method *method)
{
    return add_for(method, method->object, MEND_BEFORE, count, &tokens[0]) &&
           add(method, MEND_BEFORE, count, &tokens[1]);
}

void
hooks_end(const struct bench_method *method)
{
    (void)method;
    for (int i = 0; i < 2; i++)
        mend_hook_remove(tokens[i], NULL);
    tokens[0] = tokens[1] = NULL;
}
