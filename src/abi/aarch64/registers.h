/* SPDX-License-Identifier: MIT */
/*
 * The frame of a call under the Procedure Call Standard for the Arm 64-bit Architecture (AAPCS64, 2022Q3),
 * section 6.4.
 *
 * entry.S and call.S know the offsets. x18 is not in it: it may belong to the platform (6.1.1), and nothing
 * of ours touches it. The upper parts of scalable registers are not kept: methods that take them are not
 * known to any encoding.
 */
#ifndef MN_ABI_AARCH64_REGISTERS_H
#define MN_ABI_AARCH64_REGISTERS_H

#include "abi/aarch64/offsets.h"

#include <assert.h>
#include <stddef.h>
#include <stdint.h>

/* Large structs travel by the address of a copy: see MN_BY_REFERENCE. */
enum { MN_CPU_COPIES = 1 };

/* A call whose arguments are words in general registers and doubles in vector registers can be made through a C
 * function type with as many of each, in any order. */
enum { MN_CPU_PLAIN_CALLS = 1 };

struct mn_signature;

/* The code a handler answers with is jumped to: it finds the caller's arguments, those too that no signature names. */
enum { MN_CPU_JUMPS_ON = 1 };

struct mn_frame {
    uint64_t integer[8];  /* x0 to x7 */
    uint64_t indirect;    /* x8: where a result in memory goes */
    unsigned char *stack; /* the first stack argument */
    uint64_t
        vector_count; /* not 0: vector registers may carry arguments. A trampoline cannot know, and says so */
    uint64_t unused;
    uint64_t result_integer[2];                      /* x0 x1 */
    _Alignas(16) unsigned char vector[8][16];        /* v0 to v7 */
    _Alignas(16) unsigned char result_vector[4][16]; /* v0 to v3 */
};

static_assert(offsetof(struct mn_frame, integer) == FRAME_INTEGER, "entry.S stores x0 here");
static_assert(offsetof(struct mn_frame, indirect) == FRAME_INDIRECT, "entry.S stores x8 here");
static_assert(offsetof(struct mn_frame, stack) == FRAME_STACK,
              "entry.S stores the address of the stack arguments here");
static_assert(offsetof(struct mn_frame, vector_count) == FRAME_VECTOR_COUNT, "call.S asks it");
static_assert(offsetof(struct mn_frame, result_integer) == FRAME_RESULT_INTEGER, "call.S stores x0 here");
static_assert(offsetof(struct mn_frame, vector) == FRAME_VECTOR, "entry.S stores v0 here");
static_assert(offsetof(struct mn_frame, result_vector) == FRAME_RESULT_VECTOR, "call.S stores v0 here");
static_assert(sizeof(struct mn_frame) == FRAME_SIZE && FRAME_SIZE % 16 == 0, "entry.S reserves this much");

/* Nothing of ours asks a frame for its types. */
static inline void
mn_cpu_set_signature(struct mn_frame *frame, const struct mn_signature *signature)
{
    (void)frame;
    (void)signature;
}

/* The return address of an intercepted call: only in frames a trampoline made, where it ends the frame record
 * (x29, x30) that lies below the stack arguments. */
static inline void *
mn_frame_return_address(const struct mn_frame *frame)
{
    return ((void **)frame->stack)[-1];
}

/* A result in memory: its address comes in x8, and need not come back (6.9). */
static inline void *
mn_cpu_result_memory(const struct mn_frame *frame)
{
    return (void *)frame->indirect;
}

static inline void
mn_cpu_set_result_memory(struct mn_frame *frame, void *memory)
{
    frame->indirect = (uint64_t)memory;
}

static inline void
mn_cpu_result_in_memory(struct mn_frame *frame)
{
    (void)frame;
}
#endif
