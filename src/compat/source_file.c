/* SPDX-License-Identifier: MIT */
#include "compat/source_file.h"

#include "base/error.h"
#include "base/log.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

mend_status
mn_face_read(const char *path, struct mn_buffer *out, mend_error *err)
{
    FILE *file = path != NULL ? fopen(path, "re") : NULL;
    char block[4096];
    size_t n;
    int error;

    if (file == NULL)
        return mn_fail(err, MEND_IO, "cannot read '%s': %s", path != NULL ? path : "nil",
                       path != NULL ? strerror(errno) : "no path");
    while ((n = fread(block, 1, sizeof block, file)) > 0)
        mn_buffer_append(out, block, n);
    error = ferror(file) ? errno : 0;
    fclose(file);
    if (error != 0)
        return mn_fail(err, MEND_IO, "cannot read '%s': %s", path, strerror(error));
    return out->failed ? mn_fail_memory(err) : MEND_OK;
}

void
mn_face_tell(void *data, const mend_diagnostic *finding)
{
    if (finding->severity != MEND_NOTE)
        mn_log(finding->severity == MEND_ERROR ? MN_LOG_WARNING : MN_LOG_INFO, "%s: %s:%u:%u: %s%s%s",
               (const char *)data, finding->file, finding->line, finding->column, finding->message,
               finding->suggestion != NULL ? "; " : "", finding->suggestion != NULL ? finding->suggestion : "");
}
