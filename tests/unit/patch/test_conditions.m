/* SPDX-License-Identifier: MIT */
/* @If whose condition is no constant: who checks or builds a patch does not run it, who applies it does. */
#include <mend/patch.h>

#include <Foundation/Foundation.h>
#include <objc/runtime.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

static int asked;
static BOOL answer, raising;

@interface ConditionGate : NSObject
+ (BOOL)open;
+ (BOOL)wide;
- (int)first;
- (int)second;
@end

@implementation ConditionGate
+ (BOOL)open
{
    asked++;
    if (raising)
        [NSException raise:@"Gate" format:@"stuck"];
    return answer;
}
+ (BOOL)wide
{
    return !answer;
}
- (int)first
{
    return 1;
}
- (int)second
{
    return 2;
}
@end

@interface NSObject (ConditionTests)
+ (int)level;
@end

static const char text[] = "@implementation ConditionGate\n"
                           "@If([ConditionGate open])\n"
                           "- (int)first { return 10; }\n"
                           "- (int)second { return 20; }\n"
                           "@end\n";

/* One method for each answer, a class that only one of them brings, and code that runs with the other. */
static const char either[] = "@If([ConditionGate open])\n"
                             "@interface ConditionMade : NSObject\n@end\n"
                             "@If([ConditionGate open])\n"
                             "@implementation ConditionMade\n"
                             "+ (int)level { return 7; }\n"
                             "@end\n"
                             "@implementation ConditionGate\n"
                             "@If([ConditionGate open])\n"
                             "- (int)first { return 10; }\n"
                             "@If([ConditionGate wide])\n"
                             "- (int)first { return 11; }\n"
                             "@end\n";

struct told {
    unsigned notes, errors;
    char first[300], unit[65536];
    size_t length;
};

static void
tell(void *data, const mend_diagnostic *finding)
{
    struct told *told = data;

    if (finding->severity == MEND_ERROR && told->errors++ == 0)
        snprintf(told->first, sizeof told->first, "%u: %s", finding->line, finding->message);
    if (finding->severity == MEND_NOTE && strstr(finding->message, "decided when the patch is applied"))
        told->notes++;
}

static void
take(void *to, const void *bytes, size_t length)
{
    struct told *told = to;

    assert_true(length <= sizeof told->unit);
    memcpy(told->unit, bytes, length);
    told->length = length;
}

static mend_source
source_of(const char *bytes, size_t length)
{
    return (mend_source){.name = "gate.m", .id = "gate", .text = bytes, .length = length};
}

static int
value(const char *selector)
{
    ConditionGate *gate = [ConditionGate new];
    int got = *selector == 'f' ? [gate first] : [gate second];

    [gate release];
    return got;
}

static void
build(const char *bytes, struct told *told)
{
    mend_source source = source_of(bytes, strlen(bytes));
    mend_error err = {0};

    asked = 0;
    if (mend_patch_compile(&source, MEND_COMPILED_UNIT, tell, told, take, told, &err) != MEND_OK)
        fail_msg("%s (%s)", err.message, told->first);
    assert_int_equal(asked, 0);
}

static void
checking_and_building_ask_nothing_and_say_so(void **state)
{
    mend_source source = source_of(text, sizeof text - 1);
    struct told told = {0};
    mend_error err = {0};

    asked = 0;
    answer = NO;
    assert_int_equal(mend_patch_check(&source, tell, &told, NULL, &err), MEND_OK);
    assert_int_equal(asked, 0);
    assert_int_equal(told.notes, 1);
    build(text, &told);
    assert_int_equal(told.notes, 2);
    /* what the condition is about is checked all the same */
    source = source_of("@implementation ConditionGate\n@If([ConditionGate open])\n- (int)first { return nothing; }\n@end\n", 93);
    source.length = strlen(source.text);
    assert_int_equal(mend_patch_check(&source, tell, &told, NULL, &err), MEND_CHECK);
    assert_int_equal(asked, 0);
}

static void
apply_and_compare(const mend_source *source, BOOL holds, int first, int second)
{
    mend_error err = {0};

    asked = 0;
    answer = holds;
    if (mend_patch_apply(source, NULL, NULL, NULL, &err) != MEND_OK)
        fail_msg("%s", err.message);
    assert_true(asked >= 1);
    assert_int_equal(value("first"), first);
    assert_int_equal(value("second"), second);
    assert_int_equal(mend_patch_revert("gate", &err), MEND_OK);
    assert_int_equal(value("first"), 1);
    assert_int_equal(value("second"), 2);
}

static void
applying_asks_whether_from_text_or_from_a_unit(void **state)
{
    mend_source source = source_of(text, sizeof text - 1);
    struct told told = {0};

    apply_and_compare(&source, YES, 10, 20);
    apply_and_compare(&source, NO, 1, 20);
    build(text, &told);
    source = source_of(told.unit, told.length);
    apply_and_compare(&source, YES, 10, 20);
    apply_and_compare(&source, NO, 1, 20);
    assert_int_equal(asked, 1);
}

static void
a_unit_may_hold_one_method_for_each_answer(void **state)
{
    struct told told = {0};
    mend_source source;

    build(either, &told);
    source = source_of(told.unit, told.length);
    apply_and_compare(&source, NO, 11, 2);
    assert_null(objc_lookUpClass("ConditionMade"));
    apply_and_compare(&source, YES, 10, 2);
    assert_non_null(objc_lookUpClass("ConditionMade"));
}

static void
a_condition_that_raises_refuses_the_patch(void **state)
{
    mend_source source = source_of(text, sizeof text - 1);
    struct told told = {0};
    mend_error err = {0};

    build(text, &told);
    raising = YES;
    assert_int_not_equal(mend_patch_apply(&source, NULL, NULL, NULL, &err), MEND_OK);
    assert_non_null(strstr(err.message, "stuck"));
    source = source_of(told.unit, told.length);
    assert_int_equal(mend_patch_apply(&source, NULL, NULL, NULL, &err), MEND_RAISED);
    assert_non_null(strstr(err.message, "stuck"));
    raising = NO;
    assert_int_equal(value("first"), 1);
    assert_int_equal(value("second"), 2);
}

static void
two_of_one_name_that_both_hold_are_refused(void **state)
{
    static const char twice[] = "@implementation ConditionGate\n"
                                "@If([ConditionGate open])\n- (int)first { return 10; }\n"
                                "@If([ConditionGate open])\n- (int)first { return 11; }\n@end\n";
    struct told told = {0};
    mend_error err = {0};
    mend_source source;

    build(twice, &told);
    source = source_of(told.unit, told.length);
    answer = YES;
    assert_int_equal(mend_patch_apply(&source, NULL, NULL, NULL, &err), MEND_CHECK);
    assert_non_null(strstr(err.message, "implemented twice"));
    assert_int_equal(value("first"), 1);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(checking_and_building_ask_nothing_and_say_so),
        cmocka_unit_test(applying_asks_whether_from_text_or_from_a_unit),
        cmocka_unit_test(a_unit_may_hold_one_method_for_each_answer),
        cmocka_unit_test(a_condition_that_raises_refuses_the_patch),
        cmocka_unit_test(two_of_one_name_that_both_hold_are_refused),
    };
    NSAutoreleasePool *pool = [NSAutoreleasePool new];
    int failed = cmocka_run_group_tests(tests, NULL, NULL);

    [pool release];
    return failed;
}
