/* SPDX-License-Identifier: MIT */
/*
 * Where the system's events come from: descriptors, and for signals, processes and files descriptors made for
 * the purpose. All calls with the lock held.
 */
#ifndef MN_QUEUE_SOURCE_EVENT_H
#define MN_QUEUE_SOURCE_EVENT_H

#include "queue/source.h"
#include "queue/timer.h"

struct mn_source_event {
    void (*happened)(void *context, uintptr_t data);
    void *context;
    enum mn_source_type type;
    uintptr_t handle, mask;
    int fd; /* ours, or the handle's; -1: none */
    bool started;
    struct mn_watch_fd watch;
    struct mn_source_event *next_signal;
};

/* False: the system refuses the handle. */
bool mn_source_event_open(struct mn_source_event *event);

/* Events come from now on. */
void mn_source_event_start(struct mn_source_event *event);

/* A descriptor told once is silent until this: its handler has run. */
void mn_source_event_rearm(struct mn_source_event *event);
void mn_source_event_close(struct mn_source_event *event);
#endif
