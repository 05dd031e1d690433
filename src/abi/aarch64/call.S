/* SPDX-License-Identifier: MIT */
/*
 * mend_status mn_call_frame(mn_code code, struct mn_frame *frame, uint32_t shape)
 *
 *   on entry   x0 = code, x1 = frame, w2 = shape: bytes of stack arguments (a multiple of 16) plus flags
 *   held       x19 = frame, w20 = shape, over the call
 *   on exit    w0 = 0; the frame's result part holds x0, x1 and, if the flag says so, v0 to v3
 *
 * AAPCS64 6.4.5: sp is a multiple of 16 at the call; 6.8.2: arguments in x0 to x7, v0 to v7, x8; 6.9: results.
 */
#include "abi/aarch64/assembly.h"

ROUTINE mn_call_frame
    LANDING
    stp x29, x30, [sp, #-32]!
    .cfi_def_cfa_offset 32
    .cfi_offset x29, -32
    .cfi_offset x30, -24
    stp x19, x20, [sp, #16]
    .cfi_offset x19, -16
    .cfi_offset x20, -8
    mov x29, sp
    .cfi_def_cfa x29, 32
    mov x19, x1
    mov w20, w2
    mov x16, x0

    /* The stack arguments, highest first, 16 bytes a step: most calls have none. */
    ands w2, w2, #0xfffffff0
    b.eq 2f
    ldr x9, [x19, #FRAME_STACK]
    sub sp, sp, x2
    add x9, x9, x2
    mov x10, x29
1:  ldp x11, x12, [x9, #-16]!
    stp x11, x12, [x10, #-16]!
    subs w2, w2, #16
    b.ne 1b

    /* Vector registers if the signature names some, or if this may be the rest of a variadic call (see entry.S). */
2:  ldr x9, [x19, #FRAME_VECTOR_COUNT]
    tbnz w20, #0, 3f
    cbz x9, 4f
3:  ldp q0, q1, [x19, #FRAME_VECTOR]
    ldp q2, q3, [x19, #FRAME_VECTOR + 32]
    ldp q4, q5, [x19, #FRAME_VECTOR + 64]
    ldp q6, q7, [x19, #FRAME_VECTOR + 96]
4:  ldr x8, [x19, #FRAME_INDIRECT]
    ldp x0, x1, [x19, #FRAME_INTEGER]
    ldp x2, x3, [x19, #FRAME_INTEGER + 16]
    ldp x4, x5, [x19, #FRAME_INTEGER + 32]
    ldp x6, x7, [x19, #FRAME_INTEGER + 48]
    blr x16

    stp x0, x1, [x19, #FRAME_RESULT_INTEGER]
    tbz w20, #0, 5f
    stp q0, q1, [x19, #FRAME_RESULT_VECTOR]
    stp q2, q3, [x19, #FRAME_RESULT_VECTOR + 32]
5:  mov w0, #0
    mov sp, x29
    .cfi_def_cfa sp, 32
    ldp x19, x20, [sp, #16]
    .cfi_restore x19
    .cfi_restore x20
    ldp x29, x30, [sp], #32
    .cfi_def_cfa_offset 0
    .cfi_restore x29
    .cfi_restore x30
    ret
END_ROUTINE mn_call_frame

NOTES
