/* SPDX-License-Identifier: MIT */
/*
 * Runs a piece of a test again and again, failing its 1st, 2nd, 3rd... allocation, until nothing is left to
 * fail.
 *
 *     struct mn_faults f = {0};
 *
 *     while (mn_faults_next(&f)) {
 *         mend_status st = mend_hook_add(&target, &spec, &token, &err);
 *
 *         if (mn_faults_hit(&f)) {                        // from here on allocations succeed again
 *             assert_int_equal(st, MEND_NO_MEMORY);
 *             assert_null(token);
 *             ... what the call promises to have left alone ...
 *         } else {
 *             assert_int_equal(st, MEND_OK);
 *             mend_hook_remove(token);
 *         }
 *     }
 *
 * Each allocation fails twice: alone, and with all that follow it. Every round must give back what it took:
 * the next call of mn_faults_next compares mn_alloc_live() and fails the test, naming the round. Where a
 * module keeps something for ever on purpose (an interned signature), set f.keeps.
 *
 * Only allocations of the thread that called mn_faults_next fail. One loop at a time in a process. Leave the
 * loop only through its condition or a failed assertion.
 */
#ifndef MN_TESTS_FAULTS_H
#define MN_TESTS_FAULTS_H

#include <stdbool.h>
#include <stddef.h>

struct mn_faults {
    bool keeps;           /* set by the test: rounds may leave blocks behind */
    bool all_after, over; /* the rest is the loop's own */
    size_t nth, rounds, live;
};

/* Checks the round that ended and begins the next; false after the first round in which nothing was failed.
 */
bool mn_faults_next(struct mn_faults *f);

/* Ends the failing part of a round; true when an allocation was failed in it. May be called again. */
bool mn_faults_hit(struct mn_faults *f);
#endif
