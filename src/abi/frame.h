/* SPDX-License-Identifier: MIT */
/*
 * The call frame: the argument registers of one call, the address of its stack arguments, and its result
 * registers.
 *
 * A trampoline fills one from an intercepted call; mn_call_frame loads one and jumps. struct mn_frame itself
 * is the CPU's (x86_64/registers.h); everything else reads and writes it through places, or through the move
 * lists a caller made of their pieces.
 *
 * What a trampoline fills: the general argument registers and `stack`; the vector registers if the signature
 * uses them or the call may be variadic. Values that travel by reference stay where the caller copied them:
 * reading and writing such an argument goes through the address in the frame. The result part is not
 * initialised: whoever makes the trampoline return must set the result.
 */
#ifndef MN_ABI_FRAME_H
#define MN_ABI_FRAME_H

#include "abi/place.h"
#if defined(MEND_ABI_LIBFFI) /* chosen by the build: src/CMakeLists.txt */
#include "abi/libffi/registers.h"
#elif defined(__x86_64__)
#include "abi/x86_64/registers.h"
#elif defined(__aarch64__)
#include "abi/aarch64/registers.h"
#else
#error "abi/ has no back end of its own for this CPU: build with -DMEND_ABI=libffi, or see docs/porting.md"
#endif

#include <string.h>

/* Copies of 1 to 16 bytes, as loads and stores instead of a call to memcpy. */
static inline void
mn_copy_piece(void *to, const void *from, size_t size)
{
    if (size == 8)
        memcpy(to, from, 8);
    else if (size == 4)
        memcpy(to, from, 4);
    else if (size == 16)
        memcpy(to, from, 16);
    else
        for (size_t i = 0; i < size; i++)
            ((unsigned char *)to)[i] = ((const unsigned char *)from)[i];
}

/* A value's small integer, filled up to a register. */
static inline uint64_t
mn_extended(enum mn_extend extend, const void *value)
{
    int8_t s8;
    int16_t s16;
    uint16_t u16;

    switch (extend) {
    case MN_EXTEND_S8:
        memcpy(&s8, value, 1);
        return (uint64_t)(int64_t)s8;
    case MN_EXTEND_S16:
        memcpy(&s16, value, 2);
        return (uint64_t)(int64_t)s16;
    case MN_EXTEND_U16:
        memcpy(&u16, value, 2);
        return u16;
    default:
        return *(const unsigned char *)value;
    }
}

/* Where the result of a call whose result is MN_IN_MEMORY goes: the address the caller passed. */
static inline void *
mn_frame_result_memory(const struct mn_frame *frame)
{
    return mn_cpu_result_memory(frame);
}

/* Where the address of an argument that travels by reference lies in the frame. */
static inline void *
mn_frame_reference_at(const struct mn_frame *frame, const struct mn_place *place)
{
    return place->pieces != 0 ? (char *)frame + place->piece[0].frame : (void *)(frame->stack + place->stack);
}

static inline void *
mn_frame_reference(const struct mn_frame *frame, const struct mn_place *place)
{
    void *address;

    memcpy(&address, mn_frame_reference_at(frame, place), sizeof address);
    return address;
}

/* Copies an argument or a result out of the frame; `value` has place->size bytes. */
static inline void
mn_frame_get(const struct mn_frame *frame, const struct mn_place *place, void *value)
{
    if (place->where == MN_IN_REGISTERS)
        for (unsigned i = 0; i < place->pieces; i++)
            mn_copy_piece((char *)value + place->piece[i].value, (const char *)frame + place->piece[i].frame,
                          place->piece[i].size);
    else if (place->where == MN_ON_STACK)
        memcpy(value, frame->stack + place->stack, place->size);
    else if (place->where == MN_IN_MEMORY)
        memcpy(value, mn_frame_result_memory(frame), place->size);
    else if (MN_CPU_COPIES && place->where == MN_BY_REFERENCE)
        memcpy(value, mn_frame_reference(frame, place), place->size);
}

/* Copies an argument or a result into the frame; small integers fill their register. */
static inline void
mn_frame_set(struct mn_frame *frame, const struct mn_place *place, const void *value)
{
    if (place->where == MN_IN_REGISTERS) {
        if (place->extend != MN_EXTEND_NONE) {
            uint64_t wide = mn_extended((enum mn_extend)place->extend, value);

            memcpy((char *)frame + place->piece[0].frame, &wide, sizeof wide);
            return;
        }
        for (unsigned i = 0; i < place->pieces; i++)
            mn_copy_piece((char *)frame + place->piece[i].frame, (const char *)value + place->piece[i].value,
                          place->piece[i].size);
    } else if (place->where == MN_ON_STACK) {
        if (place->extend != MN_EXTEND_NONE) {
            uint64_t wide = mn_extended((enum mn_extend)place->extend, value);

            memcpy(frame->stack + place->stack, &wide, sizeof wide);
            return;
        }
        memcpy(frame->stack + place->stack, value, place->size);
    } else if (place->where == MN_IN_MEMORY) {
        memcpy(mn_frame_result_memory(frame), value, place->size);
        mn_cpu_result_in_memory(frame);
    } else if (MN_CPU_COPIES && place->where == MN_BY_REFERENCE) {
        memcpy(mn_frame_reference(frame, place), value, place->size);
    }
}

/* Makes an argument or a result zero: nil, 0, 0.0, a struct of zeros. */
static inline void
mn_frame_clear(struct mn_frame *frame, const struct mn_place *place)
{
    if (place->where == MN_IN_REGISTERS) {
        for (unsigned i = 0; i < place->pieces; i++)
            memset((char *)frame + place->piece[i].frame, 0,
                   place->piece[i].size > 8 ? place->piece[i].size : 8);
    } else if (place->where == MN_ON_STACK) {
        memset(frame->stack + place->stack, 0, place->size);
    } else if (place->where == MN_IN_MEMORY) {
        memset(mn_frame_result_memory(frame), 0, place->size);
        mn_cpu_result_in_memory(frame);
    } else if (MN_CPU_COPIES && place->where == MN_BY_REFERENCE) {
        memset(mn_frame_reference(frame, place), 0, place->size);
    }
}

/*
 * The value in place, lent while the frame lives, or NULL when it lies in separate pieces. Writing through it
 * changes the argument (a one- or two-byte integer needs mn_frame_set instead).
 */
static inline void *
mn_frame_peek(struct mn_frame *frame, const struct mn_place *place)
{
    if (!place->contiguous)
        return NULL;
    if (place->where == MN_ON_STACK)
        return frame->stack + place->stack;
    if (place->where == MN_IN_MEMORY)
        return mn_frame_result_memory(frame);
    if (MN_CPU_COPIES && place->where == MN_BY_REFERENCE)
        return mn_frame_reference(frame, place);
    return (char *)frame + place->piece[0].frame;
}
#endif
