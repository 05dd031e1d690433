/* SPDX-License-Identifier: MIT */
/*
 * Writing a function: constants, arithmetic, comparison, conversion and conditional jumps.
 *
 * Here the type-driven calls of builder.h become opcodes. Fusing looks back one instruction and only as far
 * as no label is bound between (mn_code_last).
 */
#include "vm/builder.h"

#include "vm/writing.h"

#include <string.h>

static bool
fits_i16(int64_t value)
{
    return value >= INT16_MIN && value <= INT16_MAX;
}

static bool
is_float(enum mn_rep rep)
{
    return rep == MN_REP_F32 || rep == MN_REP_F64 || rep == MN_REP_LD;
}

/* ---- constants ---- */

void
mn_code_int(struct mn_code *code, mn_slot dst, int64_t value)
{
    if (value == (int32_t)value)
        mn_code_emit32(code, MN_OP_LDI, dst, (uint32_t)value);
    else
        mn_code_emit32(code, MN_OP_LDK, dst, mn_builder_number(code->builder, (uint64_t)value));
}

void
mn_code_double(struct mn_code *code, mn_slot dst, double value)
{
    int64_t bits;

    memcpy(&bits, &value, sizeof bits);
    mn_code_int(code, dst, bits);
}

void
mn_code_float(struct mn_code *code, mn_slot dst, float value)
{
    uint32_t bits;

    memcpy(&bits, &value, sizeof bits);
    mn_code_int(code, dst, bits);
}

void
mn_code_long_double(struct mn_code *code, mn_slot dst, long double value)
{
    uint64_t bits[2] = {0, 0};

    memcpy(bits, &value, MN_LDOUBLE_BYTES);
    mn_code_int(code, dst, (int64_t)bits[0]);
    mn_code_int(code, dst + 1, (int64_t)bits[1]);
}

void
mn_code_string(struct mn_code *code, mn_slot dst, const char *utf8, size_t length)
{
    mn_code_emit32(code, MN_OP_LDSTR, dst, mn_builder_string(code->builder, utf8, length));
}

void
mn_code_text(struct mn_code *code, mn_slot dst, const char *bytes, size_t length)
{
    mn_code_emit32(code, MN_OP_LDTEXT, dst, mn_builder_text(code->builder, bytes, length));
}

void
mn_code_class(struct mn_code *code, mn_slot dst, const char *name)
{
    mn_code_emit32(code, MN_OP_LDCLASS, dst, mn_builder_class(code->builder, name, false));
}

void
mn_code_symbol(struct mn_code *code, mn_slot dst, const char *name, bool own, void *address)
{
    mn_code_emit32(code, MN_OP_LDSYM, dst, mn_builder_symbol(code->builder, name, own, address));
}

void
mn_code_selector(struct mn_code *code, mn_slot dst, const char *name)
{
    mn_code_emit32(code, MN_OP_LDSEL, dst, mn_builder_selector(code->builder, name));
}

/* ---- moving ---- */

/* A temporary just computed by the last instruction, which can as well write `dst`. */
static bool
retarget(struct mn_code *code, mn_slot dst, mn_slot src)
{
    struct mn_insn *last = mn_code_last(code);
    uint8_t kind;

    if (last == NULL || last->a != src || !mn_code_is_temp(code, src) ||
        mn_code_kind(code, dst) != MN_SLOT_VALUE)
        return false;
    kind = mn_op_operands[last->op][0];
    if (kind != MN_OPERAND_D && kind != MN_OPERAND_X)
        return false;
    last->a = dst;
    return true;
}

void
mn_code_move(struct mn_code *code, enum mn_rep rep, mn_slot dst, mn_slot src)
{
    if (dst == src || rep == MN_REP_VOID)
        return;
    if (rep == MN_REP_LD)
        mn_code_emit(code, MN_OP_MOVN, dst, src, 2);
    else if (rep != MN_REP_OBJECT) {
        if (!retarget(code, dst, src))
            mn_code_emit(code, MN_OP_MOV, dst, src, 0);
    } else if (mn_code_kind(code, dst) == MN_SLOT_OWNED)
        mn_code_emit(code, MN_OP_STRONG, dst, src, 0);
    else if (mn_code_kind(code, dst) == MN_SLOT_OBJECT)
        mn_code_emit(code, mn_code_kind(code, src) == MN_SLOT_VALUE ? MN_OP_CASTO : MN_OP_MOVO, dst, src, 0);
    else
        mn_code_emit(code, MN_OP_MOV, dst, src, 0);
}

