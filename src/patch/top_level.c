/* SPDX-License-Identifier: MIT */
/*
 * A visit to the main thread belongs to both threads: the one that waits may give it up, and the main thread then finds
 * nothing to do, whenever it comes to it.
 */
#include "patch/top_level.h"

#include "base/alloc.h"
#include "base/error.h"
#include "patch/engine.h"
#include "queue/main_queue.h"
#include "queue/queue.h"
#include "runtime/exception.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

enum progress { WAITS, RUNS, DONE, GIVEN_UP };

struct visit {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    enum progress progress; /* and all below: under the lock */
    struct mn_body *body;   /* lent until GIVEN_UP or DONE */
    mend_status status;
    mend_error error;
    unsigned owners;
};

static void (*leave_lock)(void), (*enter_lock)(void);

void
mn_top_level_outside(void (*leave)(void), void (*enter)(void))
{
    leave_lock = leave;
    enter_lock = enter;
}

static void
let_go(struct visit *visit)
{
    bool last;

    pthread_mutex_lock(&visit->lock);
    last = --visit->owners == 0;
    pthread_mutex_unlock(&visit->lock);
    if (!last)
        return;
    pthread_cond_destroy(&visit->changed);
    pthread_mutex_destroy(&visit->lock);
    mn_free(visit);
}

static void
advance(struct visit *visit, enum progress progress)
{
    pthread_mutex_lock(&visit->lock);
    visit->progress = progress;
    pthread_cond_broadcast(&visit->changed);
    pthread_mutex_unlock(&visit->lock);
}

/* However the code is left. */
static void
end_visit(struct visit **visit)
{
    advance(*visit, DONE);
    let_go(*visit);
}

static void
run_on_main(void *context)
{
    struct visit *visit = context;
    bool wanted;

    pthread_mutex_lock(&visit->lock);
    wanted = visit->progress == WAITS;
    if (wanted)
        visit->progress = RUNS;
    pthread_mutex_unlock(&visit->lock);
    if (!wanted) {
        let_go(visit);
        return;
    }
    MN_SCOPED(end_visit) struct visit *held = visit;
    held->status = held->body->engine->load(held->body, &held->error);
}

/* Until the main thread has done it, or has not begun in time. */
static void
wait_for(struct visit *visit, unsigned main_ms)
{
    struct timespec until;

    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += main_ms / 1000;
    until.tv_nsec += main_ms % 1000 * 1000000L;
    if (until.tv_nsec >= 1000000000) {
        until.tv_nsec -= 1000000000;
        until.tv_sec++;
    }
    pthread_mutex_lock(&visit->lock);
    while (visit->progress == WAITS)
        if (pthread_cond_clockwait(&visit->changed, &visit->lock, CLOCK_MONOTONIC, &until) != 0 &&
            visit->progress == WAITS)
            visit->progress = GIVEN_UP;
    while (visit->progress == RUNS)
        pthread_cond_wait(&visit->changed, &visit->lock);
    pthread_mutex_unlock(&visit->lock);
}

static mend_status
visit_main(struct mn_body *body, unsigned main_ms, mend_error *err)
{
    struct visit *visit = mn_calloc(1, sizeof *visit);
    mend_status st;

    if (!visit)
        return mn_fail_memory(err);
    pthread_mutex_init(&visit->lock, NULL);
    pthread_cond_init(&visit->changed, NULL);
    visit->body = body;
    visit->owners = 2;
    visit->status = mn_fail(&visit->error, MEND_RAISED, "the top-level code ended the main thread");
    if ((st = mn_queue_async(mn_queue_main(), run_on_main, visit, false, err)) != MEND_OK) {
        let_go(visit);
        let_go(visit);
        return st;
    }
    wait_for(visit, main_ms);
    if (visit->progress == GIVEN_UP) {
        st = mn_fail(err, MEND_TIMEOUT, "the main thread has not begun the patch's top-level code within %u ms", main_ms);
        mn_remedy(err, "a main thread that runs no run loop never does: let the code run on the requesting side's thread");
    } else if ((st = visit->status) != MEND_OK && err != NULL) {
        *err = visit->error;
    }
    let_go(visit);
    return st;
}

static void
enter_again(const int *outside)
{
    if (*outside && enter_lock)
        enter_lock();
}

mend_status
mn_top_level_run(struct mn_body *body, unsigned main_ms, mend_error *err)
{
    MN_SCOPED(enter_again) int outside = leave_lock != NULL;

    if (outside)
        leave_lock();
    return main_ms == 0 || mn_main_thread() ? body->engine->load(body, err) : visit_main(body, main_ms, err);
}
