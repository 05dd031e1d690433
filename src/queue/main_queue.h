/* SPDX-License-Identifier: MIT */
/* The main queue's way to the main thread: Foundation's performSelectorOnMainThread:, or a caller of
 * mend_main_queue_drain in programs that run no run loop. */
#ifndef MN_QUEUE_MAIN_QUEUE_H
#define MN_QUEUE_MAIN_QUEUE_H

#include "queue/state.h"

/* With the lock held: an item whose turn it is. True: the main thread wants waking (mn_main_wake, without the
 * lock). */
bool mn_main_add(struct mn_item *item);

/* Asks the main run loop for a drain. Sends messages; where there is no Foundation it does nothing. */
void mn_main_wake(void);

bool mn_main_thread(void);
#endif
