/* SPDX-License-Identifier: MIT */
/* A program written for Stinger: only the include path and a linker flag are ours. */
#import <mend/compat/Stinger.h>

#import "seeds/counted.h"
#import "seeds/seeds.h"

#include <objc/runtime.h>
#include <pthread.h>

typedef struct {
    double x, y, width, height;
} Box;

@interface Clock : NSObject
- (void)tick;
- (int)add:(int)a to:(int)b;
- (double)scale:(double)value by:(float)factor;
- (Box)move:(Box)box by:(double)distance;
- (NSString *)name:(NSString *)name;
- (SEL)command;
- (void)fail;
+ (int)count;
+ (void)tick;
@end

@interface Alarm : Clock
@end

@implementation Clock
- (void)tick
{
    mark(".");
}
- (int)add:(int)a to:(int)b
{
    return a + b;
}
- (double)scale:(double)value by:(float)factor
{
    return value * factor;
}
- (Box)move:(Box)box by:(double)distance
{
    box.x += distance;
    return box;
}
- (NSString *)name:(NSString *)name
{
    return [name stringByAppendingString:@"!"];
}
- (SEL)command
{
    return _cmd;
}
- (void)fail
{
    [NSException raise:@"Clock" format:@"stopped"];
}
+ (int)count
{
    return 7;
}
+ (void)tick
{
    mark("+");
}
@end

@implementation Alarm
- (void)tick
{
    mark("a");
    [super tick];
}
@end

static STHookResult
on(Class cls, SEL selector, STOption option, NSString *identifier, id block)
{
    return [cls st_hookInstanceMethod:selector option:option usingIdentifier:identifier withBlock:block];
}

static void
off(Class cls, SEL selector, NSString *identifier)
{
    CHECK([cls st_removeHookWithIdentifier:identifier forKey:selector]);
}

static const char *
names(SEL selector)
{
    return [[[Clock st_allIdentifiersForKey:selector] componentsJoinedByString:@" "] UTF8String];
}

static const char *
ticked(Clock *clock)
{
    [clock tick];
    return traced();
}

static void
blocks_run_before_instead_and_after(void)
{
    Clock *clock = [[Clock new] autorelease];
    SEL tick = @selector(tick);
    IMP own = class_getMethodImplementation([Clock class], tick);

    CHECK_LONG(on([Clock class], tick, STOptionAfter, @"a",
                  ^(id<StingerParams> params) {
                    mark("a");
                  }),
               STHookResultSuccess);
    CHECK_LONG(on([Clock class], tick, STOptionBefore, @"b",
                  ^(id<StingerParams> params) {
                    mark("b");
                  }),
               STHookResultSuccuss);
    CHECK_LONG(on([Clock class], tick, STOptionBefore, @"c",
                  ^(id<StingerParams> params) {
                    mark("c");
                  }),
               1);
    CHECK_TEXT(ticked(clock), "bc.a");
    CHECK_LONG(on([Clock class], tick, STOptionInstead, @"i",
                  ^(id<StingerParams> params) {
                    mark("[");
                    [params invokeAndGetOriginalRetValue:NULL];
                    mark("]");
                  }),
               1);
    CHECK_TEXT(ticked(clock), "bc[.]a");
    CHECK_TEXT(names(tick), "b c i a");
    off([Clock class], tick, @"b");
    CHECK_TEXT(ticked(clock), "c[.]a");
    off([Clock class], tick, @"i");
    off([Clock class], tick, @"c");
    off([Clock class], tick, @"a");
    CHECK_TEXT(ticked(clock), ".");
    CHECK_LONG([[Clock st_allIdentifiersForKey:tick] count], 0);
    CHECK(![Clock st_removeHookWithIdentifier:@"a" forKey:tick]);
    CHECK(class_getMethodImplementation([Clock class], tick) == own);
}

