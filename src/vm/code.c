/* SPDX-License-Identifier: MIT */
/* Writing a function: its slots, labels and raw instructions, and what happens when it is closed. */
#include "vm/builder.h"

#include "base/alloc.h"
#include "vm/writing.h"

#include <string.h>

/* Where writes go when memory has run out: large enough for any entry, read by nobody. */
static _Thread_local uint64_t nowhere[8];

void *
mn_code_add(struct mn_code *code, struct mn_list *list)
{
    void *item = mn_list_add(list);

    if (item != NULL)
        return item;
    mn_builder_fail_memory(code->builder);
    return memset(nowhere, 0, sizeof nowhere);
}

/* ---- slots ---- */

static mn_slot
take_run(struct mn_code *code, enum mn_slot_kind kind, unsigned count, bool temporary)
{
    struct mn_slot_run *run = NULL;
    uint32_t index = code->free_runs ? 0 : (uint32_t)code->runs.count;

    for (; index < code->runs.count; index++) {
        run = MN_LIST_AT(struct mn_slot_run, &code->runs, index);
        if (run->free && run->kind == kind && run->count == count)
            break;
    }
    if (index == code->runs.count) {
        if (code->builder->status != MEND_OK)
            return 0;
        if (code->kinds.count + count >= MN_NO_SLOT) {
            mn_code_fail(code, MEND_TOO_LARGE, "a function needs more than 65,534 slots");
            return 0;
        }
        run = mn_code_add(code, &code->runs);
        *run = (struct mn_slot_run){
            .first = (mn_slot)code->kinds.count, .count = (uint16_t)count, .kind = (uint8_t)kind};
        for (unsigned i = 0; i < count; i++) {
            *(uint8_t *)mn_code_add(code, &code->kinds) = (uint8_t)kind;
            *(uint32_t *)mn_code_add(code, &code->run_of) = index;
        }
    }
    code->free_runs -= run->free;
    run->free = false;
    run->temporary = temporary;
    *(uint32_t *)mn_code_add(code, &code->taken) = index;
    return run->first;
}

mn_slot
mn_code_slot(struct mn_code *code, enum mn_slot_kind kind)
{
    return take_run(code, kind, 1, false);
}

mn_slot
mn_code_slot_run(struct mn_code *code, unsigned count)
{
    return take_run(code, MN_SLOT_VALUE, count != 0 ? count : 1, false);
}

mn_slot
mn_code_temp(struct mn_code *code)
{
    return take_run(code, MN_SLOT_VALUE, 1, true);
}

mn_slot
mn_code_slot_for(struct mn_code *code, const char *encoding, bool owned)
{
    if (mn_rep_of(encoding) == MN_REP_OBJECT)
        return mn_code_slot(code, owned ? MN_SLOT_OWNED : MN_SLOT_OBJECT);
    return mn_code_slot_run(code, mn_slots_of(encoding));
}

static struct mn_slot_run *
run_of(const struct mn_code *code, mn_slot slot)
{
    if (slot >= code->run_of.count || code->builder->status != MEND_OK)
        return NULL;
    return MN_LIST_AT(struct mn_slot_run, &code->runs, *MN_LIST_AT(uint32_t, &code->run_of, slot));
}

static void
give_back(struct mn_code *code, struct mn_slot_run *run)
{
    code->free_runs += !run->free;
    run->free = true;
}

void
mn_code_slot_free(struct mn_code *code, mn_slot first)
{
    struct mn_slot_run *run = run_of(code, first);

    if (run != NULL)
        give_back(code, run);
}

bool
mn_code_is_temp(const struct mn_code *code, mn_slot slot)
{
    struct mn_slot_run *run = run_of(code, slot);

    return run != NULL && run->temporary;
}

enum mn_slot_kind
mn_code_kind(const struct mn_code *code, mn_slot slot)
{
    return slot < code->kinds.count ? (enum mn_slot_kind) * MN_LIST_AT(uint8_t, &code->kinds, slot)
                                    : MN_SLOT_VALUE;
}

