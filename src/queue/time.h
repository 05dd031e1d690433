/* SPDX-License-Identifier: MIT */
/*
 * Moments as dispatch_time_t has them: 0 is now, UINT64_MAX for ever, a positive number nanoseconds of the
 * monotonic clock, a negative one those of the calendar, negated. libdispatch on Linux counts the same way.
 */
#ifndef MN_QUEUE_TIME_H
#define MN_QUEUE_TIME_H

#include <stdint.h>
#include <time.h>

#define MN_TIME_FOREVER UINT64_MAX

/* The moment `delta` nanoseconds after `when`; it does not leave its range. */
uint64_t mn_time_after(uint64_t when, int64_t delta);

/* The same of the calendar; `when` NULL is the present. */
uint64_t mn_time_wall(const struct timespec *when, int64_t delta);

/* That moment on the monotonic clock, for waiting; UINT64_MAX is for ever. */
uint64_t mn_time_deadline(uint64_t when);
#endif
