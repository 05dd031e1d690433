/* SPDX-License-Identifier: MIT */
/*
 * Leaving a hooked method other than by returning: an exception, longjmp, the end of the thread, fork. From each
 * position and from the method itself; afterwards nothing is held, nothing is locked, and hooks work.
 */
#import "support/hook_fixture.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <cmocka.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <ucontext.h>
#include <unistd.h>

@interface HookLeaver : NSObject
- (int)leave:(int)how;
@end

static jmp_buf way_out;
static HookLeaver *handled; /* the receiver of all calls */
static NSException *thrown; /* if not nil, the method throws it, so that throwing advice runs and leaves in its way */

enum { RETURNING, THROWING, JUMPING, EXITING, CANCELLED };

/*
 * The address sanitizer forgets the frames below when it sees one left by a throw or a longjmp; the end of a thread it
 * does not see, and takes the next frames there for the old ones. Nothing without the sanitizer.
 */
void __asan_handle_no_return(void) __attribute__((weak));

static void
leave_now(int how)
{
    if (how == THROWING)
        [NSException raise:@"HookException" format:@"thrown through a hook"];
    if (how == JUMPING)
        longjmp(way_out, 1);
    if (how >= EXITING && __asan_handle_no_return != NULL)
        __asan_handle_no_return();
    if (how == EXITING)
        pthread_exit(NULL);
    if (how == CANCELLED) {
        pthread_cancel(pthread_self());
        pthread_testcancel();
    }
}

@implementation HookLeaver
- (int)leave:(int)how
{
    if (thrown != nil)
        @throw thrown;
    leave_now(how);
    return 5;
}
@end

static void
proceeds(mend_call *call, void *data)
{
    mend_call_proceed(call, NULL);
}

static void
call_it(int how)
{
    if (how == JUMPING && setjmp(way_out))
        return;
    @try {
        [handled leave:how];
    } @catch (NSException *exception) {
        assert_int_equal(how, THROWING);
    }
}

static void *
call_in_thread(void *how)
{
    call_it((int)(intptr_t)how);
    return NULL;
}

static void
call_and_wait(int how)
{
    pthread_t thread;

    if (how < EXITING) {
        call_it(how);
        return;
    }
    assert_int_equal(pthread_create(&thread, NULL, call_in_thread, (void *)(intptr_t)how), 0);
    pthread_join(thread, NULL);
}

/* After each way out, an ordinary call works, removal works, and everything comes back. */
static void
check_afterwards(mend_token **tokens, int count, const mend_hook_stats *before)
{
    call_it(RETURNING);
    for (int i = 0; i < count; i++)
        hook_off(tokens[i]);
    hook_assert_baseline(before);
}

static void
the_method_may_leave_in_any_way_under_any_advice(void **state)
{
    mend_hook_stats before;

    for (int how = RETURNING; how <= CANCELLED; how++)
        for (int shape = 0; shape < 16; shape++) {
            mend_token *tokens[4];
            int n = 0;

            before = hook_baseline();
            if (shape & 1)
                tokens[n++] = hook_on("HookLeaver", "leave:", MEND_BEFORE, hook_writes, "b");
            if (shape & 2)
                tokens[n++] = hook_on("HookLeaver", "leave:", MEND_INSTEAD, proceeds, NULL);
            if (shape & 4)
                tokens[n++] = hook_on("HookLeaver", "leave:", MEND_AFTER, hook_writes, "a");
            if (shape & 8)
                tokens[n++] = hook_on("HookLeaver", "leave:", MEND_THROWING, hook_writes, "t");
            for (int times = 0; times < 50; times++)
                call_and_wait(how);
            check_afterwards(tokens, n, &before);
        }
}

/* Through all positions at once, again and again: MEND_SCALE 100 makes it two million exceptions, as many jumps, and
 * forty thousand ends of threads. */
