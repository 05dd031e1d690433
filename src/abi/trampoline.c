/* SPDX-License-Identifier: MIT */
/*
 * Which stubs are taken. Stubs come in pools of STUB_COUNT: pool 0 in our own text, the others mapped on
 * demand and never unmapped. A slot's number is pool * STUB_COUNT + place.
 *
 * Taking tries the free slots (a stack of numbers whose head carries a tag against reuse under a slow
 * reader), then the next fresh slot of the newest pool, then a new pool. No step waits for another thread, so
 * a child forked in the middle of one finds nothing locked.
 */
#include "abi/trampoline.h"

#include "abi/pages.h"
#include "abi/stubs.h"
#include "base/alloc.h"
#include "base/log.h"

#include <stdatomic.h>
#include <stdlib.h>

enum { POOLS_MAX = 256, CODE_SIZE = STUB_COUNT * STUB_SIZE, SLOTS_SIZE = STUB_COUNT * SLOT_SIZE };

static _Atomic(struct mn_pool *) pools[POOLS_MAX] = {&mn_text_pool};
static _Atomic(uint64_t) free_slots; /* low half: 1 + number of the first, or 0; high half: tag */

static struct mn_pool *
pool_at(size_t i)
{
    return i < POOLS_MAX ? atomic_load_explicit(&pools[i], memory_order_acquire) : NULL;
}

static struct mn_trampoline *
slot_of(uint32_t number)
{
    return &pool_at(number / STUB_COUNT)->slots[number % STUB_COUNT];
}

static struct mn_trampoline *
take_freed(void)
{
    uint64_t head = atomic_load_explicit(&free_slots, memory_order_acquire), next;
    struct mn_trampoline *slot;

    do {
        if ((uint32_t)head == 0)
            return NULL;
        slot = slot_of((uint32_t)head - 1);
        next = ((head >> 32) + 1) << 32 | (uint32_t)atomic_load_explicit(&slot->spare, memory_order_relaxed);
    } while (!atomic_compare_exchange_weak_explicit(&free_slots, &head, next, memory_order_acq_rel,
                                                    memory_order_acquire));
    return slot;
}

static void
give_back(struct mn_trampoline *slot, uint32_t number)
{
    uint64_t head = atomic_load_explicit(&free_slots, memory_order_relaxed);

    do
        atomic_store_explicit(&slot->spare, (uint32_t)head, memory_order_relaxed);
    while (!atomic_compare_exchange_weak_explicit(&free_slots, &head, ((head >> 32) + 1) << 32 | (number + 1),
                                                  memory_order_acq_rel, memory_order_relaxed));
}

static mend_status
map_pool(struct mn_pool **out, mend_error *err)
{
    struct mn_pool *pool = mn_calloc(1, sizeof *pool);
    unsigned char *code = mn_malloc(CODE_SIZE);
    void *base;
    mend_status st;

    if (pool == NULL || code == NULL) {
        st = mn_fail_memory(err);
        goto done;
    }
    if ((st = mn_pages_map(code, mn_stubs_write, CODE_SIZE, SLOTS_SIZE, &base, err)) != MEND_OK)
        goto done;
    pool->code = base;
    pool->slots = (struct mn_trampoline *)((char *)base + CODE_SIZE);
    *out = pool;
    pool = NULL;
done:
    mn_free(code);
    mn_free(pool);
    return st;
}

/* Puts a pool at place i, unless another thread was quicker: then its pool is as good. */
static mend_status
add_pool(size_t i, mend_error *err)
{
    struct mn_pool *fresh = NULL, *none = NULL;
    mend_status st;

    if (i >= POOLS_MAX)
        return mn_fail(err, MEND_NO_CODE_PAGES, "All %d trampolines are in use.", POOLS_MAX * STUB_COUNT);
    if ((st = map_pool(&fresh, err)) != MEND_OK)
        return st;
    if (!atomic_compare_exchange_strong_explicit(&pools[i], &none, fresh, memory_order_acq_rel,
                                                 memory_order_relaxed)) {
        mn_pages_unmap((void *)fresh->code, CODE_SIZE, SLOTS_SIZE);
        mn_free(fresh);
    }
    return MEND_OK;
}

