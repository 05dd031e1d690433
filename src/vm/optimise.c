/* SPDX-License-Identifier: MIT */
/*
 * The passes over a function's code, in order: calls of small functions in loops become their code; jumps lead to
 * where they end; what nobody reaches goes; copies are read at their source; what nobody reads goes; what a loop does not change moves out.
 *
 * Functions without jumps are left as they are: the compiler's own fusing has done what there is to do.
 */
#include "vm/optimise.h"

#include "base/alloc.h"

#include <string.h>

/* ---- jumps ---- */

/* The jump that is taken when this one is not: its opcode, and whether its operands change places. */
static unsigned
opposite(unsigned op, bool *swap)
{
    static const uint16_t pairs[][2] = {
        {MN_OP_JT, MN_OP_JF},           {MN_OP_JEQ, MN_OP_JNE},         {MN_OP_JEQI, MN_OP_JNEI},
        {MN_OP_JLTI, MN_OP_JGEI},       {MN_OP_JLEI, MN_OP_JGTI},       {MN_OP_JEQ_F64, MN_OP_JNE_F64},
        {MN_OP_JLT_F64, MN_OP_JNLT_F64}, {MN_OP_JLE_F64, MN_OP_JNLE_F64}, {MN_OP_JLT_I, MN_OP_JLE_I},
        {MN_OP_JLT_U, MN_OP_JLE_U}};

    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        for (unsigned k = 0; k < 2; k++)
            if (pairs[i][k] == op) {
                *swap = op == MN_OP_JLT_I || op == MN_OP_JLE_I || op == MN_OP_JLT_U || op == MN_OP_JLE_U;
                return pairs[i][!k];
            }
    return MN_OP_NOP;
}

/* A conditional jump over a jump becomes the opposite one. */
static void
turn_round(struct mn_flow *flow, uint32_t i, const uint8_t *entered)
{
    struct mn_insn *insn = &flow->insns[i];
    bool swap = false;
    unsigned op;

    if (i + 2 >= flow->count || flow->target[i] != i + 2 || flow->insns[i + 1].op != MN_OP_JMP ||
        entered[i + 1] || flow->deleted[i + 1] || (op = opposite(insn->op, &swap)) == MN_OP_NOP)
        return;
    insn->op = (uint16_t)op;
    if (swap) {
        uint16_t a = insn->a;

        insn->a = insn->b;
        insn->b = a;
    }
    flow->target[i] = flow->target[i + 1];
    flow->insns[i + 1].op = MN_OP_NOP; /* goes on behind itself from now on */
    flow->target[i + 1] = UINT32_MAX;
    flow->deleted[i + 1] = true;
}

static void
shorten_jumps(struct mn_flow *flow)
{
    uint8_t *entered = mn_calloc(flow->count, 1);

    if (entered == NULL)
        mn_builder_fail_memory(flow->code->builder);
    for (uint32_t i = 0; entered != NULL && i < flow->count; i++)
        if (flow->target[i] != UINT32_MAX)
            entered[flow->target[i]] = true;
    for (uint32_t i = 0; entered != NULL && i < flow->count; i++) {
        struct mn_insn *insn = &flow->insns[i];
        uint32_t target = flow->target[i];

        if (target == UINT32_MAX || flow->deleted[i])
            continue;
        for (unsigned n = 0; n < 8 && flow->insns[target].op == MN_OP_JMP && flow->target[target] != UINT32_MAX &&
                             flow->target[target] != target && !flow->deleted[target];
             n++)
            target = flow->target[target];
        flow->target[i] = target;
        if (insn->op == MN_OP_JMP && (flow->insns[target].op == MN_OP_RET || flow->insns[target].op == MN_OP_RETVOID)) {
            *insn = flow->insns[target]; /* returns here */
            flow->target[i] = UINT32_MAX;
        } else {
            turn_round(flow, i, entered);
        }
    }
    mn_free(entered);
}

/* ---- what nobody reaches ---- */

