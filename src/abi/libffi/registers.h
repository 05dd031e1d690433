/* SPDX-License-Identifier: MIT */
/*
 * The frame of a call on a machine of our own making, for CPUs that only libffi knows.
 *
 * Six general and eight vector registers; each value that one of them can hold travels in the next free one of its
 * file, everything else on the stack, and structs are returned in memory. libffi is told where each value lies
 * (call.c), and puts it where the real machine wants it. Every such frame names its signature, because libffi needs
 * the types.
 */
#ifndef MN_ABI_LIBFFI_REGISTERS_H
#define MN_ABI_LIBFFI_REGISTERS_H

#include "abi/libffi/offsets.h"

#include <assert.h>
#include <stddef.h>
#include <stdint.h>

struct mn_signature;

/* libffi makes the copies of values that travel by reference. */
enum { MN_CPU_COPIES = 0 };

/* What this machine's registers hold may travel otherwise on the real one. */
enum { MN_CPU_PLAIN_CALLS = 0 };

/* The code a handler answers with is called anew: the unnamed arguments of a variadic call do not arrive. */
enum { MN_CPU_JUMPS_ON = 0 };

struct mn_frame {
    uint64_t integer[6];
    unsigned char *stack;  /* the first argument that is in no register */
    uint64_t vector_count; /* nobody asks */
    const struct mn_signature *signature;
    void *result_memory; /* where a result in memory goes */
    uint64_t result_integer[1];
    uint64_t unused;
    _Alignas(16) unsigned char vector[8][16];
    _Alignas(16) unsigned char result_vector[2][16];
};

static_assert(offsetof(struct mn_frame, integer) == FRAME_INTEGER &&
                  offsetof(struct mn_frame, vector) == FRAME_VECTOR &&
                  offsetof(struct mn_frame, result_integer) == FRAME_RESULT_INTEGER &&
                  offsetof(struct mn_frame, result_vector) == FRAME_RESULT_VECTOR &&
                  sizeof(struct mn_frame) == FRAME_SIZE,
              "classify.c places values there");
static_assert(sizeof(void *) == 8 && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__,
              "a small integer lies in the first bytes of a register of 64 bits, here and in the slots of vm/");

/* Not known: libffi's own calls lie between the caller and us. */
static inline void *
mn_frame_return_address(const struct mn_frame *frame)
{
    (void)frame;
    return NULL;
}

static inline void
mn_cpu_set_signature(struct mn_frame *frame, const struct mn_signature *signature)
{
    frame->signature = signature;
}

static inline void *
mn_cpu_result_memory(const struct mn_frame *frame)
{
    return frame->result_memory;
}

static inline void
mn_cpu_set_result_memory(struct mn_frame *frame, void *memory)
{
    frame->result_memory = memory;
}

static inline void
mn_cpu_result_in_memory(struct mn_frame *frame)
{
    (void)frame;
}
#endif
