/* SPDX-License-Identifier: MIT */
/*
 * Contexts: names that patches and their host share.
 *
 * A patch applied with mend_source.context sees the context's names as variables, and as functions where a value is a
 * block; its own variables outside methods become names of the context, for the host and for later patches. A value
 * keeps its kind: `n` set as "q" is a number in the patch.
 *
 * A context lives as long as the process, because patched methods refer to it. Any thread; a value that one thread
 * sets while another reads it is the host's race, as with any variable.
 */
#ifndef MEND_CONTEXT_H
#define MEND_CONTEXT_H

#include <mend/error.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct mend_context mend_context;

/* The context of that name, made when it is first asked for. MEND_INVALID, MEND_NO_MEMORY: *context is NULL. */
MEND_API mend_status mend_context_open(const char *name, mend_context **context, mend_error *err);

/*
 * Gives a name the value of the type `encoding` ("q", "@", "{CGPoint=dd}") that lies at `value`; objects are kept,
 * structures copied, pointers and C strings only noted. The variable of a patch keeps its type: MEND_INVALID when the
 * value cannot become that, or when the name is none.
 */
MEND_API mend_status mend_context_set(mend_context *context, const char *name, const char *encoding,
                                      const void *value, mend_error *err);

/*
 * Copies a value, converted to `encoding`, to `value`; objects are lent. MEND_INVALID, with *value untouched, when
 * there is no such name or its value cannot become that.
 */
MEND_API mend_status mend_context_get(mend_context *context, const char *name, const char *encoding, void *value,
                                      mend_error *err);

#ifdef __cplusplus
}
#endif
#endif
