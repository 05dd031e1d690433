/* SPDX-License-Identifier: MIT */
/*
 * Values of literals.
 *
 * A number is first delimited as C's preprocessor would (digits, letters, dots, signed exponents), except
 * that a dot followed by a letter that is no exponent or suffix ends it: `1.foo()` sends foo to 1. Then it is
 * read strictly. strtod obeys the host's locale, so floats are read under the C locale of their own.
 */
#include "lang/objc/literal.h"
#include "abi/type.h"
#include "base/buffer.h"

#include <locale.h>
#include <stdlib.h>
#include <string.h>

static bool
is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool
is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$' || (c & 0x80);
}

static int
hex_digit(char c)
{
    return is_digit(c)            ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

/* Whether the '.' at p belongs to the number before it. */
static bool
dot_is_ours(const char *p, bool hex)
{
    char next = p[1];

    if (next == '.')
        return false; /* `1...5` */
    if (hex)
        return hex_digit(next) >= 0 || next == 'p' || next == 'P';
    if (next == 'e' || next == 'E')
        return is_digit(p[2]) || ((p[2] == '+' || p[2] == '-') && is_digit(p[3]));
    if (next && strchr("fFlL", next))
        return !is_letter(p[2]) && !is_digit(p[2]) && p[2] != '(' && p[2] != ':';
    return !is_letter(next);
}

static const char *
number_end(const char *p)
{
    bool hex = p[0] == '0' && (p[1] == 'x' || p[1] == 'X'), dotted = false;

    for (;;) {
        if ((hex ? *p == 'p' || *p == 'P' : *p == 'e' || *p == 'E') && (p[1] == '+' || p[1] == '-') &&
            is_digit(p[2]))
            p += 2;
        else if (*p == '.' && !dotted && dot_is_ours(p, hex))
            dotted = true, p++;
        else if (is_digit(*p) || is_letter(*p))
            p++;
        else
            return p;
    }
}

/* Reads uUlL suffixes up to end; false when what is there is none. */
static bool
integer_suffix(const char *p, const char *end, uint8_t *suffix)
{
    while (p < end) {
        if ((*p == 'u' || *p == 'U') && !(*suffix & MN_SUFFIX_U)) {
            *suffix |= MN_SUFFIX_U;
            p++;
        } else if ((*p == 'l' || *p == 'L') && !(*suffix & (MN_SUFFIX_L | MN_SUFFIX_LL))) {
            bool twice = p + 1 < end && p[1] == p[0];

            *suffix |= twice ? MN_SUFFIX_LL : MN_SUFFIX_L;
            p += twice ? 2 : 1;
        } else {
            return false;
        }
    }
    return true;
}

static void
read_integer(struct mn_arena *arena, const char *start, const char *end, struct mn_read_literal *read)
{
    const char *p = start;
    uint64_t value = 0;
    unsigned base = 10;

    if (p[0] == '0' && (p[1] == 'x' || p[1] == 'X'))
        base = 16, p += 2;
    else if (p[0] == '0' && (p[1] == 'b' || p[1] == 'B'))
        base = 2, p += 2;
    else if (p[0] == '0' && is_digit(p[1]))
        base = 8, p++;
    if (base != 10 && (p == end || hex_digit(*p) < 0)) {
        read->error = mn_arena_printf(arena, "'%.*s' has no digits", (int)(p - start), start);
        return;
    }
    for (; p < end && (base == 16 ? hex_digit(*p) >= 0 : is_digit(*p)); p++) {
        unsigned digit = (unsigned)hex_digit(*p);

        if (digit >= base) {
            read->error = mn_arena_printf(arena, "'%c' is no %s digit", *p, base == 8 ? "octal" : "binary");
            return;
        }
        if (value > (UINT64_MAX - digit) / base) {
            read->error = "integer literal too large: it does not fit 64 bits";
            return;
        }
        value = value * base + digit;
    }
    read->value.integer = value;
    read->value.base = (uint8_t)base;
    if (!integer_suffix(p, end, &read->value.suffix))
        read->error = mn_arena_printf(arena, "invalid suffix '%.*s' on a number",
                                      end - p > 40 ? 40 : (int)(end - p), p);
}

static void
read_floating(struct mn_arena *arena, const char *start, const char *end, struct mn_read_literal *read)
{
    char *text = mn_arena_strndup(arena, start, (size_t)(end - start)), *stop, *stop_precise;
    locale_t plain = newlocale(LC_ALL_MASK, "C", (locale_t)0);

    if (!text || !plain) {
        arena->failed = true;
        return;
    }
    read->value.floating.value = strtod_l(text, &stop, plain);
    read->value.floating.precise = strtold_l(text, &stop_precise, plain);
    freelocale(plain);
    if ((*stop == 'f' || *stop == 'F') && !stop[1])
        read->value.suffix = MN_SUFFIX_F;
    else if ((*stop == 'l' || *stop == 'L') && !stop[1])
        read->value.suffix = MN_SUFFIX_L;
    else if (*stop)
        read->error = mn_arena_printf(arena, "invalid suffix '%.40s' on a number", stop);
}

const char *
mn_read_number(struct mn_arena *arena, const char *start, struct mn_read_literal *read, bool *floating)
{
    const char *end = number_end(start);
    bool hex = start[0] == '0' && (start[1] == 'x' || start[1] == 'X');

    *read = (struct mn_read_literal){0};
    *floating = memchr(start, '.', (size_t)(end - start)) != NULL;
    for (const char *p = start; p < end && !*floating; p++)
        *floating =
            hex ? *p == 'p' || *p == 'P' : (*p == 'e' || *p == 'E') && p + 1 < end && !is_letter(p[1]);
    if (*floating && hex && !memchr(start, 'p', (size_t)(end - start)) &&
        !memchr(start, 'P', (size_t)(end - start))) {
        read->error = "a hexadecimal floating-point number needs an exponent ('p')";
        return end;
    }
    if (*floating)
        read_floating(arena, start, end, read);
    else
        read_integer(arena, start, end, read);
    return end;
}

/* ---- quoted text ---- */

struct quoted {
    struct mn_arena *arena;
    const char *end;
    void (*warn)(void *data, const char *at, const char *message);
    void *data;
    struct mn_buffer out;
    const char *error;
};

static void
put_code_point(struct mn_buffer *out, uint32_t c)
{
    char bytes[4];
    size_t n;

    if (c < 0x80) {
        bytes[0] = (char)c, n = 1;
    } else if (c < 0x800) {
        bytes[0] = (char)(0xC0 | c >> 6), bytes[1] = (char)(0x80 | (c & 0x3F)), n = 2;
    } else if (c < 0x10000) {
        bytes[0] = (char)(0xE0 | c >> 12), bytes[1] = (char)(0x80 | (c >> 6 & 0x3F));
        bytes[2] = (char)(0x80 | (c & 0x3F)), n = 3;
    } else {
        bytes[0] = (char)(0xF0 | c >> 18), bytes[1] = (char)(0x80 | (c >> 12 & 0x3F));
        bytes[2] = (char)(0x80 | (c >> 6 & 0x3F)), bytes[3] = (char)(0x80 | (c & 0x3F)), n = 4;
    }
    mn_buffer_append(out, bytes, n);
}

static const char *
hex_escape(struct quoted *q, const char *p)
{
    unsigned value = 0, digits = 0;

    for (; hex_digit(*p) >= 0; p++, digits++)
        value = value > 0xFFFF ? value : value * 16 + (unsigned)hex_digit(*p);
    if (!digits)
        q->error = "'\\x' needs hexadecimal digits";
    else if (value > 0xFF)
        q->error = "a '\\x' escape is one byte: at most \\xFF";
    mn_buffer_char(&q->out, (char)value);
    return p;
}

static const char *
octal_escape(struct quoted *q, const char *p)
{
    unsigned value = 0;

    for (int i = 0; i < 3 && *p >= '0' && *p <= '7'; i++, p++)
        value = value * 8 + (unsigned)(*p - '0');
    if (value > 0xFF)
        q->error = "an octal escape is one byte: at most \\377";
    mn_buffer_char(&q->out, (char)value);
    return p;
}

static const char *
unicode_escape(struct quoted *q, const char *p, int digits)
{
    uint32_t c = 0;

    for (int i = 0; i < digits; i++, p++) {
        if (hex_digit(*p) < 0) {
            q->error =
                digits == 4 ? "'\\u' needs four hexadecimal digits" : "'\\U' needs eight hexadecimal digits";
            return p;
        }
        c = c * 16 + (uint32_t)hex_digit(*p);
    }
    if (c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF))
        q->error = "the escape names no Unicode character";
    else
        put_code_point(&q->out, c);
    return p;
}

