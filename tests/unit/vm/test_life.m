// SPDX-License-Identifier: MIT
/* What a function holds and gives back, on every way out; as the body of a hooked method; on many threads; stopped. */
#import <Foundation/Foundation.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/alloc.h"
#include "runtime/exception.h"
#include "support/vm_fixture.h"
#include "vm/run.h"

#include <mend/hook.h>
#include <objc/thr.h>
#include <pthread.h>
#include <string.h>
#include <unistd.h>

/* ---- ownership ---- */

/* Holds a new VmCounted and a retained parameter in OWNED slots, then sends raise (or nothing) to the second parameter. */
static struct mn_program *
holder(const char *selector, bool nested)
{
    struct mn_builder *builder;
    struct mn_code *code = vm_open(&builder, "hold", "v@@");
    mn_slot made = mn_code_slot(code, MN_SLOT_OWNED), kept = mn_code_slot(code, MN_SLOT_OWNED);
    mn_slot cls = mn_code_slot(code, MN_SLOT_OBJECT), object = mn_code_slot(code, MN_SLOT_OBJECT);

    mn_code_class(code, cls, "VmCounted");
    mn_code_send(code, object, "@", cls, "alloc", NULL, 0);
    mn_code_send(code, object, "@", object, "init", NULL, 0);
    mn_code_op(code, MN_OP_TAKE, made, object, 0);
    mn_code_op(code, MN_OP_STRONG, kept, mn_code_param(code, 0), 0);
    mn_code_send(code, MN_NO_SLOT, "v", mn_code_param(code, 1), selector, NULL, 0);
    mn_code_close(code);
    if (nested) {
        struct mn_function_spec spec = {.name = "outer", .types = "v@@"};
        struct mn_operand both[] = {{0, "@"}, {1, "@"}};
        mn_slot own;

        code = mn_code_open(builder, &spec);
        own = mn_code_slot(code, MN_SLOT_OWNED);
        mn_code_op(code, MN_OP_STRONG, own, 0, 0);
        mn_code_call(code, MN_NO_SLOT, "v", mn_builder_function(builder, "middle"), both, 2);
        mn_code_close(code);
        spec.name = "middle";
        code = mn_code_open(builder, &spec);
        own = mn_code_slot(code, MN_SLOT_OWNED);
        mn_code_op(code, MN_OP_STRONG, own, 0, 0);
        mn_code_call(code, MN_NO_SLOT, "v", mn_builder_function(builder, "hold"), both, 2);
        mn_code_close(code);
    }
    return vm_finish(builder);
}

struct pair {
    const struct mn_function *function;
    id params[2];
};

static void
run_pair(void *data)
{
    struct pair *pair = data;

    mn_vm_call(pair->function, (uint64_t *)pair->params, NULL);
}

static void
assert_gives_back(bool nested, const char *selector, bool returns)
{
    NSAutoreleasePool *pool = [NSAutoreleasePool new];
    struct mn_program *program = holder(selector, nested);
    VmCounted *counted = [VmCounted new];
    VmFixture *f = [VmFixture new];
    struct pair pair = {mn_program_function_named(program, nested ? "outer" : "hold"), {counted, f}};
    long retains;

    [VmCounted reset];
    assert_int_equal(mn_try(run_pair, &pair, NULL), returns);
    retains = [VmCounted retains];
    assert_int_equal(retains, nested ? 3 : 1);
    assert_int_equal([VmCounted releases], retains + 1); /* and the one it made */
    assert_int_equal([VmCounted alive], 1);
    [counted release];
    [f release];
    mn_program_release(program);
    [pool release];
    assert_int_equal([VmCounted alive], 0);
}

static void
owned_slots_are_released_on_return(void **state)
{
    assert_gives_back(false, "nothing", true);
    assert_gives_back(true, "nothing", true);
}

static void
owned_slots_are_released_when_an_exception_passes(void **state)
{
    assert_gives_back(false, "raise", false);
    assert_gives_back(true, "raise", false);
}

