/* SPDX-License-Identifier: MIT */
/* A growable run of bytes: doubling growth, one sticky failure flag. */
#include "base/buffer.h"

#include "base/alloc.h"

#include <stdio.h>
#include <string.h>

static bool
reserve(struct mn_buffer *b, size_t extra)
{
    size_t capacity = b->capacity != 0 ? b->capacity : 64;
    char *grown;

    if (b->failed || extra > (size_t)-1 / 4 - b->length) {
        b->failed = true;
        return false;
    }
    if (b->length + extra < b->capacity)
        return true;
    while (capacity <= b->length + extra)
        capacity *= 2;
    if ((grown = mn_realloc(b->data, capacity)) == NULL) {
        b->failed = true;
        return false;
    }
    b->data = grown;
    b->capacity = capacity;
    return true;
}

void
mn_buffer_append(struct mn_buffer *b, const void *bytes, size_t length)
{
    if (!reserve(b, length))
        return;
    if (length != 0)
        memcpy(b->data + b->length, bytes, length);
    b->length += length;
    b->data[b->length] = '\0';
}

char *
mn_buffer_extend(struct mn_buffer *b, size_t length)
{
    if (!reserve(b, length))
        return NULL;
    b->length += length;
    b->data[b->length] = '\0';
    return b->data + b->length - length;
}

void
mn_buffer_text(struct mn_buffer *b, const char *text)
{
    mn_buffer_append(b, text, strlen(text));
}

void
mn_buffer_char(struct mn_buffer *b, char c)
{
    mn_buffer_append(b, &c, 1);
}

void
mn_buffer_vprintf(struct mn_buffer *b, const char *format, va_list args)
{
    va_list again;
    int n;

    va_copy(again, args);
    n = vsnprintf(NULL, 0, format, args);
    if (n >= 0 && reserve(b, (size_t)n)) {
        vsnprintf(b->data + b->length, (size_t)n + 1, format, again);
        b->length += (size_t)n;
    }
    va_end(again);
}

void
mn_buffer_printf(struct mn_buffer *b, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    mn_buffer_vprintf(b, format, args);
    va_end(args);
}

void
mn_buffer_clear(struct mn_buffer *b)
{
    b->length = 0;
    b->failed = false;
    if (b->data != NULL)
        b->data[0] = '\0';
}

const char *
mn_buffer_peek(const struct mn_buffer *b)
{
    return b->data != NULL ? b->data : "";
}

char *
mn_buffer_take(struct mn_buffer *b)
{
    char *text = NULL;

    if (reserve(b, 0)) {
        text = b->data;
        text[b->length] = '\0';
        *b = MN_BUFFER_EMPTY;
    } else {
        mn_buffer_fini(b);
    }
    return text;
}

void
mn_buffer_fini(struct mn_buffer *b)
{
    mn_free(b->data);
    *b = MN_BUFFER_EMPTY;
}
