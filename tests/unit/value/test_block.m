/* SPDX-License-Identifier: MIT */
/* Blocks made at run time, as objects: who owns them, what Foundation and libBlocksRuntime do with them. */
#import <Foundation/Foundation.h>

#include "base/alloc.h"
#include "runtime/exception.h"
#include "support/faults.h"
#include "value/block.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <cmocka.h>

static int ended;

static void
counts_end(void *context)
{
    ++*(int *)context;
}

static void
answers_its_context(struct mn_frame *frame, const struct mn_signature *type, void *context)
{
    mn_frame_set(frame, &type->result_place, context);
}

static void
does_nothing(struct mn_frame *frame, const struct mn_signature *type, void *context)
{
}

static id
made(const char *encoding, mn_block_body *body, void *context, void (*release)(void *context))
{
    mend_error err;
    id block;

    if (mn_block_new(encoding, body, context, release, &block, &err) != MEND_OK)
        fail_msg("%s: %s", encoding, err.message);
    return block;
}

static void
the_last_release_ends_the_context_whoever_sends_it(void **state)
{
    id block = made("v@?", does_nothing, &ended, counts_end);
    NSAutoreleasePool *pool = [NSAutoreleasePool new];
    NSArray *array = [[NSArray alloc] initWithObjects:&block count:1];

    ended = 0;
    assert_ptr_equal(_Block_copy(block), block); /* libBlocksRuntime's own */
    assert_ptr_equal(mn_block_copy(block), block);
    assert_ptr_equal([block copy], block);
    assert_ptr_equal([block retain], block);
    mn_block_release(block);
    _Block_release(block);
    mn_block_release(block);
    [block release];
    [block release];
    assert_int_equal(ended, 0);
    [array release];
    assert_int_equal(ended, 1);
    block = made("v@?", does_nothing, &ended, counts_end);
    _Block_release(block);
    assert_int_equal(ended, 2);
    [pool release];
}

static void
a_made_block_is_an_object_that_knows_its_type(void **state)
{
    id block = made("i@?id", does_nothing, NULL, NULL);

    assert_true(mn_object_is_block(block));
    assert_true([block isKindOfClass:NSClassFromString(@"NSBlock")]);
    assert_string_equal(mn_block_signature(block), "i@?id");
    mn_block_release(block);
}

static void
a_result_nobody_sets_is_zero(void **state)
{
    const struct mn_signature *type;
    id block = made("{R=dddd}@?", does_nothing, NULL, NULL);
    double rect[4] = {1, 2, 3, 4};

    assert_int_equal(mn_block_type(block, NULL, &type, NULL), MEND_OK);
    mn_block_call(type, block, NULL, rect);
    for (int i = 0; i < 4; i++)
        assert_true(rect[i] == 0);
    mn_block_call(type, block, NULL, NULL);
    mn_block_release(block);
}

/* Stops at the second object. */
static void
enumerates(struct mn_frame *frame, const struct mn_signature *type, void *context)
{
    id *object = mn_frame_peek(frame, &type->arguments[1].place);
    NSUInteger *index = mn_frame_peek(frame, &type->arguments[2].place);
    BOOL **stop = mn_frame_peek(frame, &type->arguments[3].place);

    [(NSMutableString *)context appendFormat:@"%@%lu ", *object, (unsigned long)*index];
    **stop = *index == 1;
}

/* GNUstep, compiled by gcc, calls it through its invoke function. */
static void
foundation_calls_a_made_block(void **state)
{
    NSAutoreleasePool *pool = [NSAutoreleasePool new];
    NSMutableString *seen = [NSMutableString string];
    NSArray *array = [NSArray arrayWithObjects:@"a", @"b", @"c", nil];
    SEL sel = @selector(enumerateObjectsUsingBlock:);
    id block = made("v@?@Q^C", enumerates, seen, NULL);

    ((void (*)(id, SEL, id))[array methodForSelector:sel])(array, sel, block);
    assert_string_equal([seen UTF8String], "a0 b1 ");
    mn_block_release(block);
    [pool release];
}

static void
throws(struct mn_frame *frame, const struct mn_signature *type, void *context)
{
    [NSException raise:@"Thrown" format:@"by a made block"];
}

static void
call(void *block)
{
    const struct mn_signature *type;

    assert_int_equal(mn_block_type((id)block, NULL, &type, NULL), MEND_OK);
    mn_block_call(type, (id)block, NULL, NULL);
}

