/* SPDX-License-Identifier: MIT */
/*
 * What the checker asks the live process, without running host code: which method a message would find, and
 * which encodings a selector has among all classes.
 *
 * Answers that cost a walk over every class are remembered for the reading of one source. A method list may
 * change while a source is read; the plan is checked again under the runtime's mutex before anything is
 * installed.
 */
#ifndef MN_LANG_LIVE_H
#define MN_LANG_LIVE_H

#include "base/arena.h"
#include "base/buffer.h"
#include "base/map.h"
#include "runtime/runtime.h"

struct mn_live {
    struct mn_map selectors; /* name -> struct mn_live_selector */
    struct mn_arena arena;
};

/* One encoding of a selector and how many classes implement it so. */
struct mn_live_types {
    const char *types;
    unsigned classes;
    Class example; /* a metaclass for class methods */
};

/* A selector in the whole process: the encodings that differ, without frame numbers; most frequent first. */
struct mn_live_selector {
    struct mn_live_types *instance, *meta;
    unsigned instance_count, meta_count;
};

void mn_live_init(struct mn_live *live);
void mn_live_fini(struct mn_live *live);

/* What a message to an instance of cls, or to cls itself, would run. Class objects also answer to the
 * instance methods of their root class. */
bool mn_live_method(Class cls, bool class_side, const char *selector, struct mn_method *method);

/* All there is for a selector; never NULL (memory that ran out shows in live->arena.failed). */
const struct mn_live_selector *mn_live_selector(struct mn_live *live, const char *selector);

/*
 * Whether some class has a method of that selector whose types travel like these; *other is lent the types of one that has not,
 * NULL when there is none at all. MEND_NO_MEMORY leaves both unset.
 */
mend_status mn_live_has(const char *selector, const char *types, bool *has, const char **other, mend_error *err);

/* Some class below cls implements it. */
bool mn_live_below(Class cls, bool class_side, const char *selector);

/* Appends an encoding of a method or function with the frame numbers compilers write; the status of reading
 * it. */
mend_status mn_live_numbered(const char *types, struct mn_buffer *out, mend_error *err);
#endif
