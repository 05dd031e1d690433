/* SPDX-License-Identifier: MIT */
/*
 * What the faces place: hooks with what Aspects and Stinger want to know of them and the engine does not
 * (identifiers, which class asked, who stands in the method's place).
 *
 * A hook before or after is a hook of the engine's. All hooks of a face in place of one method are one hook
 * of the engine's together (insteads.h).
 *
 * A hook is reserved, then placed, so that two threads cannot take one identifier; a refusal takes the
 * reservation back. Removal is one store that calls see at once; the clearing up comes after it.
 */
#ifndef MN_COMPAT_PLACED_H
#define MN_COMPAT_PLACED_H

#include "runtime/runtime.h"

#include <mend/hook.h>

enum mn_face { MN_FACE_ASPECTS, MN_FACE_STINGER };

struct mn_placed; /* point.h */

struct mn_request {
    enum mn_face face;
    Class cls; /* or Nil, with an object: the one whose method the object would run */
    id object; /* nil: all objects of the class */
    SEL sel;
    mend_position position;
    bool once, weak, result_unused; /* MEND_HOOK_ONCE (of a kind), MEND_HOOK_WEAK, MEND_BLOCK_RESULT_UNUSED */
    const char *identifier;         /* NULL: none. Copied */
    id block;
    /* Asked under the runtime's mutex before the reservation; may be NULL. No host code. */
    mend_status (*admit)(const struct mn_request *request, mend_error *err);
};

/*
 * Places a hook, all or nothing. *out, unless out is NULL, is a reference of the caller's. Beside the
 * statuses of <mend/block_advice.h>, what admit gives.
 */
mend_status mn_placed_add(const struct mn_request *request, struct mn_placed **out, mend_error *err);

/* Takes it away. MEND_NOT_INSTALLED when it was before, or its object is dead. */
mend_status mn_placed_remove(struct mn_placed *placed, mend_error *err);

void mn_placed_retain(struct mn_placed *placed);
void mn_placed_release(struct mn_placed *placed);
#endif
