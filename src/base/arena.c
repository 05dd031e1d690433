/* SPDX-License-Identifier: MIT */
/* Memory that lives and dies together: a chain of blocks, the newest first. */
#include "base/arena.h"

#include "base/alloc.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { BLOCK_SIZE = 8192, ALIGNMENT = 16 };

struct mn_arena_block {
    struct mn_arena_block *older;
    size_t used, size;
    _Alignas(ALIGNMENT) char bytes[];
};

void *
mn_arena_alloc(struct mn_arena *arena, size_t size)
{
    struct mn_arena_block *b = arena->newest;
    void *memory;

    if (arena->failed || size > (size_t)-1 / 2) {
        arena->failed = true;
        return NULL;
    }
    size = (size + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
    if (b == NULL || b->size - b->used < size) {
        size_t block = arena->block != 0 ? arena->block : BLOCK_SIZE;
        size_t room = size > block ? size : block;

        if ((b = mn_calloc(1, sizeof *b + room)) == NULL) {
            arena->failed = true;
            return NULL;
        }
        b->size = room;
        b->older = arena->newest;
        arena->newest = b;
    }
    memory = b->bytes + b->used;
    b->used += size;
    return memory;
}

char *
mn_arena_strndup(struct mn_arena *arena, const char *text, size_t length)
{
    char *copy = mn_arena_alloc(arena, length + 1);

    if (copy != NULL && length != 0)
        memcpy(copy, text, length);
    return copy;
}

char *
mn_arena_strdup(struct mn_arena *arena, const char *text)
{
    return mn_arena_strndup(arena, text, strlen(text));
}

void *
mn_arena_copy(struct mn_arena *arena, const void *items, size_t count, size_t size)
{
    size_t whole;
    void *copy;

    if (count == 0)
        return NULL;
    if (__builtin_mul_overflow(count, size, &whole))
        whole = (size_t)-1; /* refused below */
    copy = mn_arena_alloc(arena, whole);
    if (copy != NULL)
        memcpy(copy, items, whole);
    return copy;
}

char *
mn_arena_printf(struct mn_arena *arena, const char *format, ...)
{
    va_list args;
    char *text;
    int n;

    va_start(args, format);
    n = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (n < 0 || (text = mn_arena_alloc(arena, (size_t)n + 1)) == NULL)
        return NULL;
    va_start(args, format);
    vsnprintf(text, (size_t)n + 1, format, args);
    va_end(args);
    return text;
}

void
mn_arena_fini(struct mn_arena *arena)
{
    while (arena->newest != NULL) {
        struct mn_arena_block *b = arena->newest;

        arena->newest = b->older;
        mn_free(b);
    }
    arena->failed = false;
}
