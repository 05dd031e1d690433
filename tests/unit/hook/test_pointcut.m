/* SPDX-License-Identifier: MIT */
/* Hooks by pattern on what is there: counted first, put and taken together. */
#import "support/hook_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <cmocka.h>
#include <pthread.h>
#include <string.h>

#include "pointcut_fixture.h"
#include "runtime/runtime.h"
#include "support/faults.h"

@interface PointcutRefused : NSObject
- (int)plain;
- (id)retain;
- (void)dealloc;
@end

@implementation PointcutRefused
- (int)plain
{
    return 1;
}
- (id)retain
{
    return [super retain];
}
- (void)dealloc
{
    [super dealloc];
}
@end

static int calls;

static void
counting_and_visiting_change_nothing(void **state)
{
    mend_hook_stats before = hook_baseline(), after;
    void *greet = hook_imp("HookBase", "greet");
    mend_pointcut *pointcut = pointcut_of("*[Hook{Base,Child} *]", &calls, 0);
    mend_pointcut_counts counts;

    assert_int_equal(mend_pointcut_count(pointcut, &counts, NULL), MEND_OK);
    assert_int_equal(counts.classes, 2);
    assert_int_equal(counts.methods, 7); /* four and two of HookBase, one of HookChild */
    assert_int_equal(counts.refused, 0);
    after = hook_baseline();
    assert_int_equal(before.methods, after.methods);
    assert_int_equal(before.hooks, after.hooks);
    assert_ptr_equal(hook_imp("HookBase", "greet"), greet);
    assert_int_equal(mend_pointcut_revert(pointcut, NULL), MEND_NOT_INSTALLED);
    assert_int_equal(mend_pointcut_disable(pointcut, NULL), MEND_NOT_INSTALLED);
    mend_pointcut_free(pointcut);
}

static void
each_method_is_hooked_where_it_is_implemented_and_given_back(void **state)
{
    mend_hook_stats before = hook_baseline();
    void *greet = hook_imp("HookBase", "greet"), *count = hook_imp("HookBase", "+count");
    HookGrandchild *child = [HookGrandchild new];
    mend_pointcut *pointcut = committed("*[Hook{Base,Child} *] !-[* add:to:]", &calls, 0);
    mend_pointcut_state now = state_of(pointcut);
    mend_error err;

    assert_true(now.committed && !now.armed && !now.waiting);
    assert_int_equal(now.hooked, 6);
    hook_trace_clear();
    [child greet];
    assert_int_equal(taken(&calls), 1);
    [child shared]; /* HookChild's, which calls HookBase's */
    assert_int_equal(taken(&calls), 2);
    assert_int_equal([HookGrandchild count], 7);
    assert_int_equal(taken(&calls), 1);
    assert_int_equal([child add:2 to:3], 5);
    assert_int_equal(taken(&calls), 0);
    assert_string_equal(hook_trace, ".cp..");
    assert_int_equal(mend_pointcut_commit(pointcut, &err), MEND_INVALID);
    assert_int_equal(mend_pointcut_revert(pointcut, NULL), MEND_OK);
    assert_int_equal(mend_pointcut_revert(pointcut, NULL), MEND_NOT_INSTALLED);
    [child greet];
    assert_int_equal(taken(&calls), 0);
    assert_ptr_equal(hook_imp("HookBase", "greet"), greet);
    assert_ptr_equal(hook_imp("HookBase", "+count"), count);
    assert_int_equal(mend_pointcut_commit(pointcut, NULL), MEND_OK);
    [child greet];
    assert_int_equal(taken(&calls), 1);
    mend_pointcut_free(pointcut);
    [child greet];
    assert_int_equal(taken(&calls), 0);
    [child release];
    hook_assert_baseline(&before);
}

static int
note_refusal(void *data, const mend_match *match, const mend_error *why)
{
    char *all = data;

    assert_string_equal(match->class_name, "PointcutRefused");
    assert_int_equal(match->class_side, 0);
    assert_int_equal(match->refused == MEND_OK, why == NULL);
    if (why != NULL) {
        assert_string_equal(why->selector, match->selector);
        assert_true(why->message[0] != '\0' && why->remedy[0] != '\0');
        strcat(strcat(all, match->selector), " ");
    }
    return 1;
}

