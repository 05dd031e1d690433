/* SPDX-License-Identifier: MIT */
/*
 * Ending a function: jumps get their distances and the lists become the function's tables.
 *
 * Compare-and-branch instructions reach 32,767 instructions; where one must reach farther, it jumps over a
 * plain jump to a 32-bit jump that follows it ("islands"), and all places move.
 */
#include "vm/builder.h"

#include "base/alloc.h"
#include "vm/optimise.h"
#include "vm/writing.h"

#include <string.h>

static bool
is_short_jump(const struct mn_insn *insn)
{
    return mn_op_operands[insn->op][2] == MN_OPERAND_J;
}

/* Where a label is bound; the builder fails when it is not. */
static int64_t
target_of(struct mn_code *code, const struct mn_jump *jump)
{
    uint32_t bound = jump->label < code->labels.count ? *MN_LIST_AT(uint32_t, &code->labels, jump->label) : 0;

    if (bound == 0)
        mn_code_fail(code, MEND_INTERNAL, "a jump's label was never bound");
    return (int64_t)bound - 1;
}

static bool
needs_islands(struct mn_code *code)
{
    for (size_t i = 0; i < code->jumps.count; i++) {
        const struct mn_jump *jump = MN_LIST_AT(struct mn_jump, &code->jumps, i);
        int64_t distance = target_of(code, jump) - jump->pc - 1;

        if (is_short_jump(MN_LIST_AT(struct mn_insn, &code->insns, jump->pc)) &&
            (distance < INT16_MIN || distance > INT16_MAX))
            return true;
    }
    return false;
}

/* Gives every short jump its island: three words for one. `place` maps old positions to new ones. */
static void
add_islands(struct mn_code *code)
{
    struct mn_list wide = MN_LIST_OF(struct mn_insn);
    uint32_t *place = mn_calloc(code->insns.count + 1, sizeof *place);

    if (place == NULL) {
        mn_builder_fail_memory(code->builder);
        return;
    }
    for (size_t i = 0; i < code->insns.count; i++) {
        struct mn_insn insn = *MN_LIST_AT(struct mn_insn, &code->insns, i);

        place[i] = (uint32_t)wide.count;
        if (is_short_jump(&insn)) {
            insn.c = 1; /* over the jump that skips the island */
            *(struct mn_insn *)mn_code_add(code, &wide) = insn;
            *(struct mn_insn *)mn_code_add(code, &wide) = (struct mn_insn){.op = MN_OP_JMP, .b = 1};
            insn = (struct mn_insn){.op = MN_OP_JMP};
        }
        *(struct mn_insn *)mn_code_add(code, &wide) = insn;
    }
    place[code->insns.count] = (uint32_t)wide.count;
    for (size_t i = 0; i < code->labels.count; i++) {
        uint32_t *bound = MN_LIST_AT(uint32_t, &code->labels, i);

        if (*bound != 0)
            *bound = place[*bound - 1] + 1;
    }
    for (size_t i = 0; i < code->lines.count; i++)
        MN_LIST_AT(struct mn_line, &code->lines, i)->pc =
            place[MN_LIST_AT(struct mn_line, &code->lines, i)->pc];
    for (size_t i = 0; i < code->jumps.count; i++) {
        struct mn_jump *jump = MN_LIST_AT(struct mn_jump, &code->jumps, i);

        jump->pc = place[jump->pc + 1] - 1; /* the last word made of the old one */
    }
    mn_free(place);
    mn_list_fini(&code->insns);
    code->insns = wide;
}

