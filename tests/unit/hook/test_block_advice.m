/* SPDX-License-Identifier: MIT */
/*
 * Blocks as advice. gcc has no blocks: this file is compiled by clang in every build, the methods it hooks
 * (support/hook_fixture.m) by the build's own compiler.
 */
#import "support/hook_fixture.h"

#include "base/alloc.h"
#include "base/log.h"
#include "hook/advice_block.h"
#include "runtime/blocks.h"
#include "runtime/exception.h"
#include "support/faults.h"
#include "value/block.h"

#include <mend/block_advice.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

static mend_status
try_block(const char *class_name, const char *selector, const mend_block_spec *spec, mend_token **token,
          mend_error *err)
{
    mend_target target = {.class_name = class_name, .selector = selector};

    return mend_hook_add_block(&target, spec, token, err);
}

static mend_token *
block_with(const char *class_name, const char *selector, const mend_block_spec *spec)
{
    mend_token *token;
    mend_error err;

    if (try_block(class_name, selector, spec, &token, &err) != MEND_OK)
        fail_msg("hooking %s %s: %s", class_name, selector, err.message);
    return token;
}

static mend_token *
block_on(const char *class_name, const char *selector, mend_position position, id block)
{
    mend_block_spec spec = {.hook = {.position = position}, .block = block};

    return block_with(class_name, selector, &spec);
}

/* ---- Every type ---- */

