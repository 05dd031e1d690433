/* SPDX-License-Identifier: MIT */
/*
 * The object that tells a block about the call: AspectInfo and StingerParams in one.
 *
 * Made when a block that takes one is called, and lent to it; each thread keeps one for the next call, so
 * that a call costs no allocation. Somebody who retains it gets what it could tell at the end of the call:
 * boxed arguments, an invocation of its own (invocation.h), and the receiver as long as that lives.
 */
#ifndef MN_COMPAT_INFO_H
#define MN_COMPAT_INFO_H

#include <mend/hook.h>

/* Makes the class, that of invocations, and blocks the objects that both faces take them for. The first call
 * does it; the others give the same answer. Not under the runtime's mutex. */
mend_status mn_info_register(mend_error *err);

/* make_info and end_info of a mend_block_spec. nil when memory has run out. */
struct objc_object *mn_info_begin(mend_call *call, void *data);
void mn_info_end(struct objc_object *info, mend_call *call, void *data);
#endif
