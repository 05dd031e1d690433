/* SPDX-License-Identifier: MIT */
/* Enumeration, counters, other people's swizzles and placing hooks above them, waiting for calls to leave. */
#import "support/hook_fixture.h"
#include "support/faults.h"

#include "base/clock.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <cmocka.h>
#include <objc/runtime.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static const char *
greeting(void)
{
    HookBase *object = [HookBase new];

    hook_trace_clear();
    [object greet];
    [object release];
    return hook_trace;
}

/* ---- Enumeration ---- */

static char listing[2048];

static int
list(void *limit, const mend_hook_info *info)
{
    static const char *const states[] = {"in force", "disabled", "foreign"};
    size_t n = strlen(listing);

    if (strncmp(info->class_name, "Hook", 4) != 0)
        return 1;
    snprintf(listing + n, sizeof listing - n, "%c%s %s %d.%u %s%s%s%s%s%s%s\n", info->class_side ? '+' : '-',
             info->class_name, info->selector, (int)info->position, info->turn, info->name ? info->name : "",
             info->owner ? " of " : "", info->owner ? info->owner : "", info->token ? " token" : "",
             info->object ? " object " : " ", states[info->state], info->calls ? " called" : "");
    return limit == NULL || --*(int *)limit > 0;
}

static const char *
hooked(void)
{
    listing[0] = 0;
    assert_int_equal(mend_hook_each(list, NULL, NULL), MEND_OK);
    return listing;
}

static mend_token *
add(const char *selector, int class_side, id object, mend_hook_spec spec)
{
    mend_target target = {.class_name = "HookBase",
                          .selector = selector,
                          .class_side = class_side,
                          .object = (struct objc_object *)object};
    mend_token *token;
    mend_error err;

    spec.advice = spec.advice ? spec.advice : hook_writes;
    spec.data = spec.data ? spec.data : (void *)"x";
    if (mend_hook_add(&target, &spec, &token, &err) != MEND_OK)
        fail_msg("%s: %s", selector, err.message);
    return token;
}

static void
what_is_hooked_is_listed_in_the_order_it_runs(void **state)
{
    HookBase *object = [HookBase new];
    mend_target greet = {.class_name = "HookBase", .selector = "greet"};
    mend_hook_spec member = {.position = MEND_BEFORE, .advice = hook_writes, .data = "g", .priority = 3};
    mend_token *tokens[4];
    mend_group *group;
    int one = 1;

    tokens[0] = add("greet", 0, nil, (mend_hook_spec){.position = MEND_BEFORE, .name = "first"});
    tokens[1] = add("count", 1, nil, (mend_hook_spec){.position = MEND_AFTER, .options = MEND_HOOK_DISABLED});
    tokens[2] = add("greet", 0, object, (mend_hook_spec){.position = MEND_BEFORE, .name = "mine"});
    tokens[3] =
        add("greet", 0, nil, (mend_hook_spec){.position = MEND_INSTEAD, .options = MEND_HOOK_COUNTED});
    assert_int_equal(mend_group_new(&group, NULL), MEND_OK);
    assert_int_equal(mend_group_set_name(group, "my group", NULL), MEND_OK);
    assert_int_equal(mend_group_add(group, &greet, &member, NULL), MEND_OK);
    assert_int_equal(mend_group_commit(group, NULL), MEND_OK);
    greeting();
    assert_string_equal(hooked(), "-HookBase greet 2.0  of my group in force\n"
                                  "-HookBase greet 2.1 first token in force\n"
                                  "-HookBase greet 1.0  token in force called\n"
                                  "-HookBase greet 2.2 mine token object in force\n"
                                  "+HookBase count 0.0  token disabled\n");
    listing[0] = 0;
    assert_int_equal(mend_hook_each(list, &one, NULL), MEND_OK);
    assert_string_equal(listing, "-HookBase greet 2.0  of my group in force\n");
    mend_group_free(group);
    for (int i = 0; i < 4; i++)
        hook_off(tokens[i]);
    assert_string_equal(hooked(), "");
    [object release];
}

static int
remove_each(void *unused, const mend_hook_info *info)
{
    hook_off(info->token);
    return 1;
}

