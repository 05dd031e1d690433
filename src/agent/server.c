/* SPDX-License-Identifier: MIT */
/* poll, accept, answer; everything that can go wrong with a descriptor ends in closing it. */
#include "agent/server.h"

#include "agent/dispatch.h"
#include "agent/protocol.h"
#include "base/buffer.h"
#include "base/log.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

enum { RETRY_MS = 200 };

#define MS 1000000u

void
mn_server_init(struct mn_server *s, const struct mn_backend *backend)
{
    memset(s, 0, sizeof *s);
    s->backend = backend;
    pthread_mutex_init(&s->lock, NULL);
    pthread_mutex_init(&s->busy, NULL);
    s->listener = MN_LISTENER_CLOSED;
    s->idle_ms = MN_SERVER_IDLE_MS;
    for (int i = 0; i < MN_SERVER_CONNECTIONS; i++)
        s->connections[i].fd = -1;
}

/* See listener.h: a number the host has put something else at is not ours to use. */
static bool
is_ours(const struct mn_connection *c)
{
    struct stat about;

    return c->fd >= 0 && fstat(c->fd, &about) == 0 && about.st_dev == c->device && about.st_ino == c->inode;
}

/* With s->lock held. */
static void
drop(struct mn_connection *c)
{
    if (is_ours(c))
        close(c->fd);
    c->fd = -1;
}

static void
hang_up(struct mn_server *s, struct mn_connection *c)
{
    pthread_mutex_lock(&s->lock);
    drop(c);
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

/* A free place, or the one silent longest. */
static struct mn_connection *
place_for_one(struct mn_server *s)
{
    struct mn_connection *oldest = &s->connections[0];

    for (int i = 0; i < MN_SERVER_CONNECTIONS; i++) {
        struct mn_connection *c = &s->connections[i];

        if (c->fd < 0)
            return c;
        if (c->heard_ns < oldest->heard_ns)
            oldest = c;
    }
    return oldest;
}

static void
take_in(struct mn_server *s, int fd)
{
    struct mn_connection *c = place_for_one(s);
    struct stat about;
    int room = MN_MESSAGE_MAX;

    drop(c);
    if (!is_allowed(fd) || fstat(fd, &about) != 0) {
        close(fd);
        return;
    }
    setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &room, sizeof room);
    *c = (struct mn_connection){
        .fd = fd, .device = about.st_dev, .inode = about.st_ino, .heard_ns = mn_now_ns()};
}

static void
accept_some(struct mn_server *s)
{
    pthread_mutex_lock(&s->lock);
    if (!mn_listener_is_ours(&s->listener)) {
        mn_listener_close(&s->listener, false);
    } else {
        int fd = accept4(s->listener.fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

        if (fd >= 0)
            take_in(s, mn_move_high(fd));
        else if (errno != EAGAIN && errno != EINTR && errno != ECONNABORTED)
            s->retry_ns = mn_now_ns() + RETRY_MS * MS; /* no descriptors left: the host needs them more */
    }
    pthread_mutex_unlock(&s->lock);
}

/* Whether the one who asked is still there: a request whose sender gave up (its time ran out) must not take
 * effect. */
static bool
has_left(int fd)
{
    struct pollfd p = {.fd = fd, .events = POLLRDHUP};

    return poll(&p, 1, 0) > 0 && (p.revents & (POLLRDHUP | POLLHUP | POLLERR | POLLNVAL)) != 0;
}

static void
answer(struct mn_server *s, struct mn_connection *c, struct mn_buffer *packet, struct mn_buffer *reply)
{
    int sent_along;
    enum mn_packet got = mn_packet_receive(c->fd, packet, &sent_along, MSG_DONTWAIT);

    c->heard_ns = mn_now_ns();
    if (got == MN_PACKET_NONE)
        return;
    if (got == MN_PACKET_TOO_LARGE) {
        mn_dispatch_too_large(reply);
    } else if (got == MN_PACKET_GOT && !has_left(c->fd)) {
        struct mn_request request = {packet->data, packet->length, sent_along, c->heard_ns};

        pthread_mutex_lock(&s->busy);
        mn_dispatch(s->backend, &request, reply);
        pthread_mutex_unlock(&s->busy);
    } else {
        hang_up(s, c);
    }
    if (sent_along >= 0)
        close(sent_along);
    if (c->fd >= 0 && reply->failed)
        hang_up(s, c);
    else if (c->fd >= 0 && reply->length != 0 &&
             mn_packet_send(c->fd, reply->data, reply->length, -1, MSG_DONTWAIT) != MN_PACKET_GOT)
        hang_up(s, c);
}

/* A packet and its reply are not kept: what lies idle inside a host should be small. */
static void
serve(struct mn_server *s, struct mn_connection *c)
{
    struct mn_buffer packet = MN_BUFFER_EMPTY, reply = MN_BUFFER_EMPTY;

    if (is_ours(c))
        answer(s, c, &packet, &reply);
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

        if (c->fd < 0)
            continue;
        if (now - c->heard_ns >= idle)
            hang_up(s, c);
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
    uint64_t now = mn_now_ns();
    int timeout = sweep(s, now);

    for (int i = 0; i < MN_SERVER_CONNECTIONS; i++)
        polls[i] = (struct pollfd){.fd = s->connections[i].fd, .events = POLLIN};
    pthread_mutex_lock(&s->lock);
    *door = (struct pollfd){.fd = s->retry_ns > now ? -1 : s->listener.fd, .events = POLLIN};
    pthread_mutex_unlock(&s->lock);
    if (poll(polls, MN_SERVER_CONNECTIONS + 1, timeout) <= 0)
        return;
    for (int i = 0; i < MN_SERVER_CONNECTIONS; i++)
        if (polls[i].revents != 0 && s->connections[i].fd == polls[i].fd)
            serve(s, &s->connections[i]);
    if (door->revents != 0)
        accept_some(s);
}

/* Opens the door if it is shut; false when it must stay so. */
static bool
keep_open(struct mn_server *s)
{
    bool open = true;
    mend_error err;

    pthread_mutex_lock(&s->lock);
    if (s->closing) {
        open = false;
    } else if (s->listener.fd < 0 && mn_now_ns() >= s->retry_ns &&
               mn_listener_open(&s->listener, &err) != MEND_OK) {
        mn_log(MN_LOG_INFO, "no agent here: %s", err.message);
        s->retry_ns = mn_now_ns() + 100 * RETRY_MS * (uint64_t)MS;
    }
    pthread_mutex_unlock(&s->lock);
    return open;
}

void
mn_server_run(struct mn_server *s)
{
    while (keep_open(s))
        wait_and_serve(s);
    for (int i = 0; i < MN_SERVER_CONNECTIONS; i++)
        hang_up(s, &s->connections[i]);
}

void
mn_server_close(struct mn_server *s)
{
    pthread_mutex_lock(&s->lock);
    s->closing = true;
    if (mn_listener_is_ours(&s->listener))
        shutdown(s->listener.fd, SHUT_RDWR); /* wakes poll() */
    mn_listener_close(&s->listener, true);
    pthread_mutex_unlock(&s->lock);
}

void
mn_server_forget(struct mn_server *s)
{
    for (int i = 0; i < MN_SERVER_CONNECTIONS; i++)
        drop(&s->connections[i]);
    mn_listener_close(&s->listener, false);
}
