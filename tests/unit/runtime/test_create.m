/* SPDX-License-Identifier: MIT */
/* Classes made at run time: complete when registered, gone without trace when not, refused with a reason. */
#import <Foundation/Foundation.h>

#include "families.h"

#include <string.h>

@protocol Barking
- (int)bark;
@end

@interface Barker : NSObject <Barking>
@end
@implementation Barker
- (int)bark
{
    return 1;
}
@end

static void
a_class_with_variables_methods_and_a_protocol(void **state)
{
    Class cls;
    struct mn_ivar a, b;
    SEL number = mn_selector("createdNumber"), side = mn_selector("createdSide");
    Protocol *barking = mn_protocol_named("Barking");

    assert_int_equal(mn_class_new([NSObject class], "Created", &cls, NULL), MEND_OK);
    assert_null(mn_class_named("Created"));
    assert_false(mn_class_registered(cls));
    assert_int_equal(mn_class_add_ivar(cls, "flag", 1, 1, "c", NULL), MEND_OK);
    assert_int_equal(mn_class_add_ivar(cls, "size", 8, 8, "d", NULL), MEND_OK);
    assert_int_equal(mn_class_add_method(cls, number, (IMP)returns_1, FAMILY_TYPES, NULL), MEND_OK);
    assert_int_equal(mn_class_add_method(mn_class_meta(cls), side, (IMP)returns_2, FAMILY_TYPES, NULL),
                     MEND_OK);
    assert_int_equal(mn_class_add_protocol(cls, barking, NULL), MEND_OK);
    assert_int_equal(mn_class_register(cls, NULL), MEND_OK);
    assert_ptr_equal(mn_class_named("Created"), cls);
    assert_true(mn_class_registered(cls));
    assert_true(mn_ivar_own(cls, "flag", &a) && mn_ivar_own(cls, "size", &b));
    assert_int_equal(b.offset % 8, 0);
    assert_true(b.offset > a.offset);
    assert_int_equal(send_long([[cls new] autorelease], number), 1);
    assert_int_equal(send_long((id)cls, side), 2);
    assert_true([cls conformsToProtocol:@protocol(Barking)]);
    assert_true(mn_class_protocol_method(cls, mn_selector("bark"), true, NULL));
}

static void
what_cannot_be_made_is_refused_with_the_reason(void **state)
{
    Class cls, below;
    mend_error err;
    SEL sel = mn_selector("refused");

    assert_int_equal(mn_class_new([NSObject class], "NSString", &cls, &err), MEND_EXISTS);
    assert_string_equal(err.class_name, "NSString");
    assert_null(cls);
    assert_int_equal(mn_class_new([NSObject class], "", &cls, &err), MEND_INVALID);
    assert_int_equal(mn_class_new([NSObject class], "Refused", &cls, &err), MEND_OK);
    assert_int_equal(mn_class_new(cls, "RefusedBelow", &below, &err), MEND_INVALID);
    assert_int_equal(mn_class_add_ivar(cls, "x", 4, 3, "i", &err), MEND_INVALID);
    assert_int_equal(mn_class_add_ivar(cls, "x", 4, 4, "i", &err), MEND_OK);
    assert_int_equal(mn_class_add_ivar(cls, "x", 4, 4, "i", &err), MEND_EXISTS);
    assert_non_null(strstr(err.message, "'x'"));
    assert_int_equal(mn_class_add_method(cls, sel, (IMP)returns_1, FAMILY_TYPES, &err), MEND_OK);
    assert_int_equal(mn_class_add_method(cls, sel, (IMP)returns_2, FAMILY_TYPES, &err), MEND_EXISTS);
    assert_string_equal(err.selector, "refused");
    assert_int_equal(mn_class_add_method(cls, sel, NULL, FAMILY_TYPES, &err), MEND_INVALID);
    assert_int_equal(mn_class_register(cls, &err), MEND_OK);
    assert_int_equal(mn_class_register(cls, &err), MEND_INVALID);
    assert_int_equal(mn_class_add_ivar(cls, "y", 4, 4, "i", &err), MEND_INVALID);
    assert_int_equal(mn_class_add_method(cls, mn_selector("late"), (IMP)returns_1, FAMILY_TYPES, &err),
                     MEND_INVALID);
}

static void
a_name_taken_meanwhile_leaves_the_class_to_its_maker(void **state)
{
    Class first, second;

    assert_int_equal(mn_class_new([NSObject class], "Twice", &first, NULL), MEND_OK);
    assert_int_equal(mn_class_new([NSObject class], "Twice", &second, NULL), MEND_OK);
    assert_int_equal(mn_class_register(first, NULL), MEND_OK);
    assert_int_equal(mn_class_register(second, NULL), MEND_EXISTS);
    mn_class_free(second);
    assert_ptr_equal(mn_class_named("Twice"), first);
}

static void
a_class_never_registered_can_be_dropped(void **state)
{
    Class cls;

    assert_int_equal(mn_class_new([NSObject class], "Dropped", &cls, NULL), MEND_OK);
    assert_int_equal(mn_class_add_ivar(cls, "x", 4, 4, "i", NULL), MEND_OK);
    give(cls, mn_selector("dropped"), returns_1);
    mn_class_free(cls);
    mn_class_free(Nil);
    assert_null(mn_class_named("Dropped"));
    assert_int_equal(mn_class_new([NSObject class], "Dropped", &cls, NULL), MEND_OK);
    mn_class_free(cls);
}

int
main(void)
{
    NSAutoreleasePool *pool = [NSAutoreleasePool new];
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_class_with_variables_methods_and_a_protocol),
        cmocka_unit_test(what_cannot_be_made_is_refused_with_the_reason),
        cmocka_unit_test(a_name_taken_meanwhile_leaves_the_class_to_its_maker),
        cmocka_unit_test(a_class_never_registered_can_be_dropped),
    };
    int failed;

    [Barker class];
    failed = cmocka_run_group_tests(tests, NULL, NULL);
    [pool release];
    return failed;
}
