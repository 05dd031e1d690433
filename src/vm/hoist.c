/* SPDX-License-Identifier: MIT */
/*
 * What does not change in a loop is computed in front of it.
 *
 * A loop is the run of instructions from the target of a backward jump to the jump, if nothing enters it but at its
 * head. A pure instruction in it whose operands the loop does not write, and whose result is read in its own block
 * alone, moves: into a slot of its own, written in front of the head. Inner loops come first, so that what moved
 * out of one can move on out of the next.
 */
#include "base/alloc.h"
#include "vm/optimise.h"

#include <stdlib.h>
#include <string.h>

enum { REACH = 200, MOST_LOOPS = 4096 }; /* how far uses of a result are looked for */

struct loop {
    uint32_t head, end; /* first and last instruction */
};

struct hoist {
    struct mn_flow *flow;
    struct mn_list moved;   /* struct mn_insertion, sorted by `before` */
    struct mn_list loops;   /* struct loop */
    struct mn_list homes;   /* uint32_t, by fresh slot: in front of which instruction it is written */
    uint32_t *writes;       /* by slot: the number of the last loop that writes it */
    uint8_t *inside;        /* by instruction: its jump leads to the head itself */
    uint32_t number;        /* of the loop at hand, from 1 */
};

static int
by_size(const void *a, const void *b)
{
    const struct loop *x = a, *y = b;
    uint32_t m = x->end - x->head, n = y->end - y->head;

    return m != n ? (m < n ? -1 : 1) : x->head < y->head ? -1 : x->head > y->head;
}

/* One loop a head: to the last jump back to it. */
static bool
find_loops(struct hoist *h)
{
    struct mn_flow *flow = h->flow;
    uint32_t *ends = mn_calloc(flow->count, sizeof *ends);
    bool good = ends != NULL;

    if (!good)
        mn_builder_fail_memory(flow->code->builder);
    for (uint32_t i = 0; good && i < flow->count; i++)
        if (!flow->deleted[i] && flow->target[i] <= i)
            ends[flow->target[i]] = i + 1;
    for (uint32_t i = 0; good && i < flow->count && h->loops.count < MOST_LOOPS; i++) {
        struct loop *loop = ends[i] != 0 ? mn_list_add(&h->loops) : NULL;

        if (loop != NULL)
            *loop = (struct loop){i, ends[i] - 1};
        else if (ends[i] != 0)
            mn_builder_fail_memory(flow->code->builder);
    }
    mn_free(ends);
    if (good && h->loops.count != 0)
        qsort(h->loops.items, h->loops.count, sizeof(struct loop), by_size);
    return good && h->loops.count != 0;
}

/* Whether the head is the only way in. */
static bool
is_closed(const struct mn_flow *flow, const struct loop *loop)
{
    for (uint32_t i = 0; i < flow->count; i++) {
        uint32_t target = flow->target[i];

        if (target != UINT32_MAX && !flow->deleted[i] && target > loop->head && target <= loop->end &&
            (i < loop->head || i > loop->end))
            return false;
    }
    return true;
}

static void
mark_writes(struct hoist *h, const struct loop *loop)
{
    struct mn_flow *flow = h->flow;

    for (uint32_t i = loop->head; i <= loop->end; i++) {
        bool reads;
        mn_slot slot;

        if (flow->deleted[i])
            continue;
        slot = mn_flow_write(flow->code, &flow->insns[i], &reads);
        if (slot < flow->slots)
            h->writes[slot] = h->number;
        if (flow->target[i] == loop->head)
            h->inside[i] = true;
    }
}

static bool
is_fixed(const struct hoist *h, const struct loop *loop, mn_slot slot)
{
    const struct mn_flow *flow = h->flow;
    uint32_t home;

    if (slot < flow->slots)
        return flow->simple[slot] && h->writes[slot] != h->number;
    if (slot - flow->slots >= h->homes.count)
        return false;
    home = *MN_LIST_AT(uint32_t, &h->homes, slot - flow->slots);
    return home <= loop->head || home > loop->end;
}

static bool
is_invariant(const struct hoist *h, const struct loop *loop, const struct mn_insn *insn)
{
    if (!mn_op_is_pure(insn->op) || mn_op_operands[insn->op][0] != MN_OPERAND_D)
        return false;
    if (mn_op_operands[insn->op][1] == MN_OPERAND_S && !is_fixed(h, loop, insn->b))
        return false;
    return mn_op_operands[insn->op][2] != MN_OPERAND_S || is_fixed(h, loop, insn->c);
}

struct use {
    mn_slot slot, becomes;
    bool found;
};

static void
find_use(void *data, uint16_t *slot)
{
    struct use *use = data;

    use->found |= *slot == use->slot;
    if (*slot == use->slot && use->becomes != MN_NO_SLOT)
        *slot = use->becomes;
}

/* Where the uses of the result of instruction i end, if all are in its block; 0 when they may be elsewhere. */
static uint32_t
end_of_uses(const struct mn_flow *flow, uint32_t i)
{
    mn_slot slot = flow->insns[i].a;
    uint32_t last = i + REACH;

    for (uint32_t k = i + 1; k < flow->count && !flow->leader[k]; k++) {
        struct use use = {slot, MN_NO_SLOT, false};
        bool reads;

        if (flow->deleted[k])
            continue;
        if (k > last)
            return 0;
        if (mn_flow_write(flow->code, &flow->insns[k], &reads) != slot)
            continue;
        mn_flow_reads(flow->code, &flow->insns[k], find_use, &use);
        return reads ? 0 : k;
    }
    return mn_flow_is_live_out(flow, i, slot) ? 0 : UINT32_MAX;
}

