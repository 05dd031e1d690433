/* SPDX-License-Identifier: MIT */
/*
 * The entries of sites (src/hook/CPU/entry.S): from every instruction the caller can be found, which is skipped where a
 * CPU has none; and what unwinds through them, or through what stands in for them there (src/abi), finds the caller's
 * registers as they were.
 */
#import "support/hook_fixture.h"

#include "../abi/machine.h"
#include "abi/call.h"
#include <execinfo.h>
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
#include <objc/runtime.h>
#include <unwind.h>

@interface HookEntry : NSObject
- (long)add:(long)a to:(long)b;
- (double)half:(double)a;
- (double)sum:(double)a :(double)b :(double)c :(double)d;
- (long)inherited:(long)a;
@end

@implementation HookEntry
- (long)add:(long)a to:(long)b
{
    return a + b;
}
- (double)half:(double)a
{
    return a / 2;
}
- (double)sum:(double)a :(double)b :(double)c :(double)d
{
    return a + b + c + d;
}
- (long)inherited:(long)a
{
    return a + 1;
}
@end

@interface HookEntryChild : HookEntry
@end
@implementation HookEntryChild
@end

static HookEntryChild *receiver, *other;
static const char *hooked = "HookEntryChild"; /* it inherits all methods */
static const char *const selectors[] = {"add:to:", "half:", "sum::::", "inherited:"};

enum { METHODS = 4, CHAINS = 7, MOST_HOOKS = 3 };

static long __attribute__((noinline))
recognisable_caller(int method, HookEntryChild *object)
{
    long result = 0;

    switch (method) {
    case 0:
        result = [object add:40 to:2];
        break;
    case 1:
        result = (long)[object half:84];
        break;
    case 2:
        result = (long)[object sum:10:11:12:9];
        break;
    case 3:
        result = [object inherited:41];
        break;
    }
    __asm__ volatile("" ::: "memory");
    return result;
}

static void
looks_on(mend_call *call, void *data)
{
}

static void
proceeds(mend_call *call, void *data)
{
    mend_call_proceed(call, NULL);
}

static mend_token *
add(int method, mend_position position, mend_advice advice, id object)
{
    mend_target target = {.class_name = object ? NULL : hooked, .object = object,
                          .selector = selectors[method]};
    mend_hook_spec spec = {.position = position, .advice = advice};
    mend_token *token;

    assert_int_equal(mend_hook_add(&target, &spec, &token, NULL), MEND_OK);
    return token;
}

/* One of the chains that entries run: gives how many hooks it has. */
static int
put_chain(int chain, int method, mend_advice advice, mend_token *tokens[MOST_HOOKS])
{
    int n = 0;

    if (chain == 0 || chain == 2 || chain == 3)
        tokens[n++] = add(method, MEND_BEFORE, advice, nil);
    if (chain == 1 || chain == 2)
        tokens[n++] = add(method, MEND_AFTER, advice, nil);
    if (chain == 3 || chain == 5)
        tokens[n++] = add(method, MEND_BEFORE, advice, receiver);
    if (chain == 4)
        tokens[n++] = add(method, MEND_INSTEAD, advice == looks_on ? proceeds : advice, nil);
    if (chain == 5)
        tokens[n++] = add(method, MEND_AFTER, advice, receiver);
    if (chain == 6)
        tokens[n++] = add(method, MEND_INSTEAD, advice == looks_on ? proceeds : advice, receiver);
    return n;
}

static void
take_away(mend_token *tokens[MOST_HOOKS], int count)
{
    while (count-- > 0)
        hook_off(tokens[count]);
}

/* ---- Stepping ---- */

/* Some CPUs have none. */
extern const char mn_site_entry_integers[] __attribute__((weak));
extern const char mn_site_entry_two_vectors[] __attribute__((weak));
extern const char mn_site_entry_all_vectors[] __attribute__((weak));

enum { ENTRY_SIZE = 1152 };

static volatile int steps, lost;

static bool
is_within(const char *at, const char *start, size_t size)
{
    return start && at >= start && at < start + size;
}

static void
stepped(int signal, siginfo_t *info, void *context)
{
    const char *at = step_address(context);
    void *frames[64];
    int count, found = 0;

    if (!is_within(at, mn_site_entry_integers, ENTRY_SIZE) && !is_within(at, mn_site_entry_two_vectors, ENTRY_SIZE) &&
        !is_within(at, mn_site_entry_all_vectors, ENTRY_SIZE))
        return;
    count = backtrace(frames, 64);
    for (int i = 0; i < count; i++)
        found += is_within(frames[i], (const char *)recognisable_caller, 512);
    steps++;
    lost += found != 1;
}

