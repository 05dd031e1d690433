/* SPDX-License-Identifier: MIT */
/* Hooks of single objects: who runs them, key-value observing and isa swizzles in every order, death,
 * refusals. */
#import "support/hook_fixture.h"
#include "support/faults.h"

#include "base/alloc.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <cmocka.h>
#include <objc/runtime.h>
#include <string.h>

@interface HookPerson : NSObject {
    int _age;
}
- (int)age;
- (void)setAge:(int)age;
- (HookRect)frame;
@end

@implementation HookPerson
- (int)age
{
    return _age;
}
- (void)setAge:(int)age
{
    hook_mark('.');
    _age = age;
}
- (HookRect)frame
{
    hook_mark('.');
    return (HookRect){1, 2, 3, _age};
}
@end

@interface HookPupil : HookPerson
@end

@implementation HookPupil
- (void)setAge:(int)age
{
    hook_mark(':');
    [super setAge:age];
}
@end

@interface HookObserver : NSObject
@end

@implementation HookObserver
- (void)observeValueForKeyPath:(NSString *)path
                      ofObject:(id)object
                        change:(NSDictionary *)change
                       context:(void *)context
{
    hook_mark('!');
}
@end

static mend_status
try(id object, const char *selector, mend_position position, const char *letters, mend_token **token,
    mend_error *err)
{
    mend_target target = {.object = object, .selector = selector};
    mend_hook_spec spec = {.position = position,
                           .advice = position == MEND_INSTEAD ? hook_wraps : hook_writes,
                           .data = (void *)letters};

    return mend_hook_add(&target, &spec, token, err);
}

static mend_token *
on(id object, const char *selector, mend_position position, const char *letters)
{
    mend_token *token;
    mend_error err;

    if (try(object, selector, position, letters, &token, &err) != MEND_OK)
        fail_msg("hooking an object's %s: %s", selector, err.message);
    return token;
}

static const char *
aging(HookPerson *person)
{
    hook_trace_clear();
    [person setAge:[person age] + 1];
    return hook_trace;
}

/* ---- Whom it is for ---- */

static void
a_hook_of_one_object_does_not_run_for_another(void **state)
{
    mend_hook_stats before = hook_baseline();
    HookPerson *a = [HookPerson new], *b = [HookPerson new];
    mend_token *before_a = on(a, "setAge:", MEND_BEFORE, "b"),
               *around_a = on(a, "setAge:", MEND_INSTEAD, "iI");
    mend_token *after_b = on(b, "setAge:", MEND_AFTER, "B");

    assert_string_equal(aging(a), "bi.I");
    assert_string_equal(aging(b), ".B");
    hook_off(before_a);
    assert_string_equal(aging(a), "i.I");
    hook_off(around_a);
    assert_string_equal(aging(a), ".");
    assert_string_equal(aging(b), ".B");
    hook_off(after_b);
    assert_string_equal(aging(b), ".");
    [a release];
    [b release];
    hook_assert_baseline(&before);
}

static void
hooks_of_class_and_object_are_sorted_in_among_each_other(void **state)
{
    HookPerson *a = [HookPerson new], *b = [HookPerson new];
    mend_token *object = on(a, "setAge:", MEND_BEFORE, "o");
    mend_token *class = hook_on("HookPerson", "setAge:", MEND_BEFORE, hook_writes, "c");
    mend_token *urgent = hook_on_with_priority("HookPerson", "setAge:", MEND_BEFORE, hook_writes, "u", 1);
    mend_token *around = hook_on("HookPerson", "setAge:", MEND_INSTEAD, hook_wraps, "xX");
    mend_token *inside = on(a, "setAge:", MEND_INSTEAD, "yY");

    assert_string_equal(aging(a), "uocyx.XY");
    assert_string_equal(aging(b), "ucx.X");
    hook_off(class);
    hook_off(around);
    assert_string_equal(aging(a), "uoy.Y");
    hook_off(object);
    hook_off(inside);
    assert_string_equal(aging(a), "u.");
    hook_off(urgent);
    assert_string_equal(aging(a), ".");
    [a release];
    [b release];
}

