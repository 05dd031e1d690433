/* SPDX-License-Identifier: MIT */
/*
 * The tokens of JavaScript (ECMAScript 2015 and later): enough to tell calls of methods from everything else.
 *
 * Nothing is rewritten: the scanner collects the names that a source calls as methods (class.h), and points out what
 * is probably meant to be a call. A slash is told from a regular expression by what stands before it; parentheses and
 * braces remember what they belong to.
 */
#ifndef MN_JS_SCAN_H
#define MN_JS_SCAN_H

#include <stdbool.h>
#include <stddef.h>

enum mn_js_token_kind {
    MN_JS_SPACE, /* white space and line ends */
    MN_JS_COMMENT,
    MN_JS_NAME, /* identifiers and keywords */
    MN_JS_NUMERAL,
    MN_JS_TEXT,     /* a string in quotes */
    MN_JS_TEMPLATE, /* a template, or its part up to ${ or from } on */
    MN_JS_REGEX,
    MN_JS_MARK, /* punctuation */
    MN_JS_WRONG /* a character that begins no token, or a token without its end */
};

struct mn_js_token {
    enum mn_js_token_kind kind;
    const char *start;
    size_t length;
    unsigned line, column; /* from 1; columns in bytes */
};

/* Visits all tokens in order; together they are the text, byte for byte. visit returns false to stop. The result says
 * whether every bracket found its partner. */
bool mn_js_scan(const char *text, size_t length, bool (*visit)(void *data, const struct mn_js_token *token),
                void *data);

/* Tells class.h the names that a text calls as methods. False: no memory. */
bool mn_js_scan_calls(const char *text, size_t length);
#endif
