/* SPDX-License-Identifier: MIT */
/* Lookups find what is there and run no code of the host: the fixture's every hook point sets a flag. */
#import <Foundation/Foundation.h>

#include "families.h"

#include "runtime/suggest.h"

#include <string.h>

static int woken; /* +initialize, +resolveInstanceMethod: and so on were run */

@protocol Carrying
- (int)carry:(short)weight;
+ (float)capacity;
@end

@protocol Driving <Carrying>
- (double)drive;
@end

@interface Vehicle : NSObject <Driving> {
    NSString *plate;
    short wheels;
}
- (int)speed;
+ (int)count;
@end

@implementation Vehicle
+ (void)initialize
{
    woken++;
}
+ (BOOL)resolveInstanceMethod:(SEL)sel
{
    woken++;
    return NO;
}
+ (BOOL)resolveClassMethod:(SEL)sel
{
    woken++;
    return NO;
}
- (int)speed
{
    return 1;
}
+ (int)count
{
    return 2;
}
- (int)carry:(short)weight
{
    return weight;
}
+ (float)capacity
{
    return 3;
}
- (double)drive
{
    return 4;
}
@end

@interface
Vehicle (Faster)
- (int)speed;
@end

@implementation
Vehicle (Faster)
- (int)speed
{
    return 10;
}
@end

@interface Lorry : Vehicle {
    long load;
}
@end

@implementation Lorry
@end

static Class vehicle, lorry;

static int
find_classes(void **state)
{
    vehicle = mn_class_named("Vehicle");
    lorry = mn_class_named("Lorry");
    return vehicle == Nil || lorry == Nil;
}

static int
nothing_woke(void **state)
{
    return woken;
}

static void
classes_and_their_relations(void **state)
{
    assert_null(mn_class_named("NoSuchClass"));
    assert_null(mn_class_named(NULL));
    assert_ptr_equal(mn_class_super(lorry), vehicle);
    assert_ptr_equal(mn_class_super(mn_class_meta(lorry)), mn_class_meta(vehicle));
    assert_null(mn_class_super(mn_class_named("NSObject")));
    assert_true(mn_class_is_meta(mn_class_meta(lorry)));
    assert_false(mn_class_is_meta(lorry));
    assert_string_equal(mn_class_name(lorry), "Lorry");
    assert_string_equal(mn_class_name(mn_class_meta(lorry)), "Lorry");
    assert_int_equal(mn_class_instance_size(lorry), class_getInstanceSize(lorry));
    assert_true(mn_class_inherits(lorry, mn_class_named("NSObject")));
    assert_true(mn_class_inherits(lorry, lorry));
    assert_false(mn_class_inherits(vehicle, lorry));
    assert_true(mn_object_is_class((id)lorry));
    assert_false(mn_class_initialised(lorry));
}

static void
nil_and_null_find_nothing(void **state)
{
    assert_null(mn_class_super(Nil));
    assert_null(mn_class_meta(Nil));
    assert_false(mn_class_registered(Nil));
    assert_null(mn_object_class(nil));
    assert_false(mn_method_find(Nil, mn_selector("speed"), NULL));
    assert_false(mn_method_own(vehicle, NULL, NULL));
    assert_false(mn_ivar_find(Nil, "plate", NULL));
    assert_false(mn_ivar_find(vehicle, NULL, NULL));
    assert_null(mn_selector(""));
    assert_null(mn_selector_name(NULL));
    assert_null(mn_lookup_installed(vehicle, NULL));
}

static bool
collect(void *data, Class cls)
{
    int *seen = data;

    *seen += cls == vehicle || cls == lorry;
    assert_false(mn_class_is_meta(cls));
    return true;
}

static void
every_class_is_visited(void **state)
{
    int seen = 0;

    assert_int_equal(mn_class_each(collect, &seen), MEND_OK);
    assert_int_equal(seen, 2);
}

