/* SPDX-License-Identifier: MIT */
/*
 * What src/runtime/gcc*.c takes for granted about libobjc: its layouts, how tables share buckets, and the
 * faults of its own calls that made us write another. If one of these fails on another libobjc, look there
 * first.
 */
#import <Foundation/Foundation.h>

#include "families.h"

#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

@interface Layout : NSObject {
    int first;
}
- (int)first;
@end
@implementation Layout
- (int)first
{
    return first;
}
@end

static void
a_class_is_laid_out_as_we_read_it(void **state)
{
    const struct gcc_class *cls = gcc_class([Layout class]);
    const struct gcc_method *method =
        (const struct gcc_method *)class_getInstanceMethod((Class)cls, @selector(first));

    assert_ptr_equal(cls->isa, object_getClass((id)cls));
    assert_ptr_equal(cls->super, [NSObject class]);
    assert_string_equal(cls->name, "Layout");
    assert_int_equal(cls->instance_size, class_getInstanceSize((Class)cls));
    assert_string_equal(cls->ivars->ivars[0].name, "first");
    assert_ptr_equal(&cls->methods->methods[0], method);
    assert_string_equal(method->types, method_getTypeEncoding((Method)method));
    assert_ptr_equal(method->imp, method_getImplementation((Method)method));
    assert_true((cls->info & GCC_CLASS) && (gcc_class(cls->isa)->info & GCC_META));
}

static void
the_in_construction_bit_and_a_null_table_mark_a_class_not_registered(void **state)
{
    Class cls = fresh_class([NSObject class]);

    assert_true((gcc_class(cls)->info & GCC_IN_CONSTRUCTION) != 0);
    assert_null(gcc_class(cls)->table);
    enrol(cls);
    assert_int_equal(gcc_class(cls)->info & GCC_IN_CONSTRUCTION, 0);
    assert_ptr_equal(gcc_class(cls)->table, __objc_uninstalled_dtable);
    assert_int_equal(gcc_class(cls)->info & GCC_INITIALISED, 0);
    send_long((id)cls, @selector(self));
    assert_true((gcc_class(cls)->info & GCC_INITIALISED) != 0);
    assert_true((gcc_class(mn_class_meta(cls))->info & GCC_INITIALISED) != 0);
}

static void
a_selector_s_id_is_its_place_in_the_tables(void **state)
{
    SEL a = mn_selector("factsAboutSelectors"), b = mn_selector("moreFactsAboutSelectors");
    Class cls = fresh_class([NSObject class]);
    const struct gcc_table *table;

    assert_int_equal(gcc_sel_index(b), gcc_sel_index(a) + 1);
    assert_int_equal(gcc_sel_index(b), __objc_selector_max_index);
    give(cls, b, returns_3);
    enrol(cls);
    send_long(instance(cls), b);
    table = gcc_class(cls)->table;
    assert_ptr_equal(table->buckets[gcc_sel_bucket(b)]->imps[gcc_sel_element(b)], returns_3);
    assert_true(table->capacity > gcc_sel_index(b));
}

static void
subclasses_share_buckets_and_versions_grow(void **state)
{
    SEL sel = fresh_selector("shared");
    Class parent = fresh_class([NSObject class]), child;
    const struct gcc_table *above, *below;

    give(parent, sel, returns_1);
    enrol(parent);
    enrol(child = fresh_class(parent));
    send_long(instance(child), sel);
    above = gcc_class(parent)->table;
    below = gcc_class(child)->table;
    assert_ptr_equal(above->buckets[gcc_sel_bucket(sel)], below->buckets[gcc_sel_bucket(sel)]);
    assert_int_equal(above->buckets[gcc_sel_bucket(sel)]->version.number, above->version.number);
    assert_int_equal(below->version.number, above->version.number + 1);
    assert_ptr_equal(below->empty, above->empty);
}

static bool
versions_grow_below(void *data, Class cls)
{
    for (Class sub = gcc_class(cls)->subclasses; sub != Nil; sub = gcc_class(sub)->sibling)
        if (gcc_class(sub)->table != __objc_uninstalled_dtable &&
            gcc_class(cls)->table != __objc_uninstalled_dtable &&
            gcc_class(sub)->table->version.number <= gcc_class(cls)->table->version.number)
            (*(int *)data)++;
    return true;
}

static void
versions_grow_in_every_class_of_the_process(void **state)
{
    int wrong = 0;

    mn_class_each(versions_grow_below, &wrong);
    assert_int_equal(wrong, 0);
}

static void
registering_selectors_moves_no_table_once_we_reserved(void **state)
{
    struct gcc_bucket **before;

    mn_selector("reserving");
    before = __objc_uninstalled_dtable->buckets;
    for (int i = 0; i < 1000; i++) {
        char name[32];

        snprintf(name, sizeof(name), "hostSelector%d", i);
        sel_registerName(name);
    }
    assert_ptr_equal(__objc_uninstalled_dtable->buckets, before);
}

/* ---- The faults ---- */

static void
class_replaceMethod_on_an_inherited_method_changes_the_superclass(void **state)
{
    SEL sel = fresh_selector("replaced");
    Class parent = fresh_class([NSObject class]), child;

    give(parent, sel, returns_1);
    enrol(parent);
    enrol(child = fresh_class(parent));
    class_replaceMethod(child, sel, (IMP)returns_99, FAMILY_TYPES);
    assert_int_equal(send_long(instance(parent), sel), 99);
}

static void
method_setImplementation_misses_a_subclass_with_a_bucket_of_its_own(void **state)
{
    SEL sel, other;
    Class parent = fresh_class([NSObject class]), child;

    fresh_pair(&sel, &other);
    give(parent, sel, returns_1);
    enrol(parent);
    child = fresh_class(parent);
    give(child, other, returns_2);
    enrol(child);
    send_long(instance(child), sel);
    method_setImplementation(class_getInstanceMethod(parent, sel), (IMP)returns_99);
    assert_int_equal(send_long(instance(parent), sel), 99);
    assert_int_equal(send_long(instance(child), sel), 1);
}

/* In a child process: it spoils the table of every class not messaged yet. */
static void
method_setImplementation_before_the_first_message_reaches_unrelated_classes(void **state)
{
    int status = 0;
    pid_t child = fork();

    if (child == 0) {
        SEL sel = fresh_selector("poison");
        Class one = fresh_class([NSObject class]), other = fresh_class([NSObject class]);

        give(mn_class_meta(one), sel, returns_1);
        give(mn_class_meta(other), sel, returns_2);
        enrol(one);
        enrol(other);
        method_setImplementation(class_getClassMethod(one, sel), (IMP)returns_99);
        _exit((int)send_long((id)other, sel));
    }
    waitpid(child, &status, 0);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 99);
}

int
main(void)
{
    NSAutoreleasePool *pool = [NSAutoreleasePool new];
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_class_is_laid_out_as_we_read_it),
        cmocka_unit_test(the_in_construction_bit_and_a_null_table_mark_a_class_not_registered),
        cmocka_unit_test(a_selector_s_id_is_its_place_in_the_tables),
        cmocka_unit_test(subclasses_share_buckets_and_versions_grow),
        cmocka_unit_test(versions_grow_in_every_class_of_the_process),
        cmocka_unit_test(registering_selectors_moves_no_table_once_we_reserved),
        cmocka_unit_test(class_replaceMethod_on_an_inherited_method_changes_the_superclass),
        cmocka_unit_test(method_setImplementation_misses_a_subclass_with_a_bucket_of_its_own),
        cmocka_unit_test(method_setImplementation_before_the_first_message_reaches_unrelated_classes),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);

    [pool release];
    return failed;
}