static void
exceptions_leave_a_made_block(void **state)
{
    NSAutoreleasePool *pool = [NSAutoreleasePool new];
    static const char *const encodings[] = {"v@?", "d@?", "D@?", "jD@?", "{R=dddd}@?"};

    for (size_t i = 0; i < sizeof encodings / sizeof *encodings; i++) {
        id block = made(encodings[i], throws, NULL, NULL), exception = nil;

        assert_false(mn_try(call, block, &exception));
        assert_string_equal([[exception name] UTF8String], "Thrown");
        mn_block_release(block);
    }
    [pool release];
}

static void
only_its_maker_finds_the_context(void **state)
{
    int context;
    id block = made("v@?", does_nothing, &context, NULL);

    assert_ptr_equal(mn_block_context(block, does_nothing), &context);
    assert_null(mn_block_context(block, throws));
    assert_null(mn_block_context(@"a string", does_nothing));
    assert_null(mn_block_context(nil, does_nothing));
    mn_block_release(block);
}

static void
what_is_no_type_of_a_block_is_refused(void **state)
{
    static const struct {
        const char *encoding;
        mend_status status;
    } refused[] = {
        {"", MEND_BAD_ENCODING},
        {"v@?(", MEND_BAD_ENCODING},
        {"v", MEND_UNSUPPORTED_ENCODING},
        {"v@:", MEND_UNSUPPORTED_ENCODING},
        {"v@?{S}", MEND_UNSUPPORTED_ENCODING},
    };
    const struct mn_signature *type;
    mend_error err;
    id block;

    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        block = (id)&block;
        assert_int_equal(mn_block_new(refused[i].encoding, does_nothing, &ended, counts_end, &block, &err),
                         refused[i].status);
        assert_null(block);
    }
    assert_int_equal(mn_block_type(@"a string", NULL, &type, &err), MEND_INVALID);
    assert_null(type);
    assert_int_equal(mn_block_type(nil, NULL, &type, &err), MEND_INVALID);
}

static void
the_nth_failing_allocation_makes_no_block(void **state)
{
    struct mn_faults f = {.keeps = true}; /* the signature */
    id block;

    ended = 0;
    while (mn_faults_next(&f)) {
        mend_status st = mn_block_new("q@?@iqd{R=dddd}", does_nothing, &ended, counts_end, &block, NULL);

        if (mn_faults_hit(&f)) {
            assert_int_equal(st, MEND_NO_MEMORY);
            assert_null(block);
            assert_int_equal(ended, 0);
        } else {
            assert_int_equal(st, MEND_OK);
            mn_block_release(block);
            assert_int_equal(ended, 1);
        }
    }
}

enum { ROUNDS = 20000 };

static void *
copies_and_calls(void *block)
{
    const struct mn_signature *type;
    long result;

    assert_int_equal(mn_block_type((id)block, NULL, &type, NULL), MEND_OK);
    for (int i = 0; i < ROUNDS; i++) {
        mn_block_copy((id)block);
        mn_block_call(type, (id)block, NULL, &result);
        assert_int_equal(result, 42);
        mn_block_release((id)block);
    }
    return NULL;
}

static void
threads_share_a_made_block(void **state)
{
    struct {
        long answer;
    } context = {42};
    id block = made("q@?", answers_its_context, &context, NULL);
    pthread_t threads[2];

    for (int i = 0; i < 2; i++)
        pthread_create(&threads[i], NULL, copies_and_calls, block);
    for (int i = 0; i < 2; i++)
        pthread_join(threads[i], NULL);
    assert_int_equal(((struct mn_block *)(void *)block)->flags & MN_BLOCK_COUNT_MASK, 1);
    mn_block_release(block);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_last_release_ends_the_context_whoever_sends_it),
        cmocka_unit_test(a_made_block_is_an_object_that_knows_its_type),
        cmocka_unit_test(a_result_nobody_sets_is_zero),
        cmocka_unit_test(foundation_calls_a_made_block),
        cmocka_unit_test(exceptions_leave_a_made_block),
        cmocka_unit_test(only_its_maker_finds_the_context),
        cmocka_unit_test(what_is_no_type_of_a_block_is_refused),
        cmocka_unit_test(the_nth_failing_allocation_makes_no_block),
        cmocka_unit_test(threads_share_a_made_block),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
