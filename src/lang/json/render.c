/* SPDX-License-Identifier: MIT */
/* Words: names, types, strings, places. */
#include "lang/json/render.h"

#include "abi/encoding.h"
#include "lang/builtin/builtin.h"
#include "runtime/runtime.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void
mn_put(struct mn_render *r, const char *format, ...)
{
    va_list args;

    if (!strchr(format, '%')) { /* most of what is written */
        mn_buffer_text(&r->out, format);
        return;
    }
    va_start(args, format);
    mn_buffer_vprintf(&r->out, format, args);
    va_end(args);
}

static struct mn_span
span_of(const struct mn_node *node)
{
    bool large = node->kind == MN_JSON_OBJECT || node->kind == MN_JSON_ARRAY;

    return (struct mn_span){node->start, large ? node->start + 1 : node->end};
}

void
mn_mark(struct mn_render *r, const struct mn_node *node)
{
    struct mn_rendered *last = r->map.count ? MN_LIST_AT(struct mn_rendered, &r->map, r->map.count - 1) : NULL;
    struct mn_rendered *mark = last && last->at == r->out.length ? last : mn_list_add(&r->map);

    if (!mark) {
        r->arena.failed = true;
        return;
    }
    *mark = (struct mn_rendered){(uint32_t)r->out.length, span_of(node)};
}

static const char *
formatted(struct mn_render *r, const char *format, va_list args)
{
    char text[512];

    vsnprintf(text, sizeof text, format, args);
    return mn_arena_strdup(&r->arena, text);
}

void
mn_json_error(struct mn_render *r, const struct mn_node *node, const char *format, ...)
{
    va_list args;
    const char *text;

    va_start(args, format);
    text = formatted(r, format, args);
    va_end(args);
    if (text)
        mn_error_at(r->findings, span_of(node), "%s", text);
}

void
mn_json_warning(struct mn_render *r, const struct mn_node *node, const char *format, ...)
{
    va_list args;
    const char *text;

    va_start(args, format);
    text = formatted(r, format, args);
    va_end(args);
    if (text)
        mn_warning_at(r->findings, span_of(node), "%s", text);
}

/* ---- Names ---- */

const char *
mn_fresh_name(struct mn_render *r, const char *stem)
{
    const char *name = mn_arena_printf(&r->arena, "mend_%s_%u", stem, ++r->numbers);

    return name ? name : "mend_";
}

static bool
is_reserved(const char *text)
{
    static const char *const words[] = {
        "if",     "else",     "for",   "while", "do",     "switch", "case",  "default", "break",  "continue",
        "return", "goto",     "sizeof", "typedef", "static", "extern", "struct", "union", "enum",   "self",
        "super",  "nil",      "NULL",  "YES",   "NO",     "void",   "id",    "Class",   "SEL",    "BOOL",
        "char",   "short",    "int",   "long",  "float",  "double", "signed", "unsigned", "const", "volatile",
        "inline", "restrict", "register", "auto", "_Bool", "bool",  "true",  "false",   "Nil",    "instancetype",
        "typeof", "TRUE",     "FALSE", "in"};

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (!strcmp(text, words[i]))
            return true;
    return false;
}

