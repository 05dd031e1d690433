/* SPDX-License-Identifier: MIT */
/*
 * A conversation with one agent: connect, make sure who it is, ask, wait for the answer, all before a
 * deadline.
 *
 * The socket's other end must be the process the socket is named after and belong to the owner of the folder:
 * what the kernel says (SO_PEERCRED), not what the agent says of itself.
 */
#ifndef MN_CLI_CLIENT_H
#define MN_CLI_CLIENT_H

#include "base/buffer.h"
#include "base/json.h"

#include <mend/error.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>
#include <sys/un.h>

struct mn_client {
    int fd;
    pid_t pid;
    uint64_t deadline_ns;    /* of the clock of mn_clock_ns() */
    struct mn_buffer packet; /* the last reply */
    struct mn_json *reply;
    bool begun;               /* the agent has said that it began what it was asked last */
    char name[64], agent[32]; /* from its hello */
    long long started;
};

/*
 * MEND_NO_AGENT when nobody listens there, MEND_NO_PERMISSION, MEND_PROTOCOL when it is not what it must be,
 * MEND_TIMEOUT. On failure there is nothing to close.
 */
mend_status mn_client_open(struct mn_client *client, const struct sockaddr_un *address, pid_t pid,
                           uid_t owner, uint64_t deadline_ns, mend_error *err);
void mn_client_close(struct mn_client *client);

/*
 * Sends a request (id 1) with `fd` beside it, or -1, and waits. *result, or on a refusal *error, is lent
 * until the next call; both are NULL when no answer came. MEND_TARGET_DIED when the process left instead of
 * answering. After MEND_TIMEOUT or MEND_INTERRUPTED nothing has changed and nothing will, unless err->remedy
 * says that the agent had begun.
 */
mend_status mn_client_call(struct mn_client *client, const struct mn_buffer *request, int fd,
                           const struct mn_json **result, const struct mn_json **error, mend_error *err);

/* The same for a reply already in hand: splits it into result or error. */
mend_status mn_client_split(const struct mn_json *reply, const struct mn_json **result,
                            const struct mn_json **error, mend_error *err);

/* Waits until fd is readable; `who` names the process in messages. */
mend_status mn_client_wait(int fd, uint64_t deadline_ns, const char *who, mend_error *err);

#endif
