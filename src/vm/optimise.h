/* SPDX-License-Identifier: MIT */
/*
 * Making a function's code shorter and faster before it is closed (docs/design/vm.md).
 *
 * Internal to optimise.c, flow.c, hoist.c and expand.c. They know instructions by the letters of op.def alone and
 * by one list of what is pure. Only simple slots are looked at: a VALUE slot of its own (no part of a structure or
 * long double) whose address nobody takes, so that every access to it is an operand.
 */
#ifndef MN_VM_OPTIMISE_H
#define MN_VM_OPTIMISE_H

#include "vm/writing.h"

/* Rewrites the code of a function that is complete but for the distances of its jumps. Never fails: what it
 * cannot do it leaves. */
void mn_optimise(struct mn_code *code);

/* ---- facts (flow.c) ---- */

/* What is known of a function while it is being rewritten; arrays of `count` instructions and `slots` slots. */
struct mn_flow {
    struct mn_code *code;
    struct mn_insn *insns; /* of the code */
    uint32_t count;
    uint32_t slots;     /* that the bit sets have room for: those there were at the start */
    uint8_t *simple;    /* by slot */
    uint8_t *leader;    /* by instruction: a block begins here */
    uint8_t *deleted;   /* by instruction */
    uint32_t *target;   /* by instruction: where its jump leads, or UINT32_MAX */
    uint32_t *block_of; /* by instruction: its block, when live sets exist */
    uint64_t *live_out; /* by block: `words` words, the simple slots still read behind it */
    uint32_t blocks, words;
};

/* False when memory has run out or the function holds what these files do not know. */
bool mn_flow_open(struct mn_flow *flow, struct mn_code *code);
void mn_flow_fini(struct mn_flow *flow);

/* Which simple slots live behind each block; false when the function is too large to be worth it. */
bool mn_flow_live(struct mn_flow *flow);
bool mn_flow_is_live_out(const struct mn_flow *flow, uint32_t insn, mn_slot slot);

/* Calls `visit` with a pointer to each slot the instruction reads, the arguments of its call site included. */
void mn_flow_reads(struct mn_code *code, struct mn_insn *insn, void (*visit)(void *data, uint16_t *slot),
                   void *data);

/* The slot it writes, or MN_NO_SLOT; true in *reads when it reads that slot too. */
mn_slot mn_flow_write(const struct mn_code *code, const struct mn_insn *insn, bool *reads);

/* It computes a number from numbers: no memory, no error, no jump; so it may run earlier, more often or never. */
bool mn_op_is_pure(unsigned op);
bool mn_op_ends(unsigned op); /* never goes on behind itself */

/* ---- what is done ---- */

/* Instructions to be put in front of others when the code is written anew; in order. */
struct mn_insertion {
    uint32_t before;
    struct mn_insn insn;
};

/*
 * Writes the code anew without the deleted instructions and with the insertions, which are sorted by `before`.
 * Jumps to an instruction lead to what was put in front of it, except those `inside`: by instruction, true where
 * the jump leads to the instruction itself (NULL: none). The flow is finished by it.
 */
bool mn_flow_rewrite(struct mn_flow *flow, struct mn_list *insertions, const uint8_t *inside);

void mn_expand_calls(struct mn_code *code); /* expand.c: small functions in place of their calls in loops */
void mn_hoist(struct mn_flow *flow);        /* hoist.c: what does not change in a loop goes in front of it */
#endif
