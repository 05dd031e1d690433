/* SPDX-License-Identifier: MIT */
/* unkind SOCKET half|huge|descriptors|many: does that to an agent; 0 when it could. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

static const char *path;

static int
knock(void)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_SEQPACKET, 0);

    strncpy(address.sun_path, path, sizeof address.sun_path - 1);
    if (connect(fd, (struct sockaddr *)&address, sizeof address) != 0) {
        perror(path);
        exit(1);
    }
    return fd;
}

static void
half(void)
{
    static const char text[] =
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"apply\",\"params\":{\"name\":\"fix.m\",\"sou";
    char reply[4096];
    int fd = knock();

    if (send(fd, text, sizeof text - 1, 0) < 0 || recv(fd, reply, sizeof reply, 0) <= 0 ||
        strstr(reply, "-32700") == NULL)
        exit(1);
}

static void
huge(void)
{
    int fd = knock(), room = 8 << 20;
    char *text = calloc(1, 2 << 20);

    setsockopt(fd, SOL_SOCKET, 32 /* SO_SNDBUFFORCE */, &room, sizeof room);
    if (send(fd, text, 2 << 20, MSG_NOSIGNAL) < 0)
        send(fd, text, 100 << 10, MSG_NOSIGNAL);
    free(text);
}

static void
descriptors(void)
{
    enum { MANY = 250 };
    union {
        struct cmsghdr header;
        char room[CMSG_SPACE(MANY * sizeof(int))];
    } control = {.header = {.cmsg_level = SOL_SOCKET,
                            .cmsg_type = SCM_RIGHTS,
                            .cmsg_len = CMSG_LEN(MANY * sizeof(int))}};
    struct iovec piece = {.iov_base = "{}", .iov_len = 2};
    struct msghdr message = {
        .msg_iov = &piece, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};

    memset(CMSG_DATA(&control.header), 0, MANY * sizeof(int));
    for (int i = 0; i < 100; i++)
        sendmsg(knock(), &message, MSG_NOSIGNAL);
}

static void
many(void)
{
    for (int i = 0; i < 1000; i++)
        knock();
    nanosleep(&(struct timespec){.tv_sec = 1}, NULL);
}

int
main(int argc, char **argv)
{
    static const struct {
        const char *name;
        void (*deed)(void);
    } deeds[] = {{"half", half}, {"huge", huge}, {"descriptors", descriptors}, {"many", many}};

    path = argv[1];
    for (size_t i = 0; argc == 3 && i < sizeof deeds / sizeof *deeds; i++)
        if (strcmp(deeds[i].name, argv[2]) == 0)
            return deeds[i].deed(), 0;
    return 2;
}
