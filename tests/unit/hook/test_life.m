/* SPDX-License-Identifier: MIT */
/* The life of hooks: tokens, removal from anywhere, groups, versions, admission, and what is left when all are gone. */
#import "support/hook_fixture.h"
#include "support/faults.h"

#include "abi/frame.h"
#include "base/alloc.h"
#include "hook/batch.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <cmocka.h>
#include <objc/runtime.h>
#include <string.h>
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

/* ---- Tokens ---- */

static void
a_second_removal_says_not_installed(void **state)
{
    mend_token *token = hook_on("HookBase", "greet", MEND_BEFORE, hook_writes, "a"), *later;
    mend_error err;

    hook_off(token);
    assert_int_equal(mend_hook_remove(token, &err), MEND_NOT_INSTALLED);
    later = hook_on("HookBase", "greet", MEND_BEFORE, hook_writes, "b"); /* may use the same slot */
    assert_int_equal(mend_hook_remove(token, &err), MEND_NOT_INSTALLED);
    assert_int_equal(mend_hook_remove(NULL, &err), MEND_NOT_INSTALLED);
    assert_int_equal(mend_hook_remove((mend_token *)&err, &err), MEND_NOT_INSTALLED);
    assert_string_equal(greeting(), "b.");
    hook_off(later);
}

struct self_removing {
    mend_token *token;
    int times;
};

static void
removes_itself(mend_call *call, void *data)
{
    struct self_removing *me = data;

    me->times++;
    assert_int_equal(mend_hook_remove(me->token, NULL), MEND_OK);
    assert_int_equal(mend_hook_remove(me->token, NULL), MEND_NOT_INSTALLED);
    mend_hook_collect();
    mend_call_proceed(call, NULL);
}

static void
advice_may_remove_itself_while_it_runs(void **state)
{
    mend_hook_stats before = hook_baseline();
    struct self_removing me = {0};

    me.token = hook_on("HookBase", "greet", MEND_INSTEAD, removes_itself, &me);
    assert_string_equal(greeting(), ".");
    assert_string_equal(greeting(), ".");
    assert_int_equal(me.times, 1);
    hook_assert_baseline(&before);
}

static void
hooks_another(mend_call *call, void *data)
{
    *(mend_token **)data = hook_on("HookBase", "greet", MEND_BEFORE, hook_writes, "n");
    hook_mark('h');
}

static void
advice_may_add_hooks_to_its_own_method_for_later_calls(void **state)
{
    mend_token *added, *token = hook_on("HookBase", "greet", MEND_BEFORE, hooks_another, &added);

    assert_string_equal(greeting(), "h.");
    hook_off(token);
    assert_string_equal(greeting(), "n.");
    hook_off(added);
}

static int released;

static void
count_release(void *data)
{
    released++;
}

static void
releases_in_advice(mend_call *call, void *data)
{
    hook_off(*(mend_token **)data);
    mend_hook_collect();
    assert_int_equal(released, 0); /* this very call still uses the data */
}

static void
data_is_released_once_and_not_before_the_last_call_left(void **state)
{
    mend_target target = {.class_name = "HookBase", .selector = "greet"};
    mend_token *token;
    mend_hook_spec spec = {
        .position = MEND_INSTEAD, .advice = releases_in_advice, .data = &token, .release = count_release};

    released = 0;
    assert_int_equal(mend_hook_add(&target, &spec, &token, NULL), MEND_OK);
    assert_string_equal(greeting(), "");
    mend_hook_collect();
    assert_int_equal(released, 1);
    mend_hook_collect();
    assert_int_equal(released, 1);
}

/* ---- Threads inside ---- */

enum { SLEEPERS = 100 };

static pthread_mutex_t bed = PTHREAD_MUTEX_INITIALIZER;
static int sleeping;