static void
methods_own_and_inherited_and_absent(void **state)
{
    SEL speed = mn_selector("speed");
    struct mn_method method;

    assert_true(mn_method_own(vehicle, speed, &method));
    assert_ptr_equal(method.owner, vehicle);
    assert_string_equal(method.types, "i16@0:8");
    assert_int_equal(((int (*)(id, SEL))method.imp)(nil, speed), 10); /* the category's */
    assert_false(mn_method_own(lorry, speed, &method));
    assert_true(mn_method_find(lorry, speed, &method));
    assert_ptr_equal(method.owner, vehicle);
    assert_true(mn_method_find(mn_class_meta(lorry), mn_selector("count"), NULL));
    assert_false(mn_method_find(lorry, mn_selector("count"), NULL));
    assert_false(mn_method_find(lorry, mn_selector("flyToTheMoon"), NULL));
}

static bool
count_speeds(void *data, const struct mn_method *method)
{
    *(int *)data += strcmp(mn_selector_name(method->sel), "speed") == 0;
    return true;
}

static void
a_method_a_category_replaced_is_visited_once(void **state)
{
    int speeds = 0;

    mn_method_each(vehicle, count_speeds, &speeds);
    assert_int_equal(speeds, 1);
    speeds = 0;
    assert_int_equal(mn_method_each_of(mn_selector("speed"), count_speeds, &speeds), MEND_OK);
    assert_int_equal(speeds, 1);
}

static void
variables_own_and_inherited(void **state)
{
    struct mn_ivar ivar;

    assert_true(mn_ivar_find(lorry, "plate", &ivar));
    assert_ptr_equal(ivar.owner, vehicle);
    assert_string_equal(ivar.types, "@\"NSString\"");
    assert_int_equal(ivar.offset, ivar_getOffset(class_getInstanceVariable(vehicle, "plate")));
    assert_true(mn_ivar_own(lorry, "load", &ivar));
    assert_false(mn_ivar_own(lorry, "wheels", &ivar));
    assert_false(mn_ivar_find(lorry, "wings", &ivar));
}

static void
what_protocols_declare(void **state)
{
    struct mn_method method;

    assert_true(mn_class_protocol_method(lorry, mn_selector("carry:"), true, &method));
    assert_string_equal(method.types, "i20@0:8s16");
    assert_true(mn_class_protocol_method(lorry, mn_selector("capacity"), false, NULL));
    assert_false(mn_class_protocol_method(lorry, mn_selector("capacity"), true, NULL));
    assert_true(mn_protocol_method(mn_protocol_named("Driving"), mn_selector("carry:"), true, NULL));
    assert_false(mn_protocol_method(mn_protocol_named("Carrying"), mn_selector("drive"), true, NULL));
    assert_null(mn_protocol_named("NoSuchProtocol"));
}

static void
selectors_known_and_unknown(void **state)
{
    SEL plain = mn_selector("speed"), typed = mn_selector_typed("speed", "i16@0:8");

    assert_true(mn_selector_equal(plain, typed));
    assert_false(mn_selector_equal(plain, mn_selector("count")));
    assert_null(mn_selector_types(plain));
    assert_string_equal(mn_selector_types(typed), "i16@0:8");
    assert_string_equal(mn_selector_name(typed), "speed");
    assert_null(mn_selector_find("aSelectorNobodyEverNamed"));
    assert_true(mn_selector_known(plain));
    assert_true(mn_selector_known(mn_selector("capacity"))); /* a class method alone */
    assert_false(mn_selector_known(mn_selector("registeredButInNoClass")));
}

static void
the_nearest_names(void **state)
{
    assert_string_equal(mn_suggest_class("Vehcile"), "Vehicle");
    assert_string_equal(mn_suggest_class("lorry"), "Lorry");
    assert_string_equal(mn_suggest_class("NSMutableAray"), "NSMutableArray");
    assert_null(mn_suggest_class("QqXxZzWwKkJj"));
    assert_string_equal(mn_suggest_selector(lorry, "spede"), "speed");
    assert_string_equal(mn_suggest_selector(lorry, "cary:"), "carry:");
    assert_string_equal(mn_suggest_selector(mn_class_meta(lorry), "cuont"), "count");
    assert_string_equal(mn_suggest_selector(Nil, "objectAtIndx:"), "objectAtIndex:");
    assert_string_equal(mn_suggest_ivar(lorry, "wheel"), "wheels");
    assert_null(mn_suggest_ivar(lorry, "zzzzzz"));
}

