/* SPDX-License-Identifier: MIT */
#ifndef MN_TESTS_STANDIN_H
#define MN_TESTS_STANDIN_H

extern struct standin_counts {
    int queues, concurrent, targets, async, sync, barriers;
} standin;
#endif
