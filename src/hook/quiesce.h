/* SPDX-License-Identifier: MIT */
/* Waiting for the calls that may still use a hook that is gone, or naming them. */
#ifndef MN_HOOK_QUIESCE_H
#define MN_HOOK_QUIESCE_H

#include "hook/live.h"

#include <mend/hook.h>

/* mend_hook_quiesce for a unit: its word, perhaps another unit's by now, and its version. Without locks. */
mend_status mn_quiesce(const struct mn_live *live, uint32_t version, unsigned milliseconds,
                       void (*report)(const mend_inside *inside, void *data), void *data, mend_error *err);
#endif
