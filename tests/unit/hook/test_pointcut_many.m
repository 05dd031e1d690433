/* SPDX-License-Identifier: MIT */
/* 100,000 generated methods hooked by one pattern: in less than a second, and given back. */
#import "support/hook_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <time.h>

#include "pointcut_fixture.h"
#include "runtime/create.h"
#include "runtime/runtime.h"

enum { CLASSES = 500, METHODS = 200 };

static Class classes[CLASSES];

static long
returns_7(id self, SEL sel)
{
    return 7;
}

/* Half of the classes below others of theirs; half instance methods, half class methods; every second selector known
 * to that class alone. */
static void
make_classes(void)
{
    char name[64];

    for (int c = 0; c < CLASSES; c++) {
        Class super = c % 2 ? classes[c / 2] : [NSObject class];

        snprintf(name, sizeof name, "Many%d", c);
        assert_int_equal(mn_class_new(super, name, &classes[c], NULL), MEND_OK);
        for (int m = 0; m < METHODS; m++) {
            Class side = m % 4 < 2 ? classes[c] : mn_class_meta(classes[c]);

            snprintf(name, sizeof name, m % 2 ? "method%d" : "method%dOf%d", m, c);
            assert_int_equal(mn_class_add_method(side, mn_selector(name), (IMP)returns_7, "q16@0:8", NULL), MEND_OK);
        }
        assert_int_equal(mn_class_register(classes[c], NULL), MEND_OK);
    }
}

static long
send_long(id receiver, const char *name)
{
    SEL sel = mn_selector(name);

    return ((long (*)(id, SEL))mn_lookup(receiver, sel))(receiver, sel);
}

/* Of this thread's work: what else the machine does is no business of ours. */
static uint64_t
work_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static double
milliseconds_since(uint64_t begin)
{
    return (double)(work_ns() - begin) / 1e6;
}

static void
a_hundred_thousand_methods_are_hooked_by_one_pattern_within_a_second(void **state)
{
    mend_hook_stats before = hook_baseline();
    int calls = 0;
    mend_pointcut *pointcut = pointcut_of("*[Many* method*]", &calls, MEND_POINTCUT_FUTURE);
    mend_pointcut_counts counts;
    uint64_t begin = work_ns();
    double counted, hooked, again, reverted;
    const char *limit = getenv("MEND_POINTCUT_LIMIT_MS");

    assert_int_equal(mend_pointcut_count(pointcut, &counts, NULL), MEND_OK);
    counted = milliseconds_since(begin);
    assert_int_equal(counts.methods, CLASSES * METHODS);
    begin = work_ns();
    assert_int_equal(mend_pointcut_commit(pointcut, NULL), MEND_OK);
    hooked = milliseconds_since(begin);
    assert_int_equal(state_of(pointcut).hooked, CLASSES * METHODS);
    for (int c = 0; c < CLASSES; c++) {
        assert_int_equal(send_long((id)classes[c], "method3"), 7);
        assert_int_equal(send_long([[classes[c] new] autorelease], "method1"), 7);
    }
    assert_int_equal(taken(&calls), CLASSES * 2);
    begin = work_ns();
    assert_int_equal(mend_pointcut_revert(pointcut, NULL), MEND_OK);
    reverted = milliseconds_since(begin);
    begin = work_ns();
    assert_int_equal(mend_pointcut_commit(pointcut, NULL), MEND_OK);
    again = milliseconds_since(begin);
    assert_int_equal(send_long((id)classes[0], "method3"), 7);
    assert_int_equal(taken(&calls), 1);
    mend_pointcut_free(pointcut);
    assert_int_equal(send_long((id)classes[0], "method3"), 7);
    assert_int_equal(taken(&calls), 0);
    print_message("%d methods: counted in %.0f ms, hooked in %.0f ms, reverted in %.0f ms, hooked again in %.0f ms\n",
                  CLASSES * METHODS, counted, hooked, reverted, again);
    if (limit != NULL)
        assert_true(hooked < atof(limit));
    hook_assert_baseline(&before);
}

int
main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_hundred_thousand_methods_are_hooked_by_one_pattern_within_a_second),
    };

    hook_test_main(argc, argv);
    make_classes();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
