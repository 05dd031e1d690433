/* SPDX-License-Identifier: MIT */
#include "queue/time.h"

#include "base/clock.h"

static int64_t
calendar_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static int64_t
sum(int64_t a, int64_t b)
{
    int64_t all;

    if (__builtin_add_overflow(a, b, &all))
        return b > 0 ? INT64_MAX : 1;
    return all < 1 ? 1 : all;
}

uint64_t
mn_time_after(uint64_t when, int64_t delta)
{
    int64_t moment;

    if (when == MN_TIME_FOREVER)
        return when;
    if ((int64_t)when < 0) {
        moment = sum(-(int64_t)when, delta);
        return moment == INT64_MAX ? MN_TIME_FOREVER : (uint64_t)-moment;
    }
    moment = sum(when == 0 ? (int64_t)mn_clock_ns() : (int64_t)when, delta);
    return moment == INT64_MAX ? MN_TIME_FOREVER : (uint64_t)moment;
}

uint64_t
mn_time_wall(const struct timespec *when, int64_t delta)
{
    int64_t base = when != NULL ? (int64_t)when->tv_sec * 1000000000 + when->tv_nsec : calendar_ns();
    int64_t moment = sum(base, delta);

    /* -1 is "for ever": a calendar moment of one nanosecond moves by one. */
    return moment == INT64_MAX ? MN_TIME_FOREVER : (uint64_t)-(moment == 1 ? 2 : moment);
}

uint64_t
mn_time_deadline(uint64_t when)
{
    int64_t left;

    if (when == MN_TIME_FOREVER)
        return when;
    if (when == 0)
        return mn_clock_ns();
    if ((int64_t)when > 0)
        return when;
    left = -(int64_t)when - calendar_ns();
    return left <= 0 ? mn_clock_ns() : (uint64_t)sum((int64_t)mn_clock_ns(), left);
}
