/* SPDX-License-Identifier: MIT */
/*
 * An NSInvocation over a call of a hooked method.
 *
 * While the call lives, arguments and result are those of the call itself: what is set is what the rest of
 * the advice, the method and the caller see, and -invoke runs what lies below the hook. Given another target
 * or selector, -invoke sends that message with the call's arguments instead, as any NSInvocation does.
 *
 * When the call ends while somebody keeps the invocation, it takes copies (mn_invocation_outlive): from then
 * on -invoke runs the method below all hooks. Objects among the arguments are kept alive only after
 * -retainArguments, as everywhere.
 */
#ifndef MN_COMPAT_INVOCATION_H
#define MN_COMPAT_INVOCATION_H

#include "hook/call.h"

/* Makes the class; once. */
mend_status mn_invocation_register(mend_error *err);

/* One for a call whose method has a readable signature, owned by the caller; nil when there is no memory. */
id mn_invocation_new(mend_call *call);

/* The call ends. Copies what is needed if anybody but the caller, who has one reference, keeps the invocation
 * or `kept` says that somebody will. */
void mn_invocation_outlive(id invocation, bool kept);

/* Runs what lies below the hook, whatever its position, with the frame as it is; the result lands there. */
void mn_call_run_below(mend_call *call);
#endif
