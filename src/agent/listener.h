/* SPDX-License-Identifier: MIT */
/* The socket file of this process, and the descriptor that listens on it. */
#ifndef MN_AGENT_LISTENER_H
#define MN_AGENT_LISTENER_H

#include "agent/socket.h"

#include <mend/error.h>
#include <sys/un.h>

struct mn_listener {
    struct mn_socket socket;
    struct sockaddr_un address; /* sun_path is "" while there is no file of ours */
};

#define MN_LISTENER_CLOSED ((struct mn_listener){.socket = {.fd = -1}})

/*
 * Listens in the first of mn_socket_folder's folders that exists or can be made with mode 0700 and is ours. A
 * file left behind by an earlier program of this pid is replaced; the file is there only when the socket
 * listens. MEND_NO_PERMISSION or MEND_IO when there is no place.
 */
mend_status mn_listener_open(struct mn_listener *listener, mend_error *err);

/*
 * Nobody gets in any more: removes the file, and wakes whoever polls the descriptor, now or in future. The
 * descriptor stays open, for the thread that polls it to close.
 */
void mn_listener_end(struct mn_listener *listener);

/* Closes the descriptor if it is ours; leaves the file alone. */
void mn_listener_close(struct mn_listener *listener);

#endif
