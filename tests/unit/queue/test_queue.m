/* SPDX-License-Identifier: MIT */
/* Each clause of spec/mango.md 22, seen by two threads. Work marks a letter in a trace. */
#import <Foundation/Foundation.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "queue/dispatch.h"
#include "queue/object.h"
#include "queue/queue.h"
#include "queue/source.h"
#include "support/faults.h"
#include "value/block.h"

#include <mend/queue.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#define MS       1000000ull
#define FOREVER  UINT64_MAX

/* ---- Blocks, and what they do ---- */

static char trace[256];
static pthread_mutex_t tracing = PTHREAD_MUTEX_INITIALIZER;

static void
mark(char letter)
{
    pthread_mutex_lock(&tracing);
    trace[strlen(trace)] = letter;
    pthread_mutex_unlock(&tracing);
}

static NSString *
traced(void)
{
    NSString *now;

    pthread_mutex_lock(&tracing);
    now = [NSString stringWithUTF8String:trace];
    pthread_mutex_unlock(&tracing);
    return now;
}

static void
wait_for_marks(size_t count)
{
    while ([traced() length] < count)
        usleep(1000);
}

#define assert_traced(text) assert_string_equal([traced() UTF8String], text)

struct doing {
    void (*act)(void *data);
    void *data;
};

static void
acts(struct mn_frame *frame, const struct mn_signature *type, void *context)
{
    struct doing *doing = context;

    doing->act(doing->data);
}

static id
doing(void (*act)(void *data), void *data)
{
    struct doing *doing = mn_malloc(sizeof *doing);
    id block;

    *doing = (struct doing){act, data};
    assert_int_equal(mn_block_new("v@?", acts, doing, mn_free, &block, NULL), MEND_OK);
    return [block autorelease];
}

static void
marks(void *letter)
{
    mark((char)(intptr_t)letter);
}

static void
marks_late(void *letter)
{
    usleep(20000);
    marks(letter);
}

static id
marking(char letter)
{
    return doing(marks, (void *)(intptr_t)letter);
}

static id
marking_late(char letter)
{
    return doing(marks_late, (void *)(intptr_t)letter);
}

static id
serial(void)
{
    return mn_dispatch_queue_create("test.serial", NULL);
}

static id
concurrent(void)
{
    return mn_dispatch_queue_create("test.concurrent", MN_DISPATCH_CONCURRENT);
}

static int
prepare(void **state)
{
    memset(trace, 0, sizeof trace);
    *state = [NSAutoreleasePool new];
    return 0;
}

static int
finish(void **state)
{
    [(id)*state release];
    return 0;
}

static bool
comes_true(bool (*condition)(void))
{
    for (int i = 0; i < 5000; i++) {
        if (condition())
            return true;
        [[NSRunLoop currentRunLoop] runUntilDate:[NSDate dateWithTimeIntervalSinceNow:0.001]];
    }
    return false;
}

/* ---- Queues ---- */

static void
a_serial_queue_runs_in_the_order_of_submission(void **state)
{
    id queue = serial();

    mn_dispatch_async(queue, marking_late('a'));
    mn_dispatch_async(queue, marking('b'));
    mn_dispatch_async(queue, marking('c'));
    mn_dispatch_sync(queue, marking('d'));
    mark('e');
    assert_traced("abcde");
}

static id meeting_here, meeting_there;

static void
meets_there(void *unused)
{
    mn_dispatch_semaphore_signal(meeting_here);
    assert_int_equal(mn_dispatch_semaphore_wait(meeting_there, FOREVER), 0);
    mark('m');
}

static void
meets_here(void *unused)
{
    mn_dispatch_semaphore_signal(meeting_there);
    assert_int_equal(mn_dispatch_semaphore_wait(meeting_here, FOREVER), 0);
    mark('m');
}

static void
make_meeting(void)
{
    meeting_here = mn_dispatch_semaphore_create(0);
    meeting_there = mn_dispatch_semaphore_create(0);
}

