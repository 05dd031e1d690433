/* SPDX-License-Identifier: MIT */
/* Connecting, and one request at a time. */
#include "cli/client.h"

#include "agent/protocol.h"
#include "base/clock.h"
#include "base/error.h"
#include "cli/output.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define MS 1000000u

mend_status
mn_client_wait(int fd, uint64_t deadline_ns, const char *who, mend_error *err)
{
    for (;;) {
        struct pollfd p[] = {{.fd = fd, .events = POLLIN}, {.fd = mn_interrupt_fd(), .events = POLLIN}};
        uint64_t now = mn_clock_ns();
        int n;

        if (mn_interrupted())
            return mn_fail_interrupted(err);
        if (now >= deadline_ns)
            return mn_fail(err, MEND_TIMEOUT, "%s did not answer in time", who);
        n = poll(p, 2, (int)((deadline_ns - now) / MS) + 1);
        if (n > 0 && p[0].revents != 0)
            return MEND_OK;
        if (n < 0 && errno != EINTR)
            return mn_fail(err, MEND_IO, "cannot wait for %s: %s", who, strerror(errno));
    }
}

/* A full backlog answers EAGAIN: the agent takes in the others first. */
static mend_status
connect_to(int fd, const struct sockaddr_un *address, uint64_t deadline_ns, mend_error *err)
{
    while (connect(fd, (const struct sockaddr *)address, sizeof *address) != 0) {
        if (errno == EACCES || errno == EPERM)
            return mn_fail(err, MEND_NO_PERMISSION, "%s may not be used by this user", address->sun_path);
        if (errno == ENOENT || errno == ECONNREFUSED)
            return mn_fail(err, MEND_NO_AGENT, "nobody listens on %s", address->sun_path);
        if (errno != EAGAIN && errno != EINTR)
            return mn_fail(err, MEND_NO_AGENT, "cannot connect to %s: %s", address->sun_path,
                           strerror(errno));
        if (mn_interrupted())
            return mn_fail_interrupted(err);
        if (mn_clock_ns() >= deadline_ns)
            return mn_fail(err, MEND_TIMEOUT, "the agent's socket %s is busy", address->sun_path);
        nanosleep(&(struct timespec){.tv_nsec = 5 * MS}, NULL);
    }
    return MEND_OK;
}

static mend_status
look_at_peer(int fd, const struct sockaddr_un *address, pid_t pid, uid_t owner, mend_error *err)
{
    struct ucred peer;
    socklen_t size = sizeof peer;

    if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0)
        return mn_fail(err, MEND_PROTOCOL, "cannot learn who listens on %s", address->sun_path);
    if (peer.uid != owner && peer.uid != 0)
        return mn_fail(err, MEND_NO_PERMISSION, "user %u listens on %s, not user %u", (unsigned)peer.uid,
                       address->sun_path, (unsigned)owner);
    if (peer.pid != pid)
        return mn_fail(err, MEND_NO_PERMISSION, "process %d listens on %s, not process %d", (int)peer.pid,
                       address->sun_path, (int)pid);
    return MEND_OK;
}

static mend_status
say_hello(struct mn_client *c, pid_t pid, mend_error *err)
{
    struct mn_buffer request = MN_BUFFER_EMPTY;
    struct mn_json_writer w = MN_JSON_INTO(&request);
    const struct mn_json *result, *error;
    mend_status st;

    mn_json_object(&w, NULL);
    mn_json_put_text(&w, "jsonrpc", "2.0");
    mn_json_put_int(&w, "id", 1);
    mn_json_put_text(&w, "method", "hello");
    mn_json_object(&w, "params");
    mn_json_array(&w, "proto");
    mn_json_put_int(&w, NULL, MN_PROTO_MIN);
    mn_json_put_int(&w, NULL, MN_PROTO_MAX);
    mn_json_end(&w);
    mn_json_put_text(&w, "client", MEND_VERSION_STRING);
    mn_json_end(&w);
    mn_json_end(&w);
    st = mn_client_call(c, &request, -1, &result, &error, err);
    mn_buffer_fini(&request);
    if (st != MEND_OK)
        return st;
    if (mn_json_get_int(result, "pid", 0) != pid)
        return mn_fail(err, MEND_PROTOCOL, "what listens there is not the agent of process %d", (int)pid);
    mn_copy_text(c->name, sizeof c->name, mn_json_get_text(result, "name", ""));
    mn_copy_text(c->agent, sizeof c->agent, mn_json_get_text(result, "agent", ""));
    c->started = mn_json_get_int(result, "started", 0);
    return MEND_OK;
}

