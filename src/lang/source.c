/* SPDX-License-Identifier: MIT */
/*
 * Opening a source: size first, then bytes, then lines.
 *
 * A file is refused by its size before its bytes are read; what has no size (a pipe) is read up to the limit
 * and one byte more. The line table is one array of offsets, searched by halving: only diagnostics and the
 * compiler's line table ask for places, and seldom.
 */
#include "lang/source.h"
#include "base/alloc.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static mend_status
too_large(const char *name, size_t length, size_t most, mend_error *err)
{
    mn_fail_at(err, MEND_TOO_LARGE, name, 0, 0,
               "the source has %s%zu bytes; at most %zu (%zu MiB) are accepted", length > most + 1u ? "" : "more than ",
               length > most + 1u ? length : most, most, most >> 20);
    return MEND_TOO_LARGE;
}

/* Length of the UTF-8 sequence at p (at most `left` bytes), 0 when it is none (RFC 3629: no overlong forms,
 * no surrogates, nothing above U+10FFFF). */
static size_t
sequence(const unsigned char *p, size_t left)
{
    size_t length;
    unsigned low = 0x80, high = 0xBF;

    if (p[0] < 0x80)
        return 1;
    if (p[0] >= 0xC2 && p[0] <= 0xDF) {
        length = 2;
    } else if ((p[0] & 0xF0) == 0xE0) {
        length = 3;
        if (p[0] == 0xE0)
            low = 0xA0;
        if (p[0] == 0xED)
            high = 0x9F;
    } else if (p[0] >= 0xF0 && p[0] <= 0xF4) {
        length = 4;
        if (p[0] == 0xF0)
            low = 0x90;
        if (p[0] == 0xF4)
            high = 0x8F;
    } else {
        return 0;
    }
    if (left < length || p[1] < low || p[1] > high)
        return 0;
    for (size_t i = 2; i < length; i++)
        if ((p[i] & 0xC0) != 0x80)
            return 0;
    return length;
}

/* The offset of the first byte that is NUL or starts no UTF-8 sequence; length when there is none. */
static size_t
first_bad_byte(const char *text, size_t length)
{
    const unsigned char *p = (const unsigned char *)text;
    size_t i = 0;

    while (i < length) {
        uint64_t eight;
        size_t step;

        if (length - i >= 8) {
            memcpy(&eight, p + i, 8);
            if (!(eight & 0x8080808080808080u) &&
                !((eight - 0x0101010101010101u) & ~eight & 0x8080808080808080u)) {
                i += 8;
                continue;
            }
        }
        step = p[i] ? sequence(p + i, length - i) : 0;
        if (!step)
            return i;
        i += step;
    }
    return length;
}

static bool
is_blank(const char *text, size_t length)
{
    size_t i = length >= 3 && !memcmp(text, "\xEF\xBB\xBF", 3) ? 3 : 0;

    while (i < length && strchr(" \t\r\n\f\v", text[i]))
        i++;
    return i == length;
}

/* Counts the lines, and on the second round writes their offsets. */
static uint32_t
each_line(const struct mn_source *source, uint32_t *lines)
{
    const char *p = source->text, *end = p + source->length;
    uint32_t count = 0;

    for (;;) {
        if (lines)
            lines[count] = (uint32_t)(p - source->text);
        count++;
        while (p < end && *p != '\n' && *p != '\r')
            p++;
        if (p == end)
            return count;
        p += p[0] == '\r' && p[1] == '\n' ? 2 : 1;
    }
}

/* Takes over `text` (allocated, length + 1 bytes), also on failure. */
static mend_status
open_take(struct mn_source *source, const char *name, char *text, size_t length, bool blank, mend_error *err)
{
    size_t bad;
    mend_status st;

    text[length] = 0;
    *source = (struct mn_source){.name = mn_strdup(name),
                                 .text = text,
                                 .length = length,
                                 .marks = MN_LIST_OF(struct mn_line_mark),
                                 .uses = MN_LIST_OF(struct mn_macro_use)};
    if (!source->name) {
        st = mn_fail_memory(err);
        goto fail;
    }
    source->line_count = each_line(source, NULL);
    source->lines = mn_malloc(source->line_count * sizeof *source->lines);
    if (!source->lines) {
        st = mn_fail_memory(err);
        goto fail;
    }
    each_line(source, source->lines);
    bad = first_bad_byte(text, length);
    if (bad < length) {
        struct mn_position place = mn_source_position(source, (uint32_t)bad);

        st = mn_fail_at(err, MEND_NOT_TEXT, name, place.line, place.column,
                        text[bad] ? "byte 0x%02X is not UTF-8 text"
                                  : "the source holds a NUL byte: it is no text",
                        (unsigned)(unsigned char)text[bad]);
        goto fail;
    }
    if (!blank && is_blank(text, length)) {
        st = mn_fail_at(err, MEND_SYNTAX, name, 1, 1, "the source is empty: it patches nothing");
        goto fail;
    }
    return MEND_OK;
fail:
    mn_source_close(source);
    return st;
}

