/* SPDX-License-Identifier: MIT */
/*
 * Storms: threads call while others add, remove, enable and replace hooks. What must hold: every call that entered an
 * advice left it, every call saw exactly one version, and afterwards everything is back.
 *
 * MEND_STORM_SECONDS (default 2) is how long each storm lasts.
 */
#import "support/hook_fixture.h"

#include "hook/batch.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <cmocka.h>
#include <objc/runtime.h>
#include <stdlib.h>
#include <time.h>

enum { CALLERS = 4, VERSIONS = 2 };

@interface HookStorm : NSObject
- (long)work:(long)a;
- (long)other:(long)a;
+ (long)classWork:(long)a;
@end

@implementation HookStorm
- (long)work:(long)a
{
    return a;
}
- (long)other:(long)a
{
    return a;
}
+ (long)classWork:(long)a
{
    return a;
}
@end

@interface HookStormChild : HookStorm
@end
@implementation HookStormChild
@end

static int stop;
static long wrong, calls, pairs; /* pairs: hooks that came and went */
static _Thread_local long entered_here, left_here;
static long entered, left;

static bool
stopped(void)
{
    return __atomic_load_n(&stop, __ATOMIC_RELAXED);
}

static void
add_to(long *sum, long n)
{
    __atomic_add_fetch(sum, n, __ATOMIC_SEQ_CST);
}

/* ---- Advice ---- */

static void
counts(mend_call *call, void *data)
{
    entered_here++;
    left_here++;
}

/* For one object, its data. */
static void
counts_own(mend_call *call, void *object)
{
    counts(call, NULL);
    if (mend_call_receiver(call) != object)
        add_to(&wrong, 1);
}

/* Adds its data before and after: a result that is not whole tells of a mixture. */
static void
adds(mend_call *call, void *data)
{
    long a, result;

    entered_here++;
    mend_call_get_argument(call, 0, &a, sizeof a, NULL);
    a += (long)data;
    mend_call_set_argument(call, 0, &a, sizeof a, NULL);
    mend_call_proceed(call, NULL);
    mend_call_get_result(call, &result, sizeof result, NULL);
    if (result < a)
        add_to(&wrong, 1);
    left_here++;
}

/* ---- Callers ---- */

static void
caller_leaves(void)
{
    add_to(&entered, entered_here);
    add_to(&left, left_here);
}

/* Each call adds 0, 1000 or 2000, or both: nothing else. */
static void
check(long given, long got)
{
    long extra = got - given;

    if (extra != 0 && extra != 1000 && extra != 2000 && extra != 3000)
        add_to(&wrong, 1);
}

static void *
call_all(void *object)
{
    long n = 0;

    for (; !stopped(); n += 3) {
        check(n, [(HookStorm *)object work:n]);
        check(n, [(HookStorm *)object other:n]);
        check(n, [HookStorm classWork:n]);
    }
    add_to(&calls, n);
    caller_leaves();
    return NULL;
}

/* ---- Togglers ---- */

struct toggled {
    const char *class_name, *selector;
    int class_side;
    mend_position position;
    mend_advice advice;
    long data;
    id object; /* instead of a class */
};

static void *
toggle(void *which)
{
    const struct toggled *t = which;
    mend_target target = {
        .class_name = t->class_name, .object = t->object, .selector = t->selector, .class_side = t->class_side};
    mend_hook_spec spec = {
        .position = t->position, .advice = t->advice, .data = t->object ? (void *)t->object : (void *)t->data};

    long n = 0;

    for (; !stopped(); n++) {
        mend_token *token;

        if (mend_hook_add(&target, &spec, &token, NULL) != MEND_OK || mend_hook_disable(token, NULL) != MEND_OK ||
            mend_hook_enable(token, NULL) != MEND_OK || mend_hook_remove(token, NULL) != MEND_OK)
            add_to(&wrong, 1);
    }
    add_to(&pairs, n);
    return NULL;
}

static int
seconds(void)
{
    const char *text = getenv("MEND_STORM_SECONDS");

    return text ? atoi(text) : 2;
}

