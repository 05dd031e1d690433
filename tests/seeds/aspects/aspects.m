/* SPDX-License-Identifier: MIT */
/* A program written for Aspects: only the include path and a linker flag are ours. */
#import <mend/compat/Aspects.h>

#import "seeds/counted.h"
#import "seeds/seeds.h"

#include <objc/runtime.h>
#include <pthread.h>

typedef struct {
    double x, y, width, height;
} Box;
typedef struct {
    int a;
    float b;
} Pair;

@interface Shop : NSObject {
  @public
    int value;
    NSString *title;
}
- (void)open;
- (int)add:(int)a to:(int)b;
- (id)echo:(id)object;
- (Box)move:(Box)box by:(double)distance;
- (Pair)swap:(Pair)pair;
- (SEL)command;
- (id)takes:(char)
          c:(BOOL)flag
           :(short)s
           :(unsigned long long)q
           :(float)f
           :(double)d
           :(SEL)sel
           :(const char *)text
           :(id)object
           :(Class)cls
           :(Pair)pair
           :(int *)pointer;
- (void)fail;
- (void)setValue:(int)value;
- (int)value;
- (const char *)text:(const char *)text;
+ (int)count;
+ (void)open;
@end

@interface Kiosk : Shop
@end

@interface Stall : Kiosk
@end

@interface Booth : Shop
@end

@implementation Shop
- (void)open
{
    mark(".");
}
- (int)add:(int)a to:(int)b
{
    mark(".");
    return a + b;
}
- (id)echo:(id)object
{
    return object;
}
- (Box)move:(Box)box by:(double)distance
{
    box.x += distance;
    return box;
}
- (Pair)swap:(Pair)pair
{
    Pair other = {(int)pair.b, (float)pair.a};

    return other;
}
- (SEL)command
{
    return _cmd;
}
- (id)takes:(char)
          c:(BOOL)flag
           :(short)s
           :(unsigned long long)q
           :(float)f
           :(double)d
           :(SEL)sel
           :(const char *)text
           :(id)object
           :(Class)cls
           :(Pair)pair
           :(int *)pointer
{
    return object;
}
- (void)fail
{
    mark("!");
    [NSException raise:@"Shop" format:@"closed"];
}
- (void)setValue:(int)newValue
{
    mark("s");
    value = newValue;
}
- (int)value
{
    return value;
}
- (const char *)text:(const char *)text
{
    return text;
}
- (void)dealloc
{
    mark("d");
    [super dealloc];
}
+ (int)count
{
    return 7;
}
+ (void)open
{
    mark("+");
}
@end

@implementation Kiosk
- (void)open
{
    mark("k");
    [super open];
}
@end

@implementation Stall
- (void)open
{
    mark("t");
    [super open];
}
@end

@implementation Booth
@end

static id early;

@interface Early : Shop
@end

@implementation Early
+ (void)load
{
    NSAutoreleasePool *pool = [NSAutoreleasePool new];

    early = [[self aspect_hookSelector:@selector(open)
                           withOptions:AspectPositionBefore
                            usingBlock:^{
                              mark("early");
                            }
                                 error:NULL] retain];
    [pool release];
}
@end

/* A protocol that no class adopts is not made ready by GCC's runtime, and nobody can ask for it. */
@interface Pretender : NSObject <AspectToken, AspectInfo>
@end

@implementation Pretender
- (BOOL)remove
{
    return NO;
}
- (id)instance
{
    return nil;
}
- (NSInvocation *)originalInvocation
{
    return nil;
}
- (NSArray *)arguments
{
    return nil;
}
@end

static id
hook(id target, SEL selector, AspectOptions options, id block)
{
    NSError *error = nil;
    id token = [target aspect_hookSelector:selector withOptions:options usingBlock:block error:&error];

    if (token == nil)
        fprintf(stderr, "%s\n", [[error localizedDescription] UTF8String]);
    CHECK(token != nil);
    CHECK(error == nil);
    return token;
}

static long
refusal(id target, SEL selector, AspectOptions options, id block)
{
    NSError *error = nil;

    CHECK([target aspect_hookSelector:selector withOptions:options usingBlock:block error:&error] == nil);
    CHECK([[error domain] isEqualToString:AspectErrorDomain]);
    CHECK([[error localizedDescription] length] > 10);
    return error == nil ? -1 : [error code];
}

static const char *
opened(Shop *shop)
{
    [shop open];
    return traced();
}

static void
a_class_hooks_itself_while_it_is_loaded(void)
{
    CHECK_TEXT(opened([[Early new] autorelease]), "early.");
    CHECK([early remove]);
    [early release];
}

static void
blocks_run_before_instead_and_after(void)
{
    Shop *shop = [[Shop new] autorelease];
    id after = hook([Shop class], @selector(open), AspectPositionAfter, ^{
      mark("a");
    });
    id before = hook([Shop class], @selector(open), AspectPositionBefore, ^{
      mark("b");
    });

    CHECK_TEXT(opened(shop), "b.a");
    id instead = hook([Shop class], @selector(open), AspectPositionInstead, ^(id<AspectInfo> info) {
      mark("[");
      [[info originalInvocation] invoke];
      mark("]");
    });
    CHECK_TEXT(opened(shop), "b[.]a");
    CHECK([before remove]);
    CHECK_TEXT(opened(shop), "[.]a");
    CHECK([instead remove]);
    CHECK_TEXT(opened(shop), ".a");
    CHECK([after remove]);
    CHECK_TEXT(opened(shop), ".");
}

