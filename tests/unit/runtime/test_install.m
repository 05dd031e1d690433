/* SPDX-License-Identifier: MIT */
/* What installing and taking back a method changes, and what it leaves alone, case by case. */
#import <Foundation/Foundation.h>

#include "families.h"

#include "base/alloc.h"
#include "support/faults.h"

#include <dlfcn.h>
#include <malloc.h>
#include <string.h>

static Class root;

/* Object has no host code of its own: what happens is the runtime's doing alone. */
static int
set_up(void **state)
{
    root = fresh_class([NSObject class]);
    enrol(root);
    send_long((id)root, @selector(self));
    return 0;
}

struct line {
    Class parent, child, grandchild; /* child overrides nothing of what the parent was given */
    id p, c, g;
};

/* Three generations that have been messaged, so all have tables; the parent has `sel` if imp is given. */
static struct line
line_with(SEL sel, void *imp)
{
    struct line l;

    l.parent = fresh_class(root);
    if (imp != NULL)
        give(l.parent, sel, imp);
    enrol(l.parent);
    enrol(l.child = fresh_class(l.parent));
    enrol(l.grandchild = fresh_class(l.child));
    l.p = instance(l.parent);
    l.c = instance(l.child);
    l.g = instance(l.grandchild);
    send_long(l.p, @selector(self));
    send_long(l.c, @selector(self));
    send_long(l.g, @selector(self));
    return l;
}

static void
assert_line(struct line l, SEL sel, long parent, long child, long grandchild)
{
    assert_int_equal(send_long(l.p, sel), parent);
    assert_int_equal(send_long(l.c, sel), child);
    assert_int_equal(send_long(l.g, sel), grandchild);
}

static void
an_own_method_is_replaced_for_all_who_inherit_it_and_restored(void **state)
{
    SEL sel = fresh_selector("own");
    struct line l = line_with(sel, returns_1);
    struct mn_change change = change_of(l.parent, sel, returns_99);

    install(&change);
    assert_line(l, sel, 99, 99, 99);
    assert_ptr_equal(change.original, returns_1);
    assert_ptr_equal(change.owner, l.parent);
    assert_true(mn_install_stands(&change));
    revert(&change);
    assert_line(l, sel, 1, 1, 1);
    assert_false(mn_install_stands(&change));
    assert_ptr_equal(method_getImplementation(class_getInstanceMethod(l.parent, sel)), returns_1);
}

static void
an_inherited_method_is_replaced_below_the_class_only(void **state)
{
    SEL sel = fresh_selector("inherited");
    struct line l = line_with(sel, returns_1);
    struct mn_change change = change_of(l.child, sel, returns_99);

    change.types = NULL; /* taken from the inherited one */
    install(&change);
    assert_line(l, sel, 1, 99, 99);
    assert_ptr_equal(change.original, returns_1);
    assert_ptr_equal(change.owner, l.parent);
    assert_string_equal(method_getTypeEncoding(class_getInstanceMethod(l.child, sel)), FAMILY_TYPES);
    revert(&change);
    assert_line(l, sel, 1, 1, 1);
    assert_false(mn_method_own(l.child, sel, NULL));
}

static void
an_absent_method_appears_and_disappears_again(void **state)
{
    SEL sel = fresh_selector("absent");
    struct line l = line_with(NULL, NULL);
    struct mn_change change = change_of(l.child, sel, returns_99);

    assert_false(class_respondsToSelector(l.child, sel));
    install(&change);
    assert_null(change.original);
    assert_null(change.owner);
    assert_int_equal(send_long(l.c, sel), 99);
    assert_int_equal(send_long(l.g, sel), 99);
    assert_false(class_respondsToSelector(l.parent, sel));
    revert(&change);
    assert_false(class_respondsToSelector(l.child, sel));
    assert_false(class_respondsToSelector(l.grandchild, sel));
    assert_null(class_getInstanceMethod(l.child, sel));
}