static void
the_method_may_be_inherited_or_overridden(void **state)
{
    HookPupil *pupil = [HookPupil new];
    HookPerson *person = [HookPerson new];
    mend_token *own = on(pupil, "setAge:", MEND_BEFORE, "p"),
               *inherited = on(pupil, "frame", MEND_AFTER, "f");
    HookRect r;

    assert_string_equal(aging(pupil), "p:.");
    assert_string_equal(aging(person), ".");
    hook_trace_clear();
    r = [pupil frame];
    assert_true(r.height == 1 && r.x == 1);
    r = [person frame];
    assert_true(r.height == 1);
    assert_string_equal(hook_trace, ".f.");
    hook_off(own);
    hook_off(inherited);
    [pupil release];
    [person release];
}

static void
a_thousand_objects_may_have_hooks(void **state)
{
    enum { OBJECTS = 1000 };
    mend_hook_stats before = hook_baseline();
    static HookPerson *objects[OBJECTS];
    static mend_token *tokens[OBJECTS];

    for (int i = 0; i < OBJECTS; i++) {
        objects[i] = [HookPerson new];
        if (i % 2)
            tokens[i] = on(objects[i], "setAge:", MEND_BEFORE, i % 3 ? "a" : "b");
    }
    for (int i = 0; i < OBJECTS; i++)
        assert_string_equal(aging(objects[i]), i % 2 == 0 ? "." : i % 3 ? "a." : "b.");
    for (int i = 0; i < OBJECTS; i++) {
        if (i % 4 == 1)
            hook_off(tokens[i]);
        [objects[i] release];
    }
    hook_assert_baseline(&before);
}

/* ---- Death ---- */

static int released;

static void
count_release(void *data)
{
    released++;
}

static void
the_hook_goes_with_the_object(void **state)
{
    mend_hook_stats before = hook_baseline();
    HookPerson *person = [HookPerson new];
    mend_target target = {.object = (id)person, .selector = "setAge:"};
    mend_hook_spec spec = {
        .position = MEND_BEFORE, .advice = hook_writes, .data = "x", .release = count_release};
    mend_token *token;

    released = 0;
    assert_int_equal(mend_hook_add(&target, &spec, &token, NULL), MEND_OK);
    assert_string_equal(aging(person), "x.");
    [person release];
    assert_int_equal(released, 1);
    assert_int_equal(mend_hook_remove(token, NULL), MEND_NOT_INSTALLED);
    hook_assert_baseline(&before);
}

static void
an_object_at_the_address_of_a_dead_one_runs_nothing(void **state)
{
    int same = 0;

    for (int i = 0; i < 1000; i++) {
        HookPerson *person = [HookPerson new], *next;
        uintptr_t address = (uintptr_t)person;

        on(person, "setAge:", MEND_BEFORE, "x");
        assert_string_equal(aging(person), "x.");
        [person release];
        next = [HookPerson new];
        same += (uintptr_t)next == address;
        assert_string_equal(aging(next), ".");
        [next release];
    }
#ifndef __SANITIZE_ADDRESS__ /* which keeps addresses from being used again */
    assert_true(same > 0);
#endif
}

static void
a_group_loses_the_hooks_of_an_object_that_dies(void **state)
{
    mend_hook_stats before = hook_baseline(), now;
    HookPerson *a = [HookPerson new], *b = [HookPerson new];
    mend_target targets[] = {{.object = (id)a, .selector = "setAge:"},
                             {.object = (id)b, .selector = "setAge:"}};
    mend_hook_spec spec = {
        .position = MEND_BEFORE, .advice = hook_writes, .data = "g", .release = count_release};
    mend_group *group;

    released = 0;
    assert_int_equal(mend_group_new(&group, NULL), MEND_OK);
    assert_int_equal(mend_group_add(group, &targets[0], &spec, NULL), MEND_OK);
    assert_int_equal(mend_group_add(group, &targets[1], &spec, NULL), MEND_OK);
    assert_string_equal(aging(a), ".");
    assert_int_equal(mend_group_commit(group, NULL), MEND_OK);
    assert_string_equal(aging(a), "g.");
    [a release];
    a = [HookPerson new]; /* very likely there again */
    assert_string_equal(aging(a), ".");
    assert_string_equal(aging(b), "g.");
    mend_hook_get_stats(&now);
    assert_int_equal(now.hooks, before.hooks + 1);
    assert_int_equal(mend_group_revert(group, NULL), MEND_OK);
    assert_string_equal(aging(b), ".");
    mend_group_free(group);
    [a release];
    [b release];
    hook_assert_baseline(&before);
    assert_int_equal(released, 2);
}

