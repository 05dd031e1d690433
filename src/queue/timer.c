/* SPDX-License-Identifier: MIT */
#include "queue/timer.h"

#include "base/clock.h"
#include "base/list.h"
#include "base/log.h"

#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

static struct mn_list heap = {.size = sizeof(struct mn_timer *)}; /* the next one first */
static struct mn_list polled = {.size = sizeof(struct pollfd)};
static struct mn_watch_fd *watches;
static int bell = -1;
static bool started;

/* ---- The heap ---- */

static struct mn_timer **
at(size_t place)
{
    return MN_LIST_AT(struct mn_timer *, &heap, place - 1);
}

static void
put(size_t place, struct mn_timer *timer)
{
    *at(place) = timer;
    timer->place = place;
}

static void
settle(size_t place)
{
    struct mn_timer *timer = *at(place);

    for (; place > 1 && (*at(place / 2))->due > timer->due; place /= 2)
        put(place, *at(place / 2));
    for (size_t child; (child = place * 2) <= heap.count; place = child) {
        if (child < heap.count && (*at(child + 1))->due < (*at(child))->due)
            child++;
        if ((*at(child))->due >= timer->due)
            break;
        put(place, *at(child));
    }
    put(place, timer);
}

void
mn_timer_unset(struct mn_timer *timer)
{
    size_t place = timer->place;
    struct mn_timer *last;

    if (place == 0)
        return;
    last = *at(heap.count);
    heap.count--;
    timer->place = 0;
    if (last != timer) {
        put(place, last);
        settle(place);
    }
}

/* ---- The thread ---- */

static void
ring(void)
{
    uint64_t one = 1;

    if (bell >= 0 && write(bell, &one, sizeof one) < 0)
        return; /* the counter is full: it rings already */
}

static void
fire_due(void)
{
    uint64_t now = mn_clock_ns();

    while (heap.count != 0 && (*at(1))->due <= now) {
        struct mn_timer *timer = *at(1);

        mn_timer_unset(timer);
        timer->fire(timer->context);
    }
}

/* With no memory for all, only those that fit are waited for this round. */
static void
collect(void)
{
    struct pollfd *entry;

    polled.count = 0;
    if ((entry = mn_list_add(&polled)) != NULL)
        *entry = (struct pollfd){.fd = bell, .events = POLLIN};
    for (struct mn_watch_fd *watch = watches; watch != NULL; watch = watch->next)
        if (watch->events != 0 && (entry = mn_list_add(&polled)) != NULL)
            *entry = (struct pollfd){.fd = watch->fd, .events = watch->events};
}

/* Watches may have come and gone while the lock was free: found again by descriptor. */
static void
dispatch_ready(void)
{
    for (size_t i = 0; i < polled.count; i++) {
        struct pollfd *entry = MN_LIST_AT(struct pollfd, &polled, i);

        if (entry->revents == 0 || entry->fd == bell)
            continue;
        for (struct mn_watch_fd *watch = watches, *next; watch != NULL; watch = next) {
            next = watch->next;
            if (watch->fd == entry->fd && watch->events != 0)
                watch->ready(watch->context);
        }
    }
}

static void
wait_for_something(void)
{
    struct timespec patience, *limit = NULL;
    uint64_t count, now = mn_clock_ns();

    if (heap.count != 0) {
        uint64_t left = (*at(1))->due > now ? (*at(1))->due - now : 0;

        patience = (struct timespec){.tv_sec = (time_t)(left / 1000000000u), .tv_nsec = (long)(left % 1000000000u)};
        limit = &patience;
    }
    collect();
    mn_dispatch_unlock();
    if (ppoll(polled.items, polled.count, limit, NULL) > 0 &&
        read(bell, &count, sizeof count) < 0)
        count = 0; /* somebody else's event */
    mn_dispatch_lock();
}

static void *
run(void *unused)
{
    (void)unused;
    pthread_setname_np(pthread_self(), "mend timer");
    mn_dispatch_lock();
    for (;;) {
        polled.count = 0;
        wait_for_something();
        dispatch_ready();
        fire_due();
    }
    return NULL;
}

static void
start(void)
{
    pthread_t thread;
    pthread_attr_t attributes;
    sigset_t all, before;

    if (started)
        return;
    bell = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, &before);
    pthread_attr_init(&attributes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    started = bell >= 0 && pthread_create(&thread, &attributes, run, NULL) == 0;
    if (!started) {
        mn_log(MN_LOG_ERROR, "no thread can be started for timers");
        if (bell >= 0)
            close(bell);
        bell = -1;
    }
    pthread_attr_destroy(&attributes);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}

bool
mn_timer_set(struct mn_timer *timer, uint64_t due)
{
    struct mn_timer **place;

    mn_timer_unset(timer);
    if ((place = mn_list_add(&heap)) == NULL)
        return false;
    timer->due = due;
    *place = timer;
    timer->place = heap.count;
    settle(heap.count);
    start();
    if (timer->place == 1)
        ring();
    return true;
}

void
mn_watch_fd_set(struct mn_watch_fd *watch)
{
    if (!watch->added) {
        watch->next = watches;
        watches = watch;
        watch->added = true;
    }
    start();
    ring();
}

void
mn_watch_fd_remove(struct mn_watch_fd *watch)
{
    struct mn_watch_fd **link = &watches;

    if (!watch->added)
        return;
    while (*link != watch)
        link = &(*link)->next;
    *link = watch->next;
    watch->added = false;
    ring();
}

void
mn_timers_forget(void)
{
    started = false;
    if (bell >= 0)
        close(bell);
    bell = -1;
    if (heap.count != 0)
        start();
}
