/* SPDX-License-Identifier: MIT */
/* What the operands of each instruction are, as data: the letters of op.def, for builder, verifier and
 * disassembler. */
#ifndef MN_VM_OPERAND_H
#define MN_VM_OPERAND_H

#include <stdint.h>

enum mn_operand_kind {
    MN_OPERAND__,
    MN_OPERAND_D,
    MN_OPERAND_S,
    MN_OPERAND_M,
    MN_OPERAND_O,
    MN_OPERAND_Q,
    MN_OPERAND_W,
    MN_OPERAND_X,
    MN_OPERAND_L,
    MN_OPERAND_P,
    MN_OPERAND_V,
    MN_OPERAND_N,
    MN_OPERAND_I,
    MN_OPERAND_U,
    MN_OPERAND_J,
    MN_OPERAND_I32,
    MN_OPERAND_J32,
    MN_OPERAND_K,
    MN_OPERAND_T,
    MN_OPERAND_G,
    MN_OPERAND_C,
    MN_OPERAND_E,
    MN_OPERAND_B,
    MN_OPERAND_R,
    MN_OPERAND_Z,
    MN_OPERAND_F,
    MN_OPERAND_Y,
    MN_OPERAND_H,
    MN_OPERAND_A,
};

/* By opcode: the kinds of a, b, c; and its name in op.def. */
extern const uint8_t mn_op_operands[][3];
extern const char *const mn_op_names[];
#endif
