/* SPDX-License-Identifier: MIT */
/* Methods a class does not have, proxies, and root classes of all kinds. */
#import "support/hook_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <cmocka.h>
#include <objc/message.h>
#include <objc/runtime.h>
#include <string.h>

@protocol HookVisitor
- (int)visit:(int)a;
+ (double)weight:(double)a;
- (HookRect)room;
@end

/* Keeps the promise: the runtime knows protocols by the classes that adopt them. */
@interface HookKeeper : NSObject <HookVisitor>
@end
@implementation HookKeeper
- (int)visit:(int)a
{
    return a;
}
+ (double)weight:(double)a
{
    return a;
}
- (HookRect)room
{
    return (HookRect){0, 0, 0, 0};
}
@end

/* Adopts the protocol, at run time, without keeping its promise. */
@interface HookDelegate : NSObject
@end
@interface
HookDelegate (Promises) <HookVisitor>
@end
@implementation HookDelegate
@end

@interface HookDelegateChild : HookDelegate
@end
@implementation HookDelegateChild
@end

/* Answers every message by forwarding. */
@interface HookForwarder : NSObject {
  @public
    int forwarded;
}
@end
@implementation HookForwarder
- (NSMethodSignature *)methodSignatureForSelector:(SEL)sel
{
    NSMethodSignature *own = [super methodSignatureForSelector:sel];

    return own ? own : [NSMethodSignature signatureWithObjCTypes:"i@:i"];
}
- (void)forwardInvocation:(NSInvocation *)invocation
{
    int a, result;

    forwarded++;
    [invocation getArgument:&a atIndex:2];
    result = a * 10;
    [invocation setReturnValue:&result];
}
@end

@interface HookProxy : NSProxy {
    id target;
}
- (id)initWithTarget:(id)object;
- (int)twice:(int)a;
@end
@implementation HookProxy
- (id)initWithTarget:(id)object
{
    target = object;
    return self;
}
- (int)twice:(int)a
{
    return 2 * a;
}
- (NSMethodSignature *)methodSignatureForSelector:(SEL)sel
{
    return [target methodSignatureForSelector:sel];
}
- (void)forwardInvocation:(NSInvocation *)invocation
{
    [invocation invokeWithTarget:target];
}
@end

static mend_status
try(mend_target target, mend_position position, mend_advice advice, void *data, mend_token **token,
    mend_error *err)
{
    mend_hook_spec spec = {
        .position = position, .advice = advice, .data = data, .options = MEND_HOOK_MAY_ADD};

    return mend_hook_add(&target, &spec, token, err);
}

static mend_token *
add(mend_target target, mend_position position, mend_advice advice, void *data)
{
    mend_token *token;
    mend_error err;

    if (try(target, position, advice, data, &token, &err) != MEND_OK)
        fail_msg("%s: %s", target.selector, err.message);
    return token;
}

static void
answers_argument(mend_call *call, void *unused)
{
    int a;

    hook_mark('i');
    assert_int_equal(mend_call_get_argument(call, 0, &a, sizeof a, NULL), MEND_OK);
    mend_call_proceed(call, NULL);
    a++;
    assert_int_equal(mend_call_set_result(call, &a, sizeof a, NULL), MEND_OK);
}

static void
a_method_of_a_protocol_is_added_and_goes_again(void **state)
{
    HookDelegate *object = [HookDelegate new];
    mend_target visit = {.class_name = "HookDelegate", .selector = "visit:"};
    mend_token *before, *instead;

    assert_false([object respondsToSelector:@selector(visit:)]);
    before = add(visit, MEND_BEFORE, hook_writes, "b");
    assert_true([object respondsToSelector:@selector(visit:)]);
    hook_trace_clear();
    assert_int_equal([object visit:7], 0);
    assert_string_equal(hook_trace, "b");
    instead = add(visit, MEND_INSTEAD, answers_argument, NULL);
    assert_int_equal([object visit:7], 8);
    assert_string_equal(hook_trace, "bbi");
    hook_off(before);
    assert_int_equal([object visit:7], 8);
    hook_off(instead);
    assert_false([object respondsToSelector:@selector(visit:)]);
    @try {
        [object visit:1];
        fail();
    } @catch (NSException *e) {
    }
    [object release];
}

