// SPDX-License-Identifier: MIT
/* Sends from the machine: how values travel, what nil gives, what a site keeps. */
#import <Foundation/Foundation.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "abi/type.h"
#include "runtime/exception.h"
#include "support/vm_fixture.h"
#include "vm/run.h"

#include <string.h>

/* A program of one function that sends `selector` to its first parameter with the others, and returns what comes. */
static struct mn_program *
sender(const char *types, const char *result, const char *selector, unsigned count, ...)
{
    struct mn_builder *builder;
    struct mn_code *code = vm_open(&builder, "send", types);
    struct mn_operand operands[12];
    mn_slot into;
    va_list args;

    va_start(args, count);
    for (unsigned i = 0; i < count; i++)
        operands[i] = (struct mn_operand){mn_code_param(code, i + 1), va_arg(args, const char *)};
    va_end(args);
    into = result[0] == 'v' ? MN_NO_SLOT : mn_code_slot_for(code, result, false);
    mn_code_at(code, 3, 5);
    mn_code_send(code, into, result, mn_code_param(code, 0), selector, operands, count);
    mn_code_return(code, into);
    mn_code_close(code);
    return vm_finish(builder);
}

static uint64_t
run(const struct mn_program *program, const void *params, size_t size, void *result)
{
    uint64_t in[32] = {0}, out[8] = {0};

    memcpy(in, params, size);
    mn_vm_call(mn_program_function(program, 0), in, out);
    if (result != NULL)
        memcpy(result, out, 8 * mn_program_function(program, 0)->result_slots);
    return out[0];
}

static uint64_t
run1(struct mn_program *program, id receiver)
{
    uint64_t result = run(program, &receiver, sizeof receiver, NULL);

    mn_program_release(program);
    return result;
}

static void
scalar_results_arrive_converted_to_the_static_type(void **state)
{
    VmFixture *f = [VmFixture new];
    double d;
    float x;
    uint64_t bits;

    assert_int_equal(run1(sender("i@", "i", "one", 0), f), 1);
    assert_int_equal((int64_t)run1(sender("q@", "q", "negativeChar", 0), f), -3);
    assert_int_equal(run1(sender("I@", "I", "negativeChar", 0), f), 0xfffffffd);
    assert_int_equal(run1(sender("i@", "i", "wideShort", 0), f), 65535);
    assert_int_equal((int64_t)run1(sender("s@", "s", "wideShort", 0), f), -1);
    assert_int_equal(run1(sender("B@", "B", "yes", 0), f), 1);
    bits = run1(sender("d@", "d", "half", 0), f);
    memcpy(&d, &bits, sizeof d);
    assert_true(d == 0.5);
    bits = run1(sender("f@", "f", "half", 0), f);
    memcpy(&x, &bits, sizeof x);
    assert_true(x == 0.5f);
    assert_int_equal(run1(sender("i@", "i", "half", 0), f), 0);
    assert_int_equal(run1(sender("q@", "q", "nothing", 0), f), 0);
    assert_int_equal(run1(sender("v@", "v", "one", 0), f), 0);
    [f release];
}

static void
arguments_travel_by_the_live_methods_types(void **state)
{
    VmFixture *f = [VmFixture new];
    struct {
        id self;
        int64_t n[8];
    } sum = {f, {1, 2, 3, 4, 5, 6, 7, 8}};
    struct {
        id self;
        int64_t a;
        double b, c;
        id o;
        double d;
    } mix = {f, 1, 2, 3, f, 5};
    struct {
        id self;
        int64_t x;
    } twice = {f, 21};
    struct mn_program *program;
    double d;

    program = sender("q@qqqqqqqq", "q", "sum::::::::", 8, "q", "q", "q", "q", "q", "q", "q", "q");
    assert_int_equal(run(program, &sum, sizeof sum, NULL), 87654321);
    mn_program_release(program);
    program = sender("d@idd@d", "d", "mix:::::", 5, "i", "d", "d", "@", "d"); /* the method's third is a float */
    run(program, &mix, sizeof mix, &d);
    assert_true(d == 1 + 20 + 300 + 1000 + 50000);
    mn_program_release(program);
    program = sender("d@q", "d", "twice:", 1, "q"); /* an integer where the method wants a double */
    run(program, &twice, sizeof twice, &d);
    assert_true(d == 42);
    mn_program_release(program);
    [f release];
}

