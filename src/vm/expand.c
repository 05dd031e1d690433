/* SPDX-License-Identifier: MIT */
/*
 * Small functions in place of their calls in loops.
 *
 * Only functions closed before, of a few pure instructions and a return: they cannot raise, so no one can tell that
 * they have no frame. Parameters become the argument slots themselves, all other slots fresh ones.
 */
#include "base/alloc.h"
#include "vm/optimise.h"

enum { SMALL = 14 };

static bool
is_small(const struct mn_function *callee)
{
    const struct mn_insn *last;

    if (callee->code == NULL || callee->code_count == 0 || callee->code_count > SMALL ||
        callee->result_slots != 1 || callee->object_count != 0)
        return false;
    for (unsigned slot = 0; slot < callee->slots; slot++)
        if (callee->kinds[slot] != MN_SLOT_VALUE)
            return false;
    last = &callee->code[callee->code_count - 1];
    if (last->op != MN_OP_RET)
        return false;
    for (const struct mn_insn *insn = callee->code; insn < last; insn++)
        if (!mn_op_is_pure(insn->op) || mn_op_operands[insn->op][0] != MN_OPERAND_D || insn->a < callee->params)
            return false;
    return true;
}

/* Whether each argument is one VALUE slot of the caller. */
static bool
passes_plainly(const struct mn_flow *flow, const struct mn_callsite *site, const struct mn_function *callee)
{
    if (site->variadic || site->count != callee->params)
        return false;
    for (uint32_t i = 0; i < site->count; i++) {
        mn_slot slot = MN_LIST_AT(struct mn_arg, &flow->code->args, site->first + i)->slot;

        if (slot >= flow->slots || *MN_LIST_AT(uint8_t, &flow->code->kinds, slot) != MN_SLOT_VALUE)
            return false;
    }
    return true;
}

/* The slots of the callee in the caller. */
static bool
map_slots(struct mn_flow *flow, const struct mn_callsite *site, const struct mn_function *callee, mn_slot *map)
{
    struct mn_code *code = flow->code;

    if (callee->slots > 2 * SMALL || code->kinds.count + callee->slots + 8 >= MN_NO_SLOT)
        return false;
    for (unsigned slot = 0; slot < callee->slots; slot++) {
        size_t free_runs = code->free_runs;

        if (slot < callee->params) {
            map[slot] = MN_LIST_AT(struct mn_arg, &code->args, site->first + slot)->slot;
            continue;
        }
        code->free_runs = 0; /* a run given back is still in use by the code as it is */
        map[slot] = mn_code_slot(code, MN_SLOT_VALUE);
        code->free_runs = free_runs;
    }
    return code->builder->status == MEND_OK;
}

static bool
add_insn(struct mn_list *insertions, uint32_t before, struct mn_insn insn)
{
    struct mn_insertion *added = mn_list_add(insertions);

    if (added != NULL)
        *added = (struct mn_insertion){before, insn};
    return added != NULL;
}

static void
expand(struct mn_flow *flow, uint32_t i, struct mn_list *insertions)
{
    const struct mn_insn *call = &flow->insns[i];
    const struct mn_callsite *site = MN_LIST_AT(struct mn_callsite, &flow->code->sites, call->c);
    const struct mn_function *callee =
        MN_LIST_AT(struct mn_function, &flow->code->builder->program->functions, call->b);
    const struct mn_insn *last;
    mn_slot map[2 * SMALL + 1];

    if (!is_small(callee) || !passes_plainly(flow, site, callee) || !map_slots(flow, site, callee, map))
        return;
    last = &callee->code[callee->code_count - 1];
    for (const struct mn_insn *from = callee->code; from < last; from++) {
        struct mn_insn insn = *from;

        /* The last result goes where the call's would: nothing reads the caller's slots behind it. */
        insn.a = from == last - 1 && from->a == last->a ? call->a : map[from->a];
        if (mn_op_operands[insn.op][1] == MN_OPERAND_S)
            insn.b = map[insn.b];
        if (mn_op_operands[insn.op][2] == MN_OPERAND_S)
            insn.c = map[insn.c];
        if (!add_insn(insertions, i, insn)) {
            mn_builder_fail_memory(flow->code->builder);
            return;
        }
    }
    if ((last == callee->code || last[-1].a != last->a) &&
        !add_insn(insertions, i, (struct mn_insn){.op = MN_OP_MOV, .a = call->a, .b = map[last->a]})) {
        mn_builder_fail_memory(flow->code->builder);
        return;
    }
    flow->deleted[i] = true;
}

void
mn_expand_calls(struct mn_code *code)
{
    struct mn_list insertions = MN_LIST_OF(struct mn_insertion);
    struct mn_flow flow;
    uint8_t *in_loop = NULL;

    if (!mn_flow_open(&flow, code)) {
        mn_flow_fini(&flow);
        return;
    }
    if ((in_loop = mn_calloc(flow.count + 1, 1)) == NULL) {
        mn_builder_fail_memory(code->builder);
        mn_flow_fini(&flow);
        return;
    }
    for (uint32_t i = flow.count, low = UINT32_MAX; i-- > 0;) { /* below a jump back that leads above */
        if (flow.target[i] <= i && flow.target[i] < low)
            low = flow.target[i];
        in_loop[i] = low <= i;
    }
    for (uint32_t i = 0; i < flow.count && code->builder->status == MEND_OK; i++)
        if (in_loop[i] && flow.insns[i].op == MN_OP_CALL)
            expand(&flow, i, &insertions);
    if (insertions.count != 0)
        mn_flow_rewrite(&flow, &insertions, NULL);
    else
        mn_flow_fini(&flow);
    mn_list_fini(&insertions);
    mn_free(in_loop);
}