static void
insteads_all_run_in_the_order_they_were_added(void)
{
    Shop *shop = [[Shop new] autorelease];
    id tokens[4];

    tokens[0] = hook([Shop class], @selector(open), AspectPositionInstead, ^{
      mark("1");
    });
    tokens[1] = hook([Shop class], @selector(open), AspectPositionInstead, ^(id<AspectInfo> info) {
      mark("2");
      [[info originalInvocation] invoke];
    });
    tokens[2] = hook([Shop class], @selector(open), AspectPositionInstead, ^(id<AspectInfo> info) {
      mark("3");
      [[info originalInvocation] invoke];
    });
    tokens[3] = hook([Shop class], @selector(open), AspectPositionBefore, ^{
      mark("b");
    });
    CHECK_TEXT(opened(shop), "b12.3.");
    CHECK([tokens[1] remove]);
    CHECK_TEXT(opened(shop), "b13.");
    CHECK([tokens[2] remove]);
    CHECK_TEXT(opened(shop), "b1");
    CHECK([tokens[0] remove]);
    CHECK_TEXT(opened(shop), "b.");
    CHECK([tokens[3] remove]);
    CHECK_TEXT(opened(shop), ".");
}

static void
arguments_and_result_change_through_the_invocation(void)
{
    Shop *shop = [[Shop new] autorelease];
    id before = hook([Shop class], @selector(add:to:), AspectPositionBefore, ^(id<AspectInfo> info, int a) {
      int twice = 2 * a;

      [[info originalInvocation] setArgument:&twice atIndex:2];
    });
    id after =
        hook([Shop class], @selector(add:to:), AspectPositionAfter, ^(id<AspectInfo> info, int a, int b) {
          int sum, a_now;

          [[info originalInvocation] getReturnValue:&sum];
          [[info originalInvocation] getArgument:&a_now atIndex:2];
          CHECK_LONG(a_now, a);
          sum += 1000;
          [[info originalInvocation] setReturnValue:&sum];
        });

    CHECK_LONG([shop add:10 to:3], 1023);
    id instead = hook([Shop class], @selector(add:to:), AspectPositionInstead, ^(id<AspectInfo> info) {
      int result = 5;

      [[info originalInvocation] setReturnValue:&result];
    });
    CHECK_LONG([shop add:10 to:3], 1005);
    CHECK([before remove] && [after remove]);
    CHECK_LONG([shop add:10 to:3], 5);
    CHECK([instead remove]);
    CHECK_LONG([shop add:10 to:3], 13);
}

static void
the_invocation_is_one_in_every_way(void)
{
    Shop *shop = [[Shop new] autorelease], *other = [[Shop new] autorelease];
    id token = hook([Shop class], @selector(add:to:), AspectPositionInstead, ^(id<AspectInfo> info) {
      NSInvocation *call = [info originalInvocation];
      int sum = 0;

      CHECK([call isKindOfClass:[NSInvocation class]]);
      CHECK(call == [info originalInvocation]);
      CHECK([call target] == shop);
      CHECK([info instance] == shop);
      CHECK(sel_isEqual([call selector], @selector(add:to:)));
      CHECK_LONG([[call methodSignature] numberOfArguments], 4);
      [call getReturnValue:&sum];
      CHECK_LONG(sum, 0);
      CHECK(![call argumentsRetained]);
      [call retainArguments];
      CHECK([call argumentsRetained]);
      [call invoke];
      [call invoke];
      @try {
          [call getArgument:&sum atIndex:4];
          CHECK(!"an index too far");
      } @catch (NSException *exception) {
          CHECK([[exception name] isEqualToString:NSInvalidArgumentException]);
      }
    });

    traced();
    CHECK_LONG([shop add:1 to:2], 3);
    CHECK_TEXT(traced(), "..");
    CHECK([token conformsToProtocol:@protocol(AspectToken)]);
    CHECK([token remove]);
    token = hook([Shop class], @selector(setValue:), AspectPositionInstead, ^(id<AspectInfo> info) {
      if ([info instance] == shop)
          [[info originalInvocation] invokeWithTarget:other];
      else
          [[info originalInvocation] invoke];
    });
    [shop setValue:9];
    CHECK_LONG([shop value], 0);
    CHECK_LONG([other value], 9);
    CHECK([token remove]);
}

static void
the_method_sees_the_selector_that_was_sent(void)
{
    Shop *shop = [[Shop new] autorelease];
    id instead = hook([Shop class], @selector(command), AspectPositionInstead, ^(id<AspectInfo> info) {
      [[info originalInvocation] invoke];
    });
    id before = hook([Shop class], @selector(command), AspectPositionBefore, ^{
      mark("b");
    });

    CHECK_TEXT(sel_getName([shop command]), "command");
    CHECK([instead remove]);
    CHECK_TEXT(sel_getName([shop command]), "command");
    CHECK([before remove]);
}

