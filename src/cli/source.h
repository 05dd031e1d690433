/* SPDX-License-Identifier: MIT */
/* A patch file, read once and looked at: what is sent is what was read. */
#ifndef MN_CLI_SOURCE_H
#define MN_CLI_SOURCE_H

#include "base/buffer.h"

#include <mend/error.h>
#include <stdbool.h>
#include <stddef.h>

struct mn_patch_file {
    const char *path; /* lent; "-" is stdin */
    struct mn_buffer text;
    bool unit; /* compiled: bytes, no text */
};

/* MEND_IO unreadable, MEND_TOO_LARGE, MEND_NOT_TEXT empty or neither UTF-8 nor a compiled unit. On failure there is nothing to free.
 */
mend_status mn_patch_file_read(const char *path, struct mn_patch_file *file, mend_error *err);
void mn_patch_file_free(struct mn_patch_file *file);

/* The id a file's patch gets: its name without folder and ending. */
void mn_patch_file_id(const char *path, char *id, size_t size);

#endif