static void
an_owned_local_is_returned_without_a_leak(void **state)
{
    NSAutoreleasePool *pool = [NSAutoreleasePool new];
    struct mn_builder *builder;
    struct mn_code *code = vm_open(&builder, "make", "@");
    mn_slot local = mn_code_slot(code, MN_SLOT_OWNED), object = mn_code_slot(code, MN_SLOT_OBJECT);
    struct mn_program *program;
    id made = nil;

    mn_code_class(code, object, "VmCounted");
    mn_code_send(code, object, "@", object, "new", NULL, 0);
    mn_code_op(code, MN_OP_TAKE, local, object, 0);
    mn_code_op(code, MN_OP_GIVE, object, local, 0);
    mn_code_op(code, MN_OP_AUTORELEASE, object, 0, 0);
    mn_code_return(code, object);
    mn_code_close(code);
    program = vm_finish(builder);
    mn_vm_call(mn_program_function(program, 0), NULL, (uint64_t *)&made);
    assert_int_equal([VmCounted alive], 1);
    assert_int_equal([made retainCount], 1);
    [pool release];
    assert_int_equal([VmCounted alive], 0);
    mn_program_release(program);
}

static void
strong_stores_to_memory_balance(void **state)
{
    NSAutoreleasePool *pool = [NSAutoreleasePool new];
    struct mn_builder *builder;
    struct mn_code *code = vm_open(&builder, "store", "v@@");
    mn_slot address = mn_code_slot(code, MN_SLOT_VALUE);
    VmFixture *f = [VmFixture new];
    VmCounted *a = [VmCounted new], *b = [VmCounted new];
    struct mn_program *program;
    id params[2] = {f, a};

    mn_code_ivar(code, address, 0, "VmFixture", "kept");
    mn_code_op(code, MN_OP_STORE_STRONG, address, 1, 0);
    mn_code_close(code);
    program = vm_finish(builder);
    mn_vm_call(mn_program_function(program, 0), (uint64_t *)params, NULL);
    assert_int_equal([a retainCount], 2);
    params[1] = b;
    mn_vm_call(mn_program_function(program, 0), (uint64_t *)params, NULL);
    assert_int_equal([a retainCount], 1);
    assert_int_equal([b retainCount], 2);
    params[1] = nil;
    mn_vm_call(mn_program_function(program, 0), (uint64_t *)params, NULL);
    assert_int_equal([b retainCount], 1);
    [a release];
    [b release];
    [f release];
    mn_program_release(program);
    [pool release];
}

static void
string_constants_are_made_once_and_freed_with_the_program(void **state)
{
    struct mn_builder *builder;
    struct mn_code *code = vm_open(&builder, "text", "@");
    mn_slot object = mn_code_slot(code, MN_SLOT_OBJECT);
    struct mn_program *program;
    id first = nil, second = nil;

    mn_code_string(code, object, "constant", 8);
    mn_code_return(code, object);
    mn_code_close(code);
    program = vm_finish(builder);
    mn_vm_call(mn_program_function(program, 0), NULL, (uint64_t *)&first);
    mn_vm_call(mn_program_function(program, 0), NULL, (uint64_t *)&second);
    assert_true(first == second && [first isEqualToString:@"constant"]);
    [first retain];
    mn_program_release(program);
    assert_int_equal([first retainCount], 1);
    [first release];
}

/* ---- as the body of a method ---- */

static struct mn_program *
method(const char *selector, const char *types, void (*write)(struct mn_code *code))
{
    struct mn_builder *builder = mn_builder_new("body.m");
    struct mn_function_spec spec = {
        .name = "-[VmFixture x]", .class_name = "VmFixture", .selector = selector, .types = types};
    struct mn_code *code = mn_code_open(builder, &spec);

    write(code);
    mn_code_close(code);
    return vm_finish(builder);
}

