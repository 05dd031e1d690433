/* SPDX-License-Identifier: MIT */
/*
 * The entry of sites whose calls carry integers only: what mn_site_dispatch does for a chain of one hook, without
 * the call to it. Everything unusual goes there.
 *
 *   on entry   r11 = slot (struct mn_trampoline), its context the site; argument registers, al and the stack as the
 *              caller left them (psABI 3.2.3): rsp + 8 is a multiple of 16
 *   on exit    the argument registers loaded from the frame, rsp as on entry, jump to the method; or rax and rdx
 *              loaded from the frame, return
 *
 *   0(rsp)           struct mn_frame, whose address is that of the call
 *   FRAME_SIZE(rsp)  struct mend_call
 *
 * rbp is not touched, so the chain of frame pointers stays whole, and the CFA depends on rsp alone. An exception out
 * of the advice lands at the end, where the hold is given back (gcc's personality for C, as for a `cleanup` variable).
 */
#include "abi/x86_64/assembly.h"
#include "hook/x86_64/offsets.h"

#define ROOM (FRAME_SIZE + CALL_SIZE + 8)
#define CALL FRAME_SIZE

ROUTINE mn_site_entry_integer
    .cfi_personality 0x9b, DW.ref.__gcc_personality_v0
    .cfi_lsda 0x1b, .Llanding_pads
.Lstart:
    endbr64
    sub $ROOM, %rsp
    .cfi_def_cfa_offset ROOM + 8
    mov %rdi, FRAME_INTEGER(%rsp)
    mov %rsi, FRAME_INTEGER + 8(%rsp)
    mov %rdx, FRAME_INTEGER + 16(%rsp)
    mov %rcx, FRAME_INTEGER + 24(%rsp)
    mov %r8, FRAME_INTEGER + 32(%rsp)
    mov %r9, FRAME_INTEGER + 40(%rsp)
    mov %rax, FRAME_VECTOR_COUNT(%rsp)
    lea ROOM + 8(%rsp), %rdi
    mov %rdi, FRAME_STACK(%rsp)
    mov SLOT_CONTEXT(%r11), %rsi
    lea -1(%rax), %edi              /* al is 1 to 8: perhaps variadic, with vector registers (abi/x86_64/entry.S) */
    cmp $8, %dil
    jb .Lwith_vectors

    /* mn_hold_chain */
    mov mn_holder_mine@gottpoff(%rip), %r8
    mov %fs:(%r8), %r8
    mov HOLDER_TOP(%r8), %rcx
    cmp %rsp, HOLD_FRAME - HOLD_SIZE(%rcx)
    jbe .Lnot_held
    cmp HOLDER_LOW(%r8), %rsp
    jb .Lnot_held
    cmp HOLDER_LIMIT(%r8), %rcx
    je .Lnot_held
    mov SITE_CHAIN(%rsi), %rdx
    mov %rsp, HOLD_FRAME(%rcx)
    mov %rdx, HOLD_CHAIN(%rcx)
    lea HOLD_SIZE(%rcx), %rax
    mov %rax, HOLDER_TOP(%r8)
    cmp SITE_CHAIN(%rsi), %rdx
    jne .Lgive_up
    cmp %rsp, HOLD_FRAME(%rcx)
    jne .Lgive_up

    /* One hook, in force? (A longer chain has a version that no word ever says.) */
    mov CHAIN_WORD(%rdx), %rax
    mov (%rax), %eax
    cmp %eax, CHAIN_VERSION(%rdx)
    jne .Lheld

    /* The call; a result of zero, which only an instead leaves. */
    mov SITE_SIGNATURE(%rsi), %rax
    mov CHAIN_STATE(%rdx), %rcx
    mov %rsp, CALL + CALL_FRAME(%rsp)
    mov %rsi, CALL + CALL_SITE(%rsp)
    mov %rax, CALL + CALL_SIGNATURE(%rsp)
    mov %rdx, CALL + CALL_CHAIN(%rsp)
    movq $0, CALL + CALL_RUN(%rsp)
    mov %rcx, CALL + CALL_STATE(%rsp)
    movq $0, FRAME_RESULT_INTEGER(%rsp)
    lea CALL(%rsp), %rdi
    mov CHAIN_DATA(%rdx), %rsi
.Ladvice:
    call *CHAIN_ADVICE(%rdx)
.Ladvice_end:

    /* mn_hold_leave; r11 = what comes next */
    mov mn_holder_mine@gottpoff(%rip), %r8
    mov %fs:(%r8), %r8
    mov HOLDER_TOP(%r8), %rcx
    sub $HOLD_SIZE, %rcx
    cmp %rsp, HOLD_FRAME(%rcx)
    jne .Lleave_slowly
    mov %rcx, HOLDER_TOP(%r8)
