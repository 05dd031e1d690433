// SPDX-License-Identifier: MIT
/* What the compiler writes for constructs whose cost matters, and what reading promises about memory. */
#import <Foundation/Foundation.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <time.h>

#include "lang/lang.h"
#include "support/faults.h"
#include "vm/disasm.h"
#include "runtime/runtime.h"

#include <string.h>

static struct mn_unit *
read_unit(const char *text)
{
    mend_source source = {.name = "test.m", .text = text, .length = strlen(text)};
    struct mn_unit *unit;
    mend_error err = {0};

    if (mn_lang_read(&source, NULL, NULL, &unit, &err) != MEND_OK)
        fail_msg("%u:%u: %s", err.line, err.column, err.message);
    return unit;
}

/* The names of the instructions of the C function f, one blank between. */
static const char *
ops_of(const char *text, char *out, size_t size)
{
    struct mn_unit *unit = read_unit(text);
    const struct mn_function *f = mn_program_function_named(unit->program, "f");

    *out = '\0';
    for (uint32_t i = 0; i < f->code_count; i++) {
        static const char *const names[] = {
#define OP(name, a, b, c, text) #name,
#include "vm/op.def"
#undef OP
        };

        if (i)
            strncat(out, " ", size - strlen(out) - 1);
        strncat(out, names[f->code[i].op], size - strlen(out) - 1);
    }
    mn_unit_free(unit);
    return out;
}

#define EXPECT_OPS(source, expected)                  \
    do {                                              \
        char text[512];                               \
        assert_string_equal(ops_of(source, text, sizeof text), expected); \
    } while (0)

static void
an_empty_function_is_one_instruction(void **state)
{
    EXPECT_OPS("void f(void) { }", "RETVOID");
    EXPECT_OPS("void f(int a, double b) { return; }", "RETVOID");
}

static void
a_counting_loop_is_one_jump_a_round(void **state)
{
    EXPECT_OPS("int f(int n) { int s = 0; for (int i = 0; i < n; i++) s += i; return s; }",
               "LDI LDI JLE_I ADD_I32 INCJLT_I32 RET");
    EXPECT_OPS("long f(long n) { long s = 0, i; for (i = 0; i < n; i++) s += i; return s; }",
               "LDI LDI JLE_I ADD_64 INCJLT_I64 RET");
}

static void
constants_fold(void **state)
{
    EXPECT_OPS("int f(void) { return 2 * 3 + (7 > 2) - sizeof(int); }", "LDI RET");
    EXPECT_OPS("int f(int a) { if (0) a = 1; while (0) a = 2; return a; }", "RET");
}

static void
what_a_loop_does_not_change_stands_in_front_of_it(void **state)
{
    EXPECT_OPS("void f(char *p, int n) { for (int i = 0; i < n; i++) p[i] = 7; }",
               "LDI JLE_I LDI STOREX_8 INCJLT_I32 RETVOID");
    EXPECT_OPS("long f(int n, int a) { long s = 0; for (int i = 0; i < n; i++) s += a * 3 + i; return s; }",
               "LDI LDI JLE_I MULI_I32 ADD_I32 ADD_64 INCJLT_I32 RET");
    EXPECT_OPS("int f(int n, int a) { int s = 0; for (int i = 0; i < n; i++) s += n / a; return s; }",
               "LDI LDI JLE_I DIV_I32 ADD_I32 INCJLT_I32 RET"); /* a may be 0 */
}

static void
what_is_known_is_not_computed_again(void **state)
{
    EXPECT_OPS("int f(int a, int b) { if (a) b = (a + b) * (a + b + 1); return b; }",
               "JF ADD_I32 ADDI_I32 MUL_I32 RET");
}

