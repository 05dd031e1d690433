/* SPDX-License-Identifier: MIT */
/* What an optimiser needs to know of a function: operands, blocks, live slots; and writing the code anew. */
#include "base/alloc.h"
#include "vm/optimise.h"

#include <string.h>

enum { MOST_WORK = 1 << 22 }; /* words of live sets beyond which a function is left alone */

/* ---- instructions ---- */

bool
mn_op_is_pure(unsigned op)
{
    if (op >= MN_OP_DIV_I32 && op <= MN_OP_REM_U64)
        return false; /* by zero */
    if (op >= MN_OP_ADD_LD && op <= MN_OP_NEG_LD)
        return false; /* two slots */
    return op == MN_OP_MOV || op == MN_OP_LDI || op == MN_OP_LDK || op == MN_OP_LDDATA ||
           op == MN_OP_LDSYM ||
           (op >= MN_OP_ADD_I32 && op <= MN_OP_NEG_F64) || (op >= MN_OP_EQ && op <= MN_OP_LE_F64) ||
           (op >= MN_OP_EXT_I8 && op <= MN_OP_TRUTH_F64) || (op >= MN_OP_I_TO_F32 && op <= MN_OP_U_TO_F64) ||
           op == MN_OP_F32_TO_F64 || op == MN_OP_F64_TO_F32 || op == MN_OP_F64_TO_INT;
}

bool
mn_op_ends(unsigned op)
{
    return op == MN_OP_JMP || op == MN_OP_RET || op == MN_OP_RETVOID || op == MN_OP_RAISE ||
           op == MN_OP_THROW;
}

void
mn_flow_reads(struct mn_code *code, struct mn_insn *insn, void (*visit)(void *data, uint16_t *slot),
              void *data)
{
    uint16_t *values[3] = {&insn->a, &insn->b, &insn->c};

    for (unsigned i = 0; i < 3; i++) {
        switch (mn_op_operands[insn->op][i]) {
        case MN_OPERAND_X:
            if (insn->op != MN_OP_RET)
                break;
            visit(data, values[i]);
            break;
        case MN_OPERAND_S:
        case MN_OPERAND_M:
        case MN_OPERAND_Q:
        case MN_OPERAND_W:
        case MN_OPERAND_P:
        case MN_OPERAND_V:
            visit(data, values[i]);
            break;
        case MN_OPERAND_A: {
            const struct mn_callsite *site = MN_LIST_AT(struct mn_callsite, &code->sites, insn->c);

            for (uint32_t k = 0; k < site->count; k++)
                visit(data, &MN_LIST_AT(struct mn_arg, &code->args, site->first + k)->slot);
            break;
        }
        default:
            break;
        }
    }
}

/* A call without a result names a slot and does not write it. */
static bool
has_result(const struct mn_code *code, const struct mn_insn *insn)
{
    const struct mn_program *program = code->builder->program;
    const struct mn_callsite *site;
    const char *type;

    if (mn_op_operands[insn->op][2] != MN_OPERAND_A)
        return insn->op != MN_OP_RET;
    site = MN_LIST_AT(struct mn_callsite, &code->sites, insn->c);
    type = mn_program_text(program, *MN_LIST_AT(uint32_t, &program->types, site->result));
    return type[strspn(type, "rnNoORVA")] != 'v';
}

mn_slot
mn_flow_write(const struct mn_code *code, const struct mn_insn *insn, bool *reads)
{
    *reads = false;
    for (unsigned i = 0; i < 3; i++) {
        uint16_t value = i == 0 ? insn->a : i == 1 ? insn->b : insn->c;

        switch (mn_op_operands[insn->op][i]) {
        case MN_OPERAND_M:
            *reads = true;
            return value;
        case MN_OPERAND_D:
        case MN_OPERAND_O:
        case MN_OPERAND_L:
            return value;
        case MN_OPERAND_X:
            return has_result(code, insn) ? value : MN_NO_SLOT;
        default:
            break;
        }
    }
    return MN_NO_SLOT;
}

/* ---- opening ---- */

/* An exception is a jump that nobody sees: functions that catch are left as they are. */
static bool
knows_operands(const struct mn_insn *insn)
{
    if (insn->op == MN_OP_TRY)
        return false;
    for (unsigned i = 0; i < 3; i++)
        if (mn_op_operands[insn->op][i] > MN_OPERAND_A)
            return false;
    return true;
}

/* A slot is simple unless it shares its run, is no VALUE, or is named as memory. */
static bool
find_simple(struct mn_flow *flow)
{
    struct mn_code *code = flow->code;

    for (uint32_t slot = 0; slot < flow->slots; slot++) {
        const struct mn_slot_run *run =
            MN_LIST_AT(struct mn_slot_run, &code->runs, *MN_LIST_AT(uint32_t, &code->run_of, slot));

        flow->simple[slot] = run->count == 1 && run->kind == MN_SLOT_VALUE;
    }
    for (uint32_t i = 0; i < flow->count; i++) {
        const struct mn_insn *insn = &flow->insns[i];
        uint16_t values[3] = {insn->a, insn->b, insn->c};

        if (!knows_operands(insn))
            return false;
        for (unsigned k = 0; k < 3; k++) {
            uint8_t kind = mn_op_operands[insn->op][k];

            if (kind == MN_OPERAND_V || kind == MN_OPERAND_L || kind == MN_OPERAND_P)
                flow->simple[values[k]] = false;
        }
    }
    return true;
}

