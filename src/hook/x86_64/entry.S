/* SPDX-License-Identifier: MIT */
/*
 * The entries of sites: what mn_site_dispatch does for chains of one hook, and for chains of before and after advice
 * that are all in force, without the call to it. Everything unusual goes there.
 *
 *   on entry   r11 = slot (struct mn_trampoline), its context the site; argument registers, al and the stack as the
 *              caller left them (psABI 3.2.3): rsp + 8 is a multiple of 16
 *   on exit    the argument registers loaded from the frame, rsp as on entry, jump to the method; or the results
 *              loaded from the frame, return
 *
 *   0(rsp)           struct mn_frame, whose address is that of the call
 *   CALL(rsp)        struct mend_call
 *   SAVED(rsp)       the caller's rbx, then its r12 while a chain of several hooks runs
 *   LEFT(rsp)        how many before or after advices are left to run
 *
 *   rbx              this call's hold, once it has one
 *   r12              the link that runs, in a chain of several
 *   rsi, rdx         site and chain, up to the first advice
 *
 * Three entries differ in how many vector registers they keep: none, two, all. A variadic call may use more than its
 * method's signature names; then al says how many (1 to 8), and mn_site_dispatch serves it with all of them. In other
 * calls al is what the caller happened to leave (after a message lookup, the low byte of an IMP), and a save too many
 * does no harm.
 *
 * rbp is not touched, so the chain of frame pointers stays whole, and the CFA depends on rsp alone. An exception out
 * of a call that is made while the hold is there lands at the end, where the hold is given back (gcc's personality
 * for C, as for a `cleanup` variable).
 */
#include "abi/x86_64/assembly.h"
#include "hook/x86_64/offsets.h"

#define CALL  FRAME_SIZE
#define SAVED (CALL + CALL_SIZE)
#define LEFT  (SAVED + 16)
#define ROOM  (SAVED + 32)

/* clang-format off */
.macro SAVE_VECTORS from, to
.irp n, 0, 1, 2, 3, 4, 5, 6, 7
.if (\n >= \from) && (\n < \to)
    movaps %xmm\n, FRAME_VECTOR + 16 * \n(%rsp)
.endif
.endr
.endm

.macro LOAD_VECTORS from, to
.irp n, 0, 1, 2, 3, 4, 5, 6, 7
.if (\n >= \from) && (\n < \to)
    movaps FRAME_VECTOR + 16 * \n(%rsp), %xmm\n
.endif
.endr
.endm

.macro LOAD_INTEGERS
    mov FRAME_VECTOR_COUNT(%rsp), %rax
    mov FRAME_INTEGER(%rsp), %rdi
    mov FRAME_INTEGER + 8(%rsp), %rsi
    mov FRAME_INTEGER + 16(%rsp), %rdx
    mov FRAME_INTEGER + 24(%rsp), %rcx
    mov FRAME_INTEGER + 32(%rsp), %r8
    mov FRAME_INTEGER + 40(%rsp), %r9
.endm

/* r8 = this thread's struct mn_holder; read again after each call, as a coroutine may have changed threads. */
.macro OWN_HOLDER
    mov mn_holder_mine@gottpoff(%rip), %r8
    mov %fs:(%r8), %r8
.endm

/* The call, of a chain whose state it begins with. xmm0, which is saved or not in use, takes the state and, as 0, the run. */
.macro MAKE_CALL
    movq CHAIN_STATE(%rdx), %xmm0
    mov %rsp, CALL + CALL_FRAME(%rsp)
    mov %rsi, CALL + CALL_SITE(%rsp)
    mov %rdx, CALL + CALL_CHAIN(%rsp)
    movaps %xmm0, CALL + CALL_STATE(%rsp)
.endm

/* The advice of LEFT links from r12 on. */
.macro RUN_LINKS
1:  lea CALL(%rsp), %rdi
    mov LINK_DATA(%r12), %rsi
    call *LINK_ADVICE(%r12)
    add $1 << LINK_SHIFT, %r12
    decl LEFT(%rsp)
    jnz 1b
.endm

/* mn_hold_leave */
.macro LEAVE slowly
    OWN_HOLDER
    lea HOLD_SIZE(%rbx), %rcx
    cmp %rcx, HOLDER_TOP(%r8)
    jne \slowly
    mov %rbx, HOLDER_TOP(%r8)
.endm