/* From an instruction on to the end of what follows it; other ways go on the heap of places to start from. */
static void
reach(struct mn_flow *flow, uint32_t i, uint8_t *reached, uint32_t *places, uint32_t *count)
{
    for (; i < flow->count && !reached[i]; i++) {
        uint32_t target = flow->target[i];

        reached[i] = true;
        if (target != UINT32_MAX && !reached[target])
            places[(*count)++] = target;
        if (mn_op_ends(flow->insns[i].op))
            return;
    }
}

static void
drop_unreached(struct mn_flow *flow)
{
    uint8_t *reached = mn_calloc(flow->count, 1);
    uint32_t *places = mn_calloc(flow->count + 1, sizeof *places), count = 1; /* each jump adds one, once */

    if (reached == NULL || places == NULL) {
        mn_builder_fail_memory(flow->code->builder);
    } else {
        while (count != 0)
            reach(flow, places[--count], reached, places, &count);
        for (uint32_t i = 0; i < flow->count; i++)
            if (!reached[i] && !flow->deleted[i]) {
                flow->insns[i].op = MN_OP_NOP;
                flow->target[i] = UINT32_MAX;
                flow->deleted[i] = true;
            }
    }
    mn_free(reached);
    mn_free(places);
}

/* ---- copies ---- */

enum { COPIES = 16 };

struct copies {
    struct mn_flow *flow;
    uint16_t *skip; /* an operand that is written too */
    unsigned count;
    struct {
        mn_slot to, from;
    } items[COPIES];
    unsigned known;
    struct mn_insn computed[COPIES]; /* what stands in their slots still */
};

static void
read_source(void *data, uint16_t *slot)
{
    struct copies *copies = data;

    for (unsigned i = 0; i < copies->count; i++)
        if (copies->items[i].to == *slot && slot != copies->skip) {
            *slot = copies->items[i].from;
            return;
        }
}

static void
forget(struct copies *copies, mn_slot written)
{
    unsigned kept = 0;

    for (unsigned i = 0; i < copies->count; i++)
        if (copies->items[i].to != written && copies->items[i].from != written)
            copies->items[kept++] = copies->items[i];
    copies->count = kept;
    kept = 0;
    for (unsigned i = 0; i < copies->known; i++) {
        const struct mn_insn *insn = &copies->computed[i];
        const uint8_t *kinds = mn_op_operands[insn->op];

        if (insn->a != written && !(kinds[1] == MN_OPERAND_S && insn->b == written) &&
            !(kinds[2] == MN_OPERAND_S && insn->c == written))
            copies->computed[kept++] = *insn;
    }
    copies->known = kept;
}

/* An instruction that computes what stands in a slot already becomes a copy of that. */
static void
reuse(struct copies *copies, struct mn_insn *insn)
{
    for (unsigned i = 0; i < copies->known; i++) {
        const struct mn_insn *old = &copies->computed[i];

        if (old->op == insn->op && old->b == insn->b && old->c == insn->c && old->a != insn->a) {
            *insn = (struct mn_insn){.op = MN_OP_MOV, .a = insn->a, .b = old->a};
            return;
        }
    }
}

/* Remembers what a pure instruction made, if it can be told from its operands later. */
static void
learn(struct copies *copies, const struct mn_insn *insn)
{
    const uint8_t *kinds = mn_op_operands[insn->op], *simple = copies->flow->simple;

    if (!mn_op_is_pure(insn->op) || insn->op == MN_OP_MOV || kinds[1] == MN_OPERAND_I32 ||
        kinds[2] == MN_OPERAND_R || kinds[0] != MN_OPERAND_D || !simple[insn->a] ||
        copies->known == COPIES)
        return;
    if ((kinds[1] == MN_OPERAND_S && (!simple[insn->b] || insn->b == insn->a)) ||
        (kinds[2] == MN_OPERAND_S && (!simple[insn->c] || insn->c == insn->a)))
        return;
    copies->computed[copies->known++] = *insn;
}

