/* SPDX-License-Identifier: MIT */
/*
 * What the host's own calls do to live classes while Mend stands in front of the runtime's table writers:
 * this program has the preloaded library's part (front.c) in it, so its names come before libobjc's.
 */
#import <Foundation/Foundation.h>

#include "unit/runtime/families.h"

#include "agent/front.h"
#include "agent/launch.h"
#include "base/alloc.h"
#include "support/faults.h"

#include <malloc.h>

extern void class_add_method_list(Class cls, struct gcc_method_list *list);

struct line {
    Class parent, child;
    id p, c;
};

static id
in_use(Class cls)
{
    id object = instance(cls);

    send_long(object, @selector(self));
    return object;
}

/* The parent has `sel`; the child inherits it. Both have tables. */
static struct line
line_with(SEL sel)
{
    struct line l;

    l.parent = fresh_class([NSObject class]);
    give(l.parent, sel, returns_1);
    enrol(l.parent);
    enrol(l.child = fresh_class(l.parent));
    l.p = in_use(l.parent);
    l.c = in_use(l.child);
    return l;
}

static void
assert_line(struct line l, SEL sel, long parent, long child)
{
    assert_int_equal(send_long(l.p, sel), parent);
    assert_int_equal(send_long(l.c, sel), child);
}

static Method
record_of(Class cls, SEL sel)
{
    return (Method)mn_gcc_own_record(cls, sel);
}

static int
set_up(void **state)
{
    [NSObject class];
    return mend_agent_guard(mn_front_behind(), mn_front_set) ? 0 : -1;
}

static void
a_swizzle_reaches_subclasses_that_override_a_neighbour(void **state)
{
    SEL own, neighbour;
    struct line l;
    Class heir;
    id h;

    fresh_pair(&own, &neighbour);
    l = line_with(own);
    heir = fresh_class(l.child);
    give(heir, neighbour, returns_3);
    enrol(heir);
    h = in_use(heir);
    method_setImplementation(record_of(l.parent, own), (IMP)returns_2);
    assert_line(l, own, 2, 2);
    assert_int_equal(send_long(h, own), 2);
    assert_int_equal(send_long(h, neighbour), 3);
}

/* Without the guard it does not: a hook on a method the class only inherits gives it a bucket of its own. */
static void
a_swizzle_reaches_a_class_on_which_an_inherited_neighbour_is_hooked(void **state)
{
    SEL own, neighbour;
    struct line l;
    struct mn_change hook;

    fresh_pair(&own, &neighbour);
    l = line_with(own);
    class_addMethod(l.parent, neighbour, (IMP)returns_3, FAMILY_TYPES);
    hook = change_of(l.child, neighbour, returns_99);
    install(&hook);
    method_setImplementation(record_of(l.parent, own), (IMP)returns_2);
    assert_line(l, own, 2, 2);
    assert_line(l, neighbour, 3, 99);
    method_setImplementation(record_of(l.parent, neighbour), (IMP)returns_50);
    assert_line(l, neighbour, 50, 99);
    revert(&hook);
    assert_line(l, neighbour, 50, 50);
    assert_line(l, own, 2, 2);
}

static void
a_swizzle_before_the_first_message_is_seen_by_its_class_alone(void **state)
{
    SEL own = fresh_selector("zork");
    Class a = fresh_class([NSObject class]), b = fresh_class([NSObject class]);
    id x, y;

    give(a, own, returns_1);
    give(b, own, returns_3);
    enrol(a);
    enrol(b);
    x = instance(a);
    y = instance(b);
    method_setImplementation(record_of(a, own), (IMP)returns_2);
    assert_int_equal(send_long(y, own), 3);
    assert_int_equal(send_long(x, own), 2);
}

static void
two_methods_change_places_for_all_who_inherit_them(void **state)
{
    SEL one, other;
    struct line l;

    fresh_pair(&one, &other);
    l = line_with(one);
    class_addMethod(l.parent, other, (IMP)returns_2, FAMILY_TYPES);
    method_exchangeImplementations(record_of(l.parent, one), record_of(l.parent, other));
    assert_line(l, one, 2, 2);
    assert_line(l, other, 1, 1);
}

static void
replacing_changes_the_record_the_runtime_would_change(void **state)
{
    SEL own = fresh_selector("own"), absent = fresh_selector("absent");
    struct line l = line_with(own);

    assert_ptr_equal(class_replaceMethod(l.parent, own, (IMP)returns_2, FAMILY_TYPES), returns_1);
    assert_line(l, own, 2, 2);
    assert_null(class_replaceMethod(l.child, absent, (IMP)returns_3, FAMILY_TYPES));
    assert_int_equal(send_long(l.c, absent), 3);
    assert_false([l.p respondsToSelector:absent]);
}

static void
an_added_method_reaches_subclasses_and_no_table_is_rebuilt(void **state)
{
    SEL own = fresh_selector("own"), absent = fresh_selector("absent"), early = fresh_selector("early");
    struct line l = line_with(own);
    struct gcc_table *before;

    assert_true(class_addMethod(l.parent, absent, (IMP)returns_50, FAMILY_TYPES)); /* the tables grow */
    before = gcc_class(l.parent)->table;
    assert_true(class_addMethod(l.parent, early, (IMP)returns_2, FAMILY_TYPES));
    assert_ptr_equal(gcc_class(l.parent)->table, before);
    assert_line(l, absent, 50, 50);
    assert_line(l, early, 2, 2);
    assert_line(l, own, 1, 1);
    assert_false(class_addMethod(l.parent, absent, (IMP)returns_3, FAMILY_TYPES));
    assert_line(l, absent, 50, 50);
    assert_true([l.c respondsToSelector:absent]);
}

