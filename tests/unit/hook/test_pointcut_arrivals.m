/* SPDX-License-Identifier: MIT */
/* Pointcuts and hooks that wait: classes made at run time, a library opened, a bundle loaded, categories over hooks. */
#import "pointcut_loaded.h"
#import "support/hook_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <cmocka.h>
#include <dlfcn.h>
#include <objc/message.h>
#include <objc/runtime.h>
#include <pthread.h>
#include <string.h>

#include "pointcut_fixture.h"
#include "abi/trampoline.h"
#include "base/log.h"
#include "runtime/runtime.h"
#include "support/faults.h"

@interface PointcutHost (Quiet)
- (int)quiet;
@end

@implementation PointcutHost
- (int)answer
{
    return 1;
}
+ (int)answer
{
    return 2;
}
- (int)other
{
    return 3;
}
- (int)quiet
{
    return 4;
}
@end

@implementation PointcutHeir
@end

static int
returns_1(id self, SEL sel)
{
    return 1;
}

static int
send_int(id receiver, const char *selector)
{
    SEL sel = sel_registerName(selector);

    return ((int (*)(id, SEL))mn_lookup(receiver, sel))(receiver, sel);
}

/* A class like those a program makes at run time, with -made and +made. */
static Class
make_class(const char *name, Class super)
{
    Class cls = objc_allocateClassPair(super, name, 0);

    class_addMethod(cls, sel_registerName("made"), (IMP)returns_1, "i16@0:8");
    class_addMethod(object_getClass((id)cls), sel_registerName("made"), (IMP)returns_1, "i16@0:8");
    objc_registerClassPair(cls);
    return cls;
}

static int calls;

static mend_pointcut *
awaiting(const char *class_name, const char *selector, int class_side)
{
    mend_target target = {.class_name = class_name, .selector = selector, .class_side = class_side};
    mend_hook_spec spec = {.position = MEND_BEFORE, .advice = count_call, .data = &calls};
    mend_pointcut *pointcut;

    assert_int_equal(mend_pointcut_await(&target, &spec, &pointcut, NULL), MEND_OK);
    assert_int_equal(mend_pointcut_commit(pointcut, NULL), MEND_OK);
    return pointcut;
}

/* ---- Classes made at run time ---- */

static void
a_class_made_at_run_time_is_hooked_before_its_first_message_is_answered(void **state)
{
    mend_hook_stats before = hook_baseline();
    mend_pointcut *pointcut = committed("*[Made* made]", &calls, MEND_POINTCUT_FUTURE);
    Class cls;

    assert_true(state_of(pointcut).armed && state_of(pointcut).waiting);
    cls = make_class("MadeFirst", [NSObject class]);
    assert_int_equal(send_int((id)cls, "made"), 1);
    assert_int_equal(taken(&calls), 1);
    assert_int_equal(send_int([[cls new] autorelease], "made"), 1);
    assert_int_equal(taken(&calls), 1);
    assert_false(state_of(pointcut).waiting);
    assert_int_equal(state_of(pointcut).hooked, 2);
    assert_int_equal(state_of(pointcut).arrived, 2);
    mend_pointcut_free(pointcut);
    assert_int_equal(send_int((id)cls, "made"), 1);
    assert_int_equal(taken(&calls), 0);
    assert_int_equal(send_int((id)make_class("MadeAfterwards", [NSObject class]), "made"), 1);
    assert_int_equal(taken(&calls), 0);
    hook_assert_baseline(&before);
}

static void
arrivals_are_for_who_is_armed_only(void **state)
{
    mend_pointcut *now = committed("*[Made* made]", &calls, 0);
    size_t had = state_of(now).hooked;
    Class cls = make_class("MadeUnseen", [NSObject class]);

    assert_int_equal(send_int((id)cls, "made"), 1);
    assert_int_equal(taken(&calls), 0);
    assert_int_equal(mend_pointcut_refresh(NULL), MEND_OK);
    assert_int_equal(state_of(now).hooked, had);
    assert_int_equal(send_int((id)cls, "made"), 1);
    assert_int_equal(taken(&calls), 0);
    mend_pointcut_free(now);
}

static int initialized;

static void
initialize_alone(id self, SEL sel)
{
    initialized++;
}

