// SPDX-License-Identifier: MIT
/* What the verifier refuses; that damaged programs are refused or harmless; failing allocations; the text
 * form. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/alloc.h"
#include "runtime/exception.h"
#include "support/faults.h"
#include "support/vm_fixture.h"
#include "value/own.h"
#include "vm/disasm.h"
#include "vm/run.h"
#include "vm/verify.h"

#include <stdlib.h>
#include <string.h>

/* Numbers, a loop, a call, sends, strong locals; nothing that computes addresses. */
static void
write_everything(struct mn_builder *builder)
{
    struct mn_function_spec spec = {.name = "work", .types = "qi@"};
    struct mn_code *code = mn_code_open(builder, &spec);
    mn_slot i = mn_code_slot(code, MN_SLOT_VALUE), sum = mn_code_slot(code, MN_SLOT_VALUE);
    mn_slot text = mn_code_slot(code, MN_SLOT_OBJECT), kept = mn_code_slot(code, MN_SLOT_OWNED);
    mn_slot part = mn_code_temp(code), d = mn_code_slot(code, MN_SLOT_VALUE);
    mn_label body = mn_code_label(code), end = mn_code_label(code);

    mn_code_int(code, sum, 0);
    mn_code_int(code, i, 0);
    mn_code_double(code, d, 1.5);
    mn_code_at(code, 2, 1);
    mn_code_jump_compare(code, MN_LT, MN_REP_I32, i, 0, false, end);
    mn_code_bind(code, body);
    mn_code_call(code, part, "i", mn_builder_function(builder, "square"), (struct mn_operand[]){{i, "i"}}, 1);
    mn_code_arith(code, MN_ADD, MN_REP_I64, sum, sum, part);
    mn_code_arith(code, MN_MUL, MN_REP_F64, d, d, d);
    mn_code_box(code, text, MN_REP_I64, sum);
    mn_code_op(code, MN_OP_STRONG, kept, text, 0);
    mn_code_send(code, text, "@", kept, "stringValue", NULL, 0);
    mn_code_op(code, MN_OP_STRONG, kept, text, 0);
    mn_code_send(code, part, "Q", kept, "length", NULL, 0);
    mn_code_op(code, MN_OP_RELEASE, kept, 0, 0);
    mn_code_arith(code, MN_XOR, MN_REP_I64, sum, sum, part);
    mn_code_arith_const(code, MN_ADD, MN_REP_I32, i, i, 1);
    mn_code_at(code, 3, 1);
    mn_code_jump_compare(code, MN_LT, MN_REP_I32, i, 0, true, body);
    mn_code_bind(code, end);
    mn_code_string(code, text, "end", 3);
    mn_code_op(code, MN_OP_STRONG, kept, text, 0);
    mn_code_array(code, text, (mn_slot[]){kept, 1}, 2);
    mn_code_return(code, sum);
    mn_code_close(code);
    spec = (struct mn_function_spec){.name = "square", .types = "ii"};
    code = mn_code_open(builder, &spec);
    mn_code_arith(code, MN_MUL, MN_REP_I32, 0, 0, 0);
    mn_code_return(code, 0);
    mn_code_close(code);
}

static struct mn_program *
everything(void)
{
    struct mn_builder *builder = mn_builder_new("all.m");

    write_everything(builder);
    return vm_finish(builder);
}

/* The instruction `nth` of that opcode in the first function. */
static struct mn_insn *
find(struct mn_program *program, enum mn_op op)
{
    const struct mn_function *function = mn_program_function(program, 0);

    for (uint32_t pc = 0; pc < function->code_count; pc++)
        if (function->code[pc].op == op)
            return &function->code[pc];
    fail_msg("no %d in the program", (int)op);
    return NULL;
}

static void
assert_refused(enum mn_op op, int operand, unsigned value, const char *says)
{
    struct mn_program *program = everything();
    struct mn_insn *insn = find(program, op);
    mend_error err;

    assert_int_equal(mn_verify(program, NULL), MEND_OK);
    *(operand == 0   ? &insn->a
      : operand == 1 ? &insn->b
      : operand == 2 ? &insn->c
                     : &insn->op) = (uint16_t)value;
    assert_int_equal(mn_verify(program, &err), MEND_BAD_PROGRAM);
    if (strstr(err.message, says) == NULL)
        fail_msg("\"%s\" does not say \"%s\"", err.message, says);
    mn_program_release(program);
}

