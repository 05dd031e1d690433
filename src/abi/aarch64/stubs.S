/* SPDX-License-Identifier: MIT */
/*
 * The stubs in our own text: what a method's IMP points at.
 *
 *   on entry   a call of any signature
 *   on exit    x17 = the stub's slot, x16 = its entry; nothing else touched; jump there
 *
 * x16 and x17 are the registers that code on the way of a call may use (AAPCS64 6.1.1, IP0 and IP1), and the two
 * by which a jump may reach `bti c`. The slots are in .bss, which may lie further from the text than the 1 MiB that
 * adr reaches: adrp. The unwind rule is the same at each instruction, so one table entry covers them all.
 *
 * The barrier: the caller loaded this stub's address from a dispatch table, where it was stored after the slot was
 * filled. But a branch orders no loads (Arm ARM B2.3, a control dependency orders stores only): a processor that
 * guessed the branch may read the slot as it was before. `dmb ishld` completes the caller's loads first.
 */
#include "abi/aarch64/assembly.h"

    .text
    .p2align 12
    .globl mn_stubs
    .hidden mn_stubs
    .hidden mn_stub_slots
    .type mn_stubs, %function
mn_stubs:
    .cfi_startproc
    .set i, 0
    .rept STUB_COUNT
    LANDING
    dmb ishld
    adrp x17, mn_stub_slots + i * SLOT_SIZE
    add x17, x17, :lo12:mn_stub_slots + i * SLOT_SIZE
    ldr x16, [x17, #SLOT_ENTRY]
    br x16
    udf #0
    udf #0
    .set i, i + 1
    .endr
    .cfi_endproc
    .size mn_stubs, . - mn_stubs

NOTES