static void
small_functions_stand_in_place_of_their_calls_in_loops(void **state)
{
    EXPECT_OPS("static int g(int x) { return x * x + 1; }\n"
               "int f(int n) { int s = 0; for (int i = 0; i < n; i++) s += g(i); return s; }",
               "LDI LDI JLE_I MUL_I32 ADDI_I32 ADD_I32 INCJLT_I32 RET");
    EXPECT_OPS("static int g(int x, int y) { return x / y; }\n"
               "int f(int n) { int s = 0; for (int i = 0; i < n; i++) s += g(i, n); return s; }",
               "LDI LDI JLE_I CALL ADD_I32 INCJLT_I32 RET");
}

static void
variables_are_operands(void **state)
{
    EXPECT_OPS("int f(int a, int b) { return a * b + a; }", "MUL_I32 ADD_I32 RET");
    EXPECT_OPS("int f(int a, int b) { a = a + 1; b = a - 5; return b; }", "ADDI_I32 ADDI_I32 RET");
    EXPECT_OPS("long f(int a) { long b = a; return b; }", "MOV RET");
}

static void
conditions_compare_and_branch_at_once(void **state)
{
    EXPECT_OPS("int f(int a, int b) { if (a < b && b != 3) return 1; return 2; }", "JLE_I JEQI LDI RET LDI RET");
    EXPECT_OPS("int f(double a, double b) { return a < b ? 1 : 2; }", "JNLT_F64 LDI RET LDI RET");
}

static void
objects_are_not_counted_without_need(void **state)
{
    EXPECT_OPS("id f(id x) { return x; }", "RET");
    EXPECT_OPS("id f(id x) { return [x description]; }", "SEND RET");
    EXPECT_OPS("id f(id x) { id y = [x description]; return y; }", "SEND STRONG GIVE AUTORELEASE RET");
    EXPECT_OPS("void f(id x) { [[x class] description]; }", "SEND SEND RETVOID");
}

/* ---- memory ---- */

static const char patch[] = "@interface MadeByTest : NSObject { id _x; }\n"
                            "@property (nonatomic, copy) NSString *name;\n@end\n"
                            "@implementation MadeByTest\n"
                            "- (id)initWith:(int)n { if ((self = [super init])) _x = @(n + 1); return self; }\n"
                            "- (NSString *)all { NSString *s = @\"\"; for (id o in @[@1, @{@2: _x}])\n"
                            "  s = [s stringByAppendingFormat:@\"%@ %d\", o, 3]; self.name = s; return s; }\n"
                            "- (void)set:(NSRange)r { r.location += 2; switch (r.length) { case 1: break; default: ; } }\n"
                            "@end\n";

static void
a_failing_allocation_makes_reading_fail_and_nothing_else(void **state)
{
    mend_source source = {.name = "test.m", .text = patch, .length = sizeof patch - 1};
    struct mn_faults f = {.keeps = true}; /* signatures are interned for ever */
    struct mn_unit *unit;
    mend_error err;

    mn_unit_free(read_unit(patch));
    while (mn_faults_next(&f)) {
        mend_status st = mn_lang_read(&source, NULL, NULL, &unit, &err);

        if (mn_faults_hit(&f)) {
            if (st != MEND_OK) {
                if (st != MEND_NO_MEMORY)
                    fail_msg("%d: %u:%u: %s", st, err.line, err.column, err.message);
                assert_null(unit);
            }
        } else {
            assert_int_equal(st, MEND_OK);
        }
        mn_unit_free(unit);
    }
}

static void
reading_runs_no_code_of_the_program(void **state)
{
    /* NSConnection's +initialize has not run in this process: the check must leave it so. */
    Class cls = mn_class_named("NSConnection");

    assert_false(mn_class_initialised(cls));
    mn_unit_free(read_unit("@implementation NSConnection\n- (void)invalidate { [NSConnection allConnections];"
                           " [self ORGinvalidate]; }\n@end\n"));
    assert_false(mn_class_initialised(cls));
}

