/* SPDX-License-Identifier: MIT */
/*
 * An instruction document with the place of every value: what diagnostics need and jansson does not keep.
 *
 * Jansson reads the text first and refuses what is no JSON (base/json.h); then one pass over the text makes the
 * nodes. Format 1 may also have comments and trailing commas: they are blanked out before both, so offsets
 * stay. Everything takes time linear in the text.
 */
#ifndef MN_LANG_JSON_DOCUMENT_H
#define MN_LANG_JSON_DOCUMENT_H

#include "base/json.h"
#include "base/buffer.h"
#include "lang/source.h"

/* The largest document: 64 MiB; the deepest: values inside one another. */
#define MN_DOCUMENT_MAX   (64u << 20)
#define MN_DOCUMENT_DEPTH 1500

/* A value. Members and items are lists in the order of the text. */
struct mn_node {
    enum mn_json_kind kind;
    uint32_t start, end; /* in the text */
    uint32_t count;      /* of members or items; bytes of a text */
    const char *key;     /* of a member, decoded; NULL for items */
    uint8_t form;        /* of a checked expression: mn_expr_shape, kept by the check; 0: not known */
    struct mn_node *first, *next, *parent;
    union {
        const char *text;
        int64_t integer;
        double real;
        bool boolean;
    };
};

struct mn_document {
    struct mn_source source;
    struct mn_arena arena;
    struct mn_node *root;
    bool lenient; /* it has comments or trailing commas */
};

/*
 * Reads a text. On failure *document needs no closing: mn_source_open's failures; MEND_SYNTAX with jansson's
 * words and place; MEND_TOO_DEEP; MEND_NO_MEMORY.
 */
mend_status mn_document_open(struct mn_document *document, const char *name, const char *text, size_t length,
                             mend_error *err);
void mn_document_close(struct mn_document *document);

/* The member of that name, or NULL. NULL and other kinds have none. */
const struct mn_node *mn_node_member(const struct mn_node *object, const char *name);
const char *mn_node_text(const struct mn_node *node, const char *fallback);
bool mn_node_true(const struct mn_node *node);
const char *mn_member_text(const struct mn_node *object, const char *name, const char *fallback);
bool mn_member_true(const struct mn_node *object, const char *name);

/* The innermost value at an offset, and its JSON pointer (RFC 6901). */
const struct mn_node *mn_document_find(const struct mn_document *document, uint32_t offset);
void mn_node_pointer(const struct mn_node *node, struct mn_buffer *out);
#endif
