/* SPDX-License-Identifier: MIT */
/*
 * Retired arrays: unpublished, and freed as soon as no thread holds them.
 *
 * A scan costs a barrier on all threads, so retired arrays are let to gather; the more of them proved to be
 * held by calls that stay inside, the more must come before the next scan. A caller who wants certainty asks
 * for it.
 */
#include "hook/chain.h"

#include "hook/hold.h"

enum { GATHER = 32 };

static struct mn_chain *retired;
static size_t retired_count, scan_at = GATHER;

void
mn_chain_retire(const struct mn_chain *chain)
{
    struct mn_chain *mine = (struct mn_chain *)chain;

    if (chain == &mn_chain_idle)
        return;
    mine->next = retired;
    retired = mine;
    retired_count++;
}

size_t
mn_chain_reclaim(bool now)
{
    struct mn_held held;
    struct mn_chain **place = &retired;

    if (retired_count == 0 || (!now && retired_count < scan_at) || !mn_held_collect(&held))
        return retired_count;
    while (*place) {
        struct mn_chain *chain = *place;

        if (mn_held_has(&held, chain)) {
            place = &chain->next;
            continue;
        }
        *place = chain->next;
        retired_count--;
        mn_chain_free(chain);
    }
    mn_held_fini(&held);
    scan_at = retired_count + GATHER;
    return retired_count;
}

size_t
mn_chain_retired(void)
{
    return retired_count;
}

void
mn_chain_each_retired(void (*visit)(const struct mn_chain *chain, void *data), void *data)
{
    for (const struct mn_chain *chain = retired; chain; chain = chain->next)
        visit(chain, data);
}
