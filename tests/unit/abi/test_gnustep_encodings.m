/* SPDX-License-Identifier: MIT */
/* Every encoding that libgnustep-base carries: methods of all classes and metaclasses, and instance variables. */
#include "abi/encoding.h"
#include "abi/signature.h"

#import <Foundation/Foundation.h>
#include <objc/runtime.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static void
method_round_trips(Class cls, Method method, unsigned *refused)
{
    const char *text = method_getTypeEncoding(method);
    const struct mn_signature *s;
    struct mn_buffer out = MN_BUFFER_EMPTY;
    mend_error err;

    if (text == NULL)
        return;
    if (mn_signature_get(text, &s, &err) != MEND_OK) {
        print_message("%s %s: %s: %s\n", class_getName(cls), sel_getName(method_getName(method)), text, err.message);
        ++*refused;
        return;
    }
    mn_signature_write(s, s->has_numbers, &out);
    if (strcmp(mn_buffer_peek(&out), text) != 0)
        fail_msg("%s %s: %s comes back as %s", class_getName(cls), sel_getName(method_getName(method)), text,
                 mn_buffer_peek(&out));
    mn_buffer_fini(&out);
}

static unsigned
class_round_trips(Class cls, unsigned *refused)
{
    unsigned count, i;
    Method *methods = class_copyMethodList(cls, &count);

    for (i = 0; i < count; i++)
        method_round_trips(cls, methods[i], refused);
    free(methods);
    return count;
}

static unsigned
ivars_round_trip(Class cls)
{
    unsigned count, i;
    Ivar *ivars = class_copyIvarList(cls, &count);

    for (i = 0; i < count; i++) {
        const char *text = ivar_getTypeEncoding(ivars[i]);
        const struct mn_type *type;
        struct mn_buffer out = MN_BUFFER_EMPTY;
        mend_error err;

        if (mn_type_get(text, &type, &err) != MEND_OK)
            fail_msg("%s %s: %s: %s", class_getName(cls), ivar_getName(ivars[i]), text, err.message);
        mn_encoding_write(type, &out);
        assert_string_equal(mn_buffer_peek(&out), text);
        mn_buffer_fini(&out);
    }
    free(ivars);
    return count;
}

static void
every_encoding_in_gnustep_base_round_trips(void **state)
{
    int count = objc_getClassList(NULL, 0), i;
    Class *classes = calloc((size_t)count, sizeof *classes);
    unsigned methods = 0, ivars = 0, refused = 0;

    [NSObject class];
    count = objc_getClassList(classes, count);
    for (i = 0; i < count; i++) {
        methods += class_round_trips(classes[i], &refused);
        methods += class_round_trips(object_getClass((id)classes[i]), &refused);
        ivars += ivars_round_trip(classes[i]);
    }
    free(classes);
    print_message("%d classes, %u methods, %u instance variables, %u refused\n", count, methods, ivars, refused);
    assert_true(methods > 7000);
    assert_int_equal(refused, 0);
}

static void
a_known_signature_is_found_quickly(void **state)
{
    enum { ROUNDS = 1000000 };
    const struct mn_signature *s;
    NSTimeInterval start = [NSDate timeIntervalSinceReferenceDate];
    int i;

    for (i = 0; i < ROUNDS; i++)
        mn_signature_get("{_NSRect={_NSPoint=dd}{_NSSize=dd}}48@0:8{_NSRect={_NSPoint=dd}{_NSSize=dd}}16", &s, NULL);
    print_message("%.1f ns\n", ([NSDate timeIntervalSinceReferenceDate] - start) * 1e9 / ROUNDS);
    assert_non_null(s);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_encoding_in_gnustep_base_round_trips),
        cmocka_unit_test(a_known_signature_is_found_quickly),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