/* Its own +initialize hides the class from us: a refresh finds it. */
static void
a_refresh_finds_what_nobody_told_of_and_runs_no_code(void **state)
{
    mend_pointcut *pointcut = committed("+[Silent made]", &calls, MEND_POINTCUT_FUTURE);
    Class cls = objc_allocateClassPair([NSObject class], "Silent", 0);
    Class meta = object_getClass((id)cls);

    class_addMethod(meta, sel_registerName("made"), (IMP)returns_1, "i16@0:8");
    class_addMethod(meta, sel_registerName("initialize"), (IMP)initialize_alone, "v16@0:8");
    objc_registerClassPair(cls);
    assert_int_equal(mend_pointcut_refresh(NULL), MEND_OK);
    assert_int_equal(mend_pointcut_refresh(NULL), MEND_OK);
    assert_int_equal(state_of(pointcut).hooked, 1);
    assert_int_equal(initialized, 0);
    assert_int_equal(send_int((id)cls, "made"), 1);
    assert_int_equal(initialized, 1);
    assert_int_equal(taken(&calls), 1);
    mend_pointcut_free(pointcut);
}

static void
what_arrives_out_of_force_stays_so_until_enabled(void **state)
{
    mend_pointcut *pointcut = committed("+[Dis* made]", &calls, MEND_POINTCUT_FUTURE);
    Class cls;

    assert_int_equal(mend_pointcut_disable(pointcut, NULL), MEND_OK);
    cls = make_class("Disabled", [NSObject class]);
    assert_int_equal(send_int((id)cls, "made"), 1);
    assert_int_equal(taken(&calls), 0);
    assert_int_equal(mend_pointcut_enable(pointcut, NULL), MEND_OK);
    assert_int_equal(send_int((id)cls, "made"), 1);
    assert_int_equal(taken(&calls), 1);
    mend_pointcut_free(pointcut);
}

static void
a_method_swizzled_since_is_not_hooked_again(void **state)
{
    mend_pointcut *pointcut;
    Class cls = make_class("Swizzled", [NSObject class]);
    Method method = class_getClassMethod(cls, sel_registerName("made"));
    IMP ours;

    pointcut = committed("+[Swizzled made]", &calls, MEND_POINTCUT_FUTURE);
    send_int((id)cls, "made");
    assert_int_equal(taken(&calls), 1);
    ours = method_setImplementation(method, (IMP)returns_1);
    assert_int_equal(mend_pointcut_refresh(NULL), MEND_OK);
    send_int((id)cls, "made");
    assert_int_equal(taken(&calls), 0);
    method_setImplementation(method, ours);
    assert_int_equal(send_int((id)cls, "made"), 1);
    assert_int_equal(taken(&calls), 1);
    mend_pointcut_free(pointcut);
}

static int
note_armed(void *data, const char *pattern, const mend_pointcut_state *state)
{
    strcat(strcat(data, pattern), state->waiting ? " waits;" : " lives;");
    return 1;
}

static void
a_hook_waits_for_its_class_and_says_so(void **state)
{
    mend_pointcut *side = awaiting("Awaited", "made", 1), *inherited = awaiting("Awaited", "description", 0);
    char armed[128] = "";
    Class cls;

    assert_true(state_of(side).waiting);
    mend_pointcut_each_armed(note_armed, armed);
    assert_string_equal(armed, "+[Awaited made] waits;-[Awaited description] waits;");
    cls = make_class("Awaited", [NSObject class]);
    assert_int_equal(send_int((id)cls, "made"), 1);
    assert_int_equal(taken(&calls), 1);
    armed[0] = '\0';
    mend_pointcut_each_armed(note_armed, armed);
    assert_string_equal(armed, "+[Awaited made] lives;-[Awaited description] lives;");
    [[[cls new] autorelease] description];
    assert_int_equal(taken(&calls), 1);
    [[[NSObject new] autorelease] description];
    assert_int_equal(taken(&calls), 0);
    mend_pointcut_free(side);
    mend_pointcut_free(inherited);
    armed[0] = '\0';
    mend_pointcut_each_armed(note_armed, armed);
    assert_string_equal(armed, "");
}