static void
arguments_come_as_objects(void)
{
    Shop *shop = [[Shop new] autorelease];
    int number = 5;
    __block int seen = 0;
    int *at = &number;
    id token =
        hook([Shop class], @selector(takes:: :: :: :: :: ::), AspectPositionBefore, ^(id<AspectInfo> info) {
          NSArray *all = [info arguments];
          Pair pair;
          void *pointer;

          seen++;
          CHECK(all == [info arguments]);
          CHECK_LONG([all count], 12);
          CHECK_LONG([[all objectAtIndex:0] charValue], -3);
          CHECK([[all objectAtIndex:1] boolValue]);
          CHECK_LONG([[all objectAtIndex:2] shortValue], -300);
          CHECK([[all objectAtIndex:3] unsignedLongLongValue] == 1ULL << 63);
          CHECK([[all objectAtIndex:4] floatValue] == 1.5f);
          CHECK([[all objectAtIndex:5] doubleValue] == -2.25);
          CHECK([[all objectAtIndex:6] isEqual:@"open"]);
          CHECK([[all objectAtIndex:7] isEqual:@"text"]);
          CHECK([all objectAtIndex:8] == [NSNull null]);
          CHECK([all objectAtIndex:9] == [Kiosk class]);
          [[all objectAtIndex:10] getValue:&pair];
          CHECK(pair.a == 4 && pair.b == 0.5f);
          [[all objectAtIndex:11] getValue:&pointer];
          CHECK(pointer == at);
        });
    Pair pair = {4, 0.5f};

    [shop takes:-3:YES:-300:1ULL << 63:1.5f:-2.25:@selector(open):"text":nil:[Kiosk class]:pair:at];
    CHECK_LONG(seen, 1);
    CHECK([token remove]);
}

/* Boxing sends what is hooked here: it must not come back to the block. */
static void
arguments_of_what_makes_numbers_come_as_objects(void)
{
    __block int runs = 0;
    id token = hook(object_getClass([NSNumber class]), @selector(numberWithInt:), AspectPositionBefore,
                    ^(id<AspectInfo> info, int number) {
                      CHECK_LONG([[[info arguments] objectAtIndex:0] intValue], number);
                      if (++runs == 1) /* but what the block sends itself does */
                          [NSNumber numberWithInt:43];
                    });

    CHECK_LONG([[NSNumber numberWithInt:42] intValue], 42);
    CHECK_LONG(runs, 2);
    CHECK([token remove]);
}

static void
a_block_argument_is_copied(void)
{
    Shop *shop = [[Shop new] autorelease];
    __block NSArray *kept = nil;
    id token = hook([Shop class], @selector(echo:), AspectPositionBefore, ^(id<AspectInfo> info, id object) {
      kept = [[info arguments] retain];
    });
    int twelve = 12;
    int (^counts)(void) = ^{
      return twelve;
    };

    [shop echo:(id)counts];
    CHECK_LONG(((int (^)(void))[kept objectAtIndex:0])(), 12);
    [kept release];
    CHECK([token remove]);
}

static void
structures_travel_in_and_out(void)
{
    Shop *shop = [[Shop new] autorelease];
    Box box = {1, 2, 3, 4}, moved;
    Pair pair = {1, 2.0f}, swapped;
    id before = hook([Shop class], @selector(move:by:), AspectPositionBefore,
                     ^(id<AspectInfo> info, Box given, double distance) {
                       CHECK(given.width == 3 && distance == 0.5);
                       given.y = 20;
                       [[info originalInvocation] setArgument:&given atIndex:2];
                     });
    id after = hook([Shop class], @selector(move:by:), AspectPositionAfter, ^(id<AspectInfo> info) {
      Box result;

      [[info originalInvocation] getReturnValue:&result];
      result.height = 40;
      [[info originalInvocation] setReturnValue:&result];
    });
    id quiet = hook([Shop class], @selector(move:by:), AspectPositionAfter, ^{
      mark("q");
    });
    id instead =
        hook([Shop class], @selector(swap:), AspectPositionInstead, ^(id<AspectInfo> info, Pair given) {
          Pair result;

          CHECK(given.a == 1 && given.b == 2.0f);
          [[info originalInvocation] invoke];
          [[info originalInvocation] getReturnValue:&result];
          result.a += 100;
          [[info originalInvocation] setReturnValue:&result];
        });

    moved = [shop move:box by:0.5];
    CHECK(moved.x == 1.5 && moved.y == 20 && moved.width == 3 && moved.height == 40);
    CHECK_TEXT(traced(), "q");
    swapped = [shop swap:pair];
    CHECK(swapped.a == 102 && swapped.b == 1.0f);
    CHECK([before remove] && [after remove] && [quiet remove] && [instead remove]);
    moved = [shop move:box by:0.5];
    CHECK(moved.x == 1.5 && moved.y == 2 && moved.width == 3 && moved.height == 4);
}