static mend_status
open_copy(struct mn_source *source, const char *name, const char *text, size_t length, bool blank, size_t most,
          mend_error *err)
{
    char *copy;

    *source = (struct mn_source){0};
    if (length > most)
        return too_large(name, length, most, err);
    copy = mn_malloc(length + 1);
    if (!copy)
        return mn_fail_memory(err);
    if (length)
        memcpy(copy, text, length);
    return open_take(source, name, copy, length, blank, err);
}

mend_status
mn_source_open(struct mn_source *source, const char *name, const char *text, size_t length, mend_error *err)
{
    return open_copy(source, name, text, length, false, MN_SOURCE_MAX, err);
}

mend_status
mn_source_open_large(struct mn_source *source, const char *name, const char *text, size_t length, size_t most,
                     mend_error *err)
{
    return open_copy(source, name, text, length, false, most, err);
}

mend_status
mn_source_add(struct mn_source *source, enum mn_piece_kind kind, const char *name, const char *text,
              size_t length, struct mn_source **piece, mend_error *err)
{
    struct mn_source *last = source, *fresh = mn_calloc(1, sizeof *fresh);
    mend_status st;

    *piece = NULL;
    if (!fresh)
        return mn_fail_memory(err);
    while (last->next)
        last = last->next;
    if ((st = open_copy(fresh, name, text, length, true, MN_SOURCE_MAX, err)) == MEND_OK && last->base > MN_SOURCES_MAX)
        st = mn_fail_at(err, MEND_TOO_LARGE, name, 0, 0, "the source and what it imports are more than %u MiB",
                        MN_SOURCES_MAX >> 20);
    if (st != MEND_OK) {
        mn_source_close(fresh);
        mn_free(fresh);
        return st;
    }
    fresh->kind = kind;
    fresh->base = last->base + mn_source_room(last);
    last->next = *piece = fresh;
    return MEND_OK;
}

/* Reads fd to its end into *text (room for `room` bytes); *length may come out as room: there is more. */
static int
read_all(int fd, char *text, size_t room, size_t *length)
{
    *length = 0;
    while (*length < room) {
        ssize_t got = read(fd, text + *length, room - *length);

        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return errno;
        if (got == 0)
            return 0;
        *length += (size_t)got;
    }
    return 0;
}

mend_status
mn_source_load(struct mn_source *source, const char *path, mend_error *err)
{
    struct stat facts;
    char *text = NULL;
    size_t room, length;
    int fd, failure;
    mend_status st;

    *source = (struct mn_source){0};
    fd = open(path,
              O_RDONLY | O_CLOEXEC | O_NONBLOCK); /* non-blocking: a FIFO nobody writes must not hang us */
    if (fd < 0 || fstat(fd, &facts) != 0) {
        st = mn_fail_at(err, MEND_IO, path, 0, 0, "cannot read the source: %s", strerror(errno));
        goto done;
    }
    if (S_ISDIR(facts.st_mode)) {
        st = mn_fail_at(err, MEND_IO, path, 0, 0, "cannot read the source: it is a directory");
        goto done;
    }
    if (S_ISREG(facts.st_mode) && facts.st_size > (off_t)MN_SOURCE_MAX) {
        st = too_large(path, (size_t)facts.st_size, MN_SOURCE_MAX, err);
        goto done;
    }
    /* A file that grows meanwhile shows by filling the one byte of room too many. */
    room = S_ISREG(facts.st_mode) && facts.st_size > 0 ? (size_t)facts.st_size + 1 : MN_SOURCE_MAX + 1u;
    text = mn_malloc(room + 1);
    if (!text) {
        st = mn_fail_memory(err);
        goto done;
    }
    if (!S_ISREG(facts.st_mode))
        fcntl(fd, F_SETFL, 0);
    failure = read_all(fd, text, room, &length);
    if (failure) {
        st = mn_fail_at(err, MEND_IO, path, 0, 0, "cannot read the source: %s", strerror(failure));
    } else if (length > MN_SOURCE_MAX) {
        st = too_large(path, length, MN_SOURCE_MAX, err);
    } else if (length == room) {
        st = mn_fail_at(err, MEND_IO, path, 0, 0, "the source grew while it was read");
    } else {
        st = open_take(source, path, text, length, false, err);
        text = NULL;
    }
done:
    mn_free(text);
    if (fd >= 0)
        close(fd);
    return st;
}
