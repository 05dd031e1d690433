/* SPDX-License-Identifier: MIT */
#include "fixture.h"

#include <objc/runtime.h>

#include <stdarg.h>
#include <string.h>

static int deallocs, made;

@implementation JSShape
- (id)init
{
    if ((self = [super init]) != nil)
        made++;
    return self;
}
- (void)dealloc
{
    deallocs++;
    [title release];
    [super dealloc];
}
- (NSRect)frame
{
    return frame;
}
- (void)setFrame:(NSRect)value
{
    frame = value;
}
- (BOOL)isHidden
{
    return hidden;
}
- (void)setHidden:(BOOL)value
{
    hidden = value;
}
- (NSString *)title
{
    return title;
}
- (void)setTitle:(NSString *)value
{
    [title autorelease];
    title = [value copy];
}
- (int)add:(int)a to:(int)b
{
    return a + b;
}
- (double)half:(double)x
{
    return x / 2;
}
- (long long)big
{
    return 9007199254740991LL;
}
- (unsigned char)small:(signed char)x
{
    return (unsigned char)x;
}
- (float)third:(float)x
{
    return x / 4;
}
- (id)give:(id)x
{
    return x;
}
- (id)nothing
{
    return nil;
}
- (SEL)action
{
    return @selector(add:to:);
}
- (NSString *)nameOf:(SEL)sel
{
    return sel != NULL ? NSStringFromSelector(sel) : @"none";
}
- (Class)kind
{
    return [NSString class];
}
- (NSString *)nameOfClass:(Class)c
{
    return c != Nil ? NSStringFromClass(c) : @"none";
}
- (JSMixed)mixed:(JSMixed)m
{
    m.c++;
    m.d *= 2;
    m.i--;
    return m;
}
- (NSRange)rangeFrom:(NSUInteger)a
{
    return NSMakeRange(a, a * 2);
}
- (BOOL)fill:(NSError **)error
{
    if (error != NULL)
        *error = [NSError errorWithDomain:@"filled" code:7 userInfo:nil];
    return NO;
}
- (const char *)cString
{
    return "of chars";
}
- (int)lengthOf:(const char *)text
{
    return text != NULL ? (int)strlen(text) : -1;
}
- (NSString *)_private
{
    return @"private";
}
- (NSString *)sd_name:(NSString *)x
{
    return [@"sd " stringByAppendingString:x];
}
- (NSString *)join:(NSString *)first, ...
{
    NSMutableString *all = [NSMutableString string];
    va_list args;

    va_start(args, first);
    for (NSString *each = first; each != nil; each = va_arg(args, NSString *))
        [all appendFormat:@"<%@>", each];
    va_end(args);
    return all;
}
- (void)raise:(NSString *)reason
{
    [NSException raise:@"Raised" format:@"%@", reason];
}
- (id)callTwice:(id)target
{
    return [NSString stringWithFormat:@"%@ %@", [target hello], [target hello]];
}
- (NSString *)hello
{
    return @"hello";
}
- (NSString *)greet:(NSString *)name
{
    return [@"greet " stringByAppendingString:name];
}
+ (NSString *)species
{
    return @"shape";
}
+ (int)made
{
    return made;
}
- (void)fillScalar:(BOOL *)stop
{
    *stop = YES;
}
@end

@implementation JSSquare
- (NSString *)hello
{
    return [@"square " stringByAppendingString:[super hello]];
}
@end

@implementation JSForwarder
+ (id)forwarderTo:(id)aTarget
{
    JSForwarder *it = [self alloc];

    it->target = [aTarget retain];
    return [it autorelease];
}
- (NSMethodSignature *)methodSignatureForSelector:(SEL)sel
{
    return [target methodSignatureForSelector:sel];
}
- (void)forwardInvocation:(NSInvocation *)invocation
{
    [invocation invokeWithTarget:target];
}
- (void)dealloc
{
    [target release];
    [super dealloc];
}
@end

