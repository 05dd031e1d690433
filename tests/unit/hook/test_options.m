/* SPDX-License-Identifier: MIT */
/* What limits a hook beside its word, what a call tells about itself, and wishes about the order. */
#import "support/hook_fixture.h"

#include "hook/batch.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>
#include <unistd.h>

static mend_token *
add(const char *selector, mend_hook_spec spec)
{
    mend_target target = {.class_name = "HookBase", .selector = selector};
    mend_token *token;
    mend_error err;

    if (mend_hook_add(&target, &spec, &token, &err) != MEND_OK)
        fail_msg("hooking %s: %s", selector, err.message);
    return token;
}

static mend_token *
mark(const char *selector, mend_position position, const char *letters, unsigned options)
{
    return add(selector, (mend_hook_spec){.position = position,
                                          .advice = position == MEND_INSTEAD ? hook_wraps : hook_writes,
                                          .data = (void *)letters,
                                          .options = options});
}

static const char *
greeting(void)
{
    HookBase *object = [HookBase new];

    hook_trace_clear();
    [object greet];
    [object release];
    return hook_trace;
}

/* ---- Once ---- */

static void
a_hook_for_once_runs_in_one_call_and_is_gone(void **state)
{
    static const mend_position positions[] = {MEND_BEFORE, MEND_INSTEAD, MEND_AFTER};
    static const char *const traces[] = {"a.", "a.A", ".a"};
    mend_hook_stats before = hook_baseline();

    for (int i = 0; i < 3; i++) {
        mend_token *token = mark("greet", positions[i], "aA", MEND_HOOK_ONCE);

        assert_string_equal(greeting(), traces[i]);
        assert_string_equal(greeting(), ".");
        assert_int_equal(mend_hook_remove(token, NULL), MEND_NOT_INSTALLED);
        hook_assert_baseline(&before);
    }
}

static void
a_member_for_once_goes_and_leaves_its_group_in_place(void **state)
{
    mend_hook_stats before = hook_baseline(), now;
    mend_target greet = {.class_name = "HookBase", .selector = "greet"};
    mend_hook_spec once = {
        .position = MEND_BEFORE, .advice = hook_writes, .data = "o", .options = MEND_HOOK_ONCE};
    mend_hook_spec always = {.position = MEND_AFTER, .advice = hook_writes, .data = "g"};
    mend_group *group;

    assert_int_equal(mend_group_new(&group, NULL), MEND_OK);
    assert_int_equal(mend_group_add(group, &greet, &once, NULL), MEND_OK);
    assert_int_equal(mend_group_add(group, &greet, &always, NULL), MEND_OK);
    assert_int_equal(mend_group_commit(group, NULL), MEND_OK);
    assert_string_equal(greeting(), "o.g");
    assert_string_equal(greeting(), ".g");
    mend_hook_get_stats(&now);
    assert_int_equal(now.hooks, before.hooks + 1);
    assert_int_equal(mend_group_revert(group, NULL), MEND_OK);
    assert_string_equal(greeting(), ".");
    mend_group_free(group);
    hook_assert_baseline(&before);
}

static void
an_instead_for_once_is_passed_by_the_second_proceed(void **state)
{
    mend_token *inner = mark("greet", MEND_INSTEAD, "iI", MEND_HOOK_ONCE);
    mend_token *outer = mark("greet", MEND_INSTEAD, "oO", 0);

    assert_string_equal(greeting(), "oi.IO");
    assert_string_equal(greeting(), "o.O");
    assert_int_equal(mend_hook_remove(inner, NULL), MEND_NOT_INSTALLED);
    hook_off(outer);
}

static int runs;

static void
count_run(mend_call *call, void *data)
{
    __atomic_add_fetch(&runs, 1, __ATOMIC_SEQ_CST);
}

static pthread_barrier_t start;

static void *
greet_at_the_start(void *object)
{
    pthread_barrier_wait(&start);
    for (int i = 0; i < 20; i++)
        [(HookBase *)object greet];
    return NULL;
}