static void
operands_out_of_range_or_of_another_kind_are_refused(void **state)
{
    assert_refused(MN_OP_ADD_64, 0, 5000, "operand 5000 is none for it");
    assert_refused(MN_OP_ADD_64, 2, 60000, "operand 60000 is none for it");
    assert_refused(MN_OP_ADD_64, 0, 1, "operand 1 is none for it"); /* an object slot */
    assert_refused(MN_OP_STRONG, 0, 2, "operand 2 is none for it"); /* not owned */
    assert_refused(MN_OP_STRONG, 1, 2, "operand 2 is none for it"); /* not an object */
    assert_refused(MN_OP_RELEASE, 0, 1, "operand 1 is none for it");
    assert_refused(MN_OP_SEND, 1, 2, "operand 2 is none for it");
    assert_refused(MN_OP_SEND, 0, 2, "slot 2 cannot take its result");
    assert_refused(MN_OP_SEND, 2, 99, "operand 99 is none for it");
    assert_refused(MN_OP_SEND, 2, 0, "its call site is of another kind");
    assert_refused(MN_OP_CALL, 1, 9, "operand 9 is none for it");
    assert_refused(MN_OP_CALL, 1, 0, "it passes 1 arguments to a function of 2");
    assert_refused(MN_OP_LDSTR, 1, 77, "operand 77 is none for it");
    assert_refused(MN_OP_INCJLT_I32, 2, 30000, "it jumps out of the function");
    assert_refused(MN_OP_INCJLT_I32, 2, (uint16_t)-300, "it jumps out of the function");
    assert_refused(MN_OP_BOX, 2, MN_REP_AGGREGATE, "its constant is out of range");
    assert_refused(MN_OP_RET, 0, 1, "slot 1 cannot take its result");
    assert_refused(MN_OP_RET, 3, MN_OP_NOP, "operand");
    assert_refused(MN_OP_LDI, 3, MN_OP_COUNT, "there is no instruction");
}

static void
a_function_called_and_never_written_is_refused(void **state)
{
    struct mn_builder *builder;
    struct mn_code *code = vm_open(&builder, "f", "v");
    struct mn_program *program;
    mend_error err;

    mn_code_call(code, MN_NO_SLOT, "v", mn_builder_function(builder, "ghost"), NULL, 0);
    mn_code_close(code);
    assert_int_equal(mn_builder_finish(builder, &program, &err), MEND_BAD_PROGRAM);
    assert_null(program);
    assert_string_equal(err.message, "the function ghost is called and never written");
    mn_builder_free(builder);
}

static void
the_same_function_written_twice_is_refused(void **state)
{
    struct mn_builder *builder;
    struct mn_function_spec spec = {.name = "f", .types = "v"};
    struct mn_program *program;
    mend_error err;

    mn_code_close(vm_open(&builder, "f", "v"));
    mn_code_close(mn_code_open(builder, &spec));
    assert_int_equal(mn_builder_finish(builder, &program, &err), MEND_EXISTS);
    mn_builder_free(builder);
}

/* ---- damage ---- */

static uint64_t seed = 88172645463325252u;

static unsigned
pick(unsigned n)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return (unsigned)(seed >> 11) % n;
}

/* Addresses and manual reference counts are the program's own affair: programs that got some by damage are
 * not run. */
static bool
is_harmless(const struct mn_program *program)
{
    for (unsigned f = 0; f < mn_program_function_count(program); f++) {
        const struct mn_function *function = mn_program_function(program, f);

        for (uint32_t pc = 0; pc < function->code_count; pc++) {
            unsigned op = function->code[pc].op;

            if ((op >= MN_OP_LOAD_I8 && op <= MN_OP_STOREX_64) || (op >= MN_OP_COPY && op <= MN_OP_FILL) ||
                op == MN_OP_RETAIN || op == MN_OP_AUTORELEASE || op == MN_OP_TAKE || op == MN_OP_GIVE ||
                op == MN_OP_DROP || op == MN_OP_CASTO || op == MN_OP_POOL || op == MN_OP_POOLEND ||
                op == MN_OP_BOXTEXT || op == MN_OP_BOXSTRUCT || op == MN_OP_CALLC || op == MN_OP_CELL ||
                op == MN_OP_ONCE || op == MN_OP_LOAD_WEAK || op == MN_OP_STORE_WEAK || op == MN_OP_BLOCK ||
                op == MN_OP_COPYB || op == MN_OP_SYNC)
                return false;
        }
    }
    return true;
}

static void
run_damaged(void *data)
{
    uint64_t params[2] = {7, 0}, result;

    mn_vm_call(mn_program_function(data, 0), params, &result);
}