const char *
mn_key_name(struct mn_render *r, const char *key)
{
    struct mn_buffer name = MN_BUFFER_EMPTY;
    const char *kept;

    if (mn_is_identifier(key) && !is_reserved(key))
        return key;
    mn_buffer_text(&name, "mend_key_");
    for (const unsigned char *p = (const unsigned char *)key; *p; p++)
        if ((*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z') || (*p >= '0' && *p <= '9'))
            mn_buffer_char(&name, (char)*p);
        else
            mn_buffer_printf(&name, "_%02x", *p);
    kept = mn_arena_strdup(&r->arena, mn_buffer_peek(&name));
    if (name.failed)
        r->arena.failed = true;
    mn_buffer_fini(&name);
    return kept ? kept : "mend_";
}

/* ---- Types ---- */

size_t
mn_encoded_length(const char *encoding, const char **next)
{
    struct mn_arena arena = MN_ARENA_EMPTY;
    const struct mn_type *type;
    const char *p = encoding;
    size_t length = 0;
    long unused;

    if (mn_encoding_read(&p, &arena, &type, NULL) == MEND_OK) {
        length = (size_t)(p - encoding);
        mn_encoding_number(&p, &unused);
    }
    mn_arena_fini(&arena);
    *next = p;
    return length;
}

static bool
is_typed_object(const char *encoding, size_t length)
{
    return length > 3 && encoding[0] == '@' && encoding[1] == '"' && encoding[2] != '<';
}

void
mn_put_encoded(struct mn_render *r, const char *encoding, size_t length)
{
    static const struct {
        char code;
        const char *name;
    } names[] = {{'v', "void"}, {'@', "id"}, {'#', "Class"}, {':', "SEL"}, {'c', "char"}, {'s', "short"},
                 {'i', "int"}, {'l', "long"}, {'q', "long long"}, {'C', "unsigned char"}, {'S', "unsigned short"},
                 {'I', "unsigned int"}, {'Q', "unsigned long long"}, {'f', "float"}, {'d', "double"},
                 {'B', "_Bool"}, {'*', "char *"}};

    for (size_t i = 0; length == 1 && i < sizeof names / sizeof *names; i++)
        if (names[i].code == *encoding) {
            mn_put(r, "%s", names[i].name);
            return;
        }
    if (is_typed_object(encoding, length)) {
        mn_put(r, "%.*s *", (int)strcspn(encoding + 2, "\"<"), encoding + 2);
        return;
    }
    mn_put(r, "__encoding__(");
    mn_put_string(r, encoding, length);
    mn_put(r, ")");
}

/* No braces, quotes or semicolons, and brackets in pairs: it stays inside its place. */
static bool
is_type_text(const char *type)
{
    int depth = 0;

    for (const char *p = type; *p; p++) {
        if (!strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_$ *^()<>[],.:", *p))
            return false;
        depth += *p == '(' || *p == '[';
        depth -= *p == ')' || *p == ']';
        if (depth < 0)
            return false;
    }
    return depth == 0 && strspn(type, " ") < strlen(type);
}

static bool
check_type_text(struct mn_render *r, const char *type, const struct mn_node *node)
{
    if (is_type_text(type))
        return true;
    mn_json_error(r, node, "'%s' is no type", type);
    mn_put(r, "id");
    return false;
}

void
mn_put_type(struct mn_render *r, const char *type, const struct mn_node *node)
{
    const char *next;

    if (!strncmp(type, "enc:", 4)) {
        if (mn_encoded_length(type + 4, &next) == strlen(type + 4)) {
            mn_put_encoded(r, type + 4, strlen(type + 4));
        } else {
            mn_json_error(r, node, "'%s' is no encoding of a type", type + 4);
            mn_put(r, "id");
        }
    } else if (check_type_text(r, type, node)) {
        mn_put(r, "%s", type);
    }
}

/* Words and stars can stand before the name; of all else the type is taken by typeof. */
void
mn_put_declaration(struct mn_render *r, const char *type, const char *name, const struct mn_node *node)
{
    if (!strncmp(type, "enc:", 4) || (!strpbrk(type, "()[]^") && is_type_text(type))) {
        mn_put_type(r, type, node);
        mn_put(r, " %s", name);
    } else if (check_type_text(r, type, node)) {
        mn_put(r, "__typeof__(%s) %s", type, name);
    } else {
        mn_put(r, " %s", name);
    }
}

bool
mn_is_scalar_name(const char *type)
{
    static const char *const words[] = {"void",  "char", "short", "int",  "long", "float", "double", "signed", "unsigned",
                                        "_Bool", "bool", "BOOL",  "id",   "Class", "SEL",  "instancetype"};
    size_t length = strcspn(type, " *");
    const struct mn_builtin *known;
    char first[64];

    if (length >= sizeof first)
        return false;
    memcpy(first, type, length);
    first[length] = 0;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (!strcmp(first, words[i]))
            return true;
    if (!strcmp(first, "struct") || !strcmp(first, "union") || !strcmp(first, "enum"))
        return true;
    known = mn_builtin_find(first);
    return known && (known->kind == MN_BUILTIN_TYPE || known->kind == MN_BUILTIN_STRUCT);
}

const char *
mn_legacy_type(struct mn_render *r, const char *name)
{
    const char *type;

    if (!*name)
        return "id";
    if (!mn_is_identifier(name) || mn_is_scalar_name(name))
        return name;
    type = mn_arena_printf(&r->arena, "%s *", name);
    return type ? type : "id";
}

/* ---- Strings ---- */

void
mn_put_string(struct mn_render *r, const char *text, size_t length)
{
    mn_buffer_char(&r->out, '"');
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)text[i];

        if (c == '"' || c == '\\' || c == '?')
            mn_put(r, "\\%c", c);
        else if (c == '\n')
            mn_put(r, "\\n");
        else if (c < 0x20 || c == 0x7f)
            mn_put(r, "\\%03o", c);
        else
            mn_buffer_char(&r->out, (char)c);
    }
    mn_buffer_char(&r->out, '"');
}