static void
of_many_threads_one_runs_a_hook_for_once(void **state)
{
    HookBase *object = [HookBase new];

    for (int round = 0; round < 50; round++) {
        pthread_t threads[4];

        runs = 0;
        add("greet", (mend_hook_spec){.position = round % 2 ? MEND_BEFORE : MEND_AFTER,
                                      .advice = count_run,
                                      .options = MEND_HOOK_ONCE});
        pthread_barrier_init(&start, NULL, 4);
        for (int i = 0; i < 4; i++)
            pthread_create(&threads[i], NULL, greet_at_the_start, object);
        for (int i = 0; i < 4; i++)
            pthread_join(threads[i], NULL);
        pthread_barrier_destroy(&start);
        assert_int_equal(runs, 1);
    }
    [object release];
}

/* ---- Depth ---- */

@interface HookRecursive : NSObject
- (int)down:(int)depth;
@end

@implementation HookRecursive
- (int)down:(int)depth
{
    hook_mark('.');
    return depth > 0 ? [self down:depth - 1] : 0;
}
@end

static const char *
descent(int depth)
{
    HookRecursive *object = [HookRecursive new];

    hook_trace_clear();
    @try {
        [object down:depth];
    } @finally {
        [object release];
    }
    return hook_trace;
}

static mend_token *
on_descent(mend_position position, mend_advice advice, const char *letters, unsigned options,
           unsigned max_depth)
{
    mend_target target = {.class_name = "HookRecursive", .selector = "down:"};
    mend_hook_spec spec = {.position = position,
                           .advice = advice,
                           .data = (void *)letters,
                           .options = options,
                           .max_depth = max_depth};
    mend_token *token;

    assert_int_equal(mend_hook_add(&target, &spec, &token, NULL), MEND_OK);
    return token;
}

static void
a_hook_without_reentry_runs_in_the_outermost_call_alone(void **state)
{
    mend_token *token = on_descent(MEND_BEFORE, hook_writes, "a", MEND_HOOK_NO_REENTRY, 0);

    assert_string_equal(descent(3), "a....");
    assert_string_equal(descent(0), "a.");
    hook_off(token);
    token = on_descent(MEND_INSTEAD, hook_wraps, "aA", MEND_HOOK_NO_REENTRY, 0);
    assert_string_equal(descent(2), "a...A");
    hook_off(token);
    token = on_descent(MEND_AFTER, hook_writes, "a", 0, 2);
    assert_string_equal(descent(3), "....aa");
    hook_off(token);
}

static void
calls_itself(mend_call *call, void *data)
{
    hook_mark('c');
    descent(0);
}

static void
what_advice_sends_counts_as_inside(void **state)
{
    mend_token *token = on_descent(MEND_BEFORE, calls_itself, NULL, MEND_HOOK_NO_REENTRY, 0);

    hook_trace_clear();
    descent(0); /* clears the trace in the middle */
    assert_string_equal(hook_trace, "..");
    hook_off(token);
}

static unsigned depths[8], depth_count;

static void
note_depth(mend_call *call, void *data)
{
    depths[depth_count++ % 8] = mend_call_depth(call);
    mend_call_proceed(call, NULL);
}

static void
a_call_knows_its_depth(void **state)
{
    mend_token *token = on_descent(MEND_INSTEAD, note_depth, NULL, 0, 0);

    depth_count = 0;
    descent(3);
    for (unsigned i = 0; i < 4; i++)
        assert_int_equal(depths[i], i);
    hook_off(token);
}

static void
throws(mend_call *call, void *data)
{
    [NSException raise:@"HookTest" format:@"on purpose"];
}