static void
a_second_instead_replaces_the_first(void)
{
    Clock *clock = [[Clock new] autorelease];
    SEL tick = @selector(tick);

    CHECK_LONG(on([Clock class], tick, STOptionInstead, @"1",
                  ^(id<StingerParams> params) {
                    mark("1");
                  }),
               1);
    CHECK_LONG(on([Clock class], tick, STOptionInstead, @"2",
                  ^(id<StingerParams> params) {
                    mark("2");
                  }),
               1);
    CHECK_TEXT(ticked(clock), "2");
    CHECK_TEXT(names(tick), "2");
    off([Clock class], tick, @"2");
    CHECK_TEXT(ticked(clock), ".");
}

static void
the_instead_gives_the_result(void)
{
    Clock *clock = [[Clock new] autorelease];
    Box box = {1, 2, 3, 4}, moved;

    CHECK_LONG(on([Clock class], @selector(add:to:), STOptionInstead, @"i",
                  ^int(id<StingerParams> params, int a, int b) {
                    int sum = 0;

                    [params invokeAndGetOriginalRetValue:&sum];
                    return 100 * sum + a;
                  }),
               1);
    CHECK_LONG(on([Clock class], @selector(scale:by:), STOptionInstead, @"i",
                  ^double(id<StingerParams> params, double value, float factor) {
                    double scaled;

                    CHECK(value == 2.5 && factor == 3.0f);
                    [params invokeAndGetOriginalRetValue:&scaled];
                    return scaled + 1;
                  }),
               1);
    CHECK_LONG(on([Clock class], @selector(move:by:), STOptionInstead, @"i",
                  ^Box(id<StingerParams> params, Box given, double distance) {
                    Box result;

                    [params invokeAndGetOriginalRetValue:&result];
                    CHECK(result.x == given.x + distance);
                    result.height = 40;
                    return result;
                  }),
               1);
    CHECK_LONG(on([Clock class], @selector(move:by:), STOptionBefore, @"b",
                  ^(id<StingerParams> params, Box given, double distance) {
                    CHECK(given.y == 2);
                  }),
               1);
    CHECK_LONG(on([Clock class], @selector(move:by:), STOptionAfter, @"a",
                  ^(id<StingerParams> params, Box given, double distance) {
                    CHECK(distance == 0.5);
                  }),
               1);
    CHECK_LONG(on([Clock class], @selector(name:), STOptionInstead, @"i",
                  ^NSString *(id<StingerParams> params, NSString *name) {
                    NSString *original;

                    [params invokeAndGetOriginalRetValue:&original];
                    return [@"<" stringByAppendingString:original];
                  }),
               1);
    CHECK_LONG([clock add:1 to:2], 301);
    CHECK([clock scale:2.5 by:3] == 8.5);
    moved = [clock move:box by:0.5];
    CHECK(moved.x == 1.5 && moved.y == 2 && moved.width == 3 && moved.height == 40);
    CHECK([[clock name:@"n"] isEqual:@"<n!"]);
    off([Clock class], @selector(add:to:), @"i");
    off([Clock class], @selector(scale:by:), @"i");
    off([Clock class], @selector(move:by:), @"i");
    off([Clock class], @selector(move:by:), @"b");
    off([Clock class], @selector(move:by:), @"a");
    off([Clock class], @selector(name:), @"i");
    CHECK_LONG([clock add:1 to:2], 3);
}

static void
the_params_tell_about_the_call(void)
{
    Clock *clock = [[Clock new] autorelease];
    SEL add = @selector(add:to:);
    int seen = 0, *count = &seen;

    CHECK_LONG(on([Clock class], add, STOptionBefore, @"b",
                  ^(id<StingerParams> params, int a, int b) {
                    int sum = 0;

                    ++*count;
                    CHECK([params slf] == clock);
                    CHECK(sel_isEqual([params sel], add));
                    CHECK_LONG([[params arguments] count], 2);
                    CHECK_LONG([[[params arguments] objectAtIndex:1] intValue], 2);
                    CHECK([[params typeEncoding] hasPrefix:@"i"]);
                    [params invokeAndGetOriginalRetValue:&sum];
                    CHECK_LONG(sum, 3);
                  }),
               1);
    CHECK_LONG([clock add:1 to:2], 3);
    CHECK_LONG(seen, 1);
    off([Clock class], add, @"b");
    CHECK_LONG(on([Clock class], @selector(command), STOptionInstead, @"i",
                  ^SEL(id<StingerParams> params) {
                    SEL result;

                    [params invokeAndGetOriginalRetValue:&result];
                    return result;
                  }),
               1);
    CHECK_TEXT(sel_getName([clock command]), "command");
    off([Clock class], @selector(command), @"i");
}