/* p is behind the backslash; returns where reading goes on. */
static const char *
escape(struct quoted *q, const char *p)
{
    static const char from[] = "ntrabfv\"'\\?", to[] = "\n\t\r\a\b\f\v\"'\\?";
    const char *known = *p ? strchr(from, *p) : NULL;

    if (known) {
        mn_buffer_char(&q->out, to[known - from]);
        return p + 1;
    }
    if (*p >= '0' && *p <= '7')
        return octal_escape(q, p);
    if (*p == 'x')
        return hex_escape(q, p + 1);
    if (*p == 'u' || *p == 'U')
        return unicode_escape(q, p + 1, *p == 'u' ? 4 : 8);
    if (*p == '\n')
        return p + 1;
    if (*p == '\r')
        return p + (p[1] == '\n' ? 2 : 1);
    q->warn(q->data, p - 1, "unknown escape: the backslash is kept");
    mn_buffer_char(&q->out, '\\');
    return p; /* the character itself is ordinary text */
}

/* Reads up to the closing quote; NULL when it is missing (then *stop is where the line ends). */
static const char *
read_quoted(struct quoted *q, const char *p, char quote, const char **stop)
{
    while (p < q->end && *p != quote && *p != '\n' && *p != '\r') {
        const char *run = p;

        while (p < q->end && *p != quote && *p != '\\' && *p != '\n' && *p != '\r')
            p++;
        mn_buffer_append(&q->out, run, (size_t)(p - run));
        if (p < q->end && *p == '\\')
            p = p + 1 < q->end ? escape(q, p + 1) : p + 1;
    }
    *stop = p;
    return p < q->end && *p == quote ? p + 1 : NULL;
}

