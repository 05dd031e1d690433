/* SPDX-License-Identifier: MIT */
#include "queue/pool.h"

#include "base/clock.h"
#include "base/log.h"
#include "queue/timer.h"
#include "runtime/exception.h"

#include <dlfcn.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

enum { MOST_THREADS = 64, IDLE_SECONDS = 5, GROWTH_MS = 5 };
#define SECOND_NS 1000000000u

static struct mn_items waiting[MN_POOL_RANKS];
static unsigned threads, idle, queued;
static pthread_cond_t work = PTHREAD_COND_INITIALIZER;
static bool (*join_foundation)(void);
static void (*leave_foundation)(void);

static void grow(void *context);
static struct mn_timer growth = {.fire = grow};

static struct mn_item *
take(void)
{
    for (unsigned i = 0; i < MN_POOL_RANKS; i++)
        if (waiting[i].first != NULL) {
            queued--;
            return mn_items_take(&waiting[i]);
        }
    return NULL;
}

/* Runs also when work ends its thread. */
static void
retire(bool *counted)
{
    (void)counted;
    mn_dispatch_lock();
    threads--;
    mn_dispatch_unlock();
    if (leave_foundation != NULL)
        leave_foundation();
}

static void *
worker(void *unused)
{
    MN_SCOPED(retire) bool counted = true;

    (void)unused;
    (void)counted;
    pthread_setname_np(pthread_self(), "mend worker");
    if (join_foundation != NULL)
        join_foundation();
    mn_dispatch_lock();
    for (;;) {
        struct mn_item *item = take();

        if (item == NULL) {
            bool signalled;

            idle++;
            signalled = mn_dispatch_wait(&work, mn_clock_ns() + IDLE_SECONDS * (uint64_t)SECOND_NS);
            idle--;
            if (!signalled && queued == 0)
                break;
            continue;
        }
        mn_dispatch_unlock();
        mn_item_run(item);
        mn_dispatch_lock();
    }
    mn_dispatch_unlock();
    return NULL;
}

static void
find_foundation(void)
{
    void *join = dlsym(RTLD_DEFAULT, "GSRegisterCurrentThread");
    void *leave = dlsym(RTLD_DEFAULT, "GSUnregisterCurrentThread");

    memcpy(&join_foundation, &join, sizeof join);
    memcpy(&leave_foundation, &leave, sizeof leave);
}

static void
start(void)
{
    static bool found;
    pthread_t thread;
    pthread_attr_t attributes;
    sigset_t all, before;
    int failed;

    if (!found) {
        find_foundation();
        found = true;
    }
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, &before);
    pthread_attr_init(&attributes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    threads++;
    failed = pthread_create(&thread, &attributes, worker, NULL);
    if (failed != 0) {
        threads--;
        if (threads == 0)
            mn_log(MN_LOG_ERROR, "no thread can be started for queued work: %s", strerror(failed));
    }
    pthread_attr_destroy(&attributes);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}

static unsigned
at_once(void)
{
    static unsigned processors;
    long online;

    if (processors == 0) {
        online = sysconf(_SC_NPROCESSORS_ONLN);
        processors = online < 4 ? 4 : online > MOST_THREADS ? MOST_THREADS : (unsigned)online;
    }
    return processors;
}

/* With the lock held: what waits has waited a while. */
static void
grow(void *context)
{
    (void)context;
    if (queued <= idle)
        return;
    if (threads < MOST_THREADS)
        start();
    if (threads < MOST_THREADS)
        mn_timer_set(&growth, mn_clock_ns() + GROWTH_MS * (uint64_t)1000000);
}

void
mn_pool_add(struct mn_item *item, enum mn_pool_rank rank)
{
    mn_items_add(&waiting[rank], item);
    queued++;
    if (idle != 0)
        pthread_cond_signal(&work);
    if (queued <= idle)
        return;
    if (threads < at_once())
        start();
    else if (!mn_timer_is_set(&growth) && threads < MOST_THREADS)
        mn_timer_set(&growth, mn_clock_ns() + GROWTH_MS * (uint64_t)1000000);
}

void
mn_pool_forget(void)
{
    threads = idle = 0;
    pthread_cond_init(&work, NULL);
    mn_timers_forget();
}