unsigned
mn_code_mark(struct mn_code *code)
{
    return (unsigned)code->taken.count;
}

void
mn_code_leave(struct mn_code *code, unsigned mark)
{
    for (size_t i = code->taken.count; i > mark && code->builder->status == MEND_OK; i--) {
        struct mn_slot_run *run =
            MN_LIST_AT(struct mn_slot_run, &code->runs, *MN_LIST_AT(uint32_t, &code->taken, i - 1));

        if (!run->free && run->kind == MN_SLOT_OWNED && code->reachable)
            mn_code_emit(code, MN_OP_RELEASE, run->first, 0, 0);
    }
}

void
mn_code_reset(struct mn_code *code, unsigned mark)
{
    mn_code_leave(code, mark);
    while (code->taken.count > mark) {
        uint32_t index = *MN_LIST_AT(uint32_t, &code->taken, code->taken.count - 1);

        if (code->builder->status == MEND_OK)
            give_back(code, MN_LIST_AT(struct mn_slot_run, &code->runs, index));
        mn_list_remove(&code->taken, code->taken.count - 1);
    }
}

/* ---- opening ---- */

/* Takes the slots of the parameters and keeps where each starts. */
static void
open_params(struct mn_code *code, const struct mn_signature *signature)
{
    for (unsigned i = 0; i < signature->count; i++) {
        const struct mn_type *type = signature->arguments[i].type;
        bool object = mn_rep_of_type(type) == MN_REP_OBJECT;
        unsigned slots = (unsigned)((type->size + 7) / 8);
        mn_slot first = object ? mn_code_slot(code, MN_SLOT_OBJECT) : mn_code_slot_run(code, slots);

        *(mn_slot *)mn_code_add(code, &code->params) = first;
    }
    code->result_slots = (uint32_t)((signature->result->size + 7) / 8);
}

static void
name_function(struct mn_builder *builder, unsigned index, const struct mn_function_spec *spec)
{
    uint32_t class_text = UINT32_MAX, selector_text = UINT32_MAX;
    uint32_t types_text = mn_builder_text(builder, spec->types, strlen(spec->types));
    struct mn_function *function;

    if (spec->class_name != NULL)
        class_text = mn_builder_text(builder, spec->class_name, strlen(spec->class_name));
    if (spec->selector != NULL) {
        selector_text = mn_builder_text(builder, spec->selector, strlen(spec->selector));
        mn_builder_selector(builder, spec->selector);
    }
    if (index >= builder->program->functions.count)
        return;
    function = MN_LIST_AT(struct mn_function, &builder->program->functions, index);
    function->class_text = class_text;
    function->selector_text = selector_text;
    function->types_text = types_text;
    function->class_method = spec->class_method;
}

struct mn_code *
mn_code_open(struct mn_builder *builder, const struct mn_function_spec *spec)
{
    unsigned index = mn_builder_function(builder, spec->name);
    struct mn_code *code = mn_calloc(1, sizeof *code);
    const struct mn_signature *signature;
    mend_error err;

    if (code == NULL) {
        mn_builder_fail_memory(builder);
        code = &builder->lost;
        if (code->builder != NULL)
            return code; /* lent already, and open */
    }
    *code = (struct mn_code){.builder = builder,
                             .next = builder->open,
                             .index = index,
                             .insns = MN_LIST_OF(struct mn_insn),
                             .lines = MN_LIST_OF(struct mn_line),
                             .sites = MN_LIST_OF(struct mn_callsite),
                             .args = MN_LIST_OF(struct mn_arg),
                             .kinds = MN_LIST_OF(uint8_t),
                             .runs = MN_LIST_OF(struct mn_slot_run),
                             .taken = MN_LIST_OF(uint32_t),
                             .run_of = MN_LIST_OF(uint32_t),
                             .labels = MN_LIST_OF(uint32_t),
                             .jumps = MN_LIST_OF(struct mn_jump),
                             .params = MN_LIST_OF(mn_slot),
                             .reachable = true};
    builder->open = code;
    name_function(builder, index, spec);
    if (mn_signature_get(spec->types, &signature, &err) != MEND_OK)
        mn_builder_fail(builder, err.status, "%s: %s", spec->name, err.message);
    else
        open_params(code, signature);
    return code;
}