static void
propagate_copies(struct mn_flow *flow)
{
    struct copies copies = {.flow = flow};

    for (uint32_t i = 0; i < flow->count; i++) {
        struct mn_insn *insn = &flow->insns[i];
        mn_slot written;
        bool reads;

        if (flow->leader[i])
            copies.count = copies.known = 0;
        if (flow->deleted[i])
            continue;
        written = mn_flow_write(flow->code, insn, &reads);
        copies.skip = reads ? &insn->a : NULL;
        if (copies.count != 0)
            mn_flow_reads(flow->code, insn, read_source, &copies);
        if (written != MN_NO_SLOT && flow->simple[written] && mn_op_is_pure(insn->op))
            reuse(&copies, insn);
        if (written != MN_NO_SLOT)
            forget(&copies, written);
        learn(&copies, insn);
        if (insn->op == MN_OP_MOV && insn->a != insn->b && flow->simple[insn->a] && flow->simple[insn->b] &&
            copies.count < COPIES) {
            copies.items[copies.count].to = insn->a;
            copies.items[copies.count++].from = insn->b;
        }
    }
}

/* ---- what nobody reads ---- */

struct reading {
    struct mn_flow *flow;
    uint64_t *set;
};

static void
is_read(void *data, uint16_t *slot)
{
    struct reading *reading = data;

    if (*slot < reading->flow->slots)
        reading->set[*slot / 64] |= UINT64_C(1) << *slot % 64;
}

static void
drop_dead(struct mn_flow *flow)
{
    uint64_t *set = mn_calloc(flow->words, sizeof *set);
    struct reading reading = {flow, set};

    if (set == NULL)
        mn_builder_fail_memory(flow->code->builder);
    for (uint32_t i = flow->count; set != NULL && i-- > 0;) {
        struct mn_insn *insn = &flow->insns[i];
        mn_slot written;
        bool reads;

        if (i + 1 == flow->count || flow->leader[i + 1])
            memcpy(set, &flow->live_out[(size_t)flow->block_of[i] * flow->words], flow->words * sizeof *set);
        if (flow->deleted[i])
            continue;
        written = mn_flow_write(flow->code, insn, &reads);
        if (written < flow->slots && flow->simple[written] && mn_op_is_pure(insn->op) &&
            !(set[written / 64] >> written % 64 & 1)) {
            flow->deleted[i] = true;
            continue;
        }
        if (insn->op == MN_OP_MOV && insn->a == insn->b) {
            flow->deleted[i] = true;
            continue;
        }
        if (written < flow->slots)
            set[written / 64] &= ~(UINT64_C(1) << written % 64);
        mn_flow_reads(flow->code, insn, is_read, &reading);
    }
    mn_free(set);
}

/* ---- all of it ---- */

static bool
has_loop(const struct mn_code *code)
{
    for (size_t i = 0; i < code->jumps.count; i++) {
        const struct mn_jump *jump = MN_LIST_AT(struct mn_jump, &code->jumps, i);
        uint32_t bound =
            jump->label < code->labels.count ? *MN_LIST_AT(uint32_t, &code->labels, jump->label) : 0;

        if (bound != 0 && bound - 1 <= jump->pc)
            return true;
    }
    return false;
}

#ifdef MN_FAULTS
bool mn_optimise_never;
#endif

void
mn_optimise(struct mn_code *code)
{
    struct mn_flow flow;

#ifdef MN_FAULTS
    if (mn_optimise_never)
        return;
#endif
    if (code->builder->status != MEND_OK || code->jumps.count == 0)
        return;
    if (has_loop(code))
        mn_expand_calls(code);
    if (!mn_flow_open(&flow, code)) {
        mn_flow_fini(&flow);
        return;
    }
    shorten_jumps(&flow);
    drop_unreached(&flow);
    propagate_copies(&flow);
    if (!mn_flow_live(&flow)) {
        struct mn_list none = MN_LIST_OF(struct mn_insertion);

        mn_flow_rewrite(&flow, &none, NULL);
        return;
    }
    drop_dead(&flow);
    mn_hoist(&flow);
}
