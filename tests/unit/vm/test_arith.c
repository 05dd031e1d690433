// SPDX-License-Identifier: MIT
/* Arithmetic of the machine against C's own, over tables of awkward and random operands; loops and jumps. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "runtime/exception.h"
#include "value/own.h"
#include "vm/builder.h"
#include "vm/run.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct mn_program *
finish(struct mn_builder *builder)
{
    struct mn_program *program;
    mend_error err = {0};

    if (mn_builder_finish(builder, &program, &err) != MEND_OK)
        fail_msg("the builder says: %s", err.message);
    mn_builder_free(builder);
    return program;
}

static uint64_t
call2(const struct mn_program *program, const char *name, uint64_t a, uint64_t b)
{
    uint64_t params[4] = {a, b}, result[2] = {0, 0};

    mn_vm_call(mn_program_function_named(program, name), params, result);
    return result[0];
}

/* ---- every operation at every width ---- */

static const struct {
    enum mn_rep rep;
    const char *types, *name;
} widths[] = {{MN_REP_I32, "iii", "i32"},
              {MN_REP_U32, "III", "u32"},
              {MN_REP_I64, "qqq", "i64"},
              {MN_REP_U64, "QQQ", "u64"}};

static uint64_t
in_slot(enum mn_rep rep, uint64_t bits)
{
    return rep == MN_REP_I32 ? (uint64_t)(int64_t)(int32_t)bits : rep == MN_REP_U32 ? (uint32_t)bits : bits;
}

#define WRAP(type, utype, expression) ((uint64_t)(type)(utype)(expression))

/* What gcc -fwrapv computes; `b` is not 0 for divisions. */
static uint64_t
expected(enum mn_arith op, enum mn_rep rep, uint64_t a, uint64_t b)
{
    bool wide = rep == MN_REP_I64 || rep == MN_REP_U64, is_signed = rep == MN_REP_I32 || rep == MN_REP_I64;
    uint64_t value = 0;

    switch (op) {
    case MN_ADD:
        value = a + b;
        break;
    case MN_SUB:
        value = a - b;
        break;
    case MN_MUL:
        value = a * b;
        break;
    case MN_DIV:
        value = !is_signed ? a / b : b == UINT64_MAX ? 0 - a : (uint64_t)((int64_t)a / (int64_t)b);
        break;
    case MN_REM:
        value = !is_signed ? a % b : b == UINT64_MAX ? 0 : (uint64_t)((int64_t)a % (int64_t)b);
        break;
    case MN_AND:
        value = a & b;
        break;
    case MN_OR:
        value = a | b;
        break;
    case MN_XOR:
        value = a ^ b;
        break;
    case MN_SHL:
        value = a << (b & (wide ? 63 : 31));
        break;
    case MN_SHR:
        value = is_signed ? (uint64_t)((int64_t)a >> (b & (wide ? 63 : 31))) : a >> (b & (wide ? 63 : 31));
        break;
    }
    return in_slot(rep, value);
}

static const uint64_t awkward[] = {0,
                                   1,
                                   2,
                                   3,
                                   7,
                                   10,
                                   31,
                                   32,
                                   63,
                                   64,
                                   127,
                                   128,
                                   255,
                                   256,
                                   32767,
                                   32768,
                                   65535,
                                   65536,
                                   0x7fffffff,
                                   0x80000000,
                                   0xffffffff,
                                   0x100000000,
                                   INT64_MAX,
                                   (uint64_t)INT64_MIN,
                                   UINT64_MAX,
                                   UINT64_MAX - 1,
                                   (uint64_t)-7,
                                   0x123456789abcdef0};
enum { AWKWARD = sizeof awkward / sizeof *awkward };

