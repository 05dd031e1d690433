/* SPDX-License-Identifier: MIT */
/*
 * Reading JSON by jansson: a struct mn_json is a json_t seen from outside.
 *
 * Jansson keeps calling malloc: json_set_alloc_funcs is global to the process, and a host may use jansson too
 * (docs/design/json.md). Depth is counted here before jansson recurses, because its own limit is 2048.
 */
#include "base/json.h"

#include "base/error.h"

#include <jansson.h>
#include <stdint.h>

enum { DEPTH_MOST = 2000 };

static const json_t *
inside(const struct mn_json *node)
{
    return (const json_t *)node;
}

static struct mn_json *
outside(const json_t *value)
{
    return (struct mn_json *)(uintptr_t)value;
}

/* Finds the first bracket that opens deeper than `most`. Strings are skipped; whether the rest is JSON is not
 * asked. */
static bool
find_too_deep(const char *text, size_t length, unsigned most, unsigned *line, unsigned *column)
{
    unsigned depth = 0;
    bool string = false;

    *line = *column = 1;
    for (size_t i = 0; i < length; i++, ++*column) {
        char c = text[i];

        if (c == '\n') {
            ++*line;
            *column = 0;
        } else if (c == '"') {
            string = !string;
        } else if (string) {
            i += c == '\\';
            *column += c == '\\';
        } else if (c == '[' || c == '{') {
            if (++depth > most)
                return true;
        } else if ((c == ']' || c == '}') && depth > 0) {
            depth--;
        }
    }
    return false;
}

static mend_status
refuse(const char *file, const json_error_t *error, mend_error *err)
{
    if (json_error_code(error) == json_error_out_of_memory)
        return mn_fail_memory(err);
    return mn_fail_at(err, MEND_SYNTAX, file, error->line > 0 ? (unsigned)error->line : 1,
                      error->column > 0 ? (unsigned)error->column : 1, "not JSON: %s", error->text);
}

mend_status
mn_json_parse(const char *file, const char *text, size_t length, const struct mn_json_limits *limits,
              struct mn_json **document, mend_error *err)
{
    struct mn_json_limits most = limits != NULL ? *limits : MN_JSON_LIMITS;
    unsigned depth = most.depth < DEPTH_MOST ? most.depth : DEPTH_MOST;
    unsigned line, column;
    json_error_t error;
    json_t *root;

    *document = NULL;
    if (length > most.size)
        return mn_fail_at(err, MEND_TOO_LARGE, file, 0, 0, "%zu bytes of JSON; at most %zu are read", length,
                          most.size);
    if (find_too_deep(text, length, depth, &line, &column))
        return mn_fail_at(err, MEND_TOO_DEEP, file, line, column,
                          "more than %u arrays and objects inside one another", depth);
    root = json_loadb(text, length, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &error);
    if (root == NULL)
        return refuse(file, &error, err);
    *document = outside(root);
    return MEND_OK;
}

void
mn_json_free(struct mn_json *document)
{
    json_decref((json_t *)document);
}

enum mn_json_kind
mn_json_kind(const struct mn_json *node)
{
    if (node == NULL)
        return MN_JSON_ABSENT;
    switch (json_typeof(inside(node))) {
    case JSON_OBJECT:
        return MN_JSON_OBJECT;
    case JSON_ARRAY:
        return MN_JSON_ARRAY;
    case JSON_STRING:
        return MN_JSON_TEXT;
    case JSON_INTEGER:
        return MN_JSON_INT;
    case JSON_REAL:
        return MN_JSON_REAL;
    case JSON_TRUE:
    case JSON_FALSE:
        return MN_JSON_BOOL;
    case JSON_NULL:
        return MN_JSON_NULL;
    }
    return MN_JSON_ABSENT;
}

const char *
mn_json_text(const struct mn_json *node, const char *fallback)
{
    return json_is_string(inside(node)) ? json_string_value(inside(node)) : fallback;
}

long long
mn_json_int(const struct mn_json *node, long long fallback)
{
    return json_is_integer(inside(node)) ? json_integer_value(inside(node)) : fallback;
}

double
mn_json_real(const struct mn_json *node, double fallback)
{
    return json_is_number(inside(node)) ? json_number_value(inside(node)) : fallback;
}

bool
mn_json_bool(const struct mn_json *node, bool fallback)
{
    return json_is_boolean(inside(node)) ? json_is_true(inside(node)) : fallback;
}

size_t
mn_json_count(const struct mn_json *node)
{
    switch (mn_json_kind(node)) {
    case MN_JSON_TEXT:
        return json_string_length(inside(node));
    case MN_JSON_ARRAY:
        return json_array_size(inside(node));
    case MN_JSON_OBJECT:
        return json_object_size(inside(node));
    default:
        return 0;
    }
}

const struct mn_json *
mn_json_member(const struct mn_json *object, const char *name)
{
    return outside(json_object_get(inside(object), name));
}

const struct mn_json *
mn_json_item(const struct mn_json *array, size_t index)
{
    return outside(json_array_get(inside(array), index));
}

const char *
mn_json_get_text(const struct mn_json *object, const char *name, const char *fallback)
{
    return mn_json_text(mn_json_member(object, name), fallback);
}

long long
mn_json_get_int(const struct mn_json *object, const char *name, long long fallback)
{
    return mn_json_int(mn_json_member(object, name), fallback);
}

bool
mn_json_get_bool(const struct mn_json *object, const char *name, bool fallback)
{
    return mn_json_bool(mn_json_member(object, name), fallback);
}

mend_status
mn_json_need(const struct mn_json *object, const char *name, enum mn_json_kind kind, mend_status otherwise,
             const struct mn_json **member, mend_error *err)
{
    static const char *const names[] = {
        [MN_JSON_ABSENT] = "absent",  [MN_JSON_NULL] = "null",        [MN_JSON_BOOL] = "true or false",
        [MN_JSON_INT] = "an integer", [MN_JSON_REAL] = "a number",    [MN_JSON_TEXT] = "a string",
        [MN_JSON_ARRAY] = "an array", [MN_JSON_OBJECT] = "an object",
    };

    *member = mn_json_member(object, name);
    if (mn_json_kind(*member) == kind || (kind == MN_JSON_REAL && mn_json_kind(*member) == MN_JSON_INT))
        return MEND_OK;
    if (*member == NULL)
        return mn_fail(err, otherwise, "'%s' is missing; it must be %s", name, names[kind]);
    *member = NULL;
    return mn_fail(err, otherwise, "'%s' must be %s", name, names[kind]);
}

bool
mn_json_next(const struct mn_json *object, void **cursor, const char **name, const struct mn_json **member)
{
    json_t *members = (json_t *)(uintptr_t)object;

    *cursor = *cursor == NULL ? json_object_iter(members) : json_object_iter_next(members, *cursor);
    if (*cursor == NULL)
        return false;
    *name = json_object_iter_key(*cursor);
    *member = outside(json_object_iter_value(*cursor));
    return true;
}