static void
damage(struct mn_program *program)
{
    const struct mn_function *function = mn_program_function(program, pick(2));
    struct mn_insn *insn = &function->code[pick(function->code_count)];
    uint16_t *words[] = {&insn->op, &insn->a, &insn->b, &insn->c};
    uint16_t *word = words[pick(4)];

    if (pick(8) == 0 && function->arg_count != 0)
        word = &function->args[pick(function->arg_count)].slot;
    if (word == &insn->op)
        *word = (uint16_t)pick(MN_OP_COUNT);
    else
        *word = pick(4) ? (uint16_t)pick(8) : (uint16_t)(*word ^ (1u << pick(16)));
}

static void
damaged_programs_are_refused_or_harmless(void **state)
{
    unsigned refused = 0, run = 0;

    for (unsigned round = 0; round < 4000; round++) {
        id pool = mn_pool_push();
        struct mn_program *program = everything();

        for (unsigned k = pick(3) + 1; k != 0; k--)
            damage(program);
        if (mn_verify(program, NULL) != MEND_OK) {
            refused++;
        } else if (is_harmless(program)) {
            run++;
            mn_program_interrupt(program, true); /* an endless loop ends with its fuel */
            mn_try(run_damaged, program, NULL);
        }
        mn_program_release(program);
        mn_pool_pop(pool);
    }
    if (refused < 400 || run < 400)
        fail_msg("%u refused, %u run: too few to tell anything", refused, run);
}

/* ---- memory ---- */

static void
a_failed_allocation_anywhere_leaves_nothing_behind(void **state)
{
    struct mn_faults f = {.keeps = true}; /* signatures are interned for ever */

    mn_program_release(everything());
    f.keeps = false;
    while (mn_faults_next(&f)) {
        struct mn_builder *builder = mn_builder_new("all.m");
        struct mn_program *program = NULL;
        mend_status st = MEND_NO_MEMORY;

        if (builder != NULL) {
            write_everything(builder);
            st = mn_builder_finish(builder, &program, NULL);
        }
        if (mn_faults_hit(&f)) {
            assert_int_equal(st, MEND_NO_MEMORY);
            assert_null(program);
        } else {
            assert_int_equal(st, MEND_OK);
        }
        mn_builder_free(builder);
        mn_program_release(program);
    }
}

static void
a_site_that_cannot_remember_calls_all_the_same(void **state)
{
    struct mn_program *program = everything();
    struct mn_faults f = {.keeps = true};
    id pool = mn_pool_push();

    while (mn_faults_next(&f)) {
        uint64_t params[2] = {0, 0}, result = 99;

        params[1] = (uint64_t)mn_class_named("NSObject");
        mn_vm_call(mn_program_function(program, 0), params, &result);
        mn_faults_hit(&f);
        assert_int_equal(result, 0);
    }
    mn_pool_pop(pool);
    mn_program_release(program);
}

/* ---- text ---- */

static void
a_program_reads_back_as_text(void **state)
{
    struct mn_program *program = everything();
    struct mn_buffer text = MN_BUFFER_EMPTY;
    static const char *const parts[] = {"work  qi@: 8 slots, 2 of parameters, 1 owned\n",
                                        "CALL s6, square, (s2:i) -> i",
                                        "SEND s4, s5, stringValue() -> @",
                                        "LDSTR s4, @\"end\"",
                                        "INCJLT_I32 s2, s0, -> ",
                                        "    ; 3:1\n",
                                        "ARRAY s4, (s5:@, s1:@) -> @"};

    mn_disasm_program(program, &text);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (strstr(mn_buffer_peek(&text), parts[i]) == NULL)
            fail_msg("\"%s\" is not in\n%s", parts[i], mn_buffer_peek(&text));
    mn_buffer_fini(&text);
    mn_program_release(program);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(operands_out_of_range_or_of_another_kind_are_refused),
        cmocka_unit_test(a_function_called_and_never_written_is_refused),
        cmocka_unit_test(the_same_function_written_twice_is_refused),
        cmocka_unit_test(damaged_programs_are_refused_or_harmless),
        cmocka_unit_test(a_failed_allocation_anywhere_leaves_nothing_behind),
        cmocka_unit_test(a_site_that_cannot_remember_calls_all_the_same),
        cmocka_unit_test(a_program_reads_back_as_text),
    };

    return cmocka_run_group_tests_name("vm verifier", tests, NULL, NULL);
}