static void
integer_operations_give_what_c_gives(void **state)
{
    struct mn_builder *builder = mn_builder_new("arith.m");
    struct mn_program *program;
    char name[40];

    for (unsigned w = 0; w < 4; w++)
        for (unsigned op = MN_ADD; op <= MN_SHR; op++) {
            struct mn_function_spec spec = {.name = name, .types = widths[w].types};
            struct mn_code *code;
            mn_slot result;

            snprintf(name, sizeof name, "%s %u", widths[w].name, op);
            code = mn_code_open(builder, &spec);
            result = mn_code_slot(code, MN_SLOT_VALUE);
            mn_code_arith(code, op, widths[w].rep, result, mn_code_param(code, 0), mn_code_param(code, 1));
            mn_code_return(code, result);
            mn_code_close(code);
        }
    program = finish(builder);
    for (unsigned w = 0; w < 4; w++)
        for (unsigned op = MN_ADD; op <= MN_SHR; op++)
            for (unsigned i = 0; i < AWKWARD; i++)
                for (unsigned k = 0; k < AWKWARD; k++) {
                    uint64_t a = in_slot(widths[w].rep, awkward[i]), b = in_slot(widths[w].rep, awkward[k]),
                             got;

                    if ((op == MN_DIV || op == MN_REM) && b == 0)
                        continue;
                    snprintf(name, sizeof name, "%s %u", widths[w].name, op);
                    got = call2(program, name, a, b);
                    if (got != expected(op, widths[w].rep, a, b))
                        fail_msg("%s of %llx and %llx is %llx, C says %llx", name, (unsigned long long)a,
                                 (unsigned long long)b, (unsigned long long)got,
                                 (unsigned long long)expected(op, widths[w].rep, a, b));
                }
    mn_program_release(program);
}

static void
constant_forms_agree_with_slot_forms(void **state)
{
    static const int64_t constants[] = {1,     2,  3,  5,      7,      31,      100, 32767,
                                        32768, -1, -2, -32768, -32769, 1000000, 63};
    struct mn_builder *builder = mn_builder_new("const.m");
    struct mn_program *program;
    char name[60];

    for (unsigned w = 0; w < 4; w++)
        for (unsigned op = MN_ADD; op <= MN_SHR; op++)
            for (unsigned k = 0; k < sizeof constants / sizeof *constants; k++) {
                struct mn_function_spec spec = {.name = name, .types = widths[w].types};
                struct mn_code *code;
                mn_slot result;

                snprintf(name, sizeof name, "%s %u %lld", widths[w].name, op, (long long)constants[k]);
                code = mn_code_open(builder, &spec);
                result = mn_code_slot(code, MN_SLOT_VALUE);
                mn_code_arith_const(code, op, widths[w].rep, result, mn_code_param(code, 0), constants[k]);
                mn_code_return(code, result);
                mn_code_close(code);
            }
    program = finish(builder);
    for (unsigned w = 0; w < 4; w++)
        for (unsigned op = MN_ADD; op <= MN_SHR; op++)
            for (unsigned k = 0; k < sizeof constants / sizeof *constants; k++)
                for (unsigned i = 0; i < AWKWARD; i++) {
                    uint64_t a = in_slot(widths[w].rep, awkward[i]);
                    uint64_t b = in_slot(widths[w].rep, (uint64_t)constants[k]), got;

                    snprintf(name, sizeof name, "%s %u %lld", widths[w].name, op, (long long)constants[k]);
                    got = call2(program, name, a, 0);
                    if (got != expected(op, widths[w].rep, a, b))
                        fail_msg("%s of %llx is %llx, C says %llx", name, (unsigned long long)a,
                                 (unsigned long long)got,
                                 (unsigned long long)expected(op, widths[w].rep, a, b));
                }
    mn_program_release(program);
}

static void
divide(void *data)
{
    call2(data, "divide", 1, 0);
}

static void
integer_division_by_zero_raises_with_its_place(void **state)
{
    static const struct {
        enum mn_rep rep;
        const char *types;
    } kinds[] = {{MN_REP_I32, "iii"}, {MN_REP_U32, "III"}, {MN_REP_I64, "qqq"}, {MN_REP_U64, "QQQ"}};

    for (unsigned k = 0; k < 8; k++) {
        struct mn_builder *builder = mn_builder_new("zero.m");
        struct mn_function_spec spec = {.name = "divide", .types = kinds[k % 4].types};
        struct mn_code *code = mn_code_open(builder, &spec);
        mn_slot result = mn_code_slot(code, MN_SLOT_VALUE);
        struct mn_program *program;
        char text[200];
        id thrown = nil, pool;

        mn_code_at(code, 12, 7);
        mn_code_arith(code, k < 4 ? MN_DIV : MN_REM, kinds[k % 4].rep, result, mn_code_param(code, 0),
                      mn_code_param(code, 1));
        mn_code_return(code, result);
        mn_code_close(code);
        program = finish(builder);
        pool = mn_pool_push();
        assert_false(mn_try(divide, program, &thrown));
        mn_exception_name(thrown, text, sizeof text);
        assert_string_equal(text, "MendErrorDivideByZero");
        mn_exception_reason(thrown, text, sizeof text);
        assert_string_equal(text, "zero.m:12:7: division by zero");
        mn_pool_pop(pool);
        mn_program_release(program);
    }
}

