/* SPDX-License-Identifier: MIT */
/*
 * Blocks made by clang, copied, counted and messaged.
 *
 * Built twice: runtime_blocks with libBlocksRuntime in front of libgnustep-base, runtime_blocks_other_order
 * with libgnustep-base in front, whose stubs the blocks are bound to then (MEND_OTHER_ORDER).
 */
#import "mortals.h"

#include "blocks_fixture.h"

#include "runtime/blocks.h"
#include "runtime/create.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#ifdef MEND_OTHER_ORDER
static const bool right_order = false;
#else
static const bool right_order = true;
#endif

static id copied;

static void
keep(id block)
{
    copied = mn_block_copy(block);
    assert_non_null(copied);
    assert_ptr_not_equal(copied, block);
}

static struct mn_block *
fields(id block)
{
    return (struct mn_block *)block;
}

static int
count(id block)
{
    return fields(block)->flags & MN_BLOCK_COUNT_MASK;
}

/* ---- Copying ---- */

static void
a_copy_outlives_its_scope(void **state)
{
    blocks_with_adder(40, keep);
    assert_int_equal(blocks_call(copied, 2), 42);
    mn_block_release(copied);
}

static void
a_copied_block_shares_its_variable_with_the_function(void **state)
{
    int (*invoke)(id, int);

    assert_int_equal(blocks_with_counter(keep), 0);
    memset(__builtin_alloca(4096), 0x5a, 4096); /* where the function's frame was */
    invoke = (int (*)(id, int))mn_block_invoke(copied);
    assert_int_equal(invoke(copied, 2), 2);
    assert_int_equal(invoke(copied, 3), 5);
    mn_block_release(copied);
}

static void
copy_and_call(id block)
{
    keep(block);
    blocks_call(copied, 5);
    blocks_call(block, 2);
    mn_block_release(copied);
}

static id second;

static void
copy_twice(id block)
{
    keep(block);
    second = mn_block_copy(block);
}

static void
two_copies_share_one_variable(void **state)
{
    blocks_with_counter(copy_twice);
    memset(__builtin_alloca(4096), 0x5a, 4096);
    assert_int_equal(blocks_call(copied, 2), 2);
    assert_int_equal(blocks_call(second, 3), 5);
    mn_block_release(copied);
    assert_int_equal(blocks_call(second, 1), 6);
    mn_block_release(second);
}

static void
what_the_copy_does_to_a_variable_the_function_sees(void **state)
{
    assert_int_equal(blocks_with_counter(copy_and_call), 7);
}

static void
a_captured_block_is_copied_along(void **state)
{
    blocks_with_nested(6, keep);
    if (right_order)
        assert_int_equal(blocks_call(copied, 7), 43);
    mn_block_release(copied);
}

static void
a_captured_object_is_given_as_it_was(void **state)
{
    Mortal *object = mortal('d');

    blocks_with_object(object, keep);
    assert_ptr_equal(blocks_call_object(copied), object);
    mn_block_release(copied);
    [object release];
    assert_string_equal(trace, "d");
}

static void
references_are_counted(void **state)
{
    blocks_with_adder(1, keep);
    assert_int_equal(count(copied), 1);
    assert_ptr_equal(mn_block_copy(copied), copied);
    assert_int_equal(count(copied), 2);
    mn_block_release(copied);
    assert_int_equal(count(copied), 1);
    assert_int_equal(blocks_call(copied, 1), 2);
    mn_block_release(copied);
}

static void
global_blocks_and_nil_are_not_counted(void **state)
{
    id global = blocks_global();

    assert_ptr_equal(mn_block_copy(global), global);
    mn_block_release(global);
    mn_block_release(global);
    assert_int_equal(blocks_call(global, 4), 8);
    assert_null(mn_block_copy(nil));
    mn_block_release(nil);
}

static void
release_on_stack(id block)
{
    mn_block_release(block);
    assert_int_equal(blocks_call(block, 1), 8);
}

static void
a_stack_block_is_not_released(void **state)
{
    blocks_with_adder(7, release_on_stack);
}

static void
the_library_and_mend_count_the_same_references(void **state)
{
    if (!right_order)
        return; /* libgnustep-base's _Block_copy copies nothing that clang makes */
    blocks_with_adder(1, keep);
    assert_ptr_equal(blocks_library_copy(copied), copied);
    assert_int_equal(count(copied), 2);
    mn_block_release(copied);
    assert_int_equal(blocks_call(copied, 1), 2);
    blocks_library_release(copied);
}

static void
a_count_at_its_limit_stays_there(void **state)
{
    blocks_with_adder(1, keep);
    fields(copied)->flags |= MN_BLOCK_COUNT_MASK;
    mn_block_copy(copied);
    mn_block_release(copied);
    assert_int_equal(count(copied), MN_BLOCK_COUNT_MASK);
    assert_true(fields(copied)->flags & MN_BLOCK_ON_HEAP);
    fields(copied)->flags = (fields(copied)->flags & ~MN_BLOCK_COUNT_MASK) | 1;
    mn_block_release(copied);
}

