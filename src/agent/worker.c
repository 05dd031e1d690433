/* SPDX-License-Identifier: MIT */
/* One job at a time, first come, first served. */
#include "agent/worker.h"

#include "agent/protocol.h"
#include "base/alloc.h"
#include "base/buffer.h"
#include "patch/top_level.h"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

static _Thread_local bool mine;
static _Thread_local struct mn_server *serving; /* whose `busy` this thread has while it does a job */

/* Deep enough for the deepest source that lang/ accepts. */
enum { STACK_BYTES = 4 << 20 };

static void
job_free(struct mn_job *job)
{
    mn_call_close(&job->call);
    if (job->fd >= 0)
        close(job->fd);
    mn_free(job);
}

bool
mn_worker_give(struct mn_server *s, struct mn_connection *sender, struct mn_call *call)
{
    struct mn_job *job = mn_malloc(sizeof *job), **last = &s->first;

    if (job == NULL)
        return false;
    *job = (struct mn_job){.sender = sender, .fd = call->fd, .call = *call};
    while (*last != NULL)
        last = &(*last)->next;
    *last = job;
    sender->waits = true;
    pthread_cond_signal(&s->work);
    return true;
}

void
mn_worker_forget(struct mn_server *s, const struct mn_connection *sender)
{
    if (s->now != NULL && s->now->sender == sender)
        s->now->sender = NULL;
    for (struct mn_job **place = &s->first; *place != NULL;) {
        struct mn_job *job = *place;

        if (job->sender != sender) {
            place = &job->next;
            continue;
        }
        *place = job->next;
        job_free(job);
    }
}

void
mn_worker_drop(struct mn_server *s)
{
    if (s->now != NULL && !mine)
        job_free(s->now);
    s->now = NULL;
    while (s->first != NULL) {
        struct mn_job *job = s->first;

        s->first = job->next;
        job_free(job);
    }
}

/* The next job; NULL when the server closes. */
static struct mn_job *
take(struct mn_server *s)
{
    struct mn_job *job;

    pthread_mutex_lock(&s->lock);
    while (s->first == NULL && !s->closing)
        pthread_cond_wait(&s->work, &s->lock);
    job = s->closing ? NULL : s->first;
    if (job != NULL)
        s->first = job->next;
    s->now = job;
    pthread_mutex_unlock(&s->lock);
    return job;
}

static bool
send_to(const struct mn_connection *c, const char *text, size_t length)
{
    return mn_socket_is_ours(&c->socket) &&
           mn_packet_send(c->socket.fd, text, length, -1, MSG_DONTWAIT) == MN_PACKET_GOT;
}

static bool
has_left(int fd)
{
    struct pollfd p = {.fd = fd, .events = POLLRDHUP};

    return poll(&p, 1, 0) > 0 && (p.revents & (POLLRDHUP | POLLHUP | POLLERR | POLLNVAL)) != 0;
}

/* Whether somebody still wants it. In this order: see agent/protocol.h. */
static bool
is_wanted(struct mn_server *s, const struct mn_job *job)
{
    bool wanted;

    pthread_mutex_lock(&s->lock);
    wanted = job->sender != NULL &&
             (!job->call.method->changes || send_to(job->sender, MN_BEGUN, sizeof MN_BEGUN - 1)) &&
             !has_left(job->sender->socket.fd);
    pthread_mutex_unlock(&s->lock);
    return wanted;
}

/* One that takes no reply is shut down; the polling thread hears of it and closes. */
static void
finish(struct mn_server *s, struct mn_job *job, const struct mn_buffer *reply)
{
    struct mn_connection *c;

    pthread_mutex_lock(&s->lock);
    s->now = NULL;
    if ((c = job->sender) != NULL) {
        c->waits = false;
        if ((reply->failed || reply->length == 0 || !send_to(c, reply->data, reply->length)) &&
            mn_socket_is_ours(&c->socket))
            shutdown(c->socket.fd, SHUT_RDWR);
    }
    pthread_mutex_unlock(&s->lock);
    job_free(job);
}

bool
mn_worker_is_me(void)
{
    return mine;
}

/* Top-level code of a patch may fork. A child that returns from it has nowhere to go: it ends as a process ends
 * whose last thread returns. */
static void
do_job(struct mn_server *s, struct mn_job *job)
{
    struct mn_buffer reply = MN_BUFFER_EMPTY;
    pid_t process = getpid();

    pthread_mutex_lock(&s->busy);
    serving = s;
    if (s->backend->settle != NULL)
        s->backend->settle();
    if (is_wanted(s, job))
        mn_call_answer(&job->call, &reply);
    if (getpid() != process)
        _exit(0);
    serving = NULL;
    pthread_mutex_unlock(&s->busy);
    finish(s, job, &reply);
    mn_buffer_fini(&reply);
}

/* Around the top-level code of a patch: a fork elsewhere does not wait for it. */
static void
leave_busy(void)
{
    if (serving != NULL)
        pthread_mutex_unlock(&serving->busy);
}

static void
enter_busy(void)
{
    if (serving != NULL)
        pthread_mutex_lock(&serving->busy);
}

static void *
work(void *data)
{
    struct mn_server *s = data;
    struct mn_job *job;

    mine = true;
    pthread_setname_np(pthread_self(), "mend-worker");
    while ((job = take(s)) != NULL)
        do_job(s, job);
    return NULL;
}

bool
mn_worker_start(struct mn_server *s, pthread_t *worker)
{
    pthread_attr_t attributes;
    bool started;

    mn_top_level_outside(leave_busy, enter_busy);
    if (pthread_attr_init(&attributes) != 0)
        return false;
    pthread_attr_setstacksize(&attributes, STACK_BYTES);
    started = pthread_create(worker, &attributes, work, s) == 0;
    pthread_attr_destroy(&attributes);
    return started;
}
