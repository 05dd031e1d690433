/* SPDX-License-Identifier: MIT */
/*
 * One finding as text: header, source line, caret line.
 *
 *     fix.m:3:6: error: unknown class 'NSStrin'; did you mean 'NSString'?
 *         [NSStrin string];
 *          ^~~~~~~
 *
 * Whatever the source holds, a terminal shows text and nothing else: control characters, invalid bytes and
 * the characters that turn the direction of writing come out as '?', tabs as blanks. Of a long line a window
 * around the caret is shown. Writes as snprintf does, into what the caller gave: nothing is allocated.
 */
#include "lang/diagnostic.h"

#include <string.h>

#define WINDOW 120 /* columns of a source line shown at most */
#define BEFORE 80  /* of them at most before the caret */
#define TAB    8

struct writer {
    char *text;
    size_t size, length; /* length counts what would be written */
    bool colour;
};

static void
put(struct writer *w, const char *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++, w->length++)
        if (w->length + 1 < w->size)
            w->text[w->length] = bytes[i];
}

static void
put_text(struct writer *w, const char *text)
{
    put(w, text, strlen(text));
}

static void
put_colour(struct writer *w, const char *escape)
{
    if (w->colour)
        put_text(w, escape);
}

static void
put_number(struct writer *w, unsigned number)
{
    char digits[12];
    size_t at = sizeof digits;

    do {
        digits[--at] = (char)('0' + number % 10);
        number /= 10;
    } while (number);
    put(w, digits + at, sizeof digits - at);
}

/* One character of a text: its bytes and the columns a terminal gives it. `shown` false: print '?' instead.
 */
struct glyph {
    size_t bytes;
    unsigned columns;
    bool shown;
};

struct range {
    uint32_t first, last;
};

static bool
within(uint32_t c, const struct range *ranges, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (c >= ranges[i].first && c <= ranges[i].last)
            return true;
    return false;
}

static uint32_t
decode(const unsigned char *p, size_t left, size_t *bytes)
{
    size_t want = p[0] >= 0xF0 ? 4 : p[0] >= 0xE0 ? 3 : p[0] >= 0xC2 ? 2 : 1;
    uint32_t c = want == 1 ? p[0] : p[0] & (0xFFu >> (want + 1));

    *bytes = 1;
    if (want == 1 || want > left)
        return p[0] < 0x80 ? p[0] : 0xFFFFFFFF;
    for (size_t i = 1; i < want; i++) {
        if ((p[i] & 0xC0) != 0x80)
            return 0xFFFFFFFF;
        c = c << 6 | (p[i] & 0x3Fu);
    }
    *bytes = want;
    return c;
}

static struct glyph
glyph_at(const char *text, size_t left)
{
    static const struct range hidden[] = {
        {0, 0x1F},        {0x7F, 0x9F},     {0x200B, 0x200F}, {0x2028, 0x202E},   {0x2060, 0x206F},
        {0xFEFF, 0xFEFF}, {0xFFF9, 0xFFFB}, {0x61C, 0x61C},   {0xE0000, 0xE0FFF}, {0x110000, 0xFFFFFFFF}};
    static const struct range wide[] = {{0x1100, 0x115F},   {0x2E80, 0xA4CF},  {0xAC00, 0xD7A3},
                                        {0xF900, 0xFAFF},   {0xFE30, 0xFE6F},  {0xFF00, 0xFF60},
                                        {0x1F300, 0x1FAFF}, {0x20000, 0x3FFFD}};
    static const struct range combining[] = {{0x300, 0x36F}, {0x20D0, 0x20FF}, {0xFE00, 0xFE0F}};
    struct glyph g = {.columns = 1, .shown = true};
    uint32_t c = decode((const unsigned char *)text, left, &g.bytes);

    if (c < 0x7F && c >= 0x20)
        return g;
    g.shown = !within(c, hidden, sizeof hidden / sizeof *hidden);
    if (g.shown && within(c, wide, sizeof wide / sizeof *wide))
        g.columns = 2;
    if (g.shown && within(c, combining, sizeof combining / sizeof *combining))
        g.columns = 0;
    return g;
}

