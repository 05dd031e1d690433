/* SPDX-License-Identifier: MIT */
/* News of what is loaded or made: from the runtime, from Foundation's way of loading, from the first message. */
#import <Foundation/Foundation.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <cmocka.h>
#include <dlfcn.h>
#include <objc/runtime.h>
#include <string.h>

#include "runtime/adoption.h"
#include "runtime/create.h"
#include "runtime/loading.h"
#include "support/faults.h"

/* A category of the same program replaces its method. */
@interface LoadingTwice : NSObject
- (int)answer;
@end

@implementation LoadingTwice
- (int)answer
{
    return 1;
}
@end

@implementation LoadingTwice (Over)
- (int)answer
{
    return 2;
}
@end

static Class told[4096];
static int news_count;

static void
note(Class cls)
{
    if (news_count < 4096)
        told[news_count++] = cls;
}

static int
times_told(Class cls)
{
    int n = 0;

    for (int i = 0; i < news_count; i++)
        n += told[i] == cls;
    return n;
}

static void
watching_needs_memory_or_changes_nothing(void **state)
{
    struct mn_faults f = {0}, g = {0};

    while (mn_faults_next(&f)) {
        mend_status st = mn_loading_watch(note, true, NULL);

        assert_int_equal(st, mn_faults_hit(&f) ? MEND_NO_MEMORY : MEND_OK);
    }
    news_count = 0;
    while (mn_faults_next(&g)) {
        mend_status st = mn_loading_sweep(NULL);

        if (mn_faults_hit(&g)) {
            assert_int_equal(st, MEND_NO_MEMORY);
            assert_int_equal(news_count, 0);
        } else {
            assert_int_equal(st, MEND_OK);
        }
    }
    assert_int_equal(times_told([NSArray class]), 1);
    assert_int_equal(news_count, objc_getClassList(NULL, 0));
    news_count = 0;
}

static void
the_first_message_to_a_class_is_news_before_it_is_answered(void **state)
{
    Class cls;

    assert_int_equal(mn_class_new([NSObject class], "LoadingMade", &cls, NULL), MEND_OK);
    assert_int_equal(mn_class_register(cls, NULL), MEND_OK);
    assert_int_equal(times_told(cls), 0);
    [cls class];
    assert_int_equal(times_told(cls), 1);
    [cls class];
    assert_int_equal(times_told(cls), 1);
    mn_loading_forget_first_use();
    assert_int_equal(mn_class_new([NSObject class], "LoadingForgotten", &cls, NULL), MEND_OK);
    assert_int_equal(mn_class_register(cls, NULL), MEND_OK);
    [cls class];
    assert_int_equal(times_told(cls), 0);
    assert_int_equal(mn_loading_watch(note, true, NULL), MEND_OK);
}

static int host_calls;
static void (*host_next)(Class cls, struct objc_category *category);

/* A host that chains what it finds, as one should. */
static void
host_callback(Class cls, struct objc_category *category)
{
    host_calls++;
    if (host_next != NULL)
        host_next(cls, category);
}

static bool
is_refined(void *data, const char *name)
{
    ++*(int *)data;
    return strcmp(name, "LoadingBase") != 0;
}

static void
a_library_is_news_class_by_class_whoever_else_listens(void **state)
{
    Class cls;
    int seen = 0;

    host_next = _objc_load_callback;
    _objc_load_callback = host_callback;
    assert_int_equal(mn_loading_watch(note, true, NULL), MEND_OK); /* in front of the host's, which calls us again */
    news_count = 0;
    if (dlopen(LOADING_OPENED, RTLD_NOW) == NULL)
        fail_msg("%s", dlerror());
    cls = mn_class_named("LoadingOpened");
    assert_non_null(cls);
    assert_int_equal(times_told(cls), 1);
    assert_int_equal(times_told([NSObject class]), 1); /* by the category */
    assert_in_range(host_calls, 2, 3); /* clang adds a category of its own */
    assert_false(mn_class_initialised(cls));
    assert_false(mn_class_each_adopted(cls, is_refined, &seen));
    assert_int_equal(seen, 2);
    seen = 0;
    assert_false(mn_class_each_adopted(mn_class_meta(cls), is_refined, &seen));
    assert_false(mn_class_initialised(cls));
}

static bool
note_record(void *data, const struct mn_method *method)
{
    *(int *)data += mn_selector_equal(method->sel, @selector(answer));
    return true;
}

static void
hidden_records_are_visited_too(void **state)
{
    int records = 0, methods = 0;

    mn_method_each_record([LoadingTwice class], note_record, &records);
    mn_method_each([LoadingTwice class], note_record, &methods);
    assert_int_equal(methods, 1);
    assert_int_equal(records, 2);
    records = 0;
    mn_method_each_record(Nil, note_record, &records);
    assert_int_equal(records, 0);
}

static void
a_sweep_puts_the_callback_back(void **state)
{
    _objc_load_callback = NULL; /* as Foundation leaves it */
    assert_int_equal(mn_loading_sweep(NULL), MEND_OK);
    assert_true(_objc_load_callback != NULL);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(watching_needs_memory_or_changes_nothing),
        cmocka_unit_test(the_first_message_to_a_class_is_news_before_it_is_answered),
        cmocka_unit_test(a_library_is_news_class_by_class_whoever_else_listens),
        cmocka_unit_test(hidden_records_are_visited_too),
        cmocka_unit_test(a_sweep_puts_the_callback_back),
    };

    [NSAutoreleasePool new];
    return cmocka_run_group_tests(tests, NULL, NULL);
}
