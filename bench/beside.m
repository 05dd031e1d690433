/* SPDX-License-Identifier: MIT */
/*
 * Patched code that works with objects beside the same text compiled: strings, dictionaries, arrays; cached sends.
 *
 * BENCH_OBJECT_METHODS is compiled into BenchObjects and read again as the patch of it.
 */
#import <Foundation/Foundation.h>

#include "bench.h"

#include <mend/patch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

@interface BenchObjects : NSObject {
    id _kept;
}
- (int)strings:(int)n;
- (int)dictionaries:(int)n;
- (int)arrays:(int)n;
- (int)voids:(int)n;
- (int)scalars:(int)n;
- (int)results:(int)n;
- (void)nothing;
- (int)plus:(int)x;
- (id)kept;
@end

#define BENCH_OBJECT_METHODS                                                                                           \
    -(int)strings : (int)n                                                                                             \
    {                                                                                                                  \
        int sum = 0;                                                                                                   \
        for (int i = 0; i < n; i++) {                                                                                  \
            NSString *s = [NSString stringWithFormat:@"%d and %@", i, @"more"];                                        \
            sum += (int)[s length] + (int)[[s substringFromIndex:2] hash] % 3 + [s isEqualToString:@"7 and more"];     \
        }                                                                                                              \
        return sum;                                                                                                    \
    }                                                                                                                  \
    -(int)dictionaries : (int)n                                                                                        \
    {                                                                                                                  \
        NSMutableDictionary *d = [NSMutableDictionary dictionary];                                                     \
        int sum = 0;                                                                                                   \
        for (int i = 0; i < n; i++)                                                                                    \
            [d setObject:[NSNumber numberWithInt:i] forKey:[NSNumber numberWithInt:i % 100]];                          \
        for (int i = 0; i < n; i++)                                                                                    \
            sum += [[d objectForKey:[NSNumber numberWithInt:i % 100]] intValue];                                       \
        return sum;                                                                                                    \
    }                                                                                                                  \
    -(int)arrays : (int)n                                                                                              \
    {                                                                                                                  \
        NSMutableArray *a = [NSMutableArray array];                                                                    \
        int sum = 0;                                                                                                   \
        for (int i = 0; i < n; i++)                                                                                    \
            [a addObject:[NSNumber numberWithInt:i]];                                                                  \
        for (int i = 0; i < n; i++)                                                                                    \
            sum += [[a objectAtIndex:i] intValue];                                                                     \
        [a removeAllObjects];                                                                                          \
        return sum;                                                                                                    \
    }                                                                                                                  \
    -(int)voids : (int)n                                                                                               \
    {                                                                                                                  \
        for (int i = 0; i < n; i++)                                                                                    \
            [self nothing];                                                                                            \
        return n;                                                                                                      \
    }                                                                                                                  \
    -(int)scalars : (int)n                                                                                             \
    {                                                                                                                  \
        int sum = 0;                                                                                                   \
        for (int i = 0; i < n; i++)                                                                                    \
            sum += [self plus:i];                                                                                      \
        return sum;                                                                                                    \
    }

#define TEXT_OF(...)  TEXT_OF_(__VA_ARGS__)
#define TEXT_OF_(...) #__VA_ARGS__

/* What the compiler does for a strong variable under ARC is written out on its side. */
#define BENCH_RESULTS_PATCH                                                                                            \
    -(int)results : (int)n                                                                                             \
    {                                                                                                                  \
        id last = nil;                                                                                                 \
        for (int i = 0; i < n; i++)                                                                                    \
            last = [self kept];                                                                                        \
        return last != nil;                                                                                            \
    }

@implementation BenchObjects
BENCH_OBJECT_METHODS
- (int)results:(int)n
{
    id last = nil;

    for (int i = 0; i < n; i++) {
        id old = last;

        last = [[self kept] retain];
        [old release];
    }
    [last release];
    return last != nil;
}
- (void)nothing
{
    __asm__ volatile("");
}
- (int)plus:(int)x
{
    return x + 1;
}
- (id)kept
{
    return _kept;
}
- (id)init
{
    if ((self = [super init]))
        _kept = [NSObject new];
    return self;
}
- (void)dealloc
{
    [_kept release];
    [super dealloc];
}
@end

static double
cpu(void)
{
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static bool
apply(const char *text, size_t length)
{
    mend_source source = {.name = "beside.m", .id = "bench-beside", .text = text, .length = length};
    mend_error err;

    if (mend_patch_apply(&source, NULL, NULL, NULL, &err) == MEND_OK)
        return true;
    fprintf(stderr, "bench: %s:%u: %s\n", err.file, err.line, err.message);
    return false;
}

static double
best(SEL sel, int n, int *result)
{
    double fastest = 0;
    BenchObjects *object = [BenchObjects new];
    int (*imp)(id, SEL, int) = (int (*)(id, SEL, int))(void (*)(void))[object methodForSelector:sel];

    for (int i = 0; i < 9; i++) {
        NSAutoreleasePool *pool = [NSAutoreleasePool new];
        double start = cpu(), took;

        *result = imp(object, sel, n);
        [pool release];
        took = cpu() - start;
        fastest = i == 0 || took < fastest ? took : fastest;
    }
    [object release];
    return fastest;
}

static bool
beside_compiled(SEL sel, int n, double *value)
{
    static const char text[] =
        "@implementation BenchObjects\n" TEXT_OF(BENCH_OBJECT_METHODS) TEXT_OF(BENCH_RESULTS_PATCH) "\n@end\n";
    int r[2];
    double compiled = best(sel, n, &r[0]), mine;

    if (!apply(text, sizeof text - 1))
        return false;
    mine = best(sel, n, &r[1]);
    mend_patch_revert("bench-beside", NULL);
    *value = mine / compiled;
    return r[0] == r[1];
}

bool
measure_strings(double *value)
{
    return beside_compiled(@selector(strings:), 20000, value);
}

bool
measure_dictionaries(double *value)
{
    return beside_compiled(@selector(dictionaries:), 40000, value);
}

bool
measure_arrays(double *value)
{
    return beside_compiled(@selector(arrays:), 60000, value);
}

bool
measure_void_sends(double *value)
{
    return beside_compiled(@selector(voids:), 2000000, value);
}

bool
measure_scalar_sends(double *value)
{
    return beside_compiled(@selector(scalars:), 2000000, value);
}

bool
measure_object_results(double *value)
{
    return beside_compiled(@selector(results:), 1000000, value);
}
