/* SPDX-License-Identifier: MIT */
/* What the assembly files need: hidden routines with unwind tables, and the mark of code made for BTI. */
#ifndef MN_ABI_AARCH64_ASSEMBLY_H
#define MN_ABI_AARCH64_ASSEMBLY_H

#include "abi/aarch64/offsets.h"

/* clang-format off */
.macro ROUTINE name
    .text
    .p2align 6
    .globl \name
    .hidden \name
    .type \name, %function
\name:
    .cfi_startproc
.endm

.macro END_ROUTINE name
    .cfi_endproc
    .size \name, . - \name
.endm

/* bti c, as the hint it is to processors and assemblers that know nothing of it. */
.macro LANDING
    hint #34
.endm

/*
 * The stack stays non-executable, and every indirect target starts with a landing pad (ELF for the Arm 64-bit
 * architecture, section "Program Property": GNU_PROPERTY_AARCH64_FEATURE_1_AND, bit 0 = BTI).
 */
.macro NOTES
    .section .note.GNU-stack, "", %progbits
    .section .note.gnu.property, "a", %note
    .p2align 3
    .long 4, 16, 5
    .asciz "GNU"
    .long 0xc0000000, 4, 1, 0
.endm
/* clang-format on */
#endif
