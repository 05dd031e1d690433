/* SPDX-License-Identifier: MIT */
/*
 * Random sequences of hooks on classes and on single objects, observers, foreign swizzles, deaths, renewals
 * and removals, compared call by call with a model in plain C (reference.h). After each sequence everything
 * is taken back, and nothing may be left.
 *
 * The guard (runtime/guard.h) is on, as in a program with the agent in it: without it a swizzle of A does not
 * reach a class on which a neighbouring selector is hooked.
 *
 * MEND_SEED repeats a run; MEND_SCALE makes it longer: 20 times are 200,000 sequences.
 */
#import "support/hook_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <cmocka.h>
#include <objc/runtime.h>
#include <stdlib.h>
#include <string.h>

#include "agent/front.h"
#include "reference.h"

/* Under a sanitizer all is slower, and freed addresses rest for a while. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
enum { SEQUENCES = 500, STEPS = 16, ADDRESSES_COME_BACK = false };
#else
enum { SEQUENCES = 10000, STEPS = 16, ADDRESSES_COME_BACK = true };
#endif

@interface RefA : NSObject {
    int n;
}
- (void)walk;
- (void)setN:(int)value;
@end
@interface RefB : RefA
@end
@interface RefC : RefB
@end

@implementation RefA
- (void)walk
{
    hook_mark('.');
}
- (int)n
{
    return n;
}
- (void)setN:(int)value
{
    hook_mark('.');
    n = value;
}
@end
@implementation RefB
@end
@implementation RefC
- (void)walk
{
    hook_mark(':');
    [super walk];
}
@end

@interface RefObserver : NSObject
@end
@implementation RefObserver
- (void)observeValueForKeyPath:(NSString *)path
                      ofObject:(id)object
                        change:(NSDictionary *)change
                       context:(void *)context
{
    hook_mark('K');
}
@end

static const char *const classes[REF_CLASSES] = {"RefA", "RefB", "RefC"};
static const char *const methods[REF_METHODS] = {"walk", "setN:"};
static RefObserver *observer;
static RefA *objects[REF_OBJECTS];
static mend_token *tokens[REF_HOOKS];
static char letters[REF_HOOKS][3];
static unsigned released, added, reused;
static uint64_t random_state;

static unsigned
pick(unsigned n)
{
    random_state = random_state * 6364136223846793005u + 1442695040888963407u;
    return (unsigned)(random_state >> 33) % n;
}

/* ---- Foreigners ---- */

static IMP found[REF_FOREIGNERS];

#define FOREIGNER(i)                                                                                         \
    static void walk_##i(id self, SEL _cmd)                                                                  \
    {                                                                                                        \
        hook_mark('0' + i);                                                                                  \
        ((void (*)(id, SEL))found[i])(self, _cmd);                                                           \
    }                                                                                                        \
    static void set_##i(id self, SEL _cmd, int value)                                                        \
    {                                                                                                        \
        hook_mark('0' + i);                                                                                  \
        ((void (*)(id, SEL, int))found[i])(self, _cmd, value);                                               \
    }
FOREIGNER(0)
FOREIGNER(1)
FOREIGNER(2)
FOREIGNER(3)

static const IMP foreign_imps[REF_FOREIGNERS][REF_METHODS] = {{(IMP)walk_0, (IMP)set_0},
                                                              {(IMP)walk_1, (IMP)set_1},
                                                              {(IMP)walk_2, (IMP)set_2},
                                                              {(IMP)walk_3, (IMP)set_3}};
static Method swizzled[REF_FOREIGNERS];

static void
swizzle(int i)
{
    int cls = (int)pick(REF_CLASSES);
    enum ref_method method = pick(REF_METHODS);

    if (swizzled[i] != NULL || !ref_has_record(cls, method))
        return;
    swizzled[i] = class_getInstanceMethod(objc_getClass(classes[cls]), sel_registerName(methods[method]));
    found[i] = method_setImplementation(swizzled[i], foreign_imps[i][method]);
    ref_swizzle(i, cls, method);
}

static bool
unswizzle(int i)
{
    if (!ref_may_unswizzle(i))
        return false;
    method_setImplementation(swizzled[i], found[i]);
    swizzled[i] = NULL;
    ref_unswizzle(i);
    return true;
}

/* ---- Objects ---- */

static void
make_object(int i)
{
    ref_objects[i] = (struct ref_object){.alive = true, .cls = (int)pick(REF_CLASSES)};
    objects[i] = [objc_getClass(classes[ref_objects[i].cls]) new];
}

static void
unobserve(int i)
{
    if (ref_objects[i].observed)
        [objects[i] removeObserver:observer forKeyPath:@"n"];
    ref_objects[i].observed = false;
}

