/* SPDX-License-Identifier: MIT */
/*
 * What instruction documents may look like: the schema (share/instruction-patch.schema.json) as tables, and
 * the check against it.
 *
 * The check is complete and comes first; whoever reads a document behind it need not ask again whether a member
 * is there and of its kind.
 */
#ifndef MN_LANG_JSON_SHAPE_H
#define MN_LANG_JSON_SHAPE_H

#include "lang/diagnostic.h"
#include "lang/json/document.h"

enum mn_shape {
#define SHAPE(name, tag, ...) MN_SHAPE_##name,
#include "lang/json/shape.def"
#undef SHAPE
    MN_SHAPES
};

/* Checks a whole document; findings has what is wrong, each at its place. */
void mn_document_check(const struct mn_document *document, struct mn_findings *findings);

/* Of a checked statement: its form, or MN_SHAPE_MESSAGE. */
enum mn_shape mn_statement_shape(const struct mn_node *statement);

/* Of a checked expression: its form, or MN_SHAPES for a JSON scalar. */
enum mn_shape mn_expr_shape(const struct mn_node *expr);

/* The text fits the schema's patterns. */
bool mn_is_identifier(const char *text);
bool mn_is_selector(const char *text);

/* Checks the body of a step being taught, in which its members may stand. */
struct mn_step;
void mn_step_check(const struct mn_node *body, const struct mn_step *step, struct mn_findings *findings);

/* A statement of the language, or "member". */
bool mn_is_statement_name(const char *name);
#endif
