/* SPDX-License-Identifier: MIT */
/*
 * Advice on -dealloc, of a class and of one object: next runs exactly once whatever safe advice does, and once, or not
 * at all, as unsafe advice decides; side values, weak references and death watches keep their moments.
 */
#import "support/hook_fixture.h"

#include "runtime/objects.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

static int freed; /* runs of the class's own -dealloc */

@interface HookMortal : NSObject {
  @public
    int number;
}
- (int)number;
- (void)setNumber:(int)value;
@end

@implementation HookMortal
- (int)number
{
    return number;
}
- (void)setNumber:(int)value
{
    number = value;
}
- (void)dealloc
{
    hook_mark('.');
    freed++;
    [super dealloc];
}
@end

@interface HookMortalChild : HookMortal
@end

@implementation HookMortalChild
- (void)dealloc
{
    hook_mark(':');
    [super dealloc];
}
@end

/* A side value: marks its end. */
@interface HookNote : NSObject
@end

@implementation HookNote
- (void)dealloc
{
    hook_mark('n');
    [super dealloc];
}
@end

@interface HookWitness : NSObject
@end

@implementation HookWitness
- (void)observeValueForKeyPath:(NSString *)path
                      ofObject:(id)object
                        change:(NSDictionary *)change
                       context:(void *)context
{
}
@end

/* On the class, or on `object` alone. */
static mend_status
try(id object, mend_position position, mend_advice advice, void *data, unsigned options, mend_token **token,
    mend_error *err)
{
    mend_target target = {.class_name = "HookMortal", .selector = "dealloc", .object = object};
    mend_hook_spec spec = {.position = position, .advice = advice, .data = data, .options = options};

    return mend_hook_add(&target, &spec, token, err);
}

static mend_token *
on(id object, mend_position position, mend_advice advice, void *data)
{
    mend_token *token;
    mend_error err;

    if (try(object, position, advice, data, MEND_HOOK_UNSAFE, &token, &err) != MEND_OK)
        fail_msg("hooking dealloc: %s", err.message);
    return token;
}

static void
begin(void)
{
    hook_trace_clear();
    freed = 0;
}

/* One object's hooks have gone with it. */
static void
off(id object, mend_token *token)
{
    if (object)
        assert_int_equal(mend_hook_remove(token, NULL), MEND_NOT_INSTALLED);
    else
        hook_off(token);
}

/* Each test runs twice: its hooks on the class, and on the one object. */
static id
target_of(HookMortal *mortal, void **state)
{
    return *(const int *)*state ? mortal : nil;
}

/* ---- Every position ---- */

static void
every_position_runs_once_around_the_one_next(void **state)
{
    mend_hook_stats before = hook_baseline();
    HookMortal *a = [HookMortal new], *b = [HookMortal new];
    id target = target_of(a, state);
    mend_token *first = on(target, MEND_BEFORE, hook_writes, "b"),
               *around = on(target, MEND_INSTEAD, hook_wraps, "()"),
               *outer = on(target, MEND_INSTEAD, hook_wraps, "[]"),
               *after = on(target, MEND_AFTER, hook_writes, "a");

    begin();
    [a release];
    assert_string_equal(hook_trace, "b[(.)]a");
    assert_int_equal(freed, 1);
    begin();
    [b release];
    assert_string_equal(hook_trace, target ? "." : "b[(.)]a");
    assert_int_equal(freed, 1);
    off(target, first);
    off(target, around);
    off(target, outer);
    off(target, after);
    hook_assert_baseline(&before);
}

static void
each_position_alone(void **state)
{
    static const struct {
        mend_position position;
        mend_advice advice;
        const char *letters, *expected;
    } cases[] = {
        {MEND_BEFORE, hook_writes, "b", "b."},
        {MEND_INSTEAD, hook_wraps, "()", "(.)"},
        {MEND_AFTER, hook_writes, "a", ".a"},
    };
    mend_hook_stats before = hook_baseline();

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        HookMortal *a = [HookMortal new];
        id target = target_of(a, state);
        mend_token *token = on(target, cases[i].position, cases[i].advice, (void *)cases[i].letters);

        begin();
        [a release];
        assert_string_equal(hook_trace, cases[i].expected);
        assert_int_equal(freed, 1);
        off(target, token);
    }
    hook_assert_baseline(&before);
}

