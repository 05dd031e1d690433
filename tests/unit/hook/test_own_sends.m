/* SPDX-License-Identifier: MIT */
/*
 * Messages that Mend sends for itself run no hooks; those that advice sends do. Advice on +[NSString alloc] and the like
 * counts its runs, and Mend makes strings, pools and exceptions and asks them for their texts meanwhile.
 */
#import "support/hook_fixture.h"

#include "runtime/exception.h"
#include "runtime/own_sends.h"
#include "value/box.h"
#include "value/own.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

static _Thread_local unsigned runs;

static void
counts(mend_call *call, void *unused)
{
    runs++;
}

/* Own sends from advice on what they send: endless where they are hooked. */
static void
makes_a_string(mend_call *call, void *unused)
{
    runs++;
    [mn_string_new("made in advice", 14) release];
}

static jmp_buf out;

@interface HookFailure : NSObject
@end

@implementation HookFailure
- (NSString *)name
{
    return [NSString stringWithUTF8String:"failure"];
}
- (NSString *)reason
{
    longjmp(out, 1);
}
@end

static const struct {
    const char *class_name, *selector;
} asked[] = {
    {"NSString", "+alloc"},          {"NSString", "UTF8String"}, {"NSException", "name"},
    {"NSException", "reason"},       {"HookFailure", "name"},    {"NSAutoreleasePool", "+new"},
    {"NSAutoreleasePool", "+alloc"},
};

enum { ASKED = sizeof asked / sizeof asked[0] };

static void
hook_all(mend_token *tokens[ASKED])
{
    for (int i = 0; i < ASKED; i++)
        tokens[i] = hook_on(asked[i].class_name, asked[i].selector, MEND_BEFORE, counts, NULL);
    runs = 0;
}

static void
unhook_all(mend_token *tokens[ASKED])
{
    for (int i = 0; i < ASKED; i++)
        hook_off(tokens[i]);
}

static void
mend_s_own_messages_run_no_hooks(void **state)
{
    mend_token *tokens[ASKED];
    NSException *exception = [NSException exceptionWithName:@"Name" reason:@"a reason" userInfo:nil];
    HookFailure *failure = [HookFailure new];
    char text[40];
    id string, pool;

    hook_all(tokens);
    string = mn_string_new("text", 4);
    pool = mn_pool_push();
    mn_exception_name(exception, text, sizeof text);
    assert_string_equal(text, "Name");
    mn_exception_reason(exception, text, sizeof text);
    assert_string_equal(text, "a reason");
    mn_exception_name((id)failure, text, sizeof text); /* what the program's method sends is asked for by Mend too */
    assert_string_equal(text, "failure");
    assert_int_equal(runs, 0);
    mn_pool_pop(pool);
    [exception name];
    [[NSString alloc] release];
    assert_int_equal(runs, 2);
    unhook_all(tokens);
    [string release];
    [failure release];
}

static void
advice_may_need_what_it_stands_in_front_of(void **state)
{
    mend_token *token = hook_on("NSString", "+alloc", MEND_BEFORE, makes_a_string, NULL);

    runs = 0;
    [[NSString alloc] release];
    assert_int_equal(runs, 1);
    hook_off(token);
}

static void
the_end_of_a_pool_is_the_objects_own(void **state)
{
    mend_token *token = hook_on("HookFailure", "dealloc", MEND_BEFORE, counts, NULL);
    id pool = mn_pool_push();

    [[HookFailure new] autorelease];
    runs = 0;
    mn_pool_pop(pool);
    assert_int_equal(runs, 1);
    mn_release((id)[HookFailure new]);
    assert_int_equal(runs, 2);
    hook_off(token);
}

/* Within a scope of its own the message is in, the jump goes past the end of it. */
static __attribute__((noinline)) void
asks_and_jumps(void)
{
    char text[40];
    HookFailure *failure = [HookFailure new];

    if (setjmp(out) == 0) {
        mn_exception_reason((id)failure, text, sizeof text);
        fail();
    }
    [failure release];
}

static void
hooks_run_again_after_a_jump_out_of_an_own_message(void **state)
{
    mend_token *token = hook_on("HookFailure", "name", MEND_BEFORE, counts, NULL);
    HookFailure *failure = [HookFailure new];

    [failure name];
    asks_and_jumps();
    runs = 0;
    [failure name];
    assert_int_equal(runs, 1);
    asks_and_jumps();
    mend_bypass_begin(); /* the thread's own wish is not taken for Mend's */
    [failure name];
    mend_bypass_end();
    assert_int_equal(runs, 1);
    [failure name];
    assert_int_equal(runs, 2);
    hook_off(token);
    [failure release];
}

static void *
asks_first(void *failure)
{
    NSAutoreleasePool *pool = [NSAutoreleasePool new];

    runs = 0;
    asks_and_jumps(); /* before the thread has ever been inside a hook */
    [(HookFailure *)failure name];
    [pool drain];
    return (void *)(uintptr_t)runs;
}

static void
a_new_thread_may_begin_with_such_a_jump(void **state)
{
    mend_token *token = hook_on("HookFailure", "name", MEND_BEFORE, counts, NULL);
    HookFailure *failure = [HookFailure new];
    pthread_t thread;
    void *ran;

    pthread_create(&thread, NULL, asks_first, failure);
    pthread_join(thread, &ran);
    assert_int_equal((uintptr_t)ran, 1);
    hook_off(token);
    [failure release];
}

static void
own_messages_nest_and_mix_with_the_thread_s_wishes(void **state)
{
    mend_token *token = hook_on("HookFailure", "name", MEND_BEFORE, counts, NULL);
    HookFailure *failure = [HookFailure new];

    runs = 0;
    {
        MN_SCOPED(mn_own_sends_end) struct mn_own_sends own = MN_OWN_SENDS_CLOSED;

        mn_own_sends_begin(&own);
        {
            MN_SCOPED(mn_own_sends_end) struct mn_own_sends inner = MN_OWN_SENDS_CLOSED;

            mn_own_sends_begin(&inner);
            mend_bypass_end(); /* not the thread's to end */
            [failure name];
        }
        mend_bypass_begin();
        [failure name];
    }
    [failure name];
    assert_int_equal(runs, 0);
    mend_bypass_end();
    [failure name];
    assert_int_equal(runs, 1);
    hook_off(token);
    [failure release];
}

int
main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mend_s_own_messages_run_no_hooks),
        cmocka_unit_test(advice_may_need_what_it_stands_in_front_of),
        cmocka_unit_test(the_end_of_a_pool_is_the_objects_own),
        cmocka_unit_test(hooks_run_again_after_a_jump_out_of_an_own_message),
        cmocka_unit_test(a_new_thread_may_begin_with_such_a_jump),
        cmocka_unit_test(own_messages_nest_and_mix_with_the_thread_s_wishes),
    };

    hook_test_main(argc, argv);
    mn_own_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