static void
wait_for_the_storm(void)
{
    struct timespec t = {.tv_sec = seconds()};

    nanosleep(&t, NULL);
    __atomic_store_n(&stop, 1, __ATOMIC_RELAXED);
}

static void
start_storm(void)
{
    stop = 0;
    wrong = calls = pairs = entered = left = 0;
}

static void
end_storm(const mend_hook_stats *before)
{
    assert_int_equal(wrong, 0);
    assert_int_equal(entered, left);
    assert_true(calls > 0);
    hook_assert_baseline(before);
    print_message("%ld calls, %ld through advice, %ld hooks came and went\n", calls, entered, pairs);
}

enum { TOGGLERS_MOST = 6 };

/* Two objects, called on two threads each. */
static void
storm(const struct toggled *toggled, int count, HookStorm *objects[2], const mend_hook_stats *before)
{
    pthread_t callers[CALLERS], togglers[TOGGLERS_MOST];

    start_storm();
    for (int i = 0; i < CALLERS; i++)
        pthread_create(&callers[i], NULL, call_all, objects[i % 2]);
    for (int i = 0; i < count; i++)
        pthread_create(&togglers[i], NULL, toggle, (void *)&toggled[i]);
    wait_for_the_storm();
    for (int i = 0; i < CALLERS; i++)
        pthread_join(callers[i], NULL);
    for (int i = 0; i < count; i++)
        pthread_join(togglers[i], NULL);
    [objects[0] release];
    [objects[1] release];
    end_storm(before);
}

static void
callers_never_notice_hooks_coming_and_going(void **state)
{
    static const struct toggled toggled[] = {
        {"HookStorm", "work:", 0, MEND_BEFORE, counts, 0, nil},
        {"HookStorm", "work:", 0, MEND_INSTEAD, adds, 1000, nil},
        {"HookStormChild", "work:", 0, MEND_INSTEAD, adds, 2000, nil},
        {"HookStorm", "other:", 0, MEND_AFTER, counts, 0, nil},
        {"HookStorm", "classWork:", 1, MEND_INSTEAD, adds, 1000, nil},
    };
    mend_hook_stats before = hook_baseline();
    HookStorm *objects[2] = {[HookStorm new], [HookStormChild new]};

    storm(toggled, sizeof toggled / sizeof *toggled, objects, &before);
}

static void
hooks_of_objects_come_and_go_among_those_of_the_class(void **state)
{
    mend_hook_stats before = hook_baseline();
    HookStorm *objects[2] = {[HookStorm new], [HookStorm new]};
    const struct toggled toggled[] = {
        {NULL, "work:", 0, MEND_BEFORE, counts_own, 0, objects[0]},
        {NULL, "work:", 0, MEND_AFTER, counts_own, 0, objects[0]},
        {NULL, "work:", 0, MEND_BEFORE, counts_own, 0, objects[1]},
        {"HookStorm", "work:", 0, MEND_AFTER, counts, 0, nil},
        {NULL, "other:", 0, MEND_BEFORE, counts_own, 0, objects[1]},
        {"HookStorm", "other:", 0, MEND_BEFORE, counts, 0, nil},
    };

    storm(toggled, sizeof toggled / sizeof *toggled, objects, &before);
}

/* ---- Versions ---- */

/* A version is two hooks on one method: both or none of a version must be seen, and never none once one is in. They are
 * insteads, or a before and an after. */
static _Thread_local long seen_outside, seen_inside;

static void
outside(mend_call *call, void *version)
{
    entered_here++;
    seen_outside = (long)version;
    mend_call_proceed(call, NULL);
    left_here++;
}

static void
inside(mend_call *call, void *version)
{
    seen_inside = (long)version;
    mend_call_proceed(call, NULL);
}

static void
ahead(mend_call *call, void *version)
{
    entered_here++;
    left_here++;
    seen_outside = (long)version;
}

static void
behind(mend_call *call, void *version)
{
    seen_inside = (long)version;
}

static bool around;

static void *
call_versions(void *object)
{
    long n = 0, last = 0;

    for (; !stopped(); n++) {
        seen_outside = seen_inside = 0;
        [(HookStorm *)object work:n];
        if (seen_outside != seen_inside || seen_outside < last || seen_outside == 0)
            add_to(&wrong, 1);
        last = seen_outside;
    }
    add_to(&calls, n);
    caller_leaves();
    return NULL;
}