/* ---- floating point and conversions ---- */

static const double doubles[] = {
    0.0,          -0.0,          1.0,          -1.0,         0.5,       -0.5,   3.9,     -3.9,
    127.9,        128.0,         255.5,        300,          -129,      32768,  65536,   2147483647.0,
    2147483648.0, -2147483648.5, 4294967295.0, 4294967296.5, 9.2e18,    9.3e18, -9.3e18, 1.8e19,
    1.9e19,       1e300,         -1e300,       INFINITY,     -INFINITY, NAN};

static uint64_t
saturated(enum mn_rep rep, double value)
{
    switch (rep) {
#define CASE(rep, type, low, high)                                                                           \
    case rep:                                                                                                \
        return value != value          ? 0                                                                   \
               : value <= (double)low  ? (uint64_t)(int64_t)low                                              \
               : value >= (double)high ? (uint64_t)(int64_t)high                                             \
                                       : (uint64_t)(int64_t)(type)value
        CASE(MN_REP_I8, int8_t, INT8_MIN, INT8_MAX);
        CASE(MN_REP_U8, uint8_t, 0, UINT8_MAX);
        CASE(MN_REP_I16, int16_t, INT16_MIN, INT16_MAX);
        CASE(MN_REP_U16, uint16_t, 0, UINT16_MAX);
        CASE(MN_REP_I32, int32_t, INT32_MIN, INT32_MAX);
        CASE(MN_REP_U32, uint32_t, 0, UINT32_MAX);
        CASE(MN_REP_I64, int64_t, INT64_MIN, INT64_MAX);
    case MN_REP_U64:
        return value != value || value <= 0      ? 0
               : value >= 18446744073709551615.0 ? UINT64_MAX
                                                 : (uint64_t)value;
    default:
        return value != 0;
    }
}

static void
floating_to_integer_truncates_and_saturates(void **state)
{
    static const char encodings[] = {
        [MN_REP_BOOL] = 'B', [MN_REP_I8] = 'c',  [MN_REP_U8] = 'C',  [MN_REP_I16] = 's', [MN_REP_U16] = 'S',
        [MN_REP_I32] = 'i',  [MN_REP_U32] = 'I', [MN_REP_I64] = 'q', [MN_REP_U64] = 'Q'};

    for (enum mn_rep rep = MN_REP_BOOL; rep <= MN_REP_U64; rep++) {
        char types[3] = {encodings[rep], 'd', 0};
        struct mn_builder *builder = mn_builder_new("convert.m");
        struct mn_function_spec spec = {.name = "f", .types = types};
        struct mn_code *code = mn_code_open(builder, &spec);
        mn_slot result = mn_code_slot(code, MN_SLOT_VALUE), wide = mn_code_slot_run(code, 2);
        struct mn_program *program;

        mn_code_convert(code, rep, result, MN_REP_F64, mn_code_param(code, 0));
        mn_code_convert(code, MN_REP_LD, wide, MN_REP_F64, mn_code_param(code, 0));
        mn_code_convert(code, rep, wide, MN_REP_LD, wide);
        mn_code_arith(code, MN_SUB, MN_REP_I64, wide, wide, result); /* both ways agree: 0 */
        mn_code_arith(code, MN_ADD, MN_REP_I64, result, result, wide);
        mn_code_return(code, result);
        mn_code_close(code);
        program = finish(builder);
        for (unsigned i = 0; i < sizeof doubles / sizeof *doubles; i++) {
            uint64_t bits, got;

            memcpy(&bits, &doubles[i], 8);
            got = call2(program, "f", bits, 0);
            if (got != saturated(rep, doubles[i]))
                fail_msg("%g as '%c' is %lld, not %lld", doubles[i], encodings[rep], (long long)got,
                         (long long)saturated(rep, doubles[i]));
        }
        mn_program_release(program);
    }
}

