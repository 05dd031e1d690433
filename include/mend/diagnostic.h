/* SPDX-License-Identifier: MIT */
/*
 * Diagnostics: what reading a source found, one at a time, with its place.
 *
 * The functions that read sources (patch.h) call a mend_diagnose for each finding, in the order of the text.
 */
#ifndef MEND_DIAGNOSTIC_H
#define MEND_DIAGNOSTIC_H

#include <mend/version.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum mend_severity { MEND_NOTE, MEND_WARNING, MEND_ERROR } mend_severity;

/* One finding in a source. All texts are lent for the duration of the call that hands it over. */
typedef struct mend_diagnostic {
    mend_severity severity;
    const char *file;        /* as given in mend_source.name */
    unsigned line, column;   /* 1-based; columns count bytes */
    unsigned width;          /* bytes to underline, at least 1 */
    const char *message;     /* a sentence without a final full stop */
    const char *suggestion;  /* "did you mean 'x'?" or NULL */
    const char *source_line; /* the line itself, without its end; NULL when there is none */
    const char *pointer;     /* of an instruction document: the JSON pointer of the value; else NULL */
} mend_diagnostic;

typedef void (*mend_diagnose)(void *data, const mend_diagnostic *finding);

/*
 * Writes a finding the way compilers do: "file:line:column: error: message", the line, a caret, the
 * suggestion. Returns the length it needs, as snprintf does. colour adds ANSI colours.
 */
MEND_API size_t mend_diagnostic_format(const mend_diagnostic *finding, int colour, char *text, size_t size);

#ifdef __cplusplus
}
#endif
#endif