void
mn_code_copy(struct mn_code *code, mn_slot dst, mn_slot src, unsigned slots)
{
    if (dst == src || slots == 0)
        return;
    if (slots == 1)
        mn_code_emit(code, MN_OP_MOV, dst, src, 0);
    else
        mn_code_emit(code, MN_OP_MOVN, dst, src, slots);
}

/* ---- arithmetic ---- */

/* Columns of the table below. */
enum column { I32, U32, I64, U64, F32, F64, LD, COLUMNS };

static enum column
column_of(enum mn_rep rep)
{
    switch (rep) {
    case MN_REP_U32:
        return U32;
    case MN_REP_I64:
        return I64;
    case MN_REP_U64:
    case MN_REP_OBJECT:
        return U64;
    case MN_REP_F32:
        return F32;
    case MN_REP_F64:
        return F64;
    case MN_REP_LD:
        return LD;
    default:
        return I32; /* narrower integers are promoted */
    }
}

#define NONE MN_OP_NOP
#define OPS(i32, u32, i64, u64, f32, f64, ld)                                                                \
    {                                                                                                        \
        MN_OP_##i32, MN_OP_##u32, MN_OP_##i64, MN_OP_##u64, f32, f64, ld                                     \
    }

static const uint16_t arith_ops[][COLUMNS] = {
    [MN_ADD] = OPS(ADD_I32, ADD_U32, ADD_64, ADD_64, MN_OP_ADD_F32, MN_OP_ADD_F64, MN_OP_ADD_LD),
    [MN_SUB] = OPS(SUB_I32, SUB_U32, SUB_64, SUB_64, MN_OP_SUB_F32, MN_OP_SUB_F64, MN_OP_SUB_LD),
    [MN_MUL] = OPS(MUL_I32, MUL_U32, MUL_64, MUL_64, MN_OP_MUL_F32, MN_OP_MUL_F64, MN_OP_MUL_LD),
    [MN_DIV] = OPS(DIV_I32, DIV_U32, DIV_I64, DIV_U64, MN_OP_DIV_F32, MN_OP_DIV_F64, MN_OP_DIV_LD),
    [MN_REM] = OPS(REM_I32, REM_U32, REM_I64, REM_U64, NONE, NONE, NONE),
    [MN_AND] = OPS(AND, AND, AND, AND, NONE, NONE, NONE),
    [MN_OR] = OPS(OR, OR, OR, OR, NONE, NONE, NONE),
    [MN_XOR] = OPS(XOR, XOR, XOR, XOR, NONE, NONE, NONE),
    [MN_SHL] = OPS(SHL_I32, SHL_U32, SHL_64, SHL_64, NONE, NONE, NONE),
    [MN_SHR] = OPS(SHR_I32, SHR_U32, SHR_I64, SHR_U64, NONE, NONE, NONE),
};

/* The forms with a constant; NOP where there is none. */
static const uint16_t const_ops[][4] = {
    [MN_ADD] = {MN_OP_ADDI_I32, MN_OP_ADDI_U32, MN_OP_ADDI_64, MN_OP_ADDI_64},
    [MN_SUB] = {MN_OP_ADDI_I32, MN_OP_ADDI_U32, MN_OP_ADDI_64, MN_OP_ADDI_64},
    [MN_MUL] = {MN_OP_MULI_I32, MN_OP_MULI_U32, MN_OP_MULI_64, MN_OP_MULI_64},
    [MN_DIV] = {MN_OP_DIVI_I32, MN_OP_DIVI_U64, MN_OP_DIVI_I64, MN_OP_DIVI_U64},
    [MN_REM] = {MN_OP_REMI_I32, MN_OP_REMI_U64, MN_OP_REMI_I64, MN_OP_REMI_U64},
    [MN_AND] = {MN_OP_ANDI, NONE, MN_OP_ANDI, MN_OP_ANDI},
    [MN_OR] = {MN_OP_ORI, NONE, MN_OP_ORI, MN_OP_ORI},
    [MN_XOR] = {MN_OP_XORI, NONE, MN_OP_XORI, MN_OP_XORI},
    [MN_SHL] = {MN_OP_SHLI_I32, MN_OP_SHLI_U32, MN_OP_SHLI_64, MN_OP_SHLI_64},
    [MN_SHR] = {MN_OP_SHRI_I, MN_OP_SHRI_U, MN_OP_SHRI_I, MN_OP_SHRI_U},
};