static void
a_subclass_s_dealloc_reaches_the_hooks_once(void **state)
{
    HookMortalChild *a = [HookMortalChild new];
    id target = target_of(a, state); /* the object's own -dealloc is the subclass's */
    mend_token *around = on(target, MEND_INSTEAD, hook_wraps, "()"), *after = on(target, MEND_AFTER, hook_writes, "a");

    begin();
    [a release];
    assert_string_equal(hook_trace, target ? "(:.)a" : ":(.)a");
    assert_int_equal(freed, 1);
    off(target, around);
    off(target, after);
}

/* ---- What safe advice cannot do ---- */

static void
advice_after_or_around_needs_the_unsafe_option(void **state)
{
    mend_hook_stats before = hook_baseline();
    HookMortal *a = [HookMortal new];
    mend_token *token;
    mend_error err;

    assert_int_equal(try(target_of(a, state), MEND_INSTEAD, hook_wraps, "()", 0, &token, &err), MEND_REFUSED_POSITION);
    assert_int_equal(try(target_of(a, state), MEND_AFTER, hook_writes, "a", 0, &token, &err), MEND_REFUSED_POSITION);
    assert_null(token);
    assert_string_equal(err.class_name, "HookMortal");
    assert_string_equal(err.selector, "dealloc");
    [a release];
    hook_assert_baseline(&before);
}

static mend_status answer;

static void
skips(mend_call *call, void *letter)
{
    hook_writes(call, letter);
    answer = mend_call_skip(call, NULL);
}

static void
safe_advice_cannot_skip_it(void **state)
{
    HookMortal *a = [HookMortal new];
    id target = target_of(a, state);
    mend_token *token;

    assert_int_equal(try(target, MEND_BEFORE, skips, "s", 0, &token, NULL), MEND_OK);
    begin();
    [a release];
    assert_int_equal(answer, MEND_REFUSED_POSITION);
    assert_string_equal(hook_trace, "s.");
    assert_int_equal(freed, 1);
    off(target, token);
}

static void
throws(mend_call *call, void *letter)
{
    hook_writes(call, letter);
    [NSException raise:@"Advice" format:@"from before advice"];
}

static bool
release_throws(id object)
{
    bool caught = false;

    NS_DURING
        [object release];
    NS_HANDLER
        caught = [[localException name] isEqualToString:@"Advice"];
    NS_ENDHANDLER
    return caught;
}

static void
an_exception_of_before_advice_leaves_after_next_has_run(void **state)
{
    mend_hook_stats before = hook_baseline();
    HookMortal *a = [HookMortal new];
    id target = target_of(a, state);
    mend_token *first, *second;

    assert_int_equal(try(target, MEND_BEFORE, throws, "t", 0, &first, NULL), MEND_OK);
    assert_int_equal(try(target, MEND_BEFORE, hook_writes, "n", 0, &second, NULL), MEND_OK);
    begin();
    assert_true(release_throws(a));
    assert_string_equal(hook_trace, "t.");
    assert_int_equal(freed, 1);
    off(target, first);
    off(target, second);
    hook_assert_baseline(&before);
}

static void
ends_the_thread(mend_call *call, void *letter)
{
    pthread_exit(NULL);
}

static void *
releases(void *object)
{
    [(id)object release];
    return object;
}

static void
a_thread_that_ends_in_before_advice_has_run_next(void **state)
{
    HookMortal *a = [HookMortal new];
    id target = target_of(a, state);
    mend_token *token;
    pthread_t thread;
    void *result;

    assert_int_equal(try(target, MEND_BEFORE, ends_the_thread, NULL, 0, &token, NULL), MEND_OK);
    begin();
    pthread_create(&thread, NULL, releases, a);
    pthread_join(thread, &result);
    assert_null(result);
    assert_int_equal(freed, 1);
    off(target, token);
}

/* ---- What unsafe advice may do ---- */

static const int note_key;
static mn_weak reference;
static bool was_gone, had_note, was_whole;

static void
looks(mend_call *call, void *letter)
{
    HookMortal *object = (HookMortal *)mend_call_receiver(call);
    id loaded = mn_weak_load(&reference);
    id note = mn_side_get(object, &note_key);

    hook_writes(call, letter);
    was_gone = loaded == nil;
    had_note = note != nil;
    was_whole = [object number] == 4711;
    [loaded release];
    [note release];
}

static void
looks_around(mend_call *call, void *letters)
{
    looks(call, letters);
    mend_call_proceed(call, NULL);
    hook_mark(((const char *)letters)[1]);
}

static void
on_death(id object, void *letter)
{
    hook_mark(*(const char *)letter);
}