static void
find_blocks(struct mn_flow *flow)
{
    struct mn_code *code = flow->code;

    memset(flow->target, 0xff, flow->count * sizeof *flow->target);
    flow->leader[0] = true;
    for (size_t i = 0; i < code->labels.count; i++) {
        uint32_t bound = *MN_LIST_AT(uint32_t, &code->labels, i);

        if (bound != 0 && bound <= flow->count)
            flow->leader[bound - 1] = true;
    }
    for (size_t i = 0; i < code->jumps.count; i++) {
        const struct mn_jump *jump = MN_LIST_AT(struct mn_jump, &code->jumps, i);
        uint32_t bound =
            jump->label < code->labels.count ? *MN_LIST_AT(uint32_t, &code->labels, jump->label) : 0;

        if (bound != 0)
            flow->target[jump->pc] = bound - 1;
        if (jump->pc + 1 < flow->count)
            flow->leader[jump->pc + 1] = true;
    }
    for (uint32_t i = 0; i + 1 < flow->count; i++)
        if (mn_op_ends(flow->insns[i].op))
            flow->leader[i + 1] = true;
}

bool
mn_flow_open(struct mn_flow *flow, struct mn_code *code)
{
    uint32_t count = (uint32_t)code->insns.count, slots = (uint32_t)code->kinds.count;

    *flow = (struct mn_flow){.code = code, .insns = code->insns.items, .count = count, .slots = slots};
    if (count == 0 || code->builder->status != MEND_OK)
        return false;
    flow->simple = mn_calloc(slots + 1, 1);
    flow->leader = mn_calloc(count, 1);
    flow->deleted = mn_calloc(count, 1);
    flow->target = mn_calloc(count, sizeof *flow->target);
    if (flow->simple == NULL || flow->leader == NULL || flow->deleted == NULL || flow->target == NULL) {
        mn_builder_fail_memory(code->builder);
        return false;
    }
    if (!find_simple(flow))
        return false;
    find_blocks(flow);
    for (uint32_t i = 0; i < count; i++) /* a label behind the end: the function is broken, and refused later */
        if (flow->target[i] != UINT32_MAX && flow->target[i] >= count)
            return false;
    return true;
}

void
mn_flow_fini(struct mn_flow *flow)
{
    mn_free(flow->simple);
    mn_free(flow->leader);
    mn_free(flow->deleted);
    mn_free(flow->target);
    mn_free(flow->block_of);
    mn_free(flow->live_out);
    *flow = (struct mn_flow){.code = flow->code};
}

/* ---- live slots ---- */

struct sets {
    struct mn_flow *flow;
    uint64_t *set;
};

static void
add_read(void *data, uint16_t *slot)
{
    struct sets *s = data;

    if (*slot < s->flow->slots && s->flow->simple[*slot])
        s->set[*slot / 64] |= UINT64_C(1) << *slot % 64;
}

/* From what lives behind a block to what lives in front of it. */
static void
walk_back(struct mn_flow *flow, uint32_t first, uint32_t last, uint64_t *set)
{
    struct sets s = {flow, set};

    for (uint32_t i = last + 1; i-- > first;) {
        struct mn_insn *insn = &flow->insns[i];
        bool reads;
        mn_slot written;

        if (flow->deleted[i])
            continue;
        written = mn_flow_write(flow->code, insn, &reads);
        if (written < flow->slots)
            set[written / 64] &= ~(UINT64_C(1) << written % 64);
        mn_flow_reads(flow->code, insn, add_read, &s);
    }
}

static bool
merge(uint64_t *into, const uint64_t *from, uint32_t words)
{
    uint64_t fresh = 0;

    for (uint32_t w = 0; w < words; w++) {
        fresh |= from[w] & ~into[w];
        into[w] |= from[w];
    }
    return fresh != 0;
}

static void
number_blocks(struct mn_flow *flow, uint32_t *first)
{
    uint32_t block = UINT32_MAX;

    for (uint32_t i = 0; i < flow->count; i++) {
        if (flow->leader[i])
            first[++block] = i;
        flow->block_of[i] = block;
    }
    first[block + 1] = flow->count;
}

static void
iterate(struct mn_flow *flow, const uint32_t *first, uint64_t *live_in, uint64_t *set)
{
    bool changed = true;

    while (changed) {
        changed = false;
        for (uint32_t b = flow->blocks; b-- > 0;) {
            uint32_t last = first[b + 1] - 1;
            uint64_t *out = &flow->live_out[(size_t)b * flow->words];

            if (!mn_op_ends(flow->insns[last].op) && b + 1 < flow->blocks)
                merge(out, &live_in[(size_t)(b + 1) * flow->words], flow->words);
            if (flow->target[last] != UINT32_MAX)
                merge(out, &live_in[(size_t)flow->block_of[flow->target[last]] * flow->words], flow->words);
            memcpy(set, out, flow->words * sizeof *set);
            walk_back(flow, first[b], last, set);
            changed |= merge(&live_in[(size_t)b * flow->words], set, flow->words);
        }
    }
}