/* s = s + t, where t was just computed as b * c and is read nowhere else: one instruction. */
static bool
fuse_multiply(struct mn_code *code, enum mn_arith op, mn_slot dst, mn_slot a, mn_slot b)
{
    struct mn_insn *last = mn_code_last(code);

    if (last == NULL || last->op != MN_OP_MUL_F64)
        return false;
    if (op == MN_ADD && dst == b && dst != a) { /* x*y + s */
        mn_slot swap = a;

        a = b;
        b = swap;
    }
    if (dst != a || last->a != b || b == a || !mn_code_is_temp(code, b))
        return false;
    last->op = op == MN_ADD ? MN_OP_MULADD_F64 : MN_OP_MULSUB_F64;
    last->a = dst;
    return true;
}

void
mn_code_arith(struct mn_code *code, enum mn_arith op, enum mn_rep rep, mn_slot dst, mn_slot a, mn_slot b)
{
    unsigned opcode = arith_ops[op][column_of(rep)];

    if (opcode == NONE)
        mn_builder_fail(code->builder, MEND_INTERNAL, "an integer operation on a floating type");
    else if (rep != MN_REP_F64 || (op != MN_ADD && op != MN_SUB) || !fuse_multiply(code, op, dst, a, b))
        mn_code_emit(code, (enum mn_op)opcode, dst, a, b);
}

/* Whether the constant form means the same for this constant. */
static bool
const_form(enum mn_arith op, enum mn_rep rep, int64_t value)
{
    unsigned width = rep == MN_REP_I64 || rep == MN_REP_U64 ? 64 : 32;

    switch (op) {
    case MN_SHL:
    case MN_SHR:
        return value >= 0 && value < width;
    case MN_DIV:
    case MN_REM:
        return fits_i16(value) && (rep == MN_REP_I32 || rep == MN_REP_I64 ? value != 0 : value > 0);
    case MN_SUB:
        return fits_i16(value) && fits_i16(-value);
    case MN_AND:
    case MN_OR:
    case MN_XOR:
        return fits_i16(value);
    default:
        return fits_i16(value);
    }
}

void
mn_code_arith_const(struct mn_code *code, enum mn_arith op, enum mn_rep rep, mn_slot dst, mn_slot a,
                    int64_t b)
{
    mn_slot temp;

    if (!is_float(rep)) {
        unsigned opcode = const_ops[op][column_of(rep)];

        if (opcode != NONE && const_form(op, rep, b)) {
            mn_code_emit(code, (enum mn_op)opcode, dst, a, (uint16_t)(op == MN_SUB ? -b : b));
            return;
        }
    }
    temp = rep == MN_REP_LD ? mn_code_slot_run(code, 2) : mn_code_temp(code);
    if (rep == MN_REP_F64)
        mn_code_double(code, temp, (double)b);
    else if (rep == MN_REP_F32)
        mn_code_float(code, temp, (float)b);
    else if (rep == MN_REP_LD)
        mn_code_long_double(code, temp, (long double)b);
    else
        mn_code_int(code, temp, rep == MN_REP_U32 ? (int64_t)(uint32_t)b : b);
    mn_code_arith(code, op, rep, dst, a, temp);
    mn_code_slot_free(code, temp);
}

void
mn_code_negate(struct mn_code *code, enum mn_rep rep, mn_slot dst, mn_slot a)
{
    static const uint16_t ops[COLUMNS] = {MN_OP_NEG_I32, MN_OP_NEG_U32, MN_OP_NEG_64, MN_OP_NEG_64,
                                          MN_OP_NEG_F32, MN_OP_NEG_F64, MN_OP_NEG_LD};

    mn_code_emit(code, (enum mn_op)ops[column_of(rep)], dst, a, 0);
}

