/* SPDX-License-Identifier: MIT */
/* The allocator seam: malloc with a count of live blocks and, in test builds, failures on demand. */
#include "base/alloc.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

static atomic_size_t live;

#ifdef MN_FAULTS
bool (*mn_alloc_fault)(size_t size);
#define REFUSED(size) (mn_alloc_fault != NULL && mn_alloc_fault(size))
#else
#define REFUSED(size) ((void)(size), 0)
#endif

static void *
counted(void *memory)
{
    if (memory != NULL)
        atomic_fetch_add_explicit(&live, 1, memory_order_relaxed);
    return memory;
}

void *
mn_malloc(size_t size)
{
    return REFUSED(size) ? NULL : counted(malloc(size != 0 ? size : 1));
}

void *
mn_calloc(size_t count, size_t size)
{
    return REFUSED(size) ? NULL : counted(calloc(count != 0 ? count : 1, size != 0 ? size : 1));
}

void *
mn_realloc(void *memory, size_t size)
{
    void *grown;

    if (REFUSED(size))
        return NULL;
    grown = realloc(memory, size != 0 ? size : 1);
    return memory == NULL ? counted(grown) : grown;
}

void
mn_free(void *memory)
{
    if (memory == NULL)
        return;
    atomic_fetch_sub_explicit(&live, 1, memory_order_relaxed);
    free(memory);
}

void *
mn_calloc_for_host(size_t size)
{
    return REFUSED(size) ? NULL : calloc(1, size != 0 ? size : 1);
}

char *
mn_strndup(const char *text, size_t length)
{
    char *copy = mn_malloc(length + 1);

    if (copy == NULL)
        return NULL;
    memcpy(copy, text, length);
    copy[length] = '\0';
    return copy;
}

char *
mn_strdup(const char *text)
{
    return mn_strndup(text, strlen(text));
}

size_t
mn_alloc_live(void)
{
    return atomic_load_explicit(&live, memory_order_relaxed);
}