static void
a_unit_lists_superclasses_first_and_says_what_each_method_does(void **state)
{
    struct mn_unit *unit = read_unit("@interface B : A @end @interface A : NSObject @end\n"
                                     "@implementation B - (NSUInteger)hash { return 1; } @end\n"
                                     "@implementation A - (void)fresh:(int)n { } @end\n"
                                     "@implementation NSObject - (id)self { return self; } @end\n");

    assert_int_equal(unit->class_count, 3);
    assert_string_equal(unit->classes[0].name, "NSObject");
    assert_true(unit->classes[0].exists);
    assert_int_equal(unit->classes[0].methods[0].role, MN_METHOD_REPLACES);
    assert_string_equal(unit->classes[1].name, "A");
    assert_false(unit->classes[1].exists);
    assert_string_equal(unit->classes[1].methods[0].encoding, "v20@0:8i16");
    assert_int_equal(unit->classes[1].methods[0].role, MN_METHOD_ADDS);
    assert_string_equal(unit->classes[2].name, "B");
    assert_int_equal(unit->classes[2].methods[0].role, MN_METHOD_OVERRIDES);
    mn_unit_free(unit);
}

/* Seconds of processor time reading this source takes; it must fail with the status. */
static double
seconds_to_refuse(NSString *text, mend_status status, mend_error *err)
{
    mend_source source = {.name = "long.m", .text = [text UTF8String], .length = [text length]};
    struct mn_unit *unit;
    clock_t start = clock();

    assert_int_equal(mn_lang_read(&source, NULL, NULL, &unit, err), status);
    return (double)(clock() - start) / CLOCKS_PER_SEC;
}

static void
too_many_variables_are_refused_at_their_place_and_in_time(void **state)
{
    NSMutableString *text = [NSMutableString stringWithString:@"void f(void) {\n"];
    mend_error err;

    for (int i = 0; i < 70000; i++)
        [text appendFormat:@"int v%d = 1;\n", i];
    [text appendString:@"}"];
    assert_true(seconds_to_refuse(text, MEND_TOO_LARGE, &err) < 10);
    assert_string_equal(err.file, "long.m");
    assert_int_equal(err.line, 65536);
}

static void
errors_nobody_is_shown_cost_no_search_for_suggestions(void **state)
{
    NSMutableString *text = [NSMutableString stringWithString:@"void f(void) {\n"];
    mend_error err;

    for (int i = 0; i < 20000; i++)
        [text appendFormat:@"[NSStrin%d foo]; [NSString foo%d];\n", i, i];
    [text appendString:@"}"];
    assert_true(seconds_to_refuse(text, MEND_CHECK, &err) < 10);
}

static int
open_pool(void **state)
{
    *state = [NSAutoreleasePool new];
    return 0;
}

static int
close_pool(void **state)
{
    [(id)*state release];
    return 0;
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_empty_function_is_one_instruction),
        cmocka_unit_test(a_counting_loop_is_one_jump_a_round),
        cmocka_unit_test(constants_fold),
        cmocka_unit_test(what_a_loop_does_not_change_stands_in_front_of_it),
        cmocka_unit_test(what_is_known_is_not_computed_again),
        cmocka_unit_test(small_functions_stand_in_place_of_their_calls_in_loops),
        cmocka_unit_test(variables_are_operands),
        cmocka_unit_test(conditions_compare_and_branch_at_once),
        cmocka_unit_test(objects_are_not_counted_without_need),
        cmocka_unit_test(a_failing_allocation_makes_reading_fail_and_nothing_else),
        cmocka_unit_test(reading_runs_no_code_of_the_program),
        cmocka_unit_test(a_unit_lists_superclasses_first_and_says_what_each_method_does),
        cmocka_unit_test(too_many_variables_are_refused_at_their_place_and_in_time),
        cmocka_unit_test(errors_nobody_is_shown_cost_no_search_for_suggestions),
    };

    return cmocka_run_group_tests(tests, open_pool, close_pool);
}
