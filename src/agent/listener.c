/* SPDX-License-Identifier: MIT */
/* Making the folder, taking the place in it, and giving it back. */
#include "agent/listener.h"

#include "agent/protocol.h"
#include "base/error.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

/* Programs count on small numbers (a socket handed over as 3, select's limit of 1024): stay between. */
enum { LOWEST_FD = 200, BACKLOG = 64 };

int
mn_move_high(int fd)
{
    int high = fd < 0 ? -1 : fcntl(fd, F_DUPFD_CLOEXEC, LOWEST_FD);

    if (high < 0)
        return fd; /* the limit is lower than that */
    close(fd);
    return high;
}

/* A folder whose parent is missing is not an error of its own: the next candidate is tried. */
static mend_status
make_folder(const char *folder, mend_error *err)
{
    if (mkdir(folder, 0700) != 0 && errno != EEXIST)
        return mn_fail(err, MEND_IO, "cannot make %s: %s", folder, strerror(errno));
    return mn_socket_folder_check(folder, geteuid(), err);
}

static mend_status
listen_in(struct mn_listener *l, const char *folder, mend_error *err)
{
    struct sockaddr_un address;
    struct stat about;
    int fd;

    if (!mn_socket_address(folder, getpid(), &address))
        return mn_fail(err, MEND_IO, "%s is too long for a socket", folder);
    fd = mn_move_high(socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    if (fd < 0)
        return mn_fail(err, MEND_IO, "cannot open a socket: %s", strerror(errno));
    unlink(address.sun_path); /* whoever had this pid before is gone */
    if (bind(fd, (struct sockaddr *)&address, sizeof address) != 0 || listen(fd, BACKLOG) != 0 ||
        fstat(fd, &about) != 0) {
        mn_fail(err, MEND_IO, "cannot listen on %s: %s", address.sun_path, strerror(errno));
        close(fd);
        return MEND_IO;
    }
    *l = (struct mn_listener){.fd = fd, .device = about.st_dev, .inode = about.st_ino, .address = address};
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

bool
mn_listener_is_ours(const struct mn_listener *l)
{
    struct stat about;

    return l->fd >= 0 && fstat(l->fd, &about) == 0 && about.st_dev == l->device && about.st_ino == l->inode;
}

void
mn_listener_close(struct mn_listener *l, bool remove_file)
{
    if (mn_listener_is_ours(l))
        close(l->fd);
    if (remove_file && l->address.sun_path[0] != '\0')
        unlink(l->address.sun_path);
    *l = MN_LISTENER_CLOSED;
}
