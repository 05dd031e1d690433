/* SPDX-License-Identifier: MIT */
/*
 * What the tests of frames and trampolines must say in the machine's own words.
 *
 *   spoil_argument_registers   leaves nothing in them that could pass for the caller's
 *   call_with_canaries         calls code(1, 2) with known values in the registers and modes a callee must keep. Its
 *                              symbols are global: clang and lld 14 read a local one's address from the wrong entry
 *                              of AArch64's offset table
 *   step_by_step               makes a handler of STEP_SIGNAL run between instructions, with step_address
 */
#ifndef MN_TESTS_MACHINE_H
#define MN_TESTS_MACHINE_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <ucontext.h>

/* Where Mend's own calls go by way of libffi, comparing them with libffi shows nothing but its faults, which the random
 * signatures step around by knowing registers. The unnamed arguments of variadic calls do not pass, and what libffi has
 * no words for is refused (docs/porting.md). */
#ifdef MEND_ABI_LIBFFI
enum { BY_LIBFFI = true };
#else
enum { BY_LIBFFI = false };
#endif

#if defined(__x86_64__)
/* gcc and clang 14 pass a lone __int128 on the stack differently. */
enum { INT128_IS_DISPUTED = true };

/* Random trials take so many times longer here: under an emulator. */
enum { SLOWNESS = 1 };

static inline void
spoil_argument_registers(void)
{
    __asm__ volatile(
        "pcmpeqd %%xmm0, %%xmm0; movaps %%xmm0, %%xmm1; movaps %%xmm0, %%xmm2; movaps %%xmm0, %%xmm3;"
        "movaps %%xmm0, %%xmm4; movaps %%xmm0, %%xmm5; movaps %%xmm0, %%xmm6; movaps %%xmm0, %%xmm7;"
        "mov $-1, %%rdi; mov %%rdi, %%rsi; mov %%rdi, %%rdx; mov %%rdi, %%rcx; mov %%rdi, %%r8; mov %%rdi, "
        "%%r9;"
        "mov %%rdi, %%r10; mov %%rdi, %%r11" ::
            : "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "rdi", "rsi", "rdx", "rcx",
              "r8", "r9", "r10", "r11");
}

/* What is found after a call of code(1, 2): rbx, r12 to r15, MXCSR and the x87 control word. The n-th register's
 * number in unwind tables, and its value. */
enum { KEPT_REGISTERS = 5, KEPT_GENERAL = 5 };
static const int kept_number[KEPT_GENERAL] __attribute__((unused)) = {3, 12, 13, 14, 15};
#define KEPT_VALUE(n) (0x1111u * ((unsigned)(n) + 1))

struct canaries {
    uint64_t registers[KEPT_REGISTERS];
    uint32_t mxcsr;
    uint32_t x87;
    long result;
};

static inline bool
modes_are_kept(const struct canaries *c)
{
    return (c->mxcsr & 0xffc0) == 0x7f80 && c->x87 == 0x0e7f;
}

/* rdi = code, rsi = canaries. Both modes are set to round towards zero for the call. */
#define CALL_WITH_CANARIES                                                                                   \
    ".text\n"                                                                                                \
    ".globl call_with_canaries, call_with_canaries_end\n"                                                    \
    ".hidden call_with_canaries, call_with_canaries_end\n"                                                   \
    ".type call_with_canaries, @function\n"                                                                  \
    "call_with_canaries:\n"                                                                                  \
    "    .cfi_startproc\n"                                                                                   \
    "    push %rbp\n"                                                                                        \
    "    .cfi_def_cfa_offset 16\n"                                                                           \
    "    .cfi_offset %rbp, -16\n"                                                                            \
    "    mov %rsp, %rbp\n"                                                                                   \
    "    .cfi_def_cfa_register %rbp\n"                                                                       \
    "    push %rbx\n push %r12\n push %r13\n push %r14\n push %r15\n"                                        \
    "    sub $40, %rsp\n"                                                                                    \
    "    mov %rsi, (%rsp)\n"                                                                                 \
    "    stmxcsr 8(%rsp)\n"                                                                                  \
    "    fnstcw 12(%rsp)\n"                                                                                  \
    "    movl $0x7f80, 16(%rsp)\n"                                                                           \
    "    ldmxcsr 16(%rsp)\n"                                                                                 \
    "    movl $0x0e7f, 20(%rsp)\n"                                                                           \
    "    fldcw 20(%rsp)\n"                                                                                   \
    "    mov $0x1111, %ebx\n mov $0x2222, %r12d\n mov $0x3333, %r13d\n mov $0x4444, %r14d\n"                 \
    "    mov $0x5555, %r15d\n"                                                                               \
    "    mov %rdi, %rax\n"                                                                                   \
    "    mov $1, %edi\n"                                                                                     \
    "    mov $2, %esi\n"                                                                                     \
    "    call *%rax\n"                                                                                       \
    "    mov (%rsp), %rcx\n"                                                                                 \
    "    mov %rbx, (%rcx)\n mov %r12, 8(%rcx)\n mov %r13, 16(%rcx)\n mov %r14, 24(%rcx)\n"                   \
    "    mov %r15, 32(%rcx)\n"                                                                               \
    "    stmxcsr 40(%rcx)\n"                                                                                 \
    "    fnstcw 44(%rcx)\n"                                                                                  \
    "    mov %rax, 48(%rcx)\n"                                                                               \
    "    ldmxcsr 8(%rsp)\n"                                                                                  \
    "    fldcw 12(%rsp)\n"                                                                                   \
    "    add $40, %rsp\n"                                                                                    \
    "    pop %r15\n pop %r14\n pop %r13\n pop %r12\n pop %rbx\n pop %rbp\n"                                  \
    "    .cfi_def_cfa %rsp, 8\n"                                                                             \
    "    ret\n"                                                                                              \
    "    .cfi_endproc\n"                                                                                     \
    "call_with_canaries_end:\n"                                                                              \
    ".size call_with_canaries, . - call_with_canaries\n"

