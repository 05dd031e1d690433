/* SPDX-License-Identifier: MIT */
/* The one hash map. A removed place keeps its key as a tombstone (value NULL) until the next growth. */
#include "base/map.h"

#include "base/alloc.h"

#include <stdint.h>
#include <string.h>

struct mn_map_entry {
    char *key; /* NULL: never used */
    size_t length;
    uint64_t hash;
    void *value; /* NULL: removed */
};

/* FNV-1a with a final mix, so that keys that differ only in high bytes (pointers) still spread. */
static uint64_t
hash_bytes(const void *key, size_t length)
{
    const unsigned char *p = key;
    uint64_t h = 0xcbf29ce484222325u;

    for (size_t i = 0; i < length; i++)
        h = (h ^ p[i]) * 0x100000001b3u;
    return h ^ h >> 32;
}

/* The entry of key, or the free place where it would go. capacity must not be 0. */
static struct mn_map_entry *
probe(struct mn_map_entry *entries, size_t capacity, const void *key, size_t length, uint64_t hash)
{
    for (size_t i = hash & (capacity - 1);; i = (i + 1) & (capacity - 1)) {
        struct mn_map_entry *e = &entries[i];

        if (e->key == NULL)
            return e;
        if (e->hash == hash && e->length == length && memcmp(e->key, key, length) == 0)
            return e;
    }
}

static bool
grow(struct mn_map *map)
{
    size_t capacity = 16;
    struct mn_map_entry *entries;

    while (capacity < map->count * 2 + 2)
        capacity *= 2;
    if ((entries = mn_calloc(capacity, sizeof *entries)) == NULL)
        return false;
    for (size_t i = 0; i < map->capacity; i++) {
        struct mn_map_entry *e = &map->entries[i];

        if (e->key != NULL && e->value != NULL)
            *probe(entries, capacity, e->key, e->length, e->hash) = *e;
        else
            mn_free(e->key);
    }
    mn_free(map->entries);
    map->entries = entries;
    map->capacity = capacity;
    map->used = map->count;
    return true;
}

void *
mn_map_get(const struct mn_map *map, const void *key, size_t length)
{
    if (map->count == 0)
        return NULL;
    return probe(map->entries, map->capacity, key, length, hash_bytes(key, length))->value;
}

bool
mn_map_set(struct mn_map *map, const void *key, size_t length, void *value)
{
    uint64_t hash = hash_bytes(key, length);
    struct mn_map_entry *e;

    if ((map->used + 1) * 4 > map->capacity * 3 && !grow(map))
        return false;
    e = probe(map->entries, map->capacity, key, length, hash);
    if (e->key == NULL) {
        char *copy = mn_malloc(length + 1);

        if (copy == NULL)
            return false;
        memcpy(copy, key, length);
        copy[length] = '\0';
        *e = (struct mn_map_entry){copy, length, hash, NULL};
        map->used++;
    }
    if (e->value == NULL)
        map->count++;
    e->value = value;
    return true;
}

void *
mn_map_remove(struct mn_map *map, const void *key, size_t length)
{
    struct mn_map_entry *e;
    void *value;

    if (map->count == 0)
        return NULL;
    e = probe(map->entries, map->capacity, key, length, hash_bytes(key, length));
    value = e->value;
    e->value = NULL;
    map->count -= value != NULL;
    return value;
}

void *
mn_map_get_text(const struct mn_map *map, const char *key)
{
    return mn_map_get(map, key, strlen(key));
}

bool
mn_map_set_text(struct mn_map *map, const char *key, void *value)
{
    return mn_map_set(map, key, strlen(key), value);
}

void *
mn_map_get_pointer(const struct mn_map *map, const void *key)
{
    return mn_map_get(map, &key, sizeof key);
}

bool
mn_map_set_pointer(struct mn_map *map, const void *key, void *value)
{
    return mn_map_set(map, &key, sizeof key, value);
}

void *
mn_map_remove_pointer(struct mn_map *map, const void *key)
{
    return mn_map_remove(map, &key, sizeof key);
}

bool
mn_map_next(const struct mn_map *map, size_t *cursor, const void **key, size_t *length, void **value)
{
    for (; *cursor < map->capacity; ++*cursor) {
        const struct mn_map_entry *e = &map->entries[*cursor];

        if (e->value == NULL)
            continue;
        if (key != NULL)
            *key = e->key;
        if (length != NULL)
            *length = e->length;
        *value = e->value;
        ++*cursor;
        return true;
    }
    return false;
}

void
mn_map_fini(struct mn_map *map)
{
    for (size_t i = 0; i < map->capacity; i++)
        mn_free(map->entries[i].key);
    mn_free(map->entries);
    *map = MN_MAP_EMPTY;
}