/* Nothing unwinds through the frame after either: it is gone. */
.macro END_FRAME
    mov SAVED(%rsp), %rbx
    .cfi_remember_state
    .cfi_restore %rbx
    add $ROOM, %rsp
    .cfi_def_cfa_offset 8
.endm

.macro SITE_ENTRY name, vectors
ROUTINE \name
    .cfi_personality 0x9b, DW.ref.__gcc_personality_v0
    .cfi_lsda 0x1b, .Llanding_pads_\name
.Lstart_\name:
    endbr64
    sub $ROOM, %rsp
    .cfi_def_cfa_offset ROOM + 8
    mov %rbx, SAVED(%rsp)
    .cfi_offset %rbx, SAVED - ROOM - 8
    mov %rdi, FRAME_INTEGER(%rsp)
    mov %rsi, FRAME_INTEGER + 8(%rsp)
    mov %rdx, FRAME_INTEGER + 16(%rsp)
    mov %rcx, FRAME_INTEGER + 24(%rsp)
    mov %r8, FRAME_INTEGER + 32(%rsp)
    mov %r9, FRAME_INTEGER + 40(%rsp)
    mov %rax, FRAME_VECTOR_COUNT(%rsp)
    SAVE_VECTORS 0, \vectors
    lea ROOM + 8(%rsp), %rdi
    mov %rdi, FRAME_STACK(%rsp)
    mov SLOT_CONTEXT(%r11), %rsi
.if \vectors < 8
    lea -1 - \vectors(%rax), %edi
    cmp $8 - \vectors, %dil
    jb .Lmore_vectors_\name
.endif

    /* mn_hold_chain */
    OWN_HOLDER
    mov HOLDER_TOP(%r8), %rbx
    cmp %rsp, HOLD_FRAME - HOLD_SIZE(%rbx)
    jbe .Lnot_held_\name
    cmp HOLDER_LOW(%r8), %rsp
    jb .Lnot_held_\name
    cmp HOLDER_LIMIT(%r8), %rbx
    je .Lnot_held_\name
    mov SITE_CHAIN(%rsi), %rdx
    mov %rsp, HOLD_FRAME(%rbx)
    mov %rdx, HOLD_CHAIN(%rbx)
    lea HOLD_SIZE(%rbx), %rax
    mov %rax, HOLDER_TOP(%r8)
    cmp SITE_CHAIN(%rsi), %rdx
    jne .Lgive_up_\name
    cmp %rsp, HOLD_FRAME(%rbx)
    jne .Lgive_up_\name

    /* One hook, in force? (Any other chain has a version that no word ever says.) */
    mov CHAIN_WORD(%rdx), %rax
    mov (%rax), %eax
    cmp %eax, CHAIN_VERSION(%rdx)
    jne .Lmany_\name
.Lone_\name:
    MAKE_CALL
    cmpb $0, CHAIN_STATE + STATE_SETTLED(%rdx)
    jne .Linstead_\name
    lea CALL(%rsp), %rdi
    mov CHAIN_LINKS + LINK_DATA(%rdx), %rsi
.Lguarded_\name:
    call *CHAIN_LINKS + LINK_ADVICE(%rdx)
.Lguarded_end_\name:

.Lleave_\name:
    LEAVE .Lleave_slowly_\name
.Lleft_\name:
    cmpb $0, CALL + CALL_STATE + STATE_SETTLED(%rsp)
    jne .Lreturn_\name
    mov CALL + CALL_SITE(%rsp), %rdi
    mov SITE_ORIGINAL(%rdi), %r11
    test %r11, %r11
    jz .Linherited_\name
.Ljump_on_\name:
    LOAD_INTEGERS
    LOAD_VECTORS 0, \vectors
    END_FRAME
    jmp *%r11
    .cfi_restore_state

    /* An instead leaves a result of zero unless it sets another; nothing follows it. */
.Linstead_\name:
    movzwl SITE_RESULT_AT(%rsi), %eax
    test %eax, %eax
    jz .Lclear_\name
    movq $0, (%rsp, %rax)
.Lcleared_\name:
    lea CALL(%rsp), %rdi
    mov CHAIN_LINKS + LINK_DATA(%rdx), %rsi
.Lguarded_instead_\name:
    call *CHAIN_LINKS + LINK_ADVICE(%rdx)
.Lguarded_instead_end_\name:
    LEAVE .Lleave_slowly_\name