void
mn_code_invert(struct mn_code *code, enum mn_rep rep, mn_slot dst, mn_slot a)
{
    mn_code_emit(code, rep == MN_REP_U32 ? MN_OP_NOT_U32 : MN_OP_NOT_64, dst, a, 0);
}

/* ---- comparison ---- */

/* a > b is b < a, a >= b is b <= a: right for NaN too. */
static enum mn_compare
order(enum mn_compare op, mn_slot *a, mn_slot *b)
{
    if (op == MN_GT || op == MN_GE) {
        mn_slot swap = *a;

        *a = *b;
        *b = swap;
        return op == MN_GT ? MN_LT : MN_LE;
    }
    return op;
}

void
mn_code_compare(struct mn_code *code, enum mn_compare op, enum mn_rep rep, mn_slot dst, mn_slot a, mn_slot b)
{
    static const uint16_t ops[][5] = {
        [MN_EQ] = {MN_OP_EQ, MN_OP_EQ, MN_OP_EQ_F32, MN_OP_EQ_F64, MN_OP_EQ_LD},
        [MN_NE] = {MN_OP_NE, MN_OP_NE, MN_OP_NE_F32, MN_OP_NE_F64, MN_OP_NE_LD},
        [MN_LT] = {MN_OP_LT_I, MN_OP_LT_U, MN_OP_LT_F32, MN_OP_LT_F64, MN_OP_LT_LD},
        [MN_LE] = {MN_OP_LE_I, MN_OP_LE_U, MN_OP_LE_F32, MN_OP_LE_F64, MN_OP_LE_LD},
    };
    enum column column = column_of(rep);

    op = order(op, &a, &b);
    mn_code_emit(code, (enum mn_op)ops[op][column <= I64 ? 0 : column - U64 + 1], dst, a, b);
}

void
mn_code_truth(struct mn_code *code, enum mn_rep rep, mn_slot dst, mn_slot a)
{
    mn_code_emit(code,
                 rep == MN_REP_F32   ? MN_OP_TRUTH_F32
                 : rep == MN_REP_F64 ? MN_OP_TRUTH_F64
                 : rep == MN_REP_LD  ? MN_OP_TRUTH_LD
                                     : MN_OP_TRUTH,
                 dst, a, 0);
}

void
mn_code_not(struct mn_code *code, enum mn_rep rep, mn_slot dst, mn_slot a)
{
    if (is_float(rep)) {
        mn_code_truth(code, rep, dst, a);
        a = dst;
    }
    mn_code_emit(code, MN_OP_LNOT, dst, a, 0);
}

/* ---- conditional jumps ---- */

/* i += 1 just written, now a jump while i < b: one instruction. */
static bool
fuse_count(struct mn_code *code, enum mn_op jump, mn_slot a, uint16_t b, mn_label label)
{
    struct mn_insn *last = mn_code_last(code);
    enum mn_op fused = MN_OP_NOP;

    if (last == NULL || last->a != a || last->b != a || last->c != 1)
        return false;
    if ((jump == MN_OP_JLT_I || jump == MN_OP_JLE_I || jump == MN_OP_JLT_U) && b == a)
        return false;
    if (last->op == MN_OP_ADDI_I32)
        fused = jump == MN_OP_JLT_I   ? MN_OP_INCJLT_I32
                : jump == MN_OP_JLE_I ? MN_OP_INCJLE_I32
                : jump == MN_OP_JLTI  ? MN_OP_INCJLTI_I32
                                      : MN_OP_NOP;
    else if (last->op == MN_OP_ADDI_64)
        fused = jump == MN_OP_JLT_I   ? MN_OP_INCJLT_I64
                : jump == MN_OP_JLE_I ? MN_OP_INCJLE_I64
                : jump == MN_OP_JLT_U ? MN_OP_INCJLT_U64
                : jump == MN_OP_JLTI  ? MN_OP_INCJLTI_I64
                                      : MN_OP_NOP;
    else if (last->op == MN_OP_ADDI_U32 && jump == MN_OP_JLT_I)
        fused = MN_OP_INCJLT_U32;
    if (fused == MN_OP_NOP)
        return false;
    mn_list_remove(&code->insns, code->insns.count - 1);
    mn_code_emit_jump(code, fused, a, b, label);
    return true;
}