static void
an_absent_method_needs_an_encoding(void **state)
{
    SEL sel = fresh_selector("absent");
    struct mn_change change = {.cls = root, .sel = sel, .imp = (IMP)returns_99};
    mend_error err;

    assert_int_equal(mn_install_one(&change, &err), MEND_NO_METHOD);
    assert_string_equal(err.class_name, mn_class_name(root));
    assert_string_equal(err.selector, mn_selector_name(sel));
    assert_false(class_respondsToSelector(root, sel));
}

static void
a_method_beyond_the_end_of_the_tables_works(void **state)
{
    struct line l = line_with(NULL, NULL);
    SEL sel;
    struct mn_change change;

    do
        sel = fresh_selector("far");
    while (gcc_sel_index(sel) < gcc_class(l.grandchild)->table->capacity + 100);
    change = change_of(l.parent, sel, returns_99);
    install(&change);
    assert_line(l, sel, 99, 99, 99);
    revert(&change);
    assert_false(class_respondsToSelector(l.grandchild, sel));
}

static void
a_subclass_that_overrides_keeps_its_own(void **state)
{
    SEL sel = fresh_selector("overridden");
    Class parent = fresh_class(root), child;
    struct mn_change change;

    give(parent, sel, returns_1);
    enrol(parent);
    child = fresh_class(parent);
    give(child, sel, returns_2);
    enrol(child);
    send_long(instance(child), @selector(self));
    change = change_of(parent, sel, returns_99);
    install(&change);
    assert_int_equal(send_long(instance(child), sel), 2);
    revert(&change);
    assert_int_equal(send_long(instance(child), sel), 2);
}

/* It may share the parent's bucket, because the runtime saves a copy where the IMPs agree. */
static void
a_subclass_that_overrides_with_the_same_function_keeps_it(void **state)
{
    SEL sel = fresh_selector("same");
    Class parent = fresh_class(root), child, grandchild;
    struct mn_change change;

    give(parent, sel, returns_1);
    enrol(parent);
    child = fresh_class(parent);
    give(child, sel, returns_1);
    enrol(child);
    enrol(grandchild = fresh_class(child));
    send_long(instance(grandchild), @selector(self));
    change = change_of(parent, sel, returns_99);
    install(&change);
    assert_int_equal(send_long(instance(parent), sel), 99);
    assert_int_equal(send_long(instance(child), sel), 1);
    assert_int_equal(send_long(instance(grandchild), sel), 1);
    revert(&change);
    assert_int_equal(send_long(instance(parent), sel), 1);
}

static void
a_class_method_is_replaced(void **state)
{
    SEL sel = fresh_selector("class");
    Class parent = fresh_class(root), child;
    struct mn_change change;

    give(mn_class_meta(parent), sel, returns_1);
    enrol(parent);
    enrol(child = fresh_class(parent));
    assert_int_equal(send_long((id)child, sel), 1);
    change = change_of(mn_class_meta(child), sel, returns_99);
    install(&change);
    assert_int_equal(send_long((id)parent, sel), 1);
    assert_int_equal(send_long((id)child, sel), 99);
    revert(&change);
    assert_int_equal(send_long((id)child, sel), 1);
}

static void
a_class_never_messaged_is_changed_without_being_initialised(void **state)
{
    SEL sel = fresh_selector("early");
    Class one = fresh_class(root), other = fresh_class(root);
    struct mn_change change;

    give(one, sel, returns_1);
    give(mn_class_meta(one), sel, returns_1);
    enrol(one);
    give(other, sel, returns_2);
    give(mn_class_meta(other), sel, returns_2);
    enrol(other);
    change = change_of(mn_class_meta(one), sel, returns_99);
    install(&change);
    assert_false(mn_class_initialised(one));
    assert_int_equal(send_long((id)other, sel), 2); /* the runtime's own call would make this 99 */
    assert_int_equal(send_long((id)one, sel), 99);
    assert_int_equal(send_long(instance(one), sel), 1);
    revert(&change);
    assert_int_equal(send_long((id)one, sel), 1);
}