.Lreturn_\name:
    mov FRAME_RESULT_INTEGER(%rsp), %rax
    mov FRAME_RESULT_INTEGER + 8(%rsp), %rdx
.if \vectors > 0
    movq FRAME_RESULT_VECTOR(%rsp), %xmm0   /* by halves: most results were stored as one, and are forwarded only so */
    movhps FRAME_RESULT_VECTOR + 8(%rsp), %xmm0
    movq FRAME_RESULT_VECTOR + 16(%rsp), %xmm1
    movhps FRAME_RESULT_VECTOR + 24(%rsp), %xmm1
.endif
    END_FRAME
    ret
    .cfi_restore_state
.Lclear_\name:
    mov %rsp, %rdi
    call mn_site_clear_result
    mov CALL + CALL_CHAIN(%rsp), %rdx
    jmp .Lcleared_\name

    /* Perhaps the receiver has a chain of its own: mn_chain_for. r8 stays, for .Lnothing. */
.Lmany_\name:
    mov CHAIN_OBJECTS(%rdx), %rax
    test %rax, %rax
    jz .Lshort_\name
    movzwl SITE_RECEIVER_AT(%rsi), %ecx
    mov (%rsp, %rcx), %rcx
    movabs $OBJECTS_FACTOR, %r9
    imul %rcx, %r9
    shr $32, %r9
1:  and OBJECTS_MASK(%rax), %r9d
    mov %r9d, %edi
    shl $OBJECT_SHIFT, %rdi
    mov OBJECTS_SLOTS + OBJECT_OBJECT(%rax, %rdi), %r10
    test %r10, %r10
    jz .Lshort_\name
    inc %r9d
    cmp %rcx, %r10
    jne 1b
    mov OBJECTS_SLOTS + OBJECT_CHAIN(%rax, %rdi), %rdx
    mov CHAIN_WORD(%rdx), %rax
    mov (%rax), %eax
    cmp %eax, CHAIN_VERSION(%rdx)
    je .Lone_\name

    /* Before and after advice only? All in force? */
.Lshort_\name:
    testb $CHAIN_SHORT, CHAIN_FLAGS(%rdx)
    jz .Lheld_\name
    movzwl CHAIN_BEFORES(%rdx), %ecx
    movzwl CHAIN_AFTERS(%rdx), %eax
    mov %ecx, LEFT(%rsp)
    add %eax, %ecx
    jz .Lnothing_\name
    lea CHAIN_LINKS(%rdx), %r10
    mov %ecx, %r9d
    shl $LINK_SHIFT, %r9
    add %r10, %r9                   /* the words lie behind the links */
2:  movzwl LINK_WORD(%r10), %eax
    mov (%r9, %rax, 8), %rax
    mov (%rax), %eax
    cmp %eax, LINK_VERSION(%r10)
    jne .Lheld_\name
    add $1 << LINK_SHIFT, %r10
    dec %ecx
    jnz 2b
    MAKE_CALL
    mov %r12, SAVED + 8(%rsp)
    .cfi_remember_state
    .cfi_offset %r12, SAVED + 8 - ROOM - 8
    lea CHAIN_LINKS(%rdx), %r12
    cmpl $0, LEFT(%rsp)
    je .Lnext_\name
.Lguarded_short_\name:
    RUN_LINKS
    mov CALL + CALL_CHAIN(%rsp), %rdx
    cmpw $0, CHAIN_AFTERS(%rdx)
    je 6f
    cmpb $0, CALL + CALL_STATE + STATE_SETTLED(%rsp)
    jne 4f
.Lnext_\name:
    mov CALL + CALL_SITE(%rsp), %rdi
    mov SITE_ORIGINAL(%rdi), %r11
    test %r11, %r11
    jz 5f
3:  LOAD_INTEGERS
    LOAD_VECTORS 0, \vectors
    call *%r11
    mov %rax, FRAME_RESULT_INTEGER(%rsp)
    mov %rdx, FRAME_RESULT_INTEGER + 8(%rsp)
.if \vectors > 0
    movaps %xmm0, FRAME_RESULT_VECTOR(%rsp)
    movaps %xmm1, FRAME_RESULT_VECTOR + 16(%rsp)
.endif
4:  mov CALL + CALL_CHAIN(%rsp), %rdx
    movabs $STATE_AFTER, %rax
    movzwl CHAIN_AFTERS(%rdx), %ecx
    mov %rax, CALL + CALL_STATE(%rsp)
    mov %ecx, LEFT(%rsp)
    RUN_LINKS