static void
leaving_many_times_leaves_nothing_behind(void **state)
{
    static const int times[] = {[THROWING] = 20000, [JUMPING] = 20000, [EXITING] = 200, [CANCELLED] = 200};
    const char *scale = getenv("MEND_SCALE");
    long left = 0;

    for (int how = THROWING; how <= CANCELLED; how++) {
        mend_hook_stats before = hook_baseline();
        mend_token *tokens[3] = {hook_on("HookLeaver", "leave:", MEND_BEFORE, hook_writes, "b"),
                                 hook_on("HookLeaver", "leave:", MEND_INSTEAD, proceeds, NULL),
                                 hook_on("HookLeaver", "leave:", MEND_AFTER, hook_writes, "a")};
        long count = times[how] * (scale ? atol(scale) : 1);

        while (count > 0) {
            NSAutoreleasePool *pool = [NSAutoreleasePool new];

            for (int i = 0; i < 1000 && count > 0; i++, count--, left++) {
                hook_trace_clear();
                call_and_wait(how);
            }
            [pool release];
        }
        check_afterwards(tokens, 3, &before);
    }
    print_message("%ld times left\n", left);
}

/* The advice leaves only while this is set, so that the checking call returns. */
static int way;

static void
leaves_as_told(mend_call *call, void *data)
{
    leave_now(way);
}

static void
advice_of_any_position_may_leave_in_any_way(void **state)
{
    const mend_position positions[] = {MEND_BEFORE, MEND_INSTEAD, MEND_AFTER, MEND_THROWING};

    for (int how = THROWING; how <= CANCELLED; how++)
        for (int p = 0; p < 4; p++)
            for (int among_others = 0; among_others < 2; among_others++) {
                mend_hook_stats before = hook_baseline();
                mend_token *tokens[3];
                NSException *first = [[NSException alloc] initWithName:@"First" reason:nil userInfo:nil];
                int n = 0;

                tokens[n++] = hook_on("HookLeaver", "leave:", positions[p], leaves_as_told, NULL);
                if (among_others) {
                    tokens[n++] = hook_on("HookLeaver", "leave:", MEND_INSTEAD, proceeds, NULL);
                    tokens[n++] = hook_on("HookLeaver", "leave:", MEND_BEFORE, hook_writes, "b");
                }
                for (int times = 0; times < 50; times++) {
                    way = how;
                    thrown = positions[p] == MEND_THROWING ? first : nil;
                    call_and_wait(how);
                    thrown = nil;
                    way = RETURNING;
                }
                check_afterwards(tokens, n, &before);
                [first release];
            }
}

static void
removes_itself_and_throws(mend_call *call, void *data)
{
    hook_off(*(mend_token **)data);
    leave_now(THROWING);
}

static void
advice_may_remove_itself_and_throw(void **state)
{
    mend_hook_stats before = hook_baseline();
    mend_token *token;

    token = hook_on("HookLeaver", "leave:", MEND_INSTEAD, removes_itself_and_throws, &token);
    way = RETURNING;
    call_it(THROWING);
    call_it(RETURNING);
    hook_assert_baseline(&before);
}

/* ---- Other machine stacks ---- */

static char *signal_stack;

static void
on_signal(int number)
{
    if (setjmp(way_out) == 0)
        [handled leave:JUMPING];
    [handled leave:RETURNING];
}

static void
a_call_on_a_signal_stack_leaves_the_outer_call_held(void **state)
{
    mend_hook_stats before = hook_baseline();
    stack_t stack = {.ss_size = 1 << 16}, old;
    struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_ONSTACK}, previous;
    mend_token *token, *raising;

    signal_stack = mmap(NULL, stack.ss_size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    stack.ss_sp = signal_stack;
    sigaltstack(&stack, &old);
    sigaction(SIGUSR2, &action, &previous);
    token = hook_on("HookLeaver", "leave:", MEND_INSTEAD, proceeds, NULL);
    raising = hook_on("HookBase", "greet", MEND_INSTEAD, hook_wraps, "()");
    hook_trace_clear();
    raise(SIGUSR2);
    [[[HookBase new] autorelease] greet];
    assert_string_equal(hook_trace, "(.)");
    hook_off(raising);
    hook_off(token);
    sigaction(SIGUSR2, &previous, NULL);
    sigaltstack(&old, NULL);
    hook_assert_baseline(&before);
}