@implementation JSCaller
+ (NSString *)hello:(JSShape *)shape
{
    return [shape hello];
}
+ (int)add:(JSShape *)shape
{
    return [shape add:40 to:2];
}
+ (NSString *)species
{
    return [JSShape species];
}
+ (double)widthOf:(JSShape *)shape
{
    return [shape frame].size.width;
}
+ (id)perform:(NSString *)selector on:(id)target
{
    return [target performSelector:NSSelectorFromString(selector)];
}
+ (id)perform:(NSString *)selector on:(id)target with:(id)argument
{
    return [target performSelector:NSSelectorFromString(selector) withObject:argument];
}
+ (void)perform:(NSString *)selector on:(id)target with:(id)argument with:(id)other
{
    [target performSelector:NSSelectorFromString(selector) withObject:argument withObject:other];
}
+ (int)originalAdd:(JSShape *)shape
{
    SEL sel = NSSelectorFromString(@"ORIGadd:to:");

    return ((int (*)(id, SEL, int, int))[shape methodForSelector:sel])(shape, sel, 2, 3);
}
+ (NSString *)typesOf:(NSString *)selector in:(NSString *)name
{
    Method method = class_getInstanceMethod(NSClassFromString(name), NSSelectorFromString(selector));

    return [NSString stringWithUTF8String:method_getTypeEncoding(method)];
}
+ (void)enter:(NSArray *)call
{
    NSAutoreleasePool *pool = [NSAutoreleasePool new];

    [[call objectAtIndex:0] performSelector:NSSelectorFromString([call objectAtIndex:1])];
    [[call objectAtIndex:2] lock];
    [[call objectAtIndex:2] unlockWithCondition:1];
    [pool release];
}
/* Waits for the other thread: a script's native call that needs another thread to run scripts. */
+ (void)onThread:(id)target perform:(NSString *)selector
{
    NSConditionLock *done = [[[NSConditionLock alloc] initWithCondition:0] autorelease];

    [NSThread detachNewThreadSelector:@selector(enter:)
                             toTarget:self
                           withObject:[NSArray arrayWithObjects:target, selector, done, nil]];
    [done lockWhenCondition:1];
    [done unlock];
}
+ (int)deallocs
{
    return deallocs;
}
+ (id)make:(NSString *)name
{
    return [[[NSClassFromString(name) alloc] init] autorelease];
}
+ (NSString *)tryHello:(JSShape *)shape
{
    @try {
        return [shape hello];
    } @catch (NSException *e) {
        return [@"caught " stringByAppendingString:[e reason]];
    }
}
+ (BOOL)make:(NSString *)name andCheck:(NSString *)selector
{
    return [[[[NSClassFromString(name) alloc] init] autorelease] respondsToSelector:NSSelectorFromString(selector)];
}
@end

@implementation JSWatcher
- (void)dealloc
{
    [seen release];
    [super dealloc];
}
- (void)watch:(id)object key:(NSString *)key
{
    [object addObserver:self forKeyPath:key options:NSKeyValueObservingOptionNew context:NULL];
}
- (void)unwatch:(id)object key:(NSString *)key
{
    [object removeObserver:self forKeyPath:key];
}
- (void)observeValueForKeyPath:(NSString *)path ofObject:(id)object change:(NSDictionary *)change context:(void *)context
{
    [seen release];
    seen = [[change objectForKey:NSKeyValueChangeNewKey] retain];
    count++;
}
- (id)seen
{
    return seen;
}
- (int)count
{
    return count;
}
@end

/* clang registers a protocol only where a class adopts it. */
@interface JSDelegateOfOthers : NSObject <JSDelegate>
@end
@implementation JSDelegateOfOthers
- (int)count:(int)a of:(double)b
{
    return a + (int)b;
}
- (NSRect)place:(NSRange)range
{
    return NSMakeRect(range.location, range.length, 0, 0);
}
@end

/* Protocols are in the process only where something names them. */
Protocol *
js_fixture_protocol(void)
{
    return @protocol(JSDelegate);
}
