/* SPDX-License-Identifier: MIT */
/* Public targets: from names to class and selector. */
#ifndef MN_HOOK_TARGET_H
#define MN_HOOK_TARGET_H

#include "runtime/runtime.h"

#include <mend/hook.h>

/*
 * The class (metaclass for the class side) and selector a target names, and everything that can be said
 * against the hook without looking at the method. Runs no host code, changes nothing.
 */
mend_status mn_target_resolve(const mend_target *target, const mend_hook_spec *spec, Class *cls, SEL *sel,
                              mend_error *err);
#endif
