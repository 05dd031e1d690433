/* SPDX-License-Identifier: MIT */
/*
 * The socket file of this process, and the descriptor that listens on it.
 *
 * A host may close every descriptor it does not know (daemons do) and open its own in their place. So the
 * listener remembers the device and inode of its socket: a descriptor that is no longer that socket is never
 * accepted on nor closed, only forgotten.
 */
#ifndef MN_AGENT_LISTENER_H
#define MN_AGENT_LISTENER_H

#include <mend/error.h>
#include <stdbool.h>
#include <sys/types.h>
#include <sys/un.h>

struct mn_listener {
    int fd; /* -1 while closed */
    dev_t device;
    ino_t inode;
    struct sockaddr_un address; /* sun_path is "" while there is no file of ours */
};

#define MN_LISTENER_CLOSED ((struct mn_listener){.fd = -1})

/*
 * Listens in the first of mn_socket_folder's folders that exists or can be made with mode 0700 and is ours. A
 * file left behind by an earlier program of this pid is replaced. MEND_NO_PERMISSION or MEND_IO when there is
 * no place.
 */
mend_status mn_listener_open(struct mn_listener *listener, mend_error *err);

/* Whether fd is still the socket that was opened. */
bool mn_listener_is_ours(const struct mn_listener *listener);

/* Closes the descriptor if it is ours and, with remove_file, removes the file. */
void mn_listener_close(struct mn_listener *listener, bool remove_file);

/* The same descriptor under a number the host is unlikely to expect something else at; fd is closed if it
 * moved. */
int mn_move_high(int fd);

#endif