static void
observe(int i)
{
    if (ref_objects[i].observed) {
        unobserve(i);
        return;
    }
    [objects[i] addObserver:observer forKeyPath:@"n" options:0 context:NULL];
    ref_objects[i].observed = true;
}

/* Another object takes the place, most times at the very address. */
static void
kill_object(int i)
{
    uintptr_t address = (uintptr_t)objects[i];

    unobserve(i);
    [objects[i] release];
    ref_die(i);
    make_object(i);
    reused += (uintptr_t)objects[i] == address;
}

/* ---- Hooks ---- */

static void
skips(mend_call *call, void *mine)
{
    hook_writes(call, mine);
    mend_call_skip(call, NULL);
}

static void
proceeds_twice(mend_call *call, void *mine)
{
    hook_mark(((const char *)mine)[0]);
    mend_call_proceed(call, NULL);
    mend_call_proceed(call, NULL);
    hook_mark(((const char *)mine)[1]);
}

static void
count_release(void *data)
{
    released++;
}

static const mend_advice advices[] = {[REF_PLAIN] = hook_writes,
                                      [REF_SKIPPING] = skips,
                                      [REF_WRAPPING] = hook_wraps,
                                      [REF_HIDING] = hook_writes,
                                      [REF_TWICE] = proceeds_twice};
static const mend_position positions[] = {
    [REF_BEFORE] = MEND_BEFORE, [REF_INSTEAD] = MEND_INSTEAD, [REF_AFTER] = MEND_AFTER};

static void
choose(struct ref_hook *h, int i)
{
    *h = (struct ref_hook){.cls = (int)pick(REF_CLASSES),
                           .method = pick(REF_METHODS),
                           .object = pick(3) == 0 ? (int)pick(REF_OBJECTS) : -1,
                           .position = pick(3),
                           .priority = (int)pick(3) - 1,
                           .disabled = pick(6) == 0,
                           .once = pick(6) == 0};
    h->kind = h->position == REF_AFTER    ? REF_PLAIN
              : h->position == REF_BEFORE ? (pick(8) ? REF_PLAIN : REF_SKIPPING)
                                          : (pick(8) ? REF_WRAPPING : REF_HIDING + pick(2));
    h->letters[0] = letters[i][0] = (char)('a' + i);
    h->letters[1] = letters[i][1] = (char)('A' + i);
}

static void
add_hook(void)
{
    struct ref_hook *h;
    int i = 0;

    while (i < REF_HOOKS && ref_hooks[i].used)
        i++;
    if (i == REF_HOOKS)
        return;
    h = &ref_hooks[i];
    choose(h, i);
    {
        mend_target target = {.class_name = classes[h->object >= 0 ? ref_objects[h->object].cls : h->cls],
                              .selector = methods[h->method],
                              .object = h->object >= 0 ? (struct objc_object *)objects[h->object] : NULL};
        mend_hook_spec spec = {.position = positions[h->position],
                               .advice = advices[h->kind],
                               .data = letters[i],
                               .release = count_release,
                               .priority = h->priority,
                               .options =
                                   (h->disabled ? MEND_HOOK_DISABLED : 0) | (h->once ? MEND_HOOK_ONCE : 0)};
        mend_error err;

        if (mend_hook_add(&target, &spec, &tokens[i], &err) != MEND_OK)
            fail_msg("%s", err.message);
    }
    added++;
    ref_add(h);
}

/* One that is in place, or -1. */
static int
any_hook(void)
{
    int i = (int)pick(REF_HOOKS);

    for (int n = 0; n < REF_HOOKS; n++, i = (i + 1) % REF_HOOKS)
        if (ref_hooks[i].used)
            return i;
    return -1;
}

static void
remove_hook(int i)
{
    mend_status st = ref_remove(&ref_hooks[i]) ? MEND_FOREIGN_IMP : MEND_OK;

    assert_int_equal(mend_hook_remove(tokens[i], NULL), st);
    assert_int_equal(mend_hook_remove(tokens[i], NULL), MEND_NOT_INSTALLED);
}

static void
turn_hook(int i)
{
    struct ref_hook *h = &ref_hooks[i];

    h->disabled = !h->disabled;
    assert_int_equal(h->disabled ? mend_hook_disable(tokens[i], NULL) : mend_hook_enable(tokens[i], NULL),
                     MEND_OK);
}

static void
reapply_hook(int i)
{
    mend_error err;

    if (mend_hook_reapply(&tokens[i], &err) != MEND_OK)
        fail_msg("%s", err.message);
    ref_reapply(&ref_hooks[i]);
}

/* ---- Comparing ---- */

