/* SPDX-License-Identifier: MIT */
/*
 * Rows of block advice: blocks that take all arguments and bump the counter.
 *
 * gcc has no blocks, so these are written as clang would emit them: global blocks with a signature.
 */
#include "bench.h"

#include <mend/block_advice.h>
#include <objc/objc.h>

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

static mend_token *token;

static void
sees_void(const struct block *block)
{
    (void)block;
    bench_counter++;
}

static void
sees_ints(const struct block *block, int a, int b)
{
    (void)block;
    bench_counter += 1 + (a + b == 1 << 30);
}

static void
sees_longs(const struct block *block, long a, long b)
{
    (void)block;
    bench_counter += 1 + (a + b == 1 << 30);
}

static void
sees_long(const struct block *block, long a)
{
    (void)block;
    bench_counter += 1 + (a == 1 << 30);
}

static void
sees_object(const struct block *block, id a)
{
    bench_counter += 1 + ((const void *)a == block);
}

static void
sees_double(const struct block *block, double a)
{
    (void)block;
    bench_counter += 1 + (a == 0.125);
}

static void
proceeds(const struct block *block, mend_call *call)
{
    (void)block;
    bench_counter++;
    mend_call_proceed(call, NULL);
}

#define BLOCK(name, function, encoding)                                                                      \
    static const struct descriptor name##_descriptor = {0, sizeof(struct block), encoding};                  \
    static const struct block name = {_NSConcreteGlobalBlock, IS_GLOBAL | HAS_SIGNATURE, 0,                  \
                                      (void (*)(void))function, &name##_descriptor};

BLOCK(void_block, sees_void, "v8@?0")
BLOCK(ints_block, sees_ints, "v16@?0i8i12")
BLOCK(longs_block, sees_longs, "v24@?0q8q16")
BLOCK(object_block, sees_object, "v16@?0@8")
BLOCK(double_block, sees_double, "v16@?0d8")
BLOCK(struct_block, sees_long, "v16@?0q8")
BLOCK(proceeding_block, proceeds, "v16@?0^{mend_call=}8")

static const struct block *const by_shape[] = {
    [BENCH_VOID] = &void_block,     [BENCH_INTS] = &ints_block,     [BENCH_LONGS] = &longs_block,
    [BENCH_OBJECT] = &object_block, [BENCH_DOUBLE] = &double_block, [BENCH_STRUCT] = &struct_block,
};

static bool
add(const struct bench_method *method, mend_position position, const struct block *block)
{
    mend_target target = {.class_name = method->class_name, .selector = method->selector};
    mend_block_spec spec = {.hook.position = position, .block = block};

    return mend_hook_add_block(&target, &spec, &token, NULL) == MEND_OK;
}

bool
block_before_begin(const struct bench_method *method)
{
    return add(method, MEND_BEFORE, by_shape[method->shape]);
}

bool
block_after_begin(const struct bench_method *method)
{
    return add(method, MEND_AFTER, by_shape[method->shape]);
}

bool
block_proceed_begin(const struct bench_method *method)
{
    return add(method, MEND_INSTEAD, &proceeding_block);
}

void
blocks_end(const struct bench_method *method)
{
    (void)method;
    mend_hook_remove(token, NULL);
    token = NULL;
}
