/* SPDX-License-Identifier: MIT */
/*
 * Matches: the methods of the process that a pattern names, and whether each may be hooked.
 *
 * Walks method lists; runs no code of the host and changes nothing. Under the runtime's mutex.
 */
#ifndef MN_HOOK_MATCH_H
#define MN_HOOK_MATCH_H

#include "hook/pattern.h"
#include "hook/site.h"

struct mn_search {
    const struct mn_pattern *pattern;
    SEL inherited; /* this one method, which the class may inherit, instead of its own that match; or NULL */

    /* cls is the metaclass for a class method; differs from method->owner only for an inherited one. Until it
     * returns false. */
    bool (*visit)(void *data, Class cls, const struct mn_method *method);
    void *data;
};

/* Both sides of a class. */
bool mn_match_class(const struct mn_search *search, Class cls);

/* Every registered class. MEND_NO_MEMORY: none was visited. */
mend_status mn_match_all(const struct mn_search *search, mend_error *err);

/* Whether a method may be hooked so: MEND_OK, or why it is skipped, or MEND_NO_MEMORY. */
mend_status mn_match_refusal(Class cls, const struct mn_method *method, const mend_hook_spec *spec,
                             mend_error *err);

/* A failure that concerns one method and no other. */
bool mn_is_refusal(mend_status st);
#endif
