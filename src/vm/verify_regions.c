/* SPDX-License-Identifier: MIT */
/*
 * Verifying TRY and ENDTRY: on every way through a function they nest, and it is left outside of all.
 *
 * The machine runs what stands between them on native stack of its own, so a way out of the middle would leave
 * a handler behind for a frame that is gone.
 */
#include "base/alloc.h"
#include "vm/checking.h"

enum { UNSEEN = 0xff, DEEPEST = 0xfe };

struct walk {
    struct mn_checking *checking;
    uint8_t *depth;   /* by instruction: how many TRYs are open before it */
    uint32_t *todo;   /* instructions whose successors are to be looked at */
    uint32_t count;
};

static mend_status
reach(struct walk *walk, int64_t pc, unsigned depth)
{
    if (pc < 0 || pc >= walk->checking->function->code_count)
        return mn_bad(walk->checking, "the function's end can be reached");
    if (walk->depth[pc] == depth)
        return MEND_OK;
    if (walk->depth[pc] != UNSEEN)
        return mn_bad(walk->checking, "ways meet with different TRYs open");
    walk->depth[pc] = (uint8_t)depth;
    walk->todo[walk->count++] = (uint32_t)pc;
    return MEND_OK;
}

static mend_status
follow(struct walk *walk, uint32_t pc)
{
    struct mn_checking *checking = walk->checking;
    const struct mn_insn *insn = checking->insn = &checking->function->code[pc];
    const uint8_t *operands = mn_op_operands[insn->op];
    unsigned depth = walk->depth[pc], after = depth;
    mend_status st = MEND_OK;

    if ((insn->op == MN_OP_RET || insn->op == MN_OP_RETVOID) && depth != 0)
        return mn_bad(checking, "it returns from within a TRY");
    if (insn->op == MN_OP_ENDTRY && depth == 0)
        return mn_bad(checking, "there is no TRY to end");
    if (insn->op == MN_OP_TRY && depth == DEEPEST)
        return mn_bad(checking, "TRYs are nested too deeply");
    after += insn->op == MN_OP_TRY;
    after -= insn->op == MN_OP_ENDTRY;
    if (operands[1] == MN_OPERAND_J32)
        st = reach(walk, (int64_t)pc + 1 + (int32_t)(insn->b | (uint32_t)insn->c << 16), depth);
    else if (operands[2] == MN_OPERAND_J)
        st = reach(walk, (int64_t)pc + 1 + (int16_t)insn->c, depth);
    if (st != MEND_OK || insn->op == MN_OP_JMP || insn->op == MN_OP_RET || insn->op == MN_OP_RETVOID ||
        insn->op == MN_OP_RAISE || insn->op == MN_OP_THROW)
        return st;
    return reach(walk, (int64_t)pc + 1, after);
}

static bool
has_regions(const struct mn_function *function)
{
    for (uint32_t pc = 0; pc < function->code_count; pc++)
        if (function->code[pc].op == MN_OP_TRY || function->code[pc].op == MN_OP_ENDTRY)
            return true;
    return false;
}

mend_status
mn_check_regions(struct mn_checking *checking)
{
    const struct mn_function *function = checking->function;
    struct walk walk = {.checking = checking};
    mend_status st;

    if (!has_regions(function))
        return MEND_OK;
    walk.depth = mn_malloc(function->code_count);
    walk.todo = mn_calloc(function->code_count, sizeof *walk.todo);
    if (walk.depth == NULL || walk.todo == NULL) {
        st = mn_fail_memory(checking->err);
        goto done;
    }
    for (uint32_t pc = 0; pc < function->code_count; pc++)
        walk.depth[pc] = UNSEEN;
    st = reach(&walk, 0, 0);
    while (st == MEND_OK && walk.count != 0)
        st = follow(&walk, walk.todo[--walk.count]);
done:
    mn_free(walk.depth);
    mn_free(walk.todo);
    return st;
}
