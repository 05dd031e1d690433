/* SPDX-License-Identifier: MIT */
/*
 * What a call costs by each way, message send included: a C swizzle written by hand is the floor (bench/floor.c compares whole
 * hooks with it). The figures are printed; the assertion is coarse, since machines are shared.
 */
#include "abi/trampoline.h"

#include <ffi.h>
#import <objc/Object.h>
#include <objc/runtime.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <time.h>
#include <cmocka.h>

enum { CALLS = 100000, TURNS = 60 };

static unsigned long counter;
static IMP original;

@interface Costed : Object
- (void) nothing;
- (int) add: (int)a to: (int)b;
@end

@implementation Costed
- (void) nothing
{
    __asm__ volatile("");
}

- (int) add: (int)a to: (int)b
{
    return a + b;
}
@end

static void
swizzled_nothing(id self, SEL _cmd)
{
    counter++;
    ((void (*)(id, SEL))original)(self, _cmd);
}

static int
swizzled_add(id self, SEL _cmd, int a, int b)
{
    counter++;
    return ((int (*)(id, SEL, int, int))original)(self, _cmd, a, b);
}

static mn_code
count_and_go_on(struct mn_frame *frame, void *context)
{
    (void)frame;
    counter++;
    return (mn_code)context;
}

static mn_code
count_and_replay(struct mn_frame *frame, void *context)
{
    counter++;
    mn_call_frame((mn_code)context, frame, 0);
    return NULL;
}

static mn_code
answer(struct mn_frame *frame, void *context)
{
    (void)context;
    frame->result_integer[0] = counter++;
    return NULL;
}

static void
closure(ffi_cif *cif, void *result, void **arguments, void *data)
{
    (void)data;
    counter++;
    ffi_call(cif, (void (*)(void))original, result, arguments);
}

static double
nanoseconds(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

/* The best of a few turns, per call. */
static double
cost_of(id receiver, BOOL two)
{
    double best = 1e9;
    int turn, i;

    for (turn = 0; turn < TURNS; turn++) {
        double start = nanoseconds(), each;

        if (two)
            for (i = 0; i < CALLS; i++)
                [receiver add: i to: 2];
        else
            for (i = 0; i < CALLS; i++)
                [receiver nothing];
        each = (nanoseconds() - start) / CALLS;
        best = each < best ? each : best;
    }
    return best;
}

static double
cost_through(id receiver, Method method, mn_handler *handler, const char *encoding, BOOL two)
{
    const struct mn_signature *signature = NULL;
    struct mn_trampoline *t;
    double cost;

    if (encoding != NULL)
        assert_int_equal(mn_signature_get(encoding, &signature, NULL), MEND_OK);
    assert_int_equal(mn_trampoline_new(signature, handler, (void *)original, &t, NULL), MEND_OK);
    if (handler == NULL)
        mn_trampoline_direct(t, (mn_code)original);
    method_setImplementation(method, (IMP)mn_trampoline_code(t));
    cost = cost_of(receiver, two);
    method_setImplementation(method, original);
    mn_trampoline_free(t);
    return cost;
}

static double
cost_of_a_closure(id receiver, Method method, BOOL two)
{
    ffi_type *types[] = {&ffi_type_pointer, &ffi_type_pointer, &ffi_type_sint32, &ffi_type_sint32};
    ffi_closure *allocated;
    ffi_cif cif;
    void *code;
    double cost;

    allocated = ffi_closure_alloc(sizeof *allocated, &code);
    ffi_prep_cif(&cif, FFI_DEFAULT_ABI, two ? 4 : 2, two ? &ffi_type_sint32 : &ffi_type_void, types);
    ffi_prep_closure_loc(allocated, &cif, closure, NULL, code);
    method_setImplementation(method, (IMP)code);
    cost = cost_of(receiver, two);
    method_setImplementation(method, original);
    ffi_closure_free(allocated);
    return cost;
}

static void
a_hooked_call_costs_little_more_than_a_swizzle(void **state)
{
    Costed *receiver = class_createInstance(objc_getClass("Costed"), 0);
    int two;

    (void)state;
    for (two = 0; two < 2; two++) {
        SEL selector = two ? @selector(add:to:) : @selector(nothing);
        const char *encoding = two ? "i24@0:8i16i20" : "v16@0:8";
        Method method = class_getInstanceMethod(objc_getClass("Costed"), selector);
        double plain, swizzle, tail;

        original = method_getImplementation(method);
        plain = cost_of(receiver, two);
        method_setImplementation(method, two ? (IMP)swizzled_add : (IMP)swizzled_nothing);
        swizzle = cost_of(receiver, two);
        method_setImplementation(method, original);
        tail = cost_through(receiver, method, count_and_go_on, encoding, two);
        print_message("%-10s unhooked %.1f  swizzle %.1f  direct %.1f  go on %.1f  go on, all registers %.1f  replay %.1f  "
                      "answer %.1f  libffi %.1f ns\n",
                      sel_getName(selector), plain, swizzle, cost_through(receiver, method, NULL, encoding, two), tail,
                      cost_through(receiver, method, count_and_go_on, NULL, two),
                      cost_through(receiver, method, count_and_replay, encoding, two),
                      cost_through(receiver, method, answer, encoding, two), cost_of_a_closure(receiver, method, two));
        assert_true(tail < 4 * swizzle);
    }
    object_dispose(receiver);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_hooked_call_costs_little_more_than_a_swizzle)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
