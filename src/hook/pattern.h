/* SPDX-License-Identifier: MIT */
/*
 * Patterns: lists of methods by class and selector, as <mend/pointcut.h> describes them.
 *
 * Asked in two steps, because a pattern looks at many methods of few classes: which items concern this side
 * of this class, then which of its selectors they name. One thread at a time a pattern. Runs no code of the
 * host.
 */
#ifndef MN_HOOK_PATTERN_H
#define MN_HOOK_PATTERN_H

#include "runtime/runtime.h"

#include <stdint.h>

struct mn_pattern;

enum {
    MN_PATTERN_BYTES = 65536,
    MN_PATTERN_ITEMS = 256,
    MN_PATTERN_REGEX_STATES = 8192 /* of all its regular expressions */
};

/* The items of a pattern that concern one side of one class. */
struct mn_selection {
    const struct mn_pattern *pattern;
    Class cls; /* the metaclass for the class side */
    uint64_t items[MN_PATTERN_ITEMS / 64];
};

/* MEND_SYNTAX with line and column, MEND_TOO_LARGE, MEND_NO_MEMORY. */
mend_status mn_pattern_read(const char *text, struct mn_pattern **pattern, mend_error *err);

/* The pattern of one method. */
mend_status mn_pattern_exact(const char *class_name, const char *selector, bool class_side,
                             struct mn_pattern **pattern, mend_error *err);
void mn_pattern_free(struct mn_pattern *pattern);

/* What was read; of mn_pattern_exact, how it would be written. Lent. */
const char *mn_pattern_text(const struct mn_pattern *pattern);

/* Whether methods of cls (a metaclass: class methods) can match at all; fills *selection then. */
bool mn_pattern_select(const struct mn_pattern *pattern, Class cls, struct mn_selection *selection);

/* Whether a method of the selection's class matches. */
bool mn_selection_has(const struct mn_selection *selection, SEL sel);
#endif
