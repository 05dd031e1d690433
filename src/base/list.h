/* SPDX-License-Identifier: MIT */
/*
 * The one growable array: elements of one size, contiguous, in order of arrival.
 *
 *     struct mn_list tokens = MN_LIST_OF(struct token);
 *     struct token *t = mn_list_add(&tokens);          // NULL when memory has run out
 *     for (size_t i = 0; i < tokens.count; i++) use(MN_LIST_AT(struct token, &tokens, i));
 *
 * Adding may move the elements: keep indices, not pointers, across an add.
 */
#ifndef MN_BASE_LIST_H
#define MN_BASE_LIST_H

#include <stddef.h>

struct mn_list {
    void *items;
    size_t count, capacity, size;
};

#define MN_LIST_OF(type)              ((struct mn_list){.size = sizeof(type)})
#define MN_LIST_AT(type, list, index) (&((type *)(list)->items)[index])

/* A zeroed new element at the end, lent; NULL when memory has run out (the list is as before). */
void *mn_list_add(struct mn_list *list);

/* Removes the element at index; the later ones move down. */
void mn_list_remove(struct mn_list *list, size_t index);
void mn_list_fini(struct mn_list *list);
#endif
