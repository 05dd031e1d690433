/* SPDX-License-Identifier: MIT */
/*
 * From a checked instruction document to Objective-C text, which the parser of lang/objc reads.
 *
 * Every piece of text is marked with the value it stands for, so findings and run-time places are the
 * document's. Nothing is decided here that the checker can decide: types of results, which method a message
 * finds, conversions are its business. What has no spelling in Objective-C gets a simpler one of the same meaning
 * (a labelled break becomes a goto).
 */
#ifndef MN_LANG_JSON_RENDER_H
#define MN_LANG_JSON_RENDER_H

#include "base/map.h"
#include "lang/json/shape.h"
#include "lang/rendering.h"

/* What `break` and `continue` may name; innermost first. */
struct mn_json_scope {
    struct mn_json_scope *outer;
    const char *label; /* or NULL */
    bool loop, breakable;
    bool breaks, continues; /* a goto to its end, or to the end of its body, was written */
    unsigned number;
};

/* A block that renames what it captures weakly. */
struct mn_json_alias {
    struct mn_json_alias *outer;
    const char *name, *as;
};

/* A method being written. */
struct mn_json_method {
    const struct mn_node *node;
    const char *class_name, *selector;
    bool is_class, compat, advice, has_result;
    const char **params;
    uint32_t param_count;
    struct mn_map keys;     /* legacy results: key -> identifier */
    bool blocks;            /* legacy: it builds blocks, which see self weakly */
    const char *result_name; /* legacy: where a return step leaves its value, or NULL */
};

struct mn_render {
    const struct mn_document *document;
    struct mn_findings *findings;
    struct mn_arena arena;
    struct mn_buffer out;
    struct mn_list map; /* struct mn_rendered */
    unsigned numbers;   /* for names of our own */
    bool modern;        /* format 2 semantics unless a method says otherwise */
    struct mn_json_method *method;
    struct mn_json_scope *scope;
    struct mn_json_alias *aliases;
    struct mn_map functions; /* name -> its declaration */
    uint8_t policy;          /* of the document: enum mend_policy */
    const char *self;        /* how self is spelled: weakly inside legacy blocks */
    const char *flag;        /* legacy: of the innermost while, its break flag */
    const char *result_name; /* legacy: where a return step leaves its value */
    struct mn_buffer before; /* methods declared for sends with types of their own */
    struct mn_step_use *use; /* the step whose statements are being written */
    const struct mn_node *current;
};

/* Writes a whole unit. Findings and arena.failed, out.failed tell how it went. */
void mn_render_unit(struct mn_render *r);

/* ---- for the files of this folder ---- */

void mn_put(struct mn_render *r, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* What is written from here on stands for `node`. */
void mn_mark(struct mn_render *r, const struct mn_node *node);
void mn_json_error(struct mn_render *r, const struct mn_node *node, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void mn_json_warning(struct mn_render *r, const struct mn_node *node, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
const char *mn_fresh_name(struct mn_render *r, const char *stem);

/* An identifier for a key of the pool: itself where it is one. */
const char *mn_key_name(struct mn_render *r, const char *key);

/* A type for use in a cast, and the declaration of a name. `type` is a checked type text. */
void mn_put_type(struct mn_render *r, const char *type, const struct mn_node *node);
void mn_put_declaration(struct mn_render *r, const char *type, const char *name, const struct mn_node *node);

/* The type of an encoding; class_names: names of classes in it are used. */
void mn_put_encoded(struct mn_render *r, const char *encoding, size_t length);

/* The length of the first type of an encoding, with what follows it (a frame number) in *next. */
size_t mn_encoded_length(const char *encoding, const char **next);

/* A type as format 1 names them: "NSString" is a pointer to it. */
const char *mn_legacy_type(struct mn_render *r, const char *name);
bool mn_is_scalar_name(const char *type);

void mn_put_expr(struct mn_render *r, const struct mn_node *expr);

/* With commas between them; NULL is an empty list. */
void mn_put_exprs(struct mn_render *r, const struct mn_node *list, const struct mn_node *whole);
void mn_put_string(struct mn_render *r, const char *text, size_t length);
void mn_put_selector_call(struct mn_render *r, const char *prefix, const char *selector, const struct mn_node *args,
                          const struct mn_node *more, const struct mn_node *at);
void mn_put_body(struct mn_render *r, const struct mn_node *body);
void mn_put_statement(struct mn_render *r, const struct mn_node *statement);
void mn_put_message(struct mn_render *r, const struct mn_node *message);
void mn_put_block(struct mn_render *r, const struct mn_node *block);

/* Weak captures of the blocks in a statement's expressions are declared in front of it. */
void mn_put_weak_captures(struct mn_render *r, const struct mn_node *node);

/* The head of a legacy method's body: its pool, as variables. */
void mn_put_pool(struct mn_render *r, const struct mn_node *const *bodies, size_t count);

/* ---- steps ---- */

struct mn_step_use {
    struct mn_step_use *outer;
    const struct mn_node *statement;
};
#endif