unsigned
mn_code_index(const struct mn_code *code)
{
    return code->index;
}

mn_slot
mn_code_param(const struct mn_code *code, unsigned index)
{
    return index < code->params.count ? *MN_LIST_AT(mn_slot, &code->params, index) : 0;
}

void
mn_code_at(struct mn_code *code, unsigned line, unsigned column)
{
    code->line = line;
    code->column = column;
}

/* ---- instructions ---- */

struct mn_insn *
mn_code_last(struct mn_code *code)
{
    size_t count = code->insns.count;

    return count > code->barrier ? MN_LIST_AT(struct mn_insn, &code->insns, count - 1) : NULL;
}

/* Starts a new row of the line table when the position has changed. */
static void
note_place(struct mn_code *code)
{
    struct mn_line *last =
        code->lines.count != 0 ? MN_LIST_AT(struct mn_line, &code->lines, code->lines.count - 1) : NULL;
    uint32_t pc = (uint32_t)code->insns.count;
    uint16_t column = code->column < UINT16_MAX ? (uint16_t)code->column : UINT16_MAX;

    if (last != NULL && last->line == code->line && last->column == column)
        return;
    if (last == NULL || last->pc != pc)
        last = mn_code_add(code, &code->lines);
    *last = (struct mn_line){.pc = pc, .line = code->line, .column = column};
}

struct mn_insn *
mn_code_emit(struct mn_code *code, enum mn_op op, unsigned a, unsigned b, unsigned c)
{
    struct mn_insn *insn;

    note_place(code);
    insn = mn_code_add(code, &code->insns);
    *insn = (struct mn_insn){.op = (uint16_t)op, .a = (uint16_t)a, .b = (uint16_t)b, .c = (uint16_t)c};
    code->reachable = !(op == MN_OP_JMP || op == MN_OP_RET || op == MN_OP_RETVOID || op == MN_OP_RAISE ||
                        op == MN_OP_THROW);
    return insn;
}

void
mn_code_emit32(struct mn_code *code, enum mn_op op, unsigned a, uint32_t operand)
{
    mn_code_emit(code, op, a, operand & 0xffff, operand >> 16);
}

void
mn_code_op(struct mn_code *code, enum mn_op op, int a, int b, int c)
{
    if (mn_op_operands[op][2] == MN_OPERAND_R)
        mn_code_emit32(code, op, (unsigned)a, (uint32_t)b);
    else
        mn_code_emit(code, op, (unsigned)a, (unsigned)b, (unsigned)c);
}

/* ---- labels ---- */

mn_label
mn_code_label(struct mn_code *code)
{
    *(uint32_t *)mn_code_add(code, &code->labels) = 0;
    return (mn_label)code->labels.count - 1;
}

void
mn_code_bind(struct mn_code *code, mn_label label)
{
    if (label >= code->labels.count)
        return;
    *MN_LIST_AT(uint32_t, &code->labels, label) = (uint32_t)code->insns.count + 1;
    code->barrier = (uint32_t)code->insns.count;
    code->reachable = true;
}

void
mn_code_emit_jump(struct mn_code *code, enum mn_op op, unsigned a, unsigned b, mn_label label)
{
    struct mn_jump *jump;

    mn_code_emit(code, op, a, b, 0);
    jump = mn_code_add(code, &code->jumps);
    *jump = (struct mn_jump){.pc = (uint32_t)code->insns.count - 1, .label = label};
}

bool
mn_code_reachable(const struct mn_code *code)
{
    return code->reachable;
}