static void
each_refusal_has_its_number_and_changes_nothing(void)
{
    IMP open = class_getMethodImplementation([Shop class], @selector(open));
    Shop *shop = [[Shop new] autorelease];
    void (^nothing)(void) = ^{
    };

    CHECK_LONG(refusal([Shop class], @selector(retain), AspectPositionBefore, nothing),
               AspectErrorSelectorBlacklisted);
    CHECK_LONG(refusal([Shop class], @selector(release), AspectPositionBefore, nothing),
               AspectErrorSelectorBlacklisted);
    CHECK_LONG(refusal([Shop class], @selector(autorelease), AspectPositionBefore, nothing),
               AspectErrorSelectorBlacklisted);
    CHECK_LONG(refusal([Shop class], @selector(forwardInvocation:), AspectPositionBefore, nothing),
               AspectErrorSelectorBlacklisted);
    CHECK_LONG(refusal([Shop class], @selector(dealloc), AspectPositionAfter, nothing),
               AspectErrorSelectorDeallocPosition);
    CHECK_LONG(refusal([Shop class], @selector(dealloc), AspectPositionInstead, nothing),
               AspectErrorSelectorDeallocPosition);
    CHECK_LONG(refusal([Shop class], @selector(objectAtIndex:), AspectPositionBefore, nothing),
               AspectErrorDoesNotRespondToSelector);
    CHECK_LONG(refusal([Shop class], @selector(noSuchThing), AspectPositionBefore, nothing),
               AspectErrorDoesNotRespondToSelector);
    CHECK_LONG(refusal(shop, @selector(count), AspectPositionBefore, nothing),
               AspectErrorDoesNotRespondToSelector);
    CHECK_LONG(refusal([Shop class], @selector(count), AspectPositionBefore, nothing),
               AspectErrorIncompatibleBlockSignature);
    CHECK_LONG(refusal([Shop class], @selector(open), AspectPositionBefore, @"no block"),
               AspectErrorMissingBlockSignature);
    CHECK_LONG(refusal([Shop class], @selector(open), AspectPositionBefore,
                       ^(int info){
                       }),
               AspectErrorIncompatibleBlockSignature);
    CHECK_LONG(refusal([Shop class], @selector(open), AspectPositionBefore,
                       ^(id<AspectInfo> info, int more){
                       }),
               AspectErrorIncompatibleBlockSignature);
    CHECK_LONG(refusal([Shop class], @selector(add:to:), AspectPositionBefore,
                       ^(id<AspectInfo> info, double a){
                       }),
               AspectErrorIncompatibleBlockSignature);
    CHECK_LONG(refusal([Shop class], @selector(swap:), AspectPositionBefore,
                       ^(id<AspectInfo> info, Box a){
                       }),
               AspectErrorIncompatibleBlockSignature);
    CHECK([Shop aspect_hookSelector:@selector(noSuchThing)
                        withOptions:AspectPositionBefore
                         usingBlock:nothing
                              error:NULL] == nil);
    CHECK(class_getMethodImplementation([Shop class], @selector(open)) == open);
    CHECK_TEXT(opened(shop), ".");
}

static void
nil_parameters_raise(void)
{
    int raised = 0;

    @try {
        [Shop aspect_hookSelector:@selector(open) withOptions:0 usingBlock:nil error:NULL];
    } @catch (NSException *exception) {
        raised += [[exception name] isEqualToString:NSInternalInconsistencyException];
    } @
    try {
        [Shop aspect_hookSelector:NULL
                      withOptions:0
                       usingBlock:^{
                       }
                            error:NULL];
    } @catch (NSException *exception) {
        raised += [[exception name] isEqualToString:NSInternalInconsistencyException];
    }
    CHECK_LONG(raised, 2);
}

static void
a_selector_is_hooked_once_in_a_branch_unless_allowed(void)
{
    Stall *stall = [[Stall new] autorelease];
    void (^nothing)(void) = ^{
    };
    id middle = hook([Kiosk class], @selector(open), AspectPositionBefore, ^{
      mark("m");
    });

    CHECK_LONG(refusal([Shop class], @selector(open), AspectPositionBefore, nothing),
               AspectErrorSelectorAlreadyHookedInClassHierarchy);
    CHECK_LONG(refusal([Stall class], @selector(open), AspectPositionBefore, nothing),
               AspectErrorSelectorAlreadyHookedInClassHierarchy);
    id sibling = hook([Booth class], @selector(open), AspectPositionBefore, nothing);
    id again = hook([Kiosk class], @selector(open), AspectPositionAfter, ^{
      mark("n");
    });
    id on_meta = hook(object_getClass([Shop class]), @selector(open), AspectPositionBefore, nothing);
    CHECK_TEXT(opened(stall), "tmk.n");
    CHECK_LONG(mend_aspects_refuse_hierarchy(0), 1);
    id below = hook([Stall class], @selector(open), AspectPositionBefore, ^{
      mark("l");
    });
    id above = hook([Shop class], @selector(open), AspectPositionInstead, ^(id<AspectInfo> info) {
      mark("(");
      [[info originalInvocation] invoke];
      mark(")");
    });
    CHECK_LONG(mend_aspects_refuse_hierarchy(1), 0);
    CHECK_TEXT(opened(stall), "ltmk(.)n");
    CHECK([middle remove] && [again remove] && [below remove] && [above remove] && [sibling remove] &&
          [on_meta remove]);
    CHECK_TEXT(opened(stall), "tk.");
}

static void
a_refused_block_leaves_the_branch_free(void)
{
    CHECK_LONG(refusal([Shop class], @selector(open), AspectPositionBefore,
                       ^(int wrong){
                       }),
               AspectErrorIncompatibleBlockSignature);
    id below = hook([Kiosk class], @selector(open), AspectPositionBefore, ^{
      mark("b");
    });
    CHECK([below remove]);
}

static void
a_removed_hook_frees_the_branch_and_gives_the_method_back(void)
{
    IMP own = class_getMethodImplementation([Shop class], @selector(open));
    IMP inherited = class_getMethodImplementation([Booth class], @selector(open));
    id a = hook([Shop class], @selector(open), AspectPositionBefore, ^{
      mark("a");
    });
    id b = hook([Shop class], @selector(open), AspectPositionInstead, ^{
      mark("b");
    });

    CHECK(class_getMethodImplementation([Shop class], @selector(open)) != own);
    CHECK([a remove]);
    CHECK(![a remove]);
    CHECK([b remove]);
    CHECK(![b remove]);
    CHECK(class_getMethodImplementation([Shop class], @selector(open)) == own);
    a = hook([Booth class], @selector(open), AspectPositionBefore, ^{
      mark("a");
    });
    CHECK(class_getMethodImplementation([Shop class], @selector(open)) == own);
    CHECK([a remove]);
    CHECK(class_getMethodImplementation([Booth class], @selector(open)) == inherited);
}

