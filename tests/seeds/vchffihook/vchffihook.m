/* SPDX-License-Identifier: MIT */
/* A program written for VCHFFIHook: only the include path and a linker flag are ours. */
#import <mend/compat/VCHFFIHook.h>

#import "seeds/seeds.h"

#include <objc/runtime.h>

typedef struct {
    double x, y, width, height;
} Box;
typedef struct {
    int a;
    float b;
} Pair;

@interface Till : NSObject {
  @public
    int value;
}
- (void)ring;
- (int)add:(int)a to:(int)b;
- (double)scale:(double)value by:(float)factor;
- (Box)move:(Box)box by:(double)distance;
- (Pair)swap:(Pair)pair;
- (long double)exact:(long double)value;
- (id)echo:(id)object;
- (int)tenth:(int)a:(int)b:(int)c:(int)d:(int)e:(int)f:(int)g:(int)h:(int)i:(int)j;
- (SEL)command;
- (int)later;
+ (int)count;
@end

@interface Drawer : Till
@end

@interface Fix : NSObject
@end

@interface BetterFix : Fix
@end

@implementation Till
- (void)ring
{
    mark(".");
}
- (int)add:(int)a to:(int)b
{
    return a + b;
}
- (double)scale:(double)v by:(float)factor
{
    return 0;
}
- (Box)move:(Box)box by:(double)distance
{
    return box;
}
- (Pair)swap:(Pair)pair
{
    return pair;
}
- (long double)exact:(long double)v
{
    return 0;
}
- (id)echo:(id)object
{
    return nil;
}
- (int)tenth:(int)a:(int)b:(int)c:(int)d:(int)e:(int)f:(int)g:(int)h:(int)i:(int)j
{
    return 0;
}
- (SEL)command
{
    return NULL;
}
- (int)later
{
    return 1;
}
+ (int)count
{
    return 7;
}
@end

@implementation Drawer
@end

@implementation Fix
- (void)fixed_ring
{
    mark(((Till *)self)->value == 5 ? "f" : "?");
}
- (int)fixed_add:(int)a to:(int)b
{
    return 100 * a + b;
}
- (double)fixed_scale:(double)v by:(float)factor
{
    return v * factor;
}
- (Box)fixed_move:(Box)box by:(double)distance
{
    box.x += distance;
    return box;
}
- (Pair)fixed_swap:(Pair)pair
{
    Pair other = {(int)pair.b, (float)pair.a};

    return other;
}
- (long double)fixed_exact:(long double)v
{
    return v / 3;
}
- (id)fixed_echo:(id)object
{
    return object;
}
- (int)fixed_tenth:(int)a:(int)b:(int)c:(int)d:(int)e:(int)f:(int)g:(int)h:(int)i:(int)j
{
    return j;
}
- (SEL)fixed_command
{
    return _cmd;
}
- (int)fixed_later
{
    return 2;
}
- (int)other_later
{
    return 3;
}
+ (int)fixed_count
{
    return 70;
}
@end

@implementation BetterFix
@end

static BOOL
hook(Class cls, SEL selector, SEL target)
{
    return [VCHFFIHook hookClass:cls hookSelector:selector target:[Fix class] targetSelector:target];
}

static void
a_method_runs_the_target_with_the_receiver_as_self(void)
{
    Till *till = [[Till new] autorelease];

    till->value = 5;
    CHECK(hook([Till class], @selector(ring), @selector(fixed_ring)));
    [till ring];
    CHECK_TEXT(traced(), "f");
    CHECK(hook([Till class], @selector(command), @selector(fixed_command)));
    CHECK_TEXT(sel_getName([till command]), "command");
}

