/* SPDX-License-Identifier: MIT */
/*
 * Verifying instructions: operands by their letters in op.def, then what single instructions ask beyond that.
 *
 * One pass, because kinds of slots never change: an instruction is right or wrong by itself.
 */
#include "value/block.h"
#include "vm/builder.h"
#include "vm/checking.h"
#include "vm/verify.h"

static uint32_t
wide(const struct mn_insn *insn)
{
    return insn->b | (uint32_t)insn->c << 16;
}

static bool
in_frame(const struct mn_function *function, unsigned slot, unsigned count)
{
    return slot < function->slots && count <= (unsigned)function->slots - slot;
}

static bool
none_owned(const struct mn_function *function, unsigned slot, unsigned count)
{
    if (!in_frame(function, slot, count))
        return false;
    for (unsigned i = 0; i < count; i++)
        if (function->kinds[slot + i] == MN_SLOT_OWNED)
            return false;
    return true;
}

static mend_status
check_jump(struct mn_checking *checking, int64_t distance)
{
    int64_t target = checking->insn - checking->function->code + 1 + distance;

    if (target < 0 || target >= checking->function->code_count)
        return mn_bad(checking, "it jumps out of the function");
    return MEND_OK;
}

static bool
index_fits(const struct mn_checking *checking, enum mn_operand_kind kind, uint32_t value)
{
    const struct mn_program *program = checking->program;
    const struct mn_list *table = kind == MN_OPERAND_K   ? &program->numbers
                                  : kind == MN_OPERAND_T ? &program->texts
                                  : kind == MN_OPERAND_G ? &program->strings
                                  : kind == MN_OPERAND_C ? &program->classes
                                  : kind == MN_OPERAND_E ? &program->selectors
                                  : kind == MN_OPERAND_Z ? &program->symbols
                                  : kind == MN_OPERAND_F ? &program->functions
                                  : kind == MN_OPERAND_Y ? &program->types
                                                         : &program->ivars;

    return value < table->count;
}

static mend_status
check_operand(struct mn_checking *checking, enum mn_operand_kind kind, uint16_t value)
{
    const struct mn_function *function = checking->function;
    bool fits = true;

    switch (kind) {
    case MN_OPERAND__:
        fits = value == 0;
        break;
    case MN_OPERAND_D:
    case MN_OPERAND_M:
        fits = mn_is_kind(function, value, 1, MN_SLOT_VALUE);
        break;
    case MN_OPERAND_S:
    case MN_OPERAND_V:
        fits = value < function->slots;
        break;
    case MN_OPERAND_O:
        fits = mn_is_kind(function, value, 1, MN_SLOT_OBJECT);
        break;
    case MN_OPERAND_Q:
        fits = value < function->slots && function->kinds[value] != MN_SLOT_VALUE;
        break;
    case MN_OPERAND_W:
        fits = mn_is_kind(function, value, 1, MN_SLOT_OWNED);
        break;
    case MN_OPERAND_L:
    case MN_OPERAND_P:
        fits = mn_is_kind(function, value, 2, MN_SLOT_VALUE);
        break;
    case MN_OPERAND_J:
        return check_jump(checking, (int16_t)value);
    case MN_OPERAND_J32:
        return check_jump(checking, (int32_t)wide(checking->insn));
    case MN_OPERAND_B:
        fits = wide(checking->insn) < checking->program->image.length;
        break;
    case MN_OPERAND_K:
    case MN_OPERAND_T:
    case MN_OPERAND_G:
    case MN_OPERAND_C:
    case MN_OPERAND_E:
    case MN_OPERAND_Z:
        fits = index_fits(checking, kind, wide(checking->insn));
        break;
    case MN_OPERAND_F:
    case MN_OPERAND_Y:
    case MN_OPERAND_H:
        fits = index_fits(checking, kind, value);
        break;
    case MN_OPERAND_A:
        fits = value < function->site_count;
        break;
    default: /* numbers; X is looked at with its instruction */
        break;
    }
    return fits ? MEND_OK : mn_bad(checking, "operand %u is none for it", (unsigned)value);
}

/* Slot a can take a result of that type. */
static mend_status
check_result(struct mn_checking *checking, const struct mn_type *type)
{
    enum mn_rep rep = mn_rep_of_type(type);
    unsigned count = (unsigned)((type->size + 7) / 8);

    if (rep == MN_REP_VOID || count == 0)
        return checking->insn->a < checking->function->slots || checking->insn->a == 0
                   ? MEND_OK
                   : mn_bad(checking, "its result lies outside the frame");
    if (mn_is_kind(checking->function, checking->insn->a, count,
                   rep == MN_REP_OBJECT ? MN_SLOT_OBJECT : MN_SLOT_VALUE))
        return MEND_OK;
    return mn_bad(checking, "slot %u cannot take its result", (unsigned)checking->insn->a);
}