static void
removing_one_of_several_leaves_the_others(void)
{
    Shop *shop = [[Shop new] autorelease];
    id one = hook([Shop class], @selector(open), AspectPositionBefore, ^{
      mark("1");
    });
    id two = hook([Shop class], @selector(open), AspectPositionBefore, ^{
      mark("2");
    });
    id other = hook([Shop class], @selector(value), AspectPositionBefore, ^{
      mark("v");
    });

    CHECK([one remove]);
    CHECK_TEXT(opened(shop), "2.");
    CHECK([two remove]);
    CHECK_TEXT(opened(shop), ".");
    [shop value];
    CHECK_TEXT(traced(), "v");
    CHECK([other remove]);
}

static void
automatic_removal_is_after_one_run(void)
{
    Shop *shop = [[Shop new] autorelease];
    IMP own = class_getMethodImplementation([Shop class], @selector(open));
    id tokens[3];

    tokens[0] = hook([Shop class], @selector(open), AspectPositionBefore | AspectOptionAutomaticRemoval, ^{
      mark("b");
    });
    tokens[1] = hook([Shop class], @selector(open), AspectPositionAfter | AspectOptionAutomaticRemoval, ^{
      mark("a");
    });
    tokens[2] = hook([Shop class], @selector(open), AspectPositionInstead | AspectOptionAutomaticRemoval, ^{
      mark("i");
    });
    CHECK_TEXT(opened(shop), "bia");
    CHECK_TEXT(opened(shop), ".");
    for (int i = 0; i < 3; i++)
        CHECK(![tokens[i] remove]);
    CHECK(class_getMethodImplementation([Shop class], @selector(open)) == own);
}

static void
class_methods_are_hooked_on_the_metaclass_beside_instance_methods(void)
{
    Shop *shop = [[Shop new] autorelease];
    id on_class = hook(object_getClass([Shop class]), @selector(open), AspectPositionBefore, ^{
      mark("c");
    });
    id on_object = hook([Shop class], @selector(open), AspectPositionBefore, ^{
      mark("o");
    });
    id count =
        hook(object_getClass([Shop class]), @selector(count), AspectPositionAfter, ^(id<AspectInfo> info) {
          int more = 70;

          CHECK([info instance] == (id)[Shop class]);
          [[info originalInvocation] setReturnValue:&more];
        });

    [Shop open];
    CHECK_TEXT(traced(), "c+");
    CHECK_TEXT(opened(shop), "o.");
    CHECK_LONG([Shop count], 70);
    CHECK([on_class remove]);
    CHECK_TEXT(opened(shop), "o.");
    [Shop open];
    CHECK_TEXT(traced(), "+");
    CHECK([on_object remove] && [count remove]);
    CHECK_LONG([Shop count], 7);
}

static void
exceptions_pass_through_every_position(void)
{
    Shop *shop = [[Shop new] autorelease];
    AspectOptions positions[] = {AspectPositionBefore, AspectPositionInstead, AspectPositionAfter};

    for (int i = 0; i < 3; i++) {
        id token = hook([Shop class], @selector(open), positions[i], ^(id<AspectInfo> info) {
          [NSException raise:@"Block" format:@"thrown"];
        });

        for (int times = 0; times < 3; times++) {
            @try {
                [shop open];
                CHECK(!"an exception");
            } @catch (NSException *exception) {
                CHECK([[exception name] isEqualToString:@"Block"]);
            }
        }
        CHECK([token remove]);
        traced();
        CHECK_TEXT(opened(shop), ".");
    }
    id around = hook([Shop class], @selector(fail), AspectPositionInstead, ^(id<AspectInfo> info) {
      [[info originalInvocation] invoke];
    });
    id once = hook([Shop class], @selector(fail), AspectPositionBefore | AspectOptionAutomaticRemoval, ^{
      [NSException raise:@"Once" format:@"thrown"];
    });
    NSString *names[2] = {nil, nil};
    for (int i = 0; i < 2; i++) {
        @try {
            [shop fail];
        } @catch (NSException *exception) {
            names[i] = [exception name];
        }
    }
    CHECK([names[0] isEqualToString:@"Once"]);
    CHECK([names[1] isEqualToString:@"Shop"]);
    CHECK_TEXT(traced(), "!");
    CHECK(![once remove]);
    CHECK([around remove]);
}

static void
a_hook_removes_itself_from_inside(void)
{
    Shop *shop = [[Shop new] autorelease];
    __block id token = nil;

    token = hook([Shop class], @selector(open), AspectPositionInstead, ^(id<AspectInfo> info) {
      CHECK([token remove]);
      [[info originalInvocation] invoke];
      mark("x");
    });
    CHECK_TEXT(opened(shop), ".x");
    CHECK_TEXT(opened(shop), ".");
    token = hook([Shop class], @selector(open), AspectPositionBefore, ^{
      CHECK([token remove]);
    });
    CHECK_TEXT(opened(shop), ".");
    CHECK(![token remove]);
}

