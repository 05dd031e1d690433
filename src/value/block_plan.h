/* SPDX-License-Identifier: MIT */
/*
 * A plan: how a call of a method becomes a call of a block, worked out once.
 *
 * The method has (self, _cmd, a, b, c); the block has (block, a, b) or (block, info, a, b): as many of the
 * method's arguments as it cares for, in their order. That shifts every argument by up to two places, and a
 * block whose result travels otherwise than the method's shifts them once more; so arguments change
 * registers, or move between registers and the stack. A plan is the list of those moves, in words of 8 bytes,
 * neighbours joined.
 *
 * The block is called by its own description, never by the method's: a void block before a method with a
 * large struct as result gets no hidden address.
 */
#ifndef MN_VALUE_BLOCK_PLAN_H
#define MN_VALUE_BLOCK_PLAN_H

#include "abi/call.h"

#include <objc/objc.h>

/* What of the block is checked and used. */
struct mn_block_terms {
    bool info;   /* the block's first parameter is not the method's but what mn_block_plan_call is given */
    bool result; /* the block's result becomes the method's */
    bool weak;   /* types need only travel alike (mn_type_compatible), not be equal */
};

/* One run of words from the method's call to the block's. */
struct mn_block_move {
    uint32_t from, to; /* byte offsets in struct mn_frame, or from its stack */
    uint32_t words;
    bool from_stack, to_stack;
};

/*
 * Blocks that take and give single words in few registers are called as C functions: of six words, the first of which
 * is the block, and perhaps of four doubles, which may carry a result too.
 */
enum mn_block_quick { MN_BLOCK_SLOW, MN_BLOCK_WORDS, MN_BLOCK_DOUBLES, MN_BLOCK_DOUBLE_RESULT };
enum { MN_BLOCK_QUICK_WORDS = 6, MN_BLOCK_QUICK_DOUBLES = 4 };

struct mn_block_plan {
    const struct mn_signature *block;
    const struct mn_argument *arguments; /* the method's, from the one that is the block's argument 0 on */
    const struct mn_place *result; /* where the method's result goes; NULL: the block's is dropped */
    uint32_t room;                 /* bytes for mn_frame_open and a result in memory; mostly 0 */
    uint32_t result_room;          /* where in the room such a result begins */
    uint16_t block_at, info_at;    /* offsets in struct mn_frame; info_at is 0 without info */
    uint8_t quick; /* enum mn_block_quick, with the offsets in the method's frame of words and doubles */
    uint16_t quick_from[MN_BLOCK_QUICK_WORDS], doubles_from[MN_BLOCK_QUICK_DOUBLES];
    uint16_t count;
    struct mn_block_move moves[];
};

/*
 * The plan for calls of `method`. MEND_SIGNATURE_MISMATCH, with the difference and the declaration that would
 * fit; MEND_NO_MEMORY. `method` may be NULL (its encoding cannot be read) for a block that takes none of its
 * arguments. Both signatures must live as long as the plan (interned ones do). mn_block_plan_free accepts
 * NULL.
 */
mend_status mn_block_plan_new(const struct mn_signature *method, const struct mn_signature *block,
                              struct mn_block_terms terms, struct mn_block_plan **out, mend_error *err);
void mn_block_plan_free(struct mn_block_plan *plan);

/*
 * Calls the block with the arguments of `call`, a call of the plan's method, and `info`. The result, if used,
 * is written to the call's frame after the block has returned: what the frame holds meanwhile is the block's
 * to overwrite (by proceeding). Exceptions pass through. No allocation, no lock.
 */
void mn_block_plan_call(const struct mn_block_plan *plan, id block, void *info, struct mn_frame *call);

/* Just the checks. */
mend_status mn_block_match(const struct mn_signature *method, const struct mn_signature *block,
                           struct mn_block_terms terms, mend_error *err);
#endif