static void
give_it_a_note(HookMortal *object)
{
    HookNote *note = [HookNote new];

    assert_int_equal(mn_weak_store(&reference, object, NULL), MEND_OK);
    assert_int_equal(mn_side_set(object, &note_key, note, MN_SIDE_RETAIN, NULL), MEND_OK);
    [note release];
}

/* What watches over the object ends it where its own -dealloc returns: above the hook, if it came later. */
static void
unsafe_advice_may_keep_the_object(void **state)
{
    mend_hook_stats before = hook_baseline();

    for (int hook_first = 0; hook_first < 2; hook_first++) {
        HookMortal *a = [HookMortal new];
        id target = target_of(a, state);
        mend_token *token = hook_first ? on(target, MEND_INSTEAD, hook_writes, "i") : NULL; /* does not proceed */

        give_it_a_note(a);
        if (!hook_first)
            token = on(target, MEND_INSTEAD, hook_writes, "i");
        begin();
        [a release];
        assert_int_equal(freed, 0);
        assert_null(mn_weak_load(&reference));
        off(target, token);
        [a dealloc]; /* what the advice kept from happening */
        assert_true(strcmp(hook_trace, "in.") == 0 || strcmp(hook_trace, "i.n") == 0);
        assert_int_equal(freed, 1);
        mn_weak_fini(&reference);
    }
    hook_assert_baseline(&before);
}

static void
unsafe_advice_may_skip(void **state)
{
    HookMortal *a = [HookMortal new];
    id target = target_of(a, state);
    mend_token *token = on(target, MEND_BEFORE, skips, "s");

    begin();
    [a release];
    assert_int_equal(answer, MEND_OK);
    assert_string_equal(hook_trace, "s");
    off(target, token);
    [a dealloc];
    assert_int_equal(freed, 1);
}

/* ---- The object meanwhile ---- */

static void
dies_looked_at(bool alone, bool hook_first, mend_position position, mend_advice advice, void *letters)
{
    HookMortal *a = [HookMortal new];
    mend_token *token = NULL;

    a->number = 4711;
    if (hook_first)
        token = on(alone ? a : nil, position, advice, letters);
    give_it_a_note(a);
    assert_int_equal(mn_object_on_death(a, on_death, "w", NULL, NULL), MEND_OK);
    if (!hook_first)
        token = on(alone ? a : nil, position, advice, letters);
    begin();
    was_gone = had_note = was_whole = false;
    [a release];
    assert_true(was_gone);
    assert_true(had_note);
    assert_true(was_whole);
    assert_int_equal(freed, 1);
    assert_null(mn_weak_load(&reference));
    mn_weak_fini(&reference);
    off(alone ? a : nil, token);
}

/* The watch runs before the class's own -dealloc, and before advice or after it as they came. */
static void
weak_references_are_nil_and_side_values_there_in_advice(void **state)
{
    mend_hook_stats before = hook_baseline();
    size_t tracked = mn_objects_tracked();
    bool alone = *(const int *)*state;

    for (int hook_first = 0; hook_first < 2; hook_first++) {
        dies_looked_at(alone, hook_first, MEND_BEFORE, looks, "b");
        assert_true(strcmp(hook_trace, "bw.n") == 0 || strcmp(hook_trace, "wb.n") == 0);
        dies_looked_at(alone, hook_first, MEND_INSTEAD, looks_around, "()");
        assert_true(strcmp(hook_trace, "(w.n)") == 0 || strcmp(hook_trace, "w(.n)") == 0);
    }
    assert_int_equal(mn_objects_tracked(), tracked);
    hook_assert_baseline(&before);
}

static void
forgets(mend_call *call, void *letter)
{
    id object = (id)mend_call_receiver(call);
    const void *lent = object; /* an address and nothing more: the object is freed */

    hook_writes(call, letter);
    assert_false(mn_side_remove((id)lent, &note_key));
    assert_null(mn_weak_load(&reference));
}

static void
nothing_of_the_object_is_left_in_after_advice(void **state)
{
    size_t tracked = mn_objects_tracked();
    HookMortal *a = [HookMortal new];
    id target = target_of(a, state);
    mend_token *token;

    give_it_a_note(a);
    token = on(target, MEND_AFTER, forgets, "a");
    begin();
    [a release];
    assert_string_equal(hook_trace, ".na");
    assert_int_equal(freed, 1);
    mn_weak_fini(&reference);
    off(target, token);
    assert_int_equal(mn_objects_tracked(), tracked);
}

