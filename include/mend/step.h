/* SPDX-License-Identifier: MIT */
/* Statements of a host's own for instruction patches (format 2). */
#ifndef MEND_STEP_H
#define MEND_STEP_H

#include <mend/error.h>
#include <mend/version.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Teaches a statement: documents read from then on may say {"do": "<its name>", ...}, and it is checked as
 * those of the language are. It is a document itself:
 *
 *     {"step": "log",
 *      "members": {"value": {"kind": "expr"}, "also": {"kind": "body", "optional": true}},
 *      "body": [{"do": "expr", "value": {"send": "log:", "to": {"class": "Journal"}, "args": [{"member": "value"}]}},
 *               {"do": "member", "name": "also"}]}
 *
 * In the body, {"member": "value"} stands for the expression given there, and {"do": "member"} for the
 * statements. A variable declared in the body is seen by no statement outside it.
 *
 * A step cannot be taken back. Any thread. MEND_EXISTS: the name is taken. MEND_SYNTAX, MEND_CHECK: the
 * document is at fault.
 */
MEND_API mend_status mend_step_define(const char *json, size_t length, mend_error *err);

#ifdef __cplusplus
}
#endif
#endif
