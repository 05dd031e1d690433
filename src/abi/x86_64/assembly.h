/* SPDX-License-Identifier: MIT */
/* What the assembly files need: hidden routines with unwind tables, and the mark of CET-ready code. */
#ifndef MN_ABI_X86_64_ASSEMBLY_H
#define MN_ABI_X86_64_ASSEMBLY_H

#include "abi/x86_64/offsets.h"

/* clang-format off */
.macro ROUTINE name
    .text
    .p2align 6
    .globl \name
    .hidden \name
    .type \name, @function
\name:
    .cfi_startproc
.endm

.macro END_ROUTINE name
    .cfi_endproc
    .size \name, . - \name
.endm

/* The stack stays non-executable, and every indirect target starts with endbr64 (IBT, SHSTK). */
.macro NOTES
    .section .note.GNU-stack, "", @progbits
    .section .note.gnu.property, "a", @note
    .p2align 3
    .long 4, 16, 5
    .asciz "GNU"
    .long 0xc0000002, 4, 3, 0
.endm
/* clang-format on */
#endif
