/* SPDX-License-Identifier: MIT */
/* What the faces for patch languages share: files, and findings for the log. */
#ifndef MN_COMPAT_SOURCE_FILE_H
#define MN_COMPAT_SOURCE_FILE_H

#include "base/buffer.h"

#include <mend/diagnostic.h>
#include <mend/error.h>

/* The bytes of a file. MEND_IO, with the path and the system's reason. */
mend_status mn_face_read(const char *path, struct mn_buffer *out, mend_error *err);

/* Writes a finding to the log: errors as warnings, warnings as information. data: the face's name. */
void mn_face_tell(void *data, const mend_diagnostic *finding);
#endif
