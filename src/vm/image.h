/* SPDX-License-Identifier: MIT */
/* Programs as bytes: the code part of a compiled unit (docs/bytecode.md). */
#ifndef MN_VM_IMAGE_H
#define MN_VM_IMAGE_H

#include "vm/codec.h"
#include "vm/program.h"

/* Appends a finished program to codec->out (whose `failed` says when memory has run out). */
void mn_program_write(const struct mn_program *program, struct mn_codec *codec);

/* Where a symbol is in this process; NULL when it is not. Runs no host code. */
typedef void *(*mn_resolve)(const char *name, bool own);

/*
 * Reads a program, verifies all of it and loads it: what mn_builder_finish does for one that was just compiled. Runs no
 * host code. MEND_BAD_PROGRAM for bytes that are no program or would not be safe to run, MEND_CHECK for one that needs a
 * symbol the process has not, MEND_NO_MEMORY; then *program is NULL.
 */
mend_status mn_program_read(struct mn_codec *codec, mn_resolve resolve, struct mn_program **program, mend_error *err);
#endif