static void
what_is_kept_outlives_the_call(void)
{
    NSAutoreleasePool *pool = [NSAutoreleasePool new];
    Shop *shop = [Shop new];
    __block id<AspectInfo> kept = nil;
    __block NSInvocation *invocation = nil;
    id token = hook([Shop class], @selector(add:to:), AspectPositionBefore, ^(id<AspectInfo> info) {
      kept = [(id)info retain];
    });
    id also = hook([Shop class], @selector(move:by:), AspectPositionInstead, ^(id<AspectInfo> info) {
      invocation = [[info originalInvocation] retain];
      [invocation invoke];
    });
    Box box = {1, 2, 3, 4}, moved = {0};
    int sum = 0;

    [shop add:20 to:22];
    [shop move:box by:1];
    CHECK([token remove] && [also remove]);
    CHECK_LONG([[kept arguments] count], 2);
    CHECK_LONG([[[kept arguments] objectAtIndex:1] intValue], 22);
    CHECK([kept instance] == shop);
    [[kept originalInvocation] invoke];
    [[kept originalInvocation] getReturnValue:&sum];
    CHECK_LONG(sum, 42);
    [invocation getReturnValue:&moved];
    CHECK(moved.x == 2 && moved.height == 4);
    box.x = 100;
    [invocation setArgument:&box atIndex:2];
    [invocation invoke];
    [invocation getReturnValue:&moved];
    CHECK(moved.x == 101);
    [invocation release];
    [pool release];
    traced();
    [shop release];
    CHECK_TEXT(traced(), "d");
    CHECK([kept instance] == nil);
    [(id)kept release];
}

static void
retained_arguments_stay(void)
{
    Shop *shop = [[Shop new] autorelease];
    __block NSInvocation *invocation = nil;
    char text[] = "hello";
    char *back = NULL;
    id token = hook([Shop class], @selector(text:), AspectPositionBefore, ^(id<AspectInfo> info) {
      invocation = [[info originalInvocation] retain];
      [invocation retainArguments];
    });
    id object = [[NSObject alloc] init];

    CHECK([shop text:text] == text);
    CHECK([token remove]);
    strcpy(text, "ended");
    [invocation getArgument:&back atIndex:2];
    CHECK_TEXT(back, "hello");
    [invocation invoke];
    [invocation getReturnValue:&back];
    CHECK_TEXT(back, "hello");
    [invocation release];
    token = hook([Shop class], @selector(echo:), AspectPositionBefore, ^(id<AspectInfo> info) {
      invocation = [[info originalInvocation] retain];
      [invocation retainArguments];
    });
    [shop echo:object];
    CHECK([token remove]);
    CHECK_LONG([object retainCount], 2);
    [invocation release];
    CHECK_LONG([object retainCount], 1);
    [object release];
}

/* Blocks obey the rule of the method they stand for: the invocation carries results as they are. */
static void
object_results_are_read_and_replaced_without_leak_or_early_end(void)
{
    static const struct {
        const char *name;
        BOOL owned;
    } methods[] = {{"made", NO}, {"newOne", YES}, {"copyOfIt", YES}, {"initOver", YES}};
    __block id mine = nil;

    for (int i = 0; i < 4; i++) {
        SEL selector = sel_registerName(methods[i].name);
        BOOL owned = methods[i].owned;
        void (^replace)(id<AspectInfo>) = ^(id<AspectInfo> info) {
          id theirs = nil;

          [[info originalInvocation] getReturnValue:&theirs];
          CHECK([theirs isKindOfClass:[Counted class]]);
          if (owned)
              [theirs release];
          mine = owned ? [Counted new] : [[Counted new] autorelease];
          [[info originalInvocation] setReturnValue:&mine];
        };
        id token = hook([Counted class], selector, AspectPositionAfter, replace);

        CHECK_LONG(counted_call(selector, owned, &mine), 0);
        CHECK([token remove]);
        token = hook([Counted class], selector, AspectPositionInstead, ^(id<AspectInfo> info) {
          [[info originalInvocation] invoke];
          replace(info);
        });
        CHECK_LONG(counted_call(selector, owned, &mine), 0);
        CHECK([token remove]);
        token = hook([Counted class], selector, AspectPositionAfter, ^(id<AspectInfo> info) {
          id theirs = nil; /* looking at it changes nothing */

          [[info originalInvocation] getReturnValue:&theirs];
          mine = theirs;
        });
        CHECK_LONG(counted_call(selector, owned, &mine), 0);
        CHECK([token remove]);
        CHECK_LONG(counted_call(selector, owned, NULL), 0);
    }
}

static void
a_kept_invocation_keeps_its_result(void)
{
    __block NSInvocation *invocation = nil;
    NSAutoreleasePool *pool = [NSAutoreleasePool new];
    id token = hook([Counted class], @selector(made), AspectPositionAfter, ^(id<AspectInfo> info) {
      id later = [[Counted new] autorelease];

      invocation = [[info originalInvocation] retain];
      [invocation retainArguments]; /* with what the method gave */
      [invocation setReturnValue:&later];
    });
    Counted *counted = [Counted new];
    id result = nil;

    [counted made];
    [counted release];
    CHECK([token remove]);
    [pool release];
    CHECK_LONG(counted_alive, 3); /* target, the method's result, the block's */
    [invocation getReturnValue:&result];
    CHECK([result isKindOfClass:[Counted class]]);
    [invocation release];
    CHECK_LONG(counted_alive, 0);
}

static void
dealloc_is_hooked_before(void)
{
    id token = hook([Shop class], @selector(dealloc), AspectPositionBefore, ^(id<AspectInfo> info) {
      CHECK([[info instance] isKindOfClass:[Shop class]]);
      mark("b");
    });

    [[Shop new] release];
    CHECK_TEXT(traced(), "bd");
    CHECK([token remove]);
    [[Shop new] release];
    CHECK_TEXT(traced(), "d");
}

static void
a_position_that_does_not_exist_never_runs(void)
{
    Shop *shop = [[Shop new] autorelease];
    id token = hook([Shop class], @selector(open), 5, ^{
      mark("?");
    });

    CHECK_TEXT(opened(shop), ".");
    CHECK([token remove]);
    CHECK(![token remove]);
}

@interface Watcher : NSObject
@end
@implementation Watcher
- (void)observeValueForKeyPath:(NSString *)path
                      ofObject:(id)object
                        change:(NSDictionary *)change
                       context:(void *)context
{
    mark("w");
}
@end

