/* SPDX-License-Identifier: MIT */
#include "queue/native.h"

#include <dlfcn.h>
#include <pthread.h>
#include <string.h>

static struct mn_native found;
static const struct mn_native *native;
static pthread_once_t once = PTHREAD_ONCE_INIT;

/* A function's address by way of memory: ISO C has no cast for it. */
static bool
find(const char *name, void *place)
{
    void *address = dlsym(RTLD_DEFAULT, name);

    memcpy(place, &address, sizeof address);
    return address != NULL;
}

static void
look(void)
{
    bool all = find("dispatch_queue_create", &found.queue_create) &&
               find("dispatch_get_global_queue", &found.global) && find("_dispatch_main_q", &found.main) &&
               find("_dispatch_queue_attr_concurrent", &found.concurrent) &&
               find("dispatch_retain", &found.retain) && find("dispatch_release", &found.release) &&
               find("dispatch_suspend", &found.suspend) && find("dispatch_resume", &found.resume) &&
               find("dispatch_set_target_queue", &found.set_target) &&
               find("dispatch_async_f", &found.async) && find("dispatch_sync_f", &found.sync) &&
               find("dispatch_barrier_async_f", &found.barrier_async) &&
               find("dispatch_barrier_sync_f", &found.barrier_sync) &&
               find("dispatch_queue_get_label", &found.label);

    find("_dispatch_main_queue_callback_4CF", &found.drain_main);
    native = all ? &found : NULL;
}

const struct mn_native *
mn_native(void)
{
    pthread_once(&once, look);
    return native;
}