static void
a_concurrent_queue_runs_side_by_side_and_a_barrier_alone(void **state)
{
    id queue = concurrent();

    make_meeting();
    mn_dispatch_async(queue, doing(meets_there, NULL)); /* each waits for the other */
    mn_dispatch_async(queue, doing(meets_here, NULL));
    mn_dispatch_barrier_async(queue, marking_late('B'));
    mn_dispatch_async(queue, marking('c'));
    mn_dispatch_barrier_sync(queue, marking('D'));
    assert_traced("mmBcD");
}

static void
a_barrier_on_a_global_queue_is_ordinary_work(void **state)
{
    id queue = mn_dispatch_get_global_queue(0, 0);

    make_meeting();
    mn_dispatch_barrier_async(queue, doing(meets_there, NULL));
    mn_dispatch_barrier_sync(queue, doing(meets_here, NULL));
    while ([traced() length] < 2)
        usleep(1000);
    assert_traced("mm");
}

static void
syncs_onto(void *queue)
{
    @try {
        mn_dispatch_sync(queue, marking('x'));
    } @catch (NSException *e) {
        mark([[e name] isEqualToString:@"MendErrorDeadlock"] ? '!' : '?');
    }
}

static void
waiting_for_one_s_own_queue_raises(void **state)
{
    id queue = serial(), upper = mn_dispatch_queue_create_with_target("upper", NULL, queue);

    mn_dispatch_sync(queue, doing(syncs_onto, queue));
    mn_dispatch_sync(upper, doing(syncs_onto, queue)); /* its target */
    syncs_onto(mn_dispatch_get_main_queue());
    assert_traced("!!!");
    mn_dispatch_sync(concurrent(), doing(syncs_onto, queue)); /* another queue is no harm */
    assert_traced("!!!x");
}

static bool main_thread;

static void
notes_the_thread(void *unused)
{
    main_thread = [NSThread isMainThread];
    mark(main_thread ? 'm' : 'o');
}

static bool
two_marks(void)
{
    return [traced() length] >= 2;
}

static void
syncs_to_main(void *unused)
{
    mn_dispatch_sync(mn_dispatch_get_main_queue(), doing(notes_the_thread, NULL));
    mark('a');
}

static void
the_main_run_loop_drains_the_main_queue(void **state)
{
    mn_dispatch_async(mn_dispatch_get_global_queue(0, 0), doing(syncs_to_main, NULL));
    assert_true(comes_true(two_marks));
    assert_traced("ma");
}

static void
a_program_without_a_run_loop_drains_it_by_a_call(void **state)
{
    mn_dispatch_async(mn_dispatch_get_main_queue(), marking('a'));
    mn_dispatch_async(mn_dispatch_get_main_queue(), marking('b'));
    assert_traced("");
    assert_int_equal(mend_main_queue_drain(), 2);
    assert_traced("ab");
    assert_int_equal(mend_main_queue_drain(), 0);
}

static void
a_suspended_queue_holds_its_work_until_resumed(void **state)
{
    id queue = serial(), other = serial();

    mn_dispatch_suspend(queue);
    mn_dispatch_async(queue, marking('q'));
    mn_dispatch_sync(other, marking('o'));
    assert_traced("o");
    mn_dispatch_resume(queue);
    mn_dispatch_sync(queue, marking('r'));
    assert_traced("oqr");
    @try {
        mn_dispatch_resume(queue);
        mark('?');
    } @catch (NSException *e) {
        mark('!');
    }
    assert_traced("oqr!");
}

static void
two_queues_with_one_serial_target_exclude_each_other(void **state)
{
    id target = serial(), a = concurrent(), b = concurrent();

    mn_dispatch_set_target_queue(a, target);
    mn_dispatch_set_target_queue(b, target);
    mn_dispatch_async(a, marking_late('a'));
    mn_dispatch_async(b, marking_late('b'));
    mn_dispatch_async(a, marking('c'));
    mn_dispatch_sync(target, marking('d'));
    assert_traced("abcd");
}

static char key, other_key;

