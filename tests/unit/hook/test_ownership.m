/* SPDX-License-Identifier: MIT */
/*
 * Results that are objects: advice reads and replaces them, of methods that give them away and of others, and every
 * object is freed exactly once.
 */
#import "support/hook_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <cmocka.h>
#include <objc/runtime.h>
#include <string.h>

static int alive, refused_inits;

/* Counts itself. */
@interface HookThing : NSObject {
  @public
    int origin; /* 'm': made by the method; 'a': by advice */
}
@end

@implementation HookThing
+ (id)allocWithZone:(NSZone *)zone
{
    alive++;
    return [super allocWithZone:zone];
}
- (void)dealloc
{
    alive--;
    [super dealloc];
}
@end

static HookThing *
thing(int origin)
{
    HookThing *fresh = [[HookThing alloc] init];

    fresh->origin = origin;
    return fresh;
}

@interface HookMaker : HookThing {
    HookThing *held;
}
- (id)made;
- (id)held;
- (id)copyOfIt;
- (id)newThing;
- (id)mutableCopyOfIt;
- (id)newtonian;
- (id)initAsOther;
- (id)initAsItself;
- (id)initRefused;
- (int)initial;
+ (id)allocThing;
+ (id)initials;
@end

@implementation HookMaker
- (void)dealloc
{
    [held release];
    [super dealloc];
}
- (id)made
{
    return [thing('m') autorelease];
}
- (id)held
{
    if (!held)
        held = thing('m');
    return held;
}
- (id)copyOfIt
{
    return thing('m');
}
- (id)newThing
{
    return thing('m');
}
- (id)mutableCopyOfIt
{
    return thing('m');
}
- (id)newtonian
{
    return [thing('m') autorelease];
}
- (id)initAsOther
{
    [self release];
    return thing('m');
}
- (id)initAsItself
{
    origin = 'm';
    return self;
}
- (id)initRefused
{
    refused_inits++;
    [self release];
    return nil;
}
- (int)initial
{
    return 'i';
}
+ (id)allocThing
{
    return thing('m');
}
+ (id)initials
{
    return [thing('m') autorelease];
}
@end

/* ---- Advice ---- */

static void
set(mend_call *call, id object)
{
    mend_error err;

    if (mend_call_set_object(call, object, &err) != MEND_OK)
        fail_msg("setting: %s", err.message);
}

static HookThing *
result(mend_call *call)
{
    HookThing *now;

    assert_int_equal(mend_call_get_result(call, &now, sizeof now, NULL), MEND_OK);
    return now;
}

/* Data: whether the method is an init, whose receiver is then the advice's to release. */
static void
replaces_unseen(mend_call *call, void *is_init)
{
    HookThing *mine = thing('a');

    set(call, mine);
    [mine release];
    if (is_init)
        [(id)mend_call_receiver(call) release];
}

static void
skips_with_another(mend_call *call, void *is_init)
{
    replaces_unseen(call, is_init);
    assert_int_equal(mend_call_skip(call, NULL), MEND_OK);
}

static void
replaces(mend_call *call, void *unused)
{
    HookThing *mine = thing('a');
    int before = alive;

    assert_true(!result(call) || result(call)->origin == 'm' || result(call)->origin == 'a');
    set(call, mine);
    [mine release];
    assert_ptr_equal(result(call), mine);
    assert_int_equal(mine->origin, 'a'); /* lives, the method's own may have gone */
    assert_in_range(alive, before - 1, before);
}

static void
proceeds_and_replaces(mend_call *call, void *unused)
{
    mend_call_proceed(call, NULL);
    replaces(call, NULL);
}

static void
sets_what_is_there(mend_call *call, void *unused)
{
    set(call, result(call));
}

static void
sets_nil(mend_call *call, void *unused)
{
    set(call, nil);
}

static void
sets_the_receiver(mend_call *call, void *unused)
{
    set(call, (id)mend_call_receiver(call));
    [(id)mend_call_receiver(call) release];
}

/* ---- Calls ---- */

static const struct {
    const char *selector;
    bool owned, is_init;
} methods[] = {
    {"made", false, false},        {"held", false, false},
    {"copyOfIt", true, false},     {"newThing", true, false},
    {"mutableCopyOfIt", true, false}, {"newtonian", false, false},
    {"initAsOther", true, true},   {"initAsItself", true, true},
    {"initRefused", true, true},   {"+allocThing", true, false},
    {"+initials", false, false},
};

enum { METHODS = sizeof methods / sizeof methods[0] };

/* One call as ARC would compile it; what its result's origin was, 0 for nil. The receiver and all else is freed. */
static int
call(size_t i)
{
    const char *selector = methods[i].selector;
    bool class_side = *selector == '+';
    NSAutoreleasePool *pool = [NSAutoreleasePool new];
    id receiver = class_side ? (id)[HookMaker class] : [HookMaker alloc], is;
    int origin;

    is = [receiver performSelector:sel_registerName(selector + class_side)];
    origin = is ? ((HookThing *)is)->origin : 0;
    if (methods[i].owned)
        [is release];
    if (!class_side && !methods[i].is_init)
        [receiver release];
    [pool drain];
    return origin;
}

static void
each_method_with(mend_position position, mend_advice advice, int expected)
{
    for (size_t i = 0; i < METHODS; i++) {
        void *data = methods[i].is_init ? "" : NULL;
        mend_token *token = hook_on("HookMaker", methods[i].selector, position, advice, data);
        int origin = call(i);

        hook_off(token);
        if (alive != 0 || origin != expected)
            fail_msg("%s: %d alive, result '%c' instead of '%c'", methods[i].selector, alive, origin, expected);
    }
}