static void
distances(void **state)
{
    assert_int_equal(mn_name_distance("same", "same", 9), 0);
    assert_int_equal(mn_name_distance("Same", "same", 9), 1);
    assert_int_equal(mn_name_distance("smae", "same", 9), 2);
    assert_int_equal(mn_name_distance("sam", "same", 9), 2);
    assert_int_equal(mn_name_distance("kitten", "sitting", 9), 6);
    assert_int_equal(mn_name_distance("kitten", "sitting", 3), 4);
    assert_int_equal(mn_name_distance("", "abc", 9), 6);
}

static void
what_is_installed_is_seen_without_sending(void **state)
{
    assert_null(mn_lookup_installed(lorry, mn_selector("speed")));
    assert_false(mn_class_initialised(lorry));
}

/* From here on the fixture is woken. */
static void
a_send_finds_what_compiled_code_finds(void **state)
{
    Lorry *one = [[Lorry new] autorelease];
    SEL speed = mn_selector("speed");

    assert_true(woken > 0);
    assert_ptr_equal(mn_lookup(one, speed), objc_msg_lookup(one, speed));
    assert_ptr_equal(mn_lookup_installed(lorry, speed), objc_msg_lookup(one, speed));
    assert_ptr_equal(mn_lookup((id)lorry, @selector(count)), [lorry methodForSelector:@selector(count)]);
    assert_ptr_equal(mn_lookup_super(one, vehicle, speed), [Vehicle instanceMethodForSelector:speed]);
    assert_null(((id(*)(id, SEL))mn_lookup(nil, speed))(nil, speed));
    assert_null(((id(*)(id, SEL))mn_lookup_super(nil, vehicle, speed))(nil, speed));
    assert_non_null(mn_lookup_super([[NSObject new] autorelease], Nil, mn_selector("description")));
}

static void
a_selector_newer_than_the_table_is_not_there(void **state)
{
    Class cls = fresh_class([NSObject class]);
    SEL sel;

    enrol(cls);
    send_long(instance(cls), @selector(self));
    do
        sel = fresh_selector("newer");
    while (gcc_sel_index(sel) < gcc_class(cls)->table->capacity + 1000);
    assert_null(mn_lookup_installed(cls, sel));
}

static void
a_send_to_a_class_at_rest_initialises_it(void **state)
{
    Class cls = fresh_class([NSObject class]);
    SEL sel = fresh_selector("atRest");

    give(cls, sel, returns_3);
    enrol(cls);
    assert_ptr_equal(mn_lookup(instance(cls), sel), returns_3);
    assert_true(mn_class_initialised(cls));
}

int
main(void)
{
    NSAutoreleasePool *pool = [NSAutoreleasePool new];
    const struct CMUnitTest quiet[] = {
        cmocka_unit_test(classes_and_their_relations),
        cmocka_unit_test(nil_and_null_find_nothing),
        cmocka_unit_test(every_class_is_visited),
        cmocka_unit_test(methods_own_and_inherited_and_absent),
        cmocka_unit_test(a_method_a_category_replaced_is_visited_once),
        cmocka_unit_test(variables_own_and_inherited),
        cmocka_unit_test(what_protocols_declare),
        cmocka_unit_test(selectors_known_and_unknown),
        cmocka_unit_test(the_nearest_names),
        cmocka_unit_test(distances),
        cmocka_unit_test(what_is_installed_is_seen_without_sending),
    };
    const struct CMUnitTest sending[] = {
        cmocka_unit_test(a_send_finds_what_compiled_code_finds),
        cmocka_unit_test(a_selector_newer_than_the_table_is_not_there),
        cmocka_unit_test(a_send_to_a_class_at_rest_initialises_it),
    };
    int failed = cmocka_run_group_tests_name("lookups wake nobody", quiet, find_classes, nothing_woke);

    failed += cmocka_run_group_tests_name("sends", sending, NULL, NULL);
    [pool release];
    return failed;
}