static void
doubles_compare_and_branch_as_c_does_with_nan_too(void **state)
{
    struct mn_builder *builder = mn_builder_new("compare.m");
    struct mn_program *program;
    char name[20];

    for (unsigned op = MN_EQ; op <= MN_GE; op++) {
        struct mn_function_spec spec = {.name = name, .types = "idd"};
        struct mn_code *code;
        mn_label yes, no;
        mn_slot result, truth;

        snprintf(name, sizeof name, "op%u", op);
        code = mn_code_open(builder, &spec);
        result = mn_code_slot(code, MN_SLOT_VALUE);
        truth = mn_code_slot(code, MN_SLOT_VALUE);
        yes = mn_code_label(code);
        no = mn_code_label(code);
        mn_code_compare(code, op, MN_REP_F64, truth, mn_code_param(code, 0), mn_code_param(code, 1));
        mn_code_jump_compare(code, op, MN_REP_F64, mn_code_param(code, 0), mn_code_param(code, 1), true, yes);
        mn_code_int(code, result, 0);
        mn_code_jump_compare(code, op, MN_REP_F64, mn_code_param(code, 0), mn_code_param(code, 1), false, no);
        mn_code_int(code, result, 100); /* taken by neither */
        mn_code_jump(code, no);
        mn_code_bind(code, yes);
        mn_code_int(code, result, 1);
        mn_code_bind(code, no);
        mn_code_arith(code, MN_MUL, MN_REP_I32, result, result, result);
        mn_code_arith_const(code, MN_MUL, MN_REP_I32, truth, truth, 2);
        mn_code_arith(code, MN_ADD, MN_REP_I32, result, result, truth);
        mn_code_return(code, result);
        mn_code_close(code);
    }
    program = finish(builder);
    for (unsigned i = 0; i < sizeof doubles / sizeof *doubles; i++)
        for (unsigned k = 0; k < sizeof doubles / sizeof *doubles; k++) {
            double a = doubles[i], b = doubles[k];
            bool wanted[] = {a == b, a != b, a<b, a <= b, a> b, a >= b};

            for (unsigned op = MN_EQ; op <= MN_GE; op++) {
                uint64_t x, y;

                memcpy(&x, &a, 8);
                memcpy(&y, &b, 8);
                snprintf(name, sizeof name, "op%u", op);
                assert_int_equal(call2(program, name, x, y), wanted[op] ? 3 : 0);
            }
        }
    mn_program_release(program);
}

static void
a_multiply_and_add_is_rounded_twice(void **state)
{
    struct mn_builder *builder = mn_builder_new("muladd.m");
    struct mn_function_spec spec = {.name = "f", .types = "ddd"};
    struct mn_code *code = mn_code_open(builder, &spec);
    mn_slot sum = mn_code_slot(code, MN_SLOT_VALUE), product = mn_code_temp(code);
    struct mn_program *program;
    volatile double a = 1 + 0x1p-30, b = 1 - 0x1p-30, wanted = -1;
    double got;
    uint64_t x, y, bits;

    mn_code_double(code, sum, -1);
    mn_code_arith(code, MN_MUL, MN_REP_F64, product, mn_code_param(code, 0), mn_code_param(code, 1));
    mn_code_arith(code, MN_ADD, MN_REP_F64, sum, sum, product);
    mn_code_return(code, sum);
    mn_code_close(code);
    program = finish(builder);
    assert_int_equal(mn_program_function(program, 0)->code[1].op, MN_OP_MULADD_F64);
    memcpy(&x, (double *)&a, 8);
    memcpy(&y, (double *)&b, 8);
    bits = call2(program, "f", x, y);
    memcpy(&got, &bits, 8);
    wanted += a * b; /* 1 - 2^-60 rounds to 1 */
    assert_true(got == wanted);
    mn_program_release(program);
}

