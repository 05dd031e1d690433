/* SPDX-License-Identifier: MIT */
/*
 * A patch written again in another language. Any of the languages that become a tree is parsed; a writer (one a line of
 * <mend/target.def>) makes text of the tree.
 *
 * Nothing is checked: names are what the text says, types what it declares. So a writer may not rest on what a name
 * stands for, and what its language cannot say is an error at the place of it, never something that means less.
 */
#ifndef MN_LANG_CONVERT_H
#define MN_LANG_CONVERT_H

#include "base/buffer.h"
#include "lang/diagnostic.h"
#include "lang/source.h"
#include "lang/tree.h"

#include <mend/error.h>
#include <mend/source.h>

enum mn_target {
#define X(name, word, ending, text) MN_TARGET_##name,
#include <mend/target.def>
#undef X
    MN_TARGETS
};

/* What a writer reads, and where it writes. */
struct mn_conversion {
    const struct mn_tree *tree; /* without what headers declare */
    const struct mn_source *source;
    struct mn_findings *findings; /* an error: the conversion is refused */
    struct mn_buffer *out;        /* out->failed: memory has run out */
};

/*
 * MEND_CHECK when the other language cannot say all of it, otherwise as mn_lang_read; *out is of use only with MEND_OK.
 */
mend_status mn_lang_convert(const mend_source *text, enum mn_target target, mend_diagnose diagnose, void *data,
                            struct mn_buffer *out, mend_error *err);

/* Parses a source into an open tree, with the types of this process; mn_objc_parse's results (lang.c). */
mend_status mn_lang_parse(struct mn_source *source, const mend_source *text, struct mn_tree *tree,
                          struct mn_findings *findings, mend_error *err);
#endif