static void
every_type_travels(void)
{
    Till *till = [[Till new] autorelease];
    Box box = {1, 2, 3, 4}, moved;
    Pair pair = {1, 2.0f}, swapped;

    CHECK(hook([Till class], @selector(add:to:), @selector(fixed_add:to:)));
    CHECK(hook([Till class], @selector(scale:by:), @selector(fixed_scale:by:)));
    CHECK(hook([Till class], @selector(move:by:), @selector(fixed_move:by:)));
    CHECK(hook([Till class], @selector(swap:), @selector(fixed_swap:)));
    CHECK(hook([Till class], @selector(exact:), @selector(fixed_exact:)));
    CHECK(hook([Till class], @selector(echo:), @selector(fixed_echo:)));
    CHECK(hook([Till class], @selector(tenth:: :: :: :: ::), @selector(fixed_tenth:: :: :: :: ::)));
    CHECK_LONG([till add:1 to:2], 102);
    CHECK([till scale:2.5 by:3] == 7.5);
    moved = [till move:box by:0.5];
    CHECK(moved.x == 1.5 && moved.y == 2 && moved.width == 3 && moved.height == 4);
    swapped = [till swap:pair];
    CHECK(swapped.a == 2 && swapped.b == 1.0f);
    CHECK([till exact:1.0L] == 1.0L / 3);
    CHECK([till echo:till] == till);
    CHECK_LONG([till tenth:1:2:3:4:5:6:7:8:9:10], 10);
}

static int
latest(id self, SEL _cmd)
{
    return 4;
}

static void
the_target_is_looked_up_at_each_call(void)
{
    Till *till = [[Till new] autorelease];

    CHECK([VCHFFIHook hookClass:[Till class]
                   hookSelector:@selector(later)
                         target:[BetterFix class]
                 targetSelector:@selector(fixed_later)]);
    CHECK_LONG([till later], 2);
    class_addMethod([BetterFix class], @selector(fixed_later), (IMP)latest, "i16@0:8");
    CHECK_LONG([till later], 4);
    method_setImplementation(class_getInstanceMethod([BetterFix class], @selector(fixed_later)),
                             class_getMethodImplementation([Fix class], @selector(fixed_later)));
    CHECK_LONG([till later], 2);
}

static void
the_first_target_stays(void)
{
    Till *till = [[Till new] autorelease];

    CHECK(hook([Till class], @selector(later), @selector(other_later)));
    CHECK_LONG([till later], 2);
}

static void
an_inherited_method_is_hooked_for_that_class_alone(void)
{
    Till *till = [[Till new] autorelease];
    Drawer *drawer = [[Drawer new] autorelease];

    CHECK(hook([Drawer class], @selector(later), @selector(other_later)));
    CHECK_LONG([drawer later], 3);
    CHECK_LONG([till later], 2);
}

static void
what_does_not_fit_is_refused(void)
{
    Till *till = [[Till new] autorelease];
    IMP own = class_getMethodImplementation([Drawer class], @selector(add:to:));

    CHECK(!hook([Drawer class], @selector(add:to:), @selector(fixed_scale:by:)));
    CHECK(!hook([Drawer class], @selector(noSuchThing), @selector(fixed_ring)));
    CHECK(!hook([Drawer class], @selector(add:to:), @selector(noSuchThing)));
    CHECK(!hook(Nil, @selector(add:to:), @selector(fixed_add:to:)));
    CHECK(!hook([Drawer class], NULL, @selector(fixed_add:to:)));
    CHECK(![VCHFFIHook hookClass:[Drawer class]
                    hookSelector:@selector(add:to:)
                          target:Nil
                  targetSelector:@selector(fixed_add:to:)]);
    CHECK(class_getMethodImplementation([Drawer class], @selector(add:to:)) == own);
    CHECK(till != nil);
}

static void
class_methods_are_those_of_the_metaclass(void)
{
    CHECK([VCHFFIHook hookClass:object_getClass([Till class])
                   hookSelector:@selector(count)
                         target:object_getClass([Fix class])
                 targetSelector:@selector(fixed_count)]);
    CHECK_LONG([Till count], 70);
}

int
main(int argc, char **argv)
{
    static const struct seeds_test tests[] = {
        TEST(a_method_runs_the_target_with_the_receiver_as_self),
        TEST(every_type_travels),
        TEST(the_target_is_looked_up_at_each_call),
        TEST(the_first_target_stays),
        TEST(an_inherited_method_is_hooked_for_that_class_alone),
        TEST(what_does_not_fit_is_refused),
        TEST(class_methods_are_those_of_the_metaclass),
    };

    return seeds_run(tests, sizeof tests / sizeof *tests, argc, argv);
}
