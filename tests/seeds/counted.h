/* SPDX-License-Identifier: MIT */
/* Objects that count how many of them live, and methods that give one away, or lend one, for the faces' tests. */
#ifndef MN_TESTS_SEEDS_COUNTED_H
#define MN_TESTS_SEEDS_COUNTED_H

#import <Foundation/Foundation.h>

static int counted_alive;

@interface Counted : NSObject
- (id)made;     /* autoreleased */
- (id)newOne;   /* the caller's */
- (id)copyOfIt; /* the caller's */
- (id)initOver; /* gives up the receiver, the caller's */
@end

@implementation Counted
+ (id)allocWithZone:(NSZone *)zone
{
    counted_alive++;
    return [super allocWithZone:zone];
}
- (void)dealloc
{
    counted_alive--;
    [super dealloc];
}
- (id)made
{
    return [[Counted new] autorelease];
}
- (id)newOne
{
    return [Counted new];
}
- (id)copyOfIt
{
    return [Counted new];
}
- (id)initOver
{
    [self release];
    return [Counted new];
}
@end

/* One call as its caller would make it; how many objects it left behind, and whether `expected` was the result. */
static inline int
counted_call(SEL selector, BOOL owned, id *expected)
{
    int before = counted_alive;
    BOOL is_init = selector == @selector(initOver);
    NSAutoreleasePool *pool = [NSAutoreleasePool new];
    id receiver = [Counted alloc], result;

    result = [receiver performSelector:selector];
    if (expected && result != *expected)
        before -= 100;
    [result retainCount]; /* it lives */
    if (owned)
        [result release];
    if (!is_init)
        [receiver release];
    [pool release];
    return counted_alive - before;
}
#endif
