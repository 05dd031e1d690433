/* SPDX-License-Identifier: MIT */
/*
 * Findings: what a reader or the checker has to say about a source, collected until the whole source is read.
 *
 * A finding is a severity, a span, a sentence without final stop, and perhaps a suggestion. Notes belong to
 * the finding before them. At most MN_FINDINGS_MAX errors and as many warnings are kept; the rest is counted
 * and one last note says so. A second error at the same offset is dropped: it is a consequence of the first.
 *
 * Used by one thread at a time. Running out of memory sets `failed`; the counts stay true.
 */
#ifndef MN_LANG_DIAGNOSTIC_H
#define MN_LANG_DIAGNOSTIC_H

#include "base/arena.h"
#include "base/list.h"
#include "lang/source.h"
#include "lang/tree.h"

#include <mend/diagnostic.h>

#define MN_FINDINGS_MAX 50

struct mn_finding {
    mend_severity severity;
    mend_status
        status; /* what the whole operation returns because of it: MEND_SYNTAX, MEND_CHECK, MEND_TOO_DEEP */
    struct mn_span span;
    const char *message, *suggestion;
    bool alone; /* a note that belongs to no other finding */
};

struct mn_findings {
    const struct mn_source *source; /* borrowed */
    const struct mn_rendering *rendering; /* borrowed: who knows the JSON pointer of a place, or NULL */
    struct mn_arena arena;
    struct mn_list list; /* of struct mn_finding, in order of arrival */
    mend_status stage; /* the status errors get unless they bring their own: MEND_SYNTAX, later MEND_CHECK */
    unsigned errors, warnings;
    unsigned silent; /* errors in what is nobody's patch: not kept */
    unsigned muted; /* while not 0, nothing is recorded: a reader tries something out */
    bool dropped;   /* the last finding was not kept: its notes and suggestion need not be looked for */
    bool failed;
};

void mn_findings_init(struct mn_findings *findings, const struct mn_source *source);
void mn_findings_fini(struct mn_findings *findings);

/* Record a finding at a span of the source. */
void mn_error_at(struct mn_findings *findings, struct mn_span span, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void mn_warning_at(struct mn_findings *findings, struct mn_span span, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* A note of its own, at its own place; mn_note_at's belongs to the finding before it. */
void mn_remark_at(struct mn_findings *findings, struct mn_span span, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void mn_note_at(struct mn_findings *findings, struct mn_span span, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* An error with a status of its own (MEND_TOO_DEEP, MEND_NO_CLASS...). */
void mn_error_status_at(struct mn_findings *findings, mend_status status, struct mn_span span,
                        const char *format, ...) __attribute__((format(printf, 4, 5)));

/* Adds "did you mean 'x'?" or any other advice to the finding recorded last. */
void mn_suggest(struct mn_findings *findings, const char *format, ...) __attribute__((format(printf, 2, 3)));

/*
 * The outcome: MEND_OK without errors; else the status of the first error in the text, and *err says what and
 * where. MEND_NO_MEMORY when a finding could not be kept.
 */
mend_status mn_findings_status(const struct mn_findings *findings, mend_error *err);

/* Hands every finding over in the order of the text, notes behind what they explain. diagnose may be NULL. */
void mn_findings_emit(const struct mn_findings *findings, mend_diagnose diagnose, void *data);
#endif
