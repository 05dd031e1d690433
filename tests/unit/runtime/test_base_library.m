/* SPDX-License-Identifier: MIT */
/*
 * Every own method of libgnustep-base installed in one batch and taken back: the tables of a real hierarchy,
 * the root class with all below it included. No message is sent while they are replaced. The test prints what
 * it took.
 */
#import <Foundation/Foundation.h>

#include "families.h"

#include "base/list.h"

#include <malloc.h>
#include <time.h>

struct all {
    struct mn_list changes; /* struct mn_change */
    Class cls;
};

static bool
add_method(void *data, const struct mn_method *method)
{
    struct all *all = data;
    struct mn_change *change = mn_list_add(&all->changes);

    *change = (struct mn_change){.cls = method->owner, .sel = method->sel, .imp = (IMP)returns_99};
    return true;
}

static bool
add_class(void *data, Class cls)
{
    mn_method_each(cls, add_method, data);
    mn_method_each(mn_class_meta(cls), add_method, data);
    return true;
}

/* What GNUstep's +initialize methods leave behind is theirs. */
extern void __lsan_disable(void) __attribute__((weak));
extern void __lsan_enable(void) __attribute__((weak));

static bool
wake(void *data, Class cls)
{
    if (cls != [NSObject class] && !mn_class_inherits(cls, [NSObject class]))
        return true;
    if (class_getInstanceMethod(cls, @selector(description)) != NULL)
        class_respondsToSelector(cls, @selector(description)); /* installs the table of instances */
    return true;
}

static unsigned long
milliseconds(const struct timespec *since)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (unsigned long)((now.tv_sec - since->tv_sec) * 1000 + (now.tv_nsec - since->tv_nsec) / 1000000);
}

static struct mn_change **
pointers_to(struct mn_list *changes)
{
    struct mn_change **list = calloc(changes->count, sizeof(*list));

    for (size_t i = 0; i < changes->count; i++)
        list[i] = MN_LIST_AT(struct mn_change, changes, i);
    return list;
}

static size_t
count_not(const struct mn_list *changes, bool installed)
{
    size_t wrong = 0;

    for (size_t i = 0; i < changes->count; i++) {
        const struct mn_change *c = MN_LIST_AT(struct mn_change, changes, i);
        IMP want = installed ? c->imp : c->original, seen = mn_lookup_installed(c->cls, c->sel);

        wrong += seen != NULL && seen != want;
        wrong += ((struct gcc_method *)c->record)->imp != want;
    }
    return wrong;
}

static void
every_own_method_is_replaced_and_restored(void **state)
{
    struct all all = {.changes = MN_LIST_OF(struct mn_change)};
    struct mn_change **changes;
    struct mn_install batch;
    struct timespec start;
    size_t before, wrong_in, wrong_out;
    unsigned long in, out;
    mend_status st;

    if (__lsan_disable != NULL)
        __lsan_disable();
    mn_class_each(wake, NULL);
    if (__lsan_enable != NULL)
        __lsan_enable();
    mn_class_each(add_class, &all);
    changes = pointers_to(&all.changes);
    before = mallinfo2().uordblks;
    clock_gettime(CLOCK_MONOTONIC, &start);
    st = mn_install_prepare(&batch, changes, all.changes.count, NULL);
    assert_int_equal(st, MEND_OK);
    mn_install_commit(&batch);
    in = milliseconds(&start);
    wrong_in = count_not(&all.changes, true);
    clock_gettime(CLOCK_MONOTONIC, &start);
    st = mn_install_revert(changes, all.changes.count, NULL);
    out = milliseconds(&start);
    wrong_out = count_not(&all.changes, false);
    printf("%zu own methods: installed in %lu ms, taken back in %lu ms, %ld bytes kept\n", all.changes.count,
           in, out, (long)(mallinfo2().uordblks - before));
    assert_int_equal(st, MEND_OK);
    assert_int_equal(wrong_in, 0);
    assert_int_equal(wrong_out, 0);
    assert_true(all.changes.count > 5000);
    free(changes);
    mn_list_fini(&all.changes);
}

static void
what_one_hook_and_unhook_costs(void **state)
{
    struct mn_change own = change_of([NSString class], @selector(hasPrefix:), returns_99),
                     top = change_of([NSObject class], @selector(isProxy), returns_99),
                     inherited = change_of([NSString class], @selector(isProxy), returns_99);
    struct mn_change *each[] = {&own, &top, &inherited};
    const char *names[] = {"own", "own of the root class", "inherited"};

    for (int k = 0; k < 3; k++) {
        struct timespec start;

        clock_gettime(CLOCK_MONOTONIC, &start);
        for (int i = 0; i < 1000; i++) {
            mn_install_one(each[k], NULL);
            mn_install_revert_one(each[k], NULL);
        }
        printf("%s: %lu us for hook and unhook\n", names[k], milliseconds(&start));
    }
    assert_false([@"x" isProxy]);
}

int
main(void)
{
    NSAutoreleasePool *pool = [NSAutoreleasePool new];
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_own_method_is_replaced_and_restored),
        cmocka_unit_test(what_one_hook_and_unhook_costs),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);

    [pool release];
    return failed;
}