static void
results_of_every_shape_are_zero_where_nothing_is_below(void **state)
{
    HookDelegate *object = [HookDelegate new];
    mend_token *room =
        add((mend_target){.class_name = "HookDelegate", .selector = "room"}, MEND_AFTER, hook_writes, "r");
    mend_token *weight =
        add((mend_target){.class_name = "HookDelegate", .selector = "weight:", .class_side = 1}, MEND_BEFORE,
            hook_writes, "w");
    HookRect r;

    hook_trace_clear();
    r = [object room];
    assert_true(r.x == 0 && r.y == 0 && r.width == 0 && r.height == 0);
    assert_true([HookDelegate weight:3] == 0);
    assert_string_equal(hook_trace, "rw");
    hook_off(room);
    hook_off(weight);
    assert_false([HookDelegate respondsToSelector:@selector(weight:)]);
    [object release];
}

static void
an_encoding_serves_where_no_protocol_does(void **state)
{
    HookDelegateChild *object = [HookDelegateChild new];
    mend_target target = {.class_name = "HookDelegate", .selector = "neverHeardOfBefore:"};
    mend_token *token;
    mend_error err;

    assert_int_equal(try(target, MEND_AFTER, hook_writes, "n", &token, &err), MEND_NO_METHOD);
    assert_non_null(strstr(err.remedy, "encoding"));
    target.encoding = "v@:";
    token = add(target, MEND_AFTER, hook_writes, "n");
    hook_trace_clear();
    [object performSelector:sel_registerName("neverHeardOfBefore:") withObject:nil]; /* inherited */
    assert_string_equal(hook_trace, "n");
    hook_off(token);
    assert_false([object respondsToSelector:sel_registerName("neverHeardOfBefore:")]);
    [object release];
}

static void
one_object_may_get_a_method(void **state)
{
    HookDelegate *a = [HookDelegate new], *b = [HookDelegate new];
    mend_token *token =
        add((mend_target){.object = (id)a, .selector = "visit:"}, MEND_INSTEAD, answers_argument, NULL);

    assert_int_equal([a visit:3], 4);
    assert_int_equal([b visit:3], 0); /* the class has it, with nothing in it */
    hook_off(token);
    assert_false([a respondsToSelector:@selector(visit:)]);
    [a release];
    [b release];
}

static void
next_is_forwarded_where_the_class_forwards(void **state)
{
    HookForwarder *object = [HookForwarder new];
    mend_target target = {.class_name = "HookForwarder", .selector = "visit:", .encoding = "i@:i"};
    mend_token *token = add(target, MEND_BEFORE, hook_writes, "f");

    hook_trace_clear();
    assert_int_equal([(HookDelegate *)object visit:4], 40);
    assert_string_equal(hook_trace, "f");
    hook_off(token);
    token = add(target, MEND_INSTEAD, hook_wraps, "fF");
    assert_int_equal([(HookDelegate *)object visit:4], 40);
    assert_int_equal(object->forwarded, 2);
    hook_off(token);
    assert_int_equal([(HookDelegate *)object visit:4], 40);
    [object release];
}

/* As older hooking libraries leave a method: its implementation is the runtime's way to forwardInvocation:. */
static void
a_method_that_others_made_forward_is_an_original_like_any(void **state)
{
    HookForwarder *object = [HookForwarder new];
    SEL divert = sel_registerTypedName("divert:", "i@:i");
    IMP forward = class_getMethodImplementation([HookForwarder class], divert);
    mend_target target = {.class_name = "HookForwarder", .selector = "divert:"};
    mend_token *tokens[3];

    assert_true(class_addMethod([HookForwarder class], divert, forward, "i@:i"));
    tokens[0] = add(target, MEND_BEFORE, hook_writes, "b");
    tokens[1] = add(target, MEND_INSTEAD, hook_wraps, "[]");
    tokens[2] = add(target, MEND_AFTER, hook_writes, "a");
    hook_trace_clear();
    assert_int_equal(((int (*)(id, SEL, int))objc_msg_lookup(object, divert))(object, divert, 4), 40);
    assert_string_equal(hook_trace, "b[]a");
    assert_int_equal(object->forwarded, 1);
    for (int i = 0; i < 3; i++)
        hook_off(tokens[i]);
    assert_ptr_equal(hook_imp("HookForwarder", "divert:"), forward);
    [object release];
}

