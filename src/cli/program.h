/* SPDX-License-Identifier: MIT */
/* The program that `run` and `check --against` start: finding it, and seeing beforehand that it cannot be
 * patched. */
#ifndef MN_CLI_PROGRAM_H
#define MN_CLI_PROGRAM_H

#include <mend/error.h>
#include <stdbool.h>
#include <stddef.h>

/* The file a shell would run for `name`: itself where it has a slash, else the first in PATH. MEND_IO. */
mend_status mn_program_find(const char *name, char *path, size_t size, mend_error *err);

/*
 * MEND_UNSUPPORTED for what the dynamic linker would load without the preloaded library: static, set-user-id,
 * made for another machine; with `patched`, also a script, which runs a program that is not the one meant.
 */
mend_status mn_program_check(const char *path, bool patched, mend_error *err);

#endif
