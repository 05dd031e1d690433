/* SPDX-License-Identifier: MIT */
/* poll, accept, answer or hand over; everything that can go wrong with a descriptor ends in closing it. */
#include "agent/server.h"

#include "agent/protocol.h"
#include "agent/worker.h"
#include "base/buffer.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/log.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { RETRY_MS = 200 };

#define MS 1000000u

static void
clear(struct mn_server *s)
{
    s->idle_ms = MN_SERVER_IDLE_MS;
    s->listener = MN_LISTENER_CLOSED;
    for (int i = 0; i < MN_SERVER_CONNECTIONS; i++)
        s->connections[i] = (struct mn_connection){.socket = MN_SOCKET_NONE};
    s->first = s->now = NULL;
    s->closing = false;
    s->retry_ns = 0;
}

void
mn_server_init(struct mn_server *s, const struct mn_backend *backend)
{
    memset(s, 0, sizeof *s);
    s->backend = backend;
    pthread_mutex_init(&s->busy, NULL);
    pthread_mutex_init(&s->lock, NULL);
    pthread_cond_init(&s->work, NULL);
    clear(s);
}

void
mn_server_reset(struct mn_server *s)
{
    pthread_mutex_lock(&s->lock);
    clear(s);
    pthread_mutex_unlock(&s->lock);
}

/* With s->lock held. */
static void
drop(struct mn_server *s, struct mn_connection *c)
{
    mn_worker_forget(s, c);
    mn_socket_close(&c->socket);
    c->waits = false;
}

static void
hang_up(struct mn_server *s, struct mn_connection *c)
{
    pthread_mutex_lock(&s->lock);
    drop(s, c);
    pthread_mutex_unlock(&s->lock);
}

/* The agent obeys the user it runs as, and root. */
static bool
is_allowed(int fd)
{
    struct ucred peer;
    socklen_t size = sizeof peer;

    return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 &&
           (peer.uid == geteuid() || peer.uid == 0);
}

/* A free place, or that of the one silent longest; who waits for an answer is not silent. */
static struct mn_connection *
place_for_one(struct mn_server *s)
{
    struct mn_connection *oldest = &s->connections[0];

    for (int i = 0; i < MN_SERVER_CONNECTIONS; i++) {
        struct mn_connection *c = &s->connections[i];

        if (c->socket.fd < 0)
            return c;
        if (c->waits != oldest->waits ? oldest->waits : c->heard_ns < oldest->heard_ns)
            oldest = c;
    }
    return oldest;
}

static void
take_in(struct mn_server *s, int fd)
{
    struct mn_connection *c = place_for_one(s);
    int room = MN_MESSAGE_MAX;

    drop(s, c);
    if (!mn_socket_take(&c->socket, fd))
        return;
    if (!is_allowed(c->socket.fd)) {
        mn_socket_close(&c->socket);
        return;
    }
    setsockopt(c->socket.fd, SOL_SOCKET, SO_SNDBUF, &room, sizeof room);
    c->heard_ns = mn_clock_ns();
}