/* ---- From +initialize ---- */

static struct mn_change from_initialize[3];
static Class starting, live_child;
static SEL starting_sel;

static void
hook_from_initialize(id self, SEL _cmd)
{
    if ((Class)self != starting)
        return;
    send_long((id)live_child, starting_sel); /* its table is installed while its superclass still starts */
    install(&from_initialize[0]);
    install(&from_initialize[1]);
    install(&from_initialize[2]);
}

static void
methods_hooked_from_the_class_s_own_initialize_run_the_hook_afterwards(void **state)
{
    SEL added = fresh_selector("added");

    starting_sel = fresh_selector("starting");
    starting = fresh_class(root);
    give(starting, starting_sel, returns_1);
    give(mn_class_meta(starting), starting_sel, returns_1);
    give(mn_class_meta(starting), @selector(initialize), hook_from_initialize);
    enrol(starting);
    enrol(live_child = fresh_class(starting));
    from_initialize[0] = change_of(mn_class_meta(starting), starting_sel, returns_99);
    from_initialize[1] = change_of(starting, starting_sel, returns_50);
    from_initialize[2] = change_of(mn_class_meta(starting), added, returns_3);
    assert_int_equal(send_long((id)starting, starting_sel), 99);
    assert_int_equal(send_long((id)live_child, starting_sel), 99);
    assert_int_equal(send_long(instance(starting), starting_sel), 50);
    assert_int_equal(send_long((id)starting, added), 3);
    assert_int_equal(send_long((id)live_child, added), 3);
    for (int i = 0; i < 3; i++)
        revert(&from_initialize[i]);
    assert_int_equal(send_long((id)starting, starting_sel), 1);
    assert_int_equal(send_long((id)live_child, starting_sel), 1);
    assert_int_equal(send_long(instance(starting), starting_sel), 1);
    assert_false(class_respondsToSelector(mn_class_meta(live_child), added));
}

/* ---- The host goes on changing things ---- */

/* The parent has two methods in one bucket; the host changes `other` after we hooked `hooked` somewhere. */
static struct line
line_with_pair(SEL hooked, SEL other)
{
    struct line l;

    l.parent = fresh_class(root);
    give(l.parent, hooked, returns_1);
    give(l.parent, other, returns_2);
    enrol(l.parent);
    enrol(l.child = fresh_class(l.parent));
    enrol(l.grandchild = fresh_class(l.child));
    l.p = instance(l.parent);
    l.c = instance(l.child);
    l.g = instance(l.grandchild);
    assert_line(l, other, 2, 2, 2);
    return l;
}

static void
host_sets(Class cls, SEL sel, void *imp)
{
    method_setImplementation(class_getInstanceMethod(cls, sel), (IMP)imp);
}

static void
a_host_s_later_swizzle_of_an_unrelated_method_still_reaches_subclasses(void **state)
{
    SEL hooked, other, absent;
    struct line l;
    struct mn_change change;

    fresh_pair(&hooked, &other);
    l = line_with_pair(hooked, other);
    change = change_of(l.parent, hooked, returns_99);
    install(&change);
    host_sets(l.parent, other, returns_3);
    assert_line(l, other, 3, 3, 3);
    revert(&change);
    host_sets(l.parent, other, returns_50);
    assert_line(l, other, 50, 50, 50);

    fresh_pair(&other, &absent); /* a method the parent lacks: its bucket may be made by us */
    l = line_with(other, returns_2);
    change = change_of(l.parent, absent, returns_99);
    install(&change);
    host_sets(l.parent, other, returns_3);
    assert_line(l, other, 3, 3, 3);
    assert_line(l, absent, 99, 99, 99);
    revert(&change);
}

