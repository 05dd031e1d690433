/* SPDX-License-Identifier: MIT */
/* Making the folder, taking the place in it, and giving it back. */
#include "agent/listener.h"

#include "agent/protocol.h"
#include "base/error.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

enum { BACKLOG = 64 };

/* A folder whose parent is missing is not an error of its own: the next candidate is tried. */
static mend_status
make_folder(const char *folder, mend_error *err)
{
    if (mkdir(folder, 0700) != 0 && errno != EEXIST)
        return mn_fail(err, MEND_IO, "cannot make %s: %s", folder, strerror(errno));
    return mn_socket_folder_check(folder, geteuid(), err);
}

/* A name that whoever connects does not look at: a file that refuses would be taken for a dead process'. */
static bool
temporary_address(const char *folder, struct sockaddr_un *address)
{
    int n;

    *address = (struct sockaddr_un){.sun_family = AF_UNIX};
    n = snprintf(address->sun_path, sizeof address->sun_path, "%s/%d.new", folder, (int)getpid());
    return n > 0 && (size_t)n < sizeof address->sun_path;
}

static mend_status
listen_in(struct mn_listener *l, const char *folder, mend_error *err)
{
    struct sockaddr_un address, early;
    struct mn_socket door;

    if (!mn_socket_address(folder, getpid(), &address) || !temporary_address(folder, &early))
        return mn_fail(err, MEND_IO, "%s is too long for a socket", folder);
    if (!mn_socket_take(&door, socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)))
        return mn_fail(err, MEND_IO, "cannot open a socket: %s", strerror(errno));
    unlink(early.sun_path); /* whoever had this pid before is gone */
    if (bind(door.fd, (struct sockaddr *)&early, sizeof early) != 0 || listen(door.fd, BACKLOG) != 0 ||
        rename(early.sun_path, address.sun_path) != 0) {
        mn_fail(err, MEND_IO, "cannot listen on %s: %s", address.sun_path, strerror(errno));
        unlink(early.sun_path);
        mn_socket_close(&door);
        return MEND_IO;
    }
    *l = (struct mn_listener){.socket = door, .address = address};
    return MEND_OK;
}

mend_status
mn_listener_open(struct mn_listener *l, mend_error *err)
{
    char folder[sizeof l->address.sun_path];
    mend_status st = mn_fail(err, MEND_IO, "there is no folder for the agent's socket");

    *l = MN_LISTENER_CLOSED;
    for (unsigned i = 0; i < MN_SOCKET_FOLDERS; i++) {
        if (!mn_socket_folder(i, geteuid(), folder, sizeof folder))
            continue;
        if ((st = make_folder(folder, err)) == MEND_OK && (st = listen_in(l, folder, err)) == MEND_OK)
            return MEND_OK;
    }
    return st;
}

/* A poll() that began before the host closed the descriptor still hears who connects. */
static void
knock(const struct sockaddr_un *address)
{
    int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

    if (fd < 0)
        return;
    (void)!connect(fd, (const struct sockaddr *)address, sizeof *address); /* nobody there: nobody to wake */
    close(fd);
}

void
mn_listener_end(struct mn_listener *l)
{
    if (l->address.sun_path[0] == '\0')
        return;
    if (mn_socket_is_ours(&l->socket))
        shutdown(l->socket.fd, SHUT_RDWR);
    else
        knock(&l->address);
    unlink(l->address.sun_path);
    l->address.sun_path[0] = '\0';
}

void
mn_listener_close(struct mn_listener *l)
{
    mn_socket_close(&l->socket);
    *l = MN_LISTENER_CLOSED;
}
