/* SPDX-License-Identifier: MIT */
/* Sends of Mend's own bypass hooks, on their thread only; and removal when the runtime's mutex is somebody else's. */
#include "support/hook_fixture.h"

#include "hook/hold.h"
#include "runtime/runtime.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <cmocka.h>

static id object;
static SEL greet;

/* Looks nothing up by name, which would need the runtime's mutex. */
static const char *
greeting(void)
{
    hook_trace_clear();
    ((void (*)(id, SEL))(void (*)(void))mn_lookup(object, greet))(object, greet);
    return hook_trace;
}

static void *
greets_with_hooks(void *unused)
{
    assert_string_equal(greeting(), "a(.)");
    return NULL;
}

static void
sends_of_mend_s_own_bypass_hooks_on_their_thread(void **state)
{
    mend_token *before = hook_on("HookBase", "greet", MEND_BEFORE, hook_writes, "a"), *around;
    pthread_t other;

    mn_bypass_begin();
    assert_string_equal(greeting(), "."); /* also where the thread was never inside a hook */
    mn_bypass_end();
    assert_string_equal(greeting(), "a.");
    around = hook_on("HookBase", "greet", MEND_INSTEAD, hook_wraps, "()");
    mn_bypass_begin();
    mn_bypass_begin();
    assert_string_equal(greeting(), ".");
    mn_bypass_end();
    assert_string_equal(greeting(), ".");
    pthread_create(&other, NULL, greets_with_hooks, NULL);
    pthread_join(other, NULL);
    mn_bypass_end();
    assert_string_equal(greeting(), "a(.)");
    hook_off(before);
    hook_off(around);
}

/* Reports by a message that has the same advice, and would go round for ever. */
static void
reports(mend_call *call, void *letter)
{
    hook_writes(call, letter);
    mend_bypass_begin();
    ((void (*)(id, SEL))(void (*)(void))mn_lookup(object, greet))(object, greet);
    mend_bypass_end();
}

static void
a_thread_may_leave_hooks_alone(void **state)
{
    mend_token *around = hook_on("HookBase", "greet", MEND_INSTEAD, hook_wraps, "()"),
               *report = hook_on("HookBase", "greet", MEND_BEFORE, reports, "r");

    assert_string_equal(greeting(), "r.(.)");
    mend_bypass_end(); /* one too many */
    assert_string_equal(greeting(), "r.(.)");
    mend_bypass_begin();
    assert_string_equal(greeting(), ".");
    mend_bypass_end();
    assert_string_equal(greeting(), "r.(.)");
    hook_off(around);
    assert_string_equal(greeting(), "r.."); /* before advice alone has another entry */
    hook_off(report);
    assert_string_equal(greeting(), ".");
}

static pthread_barrier_t steps;

static void *
sits_on_the_mutex(void *unused)
{
    mn_runtime_lock();
    pthread_barrier_wait(&steps);
    pthread_barrier_wait(&steps);
    mn_runtime_unlock();
    return NULL;
}

static void
removal_does_not_wait_for_the_runtime_s_mutex(void **state)
{
    mend_hook_stats before = hook_baseline();
    void *plain = hook_imp("HookBase", "greet");
    mend_token *token = hook_on("HookBase", "greet", MEND_BEFORE, hook_writes, "a");
    pthread_t holder;

    pthread_barrier_init(&steps, NULL, 2);
    pthread_create(&holder, NULL, sits_on_the_mutex, NULL);
    pthread_barrier_wait(&steps);
    assert_int_equal(mend_hook_remove(token, NULL), MEND_OK);
    assert_int_equal(mend_hook_remove(token, NULL), MEND_NOT_INSTALLED);
    assert_string_equal(greeting(), "."); /* at once, though the tables still lead to the trampoline */
    pthread_barrier_wait(&steps);
    pthread_join(holder, NULL);
    hook_assert_baseline(&before);
    assert_ptr_equal(hook_imp("HookBase", "greet"), plain);
    pthread_barrier_destroy(&steps);
}

int
main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sends_of_mend_s_own_bypass_hooks_on_their_thread),
        cmocka_unit_test(a_thread_may_leave_hooks_alone),
        cmocka_unit_test(removal_does_not_wait_for_the_runtime_s_mutex),
    };

    hook_test_main(argc, argv);
    object = class_createInstance(mn_class_named("HookBase"), 0);
    greet = mn_selector("greet");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
