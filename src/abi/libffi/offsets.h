/* SPDX-License-Identifier: MIT */
/* The numbers that every port names, for the back end without assembly; registers.h pins those of struct mn_frame. */
#ifndef MN_ABI_LIBFFI_OFFSETS_H
#define MN_ABI_LIBFFI_OFFSETS_H

/* struct mn_frame. */
#define FRAME_INTEGER        0
#define FRAME_RESULT_INTEGER 80
#define FRAME_VECTOR         96
#define FRAME_RESULT_VECTOR  224
#define FRAME_SIZE           256

/* struct mn_trampoline with, at its end, what a closure needs: stubs.c. */
#define SLOT_SIZE 128

/* Where a block made at run time carries its slot: behind isa, flags, invoke and descriptor. */
#define BLOCK_SLOT 32

/* Closures, STUB_COUNT of them together: a multiple of 64 KiB. */
#define STUB_SIZE  64
#define STUB_COUNT 1024
#endif
