/* SPDX-License-Identifier: MIT */
/*
 * The text of one patch: checked once on the way in, then addressed by byte offsets only.
 *
 * A source may have further pieces (headers that it imports): a list behind the first. Offsets count through
 * all of them, so a span says which piece it lies in; each piece keeps the offset it begins at.
 *
 * Invariants: at most MN_SOURCE_MAX bytes; valid UTF-8 without NUL bytes; text[length] is NUL. Line ends are
 * LF, CRLF or CR. A leading byte order mark counts as part of the first line's text but not of its columns.
 * Immutable once read: any number of threads may look at it then; pieces and line marks are added by
 * the reader's preprocessor.
 */
#ifndef MN_LANG_SOURCE_H
#define MN_LANG_SOURCE_H

#include "base/arena.h"
#include "base/error.h"
#include "base/list.h"

#include <stdbool.h>
#include <stdint.h>

/* The largest source accepted: 16 MiB. */
#define MN_SOURCE_MAX (16u << 20)

/* The most that a source and all it imports may have together. */
#define MN_SOURCES_MAX (256u << 20)

enum { MN_MADE_ROOM = 16384 }; /* bytes of one piece of kind MN_PIECE_MADE */

enum mn_piece_kind {
    MN_PIECE_MAIN,
    MN_PIECE_HEADER, /* of the patch's own: read for its declarations, findings are reported */
    MN_PIECE_SYSTEM, /* somebody else's: what cannot be understood is left out without a word */
    MN_PIECE_MADE    /* spellings of tokens that macros made */
};

struct mn_rendering;

struct mn_source {
    const struct mn_rendering *rendering; /* lang/rendering.h: written by a reader from another text; or NULL */
    char *name; /* what diagnostics call it */
    char *text;
    size_t length;
    uint32_t *lines; /* offset in `text` of the first byte of each line */
    uint32_t line_count;
    enum mn_piece_kind kind;
    uint32_t base;          /* of its first byte among all pieces; 0 for the first */
    struct mn_source *next; /* owned */
    struct mn_list marks;   /* struct mn_line_mark, in order */
    struct mn_list uses;    /* struct mn_macro_use, in order; of the first piece alone */
    struct mn_arena arena;  /* names in marks; of the first piece alone */
};

/* #line: the line of the text that begins at `offset` is `line` of `file`. */
struct mn_line_mark {
    uint32_t offset, line;
    const char *file;
};

/* A macro used at `at`, and where it is defined: findings there get a note. */
struct mn_macro_use {
    uint32_t at, defined_start, defined_end;
    const char *name;
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

/* The same with another limit. */
mend_status mn_source_open_large(struct mn_source *source, const char *name, const char *text, size_t length,
                                 size_t most, mend_error *err);

/* The same from a file; MEND_IO when it cannot be read. A file that is too large is refused before it is
 * read. */
mend_status mn_source_load(struct mn_source *source, const char *path, mend_error *err);
void mn_source_close(struct mn_source *source);

/*
 * Adds a piece; *piece is lent by the source. The checks are mn_source_open's, save that a piece may be blank.
 * On failure the source is as before.
 */
mend_status mn_source_add(struct mn_source *source, enum mn_piece_kind kind, const char *name, const char *text,
                          size_t length, struct mn_source **piece, mend_error *err);

/* So many offsets a piece takes up. */
static inline uint32_t
mn_source_room(const struct mn_source *piece)
{
    return piece->kind == MN_PIECE_MADE ? MN_MADE_ROOM : (uint32_t)piece->length + 1;
}

/* The piece an offset lies in, and its text from there on (at least the rest of its line). */
const struct mn_source *mn_source_piece(const struct mn_source *source, uint32_t offset);
const char *mn_source_at(const struct mn_source *source, uint32_t offset);

/* Keeps the spelling of a token that a macro made; *offset: where. False when memory has run out. */
bool mn_source_spell(struct mn_source *source, const char *text, size_t length, uint32_t *offset);

/* #line in a piece, for the text from `offset` (of all pieces) on. False when memory has run out. */
bool mn_source_mark(struct mn_source *source, uint32_t offset, uint32_t line, const char *file, size_t length);

/* The place of an offset; offsets beyond the end count as the end. */
struct mn_position mn_source_position(const struct mn_source *source, uint32_t offset);
#endif