static void
looks_up(void *unused)
{
    mark(mn_dispatch_get_specific(&key) == (void *)7 ? 'k' : '-');
    mark(mn_dispatch_get_specific(&other_key) == (void *)8 ? 'o' : '-');
}

static void
marks_end(void *value)
{
    mark('e');
}

static void
specifics_are_found_on_the_queue_and_its_targets(void **state)
{
    NSAutoreleasePool *pool = [NSAutoreleasePool new];
    id target = serial(), queue = mn_dispatch_queue_create_with_target("q", NULL, target);

    mn_dispatch_queue_set_specific(queue, &key, (void *)7, marks_end);
    mn_dispatch_queue_set_specific(target, &other_key, (void *)8, NULL);
    assert_ptr_equal(mn_dispatch_queue_get_specific(queue, &key), (void *)7);
    mn_dispatch_sync(queue, doing(looks_up, NULL));
    mn_dispatch_sync(target, doing(looks_up, NULL));
    assert_string_equal(mn_dispatch_queue_get_label(queue), "q");
    assert_traced("ko-o");
    [pool release];
    assert_traced("ko-oe");
}

/* ---- After, once, apply ---- */

static void
work_after_a_time_runs_after_it_and_in_order_of_time(void **state)
{
    id queue = serial(), done = mn_dispatch_semaphore_create(0);
    uint64_t begun = mn_clock_ns();

    mn_dispatch_after(mn_dispatch_time(0, 400 * MS), queue, marking('b')); /* late enough for a slow machine */
    mn_dispatch_after(mn_dispatch_walltime(NULL, MS), queue, marking('a'));
    mn_dispatch_after(mn_dispatch_time(0, 800 * MS), queue,
                      doing((void (*)(void *))mn_dispatch_semaphore_signal, done));
    assert_int_equal(mn_dispatch_semaphore_wait(done, FOREVER), 0);
    assert_traced("ab");
    assert_true(mn_clock_ns() - begun >= 400 * MS);
}

static int64_t token;

static void
runs_once(void *unused)
{
    mn_dispatch_once(&token, marking_late('1'));
    mark('.');
}

static void
once_runs_once_and_the_other_thread_waits_for_it(void **state)
{
    id queue = concurrent();

    token = 0;
    mn_dispatch_async(queue, doing(runs_once, NULL));
    mn_dispatch_async(queue, doing(runs_once, NULL));
    mn_dispatch_barrier_sync(queue, marking('e'));
    assert_traced("1..e");
    assert_int_equal(token, -1);
}

static unsigned seen[64];

static void
counts(struct mn_frame *frame, const struct mn_signature *type, void *context)
{
    size_t index = *(size_t *)mn_frame_peek(frame, &type->arguments[1].place);

    __atomic_add_fetch(&seen[index], 1, __ATOMIC_RELAXED);
}

static void
apply_runs_every_iteration_once_and_returns_when_all_have_ended(void **state)
{
    id block;

    assert_int_equal(mn_block_new("v@?Q", counts, NULL, NULL, &block, NULL), MEND_OK);
    memset(seen, 0, sizeof seen);
    mn_dispatch_apply(64, mn_dispatch_get_global_queue(0, 0), block);
    mn_dispatch_apply(64, serial(), block);
    mn_block_release(block);
    for (int i = 0; i < 64; i++)
        assert_int_equal(__atomic_load_n(&seen[i], __ATOMIC_RELAXED), 2);
}

static void
raises(struct mn_frame *frame, const struct mn_signature *type, void *context)
{
    [NSException raise:@"Odd" format:@"as asked"];
}

static void
an_exception_out_of_apply_and_sync_reaches_the_caller(void **state)
{
    id once, each, queue = serial();
    int caught = 0;

    mn_block_new("v@?", raises, NULL, NULL, &once, NULL);
    mn_block_new("v@?Q", raises, NULL, NULL, &each, NULL);
    for (int i = 0; i < 2; i++)
        @try {
            if (i == 0)
                mn_dispatch_sync(queue, once);
            else
                mn_dispatch_apply(8, mn_dispatch_get_global_queue(0, 0), each);
        } @catch (NSException *e) {
            caught += [[e name] isEqualToString:@"Odd"];
        }
    assert_int_equal(caught, 2);
    mn_dispatch_sync(queue, marking('g')); /* it goes on */
    assert_traced("g");
    mn_block_release(once);
    mn_block_release(each);
}