static void
an_added_class_method_is_answered(void **state)
{
    SEL added = fresh_selector("added");
    struct line l = line_with(fresh_selector("own"));

    send_long((id)l.child, @selector(self));
    assert_true(class_addMethod(mn_class_meta(l.parent), added, (IMP)returns_3, FAMILY_TYPES));
    assert_int_equal(send_long((id)l.parent, added), 3);
    assert_int_equal(send_long((id)l.child, added), 3);
}

static struct gcc_method_list *
category(SEL sel, void *imp)
{
    struct gcc_method_list *list = calloc(1, sizeof *list + sizeof list->methods[0]);

    list->count = 1;
    list->methods[0] = (struct gcc_method){(SEL)mn_selector_name(sel), FAMILY_TYPES, (IMP)imp};
    return list; /* the runtime's */
}

/* As __objc_exec_class does with the categories of a library. */
static void
a_category_loaded_later_hides_the_method_everywhere(void **state)
{
    SEL own = fresh_selector("own");
    struct line l = line_with(own);
    Class overrider = fresh_class(l.parent);
    id o;

    give(overrider, own, returns_3);
    enrol(overrider);
    o = in_use(overrider);
    class_add_method_list(l.parent, category(own, returns_2));
    assert_line(l, own, 2, 2);
    assert_int_equal(send_long(o, own), 3);
    method_setImplementation((Method) &
                                 ((struct gcc_method_list *)gcc_class(l.parent)->methods)->next->methods[0],
                             (IMP)returns_99); /* the hidden one: nobody runs it */
    assert_line(l, own, 2, 2);
}

static SEL from_initialize;
static Class starting;

static void
initialize(id self, SEL _cmd)
{
    if (self == (id)starting)
        class_addMethod(mn_class_meta(starting), from_initialize, (IMP)returns_50, FAMILY_TYPES);
}

static void
a_class_may_add_methods_in_its_own_initialize(void **state)
{
    from_initialize = fresh_selector("from");
    starting = fresh_class([NSObject class]);
    assert_int_equal(
        mn_class_add_method(mn_class_meta(starting), @selector(initialize), (IMP)initialize, "v16@0:8", NULL),
        MEND_OK);
    enrol(starting);
    assert_int_equal(send_long((id)starting, from_initialize), 50);
}

static void
what_memory_has_no_room_for_is_left_to_the_runtime(void **state)
{
    struct mn_faults f = {.keeps = true};
    struct line lines[32];
    SEL own, neighbour, absent[32];
    unsigned round = 0;

    fresh_pair(&own, &neighbour);
    for (int i = 0; i < 32; i++) {
        lines[i] = line_with(own);
        absent[i] = fresh_selector("absent");
    }
    while (mn_faults_next(&f)) {
        struct line *l = &lines[round];

        class_addMethod(l->child, absent[round], (IMP)returns_50, FAMILY_TYPES);
        method_setImplementation(record_of(l->parent, own), (IMP)returns_2);
        mn_faults_hit(&f);
        assert_int_equal(send_long(l->c, absent[round]), 50);
        assert_int_equal(send_long(l->p, own), 2);
        assert_true(++round < 32);
    }
    assert_true(round > 4);
}

static void
changing_to_and_fro_takes_no_memory(void **state)
{
    SEL own = fresh_selector("own");
    struct line l = line_with(own);
    size_t before;

    method_setImplementation(record_of(l.parent, own), (IMP)returns_2);
    before = mallinfo2().uordblks;
    for (int i = 0; i < 1000; i++) {
        method_setImplementation(record_of(l.parent, own), (IMP)returns_1);
        class_replaceMethod(l.parent, own, (IMP)returns_2, FAMILY_TYPES);
    }
    assert_true(mallinfo2().uordblks <= before + 1024);
    assert_line(l, own, 2, 2);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_swizzle_reaches_subclasses_that_override_a_neighbour),
        cmocka_unit_test(a_swizzle_reaches_a_class_on_which_an_inherited_neighbour_is_hooked),
        cmocka_unit_test(a_swizzle_before_the_first_message_is_seen_by_its_class_alone),
        cmocka_unit_test(two_methods_change_places_for_all_who_inherit_them),
        cmocka_unit_test(replacing_changes_the_record_the_runtime_would_change),
        cmocka_unit_test(an_added_method_reaches_subclasses_and_no_table_is_rebuilt),
        cmocka_unit_test(an_added_class_method_is_answered),
        cmocka_unit_test(a_category_loaded_later_hides_the_method_everywhere),
        cmocka_unit_test(a_class_may_add_methods_in_its_own_initialize),
        cmocka_unit_test(what_memory_has_no_room_for_is_left_to_the_runtime),
        cmocka_unit_test(changing_to_and_fro_takes_no_memory),
    };

    return cmocka_run_group_tests(tests, set_up, NULL);
}