static void
each_refusal_has_its_number_and_changes_nothing(void)
{
    Clock *clock = [[Clock new] autorelease];
    SEL tick = @selector(tick), add = @selector(add:to:);
    IMP own = class_getMethodImplementation([Clock class], tick);

    CHECK_LONG(on([Clock class], @selector(noSuchThing), STOptionBefore, @"x",
                  ^(id<StingerParams> p){
                  }),
               STHookResultErrorMethodNotFound);
    CHECK_LONG(on([Clock class], @selector(count), STOptionBefore, @"x",
                  ^(id<StingerParams> p){
                  }),
               STHookResultErrorMethodNotFound);
    CHECK_LONG(on([Clock class], NULL, STOptionBefore, @"x",
                  ^(id<StingerParams> p){
                  }),
               STHookResultErrorMethodNotFound);
    CHECK_LONG(on([Clock class], tick, STOptionBefore, @"x", nil), STHookResultErrorBlockNotMatched);
    CHECK_LONG(on([Clock class], tick, STOptionBefore, @"x",
                  ^{
                  }),
               STHookResultErrorBlockNotMatched);
    CHECK_LONG(on([Clock class], tick, STOptionBefore, @"x",
                  ^(int wrong){
                  }),
               STHookResultErrorBlockNotMatched);
    CHECK_LONG(on([Clock class], add, STOptionBefore, @"x",
                  ^(id<StingerParams> p, int a){
                  }),
               STHookResultErrorBlockNotMatched);
    CHECK_LONG(on([Clock class], add, STOptionBefore, @"x",
                  ^(id<StingerParams> p, int a, double b){
                  }),
               STHookResultErrorBlockNotMatched);
    CHECK_LONG(on([Clock class], add, STOptionInstead, @"x",
                  ^(id<StingerParams> p, int a, int b){
                  }),
               STHookResultErrorBlockNotMatched);
    CHECK_LONG(on([Clock class], tick, STOptionBefore, nil,
                  ^(id<StingerParams> p){
                  }),
               STHookResultOther);
    CHECK_LONG(on([Clock class], tick, 5, @"x",
                  ^(id<StingerParams> p){
                  }),
               STHookResultOther);
    CHECK_LONG(on([Clock class], @selector(retain), STOptionBefore, @"x",
                  ^(id<StingerParams> p){
                  }),
               STHookResultOther);
    CHECK(class_getMethodImplementation([Clock class], tick) == own);
    CHECK_LONG(on([Clock class], tick, STOptionBefore, @"x",
                  ^(id<StingerParams> p) {
                    mark("x");
                  }),
               1);
    CHECK_LONG(on([Clock class], tick, STOptionBefore, @"x",
                  ^(id<StingerParams> p) {
                    mark("y");
                  }),
               STHookResultErrorIDExisted);
    CHECK_LONG(on([Clock class], tick, STOptionAfter, @"x",
                  ^(id<StingerParams> p) {
                    mark("z");
                  }),
               1);
    CHECK_TEXT(ticked(clock), "x.z");
    off([Clock class], tick, @"x");
    CHECK_TEXT(ticked(clock), ".");
}

