/* SPDX-License-Identifier: MIT */
/*
 * A growable run of bytes; text in it is always NUL-terminated (the NUL is not counted).
 *
 * The first failed growth sets `failed`, and later appends do nothing: a writer checks once, at the end.
 */
#ifndef MN_BASE_BUFFER_H
#define MN_BASE_BUFFER_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

struct mn_buffer {
    char *data; /* NULL while empty */
    size_t length, capacity;
    bool failed;
};

#define MN_BUFFER_EMPTY ((struct mn_buffer){0})

void mn_buffer_append(struct mn_buffer *buffer, const void *bytes, size_t length);
void mn_buffer_text(struct mn_buffer *buffer, const char *text);
void mn_buffer_char(struct mn_buffer *buffer, char c);
void mn_buffer_printf(struct mn_buffer *buffer, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void mn_buffer_vprintf(struct mn_buffer *buffer, const char *format, va_list args);

/* `length` more bytes for the caller to fill; where they begin, lent until the next append. NULL when memory
 * ran out. */
char *mn_buffer_extend(struct mn_buffer *buffer, size_t length);

/* Forgets the content, keeps the memory. */
void mn_buffer_clear(struct mn_buffer *buffer);

/* The text so far ("" while empty), lent until the next append. */
const char *mn_buffer_peek(const struct mn_buffer *buffer);

/* Hands over the text (mn_free it) and leaves the buffer empty; NULL if any append failed. */
char *mn_buffer_take(struct mn_buffer *buffer);
void mn_buffer_fini(struct mn_buffer *buffer);
#endif
