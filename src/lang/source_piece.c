/* SPDX-License-Identifier: MIT */
/*
 * Pieces of a source and places in them: which piece an offset lies in, and which line of which file that is.
 *
 * Few pieces, many offsets, most of them in the first: the list is walked. Lines and marks are searched by halving.
 */
#include "lang/rendering.h"
#include "lang/source.h"
#include "base/alloc.h"

#include <string.h>

static void
close_piece(struct mn_source *piece)
{
    mn_free(piece->name);
    mn_free(piece->text);
    mn_free(piece->lines);
    mn_list_fini(&piece->marks);
    mn_list_fini(&piece->uses);
    mn_arena_fini(&piece->arena);
}

void
mn_source_close(struct mn_source *source)
{
    struct mn_source *piece = source->next, *next;

    for (; piece; piece = next) {
        next = piece->next;
        close_piece(piece);
        mn_free(piece);
    }
    close_piece(source);
    *source = (struct mn_source){0};
}

const struct mn_source *
mn_source_piece(const struct mn_source *source, uint32_t offset)
{
    const struct mn_source *piece = source;

    while (piece->next && offset >= piece->next->base)
        piece = piece->next;
    return piece;
}

const char *
mn_source_at(const struct mn_source *source, uint32_t offset)
{
    const struct mn_source *piece = mn_source_piece(source, offset);
    uint32_t at = offset - piece->base;

    return piece->text + (at < piece->length ? at : piece->length);
}

/* ---- what the preprocessor adds ---- */

static struct mn_source *
add_made(struct mn_source *last)
{
    struct mn_source *fresh = mn_calloc(1, sizeof *fresh);

    if (!fresh)
        return NULL;
    *fresh = (struct mn_source){.name = mn_strdup("macro"),
                                .text = mn_calloc(1, MN_MADE_ROOM),
                                .kind = MN_PIECE_MADE,
                                .base = last->base + mn_source_room(last)};
    if (!fresh->name || !fresh->text) {
        close_piece(fresh);
        mn_free(fresh);
        return NULL;
    }
    last->next = fresh;
    return fresh;
}

bool
mn_source_spell(struct mn_source *source, const char *text, size_t length, uint32_t *offset)
{
    struct mn_source *last = source;

    if (length >= MN_MADE_ROOM)
        return false;
    while (last->next)
        last = last->next;
    if (last->kind != MN_PIECE_MADE || last->length + length + 1 > MN_MADE_ROOM)
        last = add_made(last);
    if (!last)
        return false;
    *offset = last->base + (uint32_t)last->length;
    memcpy(last->text + last->length, text, length);
    last->length += length + 1; /* the NUL keeps tokens apart */
    return true;
}

bool
mn_source_mark(struct mn_source *source, uint32_t offset, uint32_t line, const char *file, size_t length)
{
    struct mn_source *piece = (struct mn_source *)(uintptr_t)mn_source_piece(source, offset);
    const char *same = piece->marks.count
                           ? MN_LIST_AT(struct mn_line_mark, &piece->marks, piece->marks.count - 1)->file
                           : NULL;
    struct mn_line_mark *mark;

    if (!file)
        file = same;
    else if (!same || strlen(same) != length || memcmp(same, file, length) != 0)
        file = mn_arena_strndup(&source->arena, file, length);
    else
        file = same;
    mark = source->arena.failed ? NULL : mn_list_add(&piece->marks);
    if (!mark)
        return false;
    *mark = (struct mn_line_mark){offset - piece->base, line, file};
    return true;
}

/* ---- places ---- */

/* The index of the line that an offset in the piece's text lies in. */
static uint32_t
line_of(const struct mn_source *piece, uint32_t offset)
{
    uint32_t low = 0, high = piece->line_count;

    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;

        if (piece->lines[middle] <= offset)
            low = middle;
        else
            high = middle;
    }
    return low;
}

/* The last mark at or before the offset, or NULL. */
static const struct mn_line_mark *
mark_before(const struct mn_source *piece, uint32_t offset)
{
    size_t low = 0, high = piece->marks.count;

    while (low < high) {
        size_t middle = (low + high) / 2;

        if (MN_LIST_AT(struct mn_line_mark, &piece->marks, middle)->offset <= offset)
            low = middle + 1;
        else
            high = middle;
    }
    return low ? MN_LIST_AT(struct mn_line_mark, &piece->marks, low - 1) : NULL;
}

struct mn_position
mn_source_position(const struct mn_source *source, uint32_t offset)
{
    const struct mn_source *piece;
    const struct mn_line_mark *mark;
    uint32_t at, line, start, end;
    struct mn_position place;

    if (source->rendering) { /* places are those of the text the user wrote */
        offset = mn_rendering_span(source->rendering, offset).start;
        source = source->rendering->original;
    }
    piece = mn_source_piece(source, offset);
    at = offset - piece->base;
    if (!piece->line_count)
        return (struct mn_position){.file = source->name, .line = 1, .column = 1, .line_text = ""};
    if (at > piece->length)
        at = (uint32_t)piece->length;
    line = line_of(piece, at);
    start = piece->lines[line];
    end = line + 1 < piece->line_count ? piece->lines[line + 1] : (uint32_t)piece->length; /* lines may be long */
    while (end > start && (piece->text[end - 1] == '\n' || piece->text[end - 1] == '\r'))
        end--;
    if (line == 0 && piece->length >= 3 && !memcmp(piece->text, "\xEF\xBB\xBF", 3))
        start = 3; /* the byte order mark is no column */
    place = (struct mn_position){
        .file = piece->name,
        .line = line + 1,
        .column = at > start ? at - start + 1 : 1,
        .line_text = piece->text + start,
        .line_length = end > start ? end - start : 0,
    };
    if ((mark = mark_before(piece, at))) {
        place.line = mark->line + line - line_of(piece, mark->offset);
        if (mark->file)
            place.file = mark->file;
    }
    return place;
}

struct mn_span
mn_rendering_span(const struct mn_rendering *rendering, uint32_t offset)
{
    size_t low = 0, high = rendering->map.count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (MN_LIST_AT(struct mn_rendered, &rendering->map, middle)->at <= offset)
            low = middle + 1;
        else
            high = middle;
    }
    return low ? MN_LIST_AT(struct mn_rendered, &rendering->map, low - 1)->from : (struct mn_span){0, 0};
}
