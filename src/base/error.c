/* SPDX-License-Identifier: MIT */
/* Statuses and the filling of mend_error; the closed set itself is include/mend/status.def. */
#include "base/error.h"

#include <stdio.h>
#include <string.h>

struct status_row {
    mend_status status;
    int exit_code;
    const char *name, *text, *remedy;
};

static const struct status_row rows[] = {
#define X(name, number, exit, text, remedy) {MEND_##name, exit, #name, text, remedy},
#include <mend/status.def>
#undef X
};

static const struct status_row *
row_of(mend_status status)
{
    static const struct status_row unknown = {MEND_INTERNAL, 1, "UNKNOWN", "unknown status", ""};

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (rows[i].status == status)
            return &rows[i];
    return &unknown;
}

const char *
mend_version(void)
{
    return MEND_VERSION_STRING;
}

const char *
mend_status_name(mend_status status)
{
    return row_of(status)->name;
}

const char *
mend_status_text(mend_status status)
{
    return row_of(status)->text;
}

const char *
mend_status_remedy(mend_status status)
{
    return row_of(status)->remedy;
}

int
mend_status_exit_code(mend_status status)
{
    return row_of(status)->exit_code;
}

void
mn_copy_text(char *dst, size_t size, const char *src)
{
    size_t n = strlen(src);

    if (n >= size) {
        n = size - 1;
        while (n > 0 && ((unsigned char)src[n] & 0xC0) == 0x80)
            n--;
    }
    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)src[i], before = i > 0 ? (unsigned char)src[i - 1] : 0;

        dst[i] = (c < 0x20 && c != '\n' && c != '\t') || c == 0x7F ? '?' : src[i];
        if (before == 0xC2 && c >= 0x80 && c < 0xA0)
            dst[i - 1] = dst[i] = '?'; /* U+0080..U+009F: some terminals obey these too */
    }
    dst[n] = '\0';
}

static void
write_text(char *dst, size_t size, const char *format, va_list args)
{
    char text[1024];

    vsnprintf(text, sizeof text, format, args);
    mn_copy_text(dst, size, text);
}

static void
begin(mend_error *err, mend_status status, const char *format, va_list args)
{
    memset(err, 0, sizeof *err);
    err->status = status;
    write_text(err->message, sizeof err->message, format, args);
    mn_copy_text(err->remedy, sizeof err->remedy, mend_status_remedy(status));
}

mend_status
mn_fail(mend_error *err, mend_status status, const char *format, ...)
{
    va_list args;

    if (err == NULL)
        return status;
    va_start(args, format);
    begin(err, status, format, args);
    va_end(args);
    return status;
}

mend_status
mn_fail_method(mend_error *err, mend_status status, const char *class_name, const char *selector,
               const char *format, ...)
{
    va_list args;

    if (err == NULL)
        return status;
    va_start(args, format);
    begin(err, status, format, args);
    va_end(args);
    if (class_name != NULL)
        mn_copy_text(err->class_name, sizeof err->class_name, class_name);
    if (selector != NULL)
        mn_copy_text(err->selector, sizeof err->selector, selector);
    return status;
}

mend_status
mn_fail_at(mend_error *err, mend_status status, const char *file, unsigned line, unsigned column,
           const char *format, ...)
{
    va_list args;

    if (err == NULL)
        return status;
    va_start(args, format);
    begin(err, status, format, args);
    va_end(args);
    if (file != NULL)
        mn_copy_text(err->file, sizeof err->file, file);
    err->line = line;
    err->column = column;
    return status;
}

void
mn_remedy(mend_error *err, const char *format, ...)
{
    va_list args;

    if (err == NULL)
        return;
    va_start(args, format);
    write_text(err->remedy, sizeof err->remedy, format, args);
    va_end(args);
}

mend_status
mn_fail_memory(mend_error *err)
{
    return mn_fail(err, MEND_NO_MEMORY, "memory has run out");
}
