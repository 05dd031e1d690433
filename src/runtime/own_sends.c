/* SPDX-License-Identifier: MIT */
/* A scope remembers by whom it was opened: the first hook may come while it is open, on another thread. */
#include "runtime/own_sends.h"

#include <stddef.h>

static const struct mn_own_sends_ways *known;

void
mn_own_sends_by(const struct mn_own_sends_ways *ways)
{
    __atomic_store_n(&known, ways, __ATOMIC_RELEASE);
}

void
mn_own_sends_begin(struct mn_own_sends *own)
{
    own->ways = __atomic_load_n(&known, __ATOMIC_ACQUIRE);
    if (own->ways != NULL)
        own->ways->begin(own);
}

void
mn_own_sends_end(const struct mn_own_sends *own)
{
    if (own->ways != NULL)
        own->ways->end();
}
