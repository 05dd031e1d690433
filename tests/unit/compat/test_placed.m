/* SPDX-License-Identifier: MIT */
/*
 * What the faces share, from inside: mixing with other hooks, and that nothing is left behind, whatever
 * fails.
 *
 * gcc has no blocks, so these are written as clang would emit them.
 */
#import "support/hook_fixture.h"
#include "support/faults.h"

#include "compat/info.h"
#include "compat/placed.h"
#include "runtime/blocks.h"
#include "base/alloc.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <cmocka.h>

struct descriptor {
    unsigned long reserved, size;
    const char *signature;
};

struct block {
    void *isa;
    int flags, reserved;
    void (*invoke)(void);
    const struct descriptor *descriptor;
};

@interface
NSObject (CallInfo)
- (void)invokeAndGetOriginalRetValue:(void *)result;
@end

static void
writes_x(struct block *block)
{
    hook_mark('x');
}

static void
wraps_in_brackets(struct block *block, id info)
{
    hook_mark('[');
    [info invokeAndGetOriginalRetValue:NULL];
    hook_mark(']');
}

static const struct descriptor no_parameters = {0, sizeof(struct block), "v8@?0"};
static const struct descriptor info_only = {0, sizeof(struct block), "v16@?0@8"};
static struct block plain, wrapping;

static struct mn_request
request_for(enum mn_face face, mend_position position, struct block *block)
{
    return (struct mn_request){.face = face,
                               .cls = mn_class_named("HookBase"),
                               .sel = mn_selector("greet"),
                               .position = position,
                               .weak = true,
                               .result_unused = true,
                               .identifier = "one",
                               .block = (id)(void *)block};
}

static struct mn_placed *
place(enum mn_face face, mend_position position, struct block *block)
{
    struct mn_request request = request_for(face, position, block);
    struct mn_placed *placed;
    mend_error err;

    if (mn_placed_add(&request, &placed, &err) != MEND_OK)
        fail_msg("%s; %s", err.message, err.remedy);
    return placed;
}

static void
take(struct mn_placed *placed)
{
    assert_int_equal(mn_placed_remove(placed, NULL), MEND_OK);
    assert_int_equal(mn_placed_remove(placed, NULL), MEND_NOT_INSTALLED);
    mn_placed_release(placed);
}

static const char *
greeting(void)
{
    HookBase *object = [HookBase new];

    hook_trace_clear();
    [object greet];
    [object release];
    return hook_trace;
}

static void
hooks_of_both_faces_and_of_the_engine_nest(void **state)
{
    mend_hook_stats before = hook_baseline();
    void *own = hook_imp("HookBase", "greet");
    struct mn_placed *aspect = place(MN_FACE_ASPECTS, MEND_INSTEAD, &wrapping);
    mend_token *plain_c = hook_on("HookBase", "greet", MEND_INSTEAD, hook_wraps, "()");
    struct mn_placed *stinger = place(MN_FACE_STINGER, MEND_INSTEAD, &wrapping);

    assert_string_equal(greeting(), "[([.])]");
    hook_off(plain_c);
    assert_string_equal(greeting(), "[[.]]");
    take(aspect);
    assert_string_equal(greeting(), "[.]");
    take(stinger);
    assert_string_equal(greeting(), ".");
    assert_ptr_equal(hook_imp("HookBase", "greet"), own);
    hook_assert_baseline(&before);
}

static void
what_is_placed_and_removed_leaves_nothing(void **state)
{
    mend_hook_stats before;
    size_t live;

    for (int i = 0; i < 3; i++) {
        struct mn_placed *all[9];

        before = hook_baseline();
        live = mn_alloc_live();
        for (int k = 0; k < 9; k++)
            all[k] = place(k % 2 ? MN_FACE_ASPECTS : MN_FACE_STINGER, (mend_position)(k % 3),
                           k % 4 ? &plain : &wrapping);
        greeting();
        for (int k = 0; k < 9; k++)
            take(all[(k * 4) % 9]);
        mend_hook_collect();
        if (i > 0) {
            hook_assert_baseline(&before);
            assert_int_equal(mn_alloc_live(), live);
        }
    }
}

static mend_status
refuses(const struct mn_request *request, mend_error *err)
{
    return MEND_EXISTS;
}

static void
a_refused_hook_leaves_nothing(void **state)
{
    struct mn_request request = request_for(MN_FACE_ASPECTS, MEND_BEFORE, &plain);
    mend_hook_stats before = hook_baseline();
    size_t live = mn_alloc_live();
    struct mn_placed *placed;

    request.admit = refuses;
    assert_int_equal(mn_placed_add(&request, &placed, NULL), MEND_EXISTS);
    assert_null(placed);
    assert_int_equal(mn_alloc_live(), live);
    hook_assert_baseline(&before);
}

static void
fail_allocations(mend_position position)
{
    struct mn_request request = request_for(MN_FACE_ASPECTS, position, &wrapping);
    void *own = hook_imp("HookBase", "greet");
    struct mn_faults f = {.keeps = true};

    take(place(MN_FACE_ASPECTS, position, &wrapping)); /* what stays for ever is there */
    while (mn_faults_next(&f)) {
        struct mn_placed *placed;
        mend_error err;
        mend_status st = mn_placed_add(&request, &placed, &err);

        if (mn_faults_hit(&f)) {
            assert_true(st == MEND_NO_MEMORY || st == MEND_OK);
        } else {
            assert_int_equal(st, MEND_OK);
        }
        if (st == MEND_OK) {
            assert_string_equal(greeting(), position == MEND_BEFORE ? "[.]." : "[.]");
            take(placed);
        }
        assert_string_equal(greeting(), ".");
        assert_ptr_equal(hook_imp("HookBase", "greet"), own);
    }
    assert_true(f.rounds > 4);
}