static void
the_weak_check_takes_fewer_arguments(void)
{
    Clock *clock = [[Clock new] autorelease];
    SEL add = @selector(add:to:);

    CHECK_LONG(on([Clock class], add, STOptionBefore | STOptionWeakCheckSignature, @"1",
                  ^(id<StingerParams> params) {
                    mark("1");
                  }),
               1);
    CHECK_LONG(on([Clock class], add, STOptionBefore | STOptionWeakCheckSignature, @"2",
                  ^(id<StingerParams> params, unsigned a) {
                    mark(a == 4 ? "2" : "?");
                  }),
               1);
    CHECK_LONG(on([Clock class], add, STOptionAfter | STOptionWeakCheckSignature, @"3",
                  ^{
                    mark("3");
                  }),
               1);
    CHECK_LONG(on([Clock class], add, STOptionInstead | STOptionWeakCheckSignature, @"4",
                  ^int(id<StingerParams> params) {
                    return 9;
                  }),
               1);
    CHECK_LONG(on([Clock class], add, STOptionInstead | STOptionWeakCheckSignature, @"5",
                  ^(id<StingerParams> params){
                  }),
               STHookResultErrorBlockNotMatched);
    CHECK_LONG(on([Clock class], add, STOptionBefore | STOptionWeakCheckSignature, @"6",
                  ^(id<StingerParams> params, double a){
                  }),
               STHookResultErrorBlockNotMatched);
    CHECK_LONG([clock add:4 to:5], 9);
    CHECK_TEXT(traced(), "123");
    for (int i = 1; i <= 4; i++)
        off([Clock class], add, [NSString stringWithFormat:@"%d", i]);
}

static void
automatic_removal_is_after_one_run(void)
{
    Clock *clock = [[Clock new] autorelease];
    SEL tick = @selector(tick);

    CHECK_LONG(on([Clock class], tick, STOptionBefore | STOptionAutomaticRemoval, @"b",
                  ^(id<StingerParams> p) {
                    mark("b");
                  }),
               1);
    CHECK_LONG(on([Clock class], tick, STOptionInstead | STOptionAutomaticRemoval, @"i",
                  ^(id<StingerParams> p) {
                    mark("i");
                  }),
               1);
    CHECK_TEXT(ticked(clock), "bi");
    CHECK_TEXT(ticked(clock), ".");
    CHECK_LONG([[Clock st_allIdentifiersForKey:tick] count], 0);
}

static void
class_methods_are_hooked_beside_instance_methods(void)
{
    Clock *clock = [[Clock new] autorelease];
    SEL tick = @selector(tick);

    CHECK_LONG([Clock st_hookClassMethod:tick
                                  option:STOptionBefore
                         usingIdentifier:@"c"
                               withBlock:^(id<StingerParams> p) {
                                 mark([p slf] == [Clock class] ? "c" : "?");
                               }],
               1);
    CHECK_LONG(on([Clock class], tick, STOptionBefore, @"o",
                  ^(id<StingerParams> p) {
                    mark("o");
                  }),
               1);
    CHECK_LONG([Clock st_hookClassMethod:@selector(count)
                                  option:STOptionInstead
                         usingIdentifier:@"n"
                               withBlock:^int(id<StingerParams> p) {
                                 return 70;
                               }],
               1);
    CHECK_LONG([Clock st_hookClassMethod:@selector(add:to:)
                                  option:STOptionBefore
                         usingIdentifier:@"x"
                               withBlock:^(id<StingerParams> p){
                               }],
               STHookResultErrorMethodNotFound);
    CHECK_LONG([Clock count], 70);
    [Clock tick];
    CHECK_TEXT(traced(), "c+");
    CHECK_TEXT(ticked(clock), "o.");
    CHECK_TEXT(names(tick), "o c");
    off([Clock class], tick, @"c");
    off([Clock class], tick, @"o");
    off([Clock class], @selector(count), @"n");
    [Clock tick];
    CHECK_TEXT(traced(), "+");
}

static void
a_class_and_its_superclass_are_both_hooked(void)
{
    Alarm *alarm = [[Alarm new] autorelease];
    SEL tick = @selector(tick);

    CHECK_LONG(on([Clock class], tick, STOptionBefore, @"x",
                  ^(id<StingerParams> p) {
                    mark("1");
                  }),
               1);
    CHECK_LONG(on([Alarm class], tick, STOptionBefore, @"x",
                  ^(id<StingerParams> p) {
                    mark("2");
                  }),
               1);
    CHECK_TEXT(ticked(alarm), "2a1.");
    off([Clock class], tick, @"x");
    CHECK_TEXT(ticked(alarm), "2a.");
    off([Alarm class], tick, @"x");
}