static mend_token *
patch(const char *selector, const struct mn_program *program)
{
    mend_target target = {.class_name = "VmFixture", .selector = selector};
    mend_hook_spec spec = {.position = MEND_INSTEAD, .advice = mn_vm_advice, .data = (void *)mn_program_function(program, 0)};
    mend_token *token = NULL;
    mend_error err;

    if (mend_hook_add(&target, &spec, &token, &err) != MEND_OK)
        fail_msg("hooking %s: %s", selector, err.message);
    return token;
}

static void
write_sum(struct mn_code *code)
{
    mn_slot result = mn_code_slot(code, MN_SLOT_VALUE), part = mn_code_slot(code, MN_SLOT_VALUE);

    mn_code_int(code, result, 0);
    for (unsigned i = 0; i < 8; i++) {
        mn_code_arith_const(code, MN_MUL, MN_REP_I64, part, mn_code_param(code, 2 + i), 8 - i);
        mn_code_arith(code, MN_ADD, MN_REP_I64, result, result, part);
    }
    mn_code_return(code, result);
}

static void
a_body_reads_arguments_in_registers_and_on_the_stack(void **state)
{
    struct mn_program *program = method("sum::::::::", "q48@0:8i16q20s28c32I36i40i44i48", write_sum);
    mend_token *token = patch("sum::::::::", program);
    VmFixture *f = [VmFixture new];

    assert_int_equal([f sum:-1:2:-3:-4:5:6:7:-8], -8 + 14 - 18 - 20 + 20 + 18 + 14 - 8);
    mend_hook_remove(token, NULL);
    assert_int_equal([f sum:1:0:0:0:0:0:0:0], 1);
    mn_program_release(program);
    [f release];
}

static void
write_rect(struct mn_code *code)
{
    mn_slot rect = mn_code_param(code, 2), sum = mn_code_slot(code, MN_SLOT_VALUE), x = mn_code_slot(code, MN_SLOT_VALUE);
    static const char type[] = "{R={P=dd}{P=dd}}";
    struct mn_operand args[] = {{rect, type}, {mn_code_param(code, 3), "d"}};
    mn_slot out = mn_code_slot_for(code, type, false);

    mn_code_load_slot(code, MN_REP_F64, x, rect, 0);
    mn_code_double(code, sum, 100);
    mn_code_arith(code, MN_ADD, MN_REP_F64, x, x, sum);
    mn_code_store_slot(code, MN_REP_F64, rect, 0, x);
    mn_code_send_original(code, out, type, 0, "rect:grownBy:", false, args, 2);
    mn_code_return(code, out);
}

static void
write_rect_next(struct mn_code *code)
{
    static const char type[] = "{R={P=dd}{P=dd}}";
    struct mn_operand args[] = {{mn_code_param(code, 2), type}, {mn_code_param(code, 3), "d"}};
    mn_slot out = mn_code_slot_for(code, type, false), y = mn_code_slot(code, MN_SLOT_VALUE);

    mn_code_arith(code, MN_ADD, MN_REP_F64, mn_code_param(code, 3), mn_code_param(code, 3), mn_code_param(code, 3));
    mn_code_send_original(code, out, type, 0, "rect:grownBy:", true, args, 2);
    mn_code_load_slot(code, MN_REP_F64, y, out, 8);
    mn_code_negate(code, MN_REP_F64, y, y);
    mn_code_store_slot(code, MN_REP_F64, out, 8, y);
    mn_code_return(code, out);
}

static void
a_body_calls_the_original_and_the_next_with_structs(void **state)
{
    struct mn_program *below = method("rect:grownBy:", "{R={P=dd}{P=dd}}56@0:8{R={P=dd}{P=dd}}16d48", write_rect);
    struct mn_program *above = method("rect:grownBy:", "{R={P=dd}{P=dd}}56@0:8{R={P=dd}{P=dd}}16d48", write_rect_next);
    mend_token *first = patch("rect:grownBy:", below), *second;
    VmFixture *f = [VmFixture new];
    VmRect r = [f rect:(VmRect){{1, 2}, {3, 4}} grownBy:5];

    assert_true(r.origin.x == 101 && r.origin.y == 2 && r.size.x == 8 && r.size.y == 9);
    second = patch("rect:grownBy:", above);
    r = [f rect:(VmRect){{1, 2}, {3, 4}} grownBy:5];
    assert_true(r.origin.x == 101 && r.origin.y == -2 && r.size.x == 13 && r.size.y == 14);
    mend_hook_remove(second, NULL);
    mend_hook_remove(first, NULL);
    r = [f rect:(VmRect){{1, 2}, {3, 4}} grownBy:5];
    assert_true(r.origin.x == 1 && r.size.x == 8);
    mend_hook_collect();
    mn_program_release(below);
    mn_program_release(above);
    [f release];
}