static void
hooks_of_a_class_work_with_observers_in_either_order(void)
{
    Watcher *watcher = [[Watcher new] autorelease];

    for (int hook_first = 0; hook_first <= 1; hook_first++) {
        Shop *shop = [Shop new];
        id token = nil;

        if (hook_first)
            token = hook([Shop class], @selector(setValue:), AspectPositionBefore, ^{
              mark("b");
            });
        [shop addObserver:watcher forKeyPath:@"value" options:NSKeyValueObservingOptionNew context:NULL];
        if (!hook_first)
            token = hook([Shop class], @selector(setValue:), AspectPositionBefore, ^{
              mark("b");
            });
        [shop setValue:3];
        CHECK_TEXT(traced(), "bsw");
        [shop removeObserver:watcher forKeyPath:@"value"];
        [shop setValue:4];
        CHECK_TEXT(traced(), "bs");
        CHECK([token remove]);
        [shop setValue:5];
        CHECK_TEXT(traced(), "s");
        [shop release];
        traced();
    }
}

static void
a_hook_of_one_object_is_for_it_alone(void)
{
    Shop *shop = [[Shop new] autorelease], *other = [[Shop new] autorelease];
    IMP own = class_getMethodImplementation([Shop class], @selector(open));
    id before = hook(shop, @selector(open), AspectPositionBefore, ^{
      mark("b");
    });
    id instead = hook(shop, @selector(open), AspectPositionInstead, ^(id<AspectInfo> info) {
      CHECK([info instance] == shop);
      mark("[");
      [[info originalInvocation] invoke];
      mark("]");
    });
    id after = hook(shop, @selector(open), AspectPositionAfter, ^{
      mark("a");
    });
    id others = hook(other, @selector(open), AspectPositionInstead, ^{
      mark("o");
    });
    id once = hook(other, @selector(open), AspectPositionInstead | AspectOptionAutomaticRemoval, ^{
      mark("1");
    });

    CHECK([shop class] == [Shop class]);
    CHECK(object_getClass(shop) == [Shop class]);
    CHECK_TEXT(opened(shop), "b[.]a");
    CHECK_TEXT(opened(other), "o1");
    CHECK_TEXT(opened(other), "o");
    CHECK_TEXT(opened([[Shop new] autorelease]), ".");
    CHECK([others remove]);
    CHECK(![once remove]);
    CHECK_TEXT(opened(other), ".");
    CHECK_TEXT(opened(shop), "b[.]a");
    CHECK([instead remove]);
    CHECK_TEXT(opened(shop), "b.a");
    CHECK([before remove] && [after remove]);
    CHECK(![before remove]);
    CHECK_TEXT(opened(shop), ".");
    CHECK(class_getMethodImplementation([Shop class], @selector(open)) == own);
}

static void
class_hooks_come_before_those_of_the_object(void)
{
    Shop *shop = [[Shop new] autorelease], *other = [[Shop new] autorelease];
    AspectOptions positions[] = {AspectPositionBefore, AspectPositionInstead, AspectPositionAfter};
    static const char *const of_object[] = {"b", "i", "a"}, *const of_class[] = {"B", "I", "A"};
    id tokens[6];

    for (int i = 0; i < 3; i++) {
        const char *letter = of_object[i];

        tokens[i] = hook(shop, @selector(open), positions[i], ^{
          mark(letter);
        });
    }
    for (int i = 0; i < 3; i++) {
        const char *letter = of_class[i];

        tokens[3 + i] = hook([Shop class], @selector(open), positions[i], ^(id<AspectInfo> info) {
          mark(letter);
          if (*letter == 'I')
              [[info originalInvocation] invoke];
        });
    }
    CHECK_TEXT(opened(shop), "BbI.iAa");
    CHECK_TEXT(opened(other), "BI.A");
    CHECK([tokens[4] remove]);
    CHECK_TEXT(opened(shop), "BbiAa");
    CHECK_TEXT(opened(other), "B.A");
    tokens[4] = hook([Shop class], @selector(open), AspectPositionInstead, ^{
      mark("J");
    });
    CHECK_TEXT(opened(shop), "BbJiAa");
    CHECK([tokens[1] remove]);
    CHECK_TEXT(opened(shop), "BbJAa");
    for (int i = 0; i < 6; i++)
        CHECK([tokens[i] remove] == (i != 1));
    CHECK_TEXT(opened(shop), ".");
}

static void
hooks_of_an_object_work_with_observers_in_either_order(void)
{
    Watcher *watcher = [[Watcher new] autorelease];

    for (int instead = 0; instead <= 1; instead++)
        for (int hook_first = 0; hook_first <= 1; hook_first++) {
            Shop *shop = [Shop new], *other = [Shop new];
            id token = nil;
            id block = ^(id<AspectInfo> info) {
              mark("b");
              if (instead)
                  [[info originalInvocation] invoke];
            };
            AspectOptions position = instead ? AspectPositionInstead : AspectPositionBefore;

            if (hook_first)
                token = hook(shop, @selector(setValue:), position, block);
            [shop addObserver:watcher forKeyPath:@"value" options:NSKeyValueObservingOptionNew context:NULL];
            if (!hook_first)
                token = hook(shop, @selector(setValue:), position, block);
            [shop setValue:3];
            CHECK_TEXT(traced(), "bsw");
            CHECK_LONG([shop value], 3);
            [other setValue:1];
            CHECK_TEXT(traced(), "s");
            [shop removeObserver:watcher forKeyPath:@"value"];
            [shop setValue:4];
            CHECK_TEXT(traced(), "bs");
            [shop addObserver:watcher forKeyPath:@"value" options:NSKeyValueObservingOptionNew context:NULL];
            [shop setValue:5];
            CHECK_TEXT(traced(), "bsw");
            CHECK([token remove]);
            [shop setValue:6];
            CHECK_TEXT(traced(), "sw");
            [shop removeObserver:watcher forKeyPath:@"value"];
            [shop setValue:7];
            CHECK_TEXT(traced(), "s");
            [shop release];
            [other release];
            traced();
        }
}