static void
sleeps(mend_call *call, void *data)
{
    __atomic_add_fetch(&sleeping, 1, __ATOMIC_SEQ_CST);
    pthread_mutex_lock(&bed);
    pthread_mutex_unlock(&bed);
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

static void
removal_returns_while_a_hundred_threads_sleep_inside(void **state)
{
    mend_hook_stats before = hook_baseline(), now;
    mend_target target = {.class_name = "HookBase", .selector = "greet"};
    mend_hook_spec spec = {.position = MEND_INSTEAD, .advice = sleeps, .release = count_release};
    mend_token *token;
    pthread_t threads[SLEEPERS];

    released = sleeping = 0;
    assert_int_equal(mend_hook_add(&target, &spec, &token, NULL), MEND_OK);
    pthread_mutex_lock(&bed);
    for (int i = 0; i < SLEEPERS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, greet_once, NULL), 0);
    while (__atomic_load_n(&sleeping, __ATOMIC_SEQ_CST) < SLEEPERS)
        usleep(1000);
    assert_int_equal(mend_hook_remove(token, NULL), MEND_OK);
    assert_string_equal(greeting(), "."); /* new calls do not fall asleep */
    assert_int_equal(mend_hook_collect(), 1);
    assert_int_equal(released, 0);
    mend_hook_get_stats(&now);
    assert_int_equal(now.unreleased, 1);
    assert_true(now.threads >= SLEEPERS);
    pthread_mutex_unlock(&bed);
    for (int i = 0; i < SLEEPERS; i++)
        pthread_join(threads[i], NULL);
    assert_int_equal(mend_hook_collect(), 0);
    assert_int_equal(released, 1);
    hook_assert_baseline(&before);
}

static void
recurse(mend_call *call, void *data)
{
    int depth;

    mend_call_get_argument(call, 0, &depth, sizeof depth, NULL);
    if (depth > 0)
        [(HookBase *)mend_call_receiver(call) add:depth - 1 to:0];
    mend_call_proceed(call, NULL);
}

static void
hooks_may_recurse_deeper_than_the_first_block_of_holds(void **state)
{
    mend_hook_stats before = hook_baseline();
    mend_token *token = hook_on("HookBase", "add:to:", MEND_INSTEAD, recurse, NULL);
    HookBase *object = [HookBase new];

    assert_int_equal([object add:1000 to:5], 1005);
    hook_off(token);
    [object release];
    hook_assert_baseline(&before);
}

/* ---- Somebody else's swizzle ---- */

static IMP under;

static void
foreign(id self, SEL cmd)
{
    hook_mark('f');
    ((void (*)(id, SEL))(void (*)(void))under)(self, cmd);
}

static void
swizzle(void)
{
    under = method_setImplementation(class_getInstanceMethod([HookBase class], @selector(greet)),
                                     (IMP)(void (*)(void))foreign);
}

static void
unswizzle(void)
{
    method_setImplementation(class_getInstanceMethod([HookBase class], @selector(greet)), under);
}

static void
a_swizzle_over_a_hook_survives_its_removal(void **state)
{
    void *plain = hook_imp("HookBase", "greet");
    mend_token *token = hook_on("HookBase", "greet", MEND_BEFORE, hook_writes, "a"), *above;
    mend_error err;

    swizzle();
    assert_string_equal(greeting(), "fa.");
    assert_int_equal(mend_hook_remove(token, &err), MEND_FOREIGN_IMP);
    assert_string_equal(err.selector, "greet");
    assert_string_equal(greeting(), "f.");
    assert_int_equal(mend_hook_remove(token, NULL), MEND_NOT_INSTALLED);

    above = hook_on("HookBase", "greet", MEND_BEFORE, hook_writes, "b"); /* on top of the newcomer */
    assert_string_equal(greeting(), "bf.");
    hook_off(above);
    assert_string_equal(greeting(), "f.");

    unswizzle(); /* puts our old entry back, which passes through */
    assert_string_equal(greeting(), ".");
    token = hook_on("HookBase", "greet", MEND_BEFORE, hook_writes, "c");
    assert_string_equal(greeting(), "c.");
    mend_hook_remove(token, NULL);
    assert_string_equal(greeting(), ".");
    method_setImplementation(class_getInstanceMethod([HookBase class], @selector(greet)), (IMP)plain);
}