static void
exceptions_pass_through_every_position(void)
{
    Clock *clock = [[Clock new] autorelease];
    STOption positions[] = {STOptionBefore, STOptionInstead, STOptionAfter};

    for (int i = 0; i < 3; i++) {
        CHECK_LONG(on([Clock class], @selector(tick), positions[i], @"x",
                      ^(id<StingerParams> p) {
                        [NSException raise:@"Block" format:@"thrown"];
                      }),
                   1);
        for (int times = 0; times < 3; times++) {
            @try {
                [clock tick];
                CHECK(!"an exception");
            } @catch (NSException *exception) {
                CHECK([[exception name] isEqual:@"Block"]);
            }
        }
        off([Clock class], @selector(tick), @"x");
    }
    CHECK_LONG(on([Clock class], @selector(fail), STOptionInstead, @"x",
                  ^(id<StingerParams> p) {
                    [p invokeAndGetOriginalRetValue:NULL];
                  }),
               1);
    @try {
        [clock fail];
        CHECK(!"an exception");
    } @catch (NSException *exception) {
        CHECK([[exception name] isEqual:@"Clock"]);
    }
    off([Clock class], @selector(fail), @"x");
}

static void
a_hook_removes_itself_from_inside(void)
{
    Clock *clock = [[Clock new] autorelease];

    CHECK_LONG(on([Clock class], @selector(tick), STOptionInstead, @"x",
                  ^(id<StingerParams> p) {
                    off([Clock class], @selector(tick), @"x");
                    [p invokeAndGetOriginalRetValue:NULL];
                    mark("x");
                  }),
               1);
    CHECK_TEXT(ticked(clock), ".x");
    CHECK_TEXT(ticked(clock), ".");
}

static void
the_object_s_instead_is_nearer_than_the_class_s(void)
{
    Clock *clock = [[Clock new] autorelease], *other = [[Clock new] autorelease];
    SEL tick = @selector(tick);
    IMP own = class_getMethodImplementation([Clock class], tick);

    CHECK_LONG(on((Class)clock, tick, STOptionInstead, @"i",
                  ^(id<StingerParams> p) {
                    mark("o");
                  }),
               1);
    CHECK_LONG(on((Class)clock, tick, STOptionBefore, @"b",
                  ^(id<StingerParams> p) {
                    mark("b");
                  }),
               1);
    CHECK_LONG(on((Class)clock, tick, STOptionAfter, @"a",
                  ^(id<StingerParams> p) {
                    mark("a");
                  }),
               1);
    CHECK_LONG(on((Class)clock, tick, STOptionAfter, @"a",
                  ^(id<StingerParams> p){
                  }),
               STHookResultErrorIDExisted);
    CHECK_LONG(on([Clock class], tick, STOptionInstead, @"i",
                  ^(id<StingerParams> p) {
                    mark("c");
                  }),
               1);
    CHECK_LONG(on([Clock class], tick, STOptionBefore, @"b",
                  ^(id<StingerParams> p) {
                    mark("B");
                  }),
               1);
    CHECK_LONG(on([Clock class], tick, STOptionAfter, @"a",
                  ^(id<StingerParams> p) {
                    mark("A");
                  }),
               1);
    CHECK_TEXT(ticked(clock), "BboAa");
    CHECK_TEXT(ticked(other), "BcA");
    CHECK_TEXT([[[clock st_allIdentifiersForKey:tick] componentsJoinedByString:@" "] UTF8String], "b i a");
    CHECK_LONG([[other st_allIdentifiersForKey:tick] count], 0);
    CHECK(![other st_removeHookWithIdentifier:@"i" forKey:tick]);
    CHECK_LONG(on((Class)clock, tick, STOptionInstead, @"j",
                  ^(id<StingerParams> p) {
                    mark("O");
                  }),
               1);
    CHECK_TEXT(ticked(clock), "BbOAa");
    CHECK([clock st_removeHookWithIdentifier:@"j" forKey:tick]);
    CHECK_TEXT(ticked(clock), "BbcAa");
    CHECK([clock st_removeHookWithIdentifier:@"b" forKey:tick]);
    CHECK([clock st_removeHookWithIdentifier:@"a" forKey:tick]);
    CHECK(![clock st_removeHookWithIdentifier:@"a" forKey:tick]);
    CHECK_TEXT(ticked(clock), "BcA");
    off([Clock class], tick, @"i");
    off([Clock class], tick, @"b");
    off([Clock class], tick, @"a");
    CHECK_TEXT(ticked(clock), ".");
    CHECK(class_getMethodImplementation([Clock class], tick) == own);
}