bool
mn_flow_live(struct mn_flow *flow)
{
    uint32_t *first;
    uint64_t *live_in, *set;
    bool good = false;

    flow->blocks = 0;
    for (uint32_t i = 0; i < flow->count; i++)
        flow->blocks += flow->leader[i];
    flow->words = flow->slots / 64 + 1;
    if ((size_t)flow->blocks * flow->words > MOST_WORK)
        return false;
    mn_free(flow->block_of);
    mn_free(flow->live_out);
    flow->block_of = mn_calloc(flow->count, sizeof *flow->block_of);
    flow->live_out = mn_calloc((size_t)flow->blocks * flow->words, sizeof *flow->live_out);
    live_in = mn_calloc((size_t)flow->blocks * flow->words, sizeof *live_in);
    first = mn_calloc(flow->blocks + 1, sizeof *first);
    set = mn_calloc(flow->words, sizeof *set);
    if (flow->block_of != NULL && flow->live_out != NULL && live_in != NULL && first != NULL && set != NULL) {
        number_blocks(flow, first);
        iterate(flow, first, live_in, set);
        good = true;
    } else {
        mn_builder_fail_memory(flow->code->builder);
    }
    mn_free(live_in);
    mn_free(first);
    mn_free(set);
    return good;
}

bool
mn_flow_is_live_out(const struct mn_flow *flow, uint32_t insn, mn_slot slot)
{
    const uint64_t *out = &flow->live_out[(size_t)flow->block_of[insn] * flow->words];

    return slot >= flow->slots || (out[slot / 64] >> slot % 64 & 1);
}

/* ---- writing anew ---- */

/* New positions of each instruction and of what is put in front of it, and the code between them. */
static bool
lay_out(struct mn_flow *flow, const struct mn_list *insertions, uint32_t *front, uint32_t *place,
        struct mn_list *made)
{
    size_t next = 0;

    for (uint32_t i = 0; i < flow->count; i++) {
        struct mn_insn *added;

        front[i] = (uint32_t)made->count;
        for (; next < insertions->count; next++) {
            const struct mn_insertion *one = MN_LIST_AT(struct mn_insertion, insertions, next);

            if (one->before != i)
                break;
            if ((added = mn_list_add(made)) == NULL)
                return false;
            *added = one->insn;
        }
        place[i] = (uint32_t)made->count;
        if (flow->deleted[i])
            continue;
        if ((added = mn_list_add(made)) == NULL)
            return false;
        *added = flow->insns[i];
    }
    front[flow->count] = place[flow->count] = (uint32_t)made->count;
    return true;
}

/* Each jump gets a label of its own where that is needed; those of deleted instructions go. */
static bool
move_jumps(struct mn_flow *flow, const uint8_t *inside, const uint32_t *front, const uint32_t *place)
{
    struct mn_code *code = flow->code;
    size_t kept = 0;

    for (size_t i = 0; i < code->jumps.count; i++) {
        struct mn_jump jump = *MN_LIST_AT(struct mn_jump, &code->jumps, i);
        uint32_t target = flow->target[jump.pc], *bound;

        if (flow->deleted[jump.pc] || target == UINT32_MAX)
            continue;
        if ((bound = mn_list_add(&code->labels)) == NULL)
            return false;
        *bound = (inside != NULL && inside[jump.pc] ? place[target] : front[target]) + 1;
        jump.label = (mn_label)(code->labels.count - 1);
        jump.pc = place[jump.pc];
        *MN_LIST_AT(struct mn_jump, &code->jumps, kept++) = jump;
    }
    code->jumps.count = kept;
    return true;
}

bool
mn_flow_rewrite(struct mn_flow *flow, struct mn_list *insertions, const uint8_t *inside)
{
    struct mn_code *code = flow->code;
    struct mn_list made = MN_LIST_OF(struct mn_insn);
    uint32_t *front = mn_calloc(flow->count + 1, sizeof *front);
    uint32_t *place = mn_calloc(flow->count + 1, sizeof *place);
    size_t labels = code->labels.count;
    bool good = front != NULL && place != NULL && lay_out(flow, insertions, front, place, &made) &&
                move_jumps(flow, inside, front, place);

    if (good) {
        for (size_t i = 0; i < labels; i++) {
            uint32_t *bound = MN_LIST_AT(uint32_t, &code->labels, i);

            if (*bound != 0)
                *bound = front[*bound - 1] + 1;
        }
        for (size_t i = 0; i < code->lines.count; i++) {
            struct mn_line *line = MN_LIST_AT(struct mn_line, &code->lines, i);

            line->pc = front[line->pc];
        }
        mn_list_fini(&code->insns);
        code->insns = made;
    } else {
        mn_list_fini(&made);
        mn_builder_fail_memory(code->builder);
    }
    mn_free(front);
    mn_free(place);
    mn_flow_fini(flow);
    return good;
}