static void
rename_uses(struct mn_flow *flow, uint32_t i, uint32_t end, mn_slot becomes)
{
    struct use use = {flow->insns[i].a, becomes, false};

    for (uint32_t k = i + 1; k < flow->count && !flow->leader[k] && k <= end; k++)
        if (!flow->deleted[k])
            mn_flow_reads(flow->code, &flow->insns[k], find_use, &use);
}

static mn_slot
fresh_slot(struct mn_code *code)
{
    size_t free_runs = code->free_runs;
    mn_slot slot;

    code->free_runs = 0; /* a run given back is still in use by the code as it is */
    slot = mn_code_slot(code, MN_SLOT_VALUE);
    code->free_runs = free_runs;
    return slot;
}

/* The slot of the same computation in front of the same head, or MN_NO_SLOT. */
static mn_slot
moved_before(const struct hoist *h, uint32_t head, const struct mn_insn *insn)
{
    for (size_t i = 0; i < h->moved.count; i++) {
        const struct mn_insertion *one = MN_LIST_AT(struct mn_insertion, &h->moved, i);

        if (one->before == head && one->insn.op == insn->op && one->insn.b == insn->b &&
            one->insn.c == insn->c)
            return one->insn.a;
    }
    return MN_NO_SLOT;
}

/* Behind those that stand in front of the same head already. */
static bool
insert(struct hoist *h, struct mn_insertion insertion)
{
    struct mn_insertion *items;
    size_t i;

    if (mn_list_add(&h->moved) == NULL) {
        mn_builder_fail_memory(h->flow->code->builder);
        return false;
    }
    items = h->moved.items;
    for (i = h->moved.count - 1; i > 0 && items[i - 1].before > insertion.before; i--)
        items[i] = items[i - 1];
    items[i] = insertion;
    return true;
}

static void
move_out(struct hoist *h, const struct loop *loop, uint32_t i)
{
    struct mn_flow *flow = h->flow;
    struct mn_insn insn = flow->insns[i];
    uint32_t end = end_of_uses(flow, i), *home;
    mn_slot slot;

    if (end == 0 || insn.a >= flow->slots || !flow->simple[insn.a])
        return;
    slot = moved_before(h, loop->head, &insn);
    if (slot == MN_NO_SLOT) {
        if (flow->code->kinds.count + 8 >= MN_NO_SLOT || flow->slots + h->homes.count != flow->code->kinds.count)
            return;
        slot = fresh_slot(flow->code);
        if (flow->code->builder->status != MEND_OK)
            return;
        if ((home = mn_list_add(&h->homes)) == NULL) {
            mn_builder_fail_memory(flow->code->builder);
            return;
        }
        *home = loop->head;
        insn.a = slot;
        if (!insert(h, (struct mn_insertion){loop->head, insn}))
            return;
    }
    rename_uses(flow, i, end, slot);
    flow->deleted[i] = true;
}

/* What stands in front of an inner head moves on as it is: its slot is written nowhere else. */
static void
move_on(struct hoist *h, const struct loop *loop, size_t index)
{
    struct mn_insertion one = *MN_LIST_AT(struct mn_insertion, &h->moved, index);

    if (!is_invariant(h, loop, &one.insn))
        return;
    mn_list_remove(&h->moved, index);
    one.before = loop->head;
    *MN_LIST_AT(uint32_t, &h->homes, one.insn.a - h->flow->slots) = loop->head;
    insert(h, one);
}

static void
move_on_before(struct hoist *h, const struct loop *loop, uint32_t place)
{
    for (size_t i = 0; i < h->moved.count; i++) {
        uint32_t before = MN_LIST_AT(struct mn_insertion, &h->moved, i)->before;

        if (before == place)
            move_on(h, loop, i);
        if (before > place)
            break;
    }
}

static void
hoist_loop(struct hoist *h, const struct loop *loop)
{
    struct mn_flow *flow = h->flow;

    h->number++;
    mark_writes(h, loop);
    for (uint32_t i = loop->head; i <= loop->end && flow->code->builder->status == MEND_OK; i++) {
        if (i != loop->head && flow->leader[i])
            move_on_before(h, loop, i);
        if (!flow->deleted[i] && flow->insns[i].op != MN_OP_MOV && is_invariant(h, loop, &flow->insns[i]))
            move_out(h, loop, i);
    }
}

void
mn_hoist(struct mn_flow *flow)
{
    struct hoist h = {.flow = flow,
                      .moved = MN_LIST_OF(struct mn_insertion),
                      .loops = MN_LIST_OF(struct loop),
                      .homes = MN_LIST_OF(uint32_t)};

    h.writes = mn_calloc(flow->slots + 1, sizeof *h.writes);
    h.inside = mn_calloc(flow->count, 1);
    if (h.writes == NULL || h.inside == NULL)
        mn_builder_fail_memory(flow->code->builder);
    else if (find_loops(&h))
        for (size_t i = 0; i < h.loops.count; i++)
            if (is_closed(flow, MN_LIST_AT(struct loop, &h.loops, i)))
                hoist_loop(&h, MN_LIST_AT(struct loop, &h.loops, i));
    if (h.inside != NULL)
        mn_flow_rewrite(flow, &h.moved, h.inside);
    else
        mn_flow_fini(flow);
    mn_list_fini(&h.moved);
    mn_list_fini(&h.loops);
    mn_list_fini(&h.homes);
    mn_free(h.writes);
    mn_free(h.inside);
}
