/* SPDX-License-Identifier: MIT */
/* How much of this thread's stack is left: asked of the system once a thread. */
#include "vm/activation.h"

#include <pthread.h>
#include <stddef.h>

enum { RESERVE = 256 * 1024 };

_Thread_local char *mn_stack_floor = (char *)UINTPTR_MAX;
static _Thread_local char *stack_low, *stack_high;

static void
learn_stack(void)
{
    pthread_attr_t attributes;
    void *low = NULL;
    size_t size = 0;

    if (pthread_getattr_np(pthread_self(), &attributes) == 0) {
        pthread_attr_getstack(&attributes, &low, &size);
        pthread_attr_destroy(&attributes);
    }
    stack_low = low;
    stack_high = stack_low + size;
    /* A thread whose whole stack is smaller than twice the reserve keeps half of it. */
    mn_stack_floor = stack_low + (size < 2 * RESERVE ? size / 2 : RESERVE);
}

/* Far enough for what a person reads: 512 KiB of stack. */
enum { LOOKED_AT = 65536 };

__attribute__((no_sanitize("address", "thread"))) const struct mn_activation *
mn_activation_outer(const struct mn_activation *inner)
{
    const uint64_t *word = &inner->mark + 1, *end;

    if (stack_high == NULL)
        learn_stack();
    if ((const char *)word < stack_low || (const char *)word >= stack_high)
        return NULL;
    end = (const uint64_t *)(const void *)stack_high;
    if (end - word > LOOKED_AT)
        end = word + LOOKED_AT;
    for (; word < end; word++)
        if (*word == ((uint64_t)word ^ MN_ACTIVATION_MARK))
            return (const struct mn_activation *)((const char *)word - offsetof(struct mn_activation, mark));
    return NULL;
}

bool
mn_stack_has_really(char *lowest)
{
    char *here = __builtin_frame_address(0);

    if (stack_high == NULL)
        learn_stack();
    if (here < stack_low || here > stack_high)
        return true; /* a stack of the host's own making: its size is unknown */
    return lowest >= mn_stack_floor;
}
