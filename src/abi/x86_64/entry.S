/* SPDX-License-Identifier: MIT */
/*
 * Entries of trampolines: from a call to its frame, to the handler, and on.
 *
 *   on entry   r11 = slot (struct mn_trampoline); argument registers, al and the stack as the caller left them
 *              (psABI 3.2.3): rsp + 8 is a multiple of 16
 *   handler    rdi = frame, rsi = context; rax = code to go on with, or 0
 *   on exit    either the same registers loaded from the frame, rsp as on entry, jump to the code;
 *              or the results loaded from the frame, return to the caller
 *
 * The frame lies below the saved rbp, so rbp chains stay whole for profilers, and the CFA does not depend on rsp.
 * Callee-saved registers, MXCSR and the x87 control word are never touched.
 */
#include "abi/x86_64/assembly.h"

.macro OPEN_FRAME
    endbr64
    push %rbp
    .cfi_def_cfa_offset 16
    .cfi_offset %rbp, -16
    mov %rsp, %rbp
    .cfi_def_cfa_register %rbp
    sub $FRAME_SIZE, %rsp
    mov %rdi, FRAME_INTEGER(%rsp)
    mov %rsi, FRAME_INTEGER + 8(%rsp)
    mov %rdx, FRAME_INTEGER + 16(%rsp)
    mov %rcx, FRAME_INTEGER + 24(%rsp)
    mov %r8, FRAME_INTEGER + 32(%rsp)
    mov %r9, FRAME_INTEGER + 40(%rsp)
    mov %rax, FRAME_VECTOR_COUNT(%rsp)
    lea 16(%rbp), %rdi
    mov %rdi, FRAME_STACK(%rsp)
.endm

.macro CALL_HANDLER
    mov %rsp, %rdi
    mov SLOT_CONTEXT(%r11), %rsi
    call *SLOT_HANDLER(%r11)
    test %rax, %rax
.endm

/* From here to the jump, nothing may unwind through the frame: it is gone. */
.macro JUMP_ON
    mov FRAME_INTEGER(%rsp), %rdi
    mov FRAME_INTEGER + 8(%rsp), %rsi
    mov FRAME_INTEGER + 16(%rsp), %rdx
    mov FRAME_INTEGER + 24(%rsp), %rcx
    mov FRAME_INTEGER + 32(%rsp), %r8
    mov FRAME_INTEGER + 40(%rsp), %r9
    .cfi_remember_state
    leave
    .cfi_def_cfa %rsp, 8
    .cfi_restore %rbp
    jmp *%r11
    .cfi_restore_state
.endm

.macro RETURN
    mov FRAME_RESULT_INTEGER(%rsp), %rax
    mov FRAME_RESULT_INTEGER + 8(%rsp), %rdx
    .cfi_remember_state
    leave
    .cfi_def_cfa %rsp, 8
    .cfi_restore %rbp
    ret
    .cfi_restore_state
.endm

.macro SAVE_VECTORS
    movaps %xmm0, FRAME_VECTOR(%rsp)
    movaps %xmm1, FRAME_VECTOR + 16(%rsp)
    movaps %xmm2, FRAME_VECTOR + 32(%rsp)
    movaps %xmm3, FRAME_VECTOR + 48(%rsp)
    movaps %xmm4, FRAME_VECTOR + 64(%rsp)
    movaps %xmm5, FRAME_VECTOR + 80(%rsp)
    movaps %xmm6, FRAME_VECTOR + 96(%rsp)
    movaps %xmm7, FRAME_VECTOR + 112(%rsp)
.endm

.macro LOAD_VECTORS
    movaps FRAME_VECTOR(%rsp), %xmm0
    movaps FRAME_VECTOR + 16(%rsp), %xmm1
    movaps FRAME_VECTOR + 32(%rsp), %xmm2
    movaps FRAME_VECTOR + 48(%rsp), %xmm3
    movaps FRAME_VECTOR + 64(%rsp), %xmm4
    movaps FRAME_VECTOR + 80(%rsp), %xmm5
    movaps FRAME_VECTOR + 96(%rsp), %xmm6
    movaps FRAME_VECTOR + 112(%rsp), %xmm7
.endm

/*
 * Signatures without vector arguments and results. Their methods may still be variadic: then al says how many
 * vector registers carry arguments (psABI 3.2.3, "varargs"), 1 to 8. In other calls al is what the caller happened to
 * leave (after a message lookup, the low byte of an IMP), and a save too many does no harm.
 */
ROUTINE mn_entry_integer
    OPEN_FRAME
    lea -1(%rax), %edi
    cmp $8, %dil
    jb 3f
1:  CALL_HANDLER
    je 5f
    mov %rax, %r11
    mov FRAME_VECTOR_COUNT(%rsp), %rax
    lea -1(%rax), %edi
    cmp $8, %dil
    jb 4f
2:  JUMP_ON
3:  SAVE_VECTORS
    jmp 1b
4:  LOAD_VECTORS
    jmp 2b
5:  RETURN
END_ROUTINE mn_entry_integer

/* All registers; the three differ in the x87 results they return. */
.macro FULL_ENTRY name, x87
ROUTINE \name
    OPEN_FRAME
    mov %r10, FRAME_CHAIN(%rsp)
    SAVE_VECTORS
    CALL_HANDLER
    je 1f
    mov %rax, %r11
    mov FRAME_VECTOR_COUNT(%rsp), %rax
    mov FRAME_CHAIN(%rsp), %r10
    LOAD_VECTORS
    JUMP_ON
1:
.if \x87 > 1
    fldt FRAME_RESULT_X87 + 16(%rsp)
.endif
.if \x87 > 0
    fldt FRAME_RESULT_X87(%rsp)
.endif
    movaps FRAME_RESULT_VECTOR(%rsp), %xmm0
    movaps FRAME_RESULT_VECTOR + 16(%rsp), %xmm1
    RETURN
END_ROUTINE \name
.endm

FULL_ENTRY mn_entry_full, 0
FULL_ENTRY mn_entry_x87, 1
FULL_ENTRY mn_entry_x87_pair, 2

NOTES