static void
the_visitor_may_remove_what_it_sees(void **state)
{
    for (int i = 0; i < 5; i++)
        add("greet", 0, nil, (mend_hook_spec){.position = MEND_BEFORE, .name = "short-lived"});
    assert_int_equal(mend_hook_each(remove_each, NULL, NULL), MEND_OK);
    assert_string_equal(hooked(), "");
    assert_string_equal(greeting(), ".");
}

static void
the_nth_failing_allocation_lists_nothing(void **state)
{
    mend_token *token = add("greet", 0, nil, (mend_hook_spec){.position = MEND_BEFORE, .name = "first"});
    struct mn_faults f = {0};

    while (mn_faults_next(&f)) {
        mend_status st;

        listing[0] = 0;
        st = mend_hook_each(list, NULL, NULL);
        if (mn_faults_hit(&f)) {
            assert_int_equal(st, MEND_NO_MEMORY);
            assert_string_equal(listing, "");
        } else
            assert_int_equal(st, MEND_OK);
    }
    hook_off(token);
}

static mend_hook_info only;

static int
note(void *unused, const mend_hook_info *info)
{
    only = *info;
    return 1;
}

static void
naps(mend_call *call, void *unused)
{
    usleep(2000);
    mend_call_proceed(call, NULL);
}

static void
runs_and_time_are_counted_on_request(void **state)
{
    mend_token *token =
        add("greet", 0, nil,
            (mend_hook_spec){.position = MEND_INSTEAD, .advice = naps, .options = MEND_HOOK_TIMED});

    for (int i = 0; i < 5; i++)
        greeting();
    mend_hook_each(note, NULL, NULL);
    assert_int_equal(only.calls, 5);
    assert_true(only.nanoseconds >= 10000000);
    hook_off(token);
    token = add("greet", 0, nil, (mend_hook_spec){.position = MEND_BEFORE});
    greeting();
    mend_hook_each(note, NULL, NULL);
    assert_int_equal(only.calls, 0);
    hook_off(token);
}

/* ---- Swizzles over hooks ---- */

static IMP hand_original;

static void
hand_swizzle(id self, SEL cmd)
{
    hook_mark('s');
    if (hand_original)
        ((void (*)(id, SEL))hand_original)(self, cmd);
}

static Method
greet_method(void)
{
    return class_getInstanceMethod([HookBase class], @selector(greet));
}

static void
swizzle(bool calls_original)
{
    IMP old = method_setImplementation(greet_method(), (IMP)hand_swizzle);

    hand_original = calls_original ? old : NULL;
}

static void
a_hook_is_placed_again_above_a_swizzle(void **state)
{
    IMP original = method_getImplementation(greet_method());

    for (int calls = 0; calls < 2; calls++) {
        mend_token *token = add("greet", 0, nil, (mend_hook_spec){.position = MEND_BEFORE, .data = "h"}),
                   *stale = token;

        assert_int_equal(mend_hook_reapply(&token, NULL), MEND_OK); /* nothing to do */
        assert_ptr_equal(token, stale);
        swizzle(calls);
        assert_string_equal(greeting(), calls ? "sh." : "s");
        assert_string_equal(hooked(), "-HookBase greet 2.0  token foreign\n");
        assert_int_equal(mend_hook_reapply(&token, NULL), MEND_OK);
        assert_string_equal(greeting(), calls ? "hs." : "hs");
        assert_string_equal(hooked(), "-HookBase greet 2.0  token in force\n");
        assert_int_equal(mend_hook_remove(stale, NULL), MEND_NOT_INSTALLED);
        assert_string_equal(greeting(), calls ? "hs." : "hs");
        hook_off(token);
        assert_string_equal(greeting(), calls ? "s." : "s");
        method_setImplementation(greet_method(), original);
        assert_string_equal(greeting(), ".");
    }
}

static int released;

static void
count_release(void *data)
{
    released++;
}

