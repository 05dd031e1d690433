/* SPDX-License-Identifier: MIT */
/*
 * Steps a host has taught: <mend/step.h>. A step is a document of its own with the members it takes and the
 * statements it stands for; where it is used, they are read in its place with the members' values put in.
 */
#ifndef MN_LANG_JSON_STEP_H
#define MN_LANG_JSON_STEP_H

#include "lang/json/document.h"

enum mn_step_member { MN_STEP_NONE, MN_STEP_EXPR, MN_STEP_BODY };

struct mn_step;

/* NULL: no such step. Lent for ever: steps are never taken back. */
const struct mn_step *mn_step_named(const char *name);
enum mn_step_member mn_step_takes(const struct mn_step *step, const char *member);

/* The first required member behind `after` (NULL: from the start) that the statement lacks, or NULL. */
const char *mn_step_missing(const struct mn_step *step, const struct mn_node *statement, const char *after);

/* Its statements, in which {"member": "name"} stands for a member's value. */
const struct mn_node *mn_step_body(const struct mn_step *step);
#endif
