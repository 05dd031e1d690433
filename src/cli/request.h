/* SPDX-License-Identifier: MIT */
/* The requests of agent/protocol.h, as text; the same for every process they are sent to. */
#ifndef MN_CLI_REQUEST_H
#define MN_CLI_REQUEST_H

#include "base/buffer.h"
#include "cli/source.h"

#include <mend/error.h>
#include <stdbool.h>

struct mn_ask {
    struct mn_buffer text;
    int fd; /* a sealed memory file to go with it, or -1 */
};

/* apply or check; id NULL: derived from the file's name. main_ms: how long top-level code may wait for the main thread,
 * 0: it runs elsewhere. A long source goes into a sealed memory file. */
mend_status mn_ask_patch(struct mn_ask *ask, const char *method, const struct mn_patch_file *file,
                         const char *id, unsigned main_ms, bool colour, mend_error *err);

/* revert with an id, or status with NULL. */
mend_status mn_ask_plain(struct mn_ask *ask, const char *method, const char *id, mend_error *err);
void mn_ask_fini(struct mn_ask *ask);

#endif
