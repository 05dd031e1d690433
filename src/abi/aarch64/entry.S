/* SPDX-License-Identifier: MIT */
/*
 * The entry of trampolines: from a call to its frame, to the handler, and on.
 *
 *   on entry   x17 = slot (struct mn_trampoline); x0 to x8, v0 to v7, x30 and the stack as the caller left them
 *              (AAPCS64 6.8.2): sp is a multiple of 16
 *   handler    x0 = frame, x1 = context; x0 = code to go on with, or 0
 *   on exit    either the same registers loaded from the frame, sp and x30 as on entry, jump to the code by x16;
 *              or the results loaded from the frame, return to the caller
 *
 * The frame record (x29, x30) lies between the frame and the stack arguments, so chains of records stay whole
 * for profilers, and the CFA does not depend on sp. Callee-saved registers, x18 and FPCR are never touched.
 *
 * One entry serves every signature. Nothing in a call tells how many vector registers a variadic call uses
 * (there is no count as on x86-64), so all are kept; and a result loaded into registers nobody reads is harmless.
 */
#include "abi/aarch64/assembly.h"

ROUTINE mn_entry_full
    LANDING
    stp x29, x30, [sp, #-16]!
    .cfi_def_cfa_offset 16
    .cfi_offset x29, -16
    .cfi_offset x30, -8
    mov x29, sp
    .cfi_def_cfa x29, 16
    sub sp, sp, #FRAME_SIZE
    stp x0, x1, [sp, #FRAME_INTEGER]
    stp x2, x3, [sp, #FRAME_INTEGER + 16]
    stp x4, x5, [sp, #FRAME_INTEGER + 32]
    stp x6, x7, [sp, #FRAME_INTEGER + 48]
    add x9, x29, #16
    stp x8, x9, [sp, #FRAME_INDIRECT]
    mov x10, #8
    str x10, [sp, #FRAME_VECTOR_COUNT]
    stp q0, q1, [sp, #FRAME_VECTOR]
    stp q2, q3, [sp, #FRAME_VECTOR + 32]
    stp q4, q5, [sp, #FRAME_VECTOR + 64]
    stp q6, q7, [sp, #FRAME_VECTOR + 96]
    mov x0, sp
    ldp x9, x1, [x17, #SLOT_HANDLER]
    blr x9
    cbz x0, 1f

    /* From here to the jump, nothing may unwind through the frame: it is gone. x16 is what a landing pad of any kind
     * accepts. */
    mov x16, x0
    ldp q0, q1, [sp, #FRAME_VECTOR]
    ldp q2, q3, [sp, #FRAME_VECTOR + 32]
    ldp q4, q5, [sp, #FRAME_VECTOR + 64]
    ldp q6, q7, [sp, #FRAME_VECTOR + 96]
    ldr x8, [sp, #FRAME_INDIRECT]
    ldp x0, x1, [sp, #FRAME_INTEGER]
    ldp x2, x3, [sp, #FRAME_INTEGER + 16]
    ldp x4, x5, [sp, #FRAME_INTEGER + 32]
    ldp x6, x7, [sp, #FRAME_INTEGER + 48]
    .cfi_remember_state
    mov sp, x29
    .cfi_def_cfa sp, 16
    ldp x29, x30, [sp], #16
    .cfi_def_cfa_offset 0
    .cfi_restore x29
    .cfi_restore x30
    br x16
    .cfi_restore_state

1:  ldp x0, x1, [sp, #FRAME_RESULT_INTEGER]
    ldp q0, q1, [sp, #FRAME_RESULT_VECTOR]
    ldp q2, q3, [sp, #FRAME_RESULT_VECTOR + 32]
    mov sp, x29
    .cfi_def_cfa sp, 16
    ldp x29, x30, [sp], #16
    .cfi_def_cfa_offset 0
    .cfi_restore x29
    .cfi_restore x30
    ret
END_ROUTINE mn_entry_full

NOTES
