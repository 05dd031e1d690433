// SPDX-License-Identifier: MIT
// Compiled units: what was compiled comes back the same; what is damaged, or does not fit the program, is refused.
#import <Foundation/Foundation.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/alloc.h"
#include "lang/unit.h"
#include "support/faults.h"
#include "vm/disasm.h"
#include "vm/run.h"

#include <string.h>

@interface UnitHost : NSObject {
@public
    int count;
    NSString *name;
}
- (int)price:(double)factor;
@end
@implementation UnitHost
- (int)price:(double)factor
{
    return (int)(count * factor);
}
@end

static const char text[] =
    "static int calls = 3;\n"
    "static double twice(double x) { return 2 * x; }\n"
    "@interface UnitFresh : NSObject { long held; }\n- (long)held;\n@end\n"
    "@implementation UnitFresh\n- (long)held { return held; }\n@end\n"
    "@implementation UnitHost\n"
    "- (int)price:(double)factor\n{\n"
    "    NSString *s = @\"abc\";\n"
    "    for (int i = 0; i < 3; i++)\n        calls += i;\n"
    "    if (factor > 100)\n        NSLog(@\"%@ %d\", s, calls);\n"
    "    return [self ORGprice:twice(factor)] + count + calls + (int)[s length] + (int)NSMakeRange(1, 2).length;\n"
    "}\n@end\n";

static void
compile(struct mn_buffer *bytes, const char *source_text)
{
    mend_source source = {.name = "t.m", .text = source_text, .length = strlen(source_text)};
    struct mn_unit *unit;
    mend_error err = {0};

    if (mn_lang_read(&source, NULL, NULL, &unit, &err) != MEND_OK)
        fail_msg("%s", err.message);
    assert_int_equal(mn_unit_write(unit, bytes, &err), MEND_OK);
    mn_unit_free(unit);
}

static void
what_was_compiled_comes_back_the_same(void **state)
{
    mend_source source = {.name = "t.m", .text = text, .length = strlen(text)};
    struct mn_buffer bytes = MN_BUFFER_EMPTY, again = MN_BUFFER_EMPTY, before = MN_BUFFER_EMPTY, after = MN_BUFFER_EMPTY;
    struct mn_unit *unit, *loaded;
    mend_error err = {0};

    (void)state;
    assert_int_equal(mn_lang_read(&source, NULL, NULL, &unit, &err), MEND_OK);
    assert_int_equal(mn_unit_write(unit, &bytes, &err), MEND_OK);
    assert_true(mn_unit_is(bytes.data, bytes.length));
    if (mn_unit_read("t.mendu", bytes.data, bytes.length, &loaded, &err) != MEND_OK)
        fail_msg("%s", err.message);
    mn_disasm_program(unit->program, &before);
    mn_disasm_program(loaded->program, &after);
    assert_string_equal(mn_buffer_peek(&before), mn_buffer_peek(&after));
    assert_int_equal(loaded->class_count, unit->class_count);
    for (size_t i = 0; i < unit->class_count; i++) {
        assert_string_equal(loaded->classes[i].name, unit->classes[i].name);
        assert_int_equal(loaded->classes[i].method_count, unit->classes[i].method_count);
        assert_int_equal(loaded->classes[i].exists, unit->classes[i].exists);
    }
    assert_int_equal(mn_unit_write(loaded, &again, &err), MEND_OK);
    assert_int_equal(again.length, bytes.length);
    assert_memory_equal(again.data, bytes.data, bytes.length);
    mn_unit_free(unit);
    mn_unit_free(loaded);
    mn_buffer_fini(&bytes);
    mn_buffer_fini(&again);
    mn_buffer_fini(&before);
    mn_buffer_fini(&after);
}

static void
a_unit_cut_short_anywhere_is_refused(void **state)
{
    struct mn_buffer bytes = MN_BUFFER_EMPTY;
    struct mn_unit *unit;
    mend_error err;

    (void)state;
    compile(&bytes, text);
    for (size_t length = 0; length < bytes.length; length++) {
        char *copy = mn_malloc(length + 1);

        memcpy(copy, bytes.data, length);
        mn_unit_seal(copy, length);
        assert_int_equal(mn_unit_read("t.mendu", copy, length, &unit, &err), MEND_BAD_PROGRAM);
        assert_null(unit);
        mn_free(copy);
    }
    mn_buffer_fini(&bytes);
}

/* Whatever a byte becomes: refused, or a unit that verified. */
static void
a_unit_with_any_byte_changed_is_refused_or_verifies(void **state)
{
    struct mn_buffer bytes = MN_BUFFER_EMPTY;
    static const unsigned char patterns[] = {0x01, 0x80, 0xff};
    unsigned refused = 0, read = 0;

    (void)state;
    compile(&bytes, text);
    for (size_t i = 0; i < bytes.length; i++)
        for (unsigned k = 0; k < sizeof patterns; k++) {
            struct mn_unit *unit;
            mend_error err;
            mend_status st;

            bytes.data[i] ^= (char)patterns[k];
            if (i >= 32)
                mn_unit_seal(bytes.data, bytes.length);
            st = mn_unit_read("t.mendu", bytes.data, bytes.length, &unit, &err);
            refused += st != MEND_OK;
            read += st == MEND_OK;
            assert_true(st != MEND_INTERNAL);
            mn_unit_free(unit);
            bytes.data[i] ^= (char)patterns[k];
            mn_unit_seal(bytes.data, bytes.length);
        }
    assert_true(refused > read);
    bytes.data[40] ^= 1; /* without a new checksum any change is found */
    {
        struct mn_unit *unit;
        mend_error err;

        assert_int_equal(mn_unit_read("t.mendu", bytes.data, bytes.length, &unit, &err), MEND_BAD_PROGRAM);
        assert_non_null(strstr(err.message, "damaged"));
    }
    mn_buffer_fini(&bytes);
}

