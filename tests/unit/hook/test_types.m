/* SPDX-License-Identifier: MIT */
/*
 * Every kind of argument and result through every position: advice reads it, changes it, replaces it.
 *
 * The fixture's methods return their argument plus one. `before` adds ten to the argument, `instead` proceeds and adds
 * a hundred to the result, `after` reads that and adds a thousand.
 */
#import "support/hook_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#define CHECK(call) assert_int_equal(call, MEND_OK)

/* Advice for a scalar type. */
#define SCALAR(type, name)                                                                                            \
    static void before_##name(mend_call *call, void *data)                                                            \
    {                                                                                                                 \
        type value, *place = mend_call_argument_peek(call, 0);                                                        \
                                                                                                                      \
        CHECK(mend_call_get_argument(call, 0, &value, sizeof value, NULL));                                           \
        assert_non_null(place);                                                                                       \
        assert_true(*place == value);                                                                                 \
        value = (type)(value + 10);                                                                                   \
        CHECK(mend_call_set_argument(call, 0, &value, sizeof value, NULL));                                           \
        assert_true(*place == value);                                                                                 \
    }                                                                                                                 \
    static void instead_##name(mend_call *call, void *data)                                                           \
    {                                                                                                                 \
        type value;                                                                                                   \
                                                                                                                      \
        CHECK(mend_call_get_result(call, &value, sizeof value, NULL));                                                \
        assert_true(value == 0);                                                                                      \
        CHECK(mend_call_proceed(call, NULL));                                                                         \
        CHECK(mend_call_get_result(call, &value, sizeof value, NULL));                                                \
        value = (type)(value + 30);                                                                                   \
        CHECK(mend_call_set_result(call, &value, sizeof value, NULL));                                                \
    }                                                                                                                 \
    static void after_##name(mend_call *call, void *data)                                                             \
    {                                                                                                                 \
        type value;                                                                                                   \
                                                                                                                      \
        CHECK(mend_call_get_result(call, &value, sizeof value, NULL));                                                \
        value = (type)(value + 50);                                                                                   \
        CHECK(mend_call_set_result(call, &value, sizeof value, NULL));                                                \
    }                                                                                                                 \
    static void fixed_##name(mend_call *call, void *data)                                                             \
    {                                                                                                                 \
        type value = (type)99;                                                                                        \
                                                                                                                      \
        CHECK(mend_call_set_result(call, &value, sizeof value, NULL));                                                \
        CHECK(mend_call_skip(call, NULL));                                                                            \
    }                                                                                                                 \
    static void name##_travels_through_every_position(void **state)                                                   \
    {                                                                                                                 \
        HookTypes *object = [HookTypes new];                                                                          \
        mend_token *before = hook_on("HookTypes", "take" #name ":", MEND_BEFORE, before_##name, NULL), *others[2];    \
                                                                                                                      \
        assert_true([object take##name:(type)5] == (type)16);                                                         \
        others[0] = hook_on("HookTypes", "take" #name ":", MEND_INSTEAD, instead_##name, NULL);                       \
        assert_true([object take##name:(type)5] == (type)46);                                                         \
        others[1] = hook_on("HookTypes", "take" #name ":", MEND_AFTER, after_##name, NULL);                           \
        assert_true([object take##name:(type)5] == (type)96);                                                         \
        hook_off(before);                                                                                             \
        assert_true([object take##name:(type)5] == (type)86);                                                         \
        hook_off(others[0]);                                                                                          \
        assert_true([object take##name:(type)5] == (type)56);                                                         \
        hook_off(others[1]);                                                                                          \
        before = hook_on("HookTypes", "take" #name ":", MEND_BEFORE, fixed_##name, NULL);                             \
        assert_true([object take##name:(type)5] == (type)99);                                                         \
        hook_off(before);                                                                                             \
        assert_true([object take##name:(type)5] == (type)6);                                                          \
        [object release];                                                                                             \
    }

SCALAR(char, Char)
SCALAR(unsigned char, UChar)
SCALAR(short, Short)
SCALAR(int, Int)
SCALAR(long, Long)
SCALAR(unsigned long long, ULongLong)
SCALAR(float, Float)
SCALAR(double, Double)
SCALAR(long double, LongDouble)

/* Advice for a structure, told to change one number in it. */
#define STRUCTURE(type, name, field, contiguous)                                                                      \
    static void before_##name(mend_call *call, void *data)                                                            \
    {                                                                                                                 \
        type value;                                                                                                   \
                                                                                                                      \
        CHECK(mend_call_get_argument(call, 0, &value, sizeof value, NULL));                                           \
        assert_int_equal(mend_call_argument_peek(call, 0) != NULL, contiguous);                                       \
        value.field += 10;                                                                                            \
        CHECK(mend_call_set_argument(call, 0, &value, sizeof value, NULL));                                           \
    }                                                                                                                 \
    static void instead_##name(mend_call *call, void *data)                                                           \
    {                                                                                                                 \
        type value, zero;                                                                                             \
                                                                                                                      \
        memset(&zero, 0, sizeof zero);                                                                                \
        CHECK(mend_call_get_result(call, &value, sizeof value, NULL));                                                \
        assert_memory_equal(&value, &zero, sizeof zero);                                                              \
        CHECK(mend_call_proceed(call, NULL));                                                                         \
        CHECK(mend_call_get_result(call, &value, sizeof value, NULL));                                                \
        value.field += 100;                                                                                           \
        CHECK(mend_call_set_result(call, &value, sizeof value, NULL));                                                \
    }                                                                                                                 \
    static void skips_##name(mend_call *call, void *data)                                                             \
    {                                                                                                                 \
        CHECK(mend_call_skip(call, NULL));                                                                            \
    }                                                                                                                 \
    static void name##_travels_through_every_position(void **state)                                                   \
    {                                                                                                                 \
        HookTypes *object = [HookTypes new];                                                                          \
        type given, got;                                                                                              \
        mend_token *before = hook_on("HookTypes", "take" #name ":", MEND_BEFORE, before_##name, NULL), *others[2];    \
                                                                                                                      \
        memset(&given, 0, sizeof given);                                                                              \
        given.field = 2;                                                                                              \
        got = [object take##name:given];                                                                              \
        assert_true(got.field == given.field + 11);                                                                   \
        others[0] = hook_on("HookTypes", "take" #name ":", MEND_INSTEAD, instead_##name, NULL);                       \
        others[1] = hook_on("HookTypes", "take" #name ":", MEND_AFTER, hook_writes, "a");                             \
        got = [object take##name:given];                                                                              \
        assert_true(got.field == given.field + 111);                                                                  \
        hook_off(before);                                                                                             \
        hook_off(others[0]);                                                                                          \
        got = [object take##name:given];                                                                              \
        assert_true(got.field == given.field + 1);                                                                    \
        hook_off(others[1]);                                                                                          \
        before = hook_on("HookTypes", "take" #name ":", MEND_BEFORE, skips_##name, NULL);                             \
        got = [object take##name:given];                                                                              \
        assert_true(got.field == 0);                                                                                  \
        hook_off(before);                                                                                             \
        [object release];                                                                                             \
    }

STRUCTURE(HookSmall, Small, a, 1)
/* Where a value lies in one piece it can be changed in place: memory and general registers next to one another. */
#if defined(MEND_ABI_LIBFFI)
enum { MIXED_IN_PLACE = 1, RECT_IN_PLACE = 1 };
#elif defined(__aarch64__)
enum { MIXED_IN_PLACE = 1, RECT_IN_PLACE = 0 };
#else
enum { MIXED_IN_PLACE = 0, RECT_IN_PLACE = 1 };
#endif
STRUCTURE(HookMixed, Mixed, b, MIXED_IN_PLACE)
STRUCTURE(HookRect, Rect, height, RECT_IN_PLACE)

static void
swaps_object(mend_call *call, void *data)
{
    CHECK(mend_call_set_argument(call, 0, &data, sizeof data, NULL));
}

static void
objects_selectors_classes_and_texts_are_pointers(void **state)
{
    HookTypes *object = [HookTypes new];
    mend_token *tokens[] = {
        hook_on("HookTypes", "takeObject:", MEND_BEFORE, swaps_object, @"other"),
        hook_on("HookTypes", "takeSelector:", MEND_INSTEAD, hook_wraps, "()"),
        hook_on("HookTypes", "takeClass:", MEND_AFTER, hook_writes, "a"),
        hook_on("HookTypes", "takeText:", MEND_INSTEAD, hook_wraps, "()"),
    };
    const char *text = "text";

    assert_true([object takeObject:nil] == @"other");
    assert_true(sel_isEqual([object takeSelector:@selector(takeInt:)], @selector(takeInt:)));
    assert_true([object takeClass:[NSString class]] == [NSString class]);
    assert_ptr_equal([object takeText:text], text + 1);
    for (int i = 0; i < 4; i++)
        hook_off(tokens[i]);
    [object release];
}

static void
adds_to_many(mend_call *call, void *data)
{
    double last, *place = mend_call_argument_peek(call, 8);
    HookRect rect;

    assert_int_equal(mend_call_argument_count(call), 9);
    CHECK(mend_call_get_argument(call, 7, &rect, sizeof rect, NULL));
    assert_true(rect.height == 4);
    CHECK(mend_call_get_argument(call, 8, &last, sizeof last, NULL));
    assert_true(*place == last);
    *place += 1000;
}

static void
arguments_on_the_stack_are_copied_and_can_be_changed(void **state)
{
    HookTypes *object = [HookTypes new];
    HookRect rect = {1, 2, 3, 4};
    double plain = [object takeMany:1:2:3:4:5:6:7:rect:8];
    mend_token *before = hook_on("HookTypes", "takeMany:::::::::", MEND_BEFORE, adds_to_many, NULL), *around;

    assert_true([object takeMany:1:2:3:4:5:6:7:rect:8] == plain + 1000);
    around = hook_on("HookTypes", "takeMany:::::::::", MEND_INSTEAD, hook_wraps, "()");
    assert_true([object takeMany:1:2:3:4:5:6:7:rect:8] == plain + 1000);
    hook_off(before);
    assert_true([object takeMany:1:2:3:4:5:6:7:rect:8] == plain);
    hook_off(around);
    [object release];
}

static void
before_advice_serves_variadic_methods(void **state)
{
    HookTypes *object = [HookTypes new];
    mend_token *token = hook_on("HookTypes", "sum:", MEND_BEFORE, hook_writes, "v");

#ifndef MEND_ABI_LIBFFI /* there the unnamed arguments do not arrive (docs/porting.md) */
    int sum = [object sum:9, 1, 2, 3, 4, 5, 6, 7, 8, 9];

    assert_int_equal(sum, 45);
#endif
    hook_off(token);
    [object release];
}

static void
looks_at_itself(mend_call *call, void *data)
{
    id *receiver = data;
    int number;

    *receiver = mend_call_receiver(call);
    assert_string_equal(sel_getName(mend_call_selector(call)), "add:to:");
    assert_int_equal(mend_call_encoding(call)[0], 'i');
    assert_int_equal(mend_call_argument_count(call), 2);
    assert_null(mend_call_argument_peek(call, 2));
    assert_int_equal(mend_call_get_argument(call, 2, &number, sizeof number, NULL), MEND_INVALID);
    assert_int_equal(mend_call_get_argument(call, 0, &number, sizeof number + 4, NULL), MEND_INVALID);
    assert_int_equal(mend_call_set_argument(call, 2, &number, sizeof number, NULL), MEND_INVALID);
    assert_int_equal(mend_call_set_result(call, &number, 1, NULL), MEND_INVALID);
    assert_int_equal(mend_call_proceed(call, NULL), MEND_INVALID);
}

static void
asks_too_much_of_void(mend_call *call, void *data)
{
    int number;
    mend_error err;

    assert_int_equal(mend_call_get_result(call, &number, sizeof number, &err), MEND_INVALID);
    assert_string_equal(err.class_name, "HookBase");
    assert_string_equal(err.selector, "greet");
    assert_int_equal(mend_call_skip(call, NULL), MEND_INVALID);
}

static void
a_call_tells_about_itself_and_refuses_what_is_not_there(void **state)
{
    HookBase *object = [HookBase new];
    id receiver = nil;
    mend_token *before = hook_on("HookBase", "add:to:", MEND_BEFORE, looks_at_itself, &receiver);
    mend_token *after = hook_on("HookBase", "greet", MEND_AFTER, asks_too_much_of_void, NULL);

    assert_int_equal([object add:1 to:2], 3);
    assert_ptr_equal(receiver, object);
    [object greet];
    hook_off(before);
    hook_off(after);
    [object release];
}

int
main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(Char_travels_through_every_position),
        cmocka_unit_test(UChar_travels_through_every_position),
        cmocka_unit_test(Short_travels_through_every_position),
        cmocka_unit_test(Int_travels_through_every_position),
        cmocka_unit_test(Long_travels_through_every_position),
        cmocka_unit_test(ULongLong_travels_through_every_position),
        cmocka_unit_test(Float_travels_through_every_position),
        cmocka_unit_test(Double_travels_through_every_position),
        cmocka_unit_test(LongDouble_travels_through_every_position),
        cmocka_unit_test(Small_travels_through_every_position),
        cmocka_unit_test(Mixed_travels_through_every_position),
        cmocka_unit_test(Rect_travels_through_every_position),
        cmocka_unit_test(objects_selectors_classes_and_texts_are_pointers),
        cmocka_unit_test(arguments_on_the_stack_are_copied_and_can_be_changed),
        cmocka_unit_test(before_advice_serves_variadic_methods),
        cmocka_unit_test(a_call_tells_about_itself_and_refuses_what_is_not_there),
    };

    hook_test_main(argc, argv);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