static void
a_group_is_placed_again_and_its_data_released_once(void **state)
{
    mend_hook_stats before = hook_baseline();
    IMP original = method_getImplementation(greet_method());
    mend_target greet = {.class_name = "HookBase", .selector = "greet"},
                shared = {.class_name = "HookBase", .selector = "shared"};
    mend_hook_spec spec = {
        .position = MEND_AFTER, .advice = hook_writes, .data = "g", .release = count_release};
    HookBase *object = [HookBase new];
    mend_group *group;

    released = 0;
    assert_int_equal(mend_group_new(&group, NULL), MEND_OK);
    assert_int_equal(mend_group_add(group, &greet, &spec, NULL), MEND_OK);
    assert_int_equal(mend_group_add(group, &shared, &spec, NULL), MEND_OK);
    assert_int_equal(mend_group_reapply(group, NULL), MEND_NOT_INSTALLED);
    assert_int_equal(mend_group_commit(group, NULL), MEND_OK);
    swizzle(false);
    assert_string_equal(greeting(), "s");
    assert_int_equal(mend_group_reapply(group, NULL), MEND_OK);
    assert_string_equal(greeting(), "sg");
    hook_trace_clear();
    [object shared];
    assert_string_equal(hook_trace, "pg");
    mend_hook_collect();
    assert_int_equal(released, 0);
    assert_int_equal(mend_group_revert(group, NULL), MEND_OK);
    mend_hook_collect();
    assert_int_equal(released, 2);
    assert_string_equal(greeting(), "s");
    method_setImplementation(greet_method(), original);
    mend_group_free(group);
    [object release];
    hook_assert_baseline(&before);
}

static void
the_nth_failing_allocation_leaves_the_hook_below_the_swizzle(void **state)
{
    IMP original = method_getImplementation(greet_method());
    mend_token *token = add("greet", 0, nil, (mend_hook_spec){.position = MEND_BEFORE, .data = "h"});
    struct mn_faults f = {.keeps = true};

    swizzle(true);
    while (mn_faults_next(&f)) {
        mend_status st = mend_hook_reapply(&token, NULL);

        if (mn_faults_hit(&f) && st != MEND_OK) {
            assert_int_equal(st, MEND_NO_MEMORY);
            assert_string_equal(greeting(), "sh.");
            continue;
        }
        assert_int_equal(st, MEND_OK); /* what is left to clear up can wait */
        assert_string_equal(greeting(), "hs.");
        hook_off(token);
        method_setImplementation(greet_method(), original);
        token = add("greet", 0, nil, (mend_hook_spec){.position = MEND_BEFORE, .data = "h"});
        swizzle(true);
    }
    mend_hook_remove(token, NULL);
    method_setImplementation(greet_method(), original);
}

/* ---- Waiting ---- */

static int sleeping, sleeper_id, awake;

static void
sleeps(mend_call *call, void *data)
{
    sleeper_id = (int)syscall(SYS_gettid);
    __atomic_add_fetch(&sleeping, 1, __ATOMIC_SEQ_CST);
    while (!__atomic_load_n(&awake, __ATOMIC_SEQ_CST))
        usleep(500);
    mend_call_proceed(call, NULL);
}

static void *
greet_once(void *unused)
{
    HookBase *object = class_createInstance([HookBase class], 0);

    [object greet];
    object_dispose(object);
    return NULL;
}

static pthread_t
fall_asleep(void)
{
    pthread_t thread;

    sleeping = awake = 0;
    pthread_create(&thread, NULL, greet_once, NULL);
    while (!__atomic_load_n(&sleeping, __ATOMIC_SEQ_CST))
        usleep(500);
    return thread;
}

static int reports;

static void
report(const mend_inside *inside, void *thread)
{
    reports++;
    assert_string_equal(inside->class_name, "HookBase");
    assert_string_equal(inside->selector, "greet");
    assert_int_equal(inside->class_side, 0);
    assert_int_equal(inside->thread, *(int *)thread);
}

static void
wake_up(void)
{
    __atomic_store_n(&awake, 1, __ATOMIC_SEQ_CST);
}

static void *
wake_up_later(void *unused)
{
    usleep(20000);
    wake_up();
    return NULL;
}