static void
an_exception_leaves_no_depth_behind(void **state)
{
    mend_token *limited = on_descent(MEND_INSTEAD, hook_wraps, "aA", MEND_HOOK_NO_REENTRY, 0);
    mend_token *throwing = on_descent(MEND_INSTEAD, throws, NULL, MEND_HOOK_ONCE, 0);

    @try {
        descent(1);
        fail();
    } @catch (NSException *e) {
    }
    assert_int_equal(mend_hook_remove(throwing, NULL), MEND_NOT_INSTALLED);
    assert_string_equal(descent(1), "a..A");
    hook_off(limited);
}

/* ---- Threads ---- */

static void *
greet_elsewhere(void *trace)
{
    NSAutoreleasePool *pool = [NSAutoreleasePool new];

    strcpy(trace, greeting());
    [pool release];
    return NULL;
}

static void
a_hook_for_this_thread_does_not_run_on_others(void **state)
{
    mend_token *token = mark("greet", MEND_INSTEAD, "aA", MEND_HOOK_THIS_THREAD);
    char trace[256];
    pthread_t thread;

    assert_string_equal(greeting(), "a.A");
    pthread_create(&thread, NULL, greet_elsewhere, trace);
    pthread_join(thread, NULL);
    assert_string_equal(trace, ".");
    assert_string_equal(greeting(), "a.A");
    hook_off(token);
}

/* ---- Types ---- */

static mend_status
add_typed(const char *encoding, unsigned options, mend_error *err)
{
    mend_target target = {.class_name = "HookBase", .selector = "add:to:", .encoding = encoding};
    mend_hook_spec spec = {.position = MEND_BEFORE, .advice = hook_writes, .data = "t", .options = options};
    mend_token *token;
    mend_status st = mend_hook_add(&target, &spec, &token, err);

    if (st == MEND_OK)
        hook_off(token);
    return st;
}

static void
the_encoding_an_advice_relies_on_is_compared(void **state)
{
    mend_hook_stats before = hook_baseline();
    mend_error err;

    assert_int_equal(add_typed("i@:ii", 0, &err), MEND_OK);
    assert_int_equal(add_typed("i@:id", 0, &err), MEND_SIGNATURE_MISMATCH);
    assert_non_null(strstr(err.message, "argument 2"));
    assert_int_equal(add_typed("i@:iI", 0, &err), MEND_SIGNATURE_MISMATCH);
    assert_int_equal(add_typed("i@:iI", MEND_HOOK_WEAK, &err), MEND_OK);
    assert_int_equal(add_typed("i@:iq", MEND_HOOK_WEAK, &err), MEND_SIGNATURE_MISMATCH);
    assert_int_equal(add_typed("nonsense", 0, &err), MEND_BAD_ENCODING);
    hook_assert_baseline(&before);
}

/* ---- Order ---- */

static mend_token *
named(const char *letter, const char *name, const char *ahead_of, const char *behind, int priority)
{
    return add("greet", (mend_hook_spec){.position = MEND_BEFORE,
                                         .advice = hook_writes,
                                         .data = (void *)letter,
                                         .priority = priority,
                                         .name = name,
                                         .ahead_of = ahead_of,
                                         .behind = behind});
}

static void
wishes_count_for_more_than_priority_and_age(void **state)
{
    mend_hook_stats before = hook_baseline();
    mend_token *a = named("a", "first", NULL, NULL, 0);
    mend_token *b = named("b", "second", "first", NULL, -5);
    mend_token *c = named("c", NULL, NULL, "third", 9);
    mend_token *d = named("d", "third", NULL, NULL, -9);
    mend_token *e = named("e", NULL, NULL, NULL, 0);

    assert_string_equal(greeting(), "ebadc.");
    hook_off(d);
    assert_string_equal(greeting(), "ceba.");
    hook_off(a);
    assert_string_equal(greeting(), "ceb.");
    hook_off(b);
    hook_off(c);
    hook_off(e);
    hook_assert_baseline(&before);
}

