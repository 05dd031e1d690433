/* SPDX-License-Identifier: MIT */
/*
 * Hooks placed while the runtime itself holds its mutex, from +load and +initialize, on two threads, while a
 * third hooks: nobody waits for ever, and every hook is in effect afterwards. And classes that clang
 * compiled.
 */
#import <Foundation/Foundation.h>

#include "families.h"
#include "loaded.h"

#include <dlfcn.h>
#include <pthread.h>
#include <unistd.h>

enum { SECONDS = 20 };

static struct mn_change hooks[2][2];
static int stop, begun;

void
runtime_test_hook(Class cls, int stage)
{
    SEL sel = mn_selector(stage == 0 ? "fromLoad" : "fromInitialize");

    usleep(20000); /* the others run into the mutex meanwhile */
    hooks[stage][0] = change_of(mn_class_meta(cls), sel, returns_99);
    install(&hooks[stage][0]);
    if (stage != 0)
        return;
    hooks[stage][1] = change_of(cls, sel, returns_50);
    install(&hooks[stage][1]);
}

static void *
load_the_library(void *data)
{
    void *library = dlopen(RUNTIME_LOADED_GCC, RTLD_NOW);

    if (library == NULL)
        printf("%s\n", dlerror());
    __atomic_store_n(&begun, 1, __ATOMIC_RELEASE);
    return library;
}

/* A class with +initialize of its own that hooks itself, started on another thread. */
static Class starter;
static struct mn_change starter_hook;

static void
hook_starter(id self, SEL _cmd)
{
    usleep(20000);
    starter_hook = change_of(mn_class_meta(starter), mn_selector("starterNumber"), returns_99);
    install(&starter_hook);
}

static void *
start_a_class(void *data)
{
    return (void *)send_long((id)starter, mn_selector("starterNumber"));
}

static void *
hook_all_the_time(void *data)
{
    SEL sel = data;
    Class cls = starter;
    unsigned long count = 0;

    while (!__atomic_load_n(&stop, __ATOMIC_ACQUIRE)) {
        struct mn_change change = change_of(cls, sel, returns_3);

        install(&change);
        revert(&change);
        count++;
    }
    return (void *)count;
}

static void
hooks_from_load_and_initialize_on_two_threads_while_a_third_hooks(void **state)
{
    pthread_t loading, initialising, hooking;
    void *library, *first_answer, *count;
    SEL sel = mn_selector("starterNumber");

    starter = fresh_class([NSObject class]);
    give(mn_class_meta(starter), sel, returns_1);
    give(mn_class_meta(starter), @selector(initialize), hook_starter);
    enrol(starter);
    alarm(SECONDS); /* a deadlock ends here, with a signal */
    pthread_create(&hooking, NULL, hook_all_the_time, (void *)fresh_selector("busy"));
    pthread_create(&loading, NULL, load_the_library, NULL);
    pthread_create(&initialising, NULL, start_a_class, NULL);
    pthread_join(loading, &library);
    pthread_join(initialising, &first_answer);
    assert_int_equal(send_long((id)mn_class_named("HooksInInitialize"), mn_selector("fromInitialize")), 99);
    __atomic_store_n(&stop, 1, __ATOMIC_RELEASE);
    pthread_join(hooking, &count);
    alarm(0);
    assert_non_null(library);
    assert_true((long)count > 0);
    assert_int_equal((long)first_answer, 99);
    assert_int_equal(send_long((id)mn_class_named("HooksInLoad"), mn_selector("fromLoad")), 99);
    assert_int_equal(send_long((id)mn_class_named("HooksInInitialize"), mn_selector("fromLoad")), 99);
    assert_int_equal(send_long(instance(mn_class_named("HooksInInitialize")), mn_selector("fromLoad")), 50);
    revert(&hooks[0][0]);
    revert(&hooks[0][1]);
    revert(&hooks[1][0]);
    revert(&starter_hook);
    assert_int_equal(send_long((id)mn_class_named("HooksInLoad"), mn_selector("fromLoad")), 1);
    assert_int_equal(send_long((id)mn_class_named("HooksInInitialize"), mn_selector("fromInitialize")), 1);
    assert_int_equal(send_long((id)starter, sel), 1);
}

static int
load_clang(void **state)
{
    return dlopen(RUNTIME_LOADED_CLANG, RTLD_NOW) == NULL;
}

static void
clang_leaves_its_metaclasses_marked(void **state)
{
    Class meta = mn_class_meta(mn_class_named("FromClangBelow"));

    assert_true((gcc_class(meta)->info & GCC_IN_CONSTRUCTION) != 0);
    assert_true(mn_class_registered(meta));
    assert_ptr_equal(mn_class_super(meta), mn_class_meta(mn_class_named("FromClang")));
}

static void
class_and_instance_methods_of_a_clang_class_are_replaced(void **state)
{
    Class top = mn_class_named("FromClang"), below = mn_class_named("FromClangBelow");
    SEL sel = mn_selector("number");
    struct mn_change side = change_of(mn_class_meta(top), sel, returns_99),
                     plain = change_of(top, sel, returns_50),
                     added = change_of(mn_class_meta(below), fresh_selector("added"), returns_3);

    install(&side);
    install(&plain);
    install(&added);
    assert_int_equal(send_long((id)top, sel), 99);
    assert_int_equal(send_long((id)below, sel), 99);
    assert_int_equal(send_long(instance(below), sel), 50);
    assert_int_equal(send_long((id)below, added.sel), 3);
    assert_false(class_respondsToSelector(mn_class_meta(top), added.sel));
    revert(&added);
    revert(&plain);
    revert(&side);
    assert_int_equal(send_long((id)below, sel), 1);
    assert_int_equal(send_long(instance(below), sel), 2);
    assert_false(class_respondsToSelector(mn_class_meta(below), added.sel));
}

static void
a_clang_class_s_variables_are_found(void **state)
{
    struct mn_ivar ivar;

    assert_true(mn_ivar_find(mn_class_named("FromClangBelow"), "weight", &ivar));
    assert_string_equal(ivar.types, "d");
    assert_ptr_equal(ivar.owner, mn_class_named("FromClang"));
    assert_true(ivar.offset > 0 && (size_t)ivar.offset < mn_class_instance_size(ivar.owner));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hooks_from_load_and_initialize_on_two_threads_while_a_third_hooks),
        cmocka_unit_test_setup(clang_leaves_its_metaclasses_marked, load_clang),
        cmocka_unit_test(class_and_instance_methods_of_a_clang_class_are_replaced),
        cmocka_unit_test(a_clang_class_s_variables_are_found),
    };

    [NSObject class];
    return cmocka_run_group_tests(tests, NULL, NULL);
}