static int data_released;

static void
count_release(void *data)
{
    data_released++;
}

static void
is_removed_after_a_signal(mend_call *call, void *token)
{
    raise(SIGUSR2); /* its handler enters and leaves a hooked method, on a part of this thread's own stack */
    hook_off(*(mend_token **)token);
    mend_hook_collect();
    assert_int_equal(data_released, 0); /* this very call still uses the data */
    mend_call_proceed(call, NULL);
}

static void
call_and_return(int number)
{
    [handled leave:RETURNING];
}

static void
a_signal_stack_within_the_threads_own_leaves_the_outer_call_held(void **state)
{
    mend_hook_stats before = hook_baseline();
    char room[1 << 16];
    stack_t stack = {.ss_sp = room, .ss_size = sizeof room}, old;
    struct sigaction action = {.sa_handler = call_and_return, .sa_flags = SA_ONSTACK}, previous;
    mend_target target = {.class_name = "HookBase", .selector = "greet"};
    mend_token *token, *removed;
    mend_hook_spec spec = {.position = MEND_INSTEAD,
                           .advice = is_removed_after_a_signal,
                           .data = &removed,
                           .release = count_release};

    sigaltstack(&stack, &old);
    sigaction(SIGUSR2, &action, &previous);
    data_released = 0;
    token = hook_on("HookLeaver", "leave:", MEND_INSTEAD, proceeds, NULL);
    assert_int_equal(mend_hook_add(&target, &spec, &removed, NULL), MEND_OK);
    [[[HookBase new] autorelease] greet];
    mend_hook_collect();
    assert_int_equal(data_released, 1);
    hook_off(token);
    sigaction(SIGUSR2, &previous, NULL);
    sigaltstack(&old, NULL);
    hook_assert_baseline(&before);
}

static jmp_buf out_of_handler;

static void
on_signal_jumping(int number)
{
    [handled leave:RETURNING];
}

static void
jumps_out_of_the_handler(mend_call *call, void *data)
{
    longjmp(out_of_handler, 1);
}

static void
a_call_left_on_a_signal_stack_by_longjmp_is_dropped(void **state)
{
    mend_hook_stats before = hook_baseline();
    stack_t stack = {.ss_size = 1 << 16}, old;
    struct sigaction action = {.sa_handler = on_signal_jumping, .sa_flags = SA_ONSTACK | SA_NODEFER}, previous;
    mend_token *token;

    stack.ss_sp = signal_stack;
    sigaltstack(&stack, &old);
    sigaction(SIGUSR2, &action, &previous);
    token = hook_on("HookLeaver", "leave:", MEND_INSTEAD, jumps_out_of_the_handler, NULL);
    for (int i = 0; i < 10; i++)
        if (setjmp(out_of_handler) == 0)
            raise(SIGUSR2);
    hook_off(token);
    call_it(RETURNING); /* a call of a method that was hooked, on the ordinary stack */
    token = hook_on("HookLeaver", "leave:", MEND_BEFORE, hook_writes, "b");
    call_it(RETURNING);
    hook_off(token);
    sigaction(SIGUSR2, &previous, NULL);
    sigaltstack(&old, NULL);
    hook_assert_baseline(&before);
}

/* Coroutines: a call sleeps inside on a stack of its own while the thread makes other calls on others. */
static ucontext_t home, coroutines[2];

static void
switches_away(mend_call *call, void *data)
{
    int which;

    mend_call_get_argument(call, 0, &which, sizeof which, NULL);
    hook_mark((char)('a' + which));
    swapcontext(&coroutines[which], &home);
    hook_mark((char)('A' + which));
}

static void
run_coroutine(int which)
{
    [handled leave:which];
}