static mend_status
check_site_kind(struct mn_checking *checking, enum mn_site_kind kind)
{
    const struct mn_callsite *site = &checking->function->sites[checking->insn->c];

    if (site->kind != kind)
        return mn_bad(checking, "its call site is of another kind");
    if (kind == MN_SITE_LIST || kind == MN_SITE_CALL || kind == MN_SITE_BLOCK)
        return MEND_OK;
    return check_result(checking, checking->program->type_live[site->result].type);
}

/* Arguments and result of a CALL fit the function it names, slot by slot. */
static mend_status
check_call(struct mn_checking *checking)
{
    const struct mn_function *callee = mn_program_function(checking->program, checking->insn->b);
    const struct mn_callsite *site = &checking->function->sites[checking->insn->c];
    mend_status st = check_site_kind(checking, MN_SITE_CALL);

    if (st != MEND_OK)
        return st;
    if (site->variadic || site->count != callee->signature->count)
        return mn_bad(checking, "it passes %u arguments to a function of %u", (unsigned)site->count,
                      (unsigned)callee->signature->count);
    for (uint32_t i = 0; i < site->count; i++) {
        const struct mn_type *given =
            checking->program->type_live[checking->function->args[site->first + i].type].type;
        const struct mn_type *wanted = callee->signature->arguments[i].type;

        if (mn_rep_of_type(given) != mn_rep_of_type(wanted) ||
            mn_whole_slots(given) != mn_whole_slots(wanted))
            return mn_bad(checking, "argument %u is of another type than the function's", (unsigned)i);
    }
    if (mn_rep_of_type(callee->signature->result) != checking->program->type_live[site->result].rep)
        return mn_bad(checking, "it expects another result than the function's");
    return check_result(checking, callee->signature->result);
}

static mend_status
check_return(struct mn_checking *checking)
{
    if (checking->function->result_slots == 0)
        return mn_bad(checking, "it returns a value from a function without result");
    return check_result(checking, checking->function->signature->result);
}

/* Accesses of the frame by LDF and STF: inside it, and a store touches plain values only. */
static mend_status
check_frame_access(struct mn_checking *checking, unsigned slot, unsigned size, bool store)
{
    unsigned first = slot + checking->insn->c / 8, last = slot + (checking->insn->c + size - 1) / 8;

    if (!in_frame(checking->function, slot, last - slot + 1))
        return mn_bad(checking, "it reaches outside the frame");
    if (store ? !mn_is_kind(checking->function, first, last - first + 1, MN_SLOT_VALUE)
              : !none_owned(checking->function, first, last - first + 1))
        return mn_bad(checking, "it reaches slots of another kind");
    return MEND_OK;
}

static bool
is_integer_rep(unsigned rep)
{
    return rep >= MN_REP_BOOL && rep <= MN_REP_U64;
}

static bool
constant_fits(const struct mn_insn *insn)
{
    switch ((enum mn_op)insn->op) {
    case MN_OP_SHLI_I32:
    case MN_OP_SHLI_U32:
        return insn->c < 32;
    case MN_OP_SHLI_64:
    case MN_OP_SHRI_I:
    case MN_OP_SHRI_U:
        return insn->c < 64;
    case MN_OP_DIVI_I32:
    case MN_OP_DIVI_I64:
    case MN_OP_REMI_I32:
    case MN_OP_REMI_I64:
        return insn->c != 0;
    case MN_OP_DIVI_U64:
    case MN_OP_REMI_U64:
        return (int16_t)insn->c > 0;
    case MN_OP_F64_TO_INT:
    case MN_OP_LD_TO_INT:
        return is_integer_rep(insn->c);
    case MN_OP_BOX:
        return is_integer_rep(insn->c) || insn->c == MN_REP_F32 || insn->c == MN_REP_F64;
    case MN_OP_RAISE:
        return insn->a < MN_VM_ERROR_COUNT;
    default:
        return true;
    }
}

static mend_status
check_ivar(struct mn_checking *checking)
{
    const struct mn_code_ivar *ivar =
        MN_LIST_AT(struct mn_code_ivar, &checking->program->ivars, checking->insn->c);
    const struct mn_typeref *type =
        ivar->kind == MN_IVAR_NATIVE ? NULL : &checking->program->type_live[ivar->type];

    if ((ivar->kind == MN_IVAR_NATIVE) != (checking->insn->op == MN_OP_IVAR))
        return mn_bad(checking, "the instance variable is of another kind");
    if (ivar->kind >= MN_IVAR_STRONG && type->rep != MN_REP_OBJECT)
        return mn_bad(checking, "the instance variable is no object");
    return MEND_OK;
}

static mend_status
check_cell(struct mn_checking *checking)
{
    const struct mn_typeref *type = &checking->program->type_live[checking->insn->c];

    if (checking->insn->b > 1 || (checking->insn->b == 1 && type->rep != MN_REP_OBJECT))
        return mn_bad(checking, "only a cell for an object can be weak");
    return MEND_OK;
}

