/* SPDX-License-Identifier: MIT */
/* The main queue of patches, for programs that run no main run loop. */
#ifndef MEND_QUEUE_H
#define MEND_QUEUE_H

#include <mend/version.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Runs what patches have put on the main queue, and what that puts there, and returns how many pieces of work
 * ran. To be called on the main thread; elsewhere it does nothing and returns 0.
 *
 * A program whose main thread runs Foundation's run loop needs no call: its loop drains the queue. Where the
 * process has libdispatch the main queue is libdispatch's, which is drained too; its work is not counted.
 */
MEND_API size_t mend_main_queue_drain(void);

#ifdef __cplusplus
}
#endif
#endif