static void
an_object_may_die_first_and_its_address_be_used_again(void)
{
    AspectOptions positions[] = {AspectPositionBefore, AspectPositionInstead, AspectPositionAfter};

    for (int i = 0; i < 3; i++) {
        NSAutoreleasePool *pool = [NSAutoreleasePool new];
        Shop *shop = [Shop new], *others[64];
        uintptr_t address = (uintptr_t)shop;
        id token = [hook(shop, @selector(open), positions[i], ^{
          mark("x");
        }) retain];
        int reused = 0, count = 0;

        [pool release];
        pool = [NSAutoreleasePool new];
        CHECK_TEXT(opened(shop), i == 0 ? "x." : i == 1 ? "x" : ".x");
        [shop release];
        CHECK_TEXT(traced(), "d");
        CHECK(![token remove]);
        [token release];
        while (count < 64 && !reused) {
            others[count] = [Shop new];
            reused = (uintptr_t)others[count++] == address;
        }
        CHECK_TEXT(opened(others[count - 1]), ".");
        while (count-- > 0)
            [others[count] release];
        traced();
        [pool release];
    }
}

static void
constant_objects_are_refused(void)
{
    CHECK_LONG(refusal(@"constant", @selector(length), AspectPositionBefore,
                       ^{
                       }),
               AspectErrorFailedToAllocateClassPair);
    CHECK_LONG(refusal([NSNull null], @selector(description), AspectPositionInstead,
                       ^{
                       }),
               AspectErrorFailedToAllocateClassPair);
}

static volatile int storm_over;

static void *
call_all_the_time(void *shop)
{
    NSAutoreleasePool *pool = [NSAutoreleasePool new];

    while (!storm_over)
        CHECK_LONG([(Kiosk *)shop value], 0);
    [pool release];
    return NULL;
}

static void
hooks_come_and_go_under_callers(void)
{
    Kiosk *shop = [[Kiosk new] autorelease];
    pthread_t threads[2];
    static AspectOptions positions[] = {AspectPositionBefore, AspectPositionInstead, AspectPositionAfter};

    storm_over = 0;
    for (int i = 0; i < 2; i++)
        pthread_create(&threads[i], NULL, call_all_the_time, shop);
    for (int i = 0; i < 300; i++) {
        NSAutoreleasePool *pool = [NSAutoreleasePool new];
        id tokens[3];

        for (int k = 0; k < 3; k++)
            tokens[k] = hook([Kiosk class], @selector(value), positions[(i + k) % 3], ^(id<AspectInfo> info) {
              [[info originalInvocation] invoke];
            });
        for (int k = 0; k < 3; k++)
            CHECK([tokens[(i + k) % 3] remove]);
        [pool release];
    }
    storm_over = 1;
    for (int i = 0; i < 2; i++)
        pthread_join(threads[i], NULL);
}

int
main(int argc, char **argv)
{
    static const struct seeds_test tests[] = {
        TEST(a_class_hooks_itself_while_it_is_loaded),
        TEST(blocks_run_before_instead_and_after),
        TEST(insteads_all_run_in_the_order_they_were_added),
        TEST(arguments_and_result_change_through_the_invocation),
        TEST(the_invocation_is_one_in_every_way),
        TEST(the_method_sees_the_selector_that_was_sent),
        TEST(arguments_come_as_objects),
        TEST(arguments_of_what_makes_numbers_come_as_objects),
        TEST(a_block_argument_is_copied),
        TEST(structures_travel_in_and_out),
        TEST(each_refusal_has_its_number_and_changes_nothing),
        TEST(nil_parameters_raise),
        TEST(a_selector_is_hooked_once_in_a_branch_unless_allowed),
        TEST(a_refused_block_leaves_the_branch_free),
        TEST(a_removed_hook_frees_the_branch_and_gives_the_method_back),
        TEST(removing_one_of_several_leaves_the_others),
        TEST(automatic_removal_is_after_one_run),
        TEST(class_methods_are_hooked_on_the_metaclass_beside_instance_methods),
        TEST(exceptions_pass_through_every_position),
        TEST(a_hook_removes_itself_from_inside),
        TEST(what_is_kept_outlives_the_call),
        TEST(retained_arguments_stay),
        TEST(object_results_are_read_and_replaced_without_leak_or_early_end),
        TEST(a_kept_invocation_keeps_its_result),
        TEST(dealloc_is_hooked_before),
        TEST(a_position_that_does_not_exist_never_runs),
        TEST(hooks_of_a_class_work_with_observers_in_either_order),
        TEST(a_hook_of_one_object_is_for_it_alone),
        TEST(class_hooks_come_before_those_of_the_object),
        TEST(hooks_of_an_object_work_with_observers_in_either_order),
        TEST(an_object_may_die_first_and_its_address_be_used_again),
        TEST(constant_objects_are_refused),
        TEST(hooks_come_and_go_under_callers),
    };

    return seeds_run(tests, sizeof tests / sizeof *tests, argc, argv);
}