static void
a_swizzle_reaches_subclasses_through_tables_that_we_enlarged(void **state)
{
    SEL own = fresh_selector("near"), far;
    struct line l = line_with(own, returns_1);
    struct mn_change change;

    do
        far = fresh_selector("far");
    while (gcc_sel_index(far) < gcc_class(l.grandchild)->table->capacity + 100);
    change = change_of(l.parent, far, returns_99);
    install(&change);
    host_sets(l.parent, own, returns_3);
    assert_line(l, own, 3, 3, 3);
    revert(&change);
    host_sets(l.parent, own, returns_50);
    assert_line(l, own, 50, 50, 50);
}

/* While the child has the hook it needs a bucket of its own; when it is gone, the child shares again. */
static void
after_an_inherited_method_s_revert_a_swizzle_reaches_the_subclass_again(void **state)
{
    SEL hooked, other;
    struct line l;
    struct mn_change change;

    fresh_pair(&hooked, &other);
    l = line_with_pair(hooked, other);
    for (int i = 0; i < 3; i++) {
        change = change_of(l.child, hooked, returns_99);
        install(&change);
        assert_line(l, hooked, 1, 99, 99);
        revert(&change);
        host_sets(l.parent, other, i == 1 ? returns_3 : returns_50);
        assert_line(l, other, i == 1 ? 3 : 50, i == 1 ? 3 : 50, i == 1 ? 3 : 50);
        host_sets(l.parent, hooked, i == 1 ? returns_2 : returns_1);
        assert_line(l, hooked, i == 1 ? 2 : 1, i == 1 ? 2 : 1, i == 1 ? 2 : 1);
        host_sets(l.parent, hooked, returns_1);
    }
}

static void
a_method_the_host_replaced_since_is_left_to_it(void **state)
{
    SEL sel = fresh_selector("foreign");
    struct line l = line_with(sel, returns_1);
    struct mn_change own = change_of(l.parent, sel, returns_99),
                     inherited = change_of(l.child, sel, returns_50);
    mend_error err;

    install(&own);
    install(&inherited);
    host_sets(l.parent, sel, returns_2);
    host_sets(l.child, sel, returns_3);
    assert_false(mn_install_stands(&own));
    assert_int_equal(mn_install_revert_one(&inherited, &err), MEND_FOREIGN_IMP);
    assert_int_equal(mn_install_revert_one(&own, &err), MEND_FOREIGN_IMP);
    assert_string_equal(err.selector, mn_selector_name(sel));
    assert_int_equal(own.state, MN_CHANGE_FOREIGN);
    assert_line(l, sel, 2, 3, 3);
}

/* Categories loaded later come in front; this is the call the runtime makes for them. */
extern void class_add_method_list(Class cls, void *list);

static void
a_category_loaded_later_wins_and_stays_when_the_hook_goes(void **state)
{
    struct {
        void *next;
        int count;
        struct gcc_method method;
    } *category = calloc(1, sizeof(*category));
    SEL sel = fresh_selector("category");
    struct line l = line_with(sel, returns_1);
    struct mn_change change = change_of(l.parent, sel, returns_99);

    install(&change);
    category->count = 1;
    category->method.name = (SEL)mn_selector_name(sel);
    category->method.types = FAMILY_TYPES;
    category->method.imp = (IMP)returns_2;
    mn_runtime_lock();
    class_add_method_list(l.parent, category);
    mn_runtime_unlock();
    assert_line(l, sel, 2, 2, 2);
    assert_false(mn_install_stands(&change));
    assert_int_equal(mn_install_revert_one(&change, NULL), MEND_FOREIGN_IMP);
    assert_line(l, sel, 2, 2, 2);
}

