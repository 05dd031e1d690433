// SPDX-License-Identifier: MIT
#include "support/vm_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

struct mn_program *
vm_finish(struct mn_builder *builder)
{
    struct mn_program *program;
    mend_error err = {0};

    if (mn_builder_finish(builder, &program, &err) != MEND_OK)
        fail_msg("the builder says: %s", err.message);
    mn_builder_free(builder);
    return program;
}

struct mn_code *
vm_open(struct mn_builder **builder, const char *name, const char *types)
{
    struct mn_function_spec spec = {.name = name, .types = types};

    *builder = mn_builder_new("test.m");
    assert_non_null(*builder);
    return mn_code_open(*builder, &spec);
}

@implementation VmFixture
- (void)nothing
{
}
- (int)one
{
    return 1;
}
- (signed char)negativeChar
{
    return -3;
}
- (unsigned short)wideShort
{
    return 65535;
}
- (BOOL)yes
{
    return YES;
}
- (float)half
{
    return 0.5f;
}
- (double)twice:(double)x
{
    return 2 * x;
}
- (float)float:(float)x plus:(int)i
{
    return x + i;
}
- (long double)wide:(long double)x
{
    return x + 1;
}
- (long)sum:(int)a :(long)b :(short)c :(char)d :(unsigned)e :(int)f :(int)g :(int)h
{
    return a + 10 * b + 100 * c + 1000 * d + 10000L * e + 100000L * f + 1000000L * g + 10000000L * h;
}
- (double)mix:(int)a :(double)b :(float)c :(id)o :(double)d
{
    return a + 10 * b + 100 * c + (o == self ? 1000 : 0) + 10000 * d;
}
- (VmPoint)point:(VmPoint)p
{
    return (VmPoint){p.y, p.x};
}
- (VmRect)rect:(VmRect)r grownBy:(double)by
{
    r.size.x += by;
    r.size.y += by;
    return r;
}
- (VmSmall)small:(VmSmall)s
{
    return (VmSmall){s.a + 1, s.b * 2};
}
- (VmOdd)odd:(VmOdd)o
{
    return (VmOdd){{o.bytes[2], o.bytes[1], o.bytes[0]}};
}
- (NSRange)range:(NSRange)r
{
    return NSMakeRange(r.location + 1, r.length + 2);
}
- (id)same:(id)o
{
    return o;
}
- (SEL)command
{
    return _cmd;
}
- (int)count:(int)n, ...
{
    va_list args;
    double total = 0;

    va_start(args, n);
    for (int i = 0; i < n; i++)
        total += va_arg(args, double) + va_arg(args, int);
    va_end(args);
    return (int)total;
}
- (void)store:(int *)place
{
    *place = -7;
}
- (void)raise
{
    [NSException raise:@"VmRaised" format:@"on purpose"];
}
- (int)overridden
{
    return 1;
}
+ (int)classSide
{
    return 11;
}
@end

@implementation VmChild
- (int)overridden
{
    return 2;
}
@end

@implementation VmForwarder
- (NSMethodSignature *)methodSignatureForSelector:(SEL)sel
{
    return sel_isEqual(sel, @selector(nobodyHas:))
               ? [NSMethodSignature signatureWithObjCTypes:"d24@0:8i16"]
               : [super methodSignatureForSelector:sel];
}
- (void)forwardInvocation:(NSInvocation *)invocation
{
    double result;
    int argument;

    forwarded = [invocation selector];
    [invocation getArgument:&argument atIndex:2];
    result = argument + 0.25;
    [invocation setReturnValue:&result];
}
@end

static long retains, releases, alive;

@implementation VmCounted
+ (id)alloc
{
    __sync_fetch_and_add(&alive, 1);
    return [super alloc];
}
- (void)dealloc
{
    __sync_fetch_and_sub(&alive, 1);
    [super dealloc];
}
- (id)retain
{
    __sync_fetch_and_add(&retains, 1);
    return [super retain];
}
- (oneway void)release
{
    __sync_fetch_and_add(&releases, 1);
    [super release];
}
+ (long)retains
{
    return retains;
}
+ (long)releases
{
    return releases;
}
+ (long)alive
{
    return alive;
}
+ (void)reset
{
    retains = releases = 0;
}
+ (void)raiseFrom:(id)sender
{
    [NSException raise:@"VmRaised" format:@"on purpose"];
}
@end
