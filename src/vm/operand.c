/* SPDX-License-Identifier: MIT */
/* The tables of operand.h, derived from op.def. */
#include "vm/operand.h"

const uint8_t mn_op_operands[][3] = {
#define OP(name, a, b, c, text) {MN_OPERAND_##a, MN_OPERAND_##b, MN_OPERAND_##c},
#include "vm/op.def"
#undef OP
};

const char *const mn_op_names[] = {
#define OP(name, a, b, c, text) #name,
#include "vm/op.def"
#undef OP
};
