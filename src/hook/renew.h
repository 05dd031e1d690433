/* SPDX-License-Identifier: MIT */
/* Placing the hooks of a unit anew, above whoever replaced their methods since, by one store. */
#ifndef MN_HOOK_RENEW_H
#define MN_HOOK_RENEW_H

#include "base/list.h"
#include "hook/record.h"

/*
 * Makes records that take the place of `old`, the hooks of one unit, and puts them in force in the same store
 * that ends the old: *version becomes the new one, the old records are gone, `fresh` (a list of struct
 * mn_hook *) has the new. A token's word gets its first record as owner. Where nobody replaced a method,
 * nothing happens and `fresh` stays empty. On failure nothing has changed. MEND_NOT_INSTALLED when the unit
 * is taken away meanwhile. For the holder of the runtime's mutex (mn_edit_lock).
 */
mend_status mn_renew(struct mn_hook *const *old, size_t count, struct mn_live *live, uint32_t *version,
                     struct mn_list *fresh, mend_error *err);
#endif
