/* SPDX-License-Identifier: MIT */
/* Short ways to make pointcuts, for the tests of them. */
#ifndef MN_TESTS_HOOK_POINTCUT_FIXTURE_H
#define MN_TESTS_HOOK_POINTCUT_FIXTURE_H

#include <mend/pointcut.h>

/* Advice that counts its calls in the int its data points at. */
static inline void
count_call(mend_call *call, void *data)
{
    __atomic_fetch_add((int *)data, 1, __ATOMIC_RELAXED);
}

static inline mend_pointcut *
pointcut_of(const char *pattern, int *calls, unsigned options)
{
    mend_hook_spec spec = {.position = MEND_BEFORE, .advice = count_call, .data = calls};
    mend_pointcut *pointcut;
    mend_error err;

    if (mend_pointcut_new(pattern, &spec, options, &pointcut, &err) != MEND_OK)
        fail_msg("'%s': %s", pattern, err.message);
    return pointcut;
}

static inline mend_pointcut *
committed(const char *pattern, int *calls, unsigned options)
{
    mend_pointcut *pointcut = pointcut_of(pattern, calls, options);
    mend_error err;

    if (mend_pointcut_commit(pointcut, &err) != MEND_OK)
        fail_msg("'%s': %s", pattern, err.message);
    return pointcut;
}

static inline mend_pointcut_state
state_of(const mend_pointcut *pointcut)
{
    mend_pointcut_state state;

    mend_pointcut_get_state(pointcut, &state);
    return state;
}

/* How often the advice ran since the last time. */
static inline int
taken(int *calls)
{
    return __atomic_exchange_n(calls, 0, __ATOMIC_RELAXED);
}

#endif
