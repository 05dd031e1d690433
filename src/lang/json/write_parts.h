/* SPDX-License-Identifier: MIT */
/* What the files that write documents share. */
#ifndef MN_LANG_JSON_WRITE_PARTS_H
#define MN_LANG_JSON_WRITE_PARTS_H

#include "base/json_writer.h"
#include "lang/diagnostic.h"

struct mn_writing {
    struct mn_json_writer w;
    struct mn_findings *findings;
    const struct mn_tree *tree;
};

void mn_write_type(struct mn_writing *writing, const char *name, const struct mn_tname *type);
void mn_write_expr(struct mn_writing *writing, const char *name, const struct mn_expr *expr);
void mn_write_body(struct mn_writing *writing, const char *name, const struct mn_stmt *body);

/* The initialiser of a variable or constant of that type (NULL: unsaid). */
void mn_write_init(struct mn_writing *writing, const char *name, const struct mn_tname *type, const struct mn_expr *init);

/* "there is no spelling of ... in format 2", at a place. */
void mn_write_refuse(struct mn_writing *writing, struct mn_span at, const char *what);
#endif