enum { STEP_SIGNAL = SIGTRAP };

/* The trap flag is bit 8 of the flags; the red zone is stepped over. */
static inline void
step_by_step(bool on)
{
    if (on)
        __asm__ volatile("sub $128, %%rsp; pushfq; orq $0x100, (%%rsp); popfq; add $128, %%rsp" ::
                             : "cc", "memory");
    else
        __asm__ volatile("sub $128, %%rsp; pushfq; andq $~0x100, (%%rsp); popfq; add $128, %%rsp" ::
                             : "cc", "memory");
}

static inline const char *
step_address(const void *context)
{
    return (const char *)((const ucontext_t *)context)->uc_mcontext.gregs[REG_RIP];
}

/* The calls it takes to stop at most instructions. */
enum { STEP_CALLS = 1 };

#elif defined(__aarch64__)
#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

enum { INT128_IS_DISPUTED = false, SLOWNESS = 5 };

static inline void
spoil_argument_registers(void)
{
    __asm__ volatile(
        "movi v0.2d, #-1; movi v1.2d, #-1; movi v2.2d, #-1; movi v3.2d, #-1;"
        "movi v4.2d, #-1; movi v5.2d, #-1; movi v6.2d, #-1; movi v7.2d, #-1;"
        "mov x0, #-1; mov x1, x0; mov x2, x0; mov x3, x0; mov x4, x0; mov x5, x0; mov x6, x0; mov x7, x0;"
        "mov x8, x0; mov x16, x0; mov x17, x0" ::
            : "v0", "v1", "v2", "v3", "v4", "v5", "v6", "v7", "x0", "x1", "x2", "x3", "x4", "x5", "x6", "x7",
              "x8", "x16", "x17");
}

/* What is found after a call of code(1, 2): x19 to x28, d8 to d15, FPCR. The n-th register's number in unwind tables,
 * and its value. */
enum { KEPT_REGISTERS = 18, KEPT_GENERAL = 10 };
static const int kept_number[KEPT_GENERAL] __attribute__((unused)) = {19, 20, 21, 22, 23, 24, 25, 26, 27, 28};
#define KEPT_VALUE(n) (0x1111u * ((unsigned)(n) + 1))

struct canaries {
    uint64_t registers[KEPT_REGISTERS];
    uint64_t fpcr;
    long result;
};

static inline bool
modes_are_kept(const struct canaries *c)
{
    return c->fpcr == 0xc00000;
}

#define CANARY(x) "    mov x" #x ", #0x1111\n    mov x9, #" #x " - 18\n    mul x" #x ", x" #x ", x9\n"
#define CANARY_D(d)                                                                                          \
    "    mov x10, #0x1111\n    mov x9, #" #d " + 3\n    mul x10, x10, x9\n    fmov d" #d ", x10\n"