static void
calls_on_several_stacks_may_leave_in_any_order(void **state)
{
    static char stacks[2][1 << 16];
    mend_hook_stats before = hook_baseline();
    mend_token *token = hook_on("HookLeaver", "leave:", MEND_INSTEAD, switches_away, NULL);
    mend_token *other = hook_on("HookBase", "greet", MEND_INSTEAD, hook_wraps, "()");

    hook_trace_clear();
    for (int i = 0; i < 2; i++) {
        getcontext(&coroutines[i]);
        coroutines[i].uc_stack.ss_sp = stacks[i];
        coroutines[i].uc_stack.ss_size = sizeof stacks[i];
        coroutines[i].uc_link = &home;
        makecontext(&coroutines[i], (void (*)(void))run_coroutine, 1, i);
        swapcontext(&home, &coroutines[i]);
    }
    [[[HookBase new] autorelease] greet];
    hook_off(token);
    assert_true(mend_hook_collect() > 0); /* both still hold what they entered with */
    [[[HookBase new] autorelease] greet];
    swapcontext(&home, &coroutines[0]);
    swapcontext(&home, &coroutines[1]);
    assert_string_equal(hook_trace, "ab(.)(.)AB");
    hook_off(other);
    hook_assert_baseline(&before);
}

/* ---- fork ---- */

static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;
static int inside;

static void
waits_at_the_gate(mend_call *call, void *data)
{
    __atomic_store_n(&inside, 1, __ATOMIC_SEQ_CST);
    pthread_mutex_lock(&gate);
    pthread_mutex_unlock(&gate);
}

/* Runs in the child: everything of this module works there, and nothing waits for threads that do not exist. */
static int
works_in_the_child(mend_token *token)
{
    mend_hook_stats stats;

    alarm(20);
    if (mend_hook_remove(token, NULL) != MEND_OK)
        return 2;
    mend_hook_collect();
    mend_hook_get_stats(&stats);
    if (stats.retired != 0 || stats.hooks != 0)
        return 3;
    hook_trace_clear();
    token = hook_on("HookBase", "greet", MEND_BEFORE, hook_writes, "c");
    [[HookBase new] greet];
    if (strcmp(hook_trace, "c.") != 0)
        return 4;
    hook_off(token);
    return 0;
}

static void
a_child_forgets_the_calls_of_other_threads(void **state)
{
    mend_hook_stats before = hook_baseline();
    mend_token *token = hook_on("HookLeaver", "leave:", MEND_INSTEAD, waits_at_the_gate, NULL);
    pthread_t thread;
    pid_t child;
    int status;

    inside = 0;
    pthread_mutex_lock(&gate);
    pthread_create(&thread, NULL, call_in_thread, (void *)(intptr_t)RETURNING);
    while (!__atomic_load_n(&inside, __ATOMIC_SEQ_CST))
        usleep(1000);
    if ((child = fork()) == 0)
        _exit(works_in_the_child(token));
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
    pthread_mutex_unlock(&gate); /* the parent's hook is still there, and its call goes on */
    pthread_join(thread, NULL);
    hook_off(token);
    hook_assert_baseline(&before);
}

int
main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_method_may_leave_in_any_way_under_any_advice),
        cmocka_unit_test(leaving_many_times_leaves_nothing_behind),
        cmocka_unit_test(advice_of_any_position_may_leave_in_any_way),
        cmocka_unit_test(advice_may_remove_itself_and_throw),
        cmocka_unit_test(a_call_on_a_signal_stack_leaves_the_outer_call_held),
        cmocka_unit_test(a_signal_stack_within_the_threads_own_leaves_the_outer_call_held),
        cmocka_unit_test(a_call_left_on_a_signal_stack_by_longjmp_is_dropped),
        cmocka_unit_test(calls_on_several_stacks_may_leave_in_any_order),
        cmocka_unit_test(a_child_forgets_the_calls_of_other_threads),
    };

    hook_test_main(argc, argv);
    handled = [HookLeaver new];
    return cmocka_run_group_tests(tests, NULL, NULL);
}
