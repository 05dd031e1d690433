/* SPDX-License-Identifier: MIT */
/*
 * The one hash map: byte-string keys (copied) to pointers (not owned). Open addressing, linear probing.
 *
 * A key is any run of bytes: a C string with mn_map_text, a pointer by its own bytes with mn_map_pointer.
 * Not synchronised. Iteration (mn_map_next) is in no particular order and must not meet a change.
 */
#ifndef MN_BASE_MAP_H
#define MN_BASE_MAP_H

#include <stdbool.h>
#include <stddef.h>

struct mn_map {
    struct mn_map_entry *entries;
    size_t count, used, capacity; /* used counts removed places too */
};

#define MN_MAP_EMPTY ((struct mn_map){0})

/* The value of a key, or NULL. */
void *mn_map_get(const struct mn_map *map, const void *key, size_t length);

/* Sets or replaces; value must not be NULL. False when memory has run out (the map is as before). */
bool mn_map_set(struct mn_map *map, const void *key, size_t length, void *value);

/* Removes a key; the value it had, or NULL. */
void *mn_map_remove(struct mn_map *map, const void *key, size_t length);

void *mn_map_get_text(const struct mn_map *map, const char *key);
bool mn_map_set_text(struct mn_map *map, const char *key, void *value);
void *mn_map_get_pointer(const struct mn_map *map, const void *key);
bool mn_map_set_pointer(struct mn_map *map, const void *key, void *value);
void *mn_map_remove_pointer(struct mn_map *map, const void *key);

/* Visits every entry: start with *cursor = 0; false after the last. key and length may be NULL. */
bool mn_map_next(const struct mn_map *map, size_t *cursor, const void **key, size_t *length, void **value);
void mn_map_fini(struct mn_map *map);
#endif