/* An observed object's -dealloc passes two classes; the second must not ask the freed object for its class. */
static void
an_observed_object_s_advice_runs_once(void **state)
{
    mend_hook_stats before = hook_baseline();
    HookWitness *witness = [HookWitness new];

    for (int hook_first = 0; hook_first < 2; hook_first++) {
        HookMortal *a = [HookMortal new];
        id target = target_of(a, state);
        mend_token *around = NULL, *after = NULL;
        id info;

        if (hook_first) {
            around = on(target, MEND_INSTEAD, hook_wraps, "()");
            after = on(target, MEND_AFTER, hook_writes, "a");
        }
        [a addObserver:witness forKeyPath:@"number" options:0 context:NULL];
        if (!hook_first) {
            around = on(target, MEND_INSTEAD, hook_wraps, "()");
            after = on(target, MEND_AFTER, hook_writes, "a");
        }
        [a removeObserver:witness forKeyPath:@"number"];
        [a addObserver:witness forKeyPath:@"number" options:0 context:NULL];
        info = [a observationInfo]; /* which GNUstep forgets with an object that dies observed */
        begin();
        [a release];
        assert_string_equal(hook_trace, "(.)a");
        assert_int_equal(freed, 1);
        [info release];
        off(target, around);
        off(target, after);
    }
    [witness release];
    hook_assert_baseline(&before);
}

/* The hooks are gone with their object, also when advice kept it from being freed: the address may come again. */
static void
the_next_object_at_the_address_runs_nothing(void **state)
{
    const void *address;
    int again = 0;

    for (int i = 0; i < 500; i++) {
        HookMortal *a = [HookMortal new];

        address = a;
        on(a, MEND_AFTER, hook_writes, "a");
        begin();
        [a release];
        assert_string_equal(hook_trace, ".a");
        a = [HookMortal new];
        again += address == (const void *)a;
        begin();
        [a release];
        assert_string_equal(hook_trace, ".");
    }
#ifndef __SANITIZE_ADDRESS__ /* which keeps addresses from being used again */
    assert_true(again > 0);
#endif
}

static void
in_a_group_one_object_s_dealloc_takes_before_advice_only(void **state)
{
    mend_hook_stats before = hook_baseline();
    HookMortal *a = [HookMortal new];
    mend_target target = {.object = a, .selector = "dealloc"};
    mend_hook_spec first = {.position = MEND_BEFORE, .advice = hook_writes, .data = "b"};
    mend_hook_spec after = {
        .position = MEND_AFTER, .advice = hook_writes, .data = "a", .options = MEND_HOOK_UNSAFE};
    mend_group *group;

    assert_int_equal(mend_group_new(&group, NULL), MEND_OK);
    assert_int_equal(mend_group_add(group, &target, &after, NULL), MEND_REFUSED_POSITION);
    assert_int_equal(mend_group_add(group, &target, &first, NULL), MEND_OK);
    assert_int_equal(mend_group_commit(group, NULL), MEND_OK);
    begin();
    [a release];
    assert_string_equal(hook_trace, "b.");
    assert_int_equal(freed, 1);
    mend_group_free(group);
    hook_assert_baseline(&before);
}

static int for_the_class, for_the_object = 1;

#define BOTH(test) \
    {#test " (class)", test, NULL, NULL, &for_the_class}, { #test " (object)", test, NULL, NULL, &for_the_object }

int
main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        BOTH(every_position_runs_once_around_the_one_next),
        BOTH(each_position_alone),
        BOTH(a_subclass_s_dealloc_reaches_the_hooks_once),
        BOTH(advice_after_or_around_needs_the_unsafe_option),
        BOTH(safe_advice_cannot_skip_it),
        BOTH(an_exception_of_before_advice_leaves_after_next_has_run),
        BOTH(a_thread_that_ends_in_before_advice_has_run_next),
        BOTH(unsafe_advice_may_keep_the_object),
        BOTH(unsafe_advice_may_skip),
        BOTH(weak_references_are_nil_and_side_values_there_in_advice),
        BOTH(nothing_of_the_object_is_left_in_after_advice),
        BOTH(an_observed_object_s_advice_runs_once),
        cmocka_unit_test(the_next_object_at_the_address_runs_nothing),
        cmocka_unit_test(in_a_group_one_object_s_dealloc_takes_before_advice_only),
    };

    hook_test_main(argc, argv);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