static void
marks_exception(id exception, const char *label)
{
    mark([[exception name] isEqualToString:@"Odd"] && strcmp(label, "test.serial") == 0 ? 'E' : '?');
}

static void
an_exception_in_queued_work_goes_to_the_handler_and_the_queue_goes_on(void **state)
{
    id block, queue = serial();

    mn_block_new("v@?", raises, NULL, NULL, &block, NULL);
    mn_queue_on_exception(marks_exception);
    mn_dispatch_async(queue, block);
    mn_dispatch_sync(queue, marking('g'));
    mn_queue_on_exception(NULL);
    mn_block_release(block);
    assert_traced("Eg");
}

/* ---- Groups, semaphores ---- */

static void
a_group_notifies_when_its_count_is_zero(void **state)
{
    id group = mn_dispatch_group_create(), a = serial(), b = serial(), c = serial();

    mn_dispatch_group_enter(group);
    mn_dispatch_group_async(group, a, marking_late('a'));
    mn_dispatch_group_notify(group, c, marking('n'));
    assert_int_not_equal(mn_dispatch_group_wait(group, mn_dispatch_time(0, 40 * MS)), 0);
    mn_dispatch_sync(b, marking('b'));
    mn_dispatch_group_leave(group);
    assert_int_equal(mn_dispatch_group_wait(group, FOREVER), 0);
    wait_for_marks(3);
    mn_dispatch_sync(c, marking('e'));
    assert_traced("abne");
    @try {
        mn_dispatch_group_leave(group);
        mark('?');
    } @catch (NSException *e) {
        mark('!');
    }
    assert_traced("abne!");
}

static void
an_empty_group_notifies_at_once(void **state)
{
    id group = mn_dispatch_group_create(), queue = serial();

    mn_dispatch_group_notify(group, queue, marking('n'));
    mn_dispatch_sync(queue, marking('e'));
    assert_traced("ne");
    assert_int_equal(mn_dispatch_group_wait(group, 0), 0);
}

static bool
one_mark(void)
{
    return [traced() length] >= 1;
}

static void
a_group_notifies_on_the_main_queue(void **state)
{
    id group = mn_dispatch_group_create();

    mn_dispatch_group_async(group, mn_dispatch_get_global_queue(0, 0), marking_late('w'));
    mn_dispatch_group_notify(group, mn_dispatch_get_main_queue(), doing(notes_the_thread, NULL));
    assert_true(comes_true(two_marks));
    assert_traced("wm");
}

static void
waits_and_marks(void *semaphore)
{
    mn_dispatch_semaphore_wait(semaphore, FOREVER);
    mark('w');
    mn_dispatch_semaphore_signal(semaphore);
}

static void
a_semaphore_lets_as_many_pass_as_were_signalled(void **state)
{
    id semaphore = mn_dispatch_semaphore_create(0), queue = serial();

    assert_int_not_equal(mn_dispatch_semaphore_wait(semaphore, 0), 0);
    assert_int_not_equal(mn_dispatch_semaphore_wait(semaphore, mn_dispatch_time(0, 10 * MS)), 0);
    mn_dispatch_async(queue, doing(waits_and_marks, semaphore));
    usleep(10000);
    mark('s');
    mn_dispatch_semaphore_signal(semaphore);
    mn_dispatch_sync(queue, marking('e'));
    assert_traced("swe");
    assert_int_equal(mn_dispatch_semaphore_wait(semaphore, 0), 0);
    assert_null(mn_dispatch_semaphore_create(-1));
}

/* ---- Block objects ---- */

