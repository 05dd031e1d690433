/* SPDX-License-Identifier: MIT */
/*
 * What tracked objects cost those that are not tracked: -release and -dealloc of other objects of the class.
 * And what each operation costs. The figures are printed; the assertions are coarse, since machines are shared.
 */
#import <Foundation/Foundation.h>

#include "runtime/objects.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <time.h>

#include <cmocka.h>

enum { OBJECTS = 2000, TURNS = 40, TRACKED = 1000 };

/* As most classes of a host: a -dealloc of its own, which calls super. */
@interface Bystander : NSObject {
    id held;
}
@end
@implementation Bystander
- (void)dealloc
{
    [held release];
    [super dealloc];
}
@end

static double
now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static id objects[OBJECTS];

/* The best of many turns, in ns an object: others use the machine too. */
struct cost {
    double release, dealloc;
};

static struct cost
measure(void)
{
    struct cost best = {1e9, 1e9};

    for (int turn = 0; turn < TURNS; turn++) {
        double begin, middle, end;

        for (int i = 0; i < OBJECTS; i++)
            objects[i] = [[[Bystander alloc] init] retain];
        begin = now();
        for (int i = 0; i < OBJECTS; i++)
            [objects[i] release];
        middle = now();
        for (int i = 0; i < OBJECTS; i++)
            [objects[i] dealloc];
        end = now();
        if ((middle - begin) / OBJECTS < best.release)
            best.release = (middle - begin) / OBJECTS;
        if ((end - middle) / OBJECTS < best.dealloc)
            best.dealloc = (end - middle) / OBJECTS;
    }
    return best;
}

static void
ignore(id object, void *data)
{
}

#define TIMED(what, code)                                                                                    \
    do {                                                                                                     \
        double best_ = 1e9;                                                                                  \
        for (int turn_ = 0; turn_ < TURNS; turn_++) {                                                        \
            double begin_ = now(), each_;                                                                    \
            for (int i = 0; i < OBJECTS; i++) {                                                              \
                code;                                                                                        \
            }                                                                                                \
            each_ = (now() - begin_) / OBJECTS;                                                              \
            if (each_ < best_)                                                                               \
                best_ = each_;                                                                               \
        }                                                                                                    \
        printf("%-42s %6.1f ns\n", what, best_);                                                             \
    } while (0)

static void
bystanders_pay_little(void **state)
{
    static id tracked[TRACKED];
    static mn_weak weak[TRACKED];
    struct cost before = measure(), after;

    for (int i = 0; i < TRACKED; i++) {
        tracked[i] = [[Bystander alloc] init];
        assert_int_equal(mn_weak_store(&weak[i], tracked[i], NULL), MEND_OK);
        assert_int_equal(mn_object_on_death(tracked[i], ignore, NULL, NULL, NULL), MEND_OK);
    }
    after = measure();
    printf("with %d objects of the class tracked, of another one:\n", TRACKED);
    printf("  release %5.1f -> %5.1f ns, dealloc %5.1f -> %5.1f ns\n", before.release, after.release,
           before.dealloc, after.dealloc);
    assert_true(after.release < before.release + 15);
    assert_true(after.dealloc < before.dealloc + 25);
    for (int i = 0; i < TRACKED; i++) {
        [tracked[i] release];
        mn_weak_fini(&weak[i]);
    }
}

static void
operations_have_these_costs(void **state)
{
    static const char key;
    id object = [[Bystander alloc] init], other = [[Bystander alloc] init];
    mn_weak weak = {0}, copy = {0};
    struct mn_watch *w;

    mn_side_set(object, &key, @"value", MN_SIDE_RETAIN, NULL);
    mn_weak_store(&weak, object, NULL);
    TIMED("retain + release, not tracked", [other retain]; [other release]);
    TIMED("retain + release, weakly referred to", [object retain]; [object release]);
    TIMED("weak load + release", [mn_weak_load(&weak) release]);
    TIMED("weak store", mn_weak_store(&copy, object, NULL));
    TIMED("weak is", mn_weak_is(&weak, object));
    TIMED("side get + release", [mn_side_get(object, &key) release]);
    TIMED("side set", mn_side_set(object, &key, other, MN_SIDE_RETAIN, NULL));
    TIMED("side get of an object that has nothing", mn_side_get(other, &key));
    TIMED("watch + cancel", (mn_object_on_death(object, ignore, NULL, &w, NULL), mn_watch_cancel(w)));
    TIMED("alloc, dealloc", [[[Bystander alloc] init] release]);
    TIMED("alloc, watch, dealloc", {
        id mortal = [[Bystander alloc] init];
        mn_object_on_death(mortal, ignore, NULL, NULL, NULL);
        [mortal release];
    });
    mn_weak_fini(&weak);
    mn_weak_fini(&copy);
    [object release];
    [other release];
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bystanders_pay_little),
        cmocka_unit_test(operations_have_these_costs),
    };

    [NSAutoreleasePool new];
    return cmocka_run_group_tests(tests, NULL, NULL);
}
