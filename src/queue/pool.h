/* SPDX-License-Identifier: MIT */
/*
 * The worker threads. As many as there are processors (at least four) start at once; when work has waited
 * some milliseconds because all of them are blocked, another starts, up to 64. Idle ones end after a while.
 * They block all signals.
 */
#ifndef MN_QUEUE_POOL_H
#define MN_QUEUE_POOL_H

#include "queue/state.h"

enum mn_pool_rank { MN_POOL_HIGH, MN_POOL_DEFAULT, MN_POOL_LOW, MN_POOL_BACKGROUND, MN_POOL_RANKS };

/* With the lock held. */
void mn_pool_add(struct mn_item *item, enum mn_pool_rank rank);

/* A child of fork() has none of the threads. With the lock held. */
void mn_pool_forget(void);
#endif