/* ---- Reading ---- */

static void
signatures_are_those_clang_writes(void **state)
{
    blocks_with_adder(1, keep);
    assert_string_equal(mn_block_signature(copied), "i12@?0i8");
    mn_block_release(copied);
    blocks_with_object(nil, keep); /* has helpers in front of it */
    assert_string_equal(mn_block_signature(copied), "@8@?0");
    mn_block_release(copied);
    assert_string_equal(mn_block_signature(blocks_global()), "i12@?0i8");
    assert_null(mn_block_signature(nil));
}

static void
a_struct_result_is_marked(void **state)
{
    struct blocks_rect r;

    blocks_with_rect(keep);
#if !defined(__aarch64__) /* there the address of a result is no argument, and clang leaves the mark out */
    assert_true(fields(copied)->flags & MN_BLOCK_RETURNS_STRUCT);
#endif
    assert_true(mn_block_size(copied) >= sizeof(struct mn_block) + sizeof(double));
    r = blocks_call_rect(copied, 1.5);
    assert_true(r.x == 1.5 && r.y == 3 && r.w == 3 && r.h == 4);
    mn_block_release(copied);
}

static void
expect_block(id block)
{
    assert_true(mn_object_is_block(block));
}

static void
blocks_are_told_from_objects(void **state)
{
    blocks_with_adder(1, expect_block);
    blocks_with_adder(1, keep);
    expect_block(copied);
    mn_block_release(copied);
    expect_block(blocks_global());
    assert_false(mn_object_is_block(nil));
    assert_false(mn_object_is_block(@"text"));
    assert_false(mn_object_is_block([NSObject class]));
    assert_false(mn_object_is_block([NSNull null]));
}

static void
expect_refusal(id block)
{
    static const char key;
    mn_weak weak = {0};
    mend_error err;

    assert_int_equal(mn_side_set(block, &key, @"x", MN_SIDE_RETAIN, &err), MEND_REFUSED_OBJECT);
    assert_int_equal(mn_weak_store(&weak, block, &err), MEND_REFUSED_OBJECT);
    assert_int_equal(mn_object_on_death(block, mark_death, "x", NULL, &err), MEND_REFUSED_OBJECT);
    assert_string_equal(err.message, "a block dies without -dealloc: nothing tells when");
}

static void
blocks_are_refused_where_death_matters(void **state)
{
    blocks_with_adder(1, expect_refusal);
    expect_refusal(blocks_global());
}

/* ---- As objects ---- */

static void
a_block_is_an_object(void **state)
{
    blocks_with_adder(40, keep);
    assert_true([copied isKindOfClass:NSClassFromString(@"NSBlock")]);
    assert_true([copied isKindOfClass:[NSObject class]]);
    assert_true([copied conformsToProtocol:@protocol(NSCopying)]);
    assert_true([[copied description] hasPrefix:@"<"]);
    assert_int_equal([copied retainCount], 1);
    assert_ptr_equal([copied retain], copied);
    assert_ptr_equal([copied copy], copied);
    assert_int_equal([copied retainCount], 3);
    [copied release];
    [copied release];
    [[copied retain] autorelease];
    [(id)*state release];
    *state = [NSAutoreleasePool new];
    assert_int_equal([copied retainCount], 1);
    [copied release];
}

static void
put_into_array(id block)
{
    NSMutableArray *array = [[NSMutableArray alloc] init];

    [array addObject:right_order ? block : copied];
    [array addObject:blocks_global()];
    assert_int_equal(blocks_call([array objectAtIndex:0], 2), 42);
    assert_int_equal(blocks_call([array objectAtIndex:1], 2), 4);
    [array removeAllObjects];
    [array release];
}

static void
an_array_holds_blocks_of_every_kind(void **state)
{
    blocks_with_adder(40, keep);
    blocks_with_adder(40, put_into_array);
    put_into_array(copied);
    mn_block_release(copied);
}

static void
copy_by_message(id block)
{
    copied = [block copy];
    assert_ptr_not_equal(copied, block);
    assert_ptr_equal(object_getClass(copied), mn_block_heap_class());
}

static void
a_stack_block_copied_by_message_outlives_its_scope(void **state)
{
    if (!right_order)
        return; /* its class is one word of libgnustep-base: no message can reach it */
    blocks_with_adder(1, copy_by_message);
    assert_int_equal(blocks_call(copied, 1), 2);
    [copied release];
}

static void
block_classes_are_found_by_name(void **state)
{
    assert_non_null(NSClassFromString(@"NSBlock"));
    assert_ptr_equal(NSClassFromString(@"__NSGlobalBlock__"), object_getClass(blocks_global()));
    assert_ptr_equal(class_getSuperclass(object_getClass(blocks_global())), NSClassFromString(@"NSBlock"));
    assert_int_equal(mn_blocks_register(NULL), MEND_OK); /* again: nothing new */
    assert_null(NSClassFromString(@"__NSGlobalBlock__2"));
}