static void
a_subclass_made_after_the_hook_has_it_and_loses_it(void **state)
{
    SEL sel = fresh_selector("later");
    struct line l = line_with(sel, returns_1);
    struct mn_change change = change_of(l.child, sel, returns_99);
    Class late;

    install(&change);
    enrol(late = fresh_class(l.child));
    assert_int_equal(send_long(instance(late), sel), 99);
    revert(&change);
    assert_int_equal(send_long(instance(late), sel), 1);
}

@interface Observed : NSObject {
    int number;
}
- (int)number;
- (void)setNumber:(int)n;
- (int)plain;
@end
@implementation Observed
- (int)number
{
    return number;
}
- (void)setNumber:(int)n
{
    number = n;
}
- (int)plain
{
    return 1;
}
- (void)observeValueForKeyPath:(NSString *)k ofObject:(id)o change:(NSDictionary *)c context:(void *)x
{
}
@end

static void
hooks_reach_an_object_that_is_observed(void **state)
{
    NSAutoreleasePool *pool = [NSAutoreleasePool new];
    Observed *observed = [Observed new];
    struct mn_change change = {.cls = [Observed class], .sel = @selector(plain), .imp = (IMP)returns_99 };

    [observed addObserver:observed forKeyPath:@"number" options:0 context:NULL];
    assert_ptr_not_equal(mn_object_class(observed), [Observed class]);
    install(&change);
    assert_int_equal([observed plain], 99);
    revert(&change);
    assert_int_equal([observed plain], 1);
    [observed removeObserver:observed forKeyPath:@"number"];
    [observed release];
    [pool release];
}

/* ---- Batches ---- */

static void
a_batch_is_refused_whole_when_one_change_is_wrong(void **state)
{
    SEL sel = fresh_selector("batch");
    struct line l = line_with(sel, returns_1);
    struct mn_change good = change_of(l.parent, sel, returns_99),
                     linked = change_of(l.child, sel, returns_50),
                     bad = change_of(l.grandchild, fresh_selector("batch"), returns_50);
    struct mn_change *const changes[] = {&good, &linked, &bad};
    struct mn_install batch;

    bad.types = NULL;
    assert_int_equal(mn_install_prepare(&batch, changes, 3, NULL), MEND_NO_METHOD);
    assert_line(l, sel, 1, 1, 1);
    assert_int_equal(good.state, MN_CHANGE_IDLE);
    assert_int_equal(linked.state, MN_CHANGE_IDLE);

    bad = change_of(Nil, sel, returns_50);
    assert_int_equal(mn_install_prepare(&batch, changes, 3, NULL), MEND_NO_CLASS);
    bad = change_of(l.child, sel, returns_50);
    assert_int_equal(mn_install_prepare(&batch, changes, 3, NULL), MEND_INVALID); /* twice the same method */
    bad = change_of(l.grandchild, sel, NULL);
    assert_int_equal(mn_install_prepare(&batch, changes, 3, NULL), MEND_INVALID);
    bad = change_of(l.grandchild, NULL, returns_50);
    assert_int_equal(mn_install_prepare(&batch, changes, 3, NULL), MEND_INVALID);
    assert_line(l, sel, 1, 1, 1);
    assert_true(mn_runtime_trylock());
    mn_runtime_unlock();
}

static void
a_class_still_being_built_is_refused(void **state)
{
    Class unborn = fresh_class(root);
    struct mn_change change = change_of(unborn, fresh_selector("unborn"), returns_99);

    assert_int_equal(mn_install_one(&change, NULL), MEND_NO_CLASS);
    mn_class_free(unborn);
}

static void
parent_and_child_change_in_one_batch(void **state)
{
    SEL sel = fresh_selector("both");
    struct line l = line_with(sel, returns_1);
    struct mn_change a = change_of(l.parent, sel, returns_50), b = change_of(l.child, sel, returns_99);
    struct mn_change *const changes[] = {&a, &b};
    unsigned long epoch = mn_runtime_epoch();
    struct mn_install batch;

    assert_int_equal(mn_install_prepare(&batch, changes, 2, NULL), MEND_OK);
    assert_line(l, sel, 1, 1, 1);
    mn_install_commit(&batch);
    assert_line(l, sel, 50, 99, 99);
    assert_true(mn_runtime_epoch() > epoch);
    assert_int_equal(mn_install_revert(changes, 2, NULL), MEND_OK);
    assert_line(l, sel, 1, 1, 1);
}

