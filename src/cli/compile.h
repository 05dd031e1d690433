/* SPDX-License-Identifier: MIT */
/* Compiling a patch in a program that is stopped before its main: what `mend build` and `mend disasm` share. */
#ifndef MN_CLI_COMPILE_H
#define MN_CLI_COMPILE_H

#include "cli/output.h"
#include "cli/source.h"

/*
 * Compiles a patch against options->against, else against Foundation alone; `want` as in a record (cli/start.h). What came of
 * it is appended to `made`; findings and errors have been told. headers may be NULL.
 */
mend_status mn_compile(struct mn_output *out, const struct mn_patch_file *file, const struct mn_buffer *headers,
                       const char *want, struct mn_buffer *made, mend_error *err);
#endif