static void
quiescing_names_who_is_inside_and_ends_when_they_have_left(void **state)
{
    mend_token *token = add("greet", 0, nil, (mend_hook_spec){.position = MEND_INSTEAD, .advice = sleeps});
    mend_error err;
    pthread_t sleeper, waker;

    assert_int_equal(mend_hook_quiesce(token, 0, NULL, NULL, &err), MEND_OK); /* nobody is inside */
    sleeper = fall_asleep();
    for (int removed = 0; removed < 2; removed++) {
        reports = 0;
        assert_int_equal(mend_hook_quiesce(token, 5, report, &sleeper_id, &err), MEND_TIMEOUT);
        assert_int_equal(reports, 1);
        if (!removed)
            hook_off(token);
    }
    wake_up();
    pthread_join(sleeper, NULL);
    assert_int_equal(mend_hook_quiesce(token, 1000, report, &sleeper_id, &err), MEND_OK);

    token = add("greet", 0, nil, (mend_hook_spec){.position = MEND_INSTEAD, .advice = sleeps});
    sleeper = fall_asleep();
    hook_off(token);
    pthread_create(&waker, NULL, wake_up_later, NULL);
    assert_int_equal(mend_hook_quiesce(token, 5000, report, &sleeper_id, &err), MEND_OK);
    pthread_join(sleeper, NULL);
    pthread_join(waker, NULL);
}

static void
quiesces_from_inside(mend_call *call, void *token)
{
    int self = (int)syscall(SYS_gettid);
    uint64_t start = mn_clock_ns();
    mend_error err;

    reports = 0;
    assert_int_equal(mend_hook_quiesce(*(mend_token **)token, 10000, report, &self, &err), MEND_TIMEOUT);
    assert_int_equal(reports, 1);
    assert_true(mn_clock_ns() - start < 1000000000u);
}

static void
a_thread_that_is_itself_inside_does_not_wait(void **state)
{
    mend_token *token;

    token = add("greet", 0, nil,
                (mend_hook_spec){.position = MEND_AFTER, .advice = quiesces_from_inside, .data = &token});
    greeting();
    hook_off(token);
}

static void
a_group_is_waited_for_after_its_revert(void **state)
{
    mend_target greet = {.class_name = "HookBase", .selector = "greet"};
    mend_hook_spec spec = {.position = MEND_INSTEAD, .advice = sleeps};
    mend_group *group;
    pthread_t sleeper;

    assert_int_equal(mend_group_new(&group, NULL), MEND_OK);
    assert_int_equal(mend_group_add(group, &greet, &spec, NULL), MEND_OK);
    assert_int_equal(mend_group_quiesce(group, 0, NULL, NULL, NULL), MEND_NOT_INSTALLED);
    assert_int_equal(mend_group_commit(group, NULL), MEND_OK);
    sleeper = fall_asleep();
    assert_int_equal(mend_group_revert(group, NULL), MEND_OK);
    reports = 0;
    assert_int_equal(mend_group_quiesce(group, 1, report, &sleeper_id, NULL), MEND_TIMEOUT);
    assert_int_equal(reports, 1);
    wake_up();
    pthread_join(sleeper, NULL);
    assert_int_equal(mend_group_quiesce(group, 1000, NULL, NULL, NULL), MEND_OK);
    mend_group_free(group);
}

int
main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_hooked_is_listed_in_the_order_it_runs),
        cmocka_unit_test(the_visitor_may_remove_what_it_sees),
        cmocka_unit_test(the_nth_failing_allocation_lists_nothing),
        cmocka_unit_test(runs_and_time_are_counted_on_request),
        cmocka_unit_test(a_hook_is_placed_again_above_a_swizzle),
        cmocka_unit_test(a_group_is_placed_again_and_its_data_released_once),
        cmocka_unit_test(the_nth_failing_allocation_leaves_the_hook_below_the_swizzle),
        cmocka_unit_test(quiescing_names_who_is_inside_and_ends_when_they_have_left),
        cmocka_unit_test(a_thread_that_is_itself_inside_does_not_wait),
        cmocka_unit_test(a_group_is_waited_for_after_its_revert),
    };
    NSAutoreleasePool *pool = [NSAutoreleasePool new];
    int failed;

    hook_test_main(argc, argv);
    failed = cmocka_run_group_tests(tests, NULL, NULL);
    [pool release];
    return failed;
}