static void
exchanged_methods_are_hooked_each_by_its_own_name(void **state)
{
    Method one = class_getInstanceMethod([HookBase class], @selector(greet));
    Method other = class_getInstanceMethod([HookBase class], @selector(shared));
    HookBase *object = [[HookBase new] autorelease];
    mend_token *first = hook_on("HookBase", "greet", MEND_BEFORE, hook_writes, "a"), *second;

    method_exchangeImplementations(one, other); /* -shared leads to the entry of -greet now */
    second = hook_on("HookBase", "shared", MEND_BEFORE, hook_writes, "b");
    hook_trace_clear();
    [object shared];
    assert_string_equal(hook_trace, "ba.");
    hook_trace_clear();
    [object greet];
    assert_null(strpbrk(hook_trace, "ab"));
    hook_off(second);
    method_exchangeImplementations(one, other);
    assert_string_equal(greeting(), "a.");
    hook_off(first);
    assert_string_equal(greeting(), ".");
}

static void
an_objects_hook_put_on_top_again_still_ends_with_the_object(void **state)
{
    mend_hook_stats before = hook_baseline();
    void *plain = hook_imp("HookBase", "greet");
    HookBase *object = [HookBase new];
    mend_target target = {.class_name = "HookBase", .selector = "greet", .object = (struct objc_object *)object};
    mend_hook_spec spec = {.position = MEND_BEFORE, .advice = hook_writes, .data = "o"};
    mend_token *token;

    assert_int_equal(mend_hook_add(&target, &spec, &token, NULL), MEND_OK);
    swizzle();
    assert_int_equal(mend_hook_reapply(&token, NULL), MEND_OK);
    hook_trace_clear();
    [object greet];
    assert_string_equal(hook_trace, "of.");
    [object release];
    assert_int_equal(mend_hook_remove(token, NULL), MEND_NOT_INSTALLED); /* it went with the object */
    unswizzle();
    method_setImplementation(class_getInstanceMethod([HookBase class], @selector(greet)), (IMP)plain);
    hook_assert_baseline(&before);
}

static void
a_cached_implementation_stays_callable_for_ever(void **state)
{
    HookBase *object = [HookBase new];
    mend_token *token = hook_on("HookBase", "greet", MEND_BEFORE, hook_writes, "a");
    void (*cached)(id, SEL) = (void (*)(id, SEL))(void (*)(void))[object methodForSelector:@selector(greet)];

    hook_off(token);
    mend_hook_collect();
    hook_trace_clear();
    cached(object, @selector(greet));
    assert_string_equal(hook_trace, ".");
    token = hook_on("HookBase", "greet", MEND_BEFORE, hook_writes, "b");
    hook_trace_clear();
    cached(object, @selector(greet));
    assert_string_equal(hook_trace, "b.");
    hook_off(token);
    [object release];
}

/* ---- Admission ---- */

static void
what_is_refused_changes_nothing_and_says_why(void **state)
{
    mend_hook_stats before = hook_baseline();
    mend_error err;
    static const char *const memory[] = {"retain", "release", "autorelease", "retainCount"};

    for (int i = 0; i < 4; i++) {
        assert_int_equal(hook_try("NSObject", memory[i], MEND_BEFORE, 0, &err), MEND_REFUSED_SELECTOR);
        assert_int_equal(hook_try("NSObject", memory[i], MEND_BEFORE, MEND_HOOK_UNSAFE, &err),
                         MEND_REFUSED_SELECTOR);
    }
    assert_int_equal(hook_try("HookBase", "class", MEND_AFTER, 0, &err), MEND_REFUSED_SELECTOR);
    assert_string_equal(err.class_name, "HookBase");
    assert_string_equal(err.selector, "class");
    assert_true(strlen(err.remedy) > 10);
    assert_int_equal(hook_try("HookBase", "dealloc", MEND_INSTEAD, 0, &err), MEND_REFUSED_POSITION);
    assert_int_equal(hook_try("HookBase", "dealloc", MEND_AFTER, 0, &err), MEND_REFUSED_POSITION);
    assert_int_equal(hook_try("HookBase", "grete", MEND_AFTER, 0, &err), MEND_NO_METHOD);
    assert_int_equal(hook_try("HookBase", "+greet", MEND_AFTER, 0, &err), MEND_NO_METHOD);
    assert_int_equal(hook_try("HookBaze", "greet", MEND_AFTER, 0, &err), MEND_NO_CLASS);
    assert_string_equal(err.class_name, "HookBaze");
    /* where calls go by way of libffi, unnamed arguments do not arrive at any position */
    assert_int_equal(hook_try("NSString", "initWithFormat:", MEND_AFTER, 0, &err),
                     MN_CPU_JUMPS_ON ? MEND_REFUSED_POSITION : MEND_REFUSED_SELECTOR);
    assert_int_equal(hook_try("HookBase", "greet", (mend_position)4, 0, &err), MEND_INVALID);
    assert_int_equal(hook_try("HookBase", "greet", MEND_AFTER, 1u << 30, &err), MEND_INVALID);
    hook_assert_baseline(&before);
}