static void
a_group_that_is_dropped_releases_what_it_was_given(void **state)
{
    mend_hook_stats before = hook_baseline();
    HookPerson *a = [HookPerson new];
    mend_target target = {.object = (id)a, .selector = "setAge:"};
    mend_hook_spec spec = {
        .position = MEND_BEFORE, .advice = hook_writes, .data = "g", .release = count_release};
    mend_group *group;

    released = 0;
    assert_int_equal(mend_group_new(&group, NULL), MEND_OK);
    assert_int_equal(mend_group_add(group, &target, &spec, NULL), MEND_OK);
    mend_group_free(group);
    assert_int_equal(released, 1);
    [a release];
    hook_assert_baseline(&before);
}

static void
a_hook_on_dealloc_runs_for_its_object_alone(void **state)
{
    mend_hook_stats before = hook_baseline();
    HookPerson *a = [HookPerson new], *b = [HookPerson new];
    mend_token *token = on(a, "dealloc", MEND_BEFORE, "d");
    mend_error err;

    assert_int_equal(try(a, "dealloc", MEND_AFTER, "a", &token, &err), MEND_REFUSED_POSITION);
    hook_trace_clear();
    [b release];
    assert_string_equal(hook_trace, "");
    [a release];
    assert_string_equal(hook_trace, "d");
    for (int i = 0; i < 10; i++)
        [[HookPerson new] release];
    assert_string_equal(hook_trace, "d");
    hook_assert_baseline(&before);
}

static void *
hooks_and_drops(void *unused)
{
    NSAutoreleasePool *pool = [NSAutoreleasePool new];

    for (int i = 0; i < 400; i++) {
        HookPerson *person = [HookPerson new];
        mend_token *token = on(person, "setAge:", MEND_BEFORE, "x");

        assert_string_equal(aging(person), "x.");
        if (i % 2)
            hook_off(token);
        [person release];
        person = [HookPerson new];
        assert_string_equal(aging(person), ".");
        [person release];
    }
    [pool release];
    return NULL;
}

static void
many_threads_hook_their_objects_and_let_them_die(void **state)
{
    mend_hook_stats before = hook_baseline();
    pthread_t threads[4];

    for (int i = 0; i < 4; i++)
        pthread_create(&threads[i], NULL, hooks_and_drops, NULL);
    for (int i = 0; i < 4; i++)
        pthread_join(threads[i], NULL);
    hook_assert_baseline(&before);
}

/* ---- What makes a class stand in for another ---- */

enum act {
    OBSERVE,
    UNOBSERVE,
    HOOK_OBJECT,
    UNHOOK_OBJECT,
    HOOK_CLASS,
    UNHOOK_CLASS,
    SWIZZLE,
    UNSWIZZLE,
    ACTS
};

struct situation {
    HookPerson *person, *other;
    HookObserver *observer;
    bool observed, swizzled;
    mend_token *object, *class;
    Class real; /* before the swizzle */
};

static void
swizzled_set_age(id self, SEL cmd, int age)
{
    hook_mark('s');
    ((void (*)(id, SEL, int))class_getMethodImplementation(objc_getClass("HookPerson"), cmd))(self, cmd, age);
}

static Class
stated_class(id self, SEL cmd)
{
    return [HookPerson class];
}

/* A class somebody else moves objects to, which says it were another. */
static Class
disguise(void)
{
    Class cls = objc_getClass("HookPersonInDisguise");

    if (!cls) {
        cls = objc_allocateClassPair([HookPerson class], "HookPersonInDisguise", 0);
        class_addMethod(cls, @selector(setAge:), (IMP)swizzled_set_age, "v@:i");
        class_addMethod(cls, @selector(class), (IMP)stated_class, "#@:");
        objc_registerClassPair(cls);
    }
    return cls;
}

