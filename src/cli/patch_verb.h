/* SPDX-License-Identifier: MIT */
/* The verbs that take one patch file: how they begin and end. */
#ifndef MN_CLI_PATCH_VERB_H
#define MN_CLI_PATCH_VERB_H

#include "cli/output.h"
#include "cli/source.h"

/* What such a verb does. It has told its errors when it returns. */
typedef mend_status mn_patch_verb_run(struct mn_output *out, const struct mn_patch_file *file, mend_error *err);

/* Reads the first operand, begins the output, runs, ends. The exit code. */
int mn_patch_verb(const struct mn_options *options, mn_patch_verb_run *run);
#endif