static void
what_is_refused_can_be_forced_except_reference_counting(void **state)
{
    mend_error err;

    assert_int_equal(hook_try("HookBase", "class", MEND_BEFORE, MEND_HOOK_UNSAFE, &err), MEND_OK);
    assert_int_equal(hook_try("HookBase", "dealloc", MEND_INSTEAD, MEND_HOOK_UNSAFE, &err), MEND_OK);
    assert_int_equal(hook_try("HookBase", "dealloc", MEND_BEFORE, 0, &err), MEND_OK);
    assert_int_equal(hook_try("HookBase", "+alloc", MEND_AFTER, 0, &err), MEND_OK);
}

/* ---- Groups ---- */

static mend_status
stage(mend_group *group, const char *class_name, const char *selector, mend_position position, const char *letters)
{
    mend_target target = {.class_name = class_name, .selector = selector};
    mend_hook_spec spec = {.position = position,
                           .advice = position == MEND_INSTEAD ? hook_wraps : hook_writes,
                           .data = (void *)letters};

    return mend_group_add(group, &target, &spec, NULL);
}

static void
a_group_comes_and_goes_as_one(void **state)
{
    mend_hook_stats before = hook_baseline();
    mend_group *group;

    assert_int_equal(mend_group_new(&group, NULL), MEND_OK);
    assert_int_equal(stage(group, "HookBase", "greet", MEND_BEFORE, "a"), MEND_OK);
    assert_int_equal(stage(group, "HookBase", "greet", MEND_INSTEAD, "()"), MEND_OK);
    assert_int_equal(stage(group, "HookBase", "shared", MEND_BEFORE, "s"), MEND_OK);
    assert_int_equal(stage(group, "HookBase", "nothing", MEND_BEFORE, "s"), MEND_NO_METHOD);
    assert_string_equal(greeting(), ".");
    assert_int_equal(mend_group_revert(group, NULL), MEND_NOT_INSTALLED);
    assert_int_equal(mend_group_commit(group, NULL), MEND_OK);
    assert_string_equal(greeting(), "a(.)");
    assert_int_equal(stage(group, "HookBase", "greet", MEND_BEFORE, "a"), MEND_INVALID);
    assert_int_equal(mend_group_commit(group, NULL), MEND_INVALID);
    assert_int_equal(mend_group_revert(group, NULL), MEND_OK);
    assert_string_equal(greeting(), ".");
    assert_int_equal(mend_group_revert(group, NULL), MEND_NOT_INSTALLED);
    assert_int_equal(stage(group, "HookBase", "greet", MEND_AFTER, "z"), MEND_OK); /* it can be used again */
    assert_int_equal(mend_group_commit(group, NULL), MEND_OK);
    assert_string_equal(greeting(), ".z");
    mend_group_free(group);
    assert_string_equal(greeting(), ".");
    hook_assert_baseline(&before);
}

/* ---- Batches, as patches use them ---- */

static struct mn_batch *
batch_of(const char *selector, const char *types, const char *letters, struct mn_site **site)
{
    struct mn_batch *batch;
    struct mn_batch_item item = {.cls = [HookBase class],
                                 .sel = sel_registerName(selector),
                                 .types = types,
                                 .may_add = true,
                                 .spec = {.position = MEND_INSTEAD, .advice = hook_writes, .data = (void *)letters}};

    assert_int_equal(mn_batch_new(&batch, NULL), MEND_OK);
    assert_int_equal(mn_batch_add(batch, &item, site, NULL), MEND_OK);
    return batch;
}