static void
a_block_object_is_waited_for_told_of_and_cancelled(void **state)
{
    id queue = serial(), told = serial(), gate = serial();
    id block = mn_dispatch_block_create(0, marking('b'));
    id never = mn_dispatch_block_create(0, marking('x'));

    mn_dispatch_suspend(gate);
    mn_dispatch_block_notify(block, told, marking('n'));
    mn_dispatch_async(queue, block);
    assert_int_equal(mn_dispatch_block_wait(block, FOREVER), 0);
    wait_for_marks(2); /* who waits and who is told learn of it in any order */
    mn_dispatch_sync(told, marking('t'));
    mn_dispatch_async(gate, never);
    assert_int_not_equal(mn_dispatch_block_wait(never, 0), 0);
    assert_int_equal(mn_dispatch_block_testcancel(never), 0);
    mn_dispatch_block_cancel(never);
    assert_int_not_equal(mn_dispatch_block_testcancel(never), 0);
    mn_dispatch_resume(gate);
    assert_int_equal(mn_dispatch_block_wait(never, FOREVER), 0);
    mn_dispatch_block_perform(0, marking('p'));
    assert_traced("bntp");
}

/* ---- Sources ---- */

static id source;

static void
marks_and_suspends_after_five(void *unused)
{
    mark('t');
    if ([traced() length] == 5)
        mn_dispatch_suspend(source);
}

static bool
five_marks(void)
{
    return [traced() length] >= 5;
}

static void
a_timer_repeats_until_suspended_in_its_handler(void **state)
{
    source = mn_dispatch_source_create((void *)MN_SOURCE_TIMER, 0, 0, serial());
    mn_dispatch_source_set_timer(source, mn_dispatch_time(0, 2 * MS), 2 * MS, 0);
    mn_dispatch_source_set_event_handler(source, doing(marks_and_suspends_after_five, NULL));
    usleep(10000);
    assert_traced(""); /* it starts suspended */
    mn_dispatch_resume(source);
    assert_true(comes_true(five_marks));
    usleep(20000);
    assert_traced("ttttt");
    mn_dispatch_source_cancel(source);
}

static void
a_cancelled_source_runs_its_cancel_handler_and_no_other(void **state)
{
    source = mn_dispatch_source_create((void *)MN_SOURCE_TIMER, 0, 0, serial());
    mn_dispatch_source_set_timer(source, mn_dispatch_time(0, 1 * MS), 1 * MS, 0);
    mn_dispatch_source_set_registration_handler(source, marking('r'));
    mn_dispatch_source_set_cancel_handler(source, marking('c'));
    mn_dispatch_resume(source);
    while ([traced() length] < 1)
        usleep(1000);
    mn_dispatch_source_cancel(source);
    while ([traced() length] < 2)
        usleep(1000);
    assert_true(mn_dispatch_source_testcancel(source));
    usleep(5000);
    assert_traced("rc");
}

static uintptr_t total;

static void
adds_data(void *unused)
{
    total += mn_dispatch_source_get_data(source);
    mark('d');
}

static void
merged_data_adds_up_while_the_queue_is_busy(void **state)
{
    id queue = serial();

    total = 0;
    source = mn_dispatch_source_create((void *)MN_SOURCE_DATA_ADD, 0, 0, queue);
    mn_dispatch_source_set_event_handler(source, doing(adds_data, NULL));
    mn_dispatch_resume(source);
    mn_dispatch_sync(queue, marking('-')); /* registered */
    mn_dispatch_suspend(queue);
    mn_dispatch_source_merge_data(source, 3);
    mn_dispatch_source_merge_data(source, 4);
    mn_dispatch_resume(queue);
    mn_dispatch_sync(queue, marking('e'));
    mn_dispatch_sync(queue, marking('f'));
    assert_int_equal(total, 7);
    mn_dispatch_source_cancel(source);
}

static int ends[2];

static void
reads_pipe(void *unused)
{
    char bytes[16];
    ssize_t count = read(ends[0], bytes, sizeof bytes);

    assert_int_equal(count, (ssize_t)mn_dispatch_source_get_data(source));
    for (ssize_t i = 0; i < count; i++)
        mark(bytes[i]);
}

static bool
three_marks(void)
{
    return [traced() length] >= 3;
}

