// SPDX-License-Identifier: MIT
/*
 * gcc is the oracle: the functions of tests/lang/oracle/functions.c are compiled into this program and, from the same
 * text, by the patch compiler; both must give the same results on every pair of awkward numbers.
 */
#import <Foundation/Foundation.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "lang/lang.h"
#include "vm/run.h"

#include <math.h>
#include <string.h>

typedef unsigned char uchar;
typedef unsigned int uint;
typedef unsigned long ulong;

#define X(parameter, result, name) result name(parameter a, parameter b);
#include "lang/oracle/functions.def"
#undef X

static const long integers[] = {0,    1,     -1,         2,           -2,         3,         7,        10,
                                -10,  31,    32,         63,          64,         100,       127,      128,
                                -128, -129,  255,        256,         32767,      32768,     -32768,   65535,
                                1000, 12345, 2147483647, -2147483647, 4294967295, 123456789, LONG_MAX, LONG_MIN + 1};
static const double reals[] = {0, -0.0, 1, -1, 0.5, -2.5, 3.25, 1e10, -1e300, 1e-300, INFINITY, -INFINITY, NAN, 1e18};

enum parameter { P_int, P_short, P_uchar, P_long, P_uint, P_ulong, P_double };

struct function {
    const char *name;
    enum parameter parameter;
    bool is_double;
    void *code;
};

static const struct function functions[] = {
#define X(parameter, result, name) {#name, P_##parameter, #result[0] == 'd', (void *)name},
#include "lang/oracle/functions.def"
#undef X
};

struct number {
    long integer;
    double real;
};

/* What gcc's code gives. */
static struct number
natively(const struct function *f, struct number a, struct number b)
{
    struct number r = {0, 0};

#define CALL(type, member)                                                                                    \
    if (f->is_double)                                                                                         \
        r.real = ((double (*)(type, type))f->code)((type)a.member, (type)b.member);                           \
    else                                                                                                      \
        r.integer = ((long (*)(type, type))f->code)((type)a.member, (type)b.member);                          \
    break
    switch (f->parameter) {
    case P_int:
        CALL(int, integer);
    case P_short:
        CALL(short, integer);
    case P_uchar:
        CALL(uchar, integer);
    case P_long:
        CALL(long, integer);
    case P_uint:
        CALL(uint, integer);
    case P_ulong:
        CALL(ulong, integer);
    case P_double:
        CALL(double, real);
    }
#undef CALL
    return r;
}

/* An argument as its slot holds it. */
static uint64_t
slot(const struct function *f, struct number n)
{
    uint64_t bits;

    switch (f->parameter) {
    case P_int:
        return (uint64_t)(int)n.integer;
    case P_short:
        return (uint64_t)(short)n.integer;
    case P_uchar:
        return (uchar)n.integer;
    case P_uint:
        return (uint)n.integer;
    case P_double:
        memcpy(&bits, &n.real, sizeof bits);
        return bits;
    default:
        return (uint64_t)n.integer;
    }
}

static struct number
in_the_machine(const struct function *f, const struct mn_function *code, struct number a, struct number b)
{
    uint64_t params[2] = {slot(f, a), slot(f, b)}, result = 0;
    struct number r = {0, 0};

    mn_vm_call(code, params, &result);
    if (f->is_double)
        memcpy(&r.real, &result, sizeof r.real);
    else
        r.integer = (long)result;
    return r;
}

static bool
same(struct number a, struct number b)
{
    if (isnan(a.real) || isnan(b.real))
        return isnan(a.real) && isnan(b.real);
    return a.integer == b.integer && memcmp(&a.real, &b.real, sizeof a.real) == 0;
}

static void
compare(const struct function *f, const struct mn_function *code)
{
    size_t count = f->parameter == P_double ? sizeof reals / sizeof *reals : sizeof integers / sizeof *integers;

    assert_non_null(code);
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < count; j++) {
            struct number a = {0, 0}, b = {0, 0}, want, got;

            if (f->parameter == P_double)
                a.real = reals[i], b.real = reals[j];
            else
                a.integer = integers[i], b.integer = integers[j];
            want = natively(f, a, b);
            got = in_the_machine(f, code, a, b);
            if (!same(want, got))
                fail_msg("%s(%ld|%g, %ld|%g): gcc gives %ld|%.17g, the patch %ld|%.17g", f->name, a.integer, a.real,
                         b.integer, b.real, want.integer, want.real, got.integer, got.real);
        }
}

static void
patches_compute_what_gcc_computes(void **state)
{
    NSAutoreleasePool *pool = [NSAutoreleasePool new];
    NSString *text = [NSString stringWithContentsOfFile:@ORACLE encoding:NSUTF8StringEncoding error:NULL];
    mend_source source = {.name = "functions.m", .text = [text UTF8String]};
    struct mn_unit *unit;
    mend_error err = {0};

    assert_non_null(text);
    source.length = strlen(source.text);
    if (mn_lang_read(&source, NULL, NULL, &unit, &err) != MEND_OK)
        fail_msg("%u:%u: %s", err.line, err.column, err.message);
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++)
        compare(&functions[i], mn_program_function_named(unit->program, functions[i].name));
    mn_unit_free(unit);
    [pool release];
}

int
main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(patches_compute_what_gcc_computes)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
