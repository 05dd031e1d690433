/* SPDX-License-Identifier: MIT */
/*
 * Every shape, as argument and as result, through advice in C in every position: before advice that changes an
 * argument or skips the method, insteads with and without the rest of the chain, after advice that replaces the
 * result. The methods are compiled by gcc and by clang. Right, or refused by name.
 */
#import "support/hook_fixture.h"

#include "abi/signature.h"
#include "method_shapes.h"
#include "runtime/runtime.h"
#include "support/abi_values.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
#include <objc/runtime.h>

enum { VALUES = 4, ROOM = 1024 };

static const struct probe {
    const struct method_shape *method;
    struct shape_seen *seen;
    const struct mn_type *type;
    id object;
    Class cls;
    SEL sel;
    bool many;
} *now;

static _Alignas(16) unsigned char v[ROOM], w[ROOM], result[ROOM];
static int ran;

static unsigned
index_of_v(void)
{
    return now->many ? 10 : 1;
}

static void
expect(const void *found, const void *wanted, const char *what)
{
    if (!abi_same(now->type, found, wanted))
        fail_msg("%s (%s): %s is another", now->method->shape->name, now->many ? "many" : "few", what);
}

static void
expect_argument(mend_call *call, unsigned index, const void *wanted, const char *what)
{
    _Alignas(16) unsigned char found[ROOM];
    const void *there = mend_call_argument_peek(call, index);

    assert_int_equal(mend_call_get_argument(call, index, found, now->method->shape->size, NULL), MEND_OK);
    expect(found, wanted, what);
    if (there)
        expect(there, wanted, what);
}

static void
set_argument(mend_call *call, const void *value)
{
    assert_int_equal(mend_call_set_argument(call, index_of_v(), value, now->method->shape->size, NULL), MEND_OK);
    expect_argument(call, index_of_v(), value, "the argument just set");
}

/* A structure without members is no result, as void is none. */
static mend_status
status_of_results(void)
{
    return now->method->shape->size ? MEND_OK : MEND_INVALID;
}

static void
expect_result(mend_call *call, const void *wanted)
{
    _Alignas(16) unsigned char found[ROOM];

    assert_int_equal(mend_call_get_result(call, found, now->method->shape->size, NULL), status_of_results());
    expect(found, wanted, "the result that advice reads");
}

static void
set_result(mend_call *call, const void *value)
{
    assert_int_equal(mend_call_set_result(call, value, now->method->shape->size, NULL), status_of_results());
    expect_result(call, value);
}

static void
look(mend_call *call)
{
    ran++;
    assert_ptr_equal(mend_call_receiver(call), now->object);
    assert_true(sel_isEqual((SEL)mend_call_selector(call), now->sel));
    expect_argument(call, index_of_v(), v, "the argument");
    expect_argument(call, index_of_v() + 2, w, "the last argument");
}

static void
changing_the_argument(mend_call *call, void *data)
{
    (void)data;
    look(call);
    set_argument(call, w);
}

static void
skipping(mend_call *call, void *data)
{
    (void)data;
    look(call);
    set_result(call, w);
    assert_int_equal(mend_call_skip(call, NULL), MEND_OK);
}

static void
in_its_stead(mend_call *call, void *data)
{
    (void)data;
    look(call);
    set_result(call, w);
}

static void
around_it(mend_call *call, void *data)
{
    (void)data;
    look(call);
    assert_int_equal(mend_call_proceed(call, NULL), MEND_OK);
    expect_result(call, v);
    set_argument(call, w);
    assert_int_equal(mend_call_proceed(call, NULL), MEND_OK);
    expect_result(call, w);
    set_result(call, v);
}

static void
replacing_the_result(mend_call *call, void *data)
{
    (void)data;
    look(call);
    expect_result(call, v);
    set_result(call, w);
}

static void
not_reached(mend_call *call, void *data)
{
    (void)call, (void)data;
    fail_msg("throwing advice ran without an exception");
}

