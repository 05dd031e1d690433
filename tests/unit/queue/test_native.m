/* SPDX-License-Identifier: MIT */
/* In a process with libdispatch, queues of patches are its queues. */
#import <Foundation/Foundation.h>

#include "base/alloc.h"
#include "queue/queue.h"
#include "standin.h"

#include <mend/queue.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

static char trace[64];

static void
marks(void *text)
{
    strncat(trace, text, sizeof trace - strlen(trace) - 1);
}

static void
work_goes_to_the_process_s_own_queues(void **state)
{
    struct mn_queue *queue;
    size_t live;
    int before;

    mn_queue_main();
    live = mn_alloc_live();
    before = standin.queues;
    queue = mn_queue_new("own", true, NULL);
    trace[0] = 0;
    assert_int_equal(standin.queues, before + 1);
    assert_int_equal(standin.concurrent, 1);
    assert_int_equal(mn_queue_async(queue, marks, "a", false, NULL), MEND_OK);
    assert_int_equal(mn_queue_async(queue, marks, "b", true, NULL), MEND_OK);
    assert_string_equal(trace, "");
    assert_int_equal(mn_queue_sync(queue, marks, "c", false, NULL), MEND_OK);
    assert_string_equal(trace, "abc");
    assert_int_equal(standin.async, 1);
    assert_int_equal(standin.barriers, 1);
    assert_int_equal(standin.sync, 1);
    mn_queue_suspend(queue);
    mn_queue_async(queue, marks, "d", false, NULL);
    mn_queue_resume(queue);
    mn_queue_sync(queue, marks, "e", true, NULL);
    assert_string_equal(trace, "abcde");
    mn_queue_release(queue);
    assert_int_equal(standin.queues, before);
    assert_int_equal(mn_alloc_live(), live);
}

static void
the_main_queue_is_drained_where_no_run_loop_does(void **state)
{
    trace[0] = 0;
    mn_queue_async(mn_queue_main(), marks, "m", false, NULL);
    assert_string_equal(trace, "");
    mend_main_queue_drain();
    assert_string_equal(trace, "m");
    mn_queue_async(mn_queue_main(), marks, "n", false, NULL);
    [[NSRunLoop currentRunLoop] runUntilDate:[NSDate dateWithTimeIntervalSinceNow:0.05]];
    assert_string_equal(trace, "mn");
}

static void
raises(void *unused)
{
    [NSException raise:@"Odd" format:@"as asked"];
}

static void
an_exception_comes_back_to_who_waits(void **state)
{
    struct mn_queue *queue = mn_queue_new(NULL, false, NULL);
    NSString *name = nil;

    @try {
        mn_queue_sync(queue, raises, NULL, false, NULL);
    } @catch (NSException *e) {
        name = [e name];
    }
    assert_true([name isEqualToString:@"Odd"]);
    mn_queue_release(queue);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(work_goes_to_the_process_s_own_queues),
        cmocka_unit_test(the_main_queue_is_drained_where_no_run_loop_does),
        cmocka_unit_test(an_exception_comes_back_to_who_waits),
    };
    NSAutoreleasePool *pool = [NSAutoreleasePool new];
    int failed = cmocka_run_group_tests(tests, NULL, NULL);

    [pool release];
    return failed;
}