mend_status
mn_client_open(struct mn_client *c, const struct sockaddr_un *address, pid_t pid, uid_t owner,
               uint64_t deadline_ns, mend_error *err)
{
    mend_status st;

    *c = (struct mn_client){.fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0),
                            .pid = pid,
                            .deadline_ns = deadline_ns};
    if (c->fd < 0)
        return mn_fail(err, MEND_IO, "cannot open a socket: %s", strerror(errno));
    if ((st = connect_to(c->fd, address, deadline_ns, err)) != MEND_OK)
        goto failed;
    if ((st = look_at_peer(c->fd, address, pid, owner, err)) != MEND_OK)
        goto failed;
    if ((st = say_hello(c, pid, err)) != MEND_OK)
        goto failed;
    return MEND_OK;
failed:
    mn_client_close(c);
    return st;
}

void
mn_client_close(struct mn_client *c)
{
    mn_json_free(c->reply);
    mn_buffer_fini(&c->packet);
    if (c->fd >= 0)
        close(c->fd);
    *c = (struct mn_client){.fd = -1};
}

mend_status
mn_client_split(const struct mn_json *reply, const struct mn_json **result, const struct mn_json **error,
                mend_error *err)
{
    *result = mn_json_member(reply, "result");
    *error = mn_json_member(reply, "error");
    if (mn_json_kind(*error) == MN_JSON_OBJECT)
        return mn_error_read(*error, err);
    *error = NULL;
    if (mn_json_kind(*result) != MN_JSON_OBJECT)
        return mn_fail(err, MEND_PROTOCOL, "the answer is neither a result nor an error");
    return MEND_OK;
}

/* Reads a packet, if there is one, into c->reply; a notification only leaves its mark. */
static mend_status
take_packet(struct mn_client *c, mend_error *err)
{
    enum mn_packet got;
    int fd;

    got = mn_packet_receive(c->fd, &c->packet, &fd, MSG_DONTWAIT);
    if (fd >= 0)
        close(fd);
    if (got == MN_PACKET_NONE)
        return MEND_OK;
    if (got == MN_PACKET_END)
        return mn_fail(err, MEND_TARGET_DIED, "the agent hung up instead of answering");
    if (got != MN_PACKET_GOT)
        return mn_fail(err, MEND_PROTOCOL, "the answer cannot be read");
    if (mn_json_parse(NULL, c->packet.data, c->packet.length, NULL, &c->reply, err) != MEND_OK)
        return mn_fail(err, MEND_PROTOCOL, "the answer is not JSON");
    if (mn_json_member(c->reply, "method") == NULL)
        return MEND_OK;
    if (strcmp(mn_json_get_text(c->reply, "method", ""), MN_BEGUN_METHOD) == 0)
        c->begun = true;
    mn_json_free(c->reply);
    c->reply = NULL;
    return MEND_OK;
}

/*
 * No answer, and no more patience: from here on the agent does nothing that it has not begun
 * (agent/protocol.h). What has come meanwhile is still heard.
 */
static mend_status
give_up(struct mn_client *c, mend_status why, mend_error *err)
{
    mend_error other;
    bool before;

    shutdown(c->fd, SHUT_WR);
    do {
        before = c->begun;
        if (take_packet(c, &other) != MEND_OK)
            break;
    } while (c->reply == NULL && c->begun != before);
    if (c->reply != NULL)
        return MEND_OK;
    if (c->begun)
        mn_remedy(err, "the agent had begun, and may still finish: see `mend status`");
    return why;
}

static mend_status
receive(struct mn_client *c, mend_error *err)
{
    mend_status st = MEND_OK;
    char who[32];

    snprintf(who, sizeof who, "process %d", (int)c->pid);
    c->begun = false;
    while (st == MEND_OK && c->reply == NULL)
        if ((st = mn_client_wait(c->fd, c->deadline_ns, who, err)) == MEND_OK)
            st = take_packet(c, err);
    if (st == MEND_TIMEOUT || st == MEND_INTERRUPTED)
        st = give_up(c, st, err);
    return st;
}

mend_status
mn_client_call(struct mn_client *c, const struct mn_buffer *request, int fd, const struct mn_json **result,
               const struct mn_json **error, mend_error *err)
{
    mend_status st;

    *result = *error = NULL;
    mn_json_free(c->reply);
    c->reply = NULL;
    if (request->failed)
        return mn_fail_memory(err);
    switch (mn_packet_send(c->fd, request->data, request->length, fd, 0)) {
    case MN_PACKET_GOT:
        break;
    case MN_PACKET_END:
        return mn_fail(err, MEND_TARGET_DIED, "the agent hung up before it was asked");
    case MN_PACKET_NONE:
    case MN_PACKET_TOO_LARGE:
    case MN_PACKET_FAILED:
        return mn_fail(err, MEND_IO, "the request cannot be sent");
    }
    if ((st = receive(c, err)) != MEND_OK)
        return st;
    return mn_client_split(c->reply, result, error, err);
}
