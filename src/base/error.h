/* SPDX-License-Identifier: MIT */
/* How a mend_error is filled. Every function accepts err == NULL and returns the status it was given. */
#ifndef MN_BASE_ERROR_H
#define MN_BASE_ERROR_H

#include <mend/error.h>
#include <stdarg.h>
#include <stddef.h>

/* Fills *err: status, its default remedy, and the message from `format`; class, selector and file are
 * cleared. */
mend_status mn_fail(mend_error *err, mend_status status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The same, naming the class and the selector concerned (either may be NULL). */
mend_status mn_fail_method(mend_error *err, mend_status status, const char *class_name, const char *selector,
                           const char *format, ...) __attribute__((format(printf, 5, 6)));

/* The same, naming a place in a file; line and column are 1-based. */
mend_status mn_fail_at(mend_error *err, mend_status status, const char *file, unsigned line, unsigned column,
                       const char *format, ...) __attribute__((format(printf, 6, 7)));

/* Replaces the remedy of an error already filled. */
void mn_remedy(mend_error *err, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* "out of memory": the one failure that needs no words of its own. */
mend_status mn_fail_memory(mend_error *err);

/*
 * Copies src into dst[size], cut at a UTF-8 boundary, control characters but newline and tab replaced by '?':
 * names come from outside and end on terminals.
 */
void mn_copy_text(char *dst, size_t size, const char *src);
#endif
