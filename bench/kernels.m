/* SPDX-License-Identifier: MIT */
/*
 * Patched code at work: an empty patched method beside the floor, and loops beside Lua and beside the compiler.
 *
 * BenchKernels has each kernel as the compiler makes it; the patch replaces them with the same source. Lua runs the same
 * loop in a process of its own and reports its own processor time.
 */
#import <Foundation/Foundation.h>

#include "bench.h"

#include <mend/patch.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

@interface BenchKernels : NSObject
- (long)sumTo:(int)n;
- (int)fib:(int)n;
@end

@implementation BenchKernels
- (long)sumTo:(int)n
{
    long s = 0;

    for (int i = 0; i < n; i++) {
        s += i;
        __asm__ volatile("" : "+r"(s)); /* or the compiler knows the sum */
    }
    return s;
}
- (int)fib:(int)n
{
    if (n < 2)
        return n;
    return [self fib:n - 1] + [self fib:n - 2];
}
@end

static bool
apply(const char *id, const char *text)
{
    mend_source source = {.name = "bench.m", .id = id, .text = text, .length = strlen(text)};
    mend_error err;

    if (mend_patch_apply(&source, NULL, NULL, NULL, &err) == MEND_OK)
        return true;
    fprintf(stderr, "bench: %s:%u: %s\n", err.file, err.line, err.message);
    return false;
}

/* ---- the row ---- */

bool
patched_begin(const struct bench_method *method)
{
    char text[300];

    if (method->shape == BENCH_VOID)
        snprintf(text, sizeof text, "@implementation %s\n- (void)%s { }\n@end\n", method->class_name, method->selector);
    else if (method->shape == BENCH_INTS)
        snprintf(text, sizeof text, "@implementation %s\n- (int)%.*s:(int)a %s(int)b { return a + b; }\n@end\n",
                 method->class_name, (int)strcspn(method->selector, ":"), method->selector,
                 strchr(method->selector, ':') + 1);
    else
        return false;
    return apply("bench-row", text);
}

void
patched_end(const struct bench_method *method)
{
    (void)method;
    mend_patch_revert("bench-row", NULL);
}

/* ---- the figures ---- */

static double
cpu(void)
{
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static double
lua_seconds(const char *program)
{
    char command[400];
    double seconds = 0;
    FILE *pipe;

    snprintf(command, sizeof command, "lua5.4 -e 'local t=os.clock() %s print(os.clock()-t)' 2>/dev/null", program);
    pipe = popen(command, "r");
    if (pipe == NULL || fscanf(pipe, "%lf", &seconds) != 1)
        seconds = 0;
    if (pipe != NULL)
        pclose(pipe);
    return seconds;
}

enum kernel { SUM, FIB };
enum { SUM_TO = 20000000, FIB_OF = 24 };

static double
own_seconds(enum kernel kernel)
{
    BenchKernels *kernels = [[BenchKernels new] autorelease];
    double best = 0;

    for (int round = 0; round < 5; round++) {
        double start = cpu(), took;

        if (kernel == SUM)
            [kernels sumTo:SUM_TO];
        else
            [kernels fib:FIB_OF];
        took = cpu() - start;
        best = round == 0 || took < best ? took : best;
    }
    return best;
}

static const char *const lua_programs[] = {
    [SUM] = "local s=0 for i=0,19999999 do s=s+i end",
    [FIB] = "local o={} function o:fib(n) if n<2 then return n end return self:fib(n-1)+self:fib(n-2) end o:fib(24)",
};

static const char *const sources[] = {
    [SUM] = "@implementation BenchKernels\n- (long)sumTo:(int)n {\n    long s = 0;\n"
            "    for (int i = 0; i < n; i++)\n        s += i;\n    return s;\n}\n@end\n",
    [FIB] = "@implementation BenchKernels\n- (int)fib:(int)n {\n    if (n < 2)\n        return n;\n"
            "    return [self fib:n - 1] + [self fib:n - 2];\n}\n@end\n",
};

static bool
measure(enum kernel kernel, bool beside_lua, double *value)
{
    NSAutoreleasePool *pool = [NSAutoreleasePool new];
    double other = beside_lua ? 0 : own_seconds(kernel), mine;
    bool good = apply("bench-kernel", sources[kernel]);

    for (int round = 0; round < 3 && beside_lua; round++) {
        double took = lua_seconds(lua_programs[kernel]);

        other = round == 0 || took < other ? took : other;
    }
    mine = good ? own_seconds(kernel) : 0;
    mend_patch_revert("bench-kernel", NULL);
    [pool release];
    *value = other > 0 ? mine / other : 0;
    return good && other > 0;
}

bool
measure_sum_beside_lua(double *value)
{
    return measure(SUM, true, value);
}

bool
measure_sum_beside_compiled(double *value)
{
    return measure(SUM, false, value);
}

bool
measure_fib_beside_lua(double *value)
{
    return measure(FIB, true, value);
}