static void
put_safely(struct writer *w, const char *text)
{
    size_t left = strlen(text);

    while (left) {
        struct glyph g = glyph_at(text, left);

        put(w, g.shown ? text : "?", g.shown ? g.bytes : 1);
        text += g.bytes;
        left -= g.bytes;
    }
}

static void
put_header(struct writer *w, const mend_diagnostic *f)
{
    static const char *const words[] = {
        [MEND_NOTE] = "note: ", [MEND_WARNING] = "warning: ", [MEND_ERROR] = "error: "};
    static const char *const colours[] = {
        [MEND_NOTE] = "\33[1;36m", [MEND_WARNING] = "\33[1;35m", [MEND_ERROR] = "\33[1;31m"};

    put_colour(w, "\33[1m");
    put_safely(w, f->file ? f->file : "<patch>");
    if (f->line) {
        put_text(w, ":");
        put_number(w, f->line);
        put_text(w, ":");
        put_number(w, f->column);
    }
    put_text(w, ": ");
    put_colour(w, colours[f->severity]);
    put_text(w, words[f->severity]);
    put_colour(w, "\33[0m\33[1m");
    put_safely(w, f->message);
    if (f->suggestion) {
        put_text(w, "; ");
        put_safely(w, f->suggestion);
    }
    put_colour(w, "\33[0m");
    put_text(w, "\n");
}

/* Columns of one glyph at a column: a tab reaches to the next stop. */
static unsigned
columns_at(const char *text, struct glyph g, unsigned column)
{
    return *text == '\t' ? TAB - column % TAB : g.columns;
}

/* The column at which the byte `offset` of a line is shown. */
static unsigned
column_of(const char *line, size_t length, size_t offset)
{
    unsigned column = 0;

    for (size_t i = 0; i < length && i < offset;) {
        struct glyph g = glyph_at(line + i, length - i);

        column += columns_at(line + i, g, column);
        i += g.bytes;
    }
    return column;
}

/* Writes the columns [from, to) of a line. */
static void
put_window(struct writer *w, const char *line, size_t length, unsigned from, unsigned to)
{
    unsigned column = 0;

    for (size_t i = 0; i < length && column < to;) {
        struct glyph g = glyph_at(line + i, length - i);
        unsigned columns = columns_at(line + i, g, column);

        if (line[i] == '\t') {
            for (unsigned k = column; k < column + columns; k++)
                if (k >= from && k < to)
                    put_text(w, " ");
        } else if (column >= from && column + columns <= to) {
            put(w, g.shown ? line + i : "?", g.shown ? g.bytes : 1);
        }
        column += columns;
        i += g.bytes;
    }
}

static void
put_line(struct writer *w, const mend_diagnostic *f)
{
    size_t length = strlen(f->source_line);
    size_t start = f->column ? f->column - 1 : 0, end;
    unsigned caret, last, from = 0, to;

    if (start > length)
        start = length;
    end = start + (f->width ? f->width : 1);
    caret = column_of(f->source_line, length, start);
    last = column_of(f->source_line, length, end < length ? end : length);
    if (caret > BEFORE)
        from = caret - BEFORE / 2;
    to = from + WINDOW;
    put_text(w, from ? " ..." : "    ");
    put_window(w, f->source_line, length, from, to);
    put_text(w, "\n    ");
    for (unsigned i = from; i < caret; i++)
        put_text(w, " ");
    put_colour(w, "\33[1;32m");
    put_text(w, "^");
    for (unsigned i = caret + 1; i < last && i < to; i++)
        put_text(w, "~");
    put_colour(w, "\33[0m");
    put_text(w, "\n");
}

size_t
mend_diagnostic_format(const mend_diagnostic *finding, int colour, char *text, size_t size)
{
    struct writer w = {.text = text, .size = size, .colour = colour != 0};

    put_header(&w, finding);
    if (finding->source_line && finding->line)
        put_line(&w, finding);
    if (finding->pointer && *finding->pointer) {
        put_text(&w, "    at ");
        put_safely(&w, finding->pointer);
        put_text(&w, "\n");
    }
    if (size)
        text[w.length < size ? w.length : size - 1] = 0;
    return w.length;
}