/* Undoing what is not done and doing it twice is left out; so is a swizzle under an observation, which base
 * itself does not survive. */
static bool
can(const struct situation *s, enum act act)
{
    switch (act) {
    case OBSERVE:
        return !s->observed && !s->swizzled;
    case UNOBSERVE:
        return s->observed;
    case HOOK_OBJECT:
        return !s->object;
    case UNHOOK_OBJECT:
        return s->object;
    case HOOK_CLASS:
        return !s->class;
    case UNHOOK_CLASS:
        return s->class;
    case SWIZZLE:
        return !s->swizzled && !s->observed;
    default:
        return s->swizzled;
    }
}

static void
perform(struct situation *s, enum act act)
{
    switch (act) {
    case OBSERVE:
        [s->person addObserver:s->observer forKeyPath:@"age" options:0 context:NULL];
        s->observed = true;
        break;
    case UNOBSERVE:
        [s->person removeObserver:s->observer forKeyPath:@"age"];
        s->observed = false;
        break;
    case HOOK_OBJECT:
        s->object = on(s->person, "setAge:", MEND_INSTEAD, "oO");
        break;
    case HOOK_CLASS:
        s->class = hook_on_with_priority("HookPerson", "setAge:", MEND_INSTEAD, hook_wraps, "cC", -1);
        break;
    case UNHOOK_OBJECT:
        hook_off(s->object);
        s->object = NULL;
        break;
    case UNHOOK_CLASS:
        hook_off(s->class);
        s->class = NULL;
        break;
    case SWIZZLE:
        object_setClass(s->person, disguise());
        s->swizzled = true;
        break;
    default:
        object_setClass(s->person, [HookPerson class]);
        s->swizzled = false;
    }
}

/* Each thing happens exactly once; the object's hook is outside the class's. Where the swizzle or the
 * observer's notice comes among them is theirs to say. */
static void
check(const struct situation *s, const char *acts)
{
    const char *trace = aging(s->person);
    int seen[128] = {0};

    for (const char *c = trace; *c; c++)
        seen[(unsigned char)*c]++;
    if (seen['.'] != 1 || seen['!'] != s->observed || seen['s'] != s->swizzled ||
        seen['o'] != (s->object != NULL) || seen['O'] != (s->object != NULL) ||
        seen['c'] != (s->class != NULL) || seen['C'] != (s->class != NULL) ||
        (s->object && s->class && strchr(trace, 'o') > strchr(trace, 'c')))
        fail_msg("after %s: '%s'%s%s%s%s", acts, trace, s->observed ? " observed" : "",
                 s->swizzled ? " swizzled" : "", s->object ? " object" : "", s->class ? " class" : "");
    assert_string_equal(aging(s->other), s->class ? "c.C" : ".");
}

static void
run_sequence(const enum act *acts, int count)
{
    struct situation s = {
        .person = [HookPerson new], .other = [HookPerson new], .observer = [HookObserver new]};
    char names[64] = "";

    for (int i = 0; i < count; i++) {
        if (!can(&s, acts[i]))
            continue;
        perform(&s, acts[i]);
        strncat(names, (const char *[]){"O ", "o ", "H ", "h ", "C ", "c ", "S ", "s "}[acts[i]], 3);
        check(&s, names);
    }
    for (enum act act = UNOBSERVE; act < ACTS; act += 2)
        if (can(&s, act))
            perform(&s, act);
    check(&s, names);
    [s.person release];
    [s.other release];
    [s.observer release];
}