static void
refused_methods_are_counted_and_skipped(void **state)
{
    char refused[64] = "";
    mend_hook_spec after = {.position = MEND_AFTER, .advice = count_call, .data = &calls};
    mend_pointcut *pointcut;
    mend_pointcut_counts counts;
    PointcutRefused *object = [PointcutRefused new];

    assert_int_equal(mend_pointcut_new("-[PointcutRefused *]", &after, 0, &pointcut, NULL), MEND_OK);
    assert_int_equal(mend_pointcut_count(pointcut, &counts, NULL), MEND_OK);
    assert_int_equal(counts.methods, 3);
    assert_int_equal(counts.refused, 2);
    assert_int_equal(mend_pointcut_each(pointcut, note_refusal, refused, NULL), MEND_OK);
    assert_non_null(strstr(refused, "retain "));
    assert_non_null(strstr(refused, "dealloc "));
    assert_null(strstr(refused, "plain "));
    assert_int_equal(mend_pointcut_commit(pointcut, NULL), MEND_OK);
    assert_int_equal(state_of(pointcut).hooked, 1);
    assert_int_equal(state_of(pointcut).refused, 2);
    assert_int_equal([object plain], 1);
    [[object retain] release];
    assert_int_equal(taken(&calls), 1);
    mend_pointcut_free(pointcut);
    [object release];
}

static void
alloc_of_every_class_can_be_hooked(void **state)
{
    mend_pointcut *pointcut = committed("+[* alloc]", &calls, 0);
    NSMutableArray *array = [[NSMutableArray alloc] init];
    HookBase *object = [[HookBase alloc] init];

    assert_true(taken(&calls) >= 2);
    mend_pointcut_free(pointcut);
    [object release];
    [array release];
    [[[HookBase alloc] init] release];
    assert_int_equal(taken(&calls), 0);
}

/* Foundation at work with all its methods hooked, those that the runtime itself calls too. */
static void
every_method_of_the_process_can_be_hooked_at_once(void **state)
{
    mend_pointcut *pointcut = committed("*[* *]", &calls, MEND_POINTCUT_FUTURE);
    mend_pointcut_state now = state_of(pointcut);
    NSAutoreleasePool *pool = [NSAutoreleasePool new];
    NSMutableDictionary *all = [NSMutableDictionary dictionary];

    for (int i = 0; i < 100; i++)
        [all setObject:[NSNumber numberWithInt:i] forKey:[NSString stringWithFormat:@"key %d", i]];
    assert_int_equal([[all objectForKey:@"key 42"] intValue], 42);
    assert_int_equal([[all allKeys] count], 100);
    @try {
        [[NSArray array] objectAtIndex:1];
    } @catch (NSException *e) {
        [all setObject:[e name] forKey:@"caught"];
    }
    assert_string_equal([[all objectForKey:@"caught"] UTF8String], "NSRangeException");
    [pool release];
    assert_true(taken(&calls) > 1000);
    assert_true(now.hooked > 5000);
    print_message("%zu methods hooked, %zu refused\n", now.hooked, now.refused);
    mend_pointcut_free(pointcut);
    [[NSMutableArray array] addObject:@"x"];
    assert_int_equal(taken(&calls), 0);
}

static int
note_hooked(void *data, const mend_match *match, const mend_error *why)
{
    *(int *)data += match->hooked;
    return 1;
}

static void
visitors_see_what_is_hooked_and_may_stop(void **state)
{
    mend_pointcut *pointcut = committed("-[HookBase *]", &calls, 0), *other = pointcut_of("-[Hook* *]", &calls, 0);
    int hooked = 0;

    assert_int_equal(mend_pointcut_each(pointcut, note_hooked, &hooked, NULL), MEND_OK);
    assert_int_equal(hooked, 4);
    hooked = 0;
    assert_int_equal(mend_pointcut_each(other, note_hooked, &hooked, NULL), MEND_OK);
    assert_int_equal(hooked, 0);
    mend_pointcut_free(other);
    mend_pointcut_free(pointcut);
}