static void
compare(int i, enum ref_method method)
{
    const char *expected;

    hook_trace_clear();
    if (method == REF_WALK)
        [objects[i] walk];
    else
        [objects[i] setN:1];
    expected = ref_call(i, method);
    if (strcmp(hook_trace, expected) != 0)
        fail_msg("-[%s %s] of object %d%s left '%s' instead of '%s'", classes[ref_objects[i].cls],
                 methods[method], i, ref_objects[i].observed ? " (observed)" : "", hook_trace, expected);
}

static int
compare_state(void *data, const mend_hook_info *info)
{
    static const mend_hook_state states[] = {[REF_IN_FORCE] = MEND_HOOK_IS_IN_FORCE,
                                             [REF_DISABLED] = MEND_HOOK_IS_DISABLED,
                                             [REF_FOREIGN] = MEND_HOOK_IS_FOREIGN};
    unsigned *seen = data;

    for (int i = 0; i < REF_HOOKS; i++)
        if (ref_hooks[i].used && tokens[i] == info->token &&
            strcmp(info->class_name, classes[ref_hooks[i].cls]) == 0) {
            if (info->state != states[ref_state_of(&ref_hooks[i])])
                fail_msg("hook %c is in state %d, not %d", 'a' + i, info->state,
                         states[ref_state_of(&ref_hooks[i])]);
            (*seen)++;
        }
    return 1;
}

static void
compare_inventory(void)
{
    unsigned seen = 0, expected = 0;

    for (int i = 0; i < REF_HOOKS; i++)
        expected += ref_hooks[i].used;
    assert_int_equal(mend_hook_each(compare_state, &seen, NULL), MEND_OK);
    assert_int_equal(seen, expected);
}

/* ---- Sequences ---- */

static void
step(void)
{
    int hook = any_hook(), object = (int)pick(REF_OBJECTS);

    switch (pick(16)) {
    case 0:
    case 1:
        swizzle((int)pick(REF_FOREIGNERS));
        break;
    case 2:
        unswizzle((int)pick(REF_FOREIGNERS));
        break;
    case 3:
    case 4:
        observe(object);
        break;
    case 5:
        kill_object(object);
        break;
    case 6:
    case 7:
    case 8:
        if (hook >= 0)
            remove_hook(hook);
        break;
    case 9:
        if (hook >= 0)
            turn_hook(hook);
        break;
    case 10:
        if (hook >= 0)
            reapply_hook(hook);
        break;
    default:
        add_hook();
    }
    compare(object, REF_WALK);
    compare(object, REF_SET);
    compare((int)pick(REF_OBJECTS), pick(REF_METHODS));
}

static void
take_everything_back(void)
{
    bool any = true;

    for (int hook; (hook = any_hook()) >= 0;)
        remove_hook(hook);
    while (any) {
        any = false;
        for (int i = 0; i < REF_FOREIGNERS; i++)
            any |= unswizzle(i);
    }
    for (int i = 0; i < REF_OBJECTS; i++) {
        compare(i, REF_WALK);
        compare(i, REF_SET);
    }
    ref_sweep();
}

static void
run_sequence(uint64_t seed)
{
    mend_hook_stats stats;

    random_state = seed;
    for (int i = 0; i < STEPS; i++)
        step();
    if (pick(16) == 0) /* it walks over all methods ever hooked, and each foreign swizzle leaves one */
        compare_inventory();
    take_everything_back();
    mend_hook_collect();
    mend_hook_get_stats(&stats);
    assert_int_equal(stats.hooks, 0);
    assert_int_equal(stats.unreleased, 0);
    assert_int_equal(stats.retired, 0);
    assert_int_equal(released, added);
}

static void
random_sequences_agree_with_the_reference(void **state)
{
    const char *seed = getenv("MEND_SEED"), *scale = getenv("MEND_SCALE");
    uint64_t first = seed ? strtoull(seed, NULL, 0) : 1;
    long count = SEQUENCES * (scale ? atol(scale) : 1);

    ref_init();
    observer = [RefObserver new];
    for (int i = 0; i < REF_OBJECTS; i++)
        make_object(i);
    for (long i = 0; i < count; i++) {
        NSAutoreleasePool *pool = [NSAutoreleasePool new];

        run_sequence(first + (uint64_t)i * 7919);
        [pool release];
    }
    print_message("%ld sequences from MEND_SEED=%llu: %u hooks, %u objects at the address of one that died\n",
                  count, (unsigned long long)first, added, reused);
    assert_true(reused > 0 || !ADDRESSES_COME_BACK);
}

static int
set_up(void **state)
{
    const struct mn_guard_calls *behind = mn_front_behind();

    assert_non_null(behind);
    mn_front_set(mn_guard_calls(behind));
    return mn_guard_is_asked() ? 0 : -1;
}

int
main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(random_sequences_agree_with_the_reference)};

    hook_test_main(argc, argv);
    return cmocka_run_group_tests(tests, set_up, NULL);
}
