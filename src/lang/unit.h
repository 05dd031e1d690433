/* SPDX-License-Identifier: MIT */
/*
 * Compiled units: a checked patch as bytes, self-contained. The target needs no parser, no header and no source.
 *
 * docs/bytecode.md is the format. A unit says which machine it was compiled for and what it needs of the program: classes,
 * selectors, instance variables with their types, symbols. Reading it verifies everything before any of it can run and
 * checks its needs against the live program, with the words that reading the source would use.
 */
#ifndef MN_LANG_UNIT_H
#define MN_LANG_UNIT_H

#include "base/buffer.h"
#include "lang/lang.h"

/* The ending of their files. */
#define MN_UNIT_ENDING ".mendu"

/* Whether these bytes begin like a compiled unit. */
bool mn_unit_is(const void *bytes, size_t length);

/* Appends the compiled form. The unit must have been read from source in this process, whose classes tell what it needs.
 * MEND_NO_MEMORY, or MEND_TOO_LARGE. */
mend_status mn_unit_write(const struct mn_unit *unit, struct mn_buffer *out, mend_error *err);

/* Puts the checksum of its bytes into the head of a unit: for who changes one, as tests do. */
void mn_unit_seal(void *bytes, size_t length);

/*
 * Reads a compiled unit. Runs no host code. MEND_BAD_PROGRAM for bytes that are none, were made by a newer version or for
 * another machine, or do not verify; MEND_NO_CLASS, MEND_NO_IVAR, MEND_CHECK when the program lacks what it needs.
 * On failure *unit is NULL. Time and memory are linear in `length`.
 */
mend_status mn_unit_read(const char *name, const void *bytes, size_t length, struct mn_unit **unit, mend_error *err);
#endif