static void
descriptors_signals_and_processes_are_sources_too(void **state)
{
    id queue = serial();
    pid_t child;

    assert_int_equal(pipe(ends), 0);
    source = mn_dispatch_source_create((void *)MN_SOURCE_READ, (uintptr_t)ends[0], 0, queue);
    mn_dispatch_source_set_event_handler(source, doing(reads_pipe, NULL));
    mn_dispatch_resume(source);
    assert_int_equal(write(ends[1], "r", 1), 1);
    assert_true(comes_true(one_mark));
    assert_int_equal(write(ends[1], "s", 1), 1);
    assert_true(comes_true(two_marks));
    mn_dispatch_source_cancel(source);

    source = mn_dispatch_source_create((void *)MN_SOURCE_SIGNAL, SIGUSR1, 0, queue);
    mn_dispatch_source_set_event_handler(source, marking('u'));
    mn_dispatch_resume(source);
    raise(SIGUSR1);
    assert_true(comes_true(three_marks));
    mn_dispatch_source_cancel(source);
    assert_traced("rsu");

    child = fork();
    if (child == 0) {
        usleep(20000);
        _exit(0);
    }
    memset(trace, 0, sizeof trace);
    source = mn_dispatch_source_create((void *)MN_SOURCE_PROC, (uintptr_t)child, MN_PROC_EXIT, queue);
    if (source != nil) { /* a kernel without pidfd_open refuses */
        mn_dispatch_source_set_event_handler(source, marking('x'));
        mn_dispatch_resume(source);
        assert_true(comes_true(one_mark));
        mn_dispatch_source_cancel(source);
    }
    waitpid(child, NULL, 0);
    close(ends[0]);
    close(ends[1]);
}

static void
a_changed_file_is_an_event(void **state)
{
    char path[] = "/tmp/mend-queue-XXXXXX";
    int fd = mkstemp(path);

    source = mn_dispatch_source_create((void *)MN_SOURCE_VNODE, (uintptr_t)fd, MN_VNODE_WRITE, serial());
    assert_non_null(source);
    mn_dispatch_source_set_event_handler(source, marking('v'));
    mn_dispatch_resume(source);
    assert_int_equal(write(fd, "x", 1), 1);
    assert_true(comes_true(one_mark));
    mn_dispatch_source_cancel(source);
    unlink(path);
    close(fd);
}

/* ---- All of it ---- */

static void
what_is_no_queue_and_no_block_is_refused_by_name(void **state)
{
    NSString *reason = nil;

    @try {
        mn_dispatch_async(@"text", marking('x'));
    } @catch (NSException *e) {
        reason = [e reason];
    }
    assert_true([reason hasPrefix:@"dispatch_async"]);
    @try {
        mn_dispatch_async(serial(), @"text");
    } @catch (NSException *e) {
        reason = [e reason];
    }
    assert_true([reason hasSuffix:@"is no block"]);
}

static void
moments_stay_in_their_range(void **state)
{
    assert_true(mn_dispatch_time(0, INT64_MAX) == FOREVER);
    assert_true(mn_dispatch_time(FOREVER, -5) == FOREVER);
    assert_true(mn_dispatch_time(5, -10) == 1);
    assert_true((int64_t)mn_dispatch_walltime(NULL, 0) < -1);
    assert_true(mn_dispatch_time(100, 50) == 150);
}

static void
the_nth_failing_allocation_of_a_submission_runs_nothing(void **state)
{
    struct mn_queue *queue = mn_queue_new("faults", false, NULL);
    struct mn_faults f = {.keeps = true}; /* a worker frees what it ran a moment later */

    while (mn_faults_next(&f)) {
        mend_status st = mn_queue_async(queue, marks, (void *)'a', false, NULL);

        if (mn_faults_hit(&f)) {
            mn_queue_sync(queue, marks, (void *)'s', false, NULL);
            assert_int_equal(st, MEND_NO_MEMORY);
        } else {
            assert_int_equal(st, MEND_OK);
        }
    }
    mn_queue_sync(queue, marks, (void *)'e', false, NULL);
    assert_traced("ssae");
    mn_queue_release(queue);
}