/* What the method sees as its argument, and what the caller gets; NULL: the method does not run. */
static const struct way {
    mend_position position;
    mend_advice advice;
    const unsigned char *method_sees, *caller_gets;
    int runs;
} ways[] = {
    {MEND_BEFORE, changing_the_argument, w, w, 1},
    {MEND_BEFORE, skipping, NULL, w, 1},
    {MEND_INSTEAD, in_its_stead, NULL, w, 1},
    {MEND_INSTEAD, around_it, w, v, 1},
    {MEND_AFTER, replacing_the_result, v, w, 1},
    {MEND_THROWING, not_reached, v, v, 0},
};

static void
call_by(const struct way *way)
{
    mend_target target = {.cls = now->cls, .selector = sel_getName(now->sel)};
    mend_hook_spec spec = {.position = way->position, .advice = way->advice};
    void (*imp)(void);
    mend_token *token;
    mend_error err;

    if (mend_hook_add(&target, &spec, &token, &err) != MEND_OK)
        fail_msg("%s: %s", now->method->shape->name, err.message);
    memset(now->seen, 0, sizeof *now->seen);
    memset(result, 0x5a, sizeof result);
    ran = 0;
    imp = (void (*)(void))class_getMethodImplementation(now->cls, now->sel);
    (now->many ? now->method->send_many : now->method->send_few)(imp, now->object, (void *)now->sel, v, w, result);
    hook_off(token);
    assert_int_equal(ran, way->runs);
    assert_int_equal(now->seen->right, way->method_sees != NULL);
    if (way->method_sees)
        expect(now->seen->v, way->method_sees, "the argument of the method");
    expect(result, way->caller_gets, "the result of the call");
}

static void
probe(struct probe *p, const char *class_name, uint64_t *random)
{
    const char *e = p->method->shape->encoding;
    const struct mn_signature *signature;
    char encoding[4096];
    mend_error err;

    snprintf(encoding, sizeof encoding, p->many ? "%s@:qqqqdddddd%sc%s" : "%s@:i%sd%s", e, e, e);
    if (mn_signature_get(encoding, &signature, &err) != MEND_OK) {
        assert_true(strstr(err.message, "__int128") || strstr(err.message, "by way of libffi"));
        return;
    }
    p->type = signature->result;
#ifdef MEND_ABI_LIBFFI
    if (p->many && abi_is_mixed(p->type))
        return;
#endif
    p->sel = mn_selector(p->many ? "many" : "few");
    p->cls = objc_allocateClassPair([NSObject class], class_name, 0);
    class_addMethod(p->cls, p->sel, (IMP)(p->many ? p->method->many : p->method->few), encoding);
    objc_registerClassPair(p->cls);
    p->object = [p->cls new];
    now = p;
    for (int i = 0; i < VALUES; i++) {
        abi_fill(random, p->type, v);
        abi_fill(random, p->type, w);
        for (size_t k = 0; k < sizeof ways / sizeof *ways; k++)
            call_by(&ways[k]);
    }
    [p->object release];
}

/* A class a shape, with a method a parameter list. */
static void
probe_all(const struct method_shape *methods, struct shape_seen *seen, const char *prefix)
{
    uint64_t random = abi_seed();

    for (size_t i = 0; methods[i].shape; i++)
        for (int many = 0; many < 2; many++) {
            struct probe p = {.method = &methods[i], .seen = seen, .many = many};
            char name[64];

            snprintf(name, sizeof name, "%s_%s_%d", prefix, methods[i].shape->name, many);
            probe(&p, name, &random);
        }
}

static void
advice_sees_and_replaces_what_methods_compiled_by_gcc_take_and_give(void **state)
{
    probe_all(bygcc_methods, &bygcc_seen, "ByGcc");
}

static void
advice_sees_and_replaces_what_methods_compiled_by_clang_take_and_give(void **state)
{
    probe_all(byclang_methods, &byclang_seen, "ByClang");
}

int
main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(advice_sees_and_replaces_what_methods_compiled_by_gcc_take_and_give),
        cmocka_unit_test(advice_sees_and_replaces_what_methods_compiled_by_clang_take_and_give),
    };

    hook_test_main(argc, argv);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