.Lleft:
    cmpb $0, CALL + CALL_SETTLED(%rsp)
    jne .Lreturn
    mov CALL + CALL_SITE(%rsp), %rdi
    mov SITE_ORIGINAL(%rdi), %r11
    test %r11, %r11
    jz .Linherited
.Ljump_on:
    mov FRAME_VECTOR_COUNT(%rsp), %rax
    mov FRAME_INTEGER(%rsp), %rdi
    mov FRAME_INTEGER + 8(%rsp), %rsi
    mov FRAME_INTEGER + 16(%rsp), %rdx
    mov FRAME_INTEGER + 24(%rsp), %rcx
    mov FRAME_INTEGER + 32(%rsp), %r8
    mov FRAME_INTEGER + 40(%rsp), %r9
    .cfi_remember_state
    add $ROOM, %rsp
    .cfi_def_cfa_offset 8
    jmp *%r11
    .cfi_restore_state

.Lreturn:
    mov FRAME_RESULT_INTEGER(%rsp), %rax
    mov FRAME_RESULT_INTEGER + 8(%rsp), %rdx
    .cfi_remember_state
    add $ROOM, %rsp
    .cfi_def_cfa_offset 8
    ret
    .cfi_restore_state

.Linherited:
    mov %rsp, %rsi
    call mn_site_below
    mov %rax, %r11
    test %rax, %rax
    jz .Lreturn                     /* a method that was added, with nothing below: the result is zero */
    jmp .Ljump_on

.Lleave_slowly:
    mov %rsp, %rdi
    call mn_hold_leave_slowly
    jmp .Lleft

.Lgive_up:
    mov %rcx, HOLDER_TOP(%r8)
.Lnot_held:
    mov %rsp, %rdi
    call mn_site_dispatch
    jmp .Ldispatched
.Lheld:
    mov %rsp, %rdi
    call mn_site_dispatch_held
.Ldispatched:
    mov %rax, %r11
    test %rax, %rax
    jz .Lreturn
    jmp .Ljump_on

.Lwith_vectors:
    movaps %xmm0, FRAME_VECTOR(%rsp)
    movaps %xmm1, FRAME_VECTOR + 16(%rsp)
    movaps %xmm2, FRAME_VECTOR + 32(%rsp)
    movaps %xmm3, FRAME_VECTOR + 48(%rsp)
    movaps %xmm4, FRAME_VECTOR + 64(%rsp)
    movaps %xmm5, FRAME_VECTOR + 80(%rsp)
    movaps %xmm6, FRAME_VECTOR + 96(%rsp)
    movaps %xmm7, FRAME_VECTOR + 112(%rsp)
    mov %rsp, %rdi
    call mn_site_dispatch
    mov %rax, %r11
    test %rax, %rax
    jz .Lreturn
    movaps FRAME_VECTOR(%rsp), %xmm0
    movaps FRAME_VECTOR + 16(%rsp), %xmm1
    movaps FRAME_VECTOR + 32(%rsp), %xmm2
    movaps FRAME_VECTOR + 48(%rsp), %xmm3
    movaps FRAME_VECTOR + 64(%rsp), %xmm4
    movaps FRAME_VECTOR + 80(%rsp), %xmm5
    movaps FRAME_VECTOR + 96(%rsp), %xmm6
    movaps FRAME_VECTOR + 112(%rsp), %xmm7
    jmp .Ljump_on

    /* rax = the exception, rsp as at the call of the advice; goes on unwinding. */
.Llanding:
    mov %rax, FRAME_RESULT_INTEGER(%rsp)
    mov %rsp, %rdi
    call mn_hold_leave_slowly
    mov FRAME_RESULT_INTEGER(%rsp), %rdi
    call _Unwind_Resume@PLT
    ud2
END_ROUTINE mn_site_entry_integer

    /* One call site, one landing pad, no types (Itanium C++ ABI, exception handling tables). */
    .section .gcc_except_table, "a", @progbits
.Llanding_pads:
    .byte 0xff, 0xff, 1
    .uleb128 .Lsites_end - .Lsites
.Lsites:
    .uleb128 .Ladvice - .Lstart
    .uleb128 .Ladvice_end - .Ladvice
    .uleb128 .Llanding - .Lstart
    .uleb128 0
.Lsites_end:

    .hidden DW.ref.__gcc_personality_v0
    .weak DW.ref.__gcc_personality_v0
    .section .data.rel.local.DW.ref.__gcc_personality_v0, "awG", @progbits, DW.ref.__gcc_personality_v0, comdat
    .p2align 3
    .type DW.ref.__gcc_personality_v0, @object
    .size DW.ref.__gcc_personality_v0, 8
DW.ref.__gcc_personality_v0:
    .quad __gcc_personality_v0

NOTES
