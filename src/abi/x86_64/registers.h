/* SPDX-License-Identifier: MIT */
/*
 * The frame of a call under the System V AMD64 ABI (psABI 1.0, section 3.2.3).
 *
 * Laid out so that an integer-only call touches its first 80 bytes only. entry.S and call.S know the offsets.
 */
#ifndef MN_ABI_X86_64_REGISTERS_H
#define MN_ABI_X86_64_REGISTERS_H

#include "abi/x86_64/offsets.h"

#include <assert.h>
#include <stddef.h>
#include <stdint.h>

/* No argument travels by the address of a copy (MN_BY_REFERENCE). */
enum { MN_CPU_COPIES = 0 };

/* A call whose arguments are words in general registers and doubles in vector registers can be made through a C
 * function type with as many of each, in any order. */
enum { MN_CPU_PLAIN_CALLS = 1 };

struct mn_signature;

/* The code a handler answers with is jumped to: it finds the caller's arguments, those too that no signature names. */
enum { MN_CPU_JUMPS_ON = 1 };

struct mn_frame {
    uint64_t integer[6];        /* rdi rsi rdx rcx r8 r9 */
    unsigned char *stack;       /* the first stack argument */
    uint64_t vector_count;      /* al: in a variadic call, how many vector registers carry arguments */
    uint64_t result_integer[2]; /* rax rdx */
    uint64_t chain;             /* r10, the static chain of nested C functions; full frames only */
    uint64_t unused;
    _Alignas(16) unsigned char vector[8][16];        /* xmm0 to xmm7 */
    _Alignas(16) unsigned char result_vector[2][16]; /* xmm0 xmm1 */
    _Alignas(16) unsigned char result_x87[2][16];    /* st0 st1, ten bytes each */
};

static_assert(offsetof(struct mn_frame, integer) == FRAME_INTEGER, "entry.S stores rdi here");
static_assert(offsetof(struct mn_frame, stack) == FRAME_STACK,
              "entry.S stores the address of the stack arguments here");
static_assert(offsetof(struct mn_frame, vector_count) == FRAME_VECTOR_COUNT, "entry.S stores rax here");
static_assert(offsetof(struct mn_frame, result_integer) == FRAME_RESULT_INTEGER, "call.S stores rax here");
static_assert(offsetof(struct mn_frame, chain) == FRAME_CHAIN, "entry.S stores r10 here");
static_assert(offsetof(struct mn_frame, vector) == FRAME_VECTOR, "entry.S stores xmm0 here");
static_assert(offsetof(struct mn_frame, result_vector) == FRAME_RESULT_VECTOR, "call.S stores xmm0 here");
static_assert(offsetof(struct mn_frame, result_x87) == FRAME_RESULT_X87, "call.S stores st0 here");
static_assert(sizeof(struct mn_frame) == FRAME_SIZE && FRAME_SIZE % 16 == 0, "entry.S reserves this much");

/* Nothing of ours asks a frame for its types. */
static inline void
mn_cpu_set_signature(struct mn_frame *frame, const struct mn_signature *signature)
{
    (void)frame;
    (void)signature;
}

/* The return address of an intercepted call: only in frames a trampoline made. */
static inline void *
mn_frame_return_address(const struct mn_frame *frame)
{
    return ((void **)frame->stack)[-1];
}

/* A result in memory: its address comes in rdi and goes back in rax. */
static inline void *
mn_cpu_result_memory(const struct mn_frame *frame)
{
    return (void *)frame->integer[0];
}

static inline void
mn_cpu_set_result_memory(struct mn_frame *frame, void *memory)
{
    frame->integer[0] = (uint64_t)memory;
}

static inline void
mn_cpu_result_in_memory(struct mn_frame *frame)
{
    frame->result_integer[0] = frame->integer[0];
}
#endif