static void
long_double_travels_whole(void **state)
{
    VmFixture *f = [VmFixture new];
    struct mn_program *program = sender("D@D", "D", "wide:", 1, "D");
    struct {
        uint64_t self, wide[2];
    } params = {(uint64_t)f, {0}};
    long double x = 0x1p63L, result = 0;
    uint64_t out[2];

    memcpy(params.wide, &x, MN_LDOUBLE_BYTES);
    run(program, &params, sizeof params, out);
    memcpy(&result, out, MN_LDOUBLE_BYTES);
    assert_true(result == 0x1p63L + 1);
    mn_program_release(program);
    [f release];
}

#define STRUCT_TEST(type, encoding, selector, value, wanted)                                                          \
    do {                                                                                                              \
        struct {                                                                                                      \
            id self;                                                                                                  \
            _Alignas(8) type s;                                                                                       \
        } params = {f, value};                                                                                        \
        struct mn_program *program = sender(encoding "@" encoding, encoding, selector, 1, encoding);                  \
        _Alignas(8) char out[64];                                                                                     \
        type is = wanted;                                                                                             \
                                                                                                                      \
        run(program, &params, sizeof params, out);                                                                    \
        assert_memory_equal(out, &is, sizeof is);                                                                     \
        mn_program_release(program);                                                                                  \
    } while (0)
#define LIST(...) {__VA_ARGS__}

static void
structs_go_and_come_by_value(void **state)
{
    VmFixture *f = [VmFixture new];
    struct {
        id self;
        VmRect rect;
        double by;
    } rect = {f, {{1, 2}, {3, 4}}, 10};
    struct mn_program *program;
    VmRect out;

    STRUCT_TEST(VmPoint, "{P=dd}", "point:", LIST(1, 2), LIST(2, 1));
    STRUCT_TEST(VmSmall, "{S=if}", "small:", LIST(5, 1.5f), LIST(6, 3.0f));
    STRUCT_TEST(VmOdd, "{O=[3c]}", "odd:", LIST({1, 2, 3}), LIST({3, 2, 1}));
    STRUCT_TEST(NSRange, "{_NSRange=QQ}", "range:", LIST(3, 4), LIST(4, 6));
    program = sender("{R={P=dd}{P=dd}}@{R={P=dd}{P=dd}}d", "{R={P=dd}{P=dd}}", "rect:grownBy:", 2, "{R={P=dd}{P=dd}}", "d");
    run(program, &rect, sizeof rect, &out);
    assert_true(out.origin.x == 1 && out.origin.y == 2 && out.size.x == 13 && out.size.y == 14);
    mn_program_release(program);
    [f release];
}

static void
nil_gives_zero_of_the_result_type(void **state)
{
    struct {
        id self;
        VmPoint p;
    } params = {nil, {1, 2}};
    struct mn_program *program = sender("{P=dd}@{P=dd}", "{P=dd}", "point:", 1, "{P=dd}");
    VmPoint out = {5, 5};

    run(program, &params, sizeof params, &out);
    assert_true(out.x == 0 && out.y == 0);
    mn_program_release(program);
    assert_int_equal(run1(sender("i@", "i", "one", 0), nil), 0);
    assert_int_equal(run1(sender("@@", "@", "description", 0), nil), 0);
}

static void
a_known_callee_costs_no_slow_event(void **state)
{
    VmFixture *f = [VmFixture new], *child = [VmChild new];
    struct mn_program *program = sender("i@", "i", "overridden", 0);
    unsigned long before;

    assert_int_equal(run(program, &f, sizeof f, NULL), 1);
    assert_int_equal(run(program, &child, sizeof child, NULL), 2);
    before = mn_vm_slow_events();
    for (int i = 0; i < 100; i++) {
        assert_int_equal(run(program, &f, sizeof f, NULL), 1);
        assert_int_equal(run(program, &child, sizeof child, NULL), 2);
    }
    assert_int_equal(mn_vm_slow_events(), before);
    mn_program_release(program);
    [f release];
    [child release];
}

static int
replaced(id self, SEL _cmd)
{
    return 77;
}

static void
a_method_replaced_by_the_host_is_seen_by_a_warm_site(void **state)
{
    VmFixture *f = [VmFixture new];
    struct mn_program *program = sender("i@", "i", "one", 0);
    Method method = class_getInstanceMethod([VmFixture class], @selector(one));
    IMP old;

    assert_int_equal(run(program, &f, sizeof f, NULL), 1);
    old = method_setImplementation(method, (IMP)replaced);
    assert_int_equal(run(program, &f, sizeof f, NULL), 77);
    method_setImplementation(method, old);
    assert_int_equal(run(program, &f, sizeof f, NULL), 1);
    mn_program_release(program);
    [f release];
}

