/* SPDX-License-Identifier: MIT */
/*
 * The processes a verb means: by pid, by name, or all that have an agent.
 *
 * A process is a file PID.sock in a folder of its user (agent/protocol.h). Root sees every user's folders,
 * others their own. Files whose process is gone are removed on the way.
 */
#ifndef MN_CLI_TARGET_H
#define MN_CLI_TARGET_H

#include "base/list.h"
#include "cli/client.h"
#include "cli/options.h"
#include "cli/request.h"

#include <mend/error.h>
#include <sys/types.h>

/* One process, and what came of talking to it. */
struct mn_target {
    pid_t pid;
    mend_status status; /* MEND_OK: client is open */
    mend_error error;
    struct mn_client client;
    const struct mn_json *result, *refusal;                    /* of mn_targets_ask; lent by the client */
    char folder[sizeof((struct sockaddr_un *)NULL)->sun_path]; /* where a scan found it; "": meant by its pid
                                                                */
    uid_t owner;                                               /* of the folder */
};

/*
 * Opens a client to each process that --pid and --name mean, or with neither and `all` to every one, all at
 * once. A process that was meant by its pid and cannot be reached is in the list, with its error; of the
 * others only those that do not answer.
 *
 * MEND_INVALID nothing was meant, or not a pid; MEND_NO_PROCESS a name that no process has; MEND_INTERRUPTED.
 */
mend_status mn_targets_open(struct mn_list *targets, const struct mn_options *options, bool all,
                            mend_error *err);

/*
 * Asks each target that is open, all at once: its status becomes that of the answer, which is in result, or
 * in refusal and error. MEND_TARGET_DIED is told apart from an agent that only hung up. MEND_OK when all
 * succeeded, the status they share when all failed alike, MEND_INTERRUPTED when one was, MEND_MIXED
 * otherwise.
 */
mend_status mn_targets_ask(struct mn_list *targets, const struct mn_ask *ask, unsigned timeout_ms);
void mn_targets_close(struct mn_list *targets);

#endif
