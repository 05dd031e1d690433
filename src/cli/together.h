/* SPDX-License-Identifier: MIT */
/* The same for many processes at once: each call waits for one of them, so together they take as long as the
 * slowest. */
#ifndef MN_CLI_TOGETHER_H
#define MN_CLI_TOGETHER_H

#include <stddef.h>

/* Calls one(data, 0) … one(data, count - 1), many at a time, and returns when all have. Needs no memory. */
void mn_together(size_t count, void (*one)(void *data, size_t index), void *data);

#endif