/* The fixture's methods return their argument plus one. */
#define SCALAR(type, name)                                                                                   \
    static void name##_reaches_blocks_and_comes_back(void **state)                                           \
    {                                                                                                        \
        HookTypes *object = [HookTypes new];                                                                 \
        __block type before = 0, after = 0;                                                                  \
        mend_token *tokens[3];                                                                               \
                                                                                                             \
        tokens[0] = block_on("HookTypes", "take" #name ":", MEND_BEFORE, ^(type a) {                         \
          before = a;                                                                                        \
        });                                                                                                  \
        tokens[1] = block_on("HookTypes", "take" #name ":", MEND_AFTER, ^(mend_call * call, type a) {        \
          type result;                                                                                       \
          mend_call_get_result(call, &result, sizeof result, NULL);                                          \
          after = (type)(a + result);                                                                        \
        });                                                                                                  \
        assert_true([object take##name:(type)5] == (type)6);                                                 \
        assert_true(before == (type)5 && after == (type)11);                                                 \
        tokens[2] = block_on("HookTypes", "take" #name ":", MEND_INSTEAD, ^(type a) {                        \
          return (type)(a + 90);                                                                             \
        });                                                                                                  \
        assert_true([object take##name:(type)5] == (type)95);                                                \
        assert_true(before == (type)5 && after == (type)100);                                                \
        assert_true([object take##name:(type)-5] == (type)((type)-5 + 90));                                  \
        for (int i = 0; i < 3; i++)                                                                          \
            hook_off(tokens[i]);                                                                             \
        assert_true([object take##name:(type)5] == (type)6);                                                 \
        [object release];                                                                                    \
    }

SCALAR(char, Char)
SCALAR(unsigned char, UChar)
SCALAR(short, Short)
SCALAR(int, Int)
SCALAR(long, Long)
SCALAR(unsigned long long, ULongLong)
SCALAR(float, Float)
SCALAR(double, Double)
SCALAR(long double, LongDouble)

#define STRUCTURE(type, name, field)                                                                         \
    static void name##_reaches_blocks_and_comes_back(void **state)                                           \
    {                                                                                                        \
        HookTypes *object = [HookTypes new];                                                                 \
        __block type before, after;                                                                          \
        mend_token *tokens[3];                                                                               \
        type given, got;                                                                                     \
                                                                                                             \
        memset(&given, 0, sizeof given);                                                                     \
        given.field = 5;                                                                                     \
        tokens[0] = block_on("HookTypes", "take" #name ":", MEND_BEFORE, ^(type a) {                         \
          before = a;                                                                                        \
        });                                                                                                  \
        tokens[1] = block_on("HookTypes", "take" #name ":", MEND_AFTER, ^(mend_call * call, type a) {        \
          after = a;                                                                                         \
        });                                                                                                  \
        got = [object take##name:given];                                                                     \
        assert_true(before.field == 5 && after.field == 5 && got.field == 6);                                \
        tokens[2] = block_on("HookTypes", "take" #name ":", MEND_INSTEAD, ^(mend_call * call, type a) {      \
          type result = a;                                                                                   \
          result.field += 90; /* into the caller's memory, if it were given: proceeding writes there too */  \
          mend_call_proceed(call, NULL);                                                                     \
          return result;                                                                                     \
        });                                                                                                  \
        before.field = 0;                                                                                    \
        got = [object take##name:given];                                                                     \
        assert_true(before.field == 5 && after.field == 5 && got.field == 95);                               \
        for (int i = 0; i < 3; i++)                                                                          \
            hook_off(tokens[i]);                                                                             \
        [object release];                                                                                    \
    }

STRUCTURE(HookSmall, Small, a)

STRUCTURE(HookMixed, Mixed, b)

STRUCTURE(HookRect, Rect, height)

static void
pointers_of_every_kind_reach_blocks(void **state)
{
    HookTypes *object = [HookTypes new];
    static const char text[] = "text";
    mend_token *tokens[] = {
        block_on("HookTypes", "takeObject:", MEND_INSTEAD,
                 ^(id a) {
                   return (id)[a self];
                 }),
        block_on("HookTypes", "takeSelector:", MEND_INSTEAD,
                 ^(SEL a) {
                   return a ? @selector(greet) : NULL;
                 }),
        block_on("HookTypes", "takeClass:", MEND_INSTEAD,
                 ^(Class a) {
                   return [a superclass];
                 }),
        block_on("HookTypes", "takeText:", MEND_INSTEAD,
                 ^(const char *a) {
                   return a + 2;
                 }),
        block_on("HookTypes", "takeBool:", MEND_INSTEAD,
                 ^(BOOL a) {
                   return a;
                 }),
    };

    assert_ptr_equal([object takeObject:object], object);
    assert_true(sel_isEqual([object takeSelector:@selector(self)], @selector(greet)));
    assert_ptr_equal([object takeClass:[HookTypes class]], [NSObject class]);
    assert_ptr_equal([object takeText:text], text + 2);
    assert_int_equal([object takeBool:YES], YES);
    for (size_t i = 0; i < sizeof tokens / sizeof tokens[0]; i++)
        hook_off(tokens[i]);
    [object release];
}

/* ---- Arguments and results ---- */

static void
arguments_on_the_stack_reach_blocks(void **state)
{
    HookTypes *object = [HookTypes new];
    HookRect rect = {1, 2, 3, 4};
    mend_token *token;
    __block double sum;

    token = block_on("HookTypes", "takeMany:::::::::", MEND_INSTEAD,
                     ^(int a, double b, long c, float d, long e, long f, long g, HookRect h, double i) {
                       return a * 1 + b * 2 + c * 3 + d * 4 + e * 5 + f * 6 + g * 7 + h.x * 8 + h.height * 9 +
                              i * 10;
                     });
    assert_true([object takeMany:1:2:3:4:5:6:7:rect:8] == 1 + 4 + 9 + 16 + 25 + 36 + 49 + 8 + 36 + 80);
    hook_off(token);
    token =
        block_on("HookTypes", "takeMany:::::::::", MEND_BEFORE,
                 ^(mend_call *call, int a, double b, long c, float d, long e, long f, long g, HookRect h) {
                   sum = a + b + c + d + e + f + g + h.y;
                 });
    assert_true([object takeMany:1:2:3:4:5:6:7:rect:8] == 46);
    assert_true(sum == 30);
    hook_off(token);
    [object release];
}

static void
a_block_may_take_fewer_arguments_or_none(void **state)
{
    HookBase *object = [HookBase new];
    __block int sum = 0;
    mend_token *one = block_on("HookBase", "add:to:", MEND_BEFORE, ^(int a) {
      sum += a;
    });
    mend_token *none = block_on("HookBase", "add:to:", MEND_AFTER, ^{
      sum += 100;
    });
    mend_token *call = block_on("HookBase", "add:to:", MEND_AFTER, ^(mend_call *c) {
      sum += 1000;
    });

    assert_int_equal([object add:3 to:4], 7);
    assert_int_equal(sum, 1103);
    hook_off(one);
    hook_off(none);
    hook_off(call);
    [object release];
}

/* Called by the method's description, a void block would find every argument shifted by one. */
static void
void_blocks_around_a_method_with_a_large_result_see_its_arguments(void **state)
{
    HookTypes *object = [HookTypes new];
    HookRect given = {1, 2, 3, 4}, got;
    __block double seen = 0;
    mend_token *before = block_on("HookTypes", "takeRect:", MEND_BEFORE, ^(HookRect a) {
      seen += a.x + a.height;
    });
    mend_token *after = block_on("HookTypes", "takeRect:", MEND_AFTER, ^(HookRect a) {
      seen += a.x + a.height;
    });

    got = [object takeRect:given];
    assert_true(got.x == 2 && got.height == 5 && seen == 10);
    hook_off(before);
    hook_off(after);
    [object release];
}

static void
a_void_block_with_the_call_sets_the_result_through_it(void **state)
{
    HookBase *object = [HookBase new];
    mend_token *token = block_on("HookBase", "add:to:", MEND_INSTEAD, ^(mend_call *call, int a) {
      int result;

      mend_call_proceed(call, NULL);
      mend_call_get_result(call, &result, sizeof result, NULL);
      result *= 10;
      mend_call_set_result(call, &result, sizeof result, NULL);
    });

    assert_int_equal([object add:3 to:4], 70);
    hook_off(token);
    [object release];
}

static void
what_a_before_block_changes_the_method_sees(void **state)
{
    HookBase *object = [HookBase new];
    mend_token *token = block_on("HookBase", "add:to:", MEND_BEFORE, ^(mend_call *call, int a, int b) {
      a += b;
      mend_call_set_argument(call, 0, &a, sizeof a, NULL);
    });

    assert_int_equal([object add:3 to:4], 11);
    hook_off(token);
    [object release];
}

static void
a_block_before_a_variadic_method_leaves_its_arguments_alone(void **state)
{
    HookTypes *object = [HookTypes new];
    __block int count = 0;
    mend_token *token = block_on("HookTypes", "sum:", MEND_BEFORE, ^(int a) {
      count = a;
    });

#ifdef MEND_ABI_LIBFFI /* there the unnamed arguments do not arrive (docs/porting.md) */
    [object sum:0];
    assert_int_equal(count, 0);
    count = 8;
#else
    assert_int_equal(([object sum:8, 1, 2, 3, 4, 5, 6, 7, 8]), 36);
#endif
    assert_int_equal(count, 8);
    hook_off(token);
    [object release];
}

static void
insteads_of_both_kinds_nest(void **state)
{
    HookBase *object = [HookBase new];
    mend_token *inner = hook_on("HookBase", "greet", MEND_INSTEAD, hook_wraps, "<>");
    mend_token *outer = block_on("HookBase", "greet", MEND_INSTEAD, ^(mend_call *call) {
      hook_mark('(');
      mend_call_proceed(call, NULL);
      hook_mark(')');
    });

    hook_trace_clear();
    [object greet];
    assert_string_equal(hook_trace, "(<.>)");
    hook_off(inner);
    hook_off(outer);
    [object release];
}

static void
an_unused_result_is_dropped_wherever_it_travels(void **state)
{
    HookBase *object = [HookBase new];
    HookRect rect = {1, 2, 3, 4};
    mend_block_spec spec = {.hook = {.position = MEND_BEFORE}, .options = MEND_BLOCK_RESULT_UNUSED};
    mend_token *before, *instead;

    spec.block = ^(int a) {
      return a == 3 ? rect : (HookRect){0};
    };
    before = block_with("HookBase", "add:to:", &spec);
    assert_int_equal([object add:3 to:4], 7);
    spec.hook.position = MEND_INSTEAD;
    spec.block = ^(mend_call *call) {
      mend_call_proceed(call, NULL);
      return 0.5;
    };
    instead = block_with("HookBase", "add:to:", &spec);
    assert_int_equal([object add:3 to:4], 7);
    hook_off(before);
    hook_off(instead);
    [object release];
}

/* ---- Information ---- */

static int infos_made, infos_ended;

static id
make_info(mend_call *call, void *data)
{
    infos_made++;
    assert_ptr_equal(data, &infos_made);
    return [[NSString alloc] initWithUTF8String:sel_getName((SEL)mend_call_selector(call))];
}

static void
end_info(id info, mend_call *call, void *data)
{
    infos_ended++;
    assert_non_null(mend_call_receiver(call));
    [info release];
}

static void
an_info_object_is_made_for_blocks_that_take_one(void **state)
{
    HookBase *object = [HookBase new];
    __block BOOL right = NO;
    mend_block_spec spec = {
        .hook = {.position = MEND_BEFORE, .data = &infos_made}, .make_info = make_info, .end_info = end_info};
    mend_token *takes, *none;

    infos_made = infos_ended = 0;
    spec.block = ^(id info, int a) {
      right = [info isEqual:@"add:to:"] && a == 3;
    };
    takes = block_with("HookBase", "add:to:", &spec);
    spec.block = ^{
    };
    none = block_with("HookBase", "add:to:", &spec);
    [object add:3 to:4];
    assert_true(right);
    assert_int_equal(infos_made, 1);
    assert_int_equal(infos_ended, 1);
    hook_off(takes);
    hook_off(none);
    [object release];
}

/* ---- Ways out ---- */

static void
call_greet(void *object)
{
    [(HookBase *)object greet];
}

static void
exceptions_pass_through_blocks_in_every_position(void **state)
{
    static const mend_position positions[] = {MEND_BEFORE, MEND_INSTEAD, MEND_AFTER};
    HookBase *object = [HookBase new];
    mend_hook_stats before = hook_baseline();

    infos_made = infos_ended = 0;
    for (int i = 0; i < 3; i++) {
        mend_block_spec spec = {.hook = {.position = positions[i], .data = &infos_made},
                                .make_info = make_info,
                                .end_info = end_info};
        mend_token *token;
        id exception = nil;

        spec.block = ^(id info) {
          [NSException raise:@"Thrown" format:@"by a block"];
        };
        token = block_with("HookBase", "greet", &spec);
        assert_false(mn_try(call_greet, object, &exception));
        assert_string_equal([[exception name] UTF8String], "Thrown");
        assert_int_equal(infos_made, i + 1);
        assert_int_equal(infos_ended, i + 1);
        hook_off(token);
    }
    hook_trace_clear();
    [object greet];
    assert_string_equal(hook_trace, ".");
    hook_assert_baseline(&before);
    [object release];
}

static void
an_exception_leaves_the_callers_result_alone(void **state)
{
    HookTypes *object = [HookTypes new];
    HookRect given = {1, 2, 3, 4}, got = {9, 9, 9, 9};
    mend_token *token = block_on("HookTypes", "takeRect:", MEND_INSTEAD, ^(HookRect a) {
      [NSException raise:@"Thrown" format:@"by a block"];
      return a;
    });

    @try {
        got = [object takeRect:given];
    } @catch (id exception) {
    }
    assert_true(got.x == 9 && got.height == 9);
    hook_off(token);
    [object release];
}

static jmp_buf out;

static void
longjmp_out_of_a_block_is_survived(void **state)
{
    HookBase *object = [HookBase new];
    mend_hook_stats before = hook_baseline();
    __block BOOL jumps = YES;
    mend_token *token = block_on("HookBase", "greet", MEND_BEFORE, ^{
      if (jumps)
          longjmp(out, 1);
    });

    for (volatile int i = 0; i < 3; i++)
        if (setjmp(out) == 0) {
            [object greet];
            fail();
        }
    jumps = NO;
    [object greet]; /* drops what the jumps left held */
    hook_off(token);
    hook_assert_baseline(&before);
    [object release];
}

/* ---- Life ---- */

/* A block to be captured by others, and how many are alive. (Debian's libBlocksRuntime retains the blocks
 * that a block captures, but no other objects.) */
typedef void (^captured_block)(void);

static _Atomic(int) captured_alive;

static void
does_nothing(struct mn_frame *frame, const struct mn_signature *type, void *context)
{
}

static void
captured_gone(void *context)
{
    captured_alive--;
}

static captured_block
captured_new(void)
{
    id block;

    captured_alive++;
    assert_int_equal(mn_block_new("v@?", does_nothing, NULL, captured_gone, &block, NULL), MEND_OK);
    return (captured_block)block;
}

static int released;

static void
release_data(void *data)
{
    released++;
    assert_ptr_equal(data, &released);
}

static void
the_block_and_the_data_are_released_when_the_last_call_has_left(void **state)
{
    HookBase *object = [HookBase new];
    captured_block captured = captured_new();
    mend_hook_stats before = hook_baseline();
    size_t live = mn_alloc_live();
    static mend_token *token;
    __block int alive_inside = -1;
    mend_block_spec spec = {.hook = {.position = MEND_INSTEAD, .data = &released, .release = release_data}};

    spec.block = ^(mend_call *call) {
      mend_hook_remove(token, NULL);
      mend_hook_collect();
      alive_inside = captured_alive;
      mend_call_proceed(call, NULL);
      captured();
    };
    released = 0;
    token = block_with("HookBase", "greet", &spec);
    mn_block_release((id)captured);
    assert_int_equal(captured_alive, 1);
    hook_trace_clear();
    [object greet];
    [object greet];
    assert_string_equal(hook_trace, "..");
    assert_int_equal(alive_inside, 1);
    mend_hook_collect();
    assert_int_equal(captured_alive, 0);
    assert_int_equal(released, 1);
    hook_assert_baseline(&before);
    assert_in_range(mn_alloc_live(), 0, live);
    [object release];
}

static void
a_group_of_blocks_goes_in_and_out_together(void **state)
{
    HookBase *object = [HookBase new];
    captured_block captured = captured_new();
    __block int sum = 0;
    mend_target greet = {.class_name = "HookBase", .selector = "greet"};
    mend_target add = {.class_name = "HookBase", .selector = "add:to:"};
    mend_block_spec one = {.hook = {.position = MEND_BEFORE}};
    mend_block_spec two = {.hook = {.position = MEND_AFTER}};
    mend_block_spec bad = {.hook = {.position = MEND_AFTER}};
    mend_group *group;

    one.block = ^{
      sum += 1;
      captured();
    };
    two.block = ^(int a) {
      sum += a;
    };
    bad.block = ^(double a) {
      captured();
    };
    assert_int_equal(mend_group_new(&group, NULL), MEND_OK);
    assert_int_equal(mend_group_add_block(group, &greet, &one, NULL), MEND_OK);
    assert_int_equal(mend_group_add_block(group, &add, &two, NULL), MEND_OK);
    assert_int_equal(mend_group_add_block(group, &add, &bad, NULL), MEND_SIGNATURE_MISMATCH);
    [object greet];
    assert_int_equal(sum, 0);
    assert_int_equal(mend_group_commit(group, NULL), MEND_OK);
    [object greet];
    [object add:20 to:5];
    assert_int_equal(sum, 21);
    assert_int_equal(mend_group_revert(group, NULL), MEND_OK);
    [object greet];
    assert_int_equal(sum, 21);
    mend_group_free(group);
    mn_block_release((id)captured);
    mend_hook_collect();
    assert_int_equal(captured_alive, 0);
    [object release];
}

static void
the_nth_failing_allocation_leaves_nothing_behind(void **state)
{
    captured_block captured = captured_new();
    HookBase *object = [HookBase new];
    mend_block_spec spec = {.hook = {.position = MEND_INSTEAD, .data = &released, .release = release_data}};
    mend_hook_stats before;
    struct mn_faults f = {.keeps = true}; /* sites, signatures */
    mend_token *token;

    spec.block = ^(mend_call *call, int a, int b) {
      return captured ? a * b : 0;
    };
    before = hook_baseline();
    while (mn_faults_next(&f)) {
        mend_status st = try_block("HookBase", "add:to:", &spec, &token, NULL);

        released = 0;
        if (mn_faults_hit(&f)) {
            assert_int_equal(st, MEND_NO_MEMORY);
            assert_null(token);
            assert_int_equal([object add:3 to:4], 7);
        } else {
            assert_int_equal(st, MEND_OK);
            assert_int_equal([object add:3 to:4], 12);
            hook_off(token);
            mend_hook_collect();
            assert_int_equal(released, 1);
        }
        hook_assert_baseline(&before);
    }
    mn_block_release((id)captured);
    assert_int_equal(captured_alive, 0);
    [object release];
}

/* ---- Refusals ---- */

static void
expect_refusal(const char *selector, mend_position position, id block, mend_status status,
               const char *message)
{
    mend_block_spec spec = {.hook = {.position = position}, .block = block};
    void *imp = hook_imp("HookBase", selector);
    size_t live = mn_alloc_live();
    mend_token *token = (mend_token *)&spec;
    mend_error err;

    assert_int_equal(try_block("HookBase", selector, &spec, &token, &err), status);
    assert_null(token);
    if (strcmp(err.message, message))
        fail_msg("said '%s', not '%s'", err.message, message);
    assert_ptr_equal(hook_imp("HookBase", selector), imp);
    assert_in_range(mn_alloc_live(), live, live + 8); /* an encoding interned for good */
}

static void
blocks_that_do_not_fit_are_refused_with_the_difference(void **state)
{
    mend_error err;
    mend_block_spec spec = {.hook = {.position = MEND_INSTEAD}};

    spec.block = ^(int a, double b) {
      return a;
    };
    expect_refusal("add:to:", MEND_BEFORE,
                   ^(int a, double b){
                   },
                   MEND_SIGNATURE_MISMATCH,
                   "argument 2 of the block does not fit the method's: double against int");
    expect_refusal("add:to:", MEND_BEFORE,
                   ^(int a, int b, int c){
                   },
                   MEND_SIGNATURE_MISMATCH, "the block takes 3 arguments, the method 2");
    expect_refusal(
        "add:to:", MEND_AFTER,
        ^(int a) {
          return a;
        },
        MEND_SIGNATURE_MISMATCH, "only a block instead of the method gives its result");
    expect_refusal("add:to:", MEND_INSTEAD,
                   ^(int a){
                   },
                   MEND_SIGNATURE_MISMATCH, "the block's result does not fit the method's: void against int");
    expect_refusal(
        "greet", MEND_INSTEAD,
        ^(mend_call *call) {
          return 1;
        },
        MEND_SIGNATURE_MISMATCH, "the block's result does not fit the method's: int against void");
    expect_refusal("greet", MEND_BEFORE, @"a string", MEND_INVALID, "the object is not a block");
    expect_refusal("greet", MEND_BEFORE, nil, MEND_INVALID, "a hook needs a block");
    assert_int_equal(try_block("HookBase", "add:to:", &spec, NULL, &err), MEND_SIGNATURE_MISMATCH);
    assert_string_equal(err.class_name, "HookBase");
    assert_string_equal(err.selector, "add:to:");
    assert_string_equal(err.remedy, "declare the block int (^)(int, int)");
}

static void
what_is_no_target_is_refused_as_for_other_hooks(void **state)
{
    captured_block captured = captured_new();
    mend_block_spec spec = {.hook = {.position = MEND_BEFORE}};

    spec.block = ^{
      captured();
    };
    assert_int_equal(try_block("HookNobody", "greet", &spec, NULL, NULL), MEND_NO_CLASS);
    assert_int_equal(try_block("HookBase", "isolate", &spec, NULL, NULL), MEND_NO_METHOD);
    assert_int_equal(try_block("HookBase", "retain", &spec, NULL, NULL), MEND_REFUSED_SELECTOR);
    spec.hook.options = 1u << 30;
    assert_int_equal(try_block("HookBase", "greet", &spec, NULL, NULL), MEND_INVALID);
    mn_block_release((id)captured);
    assert_int_equal(captured_alive, 0);
}

static void
a_block_without_signature_needs_an_encoding(void **state)
{
    HookBase *object = [HookBase new];
    struct mn_block silent = *(struct mn_block *)(void *)^(int a, int b) {
      return a * b;
    };
    mend_block_spec spec = {.hook = {.position = MEND_INSTEAD}, .block = &silent};
    mend_error err;
    mend_token *token;

    silent.flags &= ~MN_BLOCK_HAS_SIGNATURE;
    assert_int_equal(try_block("HookBase", "add:to:", &spec, NULL, &err), MEND_UNSUPPORTED_ENCODING);
    assert_string_equal(err.message, "the block does not say its type");
    spec.encoding = "i@:i";
    assert_int_equal(try_block("HookBase", "add:to:", &spec, NULL, &err), MEND_UNSUPPORTED_ENCODING);
    spec.encoding = "i@?ii";
    token = block_with("HookBase", "add:to:", &spec);
    assert_int_equal([object add:3 to:4], 12);
    hook_off(token);
    [object release];
}

/* ---- Blocks made here; methods of other types ---- */

static void
multiplies(struct mn_frame *frame, const struct mn_signature *type, void *context)
{
    int a, b, result;

    mn_frame_get(frame, &type->arguments[1].place, &a);
    mn_frame_get(frame, &type->arguments[2].place, &b);
    result = a * b * *(int *)context;
    mn_frame_set(frame, &type->result_place, &result);
}

static void
frees(void *context)
{
    *(int *)context = -1;
}

static void
a_block_made_at_run_time_serves_as_advice(void **state)
{
    HookBase *object = [HookBase new];
    int factor = 2;
    mend_block_spec spec = {.hook = {.position = MEND_INSTEAD}};
    mend_token *token;
    id block;

    assert_int_equal(mn_block_new("i@?ii", multiplies, &factor, frees, &block, NULL), MEND_OK);
    spec.block = block;
    token = block_with("HookBase", "add:to:", &spec);
    mn_block_release(block);
    assert_int_equal([object add:3 to:4], 24);
    hook_off(token);
    mend_hook_collect();
    assert_int_equal(factor, -1);
    [object release];
}

static int warnings;

static void
count_warning(void *data, enum mn_log_level level, const char *line)
{
    warnings += level == MN_LOG_WARNING && strstr(line, "HookTypes takeDouble:") != NULL;
}

/* As for a pattern: one hook on methods of several types. */
static void
methods_of_other_types_are_served_if_they_fit_and_else_passed_over(void **state)
{
    HookTypes *object = [HookTypes new];
    mend_block_spec spec = {.hook = {.position = MEND_INSTEAD}};
    static const char *const selectors[] = {"takeLong:", "takeDouble:", "takeULongLong:"};
    mend_token *tokens[3];
    mend_hook_spec hook;

    spec.block = ^(long a) {
      return a * 10;
    };
    spec.hook.options = MEND_HOOK_WEAK;
    warnings = 0;
    mn_log_to(count_warning, NULL);
    assert_int_equal(mn_block_advice_new(&spec, &hook, NULL), MEND_OK);
    hook.release = NULL;
    hook.options = 0;
    for (int i = 0; i < 3; i++) {
        mend_target target = {.class_name = "HookTypes", .selector = selectors[i]};

        assert_int_equal(mend_hook_add(&target, &hook, &tokens[i], NULL), MEND_OK);
    }
    for (int i = 0; i < 2; i++) {
        assert_int_equal([object takeLong:5], 50);
        assert_true([object takeDouble:5] == 6);
        assert_int_equal([object takeULongLong:5], 50);
    }
    assert_int_equal(warnings, 1);
    mn_log_to(NULL, NULL);
    for (int i = 0; i < 3; i++)
        hook_off(tokens[i]);
    mend_hook_collect();
    mn_block_advice_drop(&hook);
    [object release];
}

/* ---- Threads ---- */

static _Atomic(int) calling;
static _Atomic(unsigned long) lost;

static void *
calls(void *object)
{
    NSAutoreleasePool *pool = [NSAutoreleasePool new];

    while (calling) {
        int result = [(HookBase *)object add:3 to:4];

        lost += result != 7 && result != 12;
    }
    [pool release];
    return NULL;
}

static void
blocks_come_and_go_under_calling_threads(void **state)
{
    HookBase *object = [HookBase new];
    mend_hook_stats before = hook_baseline();
    pthread_t threads[2];

    calling = 1;
    for (int i = 0; i < 2; i++)
        pthread_create(&threads[i], NULL, calls, object);
    for (int i = 0; i < 2000; i++) {
        captured_block captured = captured_new();
        mend_token *token = block_on("HookBase", "add:to:", MEND_INSTEAD, ^(mend_call *call, int a, int b) {
          return captured ? a * b : 0;
        });

        mn_block_release((id)captured);
        hook_off(token);
    }
    calling = 0;
    for (int i = 0; i < 2; i++)
        pthread_join(threads[i], NULL);
    hook_assert_baseline(&before);
    assert_int_equal(captured_alive, 0);
    assert_int_equal(lost, 0);
    [object release];
}

/* ---- Results that are objects ---- */

static int things;

@interface BlockThing : NSObject
- (id)made;
- (id)copyOfIt;
@end

@implementation BlockThing
+ (id)allocWithZone:(NSZone *)zone
{
    things++;
    return [super allocWithZone:zone];
}
- (void)dealloc
{
    things--;
    [super dealloc];
}
- (id)made
{
    return [[BlockThing new] autorelease];
}
- (id)copyOfIt
{
    return [BlockThing new];
}
@end

/* How many objects the two calls leave behind, made as ARC would make them. */
static int
left_by_calls(void)
{
    NSAutoreleasePool *pool = [NSAutoreleasePool new];
    BlockThing *thing = [BlockThing new];

    assert_int_equal([[thing made] retainCount], 1);
    [[thing copyOfIt] release];
    [thing release];
    [pool drain];
    return things;
}

static void
a_block_gives_objects_as_the_method_would(void **state)
{
    mend_token *made = block_on("BlockThing", "made", MEND_INSTEAD, ^id(void) {
      return [[BlockThing new] autorelease];
    });
    mend_token *copy = block_on("BlockThing", "copyOfIt", MEND_INSTEAD, ^id(mend_call *call) {
      id theirs;

      mend_call_proceed(call, NULL);
      mend_call_get_result(call, &theirs, sizeof theirs, NULL);
      [theirs release];
      return [BlockThing new];
    });

    assert_int_equal(left_by_calls(), 0);
    hook_off(made);
    hook_off(copy);
    assert_int_equal(left_by_calls(), 0);
}

static void
a_block_sets_objects_counted_as_the_caller_expects(void **state)
{
    static const char *const selectors[] = {"made", "copyOfIt"};

    for (int position = MEND_AFTER; position <= MEND_INSTEAD; position++)
        for (int i = 0; i < 2; i++) {
            mend_token *token = block_on("BlockThing", selectors[i], position, ^(mend_call *call) {
              BlockThing *mine = [BlockThing new];

              if (position == MEND_INSTEAD)
                  mend_call_proceed(call, NULL);
              assert_int_equal(mend_call_set_object(call, mine, NULL), MEND_OK);
              [mine release];
            });

            assert_int_equal(left_by_calls(), 0);
            hook_off(token);
        }
}

/* A block made on the stack is copied, as results that are blocks have to be. */
static void
a_block_result_is_copied_to_the_heap(void **state)
{
    NSAutoreleasePool *pool = [NSAutoreleasePool new];
    int captured = 40 + (things == 0);
    mend_token *token = block_on("BlockThing", "made", MEND_AFTER, ^(mend_call *call) {
      int inner = captured + 1;
      int (^sum)(void) = ^{ return inner; };

      assert_int_equal(mend_call_set_object(call, (id)sum, NULL), MEND_OK);
    });
    BlockThing *thing = [BlockThing new];
    int (^given)(void) = (int (^)(void))[thing made];

    left_by_calls(); /* over the stack where it was */
    assert_int_equal(given(), 42);
    [thing release];
    hook_off(token);
    [pool drain];
    assert_int_equal(things, 0);
}

int
main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_block_gives_objects_as_the_method_would),
        cmocka_unit_test(a_block_sets_objects_counted_as_the_caller_expects),
        cmocka_unit_test(a_block_result_is_copied_to_the_heap),
        cmocka_unit_test(Char_reaches_blocks_and_comes_back),
        cmocka_unit_test(UChar_reaches_blocks_and_comes_back),
        cmocka_unit_test(Short_reaches_blocks_and_comes_back),
        cmocka_unit_test(Int_reaches_blocks_and_comes_back),
        cmocka_unit_test(Long_reaches_blocks_and_comes_back),
        cmocka_unit_test(ULongLong_reaches_blocks_and_comes_back),
        cmocka_unit_test(Float_reaches_blocks_and_comes_back),
        cmocka_unit_test(Double_reaches_blocks_and_comes_back),
        cmocka_unit_test(LongDouble_reaches_blocks_and_comes_back),
        cmocka_unit_test(Small_reaches_blocks_and_comes_back),
        cmocka_unit_test(Mixed_reaches_blocks_and_comes_back),
        cmocka_unit_test(Rect_reaches_blocks_and_comes_back),
        cmocka_unit_test(pointers_of_every_kind_reach_blocks),
        cmocka_unit_test(arguments_on_the_stack_reach_blocks),
        cmocka_unit_test(a_block_may_take_fewer_arguments_or_none),
        cmocka_unit_test(void_blocks_around_a_method_with_a_large_result_see_its_arguments),
        cmocka_unit_test(a_void_block_with_the_call_sets_the_result_through_it),
        cmocka_unit_test(what_a_before_block_changes_the_method_sees),
        cmocka_unit_test(a_block_before_a_variadic_method_leaves_its_arguments_alone),
        cmocka_unit_test(insteads_of_both_kinds_nest),
        cmocka_unit_test(an_unused_result_is_dropped_wherever_it_travels),
        cmocka_unit_test(an_info_object_is_made_for_blocks_that_take_one),
        cmocka_unit_test(exceptions_pass_through_blocks_in_every_position),
        cmocka_unit_test(an_exception_leaves_the_callers_result_alone),
        cmocka_unit_test(longjmp_out_of_a_block_is_survived),
        cmocka_unit_test(the_block_and_the_data_are_released_when_the_last_call_has_left),
        cmocka_unit_test(a_group_of_blocks_goes_in_and_out_together),
        cmocka_unit_test(the_nth_failing_allocation_leaves_nothing_behind),
        cmocka_unit_test(blocks_that_do_not_fit_are_refused_with_the_difference),
        cmocka_unit_test(what_is_no_target_is_refused_as_for_other_hooks),
        cmocka_unit_test(a_block_without_signature_needs_an_encoding),
        cmocka_unit_test(a_block_made_at_run_time_serves_as_advice),
        cmocka_unit_test(methods_of_other_types_are_served_if_they_fit_and_else_passed_over),
        cmocka_unit_test(blocks_come_and_go_under_calling_threads),
    };

    hook_test_main(argc, argv);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
