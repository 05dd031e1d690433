/* SPDX-License-Identifier: MIT */
/*
 * Staging: from a request to the records that will be put in place, after every check there is.
 *
 * A request is one record, but for a single object that another class stands in for (key-value observing does
 * that): see mn_object_levels.
 *
 * All functions here are for the holder of the runtime's mutex; none runs code of the host.
 */
#ifndef MN_HOOK_STAGE_H
#define MN_HOOK_STAGE_H

#include "hook/batch.h"
#include "hook/record.h"

/*
 * The records for an item, linked by `next`, with their sites; not bound to a word. Nothing has changed in
 * the program, but for the death of item->object being watched once mn_stage_watch was called.
 */
mend_status mn_stage(const struct mn_batch_item *item, struct mn_hook **records, mend_error *err);

/* If they are for one object: from its death on they are out of force. `alone`: they are a token's, with this
 * word; else each gets a word of its own. */
mend_status mn_stage_watch(struct mn_hook *records, struct mn_live *alone, mend_error *err);

/* Gives up records that were never in place. Their data is released if `release`. */
void mn_unstage(struct mn_hook *records, bool release);

enum { MN_LEVELS = 4 };

/*
 * The classes whose implementations of sel an object may come to run, the outermost first: that of its class,
 * and where that class only stands in for another (it overrides -class), the other's. Gives how many; 0 when
 * it has no such method.
 */
unsigned mn_object_levels(id object, SEL sel, Class levels[MN_LEVELS]);

/* Whether an object can have hooks of its own: MEND_REFUSED_OBJECT. */
mend_status mn_object_admit(id object, const char *selector, mend_error *err);
#endif
