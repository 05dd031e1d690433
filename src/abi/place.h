/* SPDX-License-Identifier: MIT */
/*
 * Where a value travels in a call: in pieces of registers, on the stack, as the address of a copy, or
 * nowhere.
 *
 * A piece moves `size` bytes between byte `value` of the value and byte `frame` of struct mn_frame; executing
 * the pieces of a place is all there is to reading or writing an argument or a result, on every CPU.
 */
#ifndef MN_ABI_PLACE_H
#define MN_ABI_PLACE_H

#include "abi/type.h"

enum mn_where {
    MN_NOWHERE,      /* void, empty structs */
    MN_IN_REGISTERS, /* `pieces` pieces of the frame */
    MN_ON_STACK,     /* `size` bytes at frame->stack + stack */
    MN_IN_MEMORY,    /* results only: at the address the caller passed (mn_frame_result_memory) */
    MN_BY_REFERENCE  /* arguments only: the address of a copy, made by the caller and the callee's to change,
                        is in  piece[0], or without pieces at frame->stack + stack */
};

/* How a one- or two-byte integer fills the rest of its register: gcc and clang callees rely on it. */
enum mn_extend { MN_EXTEND_NONE, MN_EXTEND_S8, MN_EXTEND_U8, MN_EXTEND_S16, MN_EXTEND_U16 };

enum { MN_PIECES = 4 };

struct mn_piece {
    uint16_t frame; /* byte offset in struct mn_frame */
    uint16_t value; /* byte offset in the value */
    uint16_t size;  /* 1 to 16 bytes */
};

struct mn_place {
    uint8_t where;      /* enum mn_where */
    uint8_t pieces;     /* in registers: how many */
    uint8_t extend;     /* enum mn_extend */
    uint8_t contiguous; /* the value lies in one run: on the stack, or from piece[0].frame on */
    uint32_t size;      /* of the value, in bytes */
    uint32_t stack;     /* on the stack: byte offset from frame->stack */
    uint32_t copy;      /* by reference: where the copy lies in a frame of our own (mn_frame_open) */
    struct mn_piece piece[MN_PIECES];
};

/* The state of one argument list being laid out; opaque to all but the CPU's classify.c. */
struct mn_layout {
    unsigned integers, vectors; /* registers used */
    size_t stack;               /* bytes used */
    size_t copies;              /* bytes of values that travel by reference */
    bool disputed;              /* compilers place the last argument differently */
    bool variadic;              /* the next argument is one of the unnamed ones */
};

/* Lays out a result, and takes the register that carries its address if it needs one. Implemented by each
 * CPU. */
void mn_cpu_place_result(struct mn_layout *layout, const struct mn_type *type, struct mn_place *place);

/* Lays out the next argument; an array has become a pointer already. */
void mn_cpu_place_argument(struct mn_layout *layout, const struct mn_type *type, struct mn_place *place);

/* Whether a piece is of a vector register, and what a result's place adds to a signature's shape. Implemented
 * by each CPU. */
bool mn_cpu_piece_is_vector(const struct mn_piece *piece);
uint32_t mn_cpu_result_shape(const struct mn_place *place);
#endif
