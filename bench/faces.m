/* SPDX-License-Identifier: MIT */
/*
 * Rows of the Aspects and Stinger faces: blocks that take nothing, and blocks that take the information, bumping
 * the counter.
 *
 * gcc has no blocks, so these are written as clang would emit them: global blocks with a signature.
 */
#include "bench.h"

#import <mend/compat/Aspects.h>
#import <mend/compat/Stinger.h>

struct descriptor {
    unsigned long reserved, size;
    const char *signature;
};

struct block {
    void *isa;
    int flags, reserved;
    void (*invoke)(void);
    const struct descriptor *descriptor;
};

enum { IS_GLOBAL = 1 << 28, HAS_SIGNATURE = 1 << 30 };

extern void *_NSConcreteGlobalBlock[];

static void
sees_nothing(const struct block *block)
{
    (void)block;
    bench_counter++;
}

static void
sees_information(const struct block *block, id information)
{
    bench_counter += 1 + ((const void *)information == block);
}

static const struct descriptor nothing = {0, sizeof(struct block), "v8@?0"};
static const struct descriptor information = {0, sizeof(struct block), "v16@?0@8"};
static struct block without = {_NSConcreteGlobalBlock, IS_GLOBAL | HAS_SIGNATURE, 0, (void (*)(void))sees_nothing,
                               &nothing};
static struct block with = {_NSConcreteGlobalBlock, IS_GLOBAL | HAS_SIGNATURE, 0,
                            (void (*)(void))sees_information, &information};

static id token;

static bool
aspect(const struct bench_method *method, AspectOptions position, struct block *block)
{
    NSAutoreleasePool *pool = [NSAutoreleasePool new];

    token = [[objc_getClass(method->class_name) aspect_hookSelector:sel_registerName(method->selector)
                                                        withOptions:position
                                                         usingBlock:(id)(void *)block
                                                              error:NULL] retain];
    [pool release];
    return token != nil;
}

bool
aspect_before_begin(const struct bench_method *method)
{
    return aspect(method, AspectPositionBefore, &without);
}

bool
aspect_after_begin(const struct bench_method *method)
{
    return aspect(method, AspectPositionAfter, &without);
}

bool
aspect_instead_begin(const struct bench_method *method)
{
    return aspect(method, AspectPositionInstead, &without);
}

bool
aspect_info_begin(const struct bench_method *method)
{
    return aspect(method, AspectPositionBefore, &with);
}

void
aspect_end(const struct bench_method *method)
{
    (void)method;
    [token remove];
    [token release];
    token = nil;
}

static bool
sting(const struct bench_method *method, STOption position, struct block *block)
{
    NSAutoreleasePool *pool = [NSAutoreleasePool new];
    STHookResult result =
        [objc_getClass(method->class_name) st_hookInstanceMethod:sel_registerName(method->selector)
                                                          option:position | STOptionWeakCheckSignature
                                                 usingIdentifier:@"bench"
                                                       withBlock:(id)(void *)block];

    [pool release];
    return result == STHookResultSuccess;
}

bool
stinger_before_begin(const struct bench_method *method)
{
    return sting(method, STOptionBefore, &without);
}

bool
stinger_after_begin(const struct bench_method *method)
{
    return sting(method, STOptionAfter, &without);
}

bool
stinger_params_begin(const struct bench_method *method)
{
    return sting(method, STOptionBefore, &with);
}

void
stinger_end(const struct bench_method *method)
{
    NSAutoreleasePool *pool = [NSAutoreleasePool new];

    [objc_getClass(method->class_name) st_removeHookWithIdentifier:@"bench"
                                                            forKey:sel_registerName(method->selector)];
    [pool release];
}
