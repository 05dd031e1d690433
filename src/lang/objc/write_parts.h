/* SPDX-License-Identifier: MIT */
/* What the files that write source text share. */
#ifndef MN_LANG_OBJC_WRITE_PARTS_H
#define MN_LANG_OBJC_WRITE_PARTS_H

#include "base/list.h"
#include "lang/convert.h"

/* How tightly what is written must hold together where it is written; operator.def's numbers times ten lie between. */
enum mn_tight {
    MN_TIGHT_ANY = 0,
    MN_TIGHT_ASSIGN = 13,      /* no comma: an argument */
    MN_TIGHT_CONDITIONAL = 16, /* no assignment */
    MN_TIGHT_BINARY = 20,      /* no ?: */
    MN_TIGHT_UNARY = 120,
    MN_TIGHT_POSTFIX = 130
};

struct mn_printing {
    const struct mn_tree *tree;
    struct mn_findings *findings;
    struct mn_buffer *out;
    struct mn_list defined; /* const struct mn_tag_decl *: definitions that stand above */
    unsigned indent;
    bool mango;             /* the target */
    bool colons;            /* inside what ends with ':': dotted sends would be misread */
    enum mn_dialect dialect; /* of the body being written */
};

void mn_print(struct mn_printing *p, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* A new line, indented. */
void mn_print_line(struct mn_printing *p);
void mn_print_refuse(struct mn_printing *p, struct mn_span at, const char *what);

void mn_print_expr(struct mn_printing *p, const struct mn_expr *expr, int tight);
void mn_print_quoted(struct mn_printing *p, const char *bytes, size_t length);

/* A type, around a name unless that is NULL or "". */
void mn_print_type(struct mn_printing *p, const struct mn_tname *type, const char *name);

/* The declarators of one declaration (one, or several over one structure without a name) up to but without ';'. */
void mn_print_decls(struct mn_printing *p, struct mn_decl *const *decls, uint32_t count);

/* A whole declaration on lines of its own; how many of the list it took. */
uint32_t mn_print_declaration(struct mn_printing *p, struct mn_decl *const *decls, uint32_t count);
void mn_print_params(struct mn_printing *p, const struct mn_decls *params, bool variadic, bool unsaid);
void mn_print_annotations(struct mn_printing *p, const struct mn_annotations *annotations, const char *behind);

/* Braces and what is in them. */
void mn_print_compound(struct mn_printing *p, const struct mn_stmt *body);

/* A statement of the file level. */
void mn_print_statement(struct mn_printing *p, const struct mn_stmt *statement);
#endif