static void
the_nth_failing_allocation_leaves_the_method_alone(void **state)
{
    fail_allocations(MEND_BEFORE);
    fail_allocations(MEND_INSTEAD);
}

static const char *
greeting_of(HookBase *object)
{
    hook_trace_clear();
    [object greet];
    return hook_trace;
}

static void
the_nth_failing_allocation_of_an_object_s_instead_leaves_the_class_s(void **state)
{
    HookBase *object = [HookBase new];
    struct mn_request request = request_for(MN_FACE_ASPECTS, MEND_INSTEAD, &plain);
    struct mn_placed *of_class = place(MN_FACE_ASPECTS, MEND_INSTEAD, &wrapping), *placed;
    struct mn_faults f = {.keeps = true};

    request.cls = Nil;
    request.object = object;
    assert_int_equal(mn_placed_add(&request, &placed, NULL), MEND_OK);
    take(placed);
    while (mn_faults_next(&f)) {
        mend_status st = mn_placed_add(&request, &placed, NULL);

        if (!mn_faults_hit(&f))
            assert_int_equal(st, MEND_OK);
        assert_string_equal(greeting_of(object), st == MEND_OK ? "[.]x" : "[.]");
        assert_string_equal(greeting(), "[.]");
        if (st == MEND_OK)
            take(placed);
        assert_string_equal(greeting_of(object), "[.]");
    }
    take(of_class);
    assert_string_equal(greeting_of(object), ".");
    [object release];
}

static void
what_an_object_leaves_behind_goes_with_the_next_hook(void **state)
{
    struct mn_request request = request_for(MN_FACE_ASPECTS, MEND_INSTEAD, &plain);
    mend_hook_stats before;
    size_t live = 0;

    for (int i = 0; i < 4; i++) {
        HookBase *object = [HookBase new];
        struct mn_placed *placed;

        request.cls = Nil;
        request.object = object;
        assert_int_equal(mn_placed_add(&request, &placed, NULL), MEND_OK);
        mn_placed_release(placed);
        assert_string_equal(greeting_of(object), "x");
        [object release];
        take(place(MN_FACE_ASPECTS, MEND_INSTEAD, &plain));
        mend_hook_collect();
        if (i == 1) {
            before = hook_baseline();
            live = mn_alloc_live();
        }
    }
    hook_assert_baseline(&before);
    assert_int_equal(mn_alloc_live(), live);
}

static void
the_nth_failing_allocation_of_a_second_instead_leaves_the_first(void **state)
{
    struct mn_request request = request_for(MN_FACE_ASPECTS, MEND_INSTEAD, &plain);
    struct mn_placed *first = place(MN_FACE_ASPECTS, MEND_INSTEAD, &wrapping);
    struct mn_faults f = {.keeps = true};

    while (mn_faults_next(&f)) {
        struct mn_placed *placed;
        mend_status st = mn_placed_add(&request, &placed, NULL);

        if (!mn_faults_hit(&f))
            assert_int_equal(st, MEND_OK);
        assert_string_equal(greeting(), st == MEND_OK ? "[.]x" : "[.]");
        if (st == MEND_OK)
            take(placed);
        assert_string_equal(greeting(), "[.]");
    }
    take(first);
    assert_string_equal(greeting(), ".");
}

static bool
no_memory(size_t size)
{
    return true;
}

static void
a_removal_without_memory_stops_the_block_all_the_same(void **state)
{
    struct mn_placed *first = place(MN_FACE_ASPECTS, MEND_INSTEAD, &wrapping);
    struct mn_placed *second = place(MN_FACE_ASPECTS, MEND_INSTEAD, &plain);
    struct mn_placed *third;

    mn_alloc_fault = no_memory;
    assert_int_equal(mn_placed_remove(first, NULL), MEND_OK);
    mn_alloc_fault = NULL;
    mn_placed_release(first);
    assert_string_equal(greeting(), "x");
    third = place(MN_FACE_ASPECTS, MEND_INSTEAD, &wrapping);
    assert_string_equal(greeting(), "x[.]");
    take(second);
    take(third);
    assert_string_equal(greeting(), ".");
}

int
main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hooks_of_both_faces_and_of_the_engine_nest),
        cmocka_unit_test(what_is_placed_and_removed_leaves_nothing),
        cmocka_unit_test(a_refused_hook_leaves_nothing),
        cmocka_unit_test(the_nth_failing_allocation_leaves_the_method_alone),
        cmocka_unit_test(the_nth_failing_allocation_of_an_object_s_instead_leaves_the_class_s),
        cmocka_unit_test(what_an_object_leaves_behind_goes_with_the_next_hook),
        cmocka_unit_test(the_nth_failing_allocation_of_a_second_instead_leaves_the_first),
        cmocka_unit_test(a_removal_without_memory_stops_the_block_all_the_same),
    };
    NSAutoreleasePool *pool = [NSAutoreleasePool new];
    int failed;

    hook_test_main(argc, argv);
    assert_int_equal(mn_info_register(NULL), MEND_OK);
    plain = (struct block){(void *)mn_block_heap_class(), MN_BLOCK_IS_GLOBAL | MN_BLOCK_HAS_SIGNATURE, 0,
                           (void (*)(void))writes_x, &no_parameters};
    wrapping = (struct block){(void *)mn_block_heap_class(), MN_BLOCK_IS_GLOBAL | MN_BLOCK_HAS_SIGNATURE, 0,
                              (void (*)(void))wraps_in_brackets, &info_only};
    failed = cmocka_run_group_tests(tests, NULL, NULL);
    [pool release];
    return failed;
}