static void
forwarded_messages_carry_their_types(void **state)
{
    VmForwarder *f = [VmForwarder new];
    struct {
        id self;
        int64_t n;
    } params = {f, 41};
    struct mn_program *program = sender("d@i", "d", "nobodyHas:", 1, "i");
    double d = 0;

    for (int i = 0; i < 3; i++) {
        run(program, &params, sizeof params, &d);
        assert_true(d == 41.25);
    }
    assert_true(sel_isEqual(f->forwarded, @selector(nobodyHas:)));
    mn_program_release(program);
    [f release];
}

struct attempt {
    struct mn_program *program;
    id self;
};

static void
attempt(void *data)
{
    struct attempt *a = data;

    run(a->program, &a->self, sizeof a->self, NULL);
}

static void
assert_raises(struct mn_program *program, id self, const char *name, const char *reason)
{
    struct attempt a = {program, self};
    char text[300];
    id thrown;

    assert_false(mn_try(attempt, &a, &thrown));
    mn_exception_name(thrown, text, sizeof text);
    assert_string_equal(text, name);
    mn_exception_reason(thrown, text, sizeof text);
    if (reason != NULL)
        assert_string_equal(text, reason);
    mn_program_release(program);
}

static void
an_unknown_selector_raises_as_the_host_words_it(void **state)
{
    VmFixture *f = [VmFixture new];

    assert_raises(sender("i@", "i", "noSuchThingHere", 0), f, "NSInvalidArgumentException", NULL);
    [f release];
}

static void
what_cannot_be_converted_is_refused_with_its_place(void **state)
{
    VmFixture *f = [VmFixture new];

    assert_raises(sender("@@", "@", "one", 0), f, "MendErrorSignature",
                  "test.m:3:5: [VmFixture one]: an object is wanted, and the method returns a number");
    assert_raises(sender("q@", "q", "self", 0), f, "MendErrorSignature",
                  "test.m:3:5: [VmFixture self]: a number is wanted, and the method returns an object");
    assert_int_equal(run1(sender("B@", "B", "self", 0), f), 1);
    [f release];
}

static void
variadic_tails_follow_c(void **state)
{
    VmFixture *f = [VmFixture new];
    struct mn_builder *builder;
    struct mn_code *code = vm_open(&builder, "send", "i@");
    mn_slot n = mn_code_slot(code, MN_SLOT_VALUE), a = mn_code_slot(code, MN_SLOT_VALUE);
    mn_slot b = mn_code_slot(code, MN_SLOT_VALUE), result = mn_code_slot(code, MN_SLOT_VALUE);
    struct mn_operand operands[] = {{n, "i"}, {a, "d"}, {b, "i"}, {a, "d"}, {b, "i"}};

    mn_code_int(code, n, 2);
    mn_code_double(code, a, 1.5);
    mn_code_int(code, b, 10);
    mn_code_send_variadic(code, result, "i", mn_code_param(code, 0), "count:", operands, 5, 1);
    mn_code_return(code, result);
    mn_code_close(code);
    assert_int_equal(run1(vm_finish(builder), f), 23);
    [f release];
}

static void
out_parameters_are_addresses_of_slots(void **state)
{
    VmFixture *f = [VmFixture new];
    struct mn_builder *builder;
    struct mn_code *code = vm_open(&builder, "send", "i@");
    mn_slot local = mn_code_slot(code, MN_SLOT_VALUE), address = mn_code_slot(code, MN_SLOT_VALUE);

    mn_code_int(code, local, 1);
    mn_code_address(code, address, local, 0);
    mn_code_send(code, MN_NO_SLOT, "v", mn_code_param(code, 0), "store:", (struct mn_operand[]){{address, "^i"}}, 1);
    mn_code_load_slot(code, MN_REP_I32, address, local, 0);
    mn_code_return(code, address);
    mn_code_close(code);
    assert_int_equal((int64_t)run1(vm_finish(builder), f), -7);
    [f release];
}

static void
super_starts_above_the_lexical_class(void **state)
{
    VmChild *child = [VmChild new];
    struct mn_builder *builder;
    struct mn_code *code = vm_open(&builder, "send", "i@");
    mn_slot result = mn_code_slot(code, MN_SLOT_VALUE);

    mn_code_send_super(code, result, "i", mn_code_param(code, 0), "VmChild", false, "overridden", NULL, 0);
    mn_code_return(code, result);
    mn_code_close(code);
    assert_int_equal(run1(vm_finish(builder), child), 1);
    [child release];
}

