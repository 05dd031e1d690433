/* SPDX-License-Identifier: MIT */
/*
 * Methods with vectors, of both compilers: each position is right, or refused with the word vector. clang writes no
 * type for a vector, so that its width is unknown; gcc names it.
 */
#import "support/hook_fixture.h"

#include "abi/frame.h"
#include "vector_methods.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <cmocka.h>
#include <objc/runtime.h>
#include <stdio.h>
#include <string.h>

enum { VALUES = 20 };

static unsigned runs;

/* Leaves nothing of the vector registers of the call, in any width. */
static void
spoils(mend_call *call, void *unused)
{
    runs++;
#ifdef __x86_64__
    if (__builtin_cpu_supports("avx"))
        __asm__ volatile("vzeroall" ::: "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "xmm8", "xmm9",
                         "xmm10", "xmm11", "xmm12", "xmm13", "xmm14", "xmm15");
#endif
}

static void
proceeds(mend_call *call, void *unused)
{
    spoils(call, NULL);
    mend_call_proceed(call, NULL);
    spoils(call, NULL);
}

static id
object_with(const struct vector_method *method, const char *compiler)
{
    char name[64], types[256];
    Class cls;

    snprintf(name, sizeof name, "HookVector_%s_%s", compiler, method->name);
    snprintf(types, sizeof types, "%s%u@0:8i16%s20d%u%s%u", method->type, 28 + 2 * method->size, method->type,
             20 + method->size, method->type, 28 + method->size);
    cls = objc_allocateClassPair([NSObject class], name, 0);
    assert_true(class_addMethod(cls, sel_registerName("take"), (IMP)method->code, types));
    objc_registerClassPair(cls);
    return [[cls alloc] init];
}

static bool
call(const struct vector_method *method, id object, unsigned seed)
{
    SEL take = sel_registerName("take");

    return method->send((void (*)(void))class_getMethodImplementation(object_getClass(object), take), object,
                        (void *)take, seed) != 0;
}

/* Whether the hook was allowed. */
static bool
probe(const struct vector_method *method, const char *compiler, id object, mend_position position, bool alone)
{
    mend_target target = {.cls = object_getClass(object), .object = alone ? object : nil, .selector = "take"};
    mend_hook_spec spec = {.position = position, .advice = position == MEND_INSTEAD ? proceeds : spoils};
    mend_token *token;
    mend_error err;

    if (mend_hook_add(&target, &spec, &token, &err) != MEND_OK) {
        assert_int_equal(err.status, MEND_UNSUPPORTED_ENCODING);
        if (!strstr(err.message, "vector") && !strstr(err.message, "does not tell how") &&
            (MN_CPU_JUMPS_ON || !strstr(err.message, "by way of libffi")))
            fail_msg("%s %s: %s", compiler, method->name, err.message);
        assert_true(call(method, object, 7));
        return false;
    }
    runs = 0;
    for (unsigned i = 0; i < VALUES; i++)
        if (!call(method, object, i * 7919 + 1))
            fail_msg("%s %s: position %d is wrong", compiler, method->name, position);
    assert_true(runs >= VALUES);
    hook_off(token);
    return true;
}

static void
probe_all(const struct vector_method *methods, const char *compiler, bool named)
{
    for (const struct vector_method *m = methods; m->name; m++) {
        id object = object_with(m, compiler);
        bool before;

#ifdef __x86_64__
        if (m->vector > 16 && !__builtin_cpu_supports("avx"))
            continue;
#endif
        before = probe(m, compiler, object, MEND_BEFORE, false);
        assert_false(before && m->vector > 16);
        if (named && m->vector <= 16 && MN_CPU_JUMPS_ON)
            assert_true(before);
        for (int position = MEND_AFTER; position <= MEND_THROWING; position++)
            if (position != MEND_BEFORE)
                assert_false(probe(m, compiler, object, (mend_position)position, false));
        assert_false(probe(m, compiler, object, MEND_BEFORE, true));
        [object release];
    }
}

static void
what_gcc_compiles_is_right_or_refused(void **state)
{
    probe_all(gcc_vectors, "gcc", true);
}

static void
what_clang_compiles_is_right_or_refused(void **state)
{
    probe_all(clang_vectors, "clang", false);
}

int
main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_gcc_compiles_is_right_or_refused),
        cmocka_unit_test(what_clang_compiles_is_right_or_refused),
    };

    hook_test_main(argc, argv);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
