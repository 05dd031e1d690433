/* SPDX-License-Identifier: MIT */
/* The one file of agent/ that names patch/. */
#include "agent/backend.h"

#include <mend/patch.h>

const struct mn_backend mn_backend_live = {
    .apply = mend_patch_apply,
    .check = mend_patch_check,
    .revert = mend_patch_revert,
    .each = mend_patch_each,
    .format = mend_diagnostic_format,
};