/* ---- Memory and threads ---- */

static void
say_nothing(void *data, enum mn_log_level level, const char *line)
{
}

static void
an_arrival_without_memory_is_tried_again(void **state)
{
    mend_pointcut *pointcut = committed("*[Poor* made]", &calls, MEND_POINTCUT_FUTURE);
    char name[32];
    int round = 0;
    struct mn_faults f = {.keeps = true};

    mn_log_to(say_nothing, NULL);
    while (mn_faults_next(&f)) {
        size_t had = state_of(pointcut).hooked;
        Class cls;

        snprintf(name, sizeof name, "Poor%d", round++);
        cls = make_class(name, [NSObject class]);
        send_int((id)cls, "made");
        if (mn_faults_hit(&f) && state_of(pointcut).hooked != had + 2) {
            assert_int_equal(state_of(pointcut).hooked, had);
            assert_int_equal(taken(&calls), 0);
            assert_true(state_of(pointcut).missed > 0);
            assert_int_equal(mend_pointcut_refresh(NULL), MEND_OK);
        }
        taken(&calls);
        assert_int_equal(state_of(pointcut).hooked, had + 2);
        send_int((id)cls, "made");
        assert_int_equal(taken(&calls), 1);
    }
    mn_log_to(NULL, NULL);
    mend_pointcut_free(pointcut);
}

enum { MAKERS = 2, EACH = 60 };

static void *
make_classes(void *data)
{
    NSAutoreleasePool *pool = [NSAutoreleasePool new];
    long wrong = 0;
    char name[32];

    for (int i = 0; i < EACH; i++) {
        Class cls;

        snprintf(name, sizeof name, "Storm%dx%d", *(int *)data, i);
        cls = make_class(name, i % 2 ? [PointcutHost class] : [NSObject class]);
        for (int n = 0; n < 20; n++)
            wrong += send_int((id)cls, "made") != 1 || send_int([[cls new] autorelease], "made") != 1;
    }
    [pool release];
    return (void *)wrong;
}

static void
classes_arrive_on_threads_while_pointcuts_come_and_go(void **state)
{
    mend_hook_stats before = hook_baseline();
    mend_pointcut *kept = committed("*[Storm* made]", &calls, MEND_POINTCUT_FUTURE);
    int numbers[MAKERS];
    pthread_t makers[MAKERS];
    void *wrong;

    for (int i = 0; i < MAKERS; i++) {
        numbers[i] = i;
        pthread_create(&makers[i], NULL, make_classes, &numbers[i]);
    }
    for (int i = 0; i < 100; i++)
        mend_pointcut_free(committed("*[Storm* *]", &calls, MEND_POINTCUT_FUTURE));
    for (int i = 0; i < MAKERS; i++) {
        pthread_join(makers[i], &wrong);
        assert_int_equal((long)wrong, 0);
    }
    assert_int_equal(state_of(kept).hooked, MAKERS * EACH * 2);
    assert_true(taken(&calls) >= MAKERS * EACH * 40); /* the kept one missed no call */
    mend_pointcut_free(kept);
    hook_assert_baseline(&before);
}

/* ---- A library, and a category over hooked methods ---- */

