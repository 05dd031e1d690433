/* SPDX-License-Identifier: MIT */
/* Which known word a mistyped one was meant to be. */
#ifndef MN_CLI_NEAREST_H
#define MN_CLI_NEAREST_H

#include <stddef.h>

struct mn_nearest {
    const char *word; /* as typed; `length` bytes of it */
    size_t length;
    const char *best; /* NULL: none is near enough */
    size_t distance;
};

/* Offers a known word: it becomes the best one if at most a third of the letters differ, and fewer than
 * before. */
void mn_nearest_offer(struct mn_nearest *nearest, const char *known);

#endif