static void
an_abandoned_batch_leaves_no_trace(void **state)
{
    SEL sel = fresh_selector("abandoned");
    struct line l = line_with(sel, returns_1);
    struct mn_change a = change_of(l.parent, sel, returns_50), b = change_of(l.child, sel, returns_99);
    struct mn_change *const changes[] = {&a, &b};
    size_t live = mn_alloc_live();
    struct mn_install batch;

    assert_int_equal(mn_install_prepare(&batch, changes, 2, NULL), MEND_OK);
    mn_install_abandon(&batch);
    assert_line(l, sel, 1, 1, 1);
    assert_false(mn_method_own(l.child, sel, NULL));
    assert_int_equal(mn_alloc_live(), live);
    assert_int_equal(a.state, MN_CHANGE_IDLE);
}

static void
changes_stacked_on_one_method_come_off_in_reverse(void **state)
{
    SEL sel = fresh_selector("stacked");
    struct line l = line_with(sel, returns_1);
    struct mn_change first = change_of(l.child, sel, returns_50),
                     second = change_of(l.child, sel, returns_99);

    install(&first);
    install(&second);
    assert_ptr_equal(second.original, returns_50);
    assert_ptr_equal(second.owner, l.child);
    assert_line(l, sel, 1, 99, 99);
    revert(&second);
    assert_line(l, sel, 1, 50, 50);
    revert(&first);
    assert_line(l, sel, 1, 1, 1);
}

/* ---- Memory ---- */

static void
every_failing_allocation_leaves_all_as_it_was(void **state)
{
    SEL sel = fresh_selector("faults"), absent;
    struct line l = line_with(sel, returns_1);
    struct mn_faults f = {0};

    while (mn_faults_next(&f)) {
        struct mn_change own = change_of(l.parent, sel, returns_50),
                         inherited = change_of(l.child, sel, returns_99),
                         added = change_of(l.parent, absent = fresh_selector("faults"), returns_3);
        struct mn_change *const changes[] = {&own, &inherited, &added};
        struct mn_install batch;
        mend_status st = mn_install_prepare(&batch, changes, 3, NULL);

        if (mn_faults_hit(&f)) {
            assert_int_equal(st, MEND_NO_MEMORY);
            assert_line(l, sel, 1, 1, 1);
            assert_false(mn_method_own(l.child, sel, NULL));
            assert_false(class_respondsToSelector(l.grandchild, absent));
        } else {
            assert_int_equal(st, MEND_OK);
            mn_install_commit(&batch);
            assert_line(l, sel, 50, 99, 99);
            assert_line(l, absent, 3, 3, 3);
            assert_int_equal(mn_install_revert(changes, 3, NULL), MEND_OK);
            assert_line(l, sel, 1, 1, 1);
        }
    }
    assert_true(f.rounds > 6);
}

static void
hooking_and_unhooking_in_a_loop_uses_the_same_memory(void **state)
{
    SEL sel = fresh_selector("loop"), absent = fresh_selector("loop");
    struct line l = line_with(sel, returns_1);
    size_t before = 0;

    for (int i = 0; i < 2000; i++) {
        struct mn_change inherited = change_of(l.child, sel, returns_99),
                         added = change_of(l.child, absent, returns_50);

        install(&inherited);
        install(&added);
        assert_int_equal(send_long(l.g, sel) + send_long(l.g, absent), 149);
        revert(i % 2 ? &added : &inherited);
        revert(i % 2 ? &inherited : &added);
        if (i == 100)
            before = mallinfo2().uordblks;
    }
    assert_true(mallinfo2().uordblks <= before + 512);
}

