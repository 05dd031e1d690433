/* SPDX-License-Identifier: MIT */
/*
 * What came of applying or checking one patch: the status, each finding, what it took; and how that is told,
 * as JSON to the command line or as text on stderr by a program that is about to start.
 *
 * Findings are copied, because a front end lends them for one call; beyond MN_OUTCOME_FINDINGS, or when
 * memory runs out, they are only counted: a reply must fit one packet.
 */
#ifndef MN_AGENT_OUTCOME_H
#define MN_AGENT_OUTCOME_H

#include "base/arena.h"
#include "base/buffer.h"
#include "base/json_writer.h"
#include "base/list.h"

#include <mend/patch.h>
#include <stdbool.h>
#include <stdint.h>

enum { MN_OUTCOME_FINDINGS = 100, MN_OUTCOME_BYTES = 48 << 10 };

/*
 * Where the agent's requests end: include/mend/patch.h in a program, something simpler in tests and fuzzers.
 * apply, check and revert are called one at a time.
 */
struct mn_backend {
    void (*settle)(void); /* waits while a change would have to wait: NULL where none has to */
    mend_status (*apply)(const mend_source *source, mend_diagnose diagnose, void *data,
                         mend_patch_report *report, mend_error *err);
    mend_status (*check)(const mend_source *source, mend_diagnose diagnose, void *data,
                         mend_patch_report *report, mend_error *err);
    mend_status (*compile)(const mend_source *source, mend_compiled form, mend_diagnose diagnose, void *data,
                           void (*take)(void *to, const void *bytes, size_t length), void *to, mend_error *err);
    mend_status (*revert)(const char *id, mend_error *err);
    /* Does not wait: MEND_TIMEOUT when the list is not to be had at once. */
    mend_status (*each)(int (*visit)(void *data, const mend_patch_info *info), void *data, mend_error *err);
    size_t (*format)(const mend_diagnostic *finding, int colour, char *text, size_t size);
};

struct mn_outcome {
    mend_status status;
    mend_error error; /* filled unless status is MEND_OK */
    mend_patch_report report;
    uint64_t total_ns; /* from `since` to the return of the backend: what a waiting user feels */
    const struct mn_backend *backend;
    struct mn_arena texts;
    struct mn_list findings; /* of mend_diagnostic */
    size_t bytes, left_out;  /* texts kept; findings not kept */
};

/* Runs backend->check or backend->apply. Always leaves an outcome to be told and to be given back with _fini.
 */
void mn_outcome_init(struct mn_outcome *outcome, const struct mn_backend *backend, const mend_source *source,
                     bool check_only, uint64_t since);

/* Runs backend->compile; what it made is appended to `made`. */
void mn_outcome_compile(struct mn_outcome *outcome, const struct mn_backend *backend, const mend_source *source,
                        mend_compiled form, struct mn_buffer *made, uint64_t since);
void mn_outcome_fini(struct mn_outcome *outcome);

/* The members "id", "methods", … of a result, inside an object that is open. */
void mn_outcome_write(const struct mn_outcome *outcome, struct mn_json_writer *w, bool colour);

/* The array "diagnostics" and the count "left_out", inside an object that is open. */
void mn_outcome_write_findings(const struct mn_outcome *outcome, struct mn_json_writer *w, bool colour);

/* Everything worth saying to a person; nothing where all went well without a warning. */
void mn_outcome_text(const struct mn_outcome *outcome, struct mn_buffer *text, bool colour);

#endif
