/* SPDX-License-Identifier: MIT */
/* Writing JSON: a stack of one bit a level says which bracket closes, one flag says whether a comma is due.
 */
#include "base/json_writer.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* The length of the UTF-8 sequence at p[0..n), 0 when it is none (RFC 3629: no surrogates, no overlong
 * forms). */
static size_t
sequence_length(const unsigned char *p, size_t n)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    size_t length = p[0] < 0x80 ? 1 : p[0] >= 0xF0 ? 4 : p[0] >= 0xE0 ? 3 : p[0] >= 0xC0 ? 2 : 0;
    uint32_t c;

    if (length <= 1)
        return length;
    if (length > n || p[0] > 0xF4)
        return 0;
    c = p[0] & (0x7Fu >> length);
    for (size_t i = 1; i < length; i++) {
        if ((p[i] & 0xC0) != 0x80)
            return 0;
        c = c << 6 | (p[i] & 0x3Fu);
    }
    return c < least[length] || c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF) ? 0 : length;
}

static void
write_escaped(struct mn_buffer *out, unsigned c)
{
    static const char shorts[] = "\"\"\\\\\bb\ff\nn\rr\tt";

    for (size_t i = 0; shorts[i] != '\0'; i += 2)
        if ((unsigned)shorts[i] == c) {
            mn_buffer_char(out, '\\');
            mn_buffer_char(out, shorts[i + 1]);
            return;
        }
    mn_buffer_printf(out, "\\u%04x", c);
}

static void
write_string(struct mn_buffer *out, const char *text, size_t length)
{
    const unsigned char *p = (const unsigned char *)text;

    mn_buffer_char(out, '"');
    for (size_t i = 0; i < length;) {
        size_t n = sequence_length(p + i, length - i);

        if (n == 0) {
            mn_buffer_text(out, "\xEF\xBF\xBD");
            n = 1;
        } else if (p[i] < 0x20 || p[i] == 0x7F || p[i] == '"' || p[i] == '\\') {
            write_escaped(out, p[i]);
        } else if (n == 2 && p[i] == 0xC2 && p[i + 1] < 0xA0) {
            write_escaped(out, p[i + 1]);
        } else {
            mn_buffer_append(out, p + i, n);
        }
        i += n;
    }
    mn_buffer_char(out, '"');
}

static bool
in_object(const struct mn_json_writer *w)
{
    return w->depth > 0 && (w->objects >> (w->depth - 1) & 1) != 0;
}

/* The comma and the name that go before a value. A name outside an object, or none inside one, is a bug. */
static void
before_value(struct mn_json_writer *w, const char *name)
{
    if (in_object(w) != (name != NULL) || (w->depth == 0 && w->comma))
        w->out->failed = true;
    if (w->comma)
        mn_buffer_char(w->out, ',');
    w->comma = true;
    if (name != NULL) {
        write_string(w->out, name, strlen(name));
        mn_buffer_char(w->out, ':');
    }
}

static void
open_level(struct mn_json_writer *w, const char *name, bool object)
{
    before_value(w, name);
    if (w->depth == MN_JSON_WRITER_DEPTH) {
        w->out->failed = true;
        return;
    }
    mn_buffer_char(w->out, object ? '{' : '[');
    w->objects &= ~((uint64_t)1 << w->depth);
    w->objects |= (uint64_t)object << w->depth;
    w->depth++;
    w->comma = false;
}

void
mn_json_object(struct mn_json_writer *w, const char *name)
{
    open_level(w, name, true);
}

void
mn_json_array(struct mn_json_writer *w, const char *name)
{
    open_level(w, name, false);
}

void
mn_json_end(struct mn_json_writer *w)
{
    if (w->depth == 0) {
        w->out->failed = true;
        return;
    }
    mn_buffer_char(w->out, in_object(w) ? '}' : ']');
    w->depth--;
    w->comma = true;
}

void
mn_json_put_bytes(struct mn_json_writer *w, const char *name, const char *text, size_t length)
{
    before_value(w, name);
    write_string(w->out, text, length);
}

void
mn_json_put_text(struct mn_json_writer *w, const char *name, const char *text)
{
    if (text == NULL)
        mn_json_put_null(w, name);
    else
        mn_json_put_bytes(w, name, text, strlen(text));
}

void
mn_json_put_int(struct mn_json_writer *w, const char *name, long long value)
{
    before_value(w, name);
    mn_buffer_printf(w->out, "%lld", value);
}

void
mn_json_put_bool(struct mn_json_writer *w, const char *name, bool value)
{
    before_value(w, name);
    mn_buffer_text(w->out, value ? "true" : "false");
}

void
mn_json_put_null(struct mn_json_writer *w, const char *name)
{
    before_value(w, name);
    mn_buffer_text(w->out, "null");
}

void
mn_json_put_real(struct mn_json_writer *w, const char *name, double value)
{
    char text[40];

    if (!isfinite(value)) {
        mn_json_put_null(w, name);
        return;
    }
    before_value(w, name);
    snprintf(text, sizeof text, "%.17g", value);
    for (char *p = text; *p != '\0'; p++)
        if (*p == ',') /* the host's locale */
            *p = '.';
    mn_buffer_text(w->out, text);
    if (strpbrk(text, ".e") == NULL)
        mn_buffer_text(w->out, ".0"); /* stays a real when read again */
}

void
mn_json_put_copy(struct mn_json_writer *w, const char *name, const struct mn_json *node)
{
    void *cursor = NULL;
    const char *member_name;
    const struct mn_json *member;

    if (w->out->failed)
        return; /* also ends the descent into what is too deep */
    switch (mn_json_kind(node)) {
    case MN_JSON_ABSENT:
    case MN_JSON_NULL:
        mn_json_put_null(w, name);
        break;
    case MN_JSON_BOOL:
        mn_json_put_bool(w, name, mn_json_bool(node, false));
        break;
    case MN_JSON_INT:
        mn_json_put_int(w, name, mn_json_int(node, 0));
        break;
    case MN_JSON_REAL:
        mn_json_put_real(w, name, mn_json_real(node, 0));
        break;
    case MN_JSON_TEXT:
        mn_json_put_bytes(w, name, mn_json_text(node, ""), mn_json_count(node));
        break;
    case MN_JSON_ARRAY:
        mn_json_array(w, name);
        for (size_t i = 0; i < mn_json_count(node); i++)
            mn_json_put_copy(w, NULL, mn_json_item(node, i));
        mn_json_end(w);
        break;
    case MN_JSON_OBJECT:
        mn_json_object(w, name);
        while (mn_json_next(node, &cursor, &member_name, &member))
            mn_json_put_copy(w, member_name, member);
        mn_json_end(w);
        break;
    }
}
