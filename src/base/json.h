/* SPDX-License-Identifier: MIT */
/*
 * Reading JSON: the one wrapper over jansson. Writing is base/json_writer.h.
 *
 *     struct mn_json *document;
 *     if ((st = mn_json_parse(NULL, text, length, NULL, &document, err)) != MEND_OK)
 *         return st;
 *     method = mn_json_get_text(document, "method", NULL);
 *     params = mn_json_member(document, "params");          // NULL when absent
 *     pid = mn_json_get_int(params, "pid", -1);             // a NULL object has no members
 *     mn_json_free(document);
 *
 * A document owns all its nodes; a node or text taken from it is lent until mn_json_free. Every reading
 * function accepts NULL and a node of another kind, and answers then with the fallback: absence needs no test
 * of its own.
 *
 * Jansson rejects what is ambiguous: a name given twice, invalid UTF-8, a NUL in a text, an integer that does
 * not fit 64 bits, anything after the document. A document may be read by one thread at a time.
 */
#ifndef MN_BASE_JSON_H
#define MN_BASE_JSON_H

#include <mend/error.h>
#include <stdbool.h>
#include <stddef.h>

struct mn_json;

enum mn_json_kind {
    MN_JSON_ABSENT, /* of a NULL node */
    MN_JSON_NULL,
    MN_JSON_BOOL,
    MN_JSON_INT,
    MN_JSON_REAL,
    MN_JSON_TEXT,
    MN_JSON_ARRAY,
    MN_JSON_OBJECT
};

struct mn_json_limits {
    size_t size;    /* bytes of the text */
    unsigned depth; /* arrays and objects inside one another; at most 2000 */
};

/* What one message of the agent's protocol may be; used where limits is NULL. */
#define MN_JSON_LIMITS ((struct mn_json_limits){1u << 20, 32})

/*
 * Reads text whole. On failure *document is NULL and *err names line and column (and file, unless NULL):
 * MEND_SYNTAX, MEND_TOO_LARGE, MEND_TOO_DEEP or MEND_NO_MEMORY.
 */
mend_status mn_json_parse(const char *file, const char *text, size_t length,
                          const struct mn_json_limits *limits, struct mn_json **document, mend_error *err);
void mn_json_free(struct mn_json *document);

enum mn_json_kind mn_json_kind(const struct mn_json *node);

/* The value of a node itself. An integer is also a real; nothing else converts. */
const char *mn_json_text(const struct mn_json *node, const char *fallback);
long long mn_json_int(const struct mn_json *node, long long fallback);
double mn_json_real(const struct mn_json *node, double fallback);
bool mn_json_bool(const struct mn_json *node, bool fallback);

/* Bytes of a text, items of an array, members of an object; else 0. */
size_t mn_json_count(const struct mn_json *node);

/* A member of an object, an item of an array; NULL when there is none. */
const struct mn_json *mn_json_member(const struct mn_json *object, const char *name);
const struct mn_json *mn_json_item(const struct mn_json *array, size_t index);

const char *mn_json_get_text(const struct mn_json *object, const char *name, const char *fallback);
long long mn_json_get_int(const struct mn_json *object, const char *name, long long fallback);
bool mn_json_get_bool(const struct mn_json *object, const char *name, bool fallback);

/* A member that must be there and of this kind; otherwise fails with `otherwise` and says so. */
mend_status mn_json_need(const struct mn_json *object, const char *name, enum mn_json_kind kind,
                         mend_status otherwise, const struct mn_json **member, mend_error *err);

/* Visits the members of an object in the order of the text: start with *cursor = NULL; false after the last.
 */
bool mn_json_next(const struct mn_json *object, void **cursor, const char **name,
                  const struct mn_json **member);
#endif
