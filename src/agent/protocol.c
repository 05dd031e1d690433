/* SPDX-License-Identifier: MIT */
/* Paths, packets and refusals, the same code on both sides of the socket. */
#include "agent/protocol.h"

#include "base/error.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#define SEALS (F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE)

mend_status
mn_id_check(const char *id, mend_error *err)
{
    size_t length = strlen(id);
    bool plain = true;

    for (const char *c = id; *c != '\0'; c++)
        plain = plain && (unsigned char)*c >= 0x20 && *c != 0x7F;
    if (plain && length > 0 && length <= MN_ID_MAX)
        return MEND_OK;
    return mn_fail(err, MEND_INVALID, "a patch's id has 1 to %d bytes and no control characters", MN_ID_MAX);
}

bool
mn_socket_folder(unsigned which, uid_t uid, char *folder, size_t size)
{
    const char *runtime;
    int n = -1;

    switch (which) {
    case 0:
        runtime = getenv("XDG_RUNTIME_DIR");
        if (runtime == NULL || runtime[0] != '/')
            return false;
        n = snprintf(folder, size, "%s/mend", runtime);
        break;
    case 1:
        n = snprintf(folder, size, "/run/user/%u/mend", (unsigned)uid);
        break;
    case 2:
        n = snprintf(folder, size, "/tmp/mend-%u", (unsigned)uid);
        break;
    }
    return n > 0 && (size_t)n < size;
}

mend_status
mn_socket_folder_check(const char *folder, uid_t owner, mend_error *err)
{
    struct stat about;

    if (lstat(folder, &about) != 0)
        return mn_fail(err, errno == EACCES ? MEND_NO_PERMISSION : MEND_IO, "cannot look at %s: %s", folder,
                       strerror(errno));
    if (!S_ISDIR(about.st_mode) || about.st_uid != owner || (about.st_mode & 077) != 0) {
        mn_fail(err, MEND_NO_PERMISSION, "%s is not a folder of user %u that nobody else can enter", folder,
                (unsigned)owner);
        mn_remedy(err, "remove it, or set XDG_RUNTIME_DIR to a folder of your own");
        return MEND_NO_PERMISSION;
    }
    return MEND_OK;
}

bool
mn_socket_address(const char *folder, pid_t pid, struct sockaddr_un *address)
{
    int n;

    memset(address, 0, sizeof *address);
    address->sun_family = AF_UNIX;
    n = snprintf(address->sun_path, sizeof address->sun_path, "%s/%d.sock", folder, (int)pid);
    return n > 0 && (size_t)n < sizeof address->sun_path;
}

enum mn_packet
mn_packet_send(int socket, const char *bytes, size_t length, int fd, int flags)
{
    union {
        struct cmsghdr header;
        char room[CMSG_SPACE(sizeof(int))];
    } control = {0};
    struct iovec piece = {.iov_base = (void *)bytes, .iov_len = length};
    struct msghdr message = {.msg_iov = &piece, .msg_iovlen = 1};
    ssize_t n;

    if (length > MN_MESSAGE_MAX)
        return MN_PACKET_TOO_LARGE;
    if (fd >= 0) {
        message.msg_control = control.room;
        message.msg_controllen = sizeof control.room;
        control.header.cmsg_level = SOL_SOCKET;
        control.header.cmsg_type = SCM_RIGHTS;
        control.header.cmsg_len = CMSG_LEN(sizeof fd);
        memcpy(CMSG_DATA(&control.header), &fd, sizeof fd);
    }
    do
        n = sendmsg(socket, &message, MSG_NOSIGNAL | flags);
    while (n < 0 && errno == EINTR);
    if (n >= 0)
        return MN_PACKET_GOT;
    if (errno == EMSGSIZE)
        return MN_PACKET_TOO_LARGE;
    if (errno == EPIPE || errno == ECONNRESET)
        return MN_PACKET_END;
    return errno == EAGAIN ? MN_PACKET_NONE : MN_PACKET_FAILED;
}

/* Keeps the first descriptor of a message and closes the others. */
static int
first_descriptor(struct msghdr *message)
{
    int first = -1;

    for (struct cmsghdr *c = CMSG_FIRSTHDR(message); c != NULL; c = CMSG_NXTHDR(message, c)) {
        size_t count = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);

        if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
            continue;
        for (size_t i = 0; i < count; i++) {
            int fd;

            memcpy(&fd, CMSG_DATA(c) + i * sizeof fd, sizeof fd);
            if (first < 0)
                first = fd;
            else
                close(fd);
        }
    }
    return first;
}

enum mn_packet
mn_packet_receive(int socket, struct mn_buffer *bytes, int *fd, int flags)
{
    union {
        struct cmsghdr header;
        char room[CMSG_SPACE(4 * sizeof(int))]; /* the kernel itself closes what does not fit */
    } control;
    struct iovec piece = {0};
    struct msghdr message = {.msg_iov = &piece, .msg_iovlen = 1};
    char none;
    ssize_t size, n;

    *fd = -1;
    mn_buffer_clear(bytes);
    size = recv(socket, NULL, 0, MSG_PEEK | MSG_TRUNC | flags);
    if (size < 0)
        return errno == EAGAIN || errno == EINTR ? MN_PACKET_NONE
               : errno == ECONNRESET             ? MN_PACKET_END
                                                 : MN_PACKET_FAILED;
    if (size > MN_MESSAGE_MAX) {
        if (recv(socket, &none, 0, flags) < 0) /* a packet is dropped whole */
            return MN_PACKET_FAILED;
        return MN_PACKET_TOO_LARGE;
    }
    if ((piece.iov_base = mn_buffer_extend(bytes, (size_t)size)) == NULL) {
        errno = ENOMEM;
        return MN_PACKET_FAILED;
    }
    piece.iov_len = (size_t)size;
    message.msg_control = control.room;
    message.msg_controllen = sizeof control.room;
    n = recvmsg(socket, &message, MSG_CMSG_CLOEXEC | flags);
    if (n < 0)
        return errno == EAGAIN || errno == EINTR ? MN_PACKET_NONE
               : errno == ECONNRESET             ? MN_PACKET_END
                                                 : MN_PACKET_FAILED;
    *fd = first_descriptor(&message);
    if (n == 0) {
        if (*fd >= 0)
            close(*fd);
        *fd = -1;
        return MN_PACKET_END; /* an empty packet says no more than none at all */
    }
    bytes->length = (size_t)n;
    bytes->data[n] = '\0';
    return MN_PACKET_GOT;
}