static void
long_double_keeps_its_64_bits_of_mantissa(void **state)
{
    struct mn_builder *builder = mn_builder_new("wide.m");
    struct mn_function_spec spec = {.name = "f", .types = "QQ"};
    struct mn_code *code = mn_code_open(builder, &spec);
    mn_slot wide = mn_code_slot_run(code, 2), one = mn_code_slot_run(code, 2),
            result = mn_code_slot(code, MN_SLOT_VALUE);
    struct mn_program *program;

    mn_code_convert(code, MN_REP_LD, wide, MN_REP_U64, mn_code_param(code, 0));
    mn_code_long_double(code, one, 1);
    mn_code_arith(code, MN_SUB, MN_REP_LD, wide, wide, one);
    mn_code_convert(code, MN_REP_U64, result, MN_REP_LD, wide);
    mn_code_return(code, result);
    mn_code_close(code);
    program = finish(builder);
    assert_true(call2(program, "f", UINT64_MAX, 0) == UINT64_MAX - 1);
    assert_true(call2(program, "f", 0x8000000000000001, 0) == 0x8000000000000000);
    mn_program_release(program);
}

/* ---- loops ---- */

static struct mn_program *
sum_loop(enum mn_rep rep, enum mn_compare op)
{
    struct mn_builder *builder = mn_builder_new("loop.m");
    struct mn_function_spec spec = {.name = "sum",
                                    .types = rep == MN_REP_I32   ? "qi"
                                             : rep == MN_REP_U32 ? "qI"
                                                                 : "qq"};
    struct mn_code *code = mn_code_open(builder, &spec);
    mn_slot i = mn_code_slot(code, MN_SLOT_VALUE), sum = mn_code_slot(code, MN_SLOT_VALUE);
    mn_label body = mn_code_label(code), end = mn_code_label(code);

    mn_code_int(code, sum, 0);
    mn_code_int(code, i, 0);
    mn_code_jump_compare(code, op, rep, i, mn_code_param(code, 0), false, end);
    mn_code_bind(code, body);
    mn_code_arith(code, MN_ADD, MN_REP_I64, sum, sum, i);
    mn_code_arith_const(code, MN_ADD, rep, i, i, 1);
    mn_code_jump_compare(code, op, rep, i, mn_code_param(code, 0), true, body);
    mn_code_bind(code, end);
    mn_code_return(code, sum);
    mn_code_close(code);
    return finish(builder);
}

static void
counting_loops_run_as_often_as_c_ones(void **state)
{
    static const enum mn_rep reps[] = {MN_REP_I32, MN_REP_U32, MN_REP_I64, MN_REP_U64};

    for (unsigned r = 0; r < 4; r++)
        for (enum mn_compare op = MN_LT; op <= MN_LE; op++) {
            struct mn_program *program = sum_loop(reps[r], op);

            for (int64_t n = reps[r] == MN_REP_I32 || reps[r] == MN_REP_I64 ? -2 : 0; n < 1000; n += 111) {
                int64_t sum = 0;

                for (int64_t i = 0; op == MN_LT ? i < n : i <= n; i++)
                    sum += i;
                assert_int_equal(call2(program, "sum", (uint64_t)n, 0), sum);
            }
            mn_program_release(program);
        }
}

static void
jumps_beyond_16_bits_are_carried_on(void **state)
{
    struct mn_builder *builder = mn_builder_new("far.m");
    struct mn_function_spec spec = {.name = "far", .types = "ii"};
    struct mn_code *code = mn_code_open(builder, &spec);
    mn_slot i = mn_code_slot(code, MN_SLOT_VALUE), sum = mn_code_slot(code, MN_SLOT_VALUE);
    mn_label body = mn_code_label(code), end = mn_code_label(code);
    struct mn_program *program;
    unsigned line, column;

    mn_code_int(code, sum, 0);
    mn_code_int(code, i, 0);
    mn_code_jump_compare(code, MN_LT, MN_REP_I32, i, mn_code_param(code, 0), false, end);
    mn_code_bind(code, body);
    for (unsigned k = 0; k < 40000; k++)
        mn_code_arith(code, MN_ADD, MN_REP_I32, sum, sum, i);
    mn_code_at(code, 99, 1);
    mn_code_arith_const(code, MN_ADD, MN_REP_I32, i, i, 1);
    mn_code_jump_compare(code, MN_LT, MN_REP_I32, i, mn_code_param(code, 0), true, body);
    mn_code_bind(code, end);
    mn_code_return(code, sum);
    mn_code_close(code);
    program = finish(builder);
    assert_int_equal((int)call2(program, "far", 4, 0), 40000 * 6);
    assert_int_equal((int)call2(program, "far", 0, 0), 0);
    mn_function_place(mn_program_function(program, 0), mn_program_function(program, 0)->code_count - 1, &line,
                      &column);
    assert_int_equal(line, 99);
    mn_program_release(program);
}