static void
one_store_puts_all_hooks_out_of_force_and_back(void **state)
{
    mend_hook_spec spec = {
        .position = MEND_BEFORE, .advice = count_call, .data = &calls, .options = MEND_HOOK_DISABLED};
    HookBase *object = [HookBase new];
    mend_pointcut *pointcut;

    assert_int_equal(mend_pointcut_new("-[HookBase *]", &spec, 0, &pointcut, NULL), MEND_OK);
    assert_int_equal(mend_pointcut_commit(pointcut, NULL), MEND_OK);
    [object greet];
    assert_int_equal(taken(&calls), 0);
    assert_int_equal(mend_pointcut_enable(pointcut, NULL), MEND_OK);
    assert_int_equal(mend_pointcut_enable(pointcut, NULL), MEND_OK);
    [object greet];
    assert_int_equal([object add:1 to:1], 2);
    assert_int_equal(taken(&calls), 2);
    assert_int_equal(mend_pointcut_disable(pointcut, NULL), MEND_OK);
    [object greet];
    assert_int_equal(taken(&calls), 0);
    mend_pointcut_free(pointcut);
    [object release];
}

static int released;

static void
note_release(void *data)
{
    assert_ptr_equal(data, &calls);
    released++;
}

static mend_pointcut *
releasing(const char *pattern, unsigned options)
{
    mend_hook_spec spec = {
        .position = MEND_INSTEAD, .advice = count_call, .data = &calls, .release = note_release};
    mend_pointcut *pointcut;

    assert_int_equal(mend_pointcut_new(pattern, &spec, options, &pointcut, NULL), MEND_OK);
    return pointcut;
}

static void
data_is_released_once_for_all_methods(void **state)
{
    mend_hook_stats before = hook_baseline();
    HookBase *object = [HookBase new];
    mend_pointcut *pointcut = releasing("-[HookBase *]", 0);

    released = 0;
    assert_int_equal(mend_pointcut_commit(pointcut, NULL), MEND_OK);
    [object greet];
    assert_int_equal(taken(&calls), 1);
    assert_int_equal(released, 0);
    assert_int_equal(mend_pointcut_revert(pointcut, NULL), MEND_OK);
    mend_hook_collect();
    assert_int_equal(released, 1);
    mend_pointcut_free(pointcut);
    pointcut = releasing("-[NoSuchClass *]", MEND_POINTCUT_FUTURE);
    assert_int_equal(mend_pointcut_commit(pointcut, NULL), MEND_OK);
    assert_true(state_of(pointcut).waiting);
    mend_pointcut_free(pointcut);
    mend_hook_collect();
    assert_int_equal(released, 2);
    mend_pointcut_free(releasing("-[HookBase *]", 0)); /* never committed */
    assert_int_equal(released, 2);
    [object release];
    hook_assert_baseline(&before);
}