static void
a_batch_replaces_an_earlier_one(void **state)
{
    mend_hook_stats before = hook_baseline();
    struct mn_site *site;
    struct mn_batch *one = batch_of("greet", "v@:", "1", &site), *two = batch_of("greet", "v16@0:8", "2", NULL);
    void *plain = hook_imp("HookBase", "greet");

    assert_int_equal(mn_batch_prepare(one, NULL, NULL), MEND_OK);
    assert_string_equal(greeting(), ".");
    mn_batch_commit(one);
    assert_string_equal(greeting(), "1");
    assert_ptr_equal(mn_site_original(site), plain);
    assert_int_equal(mn_batch_prepare(two, one, NULL), MEND_OK);
    mn_batch_cancel(two);
    assert_string_equal(greeting(), "1");
    assert_int_equal(mn_batch_prepare(two, one, NULL), MEND_OK);
    mn_batch_commit(two);
    assert_string_equal(greeting(), "2");
    assert_int_equal(mn_batch_revert(one, NULL), MEND_NOT_INSTALLED);
    mn_batch_free(one);
    assert_string_equal(greeting(), "2");
    assert_int_equal(mn_batch_revert(two, NULL), MEND_OK);
    assert_string_equal(greeting(), ".");
    assert_ptr_equal(hook_imp("HookBase", "greet"), plain);
    mn_batch_free(two);
    hook_assert_baseline(&before);
}

static void
a_method_that_a_batch_adds_disappears_again(void **state)
{
    mend_hook_stats before = hook_baseline();
    struct mn_site *site;
    struct mn_batch *batch = batch_of("brandNew", "v@:", "n", &site);
    HookChild *object = [HookChild new];

    assert_false([object respondsToSelector:@selector(brandNew)]);
    assert_int_equal(mn_batch_prepare(batch, NULL, NULL), MEND_OK);
    mn_batch_commit(batch);
    assert_true([object respondsToSelector:@selector(brandNew)]);
    assert_null(mn_site_original(site));
    hook_trace_clear();
    [object performSelector:@selector(brandNew)];
    assert_string_equal(hook_trace, "n");
    mn_batch_free(batch);
    assert_false([object respondsToSelector:@selector(brandNew)]);
    [object release];
    hook_assert_baseline(&before);
}

static void
a_batch_refuses_other_types(void **state)
{
    struct mn_batch *batch;
    struct mn_batch_item item = {.cls = [HookBase class],
                                 .sel = @selector(add:to:),
                                 .types = "i@:id",
                                 .spec = {.position = MEND_INSTEAD, .advice = hook_writes, .data = "x"}};
    mend_error err;

    assert_int_equal(mn_batch_new(&batch, NULL), MEND_OK);
    assert_int_equal(mn_batch_add(batch, &item, NULL, &err), MEND_SIGNATURE_MISMATCH);
    assert_non_null(strstr(err.message, "double"));
    assert_int_equal(mn_batch_count(batch), 0);
    mn_batch_free(batch);
}

/* ---- Memory runs out ---- */

static void
adding_and_removing_survive_every_failed_allocation(void **state)
{
    struct mn_faults f = {.keeps = true};
    mend_target target = {.class_name = "HookChild", .selector = "greet"};
    mend_hook_spec spec = {.position = MEND_INSTEAD, .advice = hook_wraps, .data = "()"};
    mend_hook_stats before = hook_baseline();

    while (mn_faults_next(&f)) {
        mend_error err;
        mend_token *token;
        mend_status st = mend_hook_add(&target, &spec, &token, &err);
        bool failed = mn_faults_hit(&f);

        if (st != MEND_OK) {
            assert_true(failed);
            assert_int_equal(st, MEND_NO_MEMORY);
            assert_null(token);
            assert_string_equal(greeting(), ".");
        } else {
            hook_off(token);
        }
    }
    hook_assert_baseline(&before);
}

static bool
no_memory_at_all(size_t size)
{
    return true;
}

static void
removing_never_fails_for_want_of_memory(void **state)
{
    mend_hook_stats before = hook_baseline();
    mend_token *stays = hook_on("HookBase", "greet", MEND_AFTER, hook_writes, "s");
    mend_token *goes = hook_on("HookBase", "greet", MEND_BEFORE, hook_writes, "g");

    assert_string_equal(greeting(), "g.s");
    mn_alloc_fault = no_memory_at_all;
    assert_int_equal(mend_hook_remove(goes, NULL), MEND_OK);
    assert_string_equal(greeting(), ".s");
    assert_int_equal(mend_hook_remove(stays, NULL), MEND_OK);
    assert_string_equal(greeting(), ".");
    mn_alloc_fault = NULL;
    hook_assert_baseline(&before);
}