static void
what_a_library_brings_is_hooked_and_its_categories_become_the_originals(void **state)
{
    mend_hook_stats before = hook_baseline();
    mend_pointcut *opened = committed("*[PointcutOpened *]", &calls, MEND_POINTCUT_FUTURE);
    mend_pointcut *later = awaiting("PointcutHost", "added", 0);
    mend_token *first = hook_on("PointcutHost", "answer", MEND_INSTEAD, hook_wraps, "ab"),
               *second = hook_on("PointcutHost", "answer", MEND_INSTEAD, hook_wraps, "cd"),
               *side = hook_on("PointcutHost", "+answer", MEND_BEFORE, hook_writes, "s"),
               *inherited = hook_on("PointcutHeir", "answer", MEND_BEFORE, hook_writes, "h"),
               *other_types = hook_on("PointcutHost", "quiet", MEND_BEFORE, hook_writes, "q");
    PointcutHost *host = [[PointcutHost new] autorelease];
    void *library;

    assert_int_equal([host answer], 1);
    assert_int_equal([host quiet], 4);
    hook_trace_clear();
    library = dlopen(POINTCUT_OPENED, RTLD_NOW);
    if (library == NULL)
        fail_msg("%s", dlerror());
    assert_int_equal(state_of(opened).hooked, 2);
    assert_int_equal([NSClassFromString(@"PointcutOpened") opened], 6);
    assert_int_equal([[[NSClassFromString(@"PointcutOpened") new] autorelease] opened], 5);
    assert_int_equal(taken(&calls), 2);
    assert_false(state_of(later).waiting);
    assert_int_equal([host added], 7);
    assert_int_equal(taken(&calls), 1);

    assert_int_equal([host answer], 100);
    assert_string_equal(hook_trace, "cabd");
    hook_trace_clear();
    assert_int_equal([PointcutHost answer], 200);
    assert_string_equal(hook_trace, "s");
    hook_trace_clear();
    assert_int_equal([[[PointcutHeir new] autorelease] answer], 100);
    assert_string_equal(hook_trace, "hcabd");
    hook_trace_clear();
    send_int(host, "quiet"); /* the newcomer has other types: the hook keeps away from it */
    assert_string_equal(hook_trace, "");

    hook_off(second);
    assert_int_equal([host answer], 100);
    assert_string_equal(hook_trace, "ab");
    hook_off(first);
    hook_off(side);
    hook_off(inherited);
    hook_trace_clear();
    assert_int_equal([host answer], 100);
    assert_int_equal([PointcutHost answer], 200);
    assert_string_equal(hook_trace, "");
    assert_null(mn_trampoline_at((mn_code)hook_imp("PointcutHost", "answer")));
    assert_null(mn_trampoline_at((mn_code)hook_imp("PointcutHost", "+answer")));
    assert_int_equal(mend_hook_remove(other_types, NULL), MEND_FOREIGN_IMP);
    mend_pointcut_free(opened);
    mend_pointcut_free(later);
    assert_int_equal([host added], 7);
    assert_int_equal(taken(&calls), 0);
    hook_assert_baseline(&before);
}

/* ---- A bundle ---- */

static void
a_bundle_loaded_by_foundation_is_noticed_too(void **state)
{
    mend_hook_stats before = hook_baseline();
    mend_pointcut *pointcut = committed("-[PointcutBundled *]", &calls, MEND_POINTCUT_FUTURE);
    mend_token *token = hook_on("PointcutHost", "other", MEND_BEFORE, hook_writes, "o");
    PointcutHost *host = [[PointcutHost new] autorelease];
    NSBundle *bundle = [NSBundle bundleWithPath:@POINTCUT_BUNDLE];

    assert_int_equal([host other], 3);
    hook_trace_clear();
    assert_non_null(bundle);
    assert_true([bundle load]);
    assert_int_equal(state_of(pointcut).hooked, 1);
    assert_int_equal([[[NSClassFromString(@"PointcutBundled") new] autorelease] bundled], 8);
    assert_int_equal(taken(&calls), 1);
    assert_int_equal([host other], 300);
    assert_string_equal(hook_trace, "o");
    hook_off(token);
    assert_int_equal([host other], 300);
    assert_string_equal(hook_trace, "o");
    mend_pointcut_free(pointcut);
    hook_assert_baseline(&before);
}

int
main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_class_made_at_run_time_is_hooked_before_its_first_message_is_answered),
        cmocka_unit_test(arrivals_are_for_who_is_armed_only),
        cmocka_unit_test(a_refresh_finds_what_nobody_told_of_and_runs_no_code),
        cmocka_unit_test(what_arrives_out_of_force_stays_so_until_enabled),
        cmocka_unit_test(a_method_swizzled_since_is_not_hooked_again),
        cmocka_unit_test(a_hook_waits_for_its_class_and_says_so),
        cmocka_unit_test(an_arrival_without_memory_is_tried_again),
        cmocka_unit_test(classes_arrive_on_threads_while_pointcuts_come_and_go),
        cmocka_unit_test(a_bundle_loaded_by_foundation_is_noticed_too),
        cmocka_unit_test(what_a_library_brings_is_hooked_and_its_categories_become_the_originals),
    };

    hook_test_main(argc, argv);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