static int total_work;

static void
adds_one(void *unused)
{
    total_work++; /* on one serial queue */
}

static void *
submits_many(void *queue)
{
    for (int i = 0; i < 2000; i++)
        if (i % 10 == 0)
            mn_queue_sync(queue, adds_one, NULL, false, NULL);
        else
            mn_queue_async(queue, adds_one, NULL, false, NULL);
    return NULL;
}

static void
no_work_is_lost_or_doubled_under_many_submitters(void **state)
{
    struct mn_queue *queue = mn_queue_new("storm", false, NULL);
    pthread_t threads[4];

    total_work = 0;
    for (int i = 0; i < 4; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, submits_many, queue), 0);
    for (int i = 0; i < 4; i++)
        pthread_join(threads[i], NULL);
    mn_queue_sync(queue, adds_one, NULL, false, NULL);
    assert_int_equal(total_work, 8001);
    mn_queue_release(queue);
}

static void __attribute__((unused))
a_forked_child_runs_queued_work_on_threads_of_its_own(void **state)
{
    int status;
    pid_t child;

    mn_dispatch_sync(serial(), marking('p'));
    mn_dispatch_async(serial(), marking('q')); /* a worker exists */
    child = fork();
    if (child == 0) {
        id done = mn_dispatch_semaphore_create(0);

        mn_dispatch_async(serial(), doing((void (*)(void *))mn_dispatch_semaphore_signal, done));
        _exit(mn_dispatch_semaphore_wait(done, mn_dispatch_time(0, 20000 * (int64_t)MS)) == 0 ? 0 : 1);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, prepare, finish)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_serial_queue_runs_in_the_order_of_submission),
        TEST(a_concurrent_queue_runs_side_by_side_and_a_barrier_alone),
        TEST(a_barrier_on_a_global_queue_is_ordinary_work),
        TEST(waiting_for_one_s_own_queue_raises),
        TEST(the_main_run_loop_drains_the_main_queue),
        TEST(a_program_without_a_run_loop_drains_it_by_a_call),
        TEST(a_suspended_queue_holds_its_work_until_resumed),
        TEST(two_queues_with_one_serial_target_exclude_each_other),
        TEST(specifics_are_found_on_the_queue_and_its_targets),
        TEST(work_after_a_time_runs_after_it_and_in_order_of_time),
        TEST(once_runs_once_and_the_other_thread_waits_for_it),
        TEST(apply_runs_every_iteration_once_and_returns_when_all_have_ended),
        TEST(an_exception_out_of_apply_and_sync_reaches_the_caller),
        TEST(an_exception_in_queued_work_goes_to_the_handler_and_the_queue_goes_on),
        TEST(a_group_notifies_when_its_count_is_zero),
        TEST(an_empty_group_notifies_at_once),
        TEST(a_group_notifies_on_the_main_queue),
        TEST(a_semaphore_lets_as_many_pass_as_were_signalled),
        TEST(a_block_object_is_waited_for_told_of_and_cancelled),
        TEST(a_timer_repeats_until_suspended_in_its_handler),
        TEST(a_cancelled_source_runs_its_cancel_handler_and_no_other),
        TEST(merged_data_adds_up_while_the_queue_is_busy),
        TEST(descriptors_signals_and_processes_are_sources_too),
        TEST(a_changed_file_is_an_event),
        TEST(what_is_no_queue_and_no_block_is_refused_by_name),
        TEST(moments_stay_in_their_range),
        TEST(the_nth_failing_allocation_of_a_submission_runs_nothing),
        TEST(no_work_is_lost_or_doubled_under_many_submitters),
#ifndef __SANITIZE_THREAD__ /* which allows no threads after such a fork */
        TEST(a_forked_child_runs_queued_work_on_threads_of_its_own),
#endif
    };
    NSAutoreleasePool *pool = [NSAutoreleasePool new];
    int failed = cmocka_run_group_tests(tests, NULL, NULL);

    [pool release];
    return failed;
}