static void
write_narrow(struct mn_code *code)
{
    mn_slot result = mn_code_slot(code, MN_SLOT_VALUE);

    mn_code_send_original(code, result, "c", 0, "negativeChar", false, NULL, 0);
    mn_code_arith_const(code, MN_MUL, MN_REP_I32, result, result, 2);
    mn_code_convert(code, MN_REP_I8, result, MN_REP_I32, result);
    mn_code_return(code, result);
}

static void
narrow_results_reach_the_caller(void **state)
{
    struct mn_program *program = method("negativeChar", "c16@0:8", write_narrow);
    mend_token *token = patch("negativeChar", program);
    VmFixture *f = [VmFixture new];

    assert_int_equal([f negativeChar], -6);
    mend_hook_remove(token, NULL);
    mn_program_release(program);
    [f release];
}

static void
write_recursion(struct mn_code *code)
{
    mn_slot result = mn_code_slot(code, MN_SLOT_VALUE);

    mn_code_at(code, 4, 2);
    mn_code_send(code, result, "i", 0, "one", NULL, 0);
    mn_code_return(code, result);
}

static void
send_one(void *data)
{
    [(id)data one];
}

static void
endless_recursion_raises_before_the_stack_ends(void **state)
{
    NSAutoreleasePool *pool = [NSAutoreleasePool new];
    struct mn_program *program = method("one", "i16@0:8", write_recursion);
    mend_token *token = patch("one", program);
    VmFixture *f = [VmFixture new];
    char text[200];
    id thrown = nil;

    assert_false(mn_try(send_one, f, &thrown));
    mn_exception_name(thrown, text, sizeof text);
    assert_string_equal(text, "MendErrorStackOverflow");
    mend_hook_remove(token, NULL);
    assert_int_equal([f one], 1);
    mn_program_release(program);
    [f release];
    [pool release];
}

static struct mn_program *
deep_calls(void)
{
    struct mn_builder *builder;
    struct mn_code *code = vm_open(&builder, "down", "ii");
    mn_slot n = mn_code_slot(code, MN_SLOT_VALUE);
    mn_label end = mn_code_label(code);

    mn_code_jump_compare_const(code, MN_EQ, MN_REP_I32, 0, 0, true, end);
    mn_code_arith_const(code, MN_SUB, MN_REP_I32, n, 0, 1);
    mn_code_call(code, n, "i", mn_code_index(code), (struct mn_operand[]){{n, "i"}}, 1);
    mn_code_arith_const(code, MN_ADD, MN_REP_I32, n, n, 1);
    mn_code_return(code, n);
    mn_code_bind(code, end);
    mn_code_return(code, 0);
    mn_code_close(code);
    return vm_finish(builder);
}

static void
run_down(void *data)
{
    uint64_t n = (uint64_t)-1 >> 33, result;

    mn_vm_call(data, &n, &result);
}

static void
calls_between_functions_nest_as_deep_as_the_stack(void **state)
{
    NSAutoreleasePool *pool = [NSAutoreleasePool new];
    struct mn_program *program = deep_calls();
    uint64_t n = 50000, result = 0;
    char text[200];
    id thrown = nil;

    mn_vm_call(mn_program_function(program, 0), &n, &result);
    assert_int_equal(result, 50000);
    assert_false(mn_try(run_down, (void *)mn_program_function(program, 0), &thrown));
    mn_exception_name(thrown, text, sizeof text);
    assert_string_equal(text, "MendErrorStackOverflow");
    mn_program_release(program);
    [pool release];
}