static mend_status
take(struct mn_trampoline **out, mend_error *err)
{
    mend_status st;

    if ((*out = take_freed()) != NULL)
        return MEND_OK;
    for (size_t i = 0;; i++) {
        struct mn_pool *pool = pool_at(i);

        if (pool == NULL) {
            if ((st = add_pool(i, err)) != MEND_OK)
                return st;
            pool = pool_at(i);
        }
        if (atomic_load_explicit(&pool->used, memory_order_relaxed) < STUB_COUNT) {
            unsigned place = atomic_fetch_add_explicit(&pool->used, 1, memory_order_relaxed);

            if (place < STUB_COUNT) {
                *out = &pool->slots[place];
                return MEND_OK;
            }
        }
    }
}

/* Where a stub leads after mn_trampoline_free: someone kept its address beyond the end of its life. */
static void
called_when_free(void)
{
    mn_log(MN_LOG_ERROR, "a trampoline was called after it had been freed");
    abort();
}

mend_status
mn_trampoline_new(const struct mn_signature *signature, mn_handler *handler, void *context,
                  struct mn_trampoline **out, mend_error *err)
{
    mn_code entry = mn_entry_of(signature);
    struct mn_trampoline *slot;
    mend_status st;

    *out = NULL;
    if (entry == NULL)
        return mn_fail(err, MEND_UNSUPPORTED_ENCODING,
                       "Calls of a method whose types are not known cannot be intercepted by way of libffi.");
    if ((st = take(&slot, err)) != MEND_OK)
        return st;
    mn_slot_fit(slot, signature);
    slot->handler = handler;
    slot->context = context;
    atomic_store_explicit(&slot->spare, (uintptr_t)entry, memory_order_relaxed);
    atomic_store_explicit(&slot->entry, entry, memory_order_release);
    *out = slot;
    return MEND_OK;
}

/* The number of a slot, and its pool. */
static const struct mn_pool *
find_slot(const struct mn_trampoline *slot, uint32_t *number)
{
    struct mn_pool *pool;

    for (uint32_t i = 0; (pool = pool_at(i)) != NULL; i++)
        if (slot >= pool->slots && slot < pool->slots + STUB_COUNT) {
            *number = i * STUB_COUNT + (uint32_t)(slot - pool->slots);
            return pool;
        }
    return NULL;
}

void
mn_trampoline_free(struct mn_trampoline *trampoline)
{
    uint32_t number;

    if (trampoline == NULL || find_slot(trampoline, &number) == NULL)
        return;
    atomic_store_explicit(&trampoline->entry, called_when_free, memory_order_relaxed);
    give_back(trampoline, number);
}

mn_code
mn_trampoline_code(const struct mn_trampoline *trampoline)
{
    uint32_t number = 0;
    const struct mn_pool *pool = find_slot(trampoline, &number);

    return (mn_code)(uintptr_t)(pool->code + (size_t)(number % STUB_COUNT) * STUB_SIZE);
}

void *
mn_trampoline_context(const struct mn_trampoline *trampoline)
{
    return trampoline->context;
}

void
mn_trampoline_enter_by(struct mn_trampoline *trampoline, mn_code entry)
{
    if (entry == NULL)
        return;
    atomic_store_explicit(&trampoline->spare, (uintptr_t)entry, memory_order_relaxed);
    atomic_store_explicit(&trampoline->entry, entry, memory_order_release);
}

void
mn_trampoline_direct(struct mn_trampoline *trampoline, mn_code code)
{
    atomic_store_explicit(&trampoline->entry, code, memory_order_release);
}

void
mn_trampoline_resume(struct mn_trampoline *trampoline)
{
    mn_code entry = (mn_code)atomic_load_explicit(&trampoline->spare, memory_order_relaxed);

    atomic_store_explicit(&trampoline->entry, entry, memory_order_release);
}

struct mn_trampoline *
mn_trampoline_at(mn_code code)
{
    const unsigned char *address = (const unsigned char *)(uintptr_t)code;
    struct mn_pool *pool;

    for (size_t i = 0; (pool = pool_at(i)) != NULL; i++)
        if (address >= pool->code && address < pool->code + CODE_SIZE &&
            (address - pool->code) % STUB_SIZE == 0)
            return &pool->slots[(address - pool->code) / STUB_SIZE];
    return NULL;
}
