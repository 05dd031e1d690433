/* SPDX-License-Identifier: MIT */
/*
 * Block advice: a block, and everything a call of it needs, as the data of a plain hook.
 *
 * What <mend/block_advice.h> does in one step, in two, for those who stage hooks themselves (the faces,
 * batches).
 */
#ifndef MN_HOOK_ADVICE_BLOCK_H
#define MN_HOOK_ADVICE_BLOCK_H

#include "runtime/runtime.h"

#include <mend/block_advice.h>

/*
 * The hook for a block, to be given to mend_hook_add, mn_batch_add and the like. Copies the block, which may
 * run code of the program; without locks. A hook that was not placed is freed by mn_block_advice_drop, which
 * leaves spec->data alone. MEND_INVALID, MEND_UNSUPPORTED_ENCODING, MEND_NO_MEMORY, MEND_SIGNATURE_MISMATCH
 * (what can be seen without a method).
 */
mend_status mn_block_advice_new(const mend_block_spec *spec, mend_hook_spec *hook, mend_error *err);
void mn_block_advice_drop(const mend_hook_spec *hook);

/* Whether the block fits this method, and what its calls need made ready. MEND_SIGNATURE_MISMATCH,
 * MEND_UNSUPPORTED_ENCODING, MEND_NO_MEMORY. */
mend_status mn_block_advice_fit(const mend_hook_spec *hook, Class cls, const struct mn_method *method,
                                mend_error *err);
#endif
