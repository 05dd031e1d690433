/* SPDX-License-Identifier: MIT */
/*
 * What runs once: the initialiser of a static once.
 *
 * It runs under a leave: an object whose release without ONCEDONE, on whatever way out, lets the
 * next thread try. Waiting threads share one lock, which nobody holds while code of the patch runs.
 */
#include "vm/once.h"

#include "value/cell.h"

#include <pthread.h>

enum state { FRESH, RUNNING, READY };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;

static void
set_state(struct mn_once *once, enum state state)
{
    pthread_mutex_lock(&lock);
    __atomic_store_n(&once->state, (uint64_t)state, __ATOMIC_RELEASE);
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&lock);
}

/* The leave is given back: the initialiser has run, or something was thrown. */
static void
give_back(void *data)
{
    struct mn_once *once = data;

    if (__atomic_load_n(&once->state, __ATOMIC_ACQUIRE) != READY)
        set_state(once, FRESH);
}

id
mn_once_begin(const struct mn_activation *activation, struct mn_once *once)
{
    bool mine = false, again = false;
    mend_error err;
    id leave = nil;

    if (__atomic_load_n(&once->state, __ATOMIC_ACQUIRE) == READY)
        return nil;
    pthread_mutex_lock(&lock);
    while (!mine && !again && __atomic_load_n(&once->state, __ATOMIC_ACQUIRE) != READY) {
        if (__atomic_load_n(&once->state, __ATOMIC_ACQUIRE) == FRESH) {
            __atomic_store_n(&once->state, RUNNING, __ATOMIC_RELEASE);
            once->thread = (uint64_t)pthread_self();
            mine = true;
        } else if (once->thread == (uint64_t)pthread_self()) {
            again = true;
        } else {
            pthread_cond_wait(&changed, &lock);
        }
    }
    pthread_mutex_unlock(&lock);
    if (again)
        mn_vm_raise(activation, MN_VM_STACK_OVERFLOW, "the initialiser of a static variable needs its own value");
    if (mine && mn_guard_new(give_back, once, &leave, &err) != MEND_OK) {
        set_state(once, FRESH);
        mn_vm_raise_status(activation, MN_VM_NOT_SUPPORTED, &err);
    }
    return leave;
}

void
mn_once_end(id leave)
{
    struct mn_once *once = mn_guard_data(leave, give_back);

    if (once != NULL)
        set_state(once, READY);
}
