/* SPDX-License-Identifier: MIT */
/*
 * A source that a reader wrote from another text: an instruction document becomes Objective-C, which the one
 * parser reads. What the user wrote is the other text, so every place shown (findings, line numbers at run
 * time) is one of it.
 */
#ifndef MN_LANG_RENDERING_H
#define MN_LANG_RENDERING_H

#include "base/buffer.h"
#include "lang/source.h"
#include "lang/tree.h"

/* From offset `at` of the source on, up to the next of these, the text stands for `from` of the original. */
struct mn_rendered {
    uint32_t at;
    struct mn_span from;
};

struct mn_rendering {
    const struct mn_source *original;
    struct mn_list map; /* struct mn_rendered, by `at` */
    /* Appends the JSON pointer of a place of the original; NULL: it has none. */
    void (*pointer)(const void *document, uint32_t offset, struct mn_buffer *out);
    const void *document;
    uint8_t policy; /* of the methods: enum mend_policy, as #pragma mend policy in a source */
};

/* What an offset of the source stands for; empty at 0 when nothing does. */
struct mn_span mn_rendering_span(const struct mn_rendering *rendering, uint32_t offset);
#endif
