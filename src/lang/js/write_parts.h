/* SPDX-License-Identifier: MIT */
/* What the two halves of the writer share: where text goes, what names stand for, what is known of types. */
#ifndef MN_LANG_JS_WRITE_PARTS_H
#define MN_LANG_JS_WRITE_PARTS_H

#include "lang/js/write.h"

enum mn_script_sort {
    MN_SORT_UNKNOWN,
    MN_SORT_WHOLE,    /* an integer */
    MN_SORT_FRACTION, /* float, double */
    MN_SORT_OBJECT,
    MN_SORT_STRUCT,
    MN_SORT_BLOCK,   /* a variable of block type: a plain function, wrapped where it leaves the script */
    MN_SORT_POINTER, /* to anything but an object's class */
    MN_SORT_VOID
};

struct mn_script_name {
    const char *name;           /* interned by the tree */
    const struct mn_tname *type; /* or NULL */
    const char *shown;          /* another name in the script: a static variable; NULL: the same. Owned */
};

struct mn_script_writing {
    const struct mn_conversion *c;
    struct mn_buffer *out;
    struct mn_buffer top;         /* what stands before the classes */
    struct mn_script_name names[512]; /* innermost last */
    unsigned name_count, made;    /* made: how many fresh names */
    const struct mn_method_decl *method;
    const struct mn_expr *cell;   /* the address that a cell stands for */
    unsigned indent, blocks;      /* blocks: nested functions around here */
    char required[64][64];
    unsigned required_count;
    bool full; /* a table above is: refused once */
};

void mn_script_refuse(struct mn_script_writing *g, struct mn_span at, const char *what);
void mn_script_put(struct mn_script_writing *g, const char *format, ...) __attribute__((format(printf, 2, 3)));
void mn_script_line(struct mn_script_writing *g); /* a new line, indented */

/* Declared names; leave to a count that `name_count` had. */
void mn_script_declare(struct mn_script_writing *g, const char *name, const struct mn_tname *type, const char *shown);
const struct mn_script_name *mn_script_find(const struct mn_script_writing *g, const char *name);
void mn_script_require(struct mn_script_writing *g, const char *name);

enum mn_script_sort mn_script_sort_of(const struct mn_tname *type);
enum mn_script_sort mn_script_expr_sort(const struct mn_script_writing *g, const struct mn_expr *e);

/* An expression; for a place of that declared type (NULL: any), which cuts numbers and wraps blocks. */
void mn_script_expr(struct mn_script_writing *g, const struct mn_expr *e);
void mn_script_expr_for(struct mn_script_writing *g, const struct mn_expr *e, const struct mn_tname *type);

/* A selector as the name of a call or of a definition. False: it cannot be written as one. */
bool mn_script_selector(const char *selector, struct mn_buffer *out);

/* A function's parameters and body, from "(" on. */
void mn_script_function(struct mn_script_writing *g, const struct mn_decls *params, const struct mn_stmt *body);

/* The type names for block(): "void, int". */
void mn_script_block_types(struct mn_script_writing *g, const struct mn_tname *result, const struct mn_decls *params);
void mn_script_text(struct mn_script_writing *g, const char *bytes, size_t length);
#endif
