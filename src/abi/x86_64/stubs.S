/* SPDX-License-Identifier: MIT */
/*
 * The stubs in our own text: what a method's IMP points at.
 *
 *   on entry   a call of any signature
 *   on exit    r11 = the stub's slot; nothing else touched; jump to the slot's entry
 *
 * r11 is the one register that a call may clobber on its way (psABI 3.2.1, PLT code does so too). The unwind rule is the same at
 * every instruction, so one table entry covers them all.
 */
#include "abi/x86_64/assembly.h"

    .text
    .p2align 12
    .globl mn_stubs
    .hidden mn_stubs
    .hidden mn_stub_slots
    .type mn_stubs, @function
mn_stubs:
    .cfi_startproc
    .set i, 0
    .rept STUB_COUNT
    .p2align 4, 0xcc
    endbr64
    lea mn_stub_slots + i * SLOT_SIZE(%rip), %r11
    jmp *SLOT_ENTRY(%r11)
    .set i, i + 1
    .endr
    .p2align 4, 0xcc
    .cfi_endproc
    .size mn_stubs, . - mn_stubs

NOTES
