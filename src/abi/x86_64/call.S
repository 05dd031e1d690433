/* SPDX-License-Identifier: MIT */
/*
 * mend_status mn_call_frame(mn_code code, struct mn_frame *frame, uint32_t shape)
 *
 *   on entry   rdi = code, rsi = frame, edx = shape: bytes of stack arguments (a multiple of 16) plus flags
 *   held       rbx = frame, r12d = shape, over the call
 *   on exit    eax = 0; the frame's result part holds rax, rdx, and xmm0, xmm1, st0, st1 as the flags say
 *
 * psABI 3.2.2: rsp is a multiple of 16 at the call; 3.2.3: al bounds the vector registers of a variadic call.
 *
 * Calls without stack arguments and x87 results, most of all, need no frame pointer and nothing but rbx.
 */
#include "abi/x86_64/assembly.h"

.macro LOAD_VECTORS
    movaps FRAME_VECTOR(%rbx), %xmm0
    movaps FRAME_VECTOR + 16(%rbx), %xmm1
    movaps FRAME_VECTOR + 32(%rbx), %xmm2
    movaps FRAME_VECTOR + 48(%rbx), %xmm3
    movaps FRAME_VECTOR + 64(%rbx), %xmm4
    movaps FRAME_VECTOR + 80(%rbx), %xmm5
    movaps FRAME_VECTOR + 96(%rbx), %xmm6
    movaps FRAME_VECTOR + 112(%rbx), %xmm7
.endm

/* eax = FRAME_VECTOR_COUNT already */
.macro CALL_WITH_INTEGERS
    mov FRAME_CHAIN(%rbx), %r10
    mov FRAME_INTEGER(%rbx), %rdi
    mov FRAME_INTEGER + 8(%rbx), %rsi
    mov FRAME_INTEGER + 16(%rbx), %rdx
    mov FRAME_INTEGER + 24(%rbx), %rcx
    mov FRAME_INTEGER + 32(%rbx), %r8
    mov FRAME_INTEGER + 40(%rbx), %r9
    call *%r11
    mov %rax, FRAME_RESULT_INTEGER(%rbx)
    mov %rdx, FRAME_RESULT_INTEGER + 8(%rbx)
.endm

.macro QUICK_RETURN
    xor %eax, %eax
    .cfi_remember_state
    pop %rbx
    .cfi_restore %rbx
    .cfi_def_cfa_offset 8
    ret
    .cfi_restore_state
.endm

ROUTINE mn_call_frame
    endbr64
    mov FRAME_VECTOR_COUNT(%rsi), %rax
    mov %rdi, %r11
    test $~SHAPE_VECTOR, %edx
    jnz 9f
    push %rbx
    .cfi_def_cfa_offset 16
    .cfi_offset %rbx, -16
    mov %rsi, %rbx
    test %edx, %edx
    jnz 8f
    lea -1(%rax), %ecx              /* perhaps the rest of a variadic call (see entry.S) */
    cmp $8, %cl
    jb 8f
    CALL_WITH_INTEGERS
    QUICK_RETURN
8:  LOAD_VECTORS
    CALL_WITH_INTEGERS
    movaps %xmm0, FRAME_RESULT_VECTOR(%rbx)
    movaps %xmm1, FRAME_RESULT_VECTOR + 16(%rbx)
    QUICK_RETURN

9:  .cfi_restore %rbx
    .cfi_def_cfa_offset 8
    push %rbp
    .cfi_def_cfa_offset 16
    .cfi_offset %rbp, -16
    mov %rsp, %rbp
    .cfi_def_cfa_register %rbp
    push %rbx
    .cfi_offset %rbx, -24
    push %r12
    .cfi_offset %r12, -32
    mov %rsi, %rbx
    mov %edx, %r12d

    /* The stack arguments, highest first, 16 bytes a step: most calls have none. */
    and $-16, %edx
    jz 2f
    mov FRAME_STACK(%rbx), %rsi
    sub %rdx, %rsp
1:  mov -8(%rsi, %rdx), %rax
    mov -16(%rsi, %rdx), %rcx
    mov %rax, -8(%rsp, %rdx)
    mov %rcx, -16(%rsp, %rdx)
    sub $16, %rdx
    jnz 1b

    /* Vector registers if the signature names some, or if this may be the rest of a variadic call. */
2:  mov FRAME_VECTOR_COUNT(%rbx), %rax
    lea -1(%rax), %ecx
    test $SHAPE_VECTOR, %r12b
    jnz 3f
    cmp $8, %cl
    jae 4f
3:  LOAD_VECTORS
4:  CALL_WITH_INTEGERS
    test $(SHAPE_VECTOR | SHAPE_X87 | SHAPE_X87_PAIR), %r12b
    jz 6f
    test $(SHAPE_X87 | SHAPE_X87_PAIR), %r12b
    jz 5f
    fstpt FRAME_RESULT_X87(%rbx)
    test $SHAPE_X87_PAIR, %r12b
    jz 5f
    fstpt FRAME_RESULT_X87 + 16(%rbx)
5:  movaps %xmm0, FRAME_RESULT_VECTOR(%rbx)
    movaps %xmm1, FRAME_RESULT_VECTOR + 16(%rbx)
6:  xor %eax, %eax
    lea -16(%rbp), %rsp
    pop %r12
    .cfi_restore %r12
    pop %rbx
    .cfi_restore %rbx
    pop %rbp
    .cfi_restore %rbp
    .cfi_def_cfa %rsp, 8
    ret
END_ROUTINE mn_call_frame

NOTES