static void
another_version_or_machine_is_told_so(void **state)
{
    static const struct {
        size_t at;
        const char *said;
    } rows[] = {{8, "newer version"}, {23, "newer version"}, {12, "another kind of machine"},
                {16, "another kind of machine"}, {0, "no compiled unit"}, {30, "checksum"}};
    struct mn_buffer bytes = MN_BUFFER_EMPTY;

    (void)state;
    compile(&bytes, text);
    for (unsigned i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct mn_unit *unit;
        mend_error err;

        bytes.data[rows[i].at] ^= 0x42;
        assert_int_equal(mn_unit_read("t.mendu", bytes.data, bytes.length, &unit, &err), MEND_BAD_PROGRAM);
        if (!strstr(err.message, rows[i].said))
            fail_msg("expected \"%s\" in \"%s\"", rows[i].said, err.message);
        bytes.data[rows[i].at] ^= 0x42;
    }
    mn_buffer_fini(&bytes);
}

/* A program that lacks what the unit needs: names in its bytes are changed to ones nobody has. */
static void
expect_need(const char *name, mend_status status, const char *message)
{
    struct mn_buffer bytes = MN_BUFFER_EMPTY;
    struct mn_unit *unit;
    size_t n = strlen(name);
    mend_error err = {0};

    compile(&bytes, text);
    for (size_t i = 32; i + n < bytes.length; i++)
        if (!memcmp(bytes.data + i, name, n + 1))
            bytes.data[i] = 'Z';
    mn_unit_seal(bytes.data, bytes.length);
    assert_int_equal(mn_unit_read("t.mendu", bytes.data, bytes.length, &unit, &err), status);
    if (!strstr(err.message, message))
        fail_msg("expected \"%s\" in \"%s\"", message, err.message);
    mn_buffer_fini(&bytes);
}

static void
what_the_program_lacks_is_named(void **state)
{
    (void)state;
    expect_need("count", MEND_NO_IVAR, "the class 'UnitHost' has no instance variable 'Zount'");
    expect_need("UnitHost", MEND_NO_CLASS, "the class 'ZnitHost' is not loaded");
    expect_need("length", MEND_NO_METHOD, "no class of the program has a method 'Zength'");
    expect_need("NSLog", MEND_CHECK, "the program has no symbol 'ZSLog'");
    expect_need("NSMakeRange", MEND_BAD_PROGRAM, "it needs the function 'ZSMakeRange' of another version of Mend");
}

static void
an_instance_variable_of_another_type_is_refused(void **state)
{
    struct mn_buffer bytes = MN_BUFFER_EMPTY;
    static const char need[] = "\6\0\0\0count\0\2\0\0\0i";
    struct mn_unit *unit;
    mend_error err = {0};
    bool found = false;

    (void)state;
    compile(&bytes, text);
    for (size_t i = 32; i + sizeof need < bytes.length; i++)
        if (!memcmp(bytes.data + i, need, sizeof need)) {
            bytes.data[i + sizeof need - 2] = 'd';
            found = true;
        }
    assert_true(found);
    mn_unit_seal(bytes.data, bytes.length);
    assert_int_equal(mn_unit_read("t.mendu", bytes.data, bytes.length, &unit, &err), MEND_CHECK);
    assert_non_null(strstr(err.message, "'count' of 'UnitHost' has the type i here, and d where this was compiled"));
    mn_buffer_fini(&bytes);
}

static void
the_nth_failing_allocation_leaves_nothing(void **state)
{
    struct mn_buffer bytes = MN_BUFFER_EMPTY;
    struct mn_faults f = {.keeps = true}; /* signatures and selectors stay */

    (void)state;
    compile(&bytes, text);
    while (mn_faults_next(&f)) {
        struct mn_unit *unit;
        mend_error err;
        mend_status st = mn_unit_read("t.mendu", bytes.data, bytes.length, &unit, &err);

        if (mn_faults_hit(&f))
            assert_true(st == MEND_OK || st == MEND_NO_MEMORY);
        else
            assert_int_equal(st, MEND_OK);
        assert_true((st == MEND_OK) == (unit != NULL));
        mn_unit_free(unit);
    }
    mn_buffer_fini(&bytes);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_compiled_comes_back_the_same),
        cmocka_unit_test(a_unit_cut_short_anywhere_is_refused),
        cmocka_unit_test(a_unit_with_any_byte_changed_is_refused_or_verifies),
        cmocka_unit_test(another_version_or_machine_is_told_so),
        cmocka_unit_test(what_the_program_lacks_is_named),
        cmocka_unit_test(an_instance_variable_of_another_type_is_refused),
        cmocka_unit_test(the_nth_failing_allocation_leaves_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
