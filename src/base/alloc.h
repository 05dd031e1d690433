/* SPDX-License-Identifier: MIT */
/*
 * Every allocation of Mend goes through these calls, so that a test can make the n-th one fail.
 *
 * They behave as their namesakes in <stdlib.h>. Any thread.
 */
#ifndef MN_BASE_ALLOC_H
#define MN_BASE_ALLOC_H

#include <stdbool.h>
#include <stddef.h>

void *mn_malloc(size_t size);
void *mn_calloc(size_t count, size_t size);
void *mn_realloc(void *memory, size_t size);
void mn_free(void *memory);

/* Zeroed memory that the host will give to free() (a block it releases): fails on demand as the others do, is not
 * counted, and is never given to mn_free. */
void *mn_calloc_for_host(size_t size);

/* Copies of a string; NULL when memory has run out. */
char *mn_strdup(const char *text);
char *mn_strndup(const char *text, size_t length);

/* Blocks allocated and not yet freed. Tests compare it before and after. */
size_t mn_alloc_live(void);

#ifdef MN_FAULTS
/* Asked before every allocation; true makes that one fail. NULL turns it off. Test builds only. */
extern bool (*mn_alloc_fault)(size_t size);
#endif
#endif