/* ---- threads ---- */

static void *
stop_soon(void *data)
{
    usleep(20000);
    mn_program_interrupt(data, true);
    return NULL;
}

static void
an_endless_loop_can_be_stopped_from_another_thread(void **state)
{
    NSAutoreleasePool *pool = [NSAutoreleasePool new];
    struct mn_builder *builder;
    struct mn_code *code = vm_open(&builder, "spin", "v");
    mn_label here = mn_code_label(code);
    struct mn_program *program;
    mend_error err;
    pthread_t thread;

    mn_code_at(code, 8, 1);
    mn_code_bind(code, here);
    mn_code_jump(code, here);
    mn_code_close(code);
    program = vm_finish(builder);
    pthread_create(&thread, NULL, stop_soon, program);
    assert_int_equal(mn_vm_run(mn_program_function(program, 0), &err), MEND_RAISED);
    assert_string_equal(err.message, "the patch was stopped");
    assert_string_equal(err.file, "test.m");
    assert_int_equal(err.line, 8);
    pthread_join(thread, NULL);
    mn_program_release(program);
    [pool release];
}

enum { THREADS = 4, ROUNDS = 20000 };
static struct mn_program *shared;
static VmFixture *receivers[2];

static void *
run_shared(void *data)
{
    long wrong = 0;

    objc_thread_add();
    for (int i = 0; i < ROUNDS; i++) {
        uint64_t params[2] = {(uint64_t)receivers[i & 1], (uint64_t)i}, result = 0;

        mn_vm_call(mn_program_function(shared, 0), params, &result);
        wrong += (int)result != i + 1 + (i & 1);
    }
    objc_thread_remove();
    return (void *)wrong;
}

static void
many_threads_run_one_function_and_learn_one_site(void **state)
{
    struct mn_builder *builder;
    struct mn_code *code = vm_open(&builder, "share", "i@i");
    mn_slot result = mn_code_slot(code, MN_SLOT_VALUE), text = mn_code_slot(code, MN_SLOT_OBJECT);
    pthread_t threads[THREADS];
    void *wrong;

    mn_code_string(code, text, "late", 4);
    mn_code_class(code, text, "VmFixture");
    mn_code_send(code, result, "i", 0, "overridden", NULL, 0);
    mn_code_arith(code, MN_ADD, MN_REP_I32, result, result, 1);
    mn_code_return(code, result);
    mn_code_close(code);
    shared = vm_finish(builder);
    receivers[0] = [VmFixture new];
    receivers[1] = [VmChild new];
    for (int i = 0; i < THREADS; i++)
        pthread_create(&threads[i], NULL, run_shared, NULL);
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], &wrong);
        assert_int_equal((long)wrong, 0);
    }
    mn_program_release(shared);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(owned_slots_are_released_on_return),
        cmocka_unit_test(owned_slots_are_released_when_an_exception_passes),
        cmocka_unit_test(an_owned_local_is_returned_without_a_leak),
        cmocka_unit_test(strong_stores_to_memory_balance),
        cmocka_unit_test(string_constants_are_made_once_and_freed_with_the_program),
        cmocka_unit_test(a_body_reads_arguments_in_registers_and_on_the_stack),
        cmocka_unit_test(a_body_calls_the_original_and_the_next_with_structs),
        cmocka_unit_test(narrow_results_reach_the_caller),
        cmocka_unit_test(endless_recursion_raises_before_the_stack_ends),
        cmocka_unit_test(calls_between_functions_nest_as_deep_as_the_stack),
        cmocka_unit_test(an_endless_loop_can_be_stopped_from_another_thread),
        cmocka_unit_test(many_threads_run_one_function_and_learn_one_site),
    };
    NSAutoreleasePool *pool = [NSAutoreleasePool new];
    int failed = cmocka_run_group_tests_name("vm life", tests, NULL, NULL);

    [pool release];
    return failed;
}
