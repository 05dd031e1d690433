/* SPDX-License-Identifier: MIT */
/*
 * What leaves a call other than by returning: an Objective-C exception, cancellation, pthread_exit, longjmp; and who can be seen in a
 * backtrace. Each goes through a trampoline that jumps on and one that replays the call, in our text and in mapped pages.
 */
#include "abi/trampoline.h"
#include "machine.h"

#import <Foundation/Foundation.h>
#include <execinfo.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>

typedef long way_out(long, double);

static const struct mn_signature *signature;
static struct mn_trampoline *ways[4];
static int unwound;

static mn_code
go_on(struct mn_frame *frame, void *context)
{
    (void)frame;
    return (mn_code)context;
}

static void
count_unwinding(int *unused)
{
    (void)unused;
    unwound++;
}

/* A frame of ours between: its clean-up must run. */
static mn_code
replay(struct mn_frame *frame, void *context)
{
    int scoped __attribute__((cleanup(count_unwinding))) = 0;

    (void)scoped;
    mn_call_frame((mn_code)context, frame, signature->shape);
    return NULL;
}

/* Two ways through stubs in our text, two through mapped pages; `target` is what all of them lead to. */
static void
open_ways(way_out *target)
{
    static struct mn_trampoline *used[STUB_COUNT];
    int i;

    assert_int_equal(mn_signature_get("qqd", &signature, NULL), MEND_OK);
    assert_int_equal(mn_trampoline_new(signature, go_on, (void *)target, &ways[0], NULL), MEND_OK);
    assert_int_equal(mn_trampoline_new(signature, replay, (void *)target, &ways[1], NULL), MEND_OK);
    for (i = 0; i < STUB_COUNT; i++)
        assert_int_equal(mn_trampoline_new(signature, go_on, NULL, &used[i], NULL), MEND_OK);
    assert_int_equal(mn_trampoline_new(signature, go_on, (void *)target, &ways[2], NULL), MEND_OK);
    assert_int_equal(mn_trampoline_new(signature, replay, (void *)target, &ways[3], NULL), MEND_OK);
    for (i = 0; i < STUB_COUNT; i++)
        mn_trampoline_free(used[i]);
    unwound = 0;
}

static void
close_ways(void)
{
    int i;

    for (i = 0; i < 4; i++)
        mn_trampoline_free(ways[i]);
}

static long
call_way(int i)
{
    return ((way_out *)mn_trampoline_code(ways[i]))(41, 0.5);
}

static long
raise_exception(long a, double b)
{
    assert_int_equal(a, 41);
    [NSException raise: @"Way" format: @"%g", b];
    return 0;
}

static void
an_exception_reaches_its_handler(void **state)
{
    volatile int caught = 0;
    volatile int i, turn;

    (void)state;
    open_ways(raise_exception);
    for (turn = 0; turn < 100; turn++)
        for (i = 0; i < 4; i++) {
            @try {
                call_way(i);
            } @catch (NSException *e) {
                caught += [[e reason] isEqualToString: @"0.5"];
            }
        }
    assert_int_equal(caught, 400);
    assert_int_equal(unwound, 200);
    close_ways();
}

static jmp_buf out;

static long
jump_out(long a, double b)
{
    (void)b;
    longjmp(out, (int)a);
}

static void
longjmp_leaves_all_frames_behind(void **state)
{
    volatile int i;

    (void)state;
    open_ways(jump_out);
    for (i = 0; i < 4; i++) {
        int value = setjmp(out);

        if (value == 0)
            call_way(i);
        assert_int_equal(value, 41);
    }
    close_ways();
}

static long
wait_to_be_cancelled(long a, double b)
{
    (void)b;
    while (a != 0)
        pthread_testcancel();
    return 0;
}

static long
exit_thread(long a, double b)
{
    (void)a;
    (void)b;
    pthread_exit(PTHREAD_CANCELED);
    return 0;
}

static void *
thread_in_a_way(void *data)
{
    int scoped __attribute__((cleanup(count_unwinding))) = 0;

    (void)scoped;
    call_way((int)(intptr_t)data);
    return NULL;
}

static void
end_threads(way_out *target, BOOL cancel)
{
    int i;

    open_ways(target);
    for (i = 0; i < 4; i++) {
        pthread_t thread;
        void *result;

        assert_int_equal(pthread_create(&thread, NULL, thread_in_a_way, (void *)(intptr_t)i), 0);
        if (cancel)
            pthread_cancel(thread);
        pthread_join(thread, &result);
        assert_ptr_equal(result, PTHREAD_CANCELED);
    }
    close_ways();
}

