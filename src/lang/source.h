/* SPDX-License-Identifier: MIT */
/*
 * The text of one patch: checked once on the way in, then addressed by byte offsets only.
 *
 * Invariants: at most MN_SOURCE_MAX bytes; valid UTF-8 without NUL bytes; text[length] is NUL. Line ends are
 * LF, CRLF or CR. A leading byte order mark counts as part of the first line's text but not of its columns.
 * Immutable once open: any number of threads may read it.
 */
#ifndef MN_LANG_SOURCE_H
#define MN_LANG_SOURCE_H

#include "base/error.h"

#include <stdint.h>

/* The largest source accepted: 16 MiB. */
#define MN_SOURCE_MAX (16u << 20)

struct mn_source {
    char *name; /* what diagnostics call it */
    char *text;
    size_t length;
    uint32_t *lines; /* offset of the first byte of each line */
    uint32_t line_count;
};

/* Where an offset lies. Texts are lent by the source. */
struct mn_position {
    const char *file;
    unsigned line, column; /* 1-based; columns count bytes */
    const char *line_text; /* not NUL-terminated */
    size_t line_length;    /* without the line end */
};

/*
 * Copies and checks a text. On failure *source is empty and needs no closing: MEND_TOO_LARGE, MEND_NOT_TEXT
 * (a NUL byte or bytes that are no UTF-8, with their place), MEND_SYNTAX (nothing but blanks),
 * MEND_NO_MEMORY.
 */
mend_status mn_source_open(struct mn_source *source, const char *name, const char *text, size_t length,
                           mend_error *err);

/* The same from a file; MEND_IO when it cannot be read. A file that is too large is refused before it is
 * read. */
mend_status mn_source_load(struct mn_source *source, const char *path, mend_error *err);
void mn_source_close(struct mn_source *source);

/* The place of an offset; offsets beyond the end count as the end. */
struct mn_position mn_source_position(const struct mn_source *source, uint32_t offset);
#endif
