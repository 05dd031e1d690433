/* SPDX-License-Identifier: MIT */
/*
 * A descriptor inside a host that may close it behind our back.
 *
 * A host may close every descriptor it does not know (daemons do) and open its own in their place. So each
 * socket's device and inode are remembered with its number: a number that is something else now is never
 * read, written or closed, only forgotten.
 */
#ifndef MN_AGENT_SOCKET_H
#define MN_AGENT_SOCKET_H

#include <stdbool.h>
#include <sys/types.h>

struct mn_socket {
    int fd; /* -1: none */
    dev_t device;
    ino_t inode;
};

#define MN_SOCKET_NONE ((struct mn_socket){.fd = -1})

/*
 * Takes over fd (-1 is accepted), under a number the host is unlikely to expect something else at. False,
 * with errno set and nothing left open, where there is no descriptor.
 */
bool mn_socket_take(struct mn_socket *socket, int fd);

/* Whether the number is still what was taken. */
bool mn_socket_is_ours(const struct mn_socket *socket);

/* Closes what is ours; *socket is MN_SOCKET_NONE then. */
void mn_socket_close(struct mn_socket *socket);

#endif
