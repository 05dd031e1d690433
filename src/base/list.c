/* SPDX-License-Identifier: MIT */
/* The one growable array. */
#include "base/list.h"

#include "base/alloc.h"

#include <string.h>

void *
mn_list_add(struct mn_list *list)
{
    void *item;

    if (list->count == list->capacity) {
        size_t capacity = list->capacity != 0 ? list->capacity * 2 : 8;
        void *grown;

        if (capacity > (size_t)-1 / 2 / list->size)
            return NULL;
        if ((grown = mn_realloc(list->items, capacity * list->size)) == NULL)
            return NULL;
        list->items = grown;
        list->capacity = capacity;
    }
    item = (char *)list->items + list->count++ * list->size;
    memset(item, 0, list->size);
    return item;
}

void
mn_list_remove(struct mn_list *list, size_t index)
{
    char *at = (char *)list->items + index * list->size;

    memmove(at, at + list->size, (list->count - index - 1) * list->size);
    list->count--;
}

void
mn_list_fini(struct mn_list *list)
{
    mn_free(list->items);
    list->items = NULL;
    list->count = list->capacity = 0;
}
