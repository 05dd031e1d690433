/* SPDX-License-Identifier: MIT */
#include "lang/json/document.h"

#include "base/alloc.h"

#include <stdlib.h>
#include <string.h>

/* ---- Lenient reading ---- */

/* Past a string that begins at `at`. */
static size_t
skip_string(const char *text, size_t length, size_t at)
{
    for (at++; at < length && text[at] != '"'; at++)
        at += text[at] == '\\';
    return at < length ? at + 1 : length;
}

static bool
is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* Past a comment, blanked but for its line ends; `at` itself where none begins. */
static size_t
blank_comment(char *text, size_t length, size_t at)
{
    size_t end = at;

    if (at + 1 >= length || text[at] != '/' || (text[at + 1] != '/' && text[at + 1] != '*'))
        return at;
    if (text[at + 1] == '/') {
        while (end < length && text[end] != '\n')
            end++;
    } else {
        for (end = at + 2; end < length && !(text[end] == '/' && text[end - 1] == '*' && end > at + 2); end++)
            continue;
        if (end < length)
            end++;
    }
    for (size_t i = at; i < end; i++)
        if (text[i] != '\n' && text[i] != '\r')
            text[i] = ' ';
    return end;
}

/* Blanks comments, and commas before a closing bracket. True when there was something to blank. */
static bool
make_strict(char *text, size_t length)
{
    bool changed = false;
    size_t comma = length; /* the last thing seen; length: it was something else */

    for (size_t at = 0; at < length;) {
        size_t after = blank_comment(text, length, at);

        if (after != at) {
            changed = true;
            at = after;
        } else if (is_space(text[at])) {
            at++;
        } else if (text[at] == '"') {
            comma = length;
            at = skip_string(text, length, at);
        } else {
            if ((text[at] == ']' || text[at] == '}') && comma < length) {
                text[comma] = ' ';
                changed = true;
            }
            comma = text[at] == ',' ? at : length;
            at++;
        }
    }
    return changed;
}

/* ---- Nodes ---- */

struct reading {
    struct mn_document *document;
    const char *text;
    size_t at, length;
};

