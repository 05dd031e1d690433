/* SPDX-License-Identifier: MIT */
/* Numbers out of the way, and telling our sockets from the host's files. */
#include "agent/socket.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

/* Programs count on small numbers (a socket handed over as 3, select's limit of 1024): stay between. */
enum { LOWEST_FD = 200 };

static int
move_high(int fd)
{
    int high = fcntl(fd, F_DUPFD_CLOEXEC, LOWEST_FD);

    if (high < 0)
        return fd; /* the limit is lower than that */
    close(fd);
    return high;
}

bool
mn_socket_take(struct mn_socket *socket, int fd)
{
    struct stat about;
    int error;

    *socket = MN_SOCKET_NONE;
    if (fd < 0)
        return false;
    fd = move_high(fd);
    if (fstat(fd, &about) != 0) {
        error = errno;
        close(fd);
        errno = error;
        return false;
    }
    *socket = (struct mn_socket){.fd = fd, .device = about.st_dev, .inode = about.st_ino};
    return true;
}

bool
mn_socket_is_ours(const struct mn_socket *socket)
{
    struct stat about;

    return socket->fd >= 0 && fstat(socket->fd, &about) == 0 && about.st_dev == socket->device &&
           about.st_ino == socket->inode;
}

void
mn_socket_close(struct mn_socket *socket)
{
    if (mn_socket_is_ours(socket))
        close(socket->fd);
    *socket = MN_SOCKET_NONE;
}
