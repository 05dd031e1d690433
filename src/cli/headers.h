/* SPDX-License-Identifier: MIT */
/* What a patch imports, by the C compiler's own preprocessor on the machine where the patch is built. */
#ifndef MN_CLI_HEADERS_H
#define MN_CLI_HEADERS_H

#include "cli/source.h"

/*
 * Runs `cc -E -dD` on the patch's directives and appends what it writes to `headers`, but for the macros that the patch
 * defines itself. Nothing is run when the patch imports nothing. flags: more arguments for the compiler, NULL behind the
 * last; without any, gnustep-config is asked for them. The compiler is $CC, else cc; its messages go to stderr.
 * MEND_CHECK when it refuses the patch's directives, MEND_UNSUPPORTED when there is none.
 */
mend_status mn_headers_read(const struct mn_patch_file *file, char *const *flags, struct mn_buffer *headers,
                            mend_error *err);
#endif
