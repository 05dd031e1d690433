/* SPDX-License-Identifier: MIT */
/*
 * Writing JSON: straight into a buffer, compactly, in one line.
 *
 *     struct mn_json_writer w = MN_JSON_INTO(&buffer);
 *     mn_json_object(&w, NULL);                  // {
 *     mn_json_put_text(&w, "jsonrpc", "2.0");    // "jsonrpc":"2.0",
 *     mn_json_array(&w, "rows");                 // "rows":[
 *     mn_json_put_int(&w, NULL, 4711);           // 4711
 *     mn_json_end(&w);                           // ]
 *     mn_json_end(&w);                           // }
 *     if (buffer.failed) ...                     // memory ran out, or an end had no beginning
 *
 * `name` is the member's name inside an object and must be NULL everywhere else. No tree is built, so nothing
 * needs a release, and memory running out is told once, by the buffer.
 *
 * Text may be any bytes: what is not UTF-8 becomes U+FFFD, control characters (DEL and U+0080..U+009F too:
 * output ends on terminals) become \u escapes. NULL text is null.
 */
#ifndef MN_BASE_JSON_WRITER_H
#define MN_BASE_JSON_WRITER_H

#include "base/buffer.h"
#include "base/json.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* How deep objects and arrays may be written; deeper fails the buffer. */
enum { MN_JSON_WRITER_DEPTH = 64 };

struct mn_json_writer {
    struct mn_buffer *out;
    uint64_t objects; /* bit n: level n is an object, else an array */
    unsigned depth;
    bool comma; /* an element was written on this level */
};

#define MN_JSON_INTO(buffer) ((struct mn_json_writer){.out = (buffer)})

void mn_json_object(struct mn_json_writer *w, const char *name);
void mn_json_array(struct mn_json_writer *w, const char *name);

/* Closes the innermost object or array. */
void mn_json_end(struct mn_json_writer *w);

void mn_json_put_text(struct mn_json_writer *w, const char *name, const char *text);
void mn_json_put_bytes(struct mn_json_writer *w, const char *name, const char *text, size_t length);
void mn_json_put_int(struct mn_json_writer *w, const char *name, long long value);
void mn_json_put_bool(struct mn_json_writer *w, const char *name, bool value);
void mn_json_put_null(struct mn_json_writer *w, const char *name);

/* Not a number and the infinities, which JSON lacks, become null. */
void mn_json_put_real(struct mn_json_writer *w, const char *name, double value);

/* A copy of something read; a NULL node is null. */
void mn_json_put_copy(struct mn_json_writer *w, const char *name, const struct mn_json *node);
#endif
