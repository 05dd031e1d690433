/* SPDX-License-Identifier: MIT */
/*
 * Memory that lives and dies together: a syntax tree, a parsed encoding, a compiled program's tables.
 *
 * The first failure sets `failed` and returns NULL; later calls fail too. Blocks are zeroed and aligned
 * to 16.
 */
#ifndef MN_BASE_ARENA_H
#define MN_BASE_ARENA_H

#include <stdbool.h>
#include <stddef.h>

struct mn_arena {
    struct mn_arena_block *newest;
    bool failed;
    size_t block; /* bytes asked for at a time; 0: 8 KiB */
};

#define MN_ARENA_EMPTY ((struct mn_arena){0})

void *mn_arena_alloc(struct mn_arena *arena, size_t size);
char *mn_arena_strndup(struct mn_arena *arena, const char *text, size_t length);
char *mn_arena_strdup(struct mn_arena *arena, const char *text);

/* `count` elements of `size` copied from `items`; NULL for count 0 is not a failure. */
void *mn_arena_copy(struct mn_arena *arena, const void *items, size_t count, size_t size);
char *mn_arena_printf(struct mn_arena *arena, const char *format, ...) __attribute__((format(printf, 2, 3)));
void mn_arena_fini(struct mn_arena *arena);
#endif
