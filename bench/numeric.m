/* SPDX-License-Identifier: MIT */
/*
 * Patched code beside Lua 5.4 and beside the compiler: one text, compiled by gcc -O2 and read as a patch, and the
 * same program in Lua. Each time is processor time, the best of several; results must agree.
 */
#import <Foundation/Foundation.h>

#include "bench.h"
#include "numeric.h"

#include <math.h>
#include <mend/patch.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

enum { REPEATS = 7 };

struct kernel {
    const char *name;
    double (*compiled)(int n);
    int n;
};

static const struct kernel kernels[] = {
    {"fib", kernel_fib, 29},           {"loop", kernel_loop, 8000000},          {"sieve", kernel_sieve, 20},
    {"nbody", kernel_nbody, 50000},    {"mandelbrot", kernel_mandelbrot, 300}, {"spectral", kernel_spectral, 120},
    {"matmul", kernel_matmul, 120},
};

@interface BenchNumbers : NSObject
- (double)kernel:(int)n;
@end

@implementation BenchNumbers
- (double)kernel:(int)n
{
    return n;
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
apply(NSString *text)
{
    const char *bytes = [text UTF8String];
    mend_source source = {.name = "numeric.m", .id = "bench-numeric", .text = bytes, .length = strlen(bytes)};
    mend_error err;

    if (mend_patch_apply(&source, NULL, NULL, NULL, &err) == MEND_OK)
        return true;
    fprintf(stderr, "bench: %s:%u: %s\n", err.file, err.line, err.message);
    return false;
}

/* The kernel's text without its #include, and a method that calls it. */
static bool
apply_kernel(const struct kernel *k)
{
    NSString *path = [NSString stringWithFormat:@"%s/%s.c", BENCH_NUMERIC, k->name];
    NSString *text = [NSString stringWithContentsOfFile:path encoding:NSUTF8StringEncoding error:NULL];

    text = [text stringByReplacingOccurrencesOfString:@"#include \"numeric.h\"" withString:@""];
    return apply([text stringByAppendingFormat:@"@implementation BenchNumbers\n- (double)kernel:(int)n\n{\n"
                                               @"    return kernel_%s(n);\n}\n@end\n",
                                               k->name]);
}

static double
best(BenchNumbers *object, const struct kernel *k, double *result)
{
    double fastest = 0;

    for (int i = 0; i < REPEATS; i++) {
        double start = cpu(), took;

        *result = object ? [object kernel:k->n] : k->compiled(k->n);
        took = cpu() - start;
        fastest = i == 0 || took < fastest ? took : fastest;
    }
    return fastest;
}

static double
best_in_lua(const struct kernel *k, double *result)
{
    char command[1000];
    double seconds = 0;
    FILE *pipe;

    snprintf(command, sizeof command,
             "lua5.4 -e 'local f, best, r = dofile(\"%s/%s.lua\") for i = 1, %d do local t = os.clock() r = f(%d) "
             "t = os.clock() - t if not best or t < best then best = t end end print(best, string.format(\"%%.17g\", r))'",
             BENCH_NUMERIC, k->name, REPEATS, k->n);
    pipe = popen(command, "r");
    if (pipe == NULL || fscanf(pipe, "%lf %lf", &seconds, result) != 2)
        seconds = 0;
    if (pipe != NULL)
        pclose(pipe);
    return seconds;
}

static bool
agree(double a, double b)
{
    return fabs(a - b) <= 1e-9 * fabs(a);
}

/* One line; the logarithms of its two ratios are added to the sums. */
static bool
measure(const struct kernel *k, double *beside_lua, double *beside_gcc, FILE *json)
{
    BenchNumbers *object = [[BenchNumbers new] autorelease];
    double r[3] = {0, 0, 0}, compiled = best(nil, k, &r[0]), lua = best_in_lua(k, &r[1]), mine;

    if (lua <= 0 || compiled <= 0 || !apply_kernel(k))
        return false;
    mine = best(object, k, &r[2]);
    mend_patch_revert("bench-numeric", NULL);
    if (!agree(r[0], r[1]) || !agree(r[0], r[2])) {
        fprintf(stderr, "bench: %s: gcc %g, Lua %g, the patch %g\n", k->name, r[0], r[1], r[2]);
        return false;
    }
    printf("  %-12s %9.2f ms %9.2f ms %9.2f ms %8.2f x %8.1f x\n", k->name, mine * 1e3, lua * 1e3, compiled * 1e3,
           lua / mine, mine / compiled);
    *beside_lua += log(lua / mine);
    *beside_gcc += log(mine / compiled);
    if (json)
        fprintf(json, "%s\n  {\"kernel\": \"%s\", \"ms\": %.3f, \"lua_ms\": %.3f, \"gcc_ms\": %.3f}",
                k == kernels ? "" : ",", k->name, mine * 1e3, lua * 1e3, compiled * 1e3);
    return true;
}

void
numeric_table(FILE *json)
{
    NSAutoreleasePool *pool = [NSAutoreleasePool new];
    double lua = 0, gcc = 0;
    int count = 0;

    printf("%-14s %12s %12s %12s %10s %10s\n", "numeric", "patch", "Lua 5.4", "gcc -O2", "Lua/patch", "patch/gcc");
    if (json)
        fprintf(json, ", \"kernels\": [");
    for (size_t i = 0; i < sizeof kernels / sizeof *kernels; i++)
        count += measure(&kernels[i], &lua, &gcc, json);
    if (json)
        fprintf(json, "\n]");
    if (count != 0)
        printf("  %-48s %8.2f x %8.1f x   asked: each above 1, mean 1.7; mean 12, none above 20\n", "geometric mean",
               exp(lua / count), exp(gcc / count));
    [pool release];
}
