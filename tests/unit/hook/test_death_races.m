/* SPDX-License-Identifier: MIT */
/* An object dies on one thread while another renews, removes or turns the hook that is for it. */
#import "support/hook_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <cmocka.h>
#include <objc/runtime.h>
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>

#include "base/alloc.h"

/* GCC has no _Atomic in Objective-C. */
#define READ(x)     __atomic_load_n(&(x), __ATOMIC_SEQ_CST)
#define WRITE(x, v) __atomic_store_n(&(x), (v), __ATOMIC_SEQ_CST)

static int released;
static IMP beneath;

static void
count_release(void *data)
{
    __atomic_fetch_add(&released, 1, __ATOMIC_SEQ_CST);
}

static void
swizzled(id self, SEL _cmd)
{
    ((void (*)(id, SEL))beneath)(self, _cmd);
}

static void
swizzle(void)
{
    Method greet = class_getInstanceMethod([HookBase class], @selector(greet));

    beneath = method_getImplementation(greet);
    method_setImplementation(greet, (IMP)swizzled);
}

static mend_token *
hook_object(id object)
{
    mend_target target = {
        .class_name = "HookBase", .selector = "greet", .object = (struct objc_object *)object};
    mend_hook_spec spec = {
        .position = MEND_BEFORE, .advice = hook_writes, .data = "o", .release = count_release};
    mend_token *token;
    mend_error err;

    if (mend_hook_add(&target, &spec, &token, &err) != MEND_OK)
        fail_msg("%s", err.message);
    return token;
}

/* ---- A thread that lets an object go when told ---- */

static void *doomed; /* clang has no atomic operations on id */
static int let_go; /* 1: now */
static bool over;
static unsigned delay;

static void *
killer(void *data)
{
    while (!READ(over)) {
        id object;

        if (__atomic_exchange_n(&let_go, 0, __ATOMIC_SEQ_CST) == 0) {
            sched_yield();
            continue;
        }
        for (unsigned i = READ(delay); i > 0; i--)
            __asm__ volatile("" ::: "memory");
        object = (id)READ(doomed);
        [object release];
        WRITE(doomed, NULL);
    }
    return NULL;
}

static void
wait_for_the_death(void)
{
    while (READ(doomed) != NULL)
        sched_yield();
}

static unsigned
rounds(unsigned n)
{
    const char *scale = getenv("MEND_SCALE");

    return n * (scale ? (unsigned)atoi(scale) : 1);
}

static void
a_hook_renewed_while_its_object_dies_ends_with_it(void **state)
{
    pthread_t thread;
    IMP original = method_getImplementation(class_getInstanceMethod([HookBase class], @selector(greet)));
    mend_hook_stats before;
    unsigned count = rounds(2000), renewed = 0;
    HookBase *first;

    first = [HookBase new];
    mend_hook_remove(hook_object(first), NULL); /* what is kept for ever is there */
    [first release];
    mend_hook_collect();
    WRITE(released, 0);
    before = hook_baseline();
    pthread_create(&thread, NULL, killer, NULL);
    for (unsigned i = 0; i < count; i++) {
        id object = [HookBase new];
        mend_token *token = hook_object(object);

        swizzle();
        WRITE(doomed, (void *)object);
        WRITE(delay, i * 7 % 4000);
        WRITE(let_go, 1);
        for (unsigned spin = i * 13 % 20000; spin > 0; spin--)
            __asm__ volatile("" ::: "memory");
        renewed += mend_hook_reapply(&token, NULL) == MEND_OK;
        wait_for_the_death();
        assert_int_equal(mend_hook_remove(token, NULL), MEND_NOT_INSTALLED);
        method_setImplementation(class_getInstanceMethod([HookBase class], @selector(greet)), original);
        mend_hook_collect();
        if (READ(released) != (int)i + 1)
            fail_msg("round %u: %d released", i, READ(released));
    }
    WRITE(over, true);
    pthread_join(thread, NULL);
    print_message("%u of %u were renewed in time\n", renewed, count);
    hook_assert_baseline(&before);
}

/* ---- Exactly inside: at each allocation that renewing makes ---- */

static _Thread_local bool renewing; /* the killer allocates, too */
static int allocations, deadly;

static bool
die_here(size_t size)
{
    if (renewing && allocations++ == deadly) {
        WRITE(delay, 0);
        WRITE(let_go, 1);
        wait_for_the_death(); /* on the other thread: the mutex is not to be had there */
    }
    return false;
}

static void
death_at_each_step_of_renewing_is_noticed(void **state)
{
    pthread_t thread;
    IMP original = method_getImplementation(class_getInstanceMethod([HookBase class], @selector(greet)));
    bool reached = true;

    WRITE(over, false);
    pthread_create(&thread, NULL, killer, NULL);
    for (deadly = 0; reached; deadly++) {
        id object = [HookBase new];
        mend_token *token = hook_object(object);
        int before = READ(released);

        swizzle();
        WRITE(doomed, (void *)object);
        allocations = 0;
        renewing = true;
        mn_alloc_fault = die_here;
        mend_hook_reapply(&token, NULL);
        renewing = false;
        mn_alloc_fault = NULL;
        reached = allocations > deadly;
        if (!reached) {
            WRITE(delay, 0);
            WRITE(let_go, 1);
            wait_for_the_death();
        }
        assert_int_equal(mend_hook_remove(token, NULL), MEND_NOT_INSTALLED);
        method_setImplementation(class_getInstanceMethod([HookBase class], @selector(greet)), original);
        mend_hook_collect();
        assert_int_equal(READ(released), before + 1);
    }
    assert_true(deadly > 3);
    WRITE(over, true);
    pthread_join(thread, NULL);
}

/* ---- Removal ---- */

static void
a_hook_removed_while_its_object_dies_is_released_once(void **state)
{
    pthread_t thread;
    mend_hook_stats before = hook_baseline();
    unsigned count = rounds(3000);
    int base = READ(released);

    WRITE(over, false);
    pthread_create(&thread, NULL, killer, NULL);
    for (unsigned i = 0; i < count; i++) {
        id object = [HookBase new];
        mend_token *token = hook_object(object);
        mend_status st;

        WRITE(doomed, (void *)object);
        WRITE(delay, i * 3 % 1000);
        WRITE(let_go, 1);
        mend_hook_disable(token, NULL);
        mend_hook_enable(token, NULL);
        st = mend_hook_remove(token, NULL);
        assert_true(st == MEND_OK || st == MEND_NOT_INSTALLED);
        wait_for_the_death();
        mend_hook_collect();
        assert_int_equal(READ(released), base + (int)i + 1);
    }
    WRITE(over, true);
    pthread_join(thread, NULL);
    hook_assert_baseline(&before);
}

int
main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_hook_renewed_while_its_object_dies_ends_with_it),
        cmocka_unit_test(death_at_each_step_of_renewing_is_noticed),
        cmocka_unit_test(a_hook_removed_while_its_object_dies_is_released_once),
    };

    hook_test_main(argc, argv);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