static void
from_every_instruction_the_caller_can_be_found(void **state)
{
    struct sigaction action = {.sa_sigaction = stepped, .sa_flags = SA_SIGINFO}, before;
    void *frames[4];

    if (!mn_site_entry_integers)
        skip();
    backtrace(frames, 4); /* loads what it needs */
    sigaction(STEP_SIGNAL, &action, &before);
    for (int chain = 0; chain < CHAINS; chain++)
        for (int method = 0; method < METHODS; method++) {
            mend_token *tokens[MOST_HOOKS];
            int n = put_chain(chain, method, looks_on, tokens);

            steps = 0;
            recognisable_caller(method, receiver); /* takes the first hold of the thread */
            step_by_step(true);
            for (int i = 0; i < STEP_CALLS; i++) {
                recognisable_caller(method, receiver);
                recognisable_caller(method, other);
            }
            step_by_step(false);
            assert_int_equal(lost, 0);
            if (STEP_CALLS == 1)
                assert_true(steps > 60);
            take_away(tokens, n);
        }
    sigaction(STEP_SIGNAL, &before, NULL);
}

/* ---- Unwinding ---- */

__asm__(CALL_WITH_CANARIES);
void call_with_canaries(void (*code)(void), struct canaries *canaries);
extern const char call_with_canaries_end[];

static jmp_buf way_out;
static int leaver;        /* which of the advices of a call leaves; -1: none */
static bool method_leaves;
static int wrong_registers, arrivals;

/* At the caller: does it find its registers as they were? */
static _Unwind_Reason_Code
stop_at_the_caller(int version, _Unwind_Action actions, _Unwind_Exception_Class kind, struct _Unwind_Exception *object,
                   struct _Unwind_Context *context, void *data)
{
    const char *caller = (const char *)call_with_canaries;

    if (!is_within((const char *)_Unwind_GetIP(context), caller, (size_t)(call_with_canaries_end - caller)))
        return _URC_NO_REASON;
    arrivals++;
    for (int i = 0; i < KEPT_GENERAL; i++)
        wrong_registers += _Unwind_GetGR(context, kept_number[i]) != KEPT_VALUE(i);
    longjmp(way_out, 1);
}

static void
leave_now(void)
{
    static struct _Unwind_Exception object;

    _Unwind_ForcedUnwind(&object, stop_at_the_caller, NULL);
}

static void
leaves_in_turn(mend_call *call, void *data)
{
    if (leaver-- == 0)
        leave_now();
}

static long
method_that_leaves(id self, SEL sel)
{
    if (method_leaves)
        leave_now();
    return 0;
}

/* No receiver: the method does not look at it. */
static void
call_without_object(int method)
{
    struct canaries canaries;
    void *code = hook_imp("HookEntry", selectors[method]);

    if (setjmp(way_out) == 0)
        call_with_canaries((void (*)(void))code, &canaries);
}

static void
unwinding_finds_the_callers_registers_as_they_were(void **state)
{
    mend_hook_stats before = hook_baseline();
    enum { CLASS_CHAINS = 5 };

    hooked = "HookEntry";
    for (int method = 0; method < METHODS; method++)
        method_setImplementation(class_getInstanceMethod([HookEntry class], sel_registerName(selectors[method])),
                                 (IMP)method_that_leaves);
    for (int chain = 0; chain < CLASS_CHAINS; chain++)
        for (int method = 0; method < METHODS; method++) {
            mend_token *tokens[MOST_HOOKS];
            int n = put_chain(chain, method, leaves_in_turn, tokens);

            if (chain == 3) /* one of its two is for an object that is not there */
                hook_off(tokens[--n]);
            arrivals = 0;
            for (leaver = 0; leaver < n; leaver++) {
                int which = leaver;

                call_without_object(method);
                leaver = which;
            }
            leaver = -1;
            method_leaves = chain != 4;
            call_without_object(method);
            method_leaves = false;
            call_without_object(method);
            assert_int_equal(arrivals, n + (chain != 4));
            assert_int_equal(wrong_registers, 0);
            take_away(tokens, n);
        }
    hook_assert_baseline(&before);
}

static const struct mn_signature *no_words;

/* Keeps nothing over the call: the caller's registers are what the call's own unwind rules say. */
static void
makes_a_call(void)
{
    struct mn_frame frame = {0};

    mn_cpu_set_signature(&frame, no_words);
    mn_call_frame((mn_code)leave_now, &frame, no_words->shape);
    __asm__ volatile("" ::: "memory");
}

static void
unwinding_through_a_call_finds_the_registers_too(void **state)
{
    struct canaries canaries;

    assert_int_equal(mn_signature_get("v", &no_words, NULL), MEND_OK);
    arrivals = 0;
    if (setjmp(way_out) == 0)
        call_with_canaries(makes_a_call, &canaries);
    assert_int_equal(arrivals, 1);
    assert_int_equal(wrong_registers, 0);
}

int
main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(from_every_instruction_the_caller_can_be_found),
        cmocka_unit_test(unwinding_finds_the_callers_registers_as_they_were),
        cmocka_unit_test(unwinding_through_a_call_finds_the_registers_too),
    };

    hook_test_main(argc, argv);
    receiver = [HookEntryChild new];
    other = [HookEntryChild new];
    return cmocka_run_group_tests(tests, NULL, NULL);
}
