// SPDX-License-Identifier: MIT
/* Boxing and ownership against Foundation itself. */
#import <Foundation/Foundation.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "abi/encoding.h"
#include "value/box.h"
#include "value/family.h"
#include "value/own.h"

#include <string.h>

static void
scalars_become_numbers_of_their_type(void **state)
{
    double d = 2.5;
    float f = -0.25f;
    uint64_t bits = 0;

    assert_true([mn_box_scalar(MN_INT, (uint64_t)-5) isEqual:[NSNumber numberWithInt:-5]]);
    assert_int_equal([mn_box_scalar(MN_CHAR, (uint64_t)-5) charValue], -5);
    assert_int_equal([mn_box_scalar(MN_USHORT, 65535) unsignedShortValue], 65535);
    assert_true([mn_box_scalar(MN_ULLONG, UINT64_MAX) unsignedLongLongValue] == UINT64_MAX);
    assert_true(mn_box_scalar(MN_BOOL, 1) == [NSNumber numberWithBool:YES]);
    memcpy(&bits, &d, 8);
    assert_true([mn_box_scalar(MN_DOUBLE, bits) doubleValue] == 2.5);
    bits = 0;
    memcpy(&bits, &f, 4);
    assert_true([mn_box_scalar(MN_FLOAT, bits) floatValue] == -0.25f);
    assert_null(mn_box_scalar(MN_STRUCT, 0));
}

static void
texts_become_strings_and_keep_nul_bytes(void **state)
{
    id string = mn_string_new("a\0b", 3);

    assert_int_equal([string length], 3);
    [string release];
    assert_true([mn_box_text("h\xc3\xa9") isEqualToString:[NSString stringWithUTF8String:"h\xc3\xa9"]]);
    assert_int_equal([mn_box_text("\xff\xfe") length], 2); /* not UTF-8: taken as Latin-1 */
    assert_null(mn_box_text(NULL));
}

static void
structs_go_into_values_and_come_back(void **state)
{
    NSRange range = NSMakeRange(3, 4), back = {0, 0};
    const struct mn_type *type, *other;
    id value = mn_box_bytes(&range, @encode(NSRange));

    mn_type_get(@encode(NSRange), &type, NULL);
    mn_type_get("i", &other, NULL);
    assert_true(NSEqualRanges([value rangeValue], range));
    assert_true(mn_unbox_bytes(value, type, &back) && NSEqualRanges(back, range));
    assert_false(mn_unbox_bytes(value, other, &back));
    assert_false(mn_unbox_bytes(@"text", type, &back));
}

static void
numbers_and_strings_give_numbers(void **state)
{
    int64_t i = 0;
    double d = 0;

    assert_true(mn_unbox_integer([NSNumber numberWithDouble:3.9], &i) && i == 3);
    assert_true(mn_unbox_double(@"2.5", &d) && d == 2.5);
    assert_false(mn_unbox_integer([[NSObject new] autorelease], &i));
    assert_false(mn_unbox_integer(nil, &i));
}

static void
collections_hold_what_they_were_given(void **state)
{
    id pairs[] = {@"k", @"old", @"j", @"other", @"k", @"new"};
    id items[] = {@"a", @"b"};

    assert_string_equal([[mn_box_array(items, 2) componentsJoinedByString:@" "] UTF8String], "a b");
    assert_int_equal([mn_box_array(NULL, 0) count], 0);
    assert_string_equal([[mn_box_dictionary(pairs, 6) objectForKey:@"k"] UTF8String], "new");
    assert_int_equal([mn_box_dictionary(pairs, 6) count], 2);
}

@interface Overriding : NSObject
{
  @public
    int retained, released;
}
@end
@implementation Overriding
- (id)retain
{
    retained++;
    return [super retain];
}
- (oneway void)release
{
    released++;
    [super release];
}
@end

static void
overrides_of_retain_and_release_are_honoured(void **state)
{
    Overriding *o = [Overriding new], *p = [Overriding new];
    id place = nil;

    assert_true(mn_retain(o) == o);
    mn_release(o);
    mn_store_strong(&place, o);
    mn_store_strong(&place, p);
    assert_int_equal(o->retained, 2);
    assert_int_equal(o->released, 2);
    mn_store_strong(&place, nil);
    assert_int_equal(p->retained, 1);
    assert_int_equal(p->released, 1);
    assert_null(mn_retain(nil));
    mn_release(nil);
    [o release];
    [p release];
}

static void
families_follow_the_first_word(void **state)
{
    static const struct {
        const char *selector;
        bool class_method;
        enum mn_family family;
    } cases[] = {{"alloc", true, MN_FAMILY_ALLOC},   {"allocWithZone:", true, MN_FAMILY_ALLOC},
                 {"allocate", true, MN_FAMILY_NONE}, {"new", true, MN_FAMILY_NEW},
                 {"newItem:", false, MN_FAMILY_NEW}, {"newtonian", false, MN_FAMILY_NONE},
                 {"_copy", false, MN_FAMILY_COPY},   {"copyright", false, MN_FAMILY_NONE},
                 {"mutableCopy", false, MN_FAMILY_MUTABLE_COPY}, {"init", false, MN_FAMILY_INIT},
                 {"initWithA:", false, MN_FAMILY_INIT}, {"initialize", false, MN_FAMILY_NONE},
                 {"initWithA:", true, MN_FAMILY_NONE}, {"description", false, MN_FAMILY_NONE}};

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(mn_family_of(cases[i].selector, cases[i].class_method), cases[i].family);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(scalars_become_numbers_of_their_type),
        cmocka_unit_test(texts_become_strings_and_keep_nul_bytes),
        cmocka_unit_test(structs_go_into_values_and_come_back),
        cmocka_unit_test(numbers_and_strings_give_numbers),
        cmocka_unit_test(collections_hold_what_they_were_given),
        cmocka_unit_test(overrides_of_retain_and_release_are_honoured),
        cmocka_unit_test(families_follow_the_first_word),
    };
    NSAutoreleasePool *pool = [NSAutoreleasePool new];
    int failed;

    mn_own_init();
    failed = cmocka_run_group_tests_name("value", tests, NULL, NULL);
    [pool release];
    return failed;
}