static void
jump_if(struct mn_code *code, enum mn_op op, mn_slot a, uint16_t b, mn_label label)
{
    if (!fuse_count(code, op, a, b, label))
        mn_code_emit_jump(code, op, a, b, label);
}

static void
jump_compare_integers(struct mn_code *code, enum mn_compare op, bool is_unsigned, mn_slot a, mn_slot b,
                      bool want, mn_label label)
{
    static const enum mn_compare opposite[] = {
        [MN_EQ] = MN_NE, [MN_NE] = MN_EQ, [MN_LT] = MN_GE, [MN_LE] = MN_GT, [MN_GT] = MN_LE, [MN_GE] = MN_LT};
    static const uint16_t ops[][2] = {[MN_EQ] = {MN_OP_JEQ, MN_OP_JEQ},
                                      [MN_NE] = {MN_OP_JNE, MN_OP_JNE},
                                      [MN_LT] = {MN_OP_JLT_I, MN_OP_JLT_U},
                                      [MN_LE] = {MN_OP_JLE_I, MN_OP_JLE_U}};

    op = order(want ? op : opposite[op], &a, &b);
    jump_if(code, (enum mn_op)ops[op][is_unsigned], a, b, label);
}

static void
jump_compare_doubles(struct mn_code *code, enum mn_compare op, mn_slot a, mn_slot b, bool want,
                     mn_label label)
{
    static const uint16_t ops[][2] = {[MN_EQ] = {MN_OP_JNE_F64, MN_OP_JEQ_F64},
                                      [MN_NE] = {MN_OP_JEQ_F64, MN_OP_JNE_F64},
                                      [MN_LT] = {MN_OP_JNLT_F64, MN_OP_JLT_F64},
                                      [MN_LE] = {MN_OP_JNLE_F64, MN_OP_JLE_F64}};

    op = order(op, &a, &b);
    mn_code_emit_jump(code, (enum mn_op)ops[op][want], a, b, label);
}

void
mn_code_jump_compare(struct mn_code *code, enum mn_compare op, enum mn_rep rep, mn_slot a, mn_slot b,
                     bool want, mn_label label)
{
    mn_slot temp;

    if (rep == MN_REP_F64) {
        jump_compare_doubles(code, op, a, b, want, label);
    } else if (is_float(rep)) {
        temp = mn_code_temp(code);
        mn_code_compare(code, op, rep, temp, a, b);
        mn_code_emit_jump(code, want ? MN_OP_JT : MN_OP_JF, temp, 0, label);
        mn_code_slot_free(code, temp);
    } else {
        jump_compare_integers(code, op, column_of(rep) == U64, a, b, want, label);
    }
}

void
mn_code_jump_compare_const(struct mn_code *code, enum mn_compare op, enum mn_rep rep, mn_slot a, int64_t b,
                           bool want, mn_label label)
{
    static const uint16_t ops[][2] = {[MN_EQ] = {MN_OP_JNEI, MN_OP_JEQI}, [MN_NE] = {MN_OP_JEQI, MN_OP_JNEI},
                                      [MN_LT] = {MN_OP_JGEI, MN_OP_JLTI}, [MN_LE] = {MN_OP_JGTI, MN_OP_JLEI},
                                      [MN_GT] = {MN_OP_JLEI, MN_OP_JGTI}, [MN_GE] = {MN_OP_JLTI, MN_OP_JGEI}};
    mn_slot temp;

    if (!is_float(rep) && fits_i16(b) && (column_of(rep) != U64 || op == MN_EQ || op == MN_NE)) {
        jump_if(code, (enum mn_op)ops[op][want], a, (uint16_t)b, label);
        return;
    }
    temp = rep == MN_REP_LD ? mn_code_slot_run(code, 2) : mn_code_temp(code);
    if (rep == MN_REP_F64)
        mn_code_double(code, temp, (double)b);
    else if (rep == MN_REP_F32)
        mn_code_float(code, temp, (float)b);
    else if (rep == MN_REP_LD)
        mn_code_long_double(code, temp, (long double)b);
    else
        mn_code_int(code, temp, b);
    mn_code_jump_compare(code, op, rep, a, temp, want, label);
    mn_code_slot_free(code, temp);
}