static void
every_order_of_observing_swizzling_and_hooking_agrees(void **state)
{
    enum { LENGTH = 5 };
    mend_hook_stats before = hook_baseline();
    NSAutoreleasePool *pool = [NSAutoreleasePool new];

    for (int n = 0, all = 8 * 8 * 8 * 8 * 8; n < all; n++) {
        enum act acts[LENGTH];
        struct situation s = {0};
        bool possible = true;

        for (int i = 0, rest = n; i < LENGTH; i++, rest /= 8)
            acts[i] = rest % 8;
        for (int i = 0; i < LENGTH && possible; i++) { /* dry, so that each sequence is run as it is */
            possible = can(&s, acts[i]);
            s.observed = acts[i] == OBSERVE || (s.observed && acts[i] != UNOBSERVE);
            s.swizzled = acts[i] == SWIZZLE || (s.swizzled && acts[i] != UNSWIZZLE);
            s.object = acts[i] == HOOK_OBJECT ? (void *)&s : acts[i] == UNHOOK_OBJECT ? NULL : s.object;
            s.class = acts[i] == HOOK_CLASS ? (void *)&s : acts[i] == UNHOOK_CLASS ? NULL : s.class;
        }
        if (possible)
            run_sequence(acts, LENGTH);
        if (n % 512 == 0) {
            [pool release];
            pool = [NSAutoreleasePool new];
        }
    }
    [pool release];
    hook_assert_baseline(&before);
}

/* ---- Refusals ---- */

static void
what_cannot_have_hooks_is_refused_by_name(void **state)
{
    mend_hook_stats before = hook_baseline();
    HookPerson *person = [HookPerson new];
    mend_token *token;
    mend_error err;

    assert_int_equal(try(@"constant", "length", MEND_BEFORE, "x", &token, &err), MEND_REFUSED_OBJECT);
    assert_int_equal(try([NSNull null], "description", MEND_BEFORE, "x", &token, &err), MEND_REFUSED_OBJECT);
    assert_string_equal(err.class_name, "NSNull");
    assert_int_equal(try((id)[HookPerson class], "new", MEND_BEFORE, "x", &token, &err), MEND_REFUSED_OBJECT);
    assert_non_null(strstr(err.remedy, "class_side"));
    assert_int_equal(try(person, "sum:", MEND_BEFORE, "x", &token, &err), MEND_NO_METHOD);
    assert_int_equal(try(person, "retain", MEND_BEFORE, "x", &token, &err), MEND_REFUSED_SELECTOR);
    [person release];
    hook_assert_baseline(&before);
}

static void
the_nth_failing_allocation_leaves_an_object_as_it_was(void **state)
{
    mend_hook_stats before = hook_baseline();
    HookPerson *person = [HookPerson new];
    struct mn_faults f = {.keeps = true};

    while (mn_faults_next(&f)) {
        mend_token *token;
        mend_status st = try(person, "setAge:", MEND_INSTEAD, "oO", &token, NULL);

        if (mn_faults_hit(&f)) {
            assert_int_equal(st, MEND_NO_MEMORY);
            assert_null(token);
            assert_string_equal(aging(person), ".");
        } else {
            assert_string_equal(aging(person), "o.O");
            hook_off(token);
        }
    }
    [person release];
    hook_assert_baseline(&before);
}

int
main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_hook_of_one_object_does_not_run_for_another),
        cmocka_unit_test(hooks_of_class_and_object_are_sorted_in_among_each_other),
        cmocka_unit_test(the_method_may_be_inherited_or_overridden),
        cmocka_unit_test(a_thousand_objects_may_have_hooks),
        cmocka_unit_test(the_hook_goes_with_the_object),
        cmocka_unit_test(an_object_at_the_address_of_a_dead_one_runs_nothing),
        cmocka_unit_test(a_group_loses_the_hooks_of_an_object_that_dies),
        cmocka_unit_test(a_group_that_is_dropped_releases_what_it_was_given),
        cmocka_unit_test(a_hook_on_dealloc_runs_for_its_object_alone),
        cmocka_unit_test(many_threads_hook_their_objects_and_let_them_die),
        cmocka_unit_test(every_order_of_observing_swizzling_and_hooking_agrees),
        cmocka_unit_test(what_cannot_have_hooks_is_refused_by_name),
        cmocka_unit_test(the_nth_failing_allocation_leaves_an_object_as_it_was),
    };
    NSAutoreleasePool *pool = [NSAutoreleasePool new];
    int failed;

    hook_test_main(argc, argv);
    failed = cmocka_run_group_tests(tests, NULL, NULL);
    [pool release];
    return failed;
}
