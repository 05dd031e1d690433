/* SPDX-License-Identifier: MIT */
/* A program started to answer one question and stopped before its main, where all its classes are known. */
#ifndef MN_CLI_STOPPED_H
#define MN_CLI_STOPPED_H

#include "base/buffer.h"
#include "cli/options.h"

/*
 * Starts the program with the record (cli/start.h), waits for what its agent answers, and for its end. *fd (may be NULL) is
 * what came with the answer, owned by the caller, or -1.
 */
mend_status mn_stopped_ask(const char *path, int record, const struct mn_options *options, struct mn_buffer *packet,
                           int *fd, mend_error *err);
#endif