static void
instance_variables_are_found_by_name(void **state)
{
    VmFixture *f = [VmFixture new];
    struct mn_builder *builder;
    struct mn_code *code = vm_open(&builder, "send", "i@");
    mn_slot address = mn_code_slot(code, MN_SLOT_VALUE), value = mn_code_slot(code, MN_SLOT_VALUE);

    mn_code_ivar(code, address, mn_code_param(code, 0), "VmFixture", "small");
    mn_code_load(code, MN_REP_I16, value, address, 0);
    mn_code_arith_const(code, MN_MUL, MN_REP_I32, value, value, 2);
    mn_code_store(code, MN_REP_I16, address, 0, value);
    mn_code_return(code, value);
    mn_code_close(code);
    f->small = -21;
    assert_int_equal((int64_t)run1(vm_finish(builder), f), -42);
    assert_int_equal(f->small, -42);
    [f release];
}

static void
literals_and_class_messages_work(void **state)
{
    struct mn_builder *builder;
    struct mn_code *code = vm_open(&builder, "make", "@");
    mn_slot key = mn_code_slot(code, MN_SLOT_OBJECT), number = mn_code_slot(code, MN_SLOT_OBJECT);
    mn_slot list = mn_code_slot(code, MN_SLOT_OBJECT), cls = mn_code_slot(code, MN_SLOT_OBJECT);
    mn_slot value = mn_code_slot(code, MN_SLOT_VALUE), dictionary = mn_code_slot(code, MN_SLOT_OBJECT);
    struct mn_program *program;
    id got;

    mn_code_string(code, key, "k\xc3\xa9y", 4);
    mn_code_class(code, cls, "VmFixture");
    mn_code_send(code, value, "i", cls, "classSide", NULL, 0);
    mn_code_box(code, number, MN_REP_I32, value);
    mn_code_array(code, list, (mn_slot[]){key, number}, 2);
    mn_code_dictionary(code, dictionary, (mn_slot[]){key, list, number, key}, 4);
    mn_code_return(code, dictionary);
    mn_code_close(code);
    program = vm_finish(builder);
    mn_vm_call(mn_program_function(program, 0), NULL, (uint64_t *)&got);
    assert_int_equal([got count], 2);
    key = 0;
    assert_true([[[got allKeys] description] length] > 0);
    assert_int_equal([[[got objectForKey:[NSString stringWithUTF8String:"k\xc3\xa9y"]] objectAtIndex:1] intValue], 11);
    mn_program_release(program);
}

static int
add_up(int a, double b, short c)
{
    return a + (int)b + c;
}

static void
c_functions_are_called_through_their_address(void **state)
{
    struct mn_builder *builder;
    struct mn_code *code = vm_open(&builder, "call", "i^v");
    mn_slot a = mn_code_slot(code, MN_SLOT_VALUE), b = mn_code_slot(code, MN_SLOT_VALUE);
    mn_slot result = mn_code_slot(code, MN_SLOT_VALUE);
    struct mn_program *program;
    void *address = (void *)add_up;

    mn_code_int(code, a, 3);
    mn_code_double(code, b, 4.5);
    mn_code_call_c(code, result, mn_code_param(code, 0), "iids", (struct mn_operand[]){{a, "i"}, {b, "d"}, {a, "i"}}, 3);
    mn_code_return(code, result);
    mn_code_close(code);
    program = vm_finish(builder);
    assert_int_equal(run(program, &address, sizeof address, NULL), 10);
    mn_program_release(program);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(scalar_results_arrive_converted_to_the_static_type),
        cmocka_unit_test(arguments_travel_by_the_live_methods_types),
        cmocka_unit_test(long_double_travels_whole),
        cmocka_unit_test(structs_go_and_come_by_value),
        cmocka_unit_test(nil_gives_zero_of_the_result_type),
        cmocka_unit_test(a_known_callee_costs_no_slow_event),
        cmocka_unit_test(a_method_replaced_by_the_host_is_seen_by_a_warm_site),
        cmocka_unit_test(forwarded_messages_carry_their_types),
        cmocka_unit_test(an_unknown_selector_raises_as_the_host_words_it),
        cmocka_unit_test(what_cannot_be_converted_is_refused_with_its_place),
        cmocka_unit_test(variadic_tails_follow_c),
        cmocka_unit_test(out_parameters_are_addresses_of_slots),
        cmocka_unit_test(super_starts_above_the_lexical_class),
        cmocka_unit_test(instance_variables_are_found_by_name),
        cmocka_unit_test(literals_and_class_messages_work),
        cmocka_unit_test(c_functions_are_called_through_their_address),
    };
    NSAutoreleasePool *pool = [NSAutoreleasePool new];
    int failed = cmocka_run_group_tests_name("vm sends", tests, NULL, NULL);

    [pool release];
    return failed;
}
