/* SPDX-License-Identifier: MIT */
/* Numbers shared by C and assembly on AArch64; registers.h pins those of struct mn_frame. */
#ifndef MN_ABI_AARCH64_OFFSETS_H
#define MN_ABI_AARCH64_OFFSETS_H

/* struct mn_frame. Every field the assembly reaches by pairs lies on a multiple of 16. */
#define FRAME_INTEGER        0
#define FRAME_INDIRECT       64
#define FRAME_STACK          72
#define FRAME_VECTOR_COUNT   80
#define FRAME_RESULT_INTEGER 96
#define FRAME_VECTOR         112
#define FRAME_RESULT_VECTOR  240
#define FRAME_SIZE           304

/* struct mn_trampoline, the slot a stub points at. */
#define SLOT_ENTRY   0
#define SLOT_HANDLER 8
#define SLOT_CONTEXT 16
#define SLOT_SIZE    32

/* Where a block made at run time carries its slot: behind isa, flags, invoke and descriptor. */
#define BLOCK_SLOT 32

/*
 * Stubs in our own text; the pages made later hold as many each. 128 KiB of code and as much of slots: a
 * multiple of 4, 16 and 64 KiB pages, and a stub's slot, 128 to 256 KiB ahead, is within the 1 MiB that adr
 * reaches.
 */
#define STUB_SIZE  32
#define STUB_COUNT 4096

/* The flag of a signature's shape (signature.h) that matters here. */
#define SHAPE_VECTOR 1
#endif