static void
stage_version(struct mn_batch *batch, const char *selector, mend_position position, mend_advice advice, int priority,
              long version)
{
    struct mn_batch_item item = {
        .cls = [HookStorm class],
        .sel = sel_registerName(selector),
        .spec = {.position = position, .advice = advice, .priority = priority, .data = (void *)version}};

    if (mn_batch_add(batch, &item, NULL, NULL) != MEND_OK)
        add_to(&wrong, 1);
}

static struct mn_batch *
next_version(struct mn_batch *earlier, long version)
{
    struct mn_batch *batch;

    if (mn_batch_new(&batch, NULL) != MEND_OK)
        return earlier;
    stage_version(batch, "work:", around ? MEND_BEFORE : MEND_INSTEAD, around ? ahead : outside, 1, version);
    stage_version(batch, "work:", around ? MEND_AFTER : MEND_INSTEAD, around ? behind : inside, 0, version);
    stage_version(batch, "other:", MEND_INSTEAD, inside, 0, version);
    if (mn_batch_prepare(batch, earlier, NULL) != MEND_OK)
        add_to(&wrong, 1);
    else
        mn_batch_commit(batch);
    mn_batch_free(earlier);
    return batch;
}

static void
check_versions(void)
{
    mend_hook_stats before = hook_baseline();
    struct mn_batch *batch = next_version(NULL, 1);
    pthread_t callers[CALLERS];
    HookStorm *object = [HookStorm new];
    time_t end = time(NULL) + seconds();
    long version = 1;

    start_storm();
    for (int i = 0; i < CALLERS; i++)
        pthread_create(&callers[i], NULL, call_versions, object);
    while (time(NULL) < end)
        batch = next_version(batch, ++version);
    __atomic_store_n(&stop, 1, __ATOMIC_RELAXED);
    for (int i = 0; i < CALLERS; i++)
        pthread_join(callers[i], NULL);
    mn_batch_free(batch);
    [object release];
    print_message("%ld versions, ", version);
    end_storm(&before);
}

static void
every_call_sees_one_version_of_a_unit(void **state)
{
    check_versions();
}

static void
before_and_after_a_call_is_one_version(void **state)
{
    around = true;
    check_versions();
}

/* ---- Removal races ---- */

static mend_token *contested;
static pthread_barrier_t together;
static int won;

static void *
remove_contested(void *rounds)
{
    for (long i = 0; i < (long)rounds; i++) {
        pthread_barrier_wait(&together);
        if (mend_hook_remove(contested, NULL) == MEND_OK)
            __atomic_add_fetch(&won, 1, __ATOMIC_SEQ_CST);
        pthread_barrier_wait(&together);
    }
    return NULL;
}

static void
of_several_threads_that_remove_one_hook_one_does(void **state)
{
    enum { REMOVERS = 3, ROUNDS = 500 };
    mend_hook_stats before = hook_baseline();
    pthread_t threads[REMOVERS];

    won = 0;
    pthread_barrier_init(&together, NULL, REMOVERS + 1);
    for (int i = 0; i < REMOVERS; i++)
        pthread_create(&threads[i], NULL, remove_contested, (void *)(long)ROUNDS);
    for (int i = 0; i < ROUNDS; i++) {
        contested = hook_on("HookStorm", "work:", MEND_BEFORE, counts, NULL);
        pthread_barrier_wait(&together);
        pthread_barrier_wait(&together);
        assert_int_equal(won, i + 1);
    }
    for (int i = 0; i < REMOVERS; i++)
        pthread_join(threads[i], NULL);
    hook_assert_baseline(&before);
}

int
main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(callers_never_notice_hooks_coming_and_going),
        cmocka_unit_test(hooks_of_objects_come_and_go_among_those_of_the_class),
        cmocka_unit_test(every_call_sees_one_version_of_a_unit),
        cmocka_unit_test(before_and_after_a_call_is_one_version),
        cmocka_unit_test(of_several_threads_that_remove_one_hook_one_does),
    };

    hook_test_main(argc, argv);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
