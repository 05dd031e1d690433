/* SPDX-License-Identifier: MIT */
/*
 * Every shape, as argument and as result, through advice in C in every position: before advice that changes an
 * argument or skips the method, insteads with and without the rest of the chain, after advice that replaces the
 * result. The methods are compiled by gcc and by clang, and called by the same and by libffi. Right, or refused by name.
 */
#import "support/hook_fixture.h"

#include "shape_probe.h"

enum { VALUES = 4, ROOM = SHAPE_ROOM };

static struct shape_probe *now;
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
        shape_probe_fails(now, what);
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
    expect_argument(call, index_of_v(), value, "the argument just set is another");
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
    expect(found, wanted, "the result that advice reads is another");
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
    expect_argument(call, index_of_v(), now->v, "the argument is another");
    expect_argument(call, index_of_v() + 2, now->w, "the last argument is another");
}

static void
changing_the_argument(mend_call *call, void *data)
{
    (void)data;
    look(call);
    set_argument(call, now->w);
}

static void
skipping(mend_call *call, void *data)
{
    (void)data;
    look(call);
    set_result(call, now->w);
    assert_int_equal(mend_call_skip(call, NULL), MEND_OK);
}

static void
in_its_stead(mend_call *call, void *data)
{
    (void)data;
    look(call);
    set_result(call, now->w);
}

static void
around_it(mend_call *call, void *data)
{
    (void)data;
    look(call);
    assert_int_equal(mend_call_proceed(call, NULL), MEND_OK);
    expect_result(call, now->v);
    set_argument(call, now->w);
    assert_int_equal(mend_call_proceed(call, NULL), MEND_OK);
    expect_result(call, now->w);
    set_result(call, now->v);
}

static void
replacing_the_result(mend_call *call, void *data)
{
    (void)data;
    look(call);
    expect_result(call, now->v);
    set_result(call, now->w);
}

static void
not_reached(mend_call *call, void *data)
{
    (void)call, (void)data;
    fail_msg("throwing advice ran without an exception");
}

/* What the method sees as its argument, and what the caller gets. */
enum value { NOT_CALLED, V, W };

static const struct way {
    mend_position position;
    mend_advice advice;
    enum value method_sees, caller_gets;
    int runs;
} ways[] = {
    {MEND_BEFORE, changing_the_argument, W, W, 1},
    {MEND_BEFORE, skipping, NOT_CALLED, W, 1},
    {MEND_INSTEAD, in_its_stead, NOT_CALLED, W, 1},
    {MEND_INSTEAD, around_it, W, V, 1},
    {MEND_AFTER, replacing_the_result, V, W, 1},
    {MEND_THROWING, not_reached, V, V, 0},
};

static const unsigned char *
value_of(enum value value)
{
    return value == V ? now->v : now->w;
}

static void
call_by(const struct way *way)
{
    mend_target target = {.cls = now->cls, .selector = sel_getName(now->sel)};
    mend_hook_spec spec = {.position = way->position, .advice = way->advice};
    mend_token *token;
    mend_error err;

    if (mend_hook_add(&target, &spec, &token, &err) != MEND_OK)
        shape_probe_fails(now, err.message);
    ran = 0;
    shape_probe_call(now);
    hook_off(token);
    assert_int_equal(ran, way->runs);
    assert_int_equal(now->seen->right, way->method_sees != NOT_CALLED);
    if (way->method_sees != NOT_CALLED)
        expect(now->seen->v, value_of(way->method_sees), "the argument of the method is another");
    expect(now->result, value_of(way->caller_gets), "the result of the call is another");
}

static void
call_every_way(struct shape_probe *p)
{
    now = p;
    for (size_t k = 0; k < sizeof ways / sizeof *ways; k++)
        call_by(&ways[k]);
}

static void
advice_sees_and_replaces_what_methods_compiled_by_gcc_take_and_give(void **state)
{
    shape_probe_all(bygcc_methods, &bygcc_seen, "ByGcc", VALUES, call_every_way);
}

static void
advice_sees_and_replaces_what_methods_compiled_by_clang_take_and_give(void **state)
{
    shape_probe_all(byclang_methods, &byclang_seen, "ByClang", VALUES, call_every_way);
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
