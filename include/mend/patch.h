/* SPDX-License-Identifier: MIT */
/*
 * Patches: source text that replaces methods of a running program, applied and taken back as one unit.
 *
 * A patch is identified by its id. Applying the same id again replaces the earlier version in one step; another
 * id stacks on top. Every error that can be found without running the program's code is found before the first
 * method changes, and every diagnostic of one reading is reported, not only the first.
 *
 * All functions may be called from any thread, also while other threads call the methods concerned.
 */
#ifndef MEND_PATCH_H
#define MEND_PATCH_H

#include <mend/diagnostic.h>
#include <mend/error.h>
#include <mend/source.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What applying took, for those who print it. Durations in nanoseconds. */
typedef struct mend_patch_report {
    unsigned methods, classes;                  /* methods changed; classes created */
    unsigned long read_ns, check_ns, commit_ns; /* parse and compile; plan; the switch itself */
    int replaced;                               /* 1 when an earlier version of the same id was replaced */
} mend_patch_report;

/* One applied patch, as mend_patch_each reports it; texts are lent for the call. */
typedef struct mend_patch_info {
    const char *id, *name;
    unsigned methods, classes;
    long long applied_at; /* seconds since 1970-01-01 UTC */
} mend_patch_info;

/*
 * Reads, checks against the running program, and puts into effect.
 *
 * On any failure the program is as before: MEND_SYNTAX or MEND_CHECK when the source is at fault (each finding
 * went to diagnose; *err has the first error), another status otherwise. diagnose, report and err may be NULL.
 */
MEND_API mend_status mend_patch_apply(const mend_source *source, mend_diagnose diagnose, void *data,
                                      mend_patch_report *report, mend_error *err);

/* Everything mend_patch_apply does before the first change. Sends no message to the program's classes. */
MEND_API mend_status mend_patch_check(const mend_source *source, mend_diagnose diagnose, void *data,
                                      mend_patch_report *report, mend_error *err);

/* What a patch can be compiled to, or written as. */
typedef enum mend_compiled {
    MEND_COMPILED_UNIT,    /* bytes that every function here takes in place of a source (docs/bytecode.md) */
    MEND_COMPILED_LISTING, /* its instructions as text */
#define X(name, word, ending, text) MEND_CONVERTED_##name, /* the same patch in another language */
#include <mend/target.def>
#undef X
    MEND_COMPILED_FORMS
} mend_compiled;

/*
 * Everything mend_patch_check does with a source but for the methods' own lists, and hands the result to `take`, lent for
 * the call. The source may be a compiled unit. MEND_UNSUPPORTED for patches that are not compiled (JavaScript).
 *
 * The forms of target.def are the patch in another language. For them the source is parsed and written again: nothing is
 * compared with the program, comments and macros are gone, and what the other language cannot say is an error at its
 * place. A unit has no source any more: MEND_UNSUPPORTED.
 */
MEND_API mend_status mend_patch_compile(const mend_source *source, mend_compiled form, mend_diagnose diagnose,
                                        void *data, void (*take)(void *to, const void *bytes, size_t length),
                                        void *to, mend_error *err);

/*
 * Takes a patch back: from the moment this returns, new calls run what was there before. Calls still inside
 * finish in the old body. MEND_NO_PATCH when no such id is applied; MEND_FOREIGN_IMP (reverted all the same,
 * and calls pass through) when someone else replaced one of its methods since.
 */
MEND_API mend_status mend_patch_revert(const char *id, mend_error *err);

/*
 * Visits each applied patch as it was at one moment, oldest first, until visit returns 0. Without locks.
 * MEND_NO_MEMORY: none was visited.
 */
MEND_API mend_status mend_patch_each(int (*visit)(void *data, const mend_patch_info *info), void *data,
                                     mend_error *err);

#ifdef __cplusplus
}
#endif
#endif