/* ---- memory ---- */

static void
narrow_values_go_through_memory_extended(void **state)
{
    static const struct {
        enum mn_rep rep;
        uint64_t wanted;
    } cases[] = {{MN_REP_I8, (uint64_t)-2},  {MN_REP_U8, 0xfe},          {MN_REP_I16, (uint64_t)-2},
                 {MN_REP_U16, 0xfffe},       {MN_REP_I32, (uint64_t)-2}, {MN_REP_U32, 0xfffffffe},
                 {MN_REP_I64, (uint64_t)-2}, {MN_REP_BOOL, 0xfe}};

    for (unsigned k = 0; k < sizeof cases / sizeof *cases; k++)
        for (unsigned way = 0; way < 3; way++) {
            struct mn_builder *builder = mn_builder_new("memory.m");
            struct mn_function_spec spec = {.name = "f", .types = "Q^vQ"};
            struct mn_code *code = mn_code_open(builder, &spec);
            mn_slot value = mn_code_slot(code, MN_SLOT_VALUE), result = mn_code_slot(code, MN_SLOT_VALUE);
            mn_slot local = mn_code_slot_run(code, 4), index = mn_code_slot(code, MN_SLOT_VALUE);
            struct mn_program *program;
            char buffer[80] = {0};
            unsigned size = mn_rep_size(cases[k].rep);

            mn_code_int(code, value, -2);
            if (way == 0) { /* through a pointer, at an odd address */
                mn_code_store(code, cases[k].rep, mn_code_param(code, 0), 3, value);
                mn_code_load(code, cases[k].rep, result, mn_code_param(code, 0), 3);
            } else if (way == 1) {
                mn_code_int(code, index, 5);
                mn_code_store_index(code, cases[k].rep, mn_code_param(code, 0), index, value);
                mn_code_load_index(code, cases[k].rep, result, mn_code_param(code, 0), index);
            } else {
                mn_code_store_slot(code, cases[k].rep, local, 16, value);
                mn_code_load_slot(code, cases[k].rep, result, local, 16);
            }
            mn_code_return(code, result);
            mn_code_close(code);
            program = finish(builder);
            assert_true(call2(program, "f", (uint64_t)buffer, 0) == cases[k].wanted);
            if (way != 2)
                for (unsigned i = 0; i < sizeof buffer; i++) {
                    unsigned start = way == 0 ? 3 : 5 * size;

                    assert_int_equal(buffer[i] != 0, i >= start && i < start + size);
                }
            mn_program_release(program);
        }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(integer_operations_give_what_c_gives),
        cmocka_unit_test(constant_forms_agree_with_slot_forms),
        cmocka_unit_test(integer_division_by_zero_raises_with_its_place),
        cmocka_unit_test(floating_to_integer_truncates_and_saturates),
        cmocka_unit_test(doubles_compare_and_branch_as_c_does_with_nan_too),
        cmocka_unit_test(a_multiply_and_add_is_rounded_twice),
        cmocka_unit_test(long_double_keeps_its_64_bits_of_mantissa),
        cmocka_unit_test(counting_loops_run_as_often_as_c_ones),
        cmocka_unit_test(jumps_beyond_16_bits_are_carried_on),
        cmocka_unit_test(narrow_values_go_through_memory_extended),
    };

    return cmocka_run_group_tests_name("vm arithmetic", tests, NULL, NULL);
}
