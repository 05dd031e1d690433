/* SPDX-License-Identifier: MIT */
/*
 * Objective-C and Mango source to a tree: the one entry of this folder.
 *
 * Reading runs no code of the program. Syntax errors do not end it: reading goes on at the next statement,
 * member or top-level item, so that one run reports them all (up to MN_FINDINGS_MAX).
 */
#ifndef MN_LANG_OBJC_PARSE_H
#define MN_LANG_OBJC_PARSE_H

#include "lang/diagnostic.h"
#include "lang/source.h"
#include "lang/tree.h"

/* How to read. A zeroed struct is a valid choice. */
struct mn_parse_options {
    /*
     * Asked whether a name means a type or class outside this source (the program's classes, built-in and
     * earlier typedefs); it decides how `(Name)(x)` and `Name * x` are read. NULL: only what the source and
     * the built-in list of C and Foundation typedefs say.
     */
    bool (*knows_type)(void *data, const char *name);
    void *data;

    /* The dialect of top-level code. false: by the rules of spec/mango.md 1.2 (file name, then what it
     * contains). */
    bool dialect_given;
    enum mn_dialect dialect;
    bool debug; /* what DEBUG is worth in #if */

    /* Folders in which #import "x.h" is looked for, NULL behind the last; NULL: headers are not read. */
    const char *const *include_roots;

    /*
     * Text read before the source: headers, as a C compiler's preprocessor writes them with their macros (-E -dD). What
     * is wrong in it is left out without a word.
     */
    const char *prelude, *prelude_name;
    size_t prelude_length;
};

/*
 * Reads a source into an open tree; headers it imports become further pieces of the source. MEND_OK: the tree is whole. MEND_SYNTAX, MEND_TOO_DEEP: findings has the
 * errors and the tree what could be understood, for a caller that wants to go on looking. MEND_NO_MEMORY: the
 * tree is good only for mn_tree_fini.
 */
mend_status mn_objc_parse(struct mn_tree *tree, struct mn_source *source,
                          const struct mn_parse_options *options, struct mn_findings *findings,
                          mend_error *err);
#endif
