/* SPDX-License-Identifier: MIT */
/* A program as text, one line an instruction: for people, tests and `mend disasm`. */
#ifndef MN_VM_DISASM_H
#define MN_VM_DISASM_H

#include "base/buffer.h"
#include "vm/program.h"

/* "  3  ADDI_I32 s4, s2, 1    ; 12:7"; constants are shown with their values. The function must be verified.
 */
void mn_disasm_insn(const struct mn_function *function, uint32_t pc, struct mn_buffer *out);
void mn_disasm_function(const struct mn_function *function, struct mn_buffer *out);
void mn_disasm_program(const struct mn_program *program, struct mn_buffer *out);
#endif
