/* SPDX-License-Identifier: MIT */
/*
 * Becoming a program that has the agent in it (agent/protocol.h): the preloaded library in LD_PRELOAD, before
 * what is there already, and the patches in a sealed memory file.
 */
#ifndef MN_CLI_START_H
#define MN_CLI_START_H

#include "cli/options.h"
#include "cli/source.h"

#include <mend/error.h>

/* Where libmend-agent.so is: beside the command line's own bin/. MEND_UNSUPPORTED where it is not, or not
 * loadable. */
mend_status mn_start_library(char *path, size_t size, mend_error *err);

/* The record of the patches; ids NULL: from the files' names. *fd is the caller's, -1 where there are no
 * patches. */
mend_status mn_start_record(const struct mn_options *options, const struct mn_patch_file *files, size_t count,
                            int *fd, mend_error *err);

/* A patch to be compiled: `want` is "unit", "listing" or a word of <mend/target.def>; headers (may be NULL) are what it imports. */
mend_status mn_start_record_build(const struct mn_options *options, const struct mn_patch_file *file,
                                  const struct mn_buffer *headers, const char *want, int *fd, mend_error *err);

/*
 * Replaces this process by `path` with argv. record_fd and report_fd (-1: none) are handed over. Returns only
 * on failure: MEND_IO or MEND_NO_MEMORY.
 */
mend_status mn_start_become(const char *path, char **argv, const char *library, int record_fd, int report_fd,
                            const char *flags, mend_error *err);

#endif