static void
what_cannot_be_is_refused(void **state)
{
    mend_hook_spec spec = {.position = MEND_BEFORE, .advice = count_call}, none = {.position = MEND_BEFORE};
    mend_target target = {.class_name = "Nobody", .selector = "retain"}, live = {.cls = [HookBase class], .selector = "x"};
    mend_pointcut *pointcut = (mend_pointcut *)&spec;
    mend_error err;

    assert_int_equal(mend_pointcut_new("-[Foo", &spec, 0, &pointcut, &err), MEND_SYNTAX);
    assert_null(pointcut);
    assert_int_equal(mend_pointcut_new("-[Foo *]", &none, 0, &pointcut, &err), MEND_INVALID);
    assert_null(pointcut);
    assert_int_equal(mend_pointcut_new("-[Foo *]", &spec, 64, &pointcut, &err), MEND_INVALID);
    spec.options = MEND_HOOK_MAY_ADD;
    assert_int_equal(mend_pointcut_new("-[Foo *]", &spec, 0, &pointcut, &err), MEND_INVALID);
    spec.options = MEND_HOOK_THIS_THREAD;
    assert_int_equal(mend_pointcut_new("-[Foo *]", &spec, MEND_POINTCUT_FUTURE, &pointcut, &err), MEND_INVALID);
    spec.options = 0;
    assert_int_equal(mend_pointcut_new(NULL, &spec, 0, &pointcut, &err), MEND_INVALID);
    assert_int_equal(mend_pointcut_await(&target, &spec, &pointcut, &err), MEND_REFUSED_SELECTOR);
    assert_null(pointcut);
    assert_int_equal(mend_pointcut_await(&live, &spec, &pointcut, &err), MEND_INVALID);
    assert_int_equal(mend_pointcut_new("-[Foo *]", NULL, 0, &pointcut, &err), MEND_OK);
    assert_int_equal(mend_pointcut_commit(pointcut, &err), MEND_INVALID);
    mend_pointcut_free(pointcut);
}

static int
note_owner(void *data, const mend_hook_info *info)
{
    *(int *)data += info->owner != NULL && info->name != NULL && strcmp(info->owner, "-[HookBase *]") == 0 &&
                    strcmp(info->name, "counter") == 0 && info->state == MEND_HOOK_IS_IN_FORCE;
    return 1;
}

static void
hooks_are_listed_under_their_pattern(void **state)
{
    char name[] = "counter";
    mend_hook_spec spec = {.position = MEND_BEFORE, .advice = count_call, .data = &calls, .name = name};
    mend_pointcut *pointcut;
    int found = 0;

    assert_int_equal(mend_pointcut_new("-[HookBase *]", &spec, 0, &pointcut, NULL), MEND_OK);
    name[0] = '?'; /* it was copied */
    assert_int_equal(mend_pointcut_commit(pointcut, NULL), MEND_OK);
    assert_int_equal(mend_hook_each(note_owner, &found, NULL), MEND_OK);
    assert_int_equal(found, 4);
    mend_pointcut_free(pointcut);
}

/* ---- With other threads ---- */

static int stop, ready;

static void *
hold_the_mutex(void *data)
{
    mn_runtime_lock();
    __atomic_store_n(&ready, 1, __ATOMIC_RELEASE);
    while (!__atomic_load_n(&stop, __ATOMIC_ACQUIRE))
        sched_yield();
    mn_runtime_unlock();
    return NULL;
}

static void
reverting_never_waits_for_the_runtime_s_mutex(void **state)
{
    mend_hook_stats before = hook_baseline();
    HookBase *object = [HookBase new];
    mend_pointcut *kept = releasing("-[HookBase *]", MEND_POINTCUT_FUTURE), *freed;
    pthread_t holder;

    released = stop = ready = 0;
    freed = committed("-[HookBase *]", &calls, 0);
    assert_int_equal(mend_pointcut_commit(kept, NULL), MEND_OK);
    pthread_create(&holder, NULL, hold_the_mutex, NULL);
    while (!__atomic_load_n(&ready, __ATOMIC_ACQUIRE))
        sched_yield();
    assert_int_equal(mend_pointcut_revert(kept, NULL), MEND_OK);
    mend_pointcut_free(freed);
    [object greet];
    assert_int_equal(taken(&calls), 0);
    __atomic_store_n(&stop, 1, __ATOMIC_RELEASE);
    pthread_join(holder, NULL);
    mend_hook_collect();
    assert_int_equal(released, 1);
    assert_int_equal(mend_pointcut_commit(kept, NULL), MEND_OK);
    mend_pointcut_free(kept);
    mend_hook_collect();
    assert_int_equal(released, 2);
    [object release];
    hook_assert_baseline(&before);
}

