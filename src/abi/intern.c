/* SPDX-License-Identifier: MIT */
/* The tables of kept things: lists behind atomic heads; an added thing is complete before its head is
 * published. */
#include "abi/intern.h"

#include <stdatomic.h>
#include <string.h>

/* Eight bytes a step: encodings of methods have 20 to 60. */
uint64_t
mn_intern_hash(const char *text, size_t length)
{
    const uint64_t prime = 0x9e3779b97f4a7c15u;
    uint64_t hash = length * prime, word;

    for (; length >= 8; text += 8, length -= 8) {
        memcpy(&word, text, 8);
        hash = (hash ^ word) * prime;
        hash ^= hash >> 29;
    }
    word = 0;
    memcpy(&word, text, length);
    hash = (hash ^ word) * prime;
    return hash ^ hash >> 32;
}

static struct mn_interned *
find_before(struct mn_interned *from, const struct mn_interned *end, const char *text, size_t length,
            uint64_t hash)
{
    for (; from != end; from = from->next)
        if (from->hash == hash && from->length == length && memcmp(from->text, text, length) == 0)
            return from;
    return NULL;
}

struct mn_interned *
mn_intern_find(struct mn_intern *table, const char *text, size_t length, uint64_t hash)
{
    struct mn_interned *head =
        atomic_load_explicit(&table->lists[hash % MN_INTERN_LISTS], memory_order_acquire);

    return find_before(head, NULL, text, length, hash);
}

struct mn_interned *
mn_intern_add(struct mn_intern *table, struct mn_interned *fresh)
{
    _Atomic(struct mn_interned *) *list = &table->lists[fresh->hash % MN_INTERN_LISTS];
    struct mn_interned *head = atomic_load_explicit(list, memory_order_acquire), *other;
    const struct mn_interned *searched = NULL;

    do {
        if ((other = find_before(head, searched, fresh->text, fresh->length, fresh->hash)) != NULL)
            return other;
        searched = head;
        fresh->next = head;
    } while (!atomic_compare_exchange_weak_explicit(list, &head, fresh, memory_order_acq_rel,
                                                    memory_order_acquire));
    return fresh;
}