static void
accept_some(struct mn_server *s)
{
    pthread_mutex_lock(&s->lock);
    if (mn_socket_is_ours(&s->listener.socket)) {
        int fd = accept4(s->listener.socket.fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

        if (fd >= 0)
            take_in(s, fd);
        else if (errno != EAGAIN && errno != EINTR && errno != ECONNABORTED)
            s->retry_ns = mn_clock_ns() + RETRY_MS * MS; /* no descriptors left: the host needs them more */
    }
    pthread_mutex_unlock(&s->lock);
}

/* Hands a call to the worker; false with the reason in *err. */
static bool
hand_over(struct mn_server *s, struct mn_connection *c, struct mn_call *call, mend_error *err)
{
    bool taken;

    pthread_mutex_lock(&s->lock);
    if (c->waits) {
        mn_fail(err, MEND_INVALID, "one request at a time: the last one is not answered yet");
        taken = false;
    } else if (!(taken = mn_worker_give(s, c, call))) {
        mn_fail_memory(err);
    }
    pthread_mutex_unlock(&s->lock);
    return taken;
}

/* Answers at once, or sees to it that the worker will; takes over request->fd if that is so, and says so. */
static bool
answer(struct mn_server *s, struct mn_connection *c, const struct mn_request *request,
       struct mn_buffer *reply)
{
    struct mn_call call;
    mend_error err;

    if (!mn_call_open(&call, s->backend, request, reply))
        return false;
    if (!call.method->waits)
        mn_call_answer(&call, reply);
    else if (hand_over(s, c, &call, &err))
        return true;
    else
        mn_call_refuse(&call, &err, reply);
    mn_call_close(&call);
    return false;
}

static void
serve_packet(struct mn_server *s, struct mn_connection *c, struct mn_buffer *packet, struct mn_buffer *reply)
{
    int sent_along;
    enum mn_packet got = mn_packet_receive(c->socket.fd, packet, &sent_along, MSG_DONTWAIT);

    c->heard_ns = mn_clock_ns();
    if (got == MN_PACKET_NONE)
        return;
    if (got == MN_PACKET_TOO_LARGE) {
        mn_dispatch_too_large(reply);
    } else if (got == MN_PACKET_GOT) {
        struct mn_request request = {packet->data, packet->length, sent_along, c->heard_ns};

        if (answer(s, c, &request, reply))
            sent_along = -1;
    } else {
        hang_up(s, c);
    }
    if (sent_along >= 0)
        close(sent_along);
    if (c->socket.fd >= 0 && reply->failed)
        hang_up(s, c);
    else if (c->socket.fd >= 0 && reply->length != 0 &&
             mn_packet_send(c->socket.fd, reply->data, reply->length, -1, MSG_DONTWAIT) != MN_PACKET_GOT)
        hang_up(s, c);
}

/* A packet and its reply are not kept: what lies idle inside a host should be small. */
static void
serve(struct mn_server *s, struct mn_connection *c)
{
    struct mn_buffer packet = MN_BUFFER_EMPTY, reply = MN_BUFFER_EMPTY;

    if (mn_socket_is_ours(&c->socket))
        serve_packet(s, c, &packet, &reply);
    else
        hang_up(s, c);
    mn_buffer_fini(&packet);
    mn_buffer_fini(&reply);
}

/* Closes whoever has been silent too long; the milliseconds until the next will have been, -1 for never. */
static int
sweep(struct mn_server *s, uint64_t now)
{
    uint64_t idle = s->idle_ms * (uint64_t)MS, soonest = UINT64_MAX;

    for (int i = 0; i < MN_SERVER_CONNECTIONS; i++) {
        struct mn_connection *c = &s->connections[i];

        if (c->socket.fd < 0)
            continue;
        if (c->waits)
            c->heard_ns = now;
        if (now >= c->heard_ns + idle)
            drop(s, c);
        else if (c->heard_ns + idle - now < soonest)
            soonest = c->heard_ns + idle - now;
    }
    if (s->retry_ns > now && s->retry_ns - now < soonest)
        soonest = s->retry_ns - now;
    return soonest == UINT64_MAX ? -1 : (int)(soonest / MS) + 1;
}

static void
wait_and_serve(struct mn_server *s)
{
    struct pollfd polls[MN_SERVER_CONNECTIONS + 1];
    struct pollfd *door = &polls[MN_SERVER_CONNECTIONS];
    uint64_t now = mn_clock_ns();
    int timeout;

    pthread_mutex_lock(&s->lock);
    timeout = sweep(s, now);
    for (int i = 0; i < MN_SERVER_CONNECTIONS; i++)
        polls[i] = (struct pollfd){.fd = s->connections[i].socket.fd, .events = POLLIN};
    *door = (struct pollfd){.fd = s->retry_ns > now ? -1 : s->listener.socket.fd, .events = POLLIN};
    pthread_mutex_unlock(&s->lock);
    if (poll(polls, MN_SERVER_CONNECTIONS + 1, timeout) <= 0)
        return;
    for (int i = 0; i < MN_SERVER_CONNECTIONS; i++)
        if (polls[i].revents != 0 && s->connections[i].socket.fd == polls[i].fd)
            serve(s, &s->connections[i]);
    if (door->revents != 0)
        accept_some(s);
}

/* Opens the door if it is shut, or no longer ours; false when the loop must end. */
static bool
keep_open(struct mn_server *s)
{
    struct mn_listener *l = &s->listener;
    bool open = true;
    mend_error err;

    pthread_mutex_lock(&s->lock);
    if (s->closing) {
        open = false;
    } else if (mn_clock_ns() >= s->retry_ns && !mn_socket_is_ours(&l->socket) &&
               mn_listener_open(l, &err) != MEND_OK) {
        mn_log(MN_LOG_INFO, "no agent here: %s", err.message);
        s->retry_ns = mn_clock_ns() + 100 * RETRY_MS * (uint64_t)MS;
    }
    pthread_mutex_unlock(&s->lock);
    return open;
}

void
mn_server_run(struct mn_server *s)
{
    pthread_t worker;

    if (!mn_worker_start(s, &worker)) {
        mn_log(MN_LOG_WARNING, "no agent here: there is no room for its thread");
        return;
    }
    while (keep_open(s))
        wait_and_serve(s);
    pthread_join(worker, NULL);
    pthread_mutex_lock(&s->lock);
    mn_worker_drop(s);
    for (int i = 0; i < MN_SERVER_CONNECTIONS; i++)
        drop(s, &s->connections[i]);
    mn_listener_close(&s->listener);
    pthread_mutex_unlock(&s->lock);
}

void
mn_server_close(struct mn_server *s)
{
    pthread_mutex_lock(&s->lock);
    s->closing = true;
    mn_listener_end(&s->listener);
    pthread_cond_signal(&s->work);
    pthread_mutex_unlock(&s->lock);
}

void
mn_server_forget(struct mn_server *s)
{
    mn_worker_drop(s);
    for (int i = 0; i < MN_SERVER_CONNECTIONS; i++)
        drop(s, &s->connections[i]);
    mn_listener_close(&s->listener);
}