static void
unhooked_methods_leave_nothing(void **state)
{
    for (size_t i = 0; i < METHODS; i++) {
        call(i);
        assert_int_equal(alive, 0);
    }
}

static void
after_advice_replaces_results(void **state)
{
    each_method_with(MEND_AFTER, replaces, 'a');
}

static void
an_instead_replaces_what_next_gave(void **state)
{
    each_method_with(MEND_INSTEAD, proceeds_and_replaces, 'a');
}

static void
an_instead_gives_a_result_of_its_own(void **state)
{
    each_method_with(MEND_INSTEAD, replaces_unseen, 'a');
}

static void
before_advice_skips_with_a_result(void **state)
{
    each_method_with(MEND_BEFORE, skips_with_another, 'a');
}

static void
a_result_may_become_nil(void **state)
{
    each_method_with(MEND_AFTER, sets_nil, 0);
}

static void
several_replace_one_another_s(void **state)
{
    for (size_t i = 0; i < METHODS; i++) {
        mend_token *tokens[4];
        int origin;

        tokens[0] = hook_on("HookMaker", methods[i].selector, MEND_INSTEAD, proceeds_and_replaces, NULL);
        tokens[1] = hook_on("HookMaker", methods[i].selector, MEND_INSTEAD, proceeds_and_replaces, NULL);
        tokens[2] = hook_on("HookMaker", methods[i].selector, MEND_AFTER, replaces, NULL);
        tokens[3] = hook_on("HookMaker", methods[i].selector, MEND_AFTER, replaces, NULL);
        origin = call(i);
        for (int n = 0; n < 4; n++)
            hook_off(tokens[n]);
        if (alive != 0 || origin != 'a')
            fail_msg("%s: %d alive, result '%c'", methods[i].selector, alive, origin);
    }
}

static void
setting_what_is_there_changes_nothing(void **state)
{
    for (size_t i = 0; i < METHODS; i++) {
        mend_token *token = hook_on("HookMaker", methods[i].selector, MEND_AFTER, sets_what_is_there, NULL);
        int origin = call(i);

        hook_off(token);
        assert_int_equal(alive, 0);
        assert_int_equal(origin, strcmp(methods[i].selector, "initRefused") == 0 ? 0 : 'm');
    }
}

static void
in_place_of_init_the_receiver_may_be_the_result(void **state)
{
    mend_token *token = hook_on("HookMaker", "initAsOther", MEND_INSTEAD, sets_the_receiver, NULL);
    HookMaker *maker = [HookMaker alloc];

    assert_ptr_equal([maker initAsOther], maker);
    assert_int_equal([maker retainCount], 1);
    [maker release];
    assert_int_equal(alive, 0);
    hook_off(token);
}

/* A result that the method only lends outlives whatever lent it until the pool goes. */
static void
drops_the_holder(mend_call *call, void *unused)
{
    HookMaker *holder = [[HookMaker alloc] init];

    set(call, [holder held]);
    [holder release];
    assert_int_equal(result(call)->origin, 'm');
}

static void
a_lent_result_outlives_its_holder(void **state)
{
    NSAutoreleasePool *pool = [NSAutoreleasePool new];
    mend_token *token = hook_on("HookMaker", "made", MEND_AFTER, drops_the_holder, NULL);
    HookMaker *maker = [[HookMaker alloc] init];

    assert_int_equal(((HookThing *)[maker made])->origin, 'm');
    [maker release];
    assert_true(alive > 0);
    [pool drain];
    assert_int_equal(alive, 0);
    hook_off(token);
}

static mend_status answer;
static mend_error why;

static void
sets_nothing(mend_call *call, void *unused)
{
    answer = mend_call_set_object(call, (id)mend_call_receiver(call), &why);
}

static void
other_results_are_refused(void **state)
{
    mend_token *token = hook_on("HookMaker", "initial", MEND_AFTER, sets_nothing, NULL);
    HookMaker *maker = [[HookMaker alloc] init];

    assert_int_equal([maker initial], 'i');
    assert_int_equal(answer, MEND_INVALID);
    assert_string_equal(why.selector, "initial");
    hook_off(token);
    token = hook_on("HookTypes", "takeLong:", MEND_AFTER, sets_nothing, NULL);
    assert_int_equal([[[HookTypes new] autorelease] takeLong:1], 2);
    assert_int_equal(answer, MEND_INVALID); /* of the size of an object, and no object */
    hook_off(token);
    [maker release];
}

int
main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(unhooked_methods_leave_nothing),
        cmocka_unit_test(after_advice_replaces_results),
        cmocka_unit_test(an_instead_replaces_what_next_gave),
        cmocka_unit_test(an_instead_gives_a_result_of_its_own),
        cmocka_unit_test(before_advice_skips_with_a_result),
        cmocka_unit_test(a_result_may_become_nil),
        cmocka_unit_test(several_replace_one_another_s),
        cmocka_unit_test(setting_what_is_there_changes_nothing),
        cmocka_unit_test(in_place_of_init_the_receiver_may_be_the_result),
        cmocka_unit_test(a_lent_result_outlives_its_holder),
        cmocka_unit_test(other_results_are_refused),
    };

    hook_test_main(argc, argv);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