static void
a_circle_of_wishes_is_refused_and_nothing_changes(void **state)
{
    mend_token *a = named("a", "first", "second", NULL, 0);
    mend_target target = {.class_name = "HookBase", .selector = "greet"};
    mend_hook_spec spec = {
        .position = MEND_BEFORE, .advice = hook_writes, .data = "b", .name = "second", .ahead_of = "first"};
    mend_token *token;
    mend_error err;

    assert_int_equal(mend_hook_add(&target, &spec, &token, &err), MEND_INVALID);
    assert_null(token);
    assert_string_equal(err.selector, "greet");
    assert_string_equal(greeting(), "a.");
    spec.position = MEND_AFTER; /* wishes are about one position */
    assert_int_equal(mend_hook_add(&target, &spec, &token, &err), MEND_OK);
    assert_string_equal(greeting(), "a.b");
    hook_off(token);
    hook_off(a);
}

/* ---- Scratch ---- */

static void
leaves_something(mend_call *call, void *data)
{
    uintptr_t *words = mend_call_scratch(call);

    for (int i = 0; i < MEND_SCRATCH_WORDS; i++)
        assert_int_equal(words[i], 0);
    words[0] = 42;
    words[MEND_SCRATCH_WORDS - 1] = (uintptr_t)words;
}

static void
finds_it(mend_call *call, void *data)
{
    uintptr_t *words = mend_call_scratch(call);

    assert_int_equal(words[0], 42);
    assert_ptr_equal(words[MEND_SCRATCH_WORDS - 1], words);
    hook_mark('f');
}

static void
sees_none(mend_call *call, void *data)
{
    assert_null(mend_call_scratch(call));
}

static void
a_group_shares_scratch_words_in_each_call(void **state)
{
    mend_target target = {.class_name = "HookBase", .selector = "greet"};
    mend_hook_spec before = {
        .position = MEND_BEFORE, .advice = leaves_something, .options = MEND_HOOK_SCRATCH};
    mend_hook_spec after = {.position = MEND_AFTER, .advice = finds_it, .options = MEND_HOOK_SCRATCH};
    mend_group *groups[2];
    mend_token *plain = add("greet", (mend_hook_spec){.position = MEND_BEFORE, .advice = sees_none});

    for (int i = 0; i < 2; i++) {
        assert_int_equal(mend_group_new(&groups[i], NULL), MEND_OK);
        assert_int_equal(mend_group_add(groups[i], &target, &before, NULL), MEND_OK);
        assert_int_equal(mend_group_add(groups[i], &target, &after, NULL), MEND_OK);
        assert_int_equal(mend_group_commit(groups[i], NULL), MEND_OK);
    }
    assert_string_equal(greeting(), ".ff");
    assert_string_equal(greeting(), ".ff");
    mend_group_free(groups[0]);
    mend_group_free(groups[1]);
    assert_string_equal(greeting(), ".");
    hook_off(plain);
}

int
main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_hook_for_once_runs_in_one_call_and_is_gone),
        cmocka_unit_test(a_member_for_once_goes_and_leaves_its_group_in_place),
        cmocka_unit_test(an_instead_for_once_is_passed_by_the_second_proceed),
        cmocka_unit_test(of_many_threads_one_runs_a_hook_for_once),
        cmocka_unit_test(a_hook_without_reentry_runs_in_the_outermost_call_alone),
        cmocka_unit_test(what_advice_sends_counts_as_inside),
        cmocka_unit_test(a_call_knows_its_depth),
        cmocka_unit_test(an_exception_leaves_no_depth_behind),
        cmocka_unit_test(a_hook_for_this_thread_does_not_run_on_others),
        cmocka_unit_test(the_encoding_an_advice_relies_on_is_compared),
        cmocka_unit_test(wishes_count_for_more_than_priority_and_age),
        cmocka_unit_test(a_circle_of_wishes_is_refused_and_nothing_changes),
        cmocka_unit_test(a_group_shares_scratch_words_in_each_call),
    };

    hook_test_main(argc, argv);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
