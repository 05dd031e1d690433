/* SPDX-License-Identifier: MIT */
/* Numbers shared by C and assembly on x86-64; registers.h pins those of struct mn_frame. */
#ifndef MN_ABI_X86_64_OFFSETS_H
#define MN_ABI_X86_64_OFFSETS_H

/* struct mn_frame. What an integer-only call touches comes first, in two cache lines. */
#define FRAME_INTEGER        0
#define FRAME_STACK          48
#define FRAME_VECTOR_COUNT   56
#define FRAME_RESULT_INTEGER 64
#define FRAME_CHAIN          80
#define FRAME_VECTOR         96
#define FRAME_RESULT_VECTOR  224
#define FRAME_RESULT_X87     256
#define FRAME_SIZE           288

/* struct mn_trampoline, the slot a stub points at. */
#define SLOT_ENTRY   0
#define SLOT_HANDLER 8
#define SLOT_CONTEXT 16
#define SLOT_SIZE    32

/* Where a block made at run time carries its slot: behind isa, flags, invoke and descriptor. */
#define BLOCK_SLOT 32

/* Stubs in our own text; the pages made later hold as many each. */
#define STUB_SIZE  16
#define STUB_COUNT 4096

/* The flags of a signature's shape (signature.h). */
#define SHAPE_VECTOR   1
#define SHAPE_X87      2
#define SHAPE_X87_PAIR 4
#endif