static volatile int storm_over;

static void *
call_all_the_time(void *clock)
{
    NSAutoreleasePool *pool = [NSAutoreleasePool new];

    while (!storm_over)
        CHECK_LONG([(Clock *)clock add:1 to:2], 3);
    [pool release];
    return NULL;
}

static void *
hook_all_the_time(void *name)
{
    for (int i = 0; i < 200; i++) {
        NSAutoreleasePool *pool = [NSAutoreleasePool new];

        CHECK_LONG(on([Clock class], @selector(add:to:), i % 2 ? STOptionBefore : STOptionAfter,
                      (NSString *)name,
                      ^(id<StingerParams> p, int a, int b){
                      }),
                   1);
        off([Clock class], @selector(add:to:), (NSString *)name);
        [pool release];
    }
    return NULL;
}

static void
hooks_come_and_go_under_callers(void)
{
    Clock *clock = [[Clock new] autorelease];
    pthread_t caller, hookers[2];

    storm_over = 0;
    pthread_create(&caller, NULL, call_all_the_time, clock);
    pthread_create(&hookers[0], NULL, hook_all_the_time, @"one");
    pthread_create(&hookers[1], NULL, hook_all_the_time, @"two");
    pthread_join(hookers[0], NULL);
    pthread_join(hookers[1], NULL);
    storm_over = 1;
    pthread_join(caller, NULL);
    CHECK_LONG([[Clock st_allIdentifiersForKey:@selector(add:to:)] count], 0);
}

/* Blocks obey the rule of the method they stand for. */
static void
object_results_are_replaced_without_leak_or_early_end(void)
{
    static const struct {
        const char *name;
        BOOL owned;
    } methods[] = {{"made", NO}, {"newOne", YES}, {"copyOfIt", YES}, {"initOver", YES}};
    __block id mine = nil;

    for (int i = 0; i < 4; i++) {
        SEL selector = sel_registerName(methods[i].name);
        BOOL owned = methods[i].owned;

        CHECK_LONG(on([Counted class], selector, STOptionInstead, @"other",
                      ^id(id<StingerParams> params) {
                        id theirs = nil;

                        [params invokeAndGetOriginalRetValue:&theirs];
                        CHECK([theirs isKindOfClass:[Counted class]]);
                        if (owned)
                            [theirs release];
                        mine = owned ? [Counted new] : [[Counted new] autorelease];
                        return mine;
                      }),
                   STHookResultSuccess);
        CHECK_LONG(counted_call(selector, owned, &mine), 0);
        CHECK_LONG(on([Counted class], selector, STOptionInstead, @"same",
                      ^id(id<StingerParams> params) {
                        id theirs = nil;

                        [params invokeAndGetOriginalRetValue:&theirs];
                        mine = theirs;
                        return theirs;
                      }),
                   STHookResultSuccess);
        CHECK_LONG(counted_call(selector, owned, &mine), 0);
        off([Counted class], selector, @"same");
        CHECK_LONG(counted_call(selector, owned, NULL), 0);
    }
}

int
main(int argc, char **argv)
{
    static const struct seeds_test tests[] = {
        TEST(object_results_are_replaced_without_leak_or_early_end),
        TEST(blocks_run_before_instead_and_after),
        TEST(a_second_instead_replaces_the_first),
        TEST(the_instead_gives_the_result),
        TEST(the_params_tell_about_the_call),
        TEST(each_refusal_has_its_number_and_changes_nothing),
        TEST(the_weak_check_takes_fewer_arguments),
        TEST(automatic_removal_is_after_one_run),
        TEST(class_methods_are_hooked_beside_instance_methods),
        TEST(a_class_and_its_superclass_are_both_hooked),
        TEST(exceptions_pass_through_every_position),
        TEST(a_hook_removes_itself_from_inside),
        TEST(the_object_s_instead_is_nearer_than_the_class_s),
        TEST(hooks_come_and_go_under_callers),
    };

    return seeds_run(tests, sizeof tests / sizeof *tests, argc, argv);
}