6:  mov SAVED + 8(%rsp), %r12
    jmp .Lleave_\name

    /* The superclass's method, or nothing below one that was added: then the result is zero. */
5:  mov %rsp, %rsi
    call mn_site_below
    mov %rax, %r11
    test %rax, %rax
    jnz 3b
    jmp 4b
.Lguarded_short_end_\name:
    .cfi_restore_state

    /* No hook for this receiver. Nothing was called since the hold was taken: r8 is the holder still. */
.Lnothing_\name:
    mov SITE_ORIGINAL(%rsi), %r11
    mov %rbx, HOLDER_TOP(%r8)
    test %r11, %r11
    jnz .Ljump_on_\name
    mov %rsi, %rdi
.Linherited_\name:
    mov %rsp, %rsi
    call mn_site_below
    mov %rax, %r11
    test %rax, %rax
    jz .Lreturn_\name
    jmp .Ljump_on_\name

.Lleave_slowly_\name:
    mov %rsp, %rdi
    call mn_hold_leave_slowly
    jmp .Lleft_\name

.Lgive_up_\name:
    mov %rbx, HOLDER_TOP(%r8)
.Lnot_held_\name:
    mov %rsp, %rdi
    call mn_site_dispatch
    jmp .Ldispatched_\name
.Lheld_\name:
    mov %rsp, %rdi
    mov HOLD_CHAIN(%rbx), %rdx
    call mn_site_dispatch_held
.Ldispatched_\name:
    mov %rax, %r11
    test %rax, %rax
    jz .Lreturn_\name
    jmp .Ljump_on_\name

.if \vectors < 8
.Lmore_vectors_\name:
    SAVE_VECTORS \vectors, 8
    mov %rsp, %rdi
    call mn_site_dispatch
    mov %rax, %r11
    test %rax, %rax
    jz .Lreturn_\name
    LOAD_VECTORS \vectors, 8
    jmp .Ljump_on_\name
.endif

    /* rax = the exception, rsp as at the call; goes on unwinding. */
    .cfi_remember_state
    .cfi_offset %r12, SAVED + 8 - ROOM - 8
.Llanding_short_\name:
    mov SAVED + 8(%rsp), %r12
    .cfi_restore_state
.Llanding_\name:
    mov %rax, FRAME_RESULT_INTEGER(%rsp)
    mov %rsp, %rdi
    call mn_hold_leave_slowly
    mov FRAME_RESULT_INTEGER(%rsp), %rdi
    call _Unwind_Resume@PLT
    ud2
END_ROUTINE \name

    /* Three stretches of calls with their landing pads, no types (Itanium C++ ABI, exception handling tables). */
    .section .gcc_except_table, "a", @progbits
.Llanding_pads_\name:
    .byte 0xff, 0xff, 1
    .uleb128 .Lsites_end_\name - .Lsites_\name
.Lsites_\name:
    .uleb128 .Lguarded_\name - .Lstart_\name
    .uleb128 .Lguarded_end_\name - .Lguarded_\name
    .uleb128 .Llanding_\name - .Lstart_\name
    .uleb128 0
    .uleb128 .Lguarded_instead_\name - .Lstart_\name
    .uleb128 .Lguarded_instead_end_\name - .Lguarded_instead_\name
    .uleb128 .Llanding_\name - .Lstart_\name
    .uleb128 0
    .uleb128 .Lguarded_short_\name - .Lstart_\name
    .uleb128 .Lguarded_short_end_\name - .Lguarded_short_\name
    .uleb128 .Llanding_short_\name - .Lstart_\name
    .uleb128 0
.Lsites_end_\name:
.endm
/* clang-format on */

SITE_ENTRY mn_site_entry_integers, 0
SITE_ENTRY mn_site_entry_two_vectors, 2
SITE_ENTRY mn_site_entry_all_vectors, 8

    .hidden DW.ref.__gcc_personality_v0
    .weak DW.ref.__gcc_personality_v0
    .section .data.rel.local.DW.ref.__gcc_personality_v0, "awG", @progbits, DW.ref.__gcc_personality_v0, comdat
    .p2align 3
    .type DW.ref.__gcc_personality_v0, @object
    .size DW.ref.__gcc_personality_v0, 8
DW.ref.__gcc_personality_v0:
    .quad __gcc_personality_v0

NOTES