/* ---- No memory, threads, another's classes ---- */

static void
copy_without_memory(id block)
{
    struct mn_faults f = {0};

    while (mn_faults_next(&f)) {
        id copy = mn_block_copy(block);

        if (mn_faults_hit(&f))
            assert_null(copy);
        else
            assert_int_equal(blocks_call(copy, 1), 2);
        mn_block_release(copy);
    }
    assert_int_equal(blocks_call(block, 1), 2);
}

static void
copy_counter_without_memory(id block)
{
    struct mn_faults f = {0};

    while (mn_faults_next(&f)) {
        id copy = mn_block_copy(block);

        mn_faults_hit(&f);
        if (copy != nil)
            blocks_call(copy, 0);
        mn_block_release(copy);
    }
    assert_int_equal(blocks_call(block, 0), 0);
}

static void
without_memory_there_is_no_copy(void **state)
{
    blocks_with_adder(1, copy_without_memory);
    blocks_with_counter(copy_counter_without_memory);
}

static void *
copy_and_release(void *block)
{
    for (int i = 0; i < 100000; i++) {
        mn_block_copy(block);
        [(id)block retain];
        mn_block_release(block);
        [(id)block release];
    }
    return NULL;
}

static void
threads_count_one_block(void **state)
{
    pthread_t threads[3];

    blocks_with_adder(1, keep);
    for (int i = 0; i < 3; i++)
        pthread_create(&threads[i], NULL, copy_and_release, copied);
    for (int i = 0; i < 3; i++)
        pthread_join(threads[i], NULL);
    assert_int_equal(count(copied), 1);
    mn_block_release(copied);
}

/* The first test: nothing is registered yet. */
static void
without_memory_classes_are_registered_later(void **state)
{
    struct mn_faults f = {.keeps = true};

    assert_null(NSClassFromString(@"NSBlock"));
    assert_null(mn_block_heap_class());
    blocks_are_told_from_objects(state);
    blocks_with_adder(40, keep); /* copying needs no classes */
    assert_int_equal(blocks_call(copied, 2), 42);
    mn_block_release(copied);
    while (mn_faults_next(&f)) {
        mend_status st = mn_blocks_register(NULL);

        assert_int_equal(st, mn_faults_hit(&f) ? MEND_NO_MEMORY : MEND_OK);
    }
    assert_non_null(mn_block_heap_class());
}

/* Puts a class of its own where libBlocksRuntime's global blocks point, as the host may. */
static int
with_the_hosts_classes(void)
{
    void *area = object_getClass(blocks_global()), *first;
    Class shell = objc_allocateClassPair([NSObject class], "HostsBlock", 0);

    memcpy(area, shell, 13 * sizeof(void *));
    objc_registerClassPair(area);
    first = *(void **)area;
    if (mn_blocks_register(NULL) != MEND_OK || *(void **)area != first)
        return 1;
    if (object_getClass(blocks_global()) != NSClassFromString(@"HostsBlock"))
        return 2;
    blocks_with_adder(40, keep);
    if (![copied isKindOfClass:NSClassFromString(@"NSBlock")] || blocks_call(copied, 1) != 41)
        return 3;
    return mn_object_is_block(copied) ? 0 : 4;
}

static void
classes_the_host_has_registered_stay(void **state)
{
    int status = -1;
    pid_t child = fork();

    if (child == 0)
        _exit(with_the_hosts_classes());
    waitpid(child, &status, 0);
    assert_int_equal(status, 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        CLEAN(classes_the_host_has_registered_stay),
        CLEAN(without_memory_classes_are_registered_later),
        CLEAN(a_copy_outlives_its_scope),
        CLEAN(a_copied_block_shares_its_variable_with_the_function),
        CLEAN(two_copies_share_one_variable),
        CLEAN(what_the_copy_does_to_a_variable_the_function_sees),
        CLEAN(a_captured_block_is_copied_along),
        CLEAN(a_captured_object_is_given_as_it_was),
        CLEAN(references_are_counted),
        CLEAN(global_blocks_and_nil_are_not_counted),
        CLEAN(a_stack_block_is_not_released),
        CLEAN(the_library_and_mend_count_the_same_references),
        CLEAN(a_count_at_its_limit_stays_there),
        CLEAN(signatures_are_those_clang_writes),
        CLEAN(a_struct_result_is_marked),
        CLEAN(blocks_are_told_from_objects),
        CLEAN(blocks_are_refused_where_death_matters),
        CLEAN(a_block_is_an_object),
        CLEAN(an_array_holds_blocks_of_every_kind),
        CLEAN(a_stack_block_copied_by_message_outlives_its_scope),
        CLEAN(block_classes_are_found_by_name),
        CLEAN(without_memory_there_is_no_copy),
        CLEAN(threads_count_one_block),
    };

    counts_seen();
    [NSAutoreleasePool new];
    return cmocka_run_group_tests(tests, NULL, NULL);
}