static unsigned
hex4(const char *p)
{
    unsigned value = 0;

    for (int i = 0; i < 4; i++) {
        unsigned char c = (unsigned char)p[i];

        value = value * 16 + (unsigned)(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
    }
    return value;
}

static char *
put_utf8(char *to, unsigned c)
{
    if (c < 0x80) {
        *to++ = (char)c;
    } else if (c < 0x800) {
        *to++ = (char)(0xC0 | c >> 6);
        *to++ = (char)(0x80 | (c & 0x3F));
    } else if (c < 0x10000) {
        *to++ = (char)(0xE0 | c >> 12);
        *to++ = (char)(0x80 | (c >> 6 & 0x3F));
        *to++ = (char)(0x80 | (c & 0x3F));
    } else {
        *to++ = (char)(0xF0 | c >> 18);
        *to++ = (char)(0x80 | (c >> 12 & 0x3F));
        *to++ = (char)(0x80 | (c >> 6 & 0x3F));
        *to++ = (char)(0x80 | (c & 0x3F));
    }
    return to;
}

/* The text between quotes, decoded: jansson has found it whole. */
static const char *
read_string(struct reading *r, uint32_t *count)
{
    size_t from = r->at + 1, end = skip_string(r->text, r->length, r->at);
    char *decoded = mn_arena_alloc(&r->document->arena, end - from + 1), *to = decoded;

    r->at = end;
    *count = 0;
    if (!decoded)
        return "";
    for (size_t i = from; i + 1 < end; i++) {
        static const char escapes[] = "b\bf\fn\nr\rt\t";
        const char *escape;
        unsigned c;

        if (r->text[i] != '\\') {
            *to++ = r->text[i];
            continue;
        }
        if (r->text[++i] != 'u') {
            escape = strchr(escapes, r->text[i]);
            *to++ = escape ? escape[1] : r->text[i];
            continue;
        }
        c = hex4(r->text + i + 1);
        i += 4;
        if (c >= 0xD800 && c < 0xDC00 && i + 6 < end) {
            c = 0x10000 + ((c - 0xD800) << 10) + (hex4(r->text + i + 3) - 0xDC00);
            i += 6;
        }
        to = put_utf8(to, c);
    }
    *to = 0;
    *count = (uint32_t)(to - decoded);
    return decoded;
}

static void
read_number(struct reading *r, struct mn_node *node)
{
    const char *from = r->text + r->at;
    size_t size = strspn(from, "+-0123456789.eE");

    r->at += size;
    node->kind = MN_JSON_INT;
    for (size_t i = 0; i < size; i++)
        if (strchr(".eE", from[i]))
            node->kind = MN_JSON_REAL;
    if (node->kind == MN_JSON_INT)
        node->integer = strtoll(from, NULL, 10);
    else
        node->real = strtod(from, NULL);
}

static void
read_scalar(struct reading *r, struct mn_node *node)
{
    char c = r->text[r->at];

    if (c == '"') {
        node->kind = MN_JSON_TEXT;
        node->text = read_string(r, &node->count);
    } else if (c == 't' || c == 'f') {
        node->kind = MN_JSON_BOOL;
        node->boolean = c == 't';
        r->at += c == 't' ? 4 : 5;
    } else if (c == 'n') {
        node->kind = MN_JSON_NULL;
        r->at += 4;
    } else {
        read_number(r, node);
    }
    node->end = (uint32_t)r->at;
}

static void
skip_blanks(struct reading *r)
{
    while (r->at < r->length && (is_space(r->text[r->at]) || r->text[r->at] == ',' || r->text[r->at] == ':'))
        r->at++;
}

static struct mn_node *
new_node(struct reading *r, struct mn_node *parent, struct mn_node **last)
{
    struct mn_node *node = mn_arena_alloc(&r->document->arena, sizeof *node);

    if (!node)
        return NULL;
    node->parent = parent;
    if (!parent)
        return r->document->root = node;
    if (*last)
        (*last)->next = node;
    else
        parent->first = node;
    parent->count++;
    return node;
}

/* No recursion: an open array or object is its children's parent. `last` of a parent reopened is itself. */
static void
read_nodes(struct reading *r)
{
    struct mn_node *parent = NULL, *last = NULL;

    for (;;) {
        struct mn_node *node;
        const char *key = NULL;
        uint32_t unused;
        char c;

        skip_blanks(r);
        if (r->at >= r->length)
            return;
        c = r->text[r->at];
        if (c == ']' || c == '}') {
            r->at++;
            if (!parent)
                return;
            parent->end = (uint32_t)r->at;
            last = parent;
            parent = parent->parent;
            if (!parent)
                return;
            continue;
        }
        if (parent && parent->kind == MN_JSON_OBJECT) {
            key = read_string(r, &unused);
            skip_blanks(r);
            c = r->at < r->length ? r->text[r->at] : 0;
        }
        node = new_node(r, parent, &last);
        if (!node)
            return;
        last = node;
        node->key = key;
        node->start = (uint32_t)r->at;
        if (c == '[' || c == '{') {
            node->kind = c == '[' ? MN_JSON_ARRAY : MN_JSON_OBJECT;
            r->at++;
            parent = node;
            last = NULL;
        } else {
            read_scalar(r, node);
            if (!parent)
                return;
        }
    }
}

static mend_status
parse(struct mn_document *document, const char *text, mend_error *err)
{
    struct mn_source *source = &document->source;
    struct mn_json_limits limits = {MN_DOCUMENT_MAX, MN_DOCUMENT_DEPTH};
    struct reading r = {document, text, 0, source->length};
    struct mn_json *read;
    mend_status st = mn_json_parse(source->name, text, source->length, &limits, &read, err);

    if (st != MEND_OK)
        return st;
    mn_json_free(read);
    document->arena.block = source->length > 65536 ? 1u << 20 : 0;
    read_nodes(&r);
    return document->arena.failed ? mn_fail_memory(err) : MEND_OK;
}

/* What is no JSON may be a lenient document of format 1; otherwise the first failure is the answer. */
static mend_status
parse_lenient(struct mn_document *document, mend_status st, mend_error *err)
{
    char *blanked = mn_strndup(document->source.text, document->source.length);
    const struct mn_node *format;
    mend_error again;

    if (!blanked)
        return mn_fail_memory(err);
    if (make_strict(blanked, document->source.length)) {
        mend_status second = parse(document, blanked, &again);

        format = mn_node_member(document->root, "format");
        if (second == MEND_OK && (!format || (format->kind == MN_JSON_INT && format->integer == 1))) {
            document->lenient = true;
            st = MEND_OK;
        } else if (second != MEND_OK && second != MEND_SYNTAX) {
            st = second;
            if (err)
                *err = again;
        } else if (second == MEND_SYNTAX && err) {
            *err = again; /* what is wrong besides */
        }
    }
    mn_free(blanked);
    return st;
}

mend_status
mn_document_open(struct mn_document *document, const char *name, const char *text, size_t length, mend_error *err)
{
    size_t mark = length >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    mend_status st;

    *document = (struct mn_document){0};
    st = mn_source_open_large(&document->source, name, text + mark, length - mark, MN_DOCUMENT_MAX, err);
    if (st != MEND_OK)
        return st;
    st = parse(document, document->source.text, err);
    if (st == MEND_SYNTAX)
        st = parse_lenient(document, st, err);
    if (st != MEND_OK)
        mn_document_close(document);
    return st;
}

void
mn_document_close(struct mn_document *document)
{
    mn_arena_fini(&document->arena);
    mn_source_close(&document->source);
    document->root = NULL;
}

/* ---- Asking ---- */

const struct mn_node *
mn_node_member(const struct mn_node *object, const char *name)
{
    if (!object || object->kind != MN_JSON_OBJECT)
        return NULL;
    for (const struct mn_node *member = object->first; member; member = member->next)
        if (member->key[0] == name[0] && strcmp(member->key, name) == 0)
            return member;
    return NULL;
}

const char *
mn_node_text(const struct mn_node *node, const char *fallback)
{
    return node && node->kind == MN_JSON_TEXT ? node->text : fallback;
}

bool
mn_node_true(const struct mn_node *node)
{
    return node && node->kind == MN_JSON_BOOL && node->boolean;
}

const char *
mn_member_text(const struct mn_node *object, const char *name, const char *fallback)
{
    return mn_node_text(mn_node_member(object, name), fallback);
}

bool
mn_member_true(const struct mn_node *object, const char *name)
{
    return mn_node_true(mn_node_member(object, name));
}

const struct mn_node *
mn_document_find(const struct mn_document *document, uint32_t offset)
{
    const struct mn_node *node = document->root;

    for (const struct mn_node *child = node ? node->first : NULL; child;) {
        if (offset >= child->start && offset < child->end) {
            node = child;
            child = child->kind == MN_JSON_ARRAY || child->kind == MN_JSON_OBJECT ? child->first : NULL;
        } else {
            child = child->next;
        }
    }
    return node;
}

static void
put_part(const struct mn_node *node, struct mn_buffer *out)
{
    size_t index = 0;

    mn_buffer_char(out, '/');
    if (!node->key) {
        for (const struct mn_node *other = node->parent->first; other != node; other = other->next)
            index++;
        mn_buffer_printf(out, "%zu", index);
        return;
    }
    for (const char *p = node->key; *p; p++)
        mn_buffer_text(out, *p == '~' ? "~0" : *p == '/' ? "~1" : (char[]){*p, 0});
}

void
mn_node_pointer(const struct mn_node *node, struct mn_buffer *out)
{
    const struct mn_node *path[MN_DOCUMENT_DEPTH + 1];
    size_t depth = 0;

    for (; node && node->parent && depth < MN_DOCUMENT_DEPTH; node = node->parent)
        path[depth++] = node;
    while (depth-- > 0)
        put_part(path[depth], out);
}