/* What an instruction asks for beyond its operands' letters. */
static mend_status
check_special(struct mn_checking *checking)
{
    const struct mn_function *function = checking->function;
    const struct mn_insn *insn = checking->insn;

    if (!constant_fits(insn))
        return mn_bad(checking, "its constant is out of range");
    switch ((enum mn_op)insn->op) {
    case MN_OP_MOVN:
        return mn_is_kind(function, insn->a, insn->c, MN_SLOT_VALUE) && none_owned(function, insn->b, insn->c)
                   ? MEND_OK
                   : mn_bad(checking, "it copies slots of another kind");
    case MN_OP_CLEAR:
        return none_owned(function, insn->a, insn->b) ? MEND_OK : mn_bad(checking, "it clears owned slots");
    case MN_OP_LEA:
        return none_owned(function, insn->b, 1) && in_frame(function, insn->b, insn->c / 8 + 1)
                   ? MEND_OK
                   : mn_bad(checking, "it takes an address outside the frame, or of an owned slot");
    case MN_OP_LDF_I8:
    case MN_OP_LDF_U8:
        return check_frame_access(checking, insn->b, 1, false);
    case MN_OP_LDF_I16:
    case MN_OP_LDF_U16:
        return check_frame_access(checking, insn->b, 2, false);
    case MN_OP_LDF_I32:
    case MN_OP_LDF_U32:
        return check_frame_access(checking, insn->b, 4, false);
    case MN_OP_LDF_64:
        return check_frame_access(checking, insn->b, 8, false);
    case MN_OP_STF_8:
        return check_frame_access(checking, insn->a, 1, true);
    case MN_OP_STF_16:
        return check_frame_access(checking, insn->a, 2, true);
    case MN_OP_STF_32:
        return check_frame_access(checking, insn->a, 4, true);
    case MN_OP_STF_64:
        return check_frame_access(checking, insn->a, 8, true);
    case MN_OP_BOXSTRUCT:
        return none_owned(function, insn->b, mn_whole_slots(checking->program->type_live[insn->c].type))
                   ? MEND_OK
                   : mn_bad(checking, "its value lies outside the frame");
    case MN_OP_DROP:
    case MN_OP_POOLEND:
        return mn_is_kind(function, insn->a, 1, MN_SLOT_OBJECT) ? MEND_OK
                                                                : mn_bad(checking, "it wants an OBJECT slot");
    case MN_OP_RET:
        return check_return(checking);
    case MN_OP_CALL:
        return check_call(checking);
    case MN_OP_CALLC:
        return check_site_kind(checking, MN_SITE_CALLC);
    case MN_OP_SEND:
        return check_site_kind(checking, MN_SITE_SEND);
    case MN_OP_SENDSUPER:
        return check_site_kind(checking, MN_SITE_SUPER);
    case MN_OP_SENDORG:
        return check_site_kind(checking, MN_SITE_ORIGINAL);
    case MN_OP_SENDNEXT:
        return check_site_kind(checking, MN_SITE_NEXT);
    case MN_OP_ARRAY:
        return check_site_kind(checking, MN_SITE_LIST);
    case MN_OP_DICT:
        if (function->sites[insn->c].count % 2 != 0)
            return mn_bad(checking, "a key has no value");
        return check_site_kind(checking, MN_SITE_LIST);
    case MN_OP_IVAR:
    case MN_OP_SIDE:
        return check_ivar(checking);
    case MN_OP_CELL:
        return check_cell(checking);
    case MN_OP_BLOCK:
        return mn_block_is_type(mn_program_function(checking->program, insn->b)->signature)
                   ? check_site_kind(checking, MN_SITE_BLOCK)
                   : mn_bad(checking, "its function is none of a block");
    case MN_OP_CALLB:
        return check_site_kind(checking, MN_SITE_CALLBLOCK);
    default:
        return MEND_OK;
    }
}

static bool
ends_path(unsigned op)
{
    return op == MN_OP_JMP || op == MN_OP_RET || op == MN_OP_RETVOID || op == MN_OP_RAISE ||
           op == MN_OP_THROW;
}

mend_status
mn_check_code(struct mn_checking *checking)
{
    const struct mn_function *function = checking->function;
    mend_status st;

    for (uint32_t pc = 0; pc < function->code_count; pc++) {
        const struct mn_insn *insn = checking->insn = &function->code[pc];
        uint16_t values[3] = {insn->a, insn->b, insn->c};

        if (insn->op >= MN_OP_COUNT)
            return mn_bad(checking, "there is no instruction %u", (unsigned)insn->op);
        for (unsigned i = 0; i < 3; i++)
            if ((st = check_operand(checking, (enum mn_operand_kind)mn_op_operands[insn->op][i],
                                    values[i])) != MEND_OK)
                return st;
        if ((st = check_special(checking)) != MEND_OK)
            return st;
    }
    return ends_path(checking->insn->op) ? MEND_OK : mn_bad(checking, "the function's end can be reached");
}
