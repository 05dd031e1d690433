/* SPDX-License-Identifier: MIT */
/* Public targets: from names to class and selector, and what can be said against a request at first sight. */
#ifndef MN_HOOK_TARGET_H
#define MN_HOOK_TARGET_H

#include "hook/batch.h"
#include "runtime/runtime.h"

#include <mend/hook.h>

/* A position, advice, options: what a hook must have wherever it is placed. MEND_INVALID. */
mend_status mn_spec_check(const mend_hook_spec *spec, mend_error *err);

/*
 * The class (metaclass for the class side) and selector a target names, and everything that can be said
 * against the hook without looking at the method. Of an object: the outermost class whose method it runs.
 * Runs no host code, changes nothing.
 */
mend_status mn_target_resolve(const mend_target *target, const mend_hook_spec *spec, Class *cls, SEL *sel,
                              mend_error *err);

/* The same as an item to be staged: with the encoding of a method to be added, which a protocol may give. */
mend_status mn_target_item(const mend_target *target, const mend_hook_spec *spec, struct mn_batch_item *item,
                           mend_error *err);
#endif
