/* SPDX-License-Identifier: MIT */
/*
 * Instruction documents (spec/instruction.md), formats 1 and 2, to a source that lang/objc parses.
 */
#ifndef MN_LANG_JSON_JSON_H
#define MN_LANG_JSON_JSON_H

#include "lang/json/document.h"
#include "lang/rendering.h"

#include <mend/diagnostic.h>
#include <mend/source.h>

/* A document read, and the source written from it. */
struct mn_json_unit {
    struct mn_document document;
    struct mn_rendering rendering;
    struct mn_source source; /* Objective-C; its places are the document's */
    mend_status status;      /* MEND_OK, or what is wrong though the source could be written */
};

/* The name ends in ".json", or it has no ending and the text begins with '{'. */
bool mn_json_is_document(const mend_source *text);

/*
 * Reads, checks and renders. A document that names what is not there is rendered all the same, for a caller that
 * shows all that is wrong in one run: its status and *err say so. Findings go to `diagnose` (may be NULL). On failure *unit needs no closing:
 * MEND_CHECK for a document that is not of its format or names what is not there, otherwise as mn_document_open.
 */
mend_status mn_json_open(struct mn_json_unit *unit, const mend_source *text, mend_diagnose diagnose, void *data,
                         mend_error *err);
void mn_json_close(struct mn_json_unit *unit);
#endif
