/* SPDX-License-Identifier: MIT */
/*
 * The floor: a swizzle as a programmer writes it by hand, one C function a signature, that bumps a counter
 * and calls the saved IMP. Every other cost is judged as a multiple of this one.
 */
#include "bench.h"

#include <objc/runtime.h>

struct four {
    long a, b, c, d;
};

unsigned long bench_counter;
static void (*saved)(void);

static void
floor_void(id self, SEL cmd)
{
    bench_counter++;
    ((void (*)(id, SEL))saved)(self, cmd);
}

static int
floor_ints(id self, SEL cmd, int a, int b)
{
    bench_counter++;
    return ((int (*)(id, SEL, int, int))saved)(self, cmd, a, b);
}

static long
floor_longs(id self, SEL cmd, long a, long b)
{
    bench_counter++;
    return ((long (*)(id, SEL, long, long))saved)(self, cmd, a, b);
}

static id
floor_object(id self, SEL cmd, id a)
{
    bench_counter++;
    return ((id(*)(id, SEL, id))saved)(self, cmd, a);
}

static double
floor_double(id self, SEL cmd, double a)
{
    bench_counter++;
    return ((double (*)(id, SEL, double))saved)(self, cmd, a);
}

static struct four
floor_struct(id self, SEL cmd, long a)
{
    bench_counter++;
    return ((struct four(*)(id, SEL, long))saved)(self, cmd, a);
}

static void (*const by_shape[])(void) = {
    [BENCH_VOID] = (void (*)(void))floor_void,     [BENCH_INTS] = (void (*)(void))floor_ints,
    [BENCH_LONGS] = (void (*)(void))floor_longs,   [BENCH_OBJECT] = (void (*)(void))floor_object,
    [BENCH_DOUBLE] = (void (*)(void))floor_double, [BENCH_STRUCT] = (void (*)(void))floor_struct,
};

static Method
own(const struct bench_method *method)
{
    return class_getInstanceMethod(objc_getClass(method->class_name), sel_registerName(method->selector));
}

bool
floor_begin(const struct bench_method *method)
{
    saved = (void (*)(void))method_setImplementation(own(method), (IMP)by_shape[method->shape]);
    return true;
}

void
floor_end(const struct bench_method *method)
{
    method_setImplementation(own(method), (IMP)saved);
}
