/* SPDX-License-Identifier: MIT */
/*
 * How calls on two threads get in each other's way: the processor time of a send while another thread sends too, beside
 * that of a send alone. What is given is that ratio of the bare method over that of the hooked one, round by round; 1 is
 * what no shared state gives. Processor time, since on a busy machine two threads rarely run side by side for long.
 */
#include "bench.h"

#include <mend/hook.h>
#include <objc/runtime.h>
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

enum { ROUNDS = 61, SENDS = 200000, PAUSE_US = 50 };

static _Thread_local unsigned long here;

static void
sees(mend_call *call, void *data)
{
    (void)call;
    (void)data;
    here++;
}

struct sender {
    const struct bench_method *method;
    void *object;
    double seconds;
};

static void *
send(void *data)
{
    struct sender *sender = data;

    sender->method->send(sender->object, SENDS / 20);
    sender->seconds = -bench_processor();
    sender->method->send(sender->object, SENDS);
    sender->seconds += bench_processor();
    return NULL;
}

/* Processor time of the same sends by `threads` threads at once, each to an object of its own. */
static double
time_threads(const struct bench_method *method, void *objects[2], int threads)
{
    struct sender senders[2];
    pthread_t ids[2];
    double sum = 0;

    for (int i = 0; i < threads; i++) {
        senders[i] = (struct sender){method, objects[i], 0};
        pthread_create(&ids[i], NULL, send, &senders[i]);
    }
    for (int i = 0; i < threads; i++) {
        pthread_join(ids[i], NULL);
        sum += senders[i].seconds;
    }
    return sum / threads;
}

static const mend_hook_spec seeing = {.position = MEND_BEFORE, .advice = sees};
static int stop;

/* A second hook on the method, again and again. */
static void *
toggle(void *target)
{
    while (!__atomic_load_n(&stop, __ATOMIC_ACQUIRE)) {
        mend_token *token;

        if (mend_hook_add(target, &seeing, &token, NULL) == MEND_OK)
            mend_hook_remove(token, NULL);
        usleep(PAUSE_US);
    }
    return NULL;
}

static int
by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return x < y ? -1 : x > y;
}

/* Far enough apart that their instance variables share no cache line. */
static void
make_objects(const struct bench_method *method, void *objects[2])
{
    for (int i = 0; i < 2; i++)
        objects[i] = class_createInstance(objc_getClass(method->class_name), 256);
}

static double
measure_round(const struct bench_method *method, void *objects[2])
{
    double alone = time_threads(method, objects, 1);

    return alone / time_threads(method, objects, 2);
}

/* The toggled method is the one that is sent while it is hooked, and another one else: the toggling thread takes as
 * much of the machine either way. */
static bool
measure(bool toggling, double *value)
{
    const struct bench_method *method = &bench_methods[(size_t)rand() % bench_method_count];
    mend_target target = {.class_name = method->class_name, .selector = method->selector},
                elsewhere = {.class_name = "BenchNeighbour", .selector = "meet"};
    double ratios[ROUNDS];
    void *objects[2];

    make_objects(method, objects);
    for (int i = 0; i < ROUNDS; i++) {
        double scaled[2];

        for (int hooked = 0; hooked < 2; hooked++) {
            mend_token *token = NULL;
            pthread_t toggler;

            if (hooked && mend_hook_add(&target, &seeing, &token, NULL) != MEND_OK)
                return false;
            stop = 0;
            if (toggling)
                pthread_create(&toggler, NULL, toggle, hooked ? &target : &elsewhere);
            scaled[hooked] = measure_round(method, objects);
            __atomic_store_n(&stop, 1, __ATOMIC_RELEASE);
            if (toggling)
                pthread_join(toggler, NULL);
            mend_hook_remove(token, NULL);
        }
        ratios[i] = scaled[1] / scaled[0];
    }
    qsort(ratios, ROUNDS, sizeof *ratios, by_value);
    *value = ratios[ROUNDS / 2];
    return true;
}

bool
measure_scaling(double *value)
{
    return measure(false, value);
}

bool
measure_scaling_under_toggles(double *value)
{
    return measure(true, value);
}