static void
a_cancelled_thread_unwinds(void **state)
{
    (void)state;
    end_threads(wait_to_be_cancelled, YES);
    assert_true(unwound >= 2); /* a thread may be cancelled before it gets there */
}

static void
pthread_exit_unwinds(void **state)
{
    (void)state;
    end_threads(exit_thread, NO);
    assert_int_equal(unwound, 6);
}

static void *frames[64];
static int frame_count;

static long
take_backtrace(long a, double b)
{
    (void)b;
    frame_count = backtrace(frames, 64);
    return a + 1;
}

static int
frames_within(void *start, size_t size)
{
    int found = 0, i;

    for (i = 0; i < frame_count; i++)
        found += (char *)frames[i] >= (char *)start && (char *)frames[i] < (char *)start + size;
    return found;
}

static long __attribute__((noinline))
recognisable_caller(int i)
{
    long result = call_way(i);

    __asm__ volatile("" ::: "memory");
    return result;
}

static void
a_backtrace_shows_the_caller(void **state)
{
    int i;

    (void)state;
    open_ways(take_backtrace);
    for (i = 0; i < 4; i++) {
        frame_count = 0;
        assert_int_equal(recognisable_caller(i), 42);
        assert_int_equal(frames_within((void *)recognisable_caller, 64), 1);
        if (!BY_LIBFFI)
            assert_int_equal(frames_within((void *)mn_call_frame, 256), i % 2);
    }
    close_ways();
}

#ifndef MEND_ABI_LIBFFI /* there the assembly is libffi's */
extern const char mn_stubs[], mn_entry_full[];

static struct {
    const char *start;
    size_t size;
    int steps;
} const assembly[] = {{mn_stubs, STUB_COUNT * STUB_SIZE, 3}, {mn_entry_full, 256, 30}, {(const char *)mn_call_frame, 256, 30}};

static volatile int steps[3], lost;

/* After every instruction: from within our assembly, the caller must be found. */
static void
stepped(int signal, siginfo_t *info, void *context)
{
    const char *at = step_address(context);
    int i;

    (void)signal;
    (void)info;
    for (i = 0; i < 3; i++)
        if (at >= assembly[i].start && at < assembly[i].start + assembly[i].size) {
            frame_count = backtrace(frames, 64);
            steps[i]++;
            lost += frames_within((void *)recognisable_caller, 64) != 1;
        }
}

static long
nothing_special(long a, double b)
{
    return a + (b == 0.5);
}

static bool
enough_steps(void)
{
    return steps[0] >= assembly[0].steps && steps[1] >= assembly[1].steps && steps[2] >= assembly[2].steps;
}

/* Where the machine steps itself, one round is enough; where signals are sent at random, a busy machine needs more. */
static void
every_instruction_can_be_unwound(void **state)
{
    enum { MOST_ROUNDS = 12 };
    struct sigaction action = {.sa_sigaction = stepped, .sa_flags = SA_SIGINFO}, before;
    int i, j, round;

    (void)state;
    open_ways(nothing_special);
    backtrace(frames, 64); /* loads what it needs */
    sigaction(STEP_SIGNAL, &action, &before);
    for (round = 0; round < MOST_ROUNDS && !enough_steps(); round++)
        for (i = 0; i < 2; i++) {
            step_by_step(true);
            for (j = 0; j < STEP_CALLS; j++)
                recognisable_caller(i);
            step_by_step(false);
        }
    sigaction(STEP_SIGNAL, &before, NULL);
    assert_int_equal(lost, 0);
    assert_true(enough_steps());
    close_ways();
}
#endif

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_exception_reaches_its_handler), cmocka_unit_test(longjmp_leaves_all_frames_behind),
        cmocka_unit_test(a_cancelled_thread_unwinds),       cmocka_unit_test(pthread_exit_unwinds),
        cmocka_unit_test(a_backtrace_shows_the_caller),
#ifndef MEND_ABI_LIBFFI
        cmocka_unit_test(every_instruction_can_be_unwound),
#endif
    };
    NSAutoreleasePool *pool = [NSAutoreleasePool new];
    int result = cmocka_run_group_tests(tests, NULL, NULL);

    [pool release];
    return result;
}