static void
resolve_jumps(struct mn_code *code)
{
    if (needs_islands(code))
        add_islands(code);
    for (size_t i = 0; i < code->jumps.count && code->builder->status == MEND_OK; i++) {
        const struct mn_jump *jump = MN_LIST_AT(struct mn_jump, &code->jumps, i);
        struct mn_insn *insn = MN_LIST_AT(struct mn_insn, &code->insns, jump->pc);
        int64_t distance = target_of(code, jump) - jump->pc - 1;

        if (is_short_jump(insn)) {
            insn->c = (uint16_t)distance;
        } else {
            insn->b = (uint16_t)distance;
            insn->c = (uint16_t)((uint64_t)distance >> 16);
        }
    }
}

/* Lists the slots that entry sets to nil: OBJECT ones behind the parameters, then OWNED ones. */
static void
list_objects(struct mn_code *code, struct mn_function *function)
{
    struct mn_list objects = MN_LIST_OF(uint16_t);

    for (size_t slot = function->params; slot < code->kinds.count; slot++)
        if (*MN_LIST_AT(uint8_t, &code->kinds, slot) == MN_SLOT_OBJECT)
            *(uint16_t *)mn_code_add(code, &objects) = (uint16_t)slot;
    function->owned_count = (uint16_t)objects.count;
    for (size_t slot = function->params; slot < code->kinds.count; slot++)
        if (*MN_LIST_AT(uint8_t, &code->kinds, slot) == MN_SLOT_OWNED)
            *(uint16_t *)mn_code_add(code, &objects) = (uint16_t)slot;
    function->object_count = (uint16_t)objects.count;
    function->owned_count = (uint16_t)(objects.count - function->owned_count);
    function->objects = objects.items;
}

static unsigned
count_params(const struct mn_code *code)
{
    unsigned count = 0;

    for (size_t i = 0; i < code->params.count; i++) {
        mn_slot first = *MN_LIST_AT(mn_slot, &code->params, i);
        const struct mn_slot_run *run =
            MN_LIST_AT(struct mn_slot_run, &code->runs, *MN_LIST_AT(uint32_t, &code->run_of, first));

        count += run->count;
    }
    return count;
}

/* Moves the lists into the function, which owns them from now on. */
static void
hand_over(struct mn_code *code)
{
    struct mn_list *functions = &code->builder->program->functions;
    struct mn_function *function = MN_LIST_AT(struct mn_function, functions, code->index);

    if (function->code != NULL) {
        mn_code_fail(code, MEND_EXISTS, "the function %s is written twice",
                        mn_program_text(code->builder->program, function->name_text));
        return;
    }
    function->params = (uint16_t)count_params(code);
    function->result_slots = (uint16_t)code->result_slots;
    function->slots = (uint16_t)code->kinds.count;
    list_objects(code, function);
    function->kinds = code->kinds.items;
    function->code = code->insns.items;
    function->code_count = (uint32_t)code->insns.count;
    function->lines = code->lines.items;
    function->line_count = (uint32_t)code->lines.count;
    function->sites = code->sites.items;
    function->site_count = (uint32_t)code->sites.count;
    function->args = code->args.items;
    function->arg_count = (uint32_t)code->args.count;
    code->kinds.items = code->insns.items = code->lines.items = code->sites.items = code->args.items = NULL;
}

void
mn_code_free(struct mn_code *code)
{
    struct mn_list *lists[] = {&code->insns,  &code->lines, &code->sites, &code->args,
                               &code->kinds,  &code->runs,  &code->taken, &code->run_of,
                               &code->labels, &code->jumps, &code->params};

    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        mn_list_fini(lists[i]);
    if (code != &code->builder->lost)
        mn_free(code);
}

void
mn_code_close(struct mn_code *code)
{
    struct mn_builder *builder = code->builder;
    struct mn_code **link;

    if (code->reachable)
        mn_code_emit(code, MN_OP_RETVOID, 0, 0, 0);
    mn_optimise(code);
    resolve_jumps(code);
    if (builder->status == MEND_OK)
        hand_over(code);
    for (link = &builder->open; *link != NULL && *link != code; link = &(*link)->next)
        ;
    if (*link == code)
        *link = code->next;
    mn_code_free(code);
}