static void
a_group_commits_whole_or_not_at_all(void **state)
{
    struct mn_faults f = {.keeps = true};
    mend_hook_stats before = hook_baseline();

    while (mn_faults_next(&f)) {
        mend_group *group = NULL;
        bool staged = mend_group_new(&group, NULL) == MEND_OK &&
                      stage(group, "HookBase", "greet", MEND_BEFORE, "a") == MEND_OK &&
                      stage(group, "HookBase", "shared", MEND_BEFORE, "b") == MEND_OK &&
                      stage(group, "HookChild", "greet", MEND_AFTER, "c") == MEND_OK;
        mend_status st = staged ? mend_group_commit(group, NULL) : MEND_NO_MEMORY;
        HookChild *object;

        if (mn_faults_hit(&f) && st != MEND_OK)
            assert_int_equal(st, MEND_NO_MEMORY);
        hook_trace_clear();
        object = [HookChild new];
        [object greet];
        [object shared];
        [object release];
        assert_string_equal(hook_trace, st == MEND_OK ? "a.ccbp" : ".cp");
        mend_group_free(group);
        assert_string_equal(greeting(), ".");
    }
    hook_assert_baseline(&before);
}

static _Thread_local bool starved;

static bool
no_memory_for_the_starved(size_t size)
{
    return starved;
}

static void *
greet_starved(void *object)
{
    starved = true;
    [(HookBase *)object add:200 to:0]; /* the first call of the thread, and two hundred inside each other */
    starved = false;
    return NULL;
}

static void
calls_need_no_memory(void **state)
{
    mend_hook_stats before = hook_baseline();
    mend_token *token = hook_on("HookBase", "add:to:", MEND_BEFORE, hook_writes, "a");
    mend_token *deep = hook_on("HookBase", "add:to:", MEND_INSTEAD, recurse, NULL);
    HookBase *object = [HookBase new];
    pthread_t thread;

    mn_alloc_fault = no_memory_for_the_starved;
    pthread_create(&thread, NULL, greet_starved, object);
    pthread_join(thread, NULL);
    mn_alloc_fault = NULL;
    hook_off(token);
    hook_off(deep);
    [object release];
    hook_assert_baseline(&before);
}

int
main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_second_removal_says_not_installed),
        cmocka_unit_test(advice_may_remove_itself_while_it_runs),
        cmocka_unit_test(advice_may_add_hooks_to_its_own_method_for_later_calls),
        cmocka_unit_test(data_is_released_once_and_not_before_the_last_call_left),
        cmocka_unit_test(removal_returns_while_a_hundred_threads_sleep_inside),
        cmocka_unit_test(hooks_may_recurse_deeper_than_the_first_block_of_holds),
        cmocka_unit_test(a_swizzle_over_a_hook_survives_its_removal),
        cmocka_unit_test(exchanged_methods_are_hooked_each_by_its_own_name),
        cmocka_unit_test(an_objects_hook_put_on_top_again_still_ends_with_the_object),
        cmocka_unit_test(a_cached_implementation_stays_callable_for_ever),
        cmocka_unit_test(what_is_refused_changes_nothing_and_says_why),
        cmocka_unit_test(what_is_refused_can_be_forced_except_reference_counting),
        cmocka_unit_test(a_group_comes_and_goes_as_one),
        cmocka_unit_test(a_batch_replaces_an_earlier_one),
        cmocka_unit_test(a_method_that_a_batch_adds_disappears_again),
        cmocka_unit_test(a_batch_refuses_other_types),
        cmocka_unit_test(adding_and_removing_survive_every_failed_allocation),
        cmocka_unit_test(removing_never_fails_for_want_of_memory),
        cmocka_unit_test(a_group_commits_whole_or_not_at_all),
        cmocka_unit_test(calls_need_no_memory),
    };

    hook_test_main(argc, argv);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
