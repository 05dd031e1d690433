/* SPDX-License-Identifier: MIT */
/*
 * What is known of the hooks the faces have placed, by method.
 *
 * A point is one method that a face has hooked, and lives as long as the process, like the engine's record of
 * the method. The runtime's mutex guards lists and points. It is not held while blocks are copied, run or
 * released.
 */
#ifndef MN_COMPAT_POINT_H
#define MN_COMPAT_POINT_H

#include "compat/placed.h"
#include "hook/call.h"
#include "runtime/objects.h"

#include <stdatomic.h>

enum mn_placed_state { MN_PLACED_RESERVED, MN_PLACED_STANDS, MN_PLACED_REMOVED };

struct mn_batch;
struct mn_point;

struct mn_placed {
    struct mn_placed *next; /* in its point, oldest first */
    struct mn_point *point;
    mend_hook_spec block; /* the block as advice; freed when nothing can call it any more */
    mend_position position;
    mend_token *token; /* before, after */
    char *identifier;  /* Stinger's */
    bool of_object, once;
    mn_weak object; /* with of_object */
    atomic_bool spent;
    atomic_uint state; /* enum mn_placed_state */
    atomic_uint uses;  /* of the block: engine hooks and insteads that name it, and its place here */
    atomic_uint refs;  /* of this record: all uses together, and tokens */
};

struct mn_point {
    struct mn_point *next; /* of the same selector */
    enum mn_face face;
    Class cls;
    SEL sel;
    struct mn_placed *first;
    struct mn_batch *insteads; /* what stands in the method's place, or NULL */
    unsigned long changes;     /* of its insteads */
};

/* The points of a selector. Under the runtime's mutex. */
struct mn_point *mn_points_of(SEL sel);

/* ---- For calls ---- */

/* Its object has died. */
static inline bool
mn_placed_is_dead(const struct mn_placed *placed)
{
    return placed->of_object && mn_weak_is((mn_weak *)&placed->object, nil);
}

/* In force for this receiver. */
static inline bool
mn_placed_is_for(struct mn_placed *placed, id receiver)
{
    return atomic_load_explicit(&placed->state, memory_order_acquire) != MN_PLACED_REMOVED &&
           (!placed->of_object || mn_weak_is(&placed->object, receiver));
}

/* Runs the block, the advice of a mend_hook_spec. One that runs once and has is passed over: false. */
bool mn_placed_run(struct mn_placed *placed, mend_call *call);

/* Something more, or less, can call the block. The last one may run code of the program. */
void mn_placed_use(struct mn_placed *placed);
void mn_placed_unuse(struct mn_placed *placed);
#endif