/* x0 = code, x1 = canaries. The mode is set to round towards zero for the call. */
#define CALL_WITH_CANARIES                                                                                   \
    ".text\n"                                                                                                \
    ".globl call_with_canaries, call_with_canaries_end\n"                                                    \
    ".hidden call_with_canaries, call_with_canaries_end\n"                                                   \
    ".type call_with_canaries, %function\n"                                                                  \
    "call_with_canaries:\n"                                                                                  \
    "    .cfi_startproc\n"                                                                                   \
    "    hint #34\n"                                                                                         \
    "    stp x29, x30, [sp, #-192]!\n"                                                                       \
    "    .cfi_def_cfa_offset 192\n"                                                                          \
    "    .cfi_offset x29, -192\n"                                                                            \
    "    .cfi_offset x30, -184\n"                                                                            \
    "    mov x29, sp\n"                                                                                      \
    "    .cfi_def_cfa_register x29\n"                                                                        \
    "    stp x19, x20, [sp, #16]\n stp x21, x22, [sp, #32]\n stp x23, x24, [sp, #48]\n"                      \
    "    stp x25, x26, [sp, #64]\n stp x27, x28, [sp, #80]\n"                                                \
    "    stp d8, d9, [sp, #96]\n stp d10, d11, [sp, #112]\n stp d12, d13, [sp, #128]\n"                      \
    "    stp d14, d15, [sp, #144]\n"                                                                         \
    "    mrs x9, fpcr\n"                                                                                     \
    "    stp x1, x9, [sp, #160]\n"                                                                           \
    "    mov x9, #0xc00000\n"                                                                                \
    "    msr fpcr, x9\n" CANARY(19) CANARY(20) CANARY(21) CANARY(22) CANARY(23) CANARY(24) CANARY(25)        \
        CANARY(26) CANARY(27) CANARY(28) CANARY_D(8) CANARY_D(9) CANARY_D(10) CANARY_D(11) CANARY_D(12)      \
            CANARY_D(13) CANARY_D(14) CANARY_D(                                                              \
                15) "    mov x9, x0\n"                                                                       \
                    "    mov x0, #1\n"                                                                       \
                    "    mov x1, #2\n"                                                                       \
                    "    blr x9\n"                                                                           \
                    "    ldp x1, x10, [sp, #160]\n"                                                          \
                    "    stp x19, x20, [x1, #0]\n stp x21, x22, [x1, #16]\n stp x23, x24, [x1, #32]\n"       \
                    "    stp x25, x26, [x1, #48]\n stp x27, x28, [x1, #64]\n"                                \
                    "    stp d8, d9, [x1, #80]\n stp d10, d11, [x1, #96]\n stp d12, d13, [x1, #112]\n"       \
                    "    stp d14, d15, [x1, #128]\n"                                                         \
                    "    mrs x9, fpcr\n"                                                                     \
                    "    stp x9, x0, [x1, #144]\n"                                                           \
                    "    msr fpcr, x10\n"                                                                    \
                    "    ldp x19, x20, [sp, #16]\n ldp x21, x22, [sp, #32]\n ldp x23, x24, [sp, #48]\n"      \
                    "    ldp x25, x26, [sp, #64]\n ldp x27, x28, [sp, #80]\n"                                \
                    "    ldp d8, d9, [sp, #96]\n ldp d10, d11, [sp, #112]\n ldp d12, d13, [sp, #128]\n"      \
                    "    ldp d14, d15, [sp, #144]\n"                                                         \
                    "    ldp x29, x30, [sp], #192\n"                                                         \
                    "    .cfi_def_cfa sp, 0\n"                                                               \
                    "    ret\n"                                                                              \
                    "    .cfi_endproc\n"                                                                     \
                    "call_with_canaries_end:\n"                                                              \
                    ".size call_with_canaries, . - call_with_canaries\n"

/*
 * User code cannot step itself here. Another thread sends signals as fast as it can, and enough calls are
 * made for them to hit most instructions; under qemu that needs QEMU_SINGLESTEP in the environment, or it
 * looks at signals between blocks only.
 */
enum { STEP_SIGNAL = SIGUSR1, STEP_CALLS = 20000 };

static pthread_t stepped_thread, stepper;
static atomic_bool stepping;

static void *
send_steps(void *unused)
{
    (void)unused;
    while (atomic_load(&stepping)) {
        pthread_kill(stepped_thread, STEP_SIGNAL);
        usleep(20);
    }
    return NULL;
}

static inline void
step_by_step(bool on)
{
    atomic_store(&stepping, on);
    if (on) {
        stepped_thread = pthread_self();
        pthread_create(&stepper, NULL, send_steps, NULL);
    } else {
        pthread_join(stepper, NULL);
    }
}

static inline const char *
step_address(const void *context)
{
    return (const char *)((const ucontext_t *)context)->uc_mcontext.pc;
}
#endif
#endif