/* ---- Beneath a change that stays ---- */

static struct mn_change tops[2], *on_top;

static long
asks_what_was_there(id self, SEL _cmd)
{
    if (on_top->next == NULL)
        return 1000 +
               ((long (*)(id, SEL))mn_lookup_super(self, mn_class_super(on_top->cls), _cmd))(self, _cmd);
    return 1000 + ((long (*)(id, SEL))on_top->next)(self, _cmd);
}

static void
a_change_is_taken_back_beneath_one_that_stays(void **state)
{
    for (int inherited = 0; inherited < 2; inherited++) {
        Class parent = fresh_class([NSObject class]), child;
        SEL sel = fresh_selector("under");
        struct mn_change under;
        id object;

        give(parent, sel, returns_1);
        enrol(parent);
        enrol(child = fresh_class(parent));
        object = instance(inherited ? child : parent);
        under = change_of(inherited ? child : parent, sel, returns_50);
        install(&under);
        on_top = &tops[inherited];
        *on_top = change_of(under.cls, sel, asks_what_was_there);
        on_top->stays = true;
        install(on_top);
        assert_int_equal(send_long(object, sel), 1050);
        assert_true(mn_install_stands(&under));
        revert(&under);
        assert_int_equal(send_long(object, sel), 1001);
        assert_int_equal(under.state, MN_CHANGE_IDLE);
        install(&under); /* now on top of it */
        assert_int_equal(send_long(object, sel), 50);
        revert(&under);
        assert_int_equal(send_long(object, sel), 1001);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_own_method_is_replaced_for_all_who_inherit_it_and_restored),
        cmocka_unit_test(an_inherited_method_is_replaced_below_the_class_only),
        cmocka_unit_test(an_absent_method_appears_and_disappears_again),
        cmocka_unit_test(an_absent_method_needs_an_encoding),
        cmocka_unit_test(a_method_beyond_the_end_of_the_tables_works),
        cmocka_unit_test(a_subclass_that_overrides_keeps_its_own),
        cmocka_unit_test(a_subclass_that_overrides_with_the_same_function_keeps_it),
        cmocka_unit_test(a_class_method_is_replaced),
        cmocka_unit_test(a_class_never_messaged_is_changed_without_being_initialised),
        cmocka_unit_test(methods_hooked_from_the_class_s_own_initialize_run_the_hook_afterwards),
        cmocka_unit_test(a_host_s_later_swizzle_of_an_unrelated_method_still_reaches_subclasses),
        cmocka_unit_test(a_swizzle_reaches_subclasses_through_tables_that_we_enlarged),
        cmocka_unit_test(after_an_inherited_method_s_revert_a_swizzle_reaches_the_subclass_again),
        cmocka_unit_test(a_method_the_host_replaced_since_is_left_to_it),
        cmocka_unit_test(a_category_loaded_later_wins_and_stays_when_the_hook_goes),
        cmocka_unit_test(a_subclass_made_after_the_hook_has_it_and_loses_it),
        cmocka_unit_test(hooks_reach_an_object_that_is_observed),
        cmocka_unit_test(a_batch_is_refused_whole_when_one_change_is_wrong),
        cmocka_unit_test(a_class_still_being_built_is_refused),
        cmocka_unit_test(parent_and_child_change_in_one_batch),
        cmocka_unit_test(an_abandoned_batch_leaves_no_trace),
        cmocka_unit_test(changes_stacked_on_one_method_come_off_in_reverse),
        cmocka_unit_test(a_change_is_taken_back_beneath_one_that_stays),
        cmocka_unit_test(every_failing_allocation_leaves_all_as_it_was),
        cmocka_unit_test(hooking_and_unhooking_in_a_loop_uses_the_same_memory),
    };

    return cmocka_run_group_tests(tests, set_up, NULL);
}
