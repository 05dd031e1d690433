/* SPDX-License-Identifier: MIT */
/*
 * Patches in JavaScript, beside the engine alone: the same call by its C interface, in the same process and run.
 *
 * Each figure is the smallest of several turns of one, then the other.
 */
#include "bench.h"

#import <Foundation/Foundation.h>
#include <mend/patch.h>

#ifdef BENCH_SCRIPTS
#include <JavaScriptCore/JavaScript.h>
#include <stdio.h>
#include <string.h>

enum { CALLS = 200000, TURNS = 7, FIB = 20, FIB_CALLS = 21891 };

@interface BenchScripted : NSObject
- (int)add:(int)a to:(int)b;
- (int)sum:(int)a with:(int)b;
- (int)fib:(int)n;
- (void)loop:(int)times;
- (void)runFib:(int)n;
@end
@implementation BenchScripted
- (int)add:(int)a to:(int)b
{
    return a + b;
}
- (int)sum:(int)a with:(int)b
{
    return a + b;
}
- (int)fib:(int)n
{
    return n < 2 ? n : [self fib:n - 1] + [self fib:n - 2];
}
- (void)loop:(int)times
{
    (void)times;
}
- (void)runFib:(int)n
{
    (void)n;
}
@end

static JSGlobalContextRef context;
static BenchScripted *object;
static double first_time, first_memory, further_time;

static const char script[] =
    "defineClass('BenchScripted', {\n"
    "    sum_with: function (a, b) { return a + b; },\n"
    "    fib: function (n) { return n < 2 ? n : self.fib(n - 1) + self.fib(n - 2); },\n"
    "    loop: function (times) { var o = self; for (var i = 0; i < times; i++) o.add_to(i, 2); },\n"
    "    runFib: function (n) { self.fib(n); }\n"
    "});\n";

static bool
apply(const char *text, const char *id)
{
    mend_source source = {.name = "bench.js", .id = id, .text = text, .length = strlen(text)};
    mend_error err;

    if (mend_patch_apply(&source, NULL, NULL, NULL, &err) == MEND_OK)
        return true;
    fprintf(stderr, "bench: %s\n", err.message);
    return false;
}

static double
private_memory(void)
{
    FILE *file = fopen("/proc/self/smaps_rollup", "r");
    char line[256];
    long dirty = 0;

    while (file != NULL && fgets(line, sizeof line, file) != NULL)
        if (sscanf(line, "Private_Dirty: %ld", &dirty) == 1)
            break;
    if (file != NULL)
        fclose(file);
    return (double)dirty / 1024;
}

static JSValueRef
add_numbers(JSContextRef c, JSObjectRef function, JSObjectRef this, size_t count, const JSValueRef arguments[],
            JSValueRef *exception)
{
    (void)function, (void)this, (void)count;
    return JSValueMakeNumber(c, JSValueToNumber(c, arguments[0], exception) +
                                    JSValueToNumber(c, arguments[1], exception));
}

static JSObjectRef
evaluate(const char *text)
{
    JSStringRef string = JSStringCreateWithUTF8CString(text);
    JSObjectRef value = (JSObjectRef)JSEvaluateScript(context, string, NULL, NULL, 1, NULL);

    JSStringRelease(string);
    JSValueProtect(context, value);
    return value;
}

static JSObjectRef bare_loop, bare_sum;

/* Everything once; false when scripts cannot be had. */
static bool
ready(void)
{
    static int state;
    JSStringRef name;
    double start;

    if (state != 0)
        return state > 0;
    state = -1;
    object = [BenchScripted new];
    first_memory = private_memory();
    start = bench_now();
    if (!apply("require('NSObject');", "first"))
        return false;
    first_time = (bench_now() - start) * 1e3;
    first_memory = private_memory() - first_memory;
    further_time = 1e9;
    for (int i = 0; i < 20; i++) {
        double taken;

        start = bench_now();
        if (!apply("defineClass('BenchScripted', {unused: function () { return 1; }});", "further"))
            return false;
        taken = (bench_now() - start) * 1e3;
        further_time = taken < further_time ? taken : further_time;
    }
    if (!apply(script, "bench"))
        return false;
    context = JSGlobalContextCreate(NULL);
    name = JSStringCreateWithUTF8CString("bare");
    JSObjectSetProperty(context, JSContextGetGlobalObject(context), name,
                        JSObjectMakeFunctionWithCallback(context, name, add_numbers), 0, NULL);
    JSStringRelease(name);
    bare_loop = evaluate("(function (n) { for (var i = 0; i < n; i++) bare(i, 2); })");
    bare_sum = evaluate("(function (a, b) { return a + b; })");
    state = 1;
    return true;
}

/* Nanoseconds a call. */
static double
time_bare_out(void)
{
    JSValueRef times = JSValueMakeNumber(context, CALLS);
    double start = bench_now();

    JSObjectCallAsFunction(context, bare_loop, NULL, 1, &times, NULL);
    return (bench_now() - start) / CALLS * 1e9;
}

static double
time_bare_in(void)
{
    double start = bench_now(), sum = 0;

    for (int i = 0; i < CALLS; i++) {
        JSValueRef arguments[] = {JSValueMakeNumber(context, i), JSValueMakeNumber(context, 2)};

        sum += JSValueToNumber(context, JSObjectCallAsFunction(context, bare_sum, NULL, 2, arguments, NULL), NULL);
    }
    bench_counter += sum != 0;
    return (bench_now() - start) / CALLS * 1e9;
}

static double
time_out(void)
{
    double start = bench_now();

    [object loop:CALLS];
    return (bench_now() - start) / CALLS * 1e9;
}

static double
time_in(void)
{
    double start = bench_now();
    long sum = 0;

    for (int i = 0; i < CALLS; i++)
        sum += [object sum:i with:2];
    bench_counter += sum != 0;
    return (bench_now() - start) / CALLS * 1e9;
}

static double
time_fib(void)
{
    double start = bench_now();

    [object runFib:FIB];
    return (bench_now() - start) / FIB_CALLS * 1e9;
}

static double
least(double (*time)(void))
{
    double best = 1e12;

    for (int i = 0; i < TURNS; i++) {
        double now = time();

        best = now < best ? now : best;
    }
    return best;
}

bool
measure_script_first_time(double *value)
{
    return ready() ? *value = first_time, true : false;
}

bool
measure_script_first_memory(double *value)
{
    return ready() ? *value = first_memory, true : false;
}

bool
measure_script_further_time(double *value)
{
    return ready() ? *value = further_time, true : false;
}

bool
measure_script_out(double *value)
{
    return ready() ? *value = least(time_out) / least(time_bare_out), true : false;
}

bool
measure_script_in(double *value)
{
    return ready() ? *value = least(time_in) / least(time_bare_in), true : false;
}

bool
measure_script_fib(double *value)
{
    return ready() ? *value = least(time_fib) / (least(time_bare_out) + least(time_bare_in)), true : false;
}

#else
#define UNMEASURED(name)                                                                                     \
    bool name(double *value)                                                                                 \
    {                                                                                                        \
        (void)value;                                                                                         \
        return false;                                                                                        \
    }
UNMEASURED(measure_script_first_time)
UNMEASURED(measure_script_first_memory)
UNMEASURED(measure_script_further_time)
UNMEASURED(measure_script_out)
UNMEASURED(measure_script_in)
UNMEASURED(measure_script_fib)
#endif