static void *
send_all_the_time(void *data)
{
    NSAutoreleasePool *pool = [NSAutoreleasePool new];
    HookGrandchild *object = [HookGrandchild new];
    long wrong = 0;

    while (!__atomic_load_n(&stop, __ATOMIC_ACQUIRE)) {
        wrong += [object add:3 to:4] != 7;
        wrong += [object inherited:5] != 5;
        wrong += [HookChild count] != 7;
        wrong += [HookBase count:1] != 2;
        [object shared];
        hook_trace_clear();
    }
    [object release];
    [pool release];
    return (void *)wrong;
}

static void
patterns_come_and_go_under_callers(void **state)
{
    mend_hook_stats before = hook_baseline();
    pthread_t senders[2];
    void *wrong;

    stop = 0;
    for (int i = 0; i < 2; i++)
        pthread_create(&senders[i], NULL, send_all_the_time, NULL);
    for (int i = 0; i < 400; i++) {
        mend_pointcut *all = committed("*[Hook{Base,Child} *]", &calls, 0);
        mend_pointcut *some = committed("-[^HookBase sh*] +[HookBase *:]", &calls, MEND_POINTCUT_FUTURE);

        mend_pointcut_free(i % 2 ? all : some);
        mend_pointcut_free(i % 2 ? some : all);
    }
    __atomic_store_n(&stop, 1, __ATOMIC_RELEASE);
    for (int i = 0; i < 2; i++) {
        pthread_join(senders[i], &wrong);
        assert_int_equal((long)wrong, 0);
    }
    calls = 0;
    hook_assert_baseline(&before);
}

/* ---- No memory ---- */

static void
the_nth_failing_allocation_hooks_nothing(void **state)
{
    struct mn_faults f = {.keeps = true}; /* sites and trampolines stay */
    HookBase *object = [HookBase new];
    mend_hook_stats before;

    mend_pointcut_free(committed("-[HookTypes takeInt:]", &calls, 0)); /* what the first hook of all makes stays */
    before = hook_baseline();
    while (mn_faults_next(&f)) {
        mend_hook_spec spec = {.position = MEND_BEFORE, .advice = count_call, .data = &calls, .release = note_release};
        mend_pointcut *pointcut;
        mend_pointcut_counts counts;
        mend_status st = mend_pointcut_new("-[HookBase *]", &spec, MEND_POINTCUT_FUTURE, &pointcut, NULL);

        released = 0;
        if (st == MEND_OK)
            st = mend_pointcut_count(pointcut, &counts, NULL);
        if (st == MEND_OK)
            st = mend_pointcut_commit(pointcut, NULL);
        if (mn_faults_hit(&f)) {
            assert_int_equal(st, MEND_NO_MEMORY);
            [object greet];
            assert_int_equal(taken(&calls), 0);
            mend_pointcut_free(pointcut);
            assert_int_equal(released, 0);
        } else {
            assert_int_equal(st, MEND_OK);
            [object greet];
            assert_int_equal(taken(&calls), 1);
            mend_pointcut_free(pointcut);
            mend_hook_collect();
            assert_int_equal(released, 1);
        }
    }
    [object release];
    hook_assert_baseline(&before);
}

int
main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_nth_failing_allocation_hooks_nothing),
        cmocka_unit_test(counting_and_visiting_change_nothing),
        cmocka_unit_test(each_method_is_hooked_where_it_is_implemented_and_given_back),
        cmocka_unit_test(refused_methods_are_counted_and_skipped),
        cmocka_unit_test(alloc_of_every_class_can_be_hooked),
        cmocka_unit_test(every_method_of_the_process_can_be_hooked_at_once),
        cmocka_unit_test(visitors_see_what_is_hooked_and_may_stop),
        cmocka_unit_test(one_store_puts_all_hooks_out_of_force_and_back),
        cmocka_unit_test(data_is_released_once_for_all_methods),
        cmocka_unit_test(what_cannot_be_is_refused),
        cmocka_unit_test(hooks_are_listed_under_their_pattern),
        cmocka_unit_test(reverting_never_waits_for_the_runtime_s_mutex),
        cmocka_unit_test(patterns_come_and_go_under_callers),
    };

    hook_test_main(argc, argv);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
