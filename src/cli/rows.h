/* SPDX-License-Identifier: MIT */
/*
 * One request to several processes, one row for each: what `apply`, `revert` and `check --pid` have in
 * common.
 *
 * Each process answers for itself: one that refuses does not keep the others from it. The rows say which did
 * what.
 */
#ifndef MN_CLI_ROWS_H
#define MN_CLI_ROWS_H

#include "cli/output.h"
#include "cli/request.h"
#include "cli/target.h"

#include <mend/error.h>

/* What a verb calls success, and what else its row says (a result's own words), into `text`. */
struct mn_row_words {
    const char *done; /* "applied" */
    void (*detail)(const struct mn_json *result, struct mn_buffer *text);
};

/*
 * Asks each target and writes "rows". MEND_OK when all succeeded, the status they share when all failed
 * alike, MEND_MIXED otherwise.
 */
mend_status mn_rows_ask(struct mn_output *out, struct mn_list *targets, const struct mn_ask *ask,
                        const struct mn_row_words *words);

/* Prints the findings of an answer on stderr; how many there were. */
size_t mn_rows_findings(const struct mn_json *answer);

/* The details of a patch's result: "1 method, 0.4 ms". */
void mn_rows_patch_detail(const struct mn_json *result, struct mn_buffer *text);

#endif