static void
proxies_are_targets_like_others(void **state)
{
    HookBase *base = [HookBase new];
    HookProxy *proxy = [[HookProxy alloc] initWithTarget:base],
              *other = [[HookProxy alloc] initWithTarget:base];
    mend_token *class = hook_on("HookProxy", "twice:", MEND_BEFORE, hook_writes, "c");
    mend_token *object =
        add((mend_target){.object = (id)proxy, .selector = "twice:"}, MEND_AFTER, hook_writes, "o");
    mend_token *forwarded =
        add((mend_target){.class_name = "HookProxy", .selector = "greet", .encoding = "v@:"}, MEND_INSTEAD,
            hook_wraps, "gG");

    hook_trace_clear();
    assert_int_equal([proxy twice:4], 8);
    assert_int_equal([other twice:4], 8);
    [(id)proxy greet];
    assert_string_equal(hook_trace, "cocg.G");
    hook_off(class);
    hook_off(object);
    hook_off(forwarded);
    hook_trace_clear();
    [(id)proxy greet];
    assert_string_equal(hook_trace, ".");
    [proxy release];
    [other release];
    [base release];
}

static id
root_alloc(Class self, SEL cmd)
{
    return class_createInstance(self, 0);
}

static int
root_number(id self, SEL cmd)
{
    return 5;
}

static id
root_ignore(id self, SEL cmd)
{
    return self;
}

static void
a_root_class_of_ones_own_is_a_target(void **state)
{
    Class cls = objc_allocateClassPair(Nil, "HookRoot", 0);
    mend_token *instance, *class;
    id object;

    class_addMethod(cls, sel_registerName("number"), (IMP)root_number, "i@:");
    class_addMethod(cls, sel_registerName("self"), (IMP)root_ignore, "@@:");
    class_addMethod(object_getClass((id)cls), sel_registerName("make"), (IMP)root_alloc, "@@:");
    class_addMethod(object_getClass((id)cls), sel_registerName("initialize"), (IMP)root_ignore, "@@:");
    objc_registerClassPair(cls);
    instance = hook_on("HookRoot", "number", MEND_AFTER, hook_writes, "n");
    class = hook_on("HookRoot", "+make", MEND_BEFORE, hook_writes, "m");
    hook_trace_clear();
    object = ((id(*)(id, SEL))objc_msg_lookup((id)cls, sel_registerName("make")))((id)cls,
                                                                                  sel_registerName("make"));
    assert_int_equal(((int (*)(id, SEL))objc_msg_lookup(object, sel_registerName("number")))(
                         object, sel_registerName("number")),
                     5);
    assert_string_equal(hook_trace, "mn");
    hook_off(instance);
    hook_off(class);
    object_dispose(object);
}

int
main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_method_of_a_protocol_is_added_and_goes_again),
        cmocka_unit_test(results_of_every_shape_are_zero_where_nothing_is_below),
        cmocka_unit_test(an_encoding_serves_where_no_protocol_does),
        cmocka_unit_test(one_object_may_get_a_method),
        cmocka_unit_test(next_is_forwarded_where_the_class_forwards),
        cmocka_unit_test(a_method_that_others_made_forward_is_an_original_like_any),
        cmocka_unit_test(proxies_are_targets_like_others),
        cmocka_unit_test(a_root_class_of_ones_own_is_a_target),
    };
    NSAutoreleasePool *pool = [NSAutoreleasePool new];
    int failed;

    hook_test_main(argc, argv);
    if (!class_addProtocol([HookDelegate class], objc_getProtocol("HookVisitor")))
        return 1;
    failed = cmocka_run_group_tests(tests, NULL, NULL);
    [pool release];
    return failed;
}