mend_status
mn_sealed_new(const char *name, const char *bytes, size_t length, int *fd, mend_error *err)
{
    size_t done = 0;

    if ((*fd = memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING)) < 0)
        return mn_fail(err, MEND_IO, "cannot create a memory file: %s", strerror(errno));
    while (done < length) {
        ssize_t n = write(*fd, bytes + done, length - done);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            goto failed;
        done += (size_t)n;
    }
    if (fcntl(*fd, F_ADD_SEALS, SEALS | F_SEAL_SEAL) != 0)
        goto failed;
    return MEND_OK;
failed:
    mn_fail(err, MEND_IO, "cannot fill a memory file: %s", strerror(errno));
    close(*fd);
    *fd = -1;
    return MEND_IO;
}

mend_status
mn_sealed_read(int fd, size_t max, struct mn_buffer *bytes, mend_error *err)
{
    struct stat about;
    size_t done = 0;
    char *room;
    int seals;

    seals = fcntl(fd, F_GET_SEALS);
    if (seals < 0 || (seals & SEALS) != SEALS || fstat(fd, &about) != 0)
        return mn_fail(err, MEND_PROTOCOL, "the descriptor sent along is not a sealed memory file");
    if ((unsigned long long)about.st_size > max)
        return mn_fail(err, MEND_TOO_LARGE, "the source has %lld bytes; at most %zu are taken",
                       (long long)about.st_size, max);
    if ((room = mn_buffer_extend(bytes, (size_t)about.st_size)) == NULL)
        return mn_fail_memory(err);
    while (done < (size_t)about.st_size) {
        ssize_t n = pread(fd, room + done, (size_t)about.st_size - done, (off_t)done);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return mn_fail(err, MEND_IO, "cannot read the memory file sent along");
        done += (size_t)n;
    }
    return MEND_OK;
}

void
mn_error_begin(struct mn_json_writer *w, long long code, const mend_error *err)
{
    mn_json_put_int(w, "code", code);
    mn_json_put_text(w, "message", err->message);
    mn_json_object(w, "data");
    mn_json_put_text(w, "name", code < 0 ? "PROTOCOL" : mend_status_name(err->status));
    if (err->class_name[0] != '\0')
        mn_json_put_text(w, "class", err->class_name);
    if (err->selector[0] != '\0')
        mn_json_put_text(w, "selector", err->selector);
    if (err->file[0] != '\0') {
        mn_json_put_text(w, "file", err->file);
        mn_json_put_int(w, "line", err->line);
        mn_json_put_int(w, "column", err->column);
    }
    mn_json_put_text(w, "remedy", err->remedy);
}

static mend_status
status_of(long long code)
{
    static const mend_status known[] = {
#define X(name, number, exit, text, remedy) MEND_##name,
#include <mend/status.def>
#undef X
    };

    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (code != MEND_OK && code == (long long)known[i])
            return known[i];
    return MEND_PROTOCOL;
}

mend_status
mn_error_read(const struct mn_json *error, mend_error *err)
{
    mend_status status = status_of(mn_json_get_int(error, "code", 0));
    const struct mn_json *data = mn_json_member(error, "data");

    if (err == NULL)
        return status;
    mn_fail(err, status, "%s", mn_json_get_text(error, "message", mend_status_text(status)));
    mn_copy_text(err->class_name, sizeof err->class_name, mn_json_get_text(data, "class", ""));
    mn_copy_text(err->selector, sizeof err->selector, mn_json_get_text(data, "selector", ""));
    mn_copy_text(err->file, sizeof err->file, mn_json_get_text(data, "file", ""));
    err->line = (unsigned)mn_json_get_int(data, "line", 0);
    err->column = (unsigned)mn_json_get_int(data, "column", 0);
    mn_remedy(err, "%s", mn_json_get_text(data, "remedy", mend_status_remedy(status)));
    return status;
}

void
mn_error_text(struct mn_buffer *text, const mend_error *err)
{
    mn_buffer_text(text, "mend: ");
    if (err->file[0] != '\0') {
        mn_buffer_text(text, err->file);
        if (err->line != 0)
            mn_buffer_printf(text, ":%u:%u", err->line, err->column);
        mn_buffer_text(text, ": ");
    }
    mn_buffer_text(text, err->message);
    if (err->class_name[0] != '\0' && err->selector[0] != '\0')
        mn_buffer_printf(text, " (class %s, selector %s)", err->class_name, err->selector);
    else if (err->class_name[0] != '\0')
        mn_buffer_printf(text, " (class %s)", err->class_name);
    mn_buffer_printf(text, " [E%04d]\n", (int)err->status);
    if (err->remedy[0] != '\0')
        mn_buffer_printf(text, "      %s\n", err->remedy);
}