void
mn_code_jump_truth(struct mn_code *code, enum mn_rep rep, mn_slot a, bool want, mn_label label)
{
    mn_slot temp;

    if (!is_float(rep)) {
        mn_code_emit_jump(code, want ? MN_OP_JT : MN_OP_JF, a, 0, label);
        return;
    }
    temp = mn_code_temp(code);
    mn_code_truth(code, rep, temp, a);
    mn_code_emit_jump(code, want ? MN_OP_JT : MN_OP_JF, temp, 0, label);
    mn_code_slot_free(code, temp);
}

void
mn_code_jump(struct mn_code *code, mn_label label)
{
    mn_code_emit_jump(code, MN_OP_JMP, 0, 0, label);
}

/* ---- conversion ---- */

static void
convert_from_integer(struct mn_code *code, enum mn_rep to, mn_slot dst, enum mn_rep from, mn_slot src)
{
    static const uint16_t narrow[] = {
        [MN_REP_I8] = MN_OP_EXT_I8,   [MN_REP_U8] = MN_OP_EXT_U8,   [MN_REP_I16] = MN_OP_EXT_I16,
        [MN_REP_U16] = MN_OP_EXT_U16, [MN_REP_I32] = MN_OP_EXT_I32, [MN_REP_U32] = MN_OP_EXT_U32};
    bool wide_unsigned = column_of(from) == U64;

    if (to == MN_REP_F32)
        mn_code_emit(code, wide_unsigned ? MN_OP_U_TO_F32 : MN_OP_I_TO_F32, dst, src, 0);
    else if (to == MN_REP_F64)
        mn_code_emit(code, wide_unsigned ? MN_OP_U_TO_F64 : MN_OP_I_TO_F64, dst, src, 0);
    else if (to == MN_REP_LD)
        mn_code_emit(code, wide_unsigned ? MN_OP_U_TO_LD : MN_OP_I_TO_LD, dst, src, 0);
    else if (to == MN_REP_BOOL && from != MN_REP_BOOL)
        mn_code_emit(code, MN_OP_TRUTH, dst, src, 0);
    else if (to == MN_REP_OBJECT)
        mn_code_emit(code, MN_OP_CASTO, dst, src, 0);
    else if (to >= MN_REP_I8 && to <= MN_REP_U32 && to != from)
        mn_code_emit(code, (enum mn_op)narrow[to], dst, src, 0);
    else
        mn_code_move(code, MN_REP_I64, dst, src); /* widening: the slot is extended already */
}

static void
convert_from_float(struct mn_code *code, enum mn_rep to, mn_slot dst, enum mn_rep from, mn_slot src)
{
    if (to == from) {
        mn_code_move(code, to, dst, src);
    } else if (to == MN_REP_BOOL) {
        mn_code_truth(code, from, dst, src);
    } else if (from == MN_REP_LD) {
        if (!is_float(to)) {
            mn_code_emit(code, MN_OP_LD_TO_INT, dst, src, to);
            return;
        }
        mn_code_emit(code, to == MN_REP_F32 ? MN_OP_LD_TO_F32 : MN_OP_LD_TO_F64, dst, src, 0);
    } else if (from == MN_REP_F32) {
        mn_code_emit(code, MN_OP_F32_TO_F64, dst, src, 0);
        if (to != MN_REP_F64)
            convert_from_float(code, to, dst, MN_REP_F64, dst);
    } else if (to == MN_REP_F32) {
        mn_code_emit(code, MN_OP_F64_TO_F32, dst, src, 0);
    } else if (to == MN_REP_LD) {
        mn_code_emit(code, MN_OP_F64_TO_LD, dst, src, 0);
    } else {
        mn_code_emit(code, MN_OP_F64_TO_INT, dst, src, to);
    }
}

void
mn_code_convert(struct mn_code *code, enum mn_rep to, mn_slot dst, enum mn_rep from, mn_slot src)
{
    if (to == MN_REP_VOID || to == MN_REP_AGGREGATE || from == MN_REP_VOID || from == MN_REP_AGGREGATE)
        mn_builder_fail(code->builder, MEND_INTERNAL, "a conversion of what is no scalar");
    else if (is_float(from))
        convert_from_float(code, to, dst, from, src);
    else if (to == MN_REP_OBJECT && from == MN_REP_OBJECT)
        mn_code_move(code, MN_REP_OBJECT, dst, src);
    else
        convert_from_integer(code, to, dst, from, src);
}