const char *
mn_read_string(struct mn_arena *arena, const char *start, const char *end,
               void (*warn)(void *data, const char *at, const char *message), void *data,
               struct mn_read_literal *read)
{
    struct quoted q = {.arena = arena, .end = end, .warn = warn, .data = data};
    const char *stop, *close = read_quoted(&q, start + 1, '"', &stop);

    *read = (struct mn_read_literal){.error = q.error};
    if (!close)
        read->error = "unterminated string: '\"' is missing before the end of the line";
    if (!read->error) {
        read->value.string.length = (uint32_t)q.out.length;
        read->value.string.bytes = mn_arena_strndup(arena, mn_buffer_peek(&q.out), q.out.length);
    }
    arena->failed |= q.out.failed;
    mn_buffer_fini(&q.out);
    return close ? close : stop;
}

/* The value of the bytes between the quotes: one character, or up to four packed as compilers do. */
static void
pack_character(const char *bytes, size_t length, bool escaped, struct mn_read_literal *read)
{
    uint32_t value = 0;

    if (!length) {
        read->error = "empty character constant";
    } else if (length == 1) {
        read->value.character = MN_CHAR_IS_SIGNED ? (signed char)bytes[0] : (unsigned char)bytes[0];
    } else if (!escaped && (unsigned char)bytes[0] >= 0xC2) {
        size_t want = (unsigned char)bytes[0] >= 0xF0 ? 4 : (unsigned char)bytes[0] >= 0xE0 ? 3 : 2;

        value = (unsigned char)bytes[0] & (0xFFu >> (want + 1));
        for (size_t i = 1; i < want && i < length; i++)
            value = value << 6 | ((unsigned char)bytes[i] & 0x3F);
        read->value.character = (int32_t)value;
        if (length != want)
            read->error = "more than one character in a character constant";
    } else if (length <= 4) {
        for (size_t i = 0; i < length; i++)
            value = value << 8 | (unsigned char)bytes[i];
        read->value.character = (int32_t)value;
    } else {
        read->error = "more than four characters in a character constant";
    }
}

const char *
mn_read_character(struct mn_arena *arena, const char *start, const char *end,
                  void (*warn)(void *data, const char *at, const char *message), void *data,
                  struct mn_read_literal *read)
{
    struct quoted q = {.arena = arena, .end = end, .warn = warn, .data = data};
    const char *stop, *close = read_quoted(&q, start + 1, '\'', &stop);

    *read = (struct mn_read_literal){.error = q.error};
    if (!close)
        read->error = "unterminated character constant: \"'\" is missing before the end of the line";
    if (!read->error)
        pack_character(mn_buffer_peek(&q.out), q.out.length, start[1] == '\\', read);
    arena->failed |= q.out.failed;
    mn_buffer_fini(&q.out);
    return close ? close : stop;
}
