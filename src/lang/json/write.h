/* SPDX-License-Identifier: MIT */
/*
 * A tree as an instruction document of format 2: the other direction of this folder. Reading the document gives the
 * bytecode of the source.
 */
#ifndef MN_LANG_JSON_WRITE_H
#define MN_LANG_JSON_WRITE_H

#include "base/buffer.h"
#include "lang/diagnostic.h"

/*
 * Appends the document. What format 2 cannot say (function bodies, backward goto, Mango bodies, top-level code) is
 * an error at its place. Out of memory, or code nested deeper than a document can be written: out->failed.
 */
void mn_json_write(const struct mn_tree *tree, struct mn_findings *findings, struct mn_buffer *out);
#endif
