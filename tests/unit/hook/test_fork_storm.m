/* SPDX-License-Identifier: MIT */
/*
 * Forks in the middle of a storm: threads of the parent call a method that another thread hooks and unhooks;
 * each child hooks, calls and unhooks for itself. Neither sees what the other does, and both are whole.
 *
 * MEND_SCALE 100 makes it 4000 forks.
 */
#import "support/hook_fixture.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <cmocka.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

enum { CALLERS = 2, FORKS = 40 };

static bool over;
static unsigned long wrong, calls;

static bool
is_over(void)
{
    return __atomic_load_n(&over, __ATOMIC_ACQUIRE);
}

static void
adds_a_thousand(mend_call *call, void *data)
{
    int result;

    mend_call_get_result(call, &result, sizeof result, NULL);
    result += 1000;
    mend_call_set_result(call, &result, sizeof result, NULL);
}

static void
adds_a_million(mend_call *call, void *data)
{
    int result;

    mend_call_get_result(call, &result, sizeof result, NULL);
    result += 1000000;
    mend_call_set_result(call, &result, sizeof result, NULL);
}

static void *
call_on(void *data)
{
    HookBase *object = [HookBase new];
    unsigned long mine = 0;

    for (; !is_over(); mine++) {
        int sum = [object add:1 to:2];

        if (sum != 3 && sum != 1003)
            __atomic_fetch_add(&wrong, 1, __ATOMIC_RELAXED);
    }
    [object release];
    __atomic_fetch_add(&calls, mine, __ATOMIC_RELAXED);
    return NULL;
}

static void *
toggle(void *data)
{
    while (!is_over()) {
        mend_token *token = hook_on("HookBase", "add:to:", MEND_AFTER, adds_a_thousand, NULL);

        sched_yield();
        hook_off(token);
    }
    return NULL;
}

/* In the child, whatever the parent had in place at the fork stays: at most its one hook. */
static int
live_as_a_child(void)
{
    HookBase *object = [HookBase new];
    int at_fork = [object add:1 to:2];

    if (at_fork != 3 && at_fork != 1003)
        return 2;
    for (int i = 0; i < 20; i++) {
        mend_token *token = hook_on("HookBase", "add:to:", MEND_AFTER, adds_a_million, NULL);

        if ([object add:1 to:2] != at_fork + 1000000)
            return 3;
        if (mend_hook_remove(token, NULL) != MEND_OK || [object add:1 to:2] != at_fork)
            return 4;
    }
    mend_hook_collect();
    return 0;
}

static void
fork_one(int i)
{
    int status = -1;
    pid_t child = fork();

    if (child == 0) {
        alarm(60); /* a child that hangs is a failure, not a hung test */
        _exit(live_as_a_child());
    }
    assert_true(child > 0);
    assert_int_equal(waitpid(child, &status, 0), child);
    if (status != 0)
        fail_msg("child %d ended with %x", i, status);
}

static void
parent_and_children_do_not_notice_one_another(void **state)
{
    const char *scale = getenv("MEND_SCALE");
    int forks = FORKS * (scale ? atoi(scale) : 1);
    pthread_t threads[CALLERS + 1];
    mend_hook_stats before = hook_baseline();

    for (int i = 0; i < CALLERS; i++)
        pthread_create(&threads[i], NULL, call_on, NULL);
    pthread_create(&threads[CALLERS], NULL, toggle, NULL);
    for (int i = 0; i < forks; i++)
        fork_one(i);
    __atomic_store_n(&over, true, __ATOMIC_RELEASE);
    for (int i = 0; i <= CALLERS; i++)
        pthread_join(threads[i], NULL);
    assert_int_equal(wrong, 0);
    print_message("%d forks beside %lu calls\n", forks, calls);
    hook_assert_baseline(&before);
}

int
main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(parent_and_children_do_not_notice_one_another)};

    hook_test_main(argc, argv);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
