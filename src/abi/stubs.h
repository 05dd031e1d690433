/* SPDX-License-Identifier: MIT */
/*
 * Stubs and slots: what trampoline.c manages and each CPU implements.
 *
 * A stub is STUB_SIZE bytes of code that load the address of its slot and jump to slot->entry. STUB_COUNT
 * stubs come together, in our text or in mapped pages; their slots lie in as many SLOT_SIZE-byte places.
 */
#ifndef MN_ABI_STUBS_H
#define MN_ABI_STUBS_H

#include "abi/trampoline.h"

#include <stdatomic.h>

enum { SLOT_COMMON = 32 };

/* A slot. `entry` is read by stubs at any time; the rest is set before the stub's address is given out. */
struct mn_trampoline {
    _Atomic(mn_code) entry;
    mn_handler *handler;
    void *context;
    _Atomic(uintptr_t) spare; /* live: the entry to resume; free: 1 + index of the next free slot, or 0 */
    _Alignas(8) unsigned char own[SLOT_SIZE - SLOT_COMMON]; /* the port's: see mn_slot_fit */
};

/* STUB_COUNT stubs and their slots. */
struct mn_pool {
    const unsigned char *code;
    struct mn_trampoline *slots;
    atomic_uint used; /* slots ever taken; may run past STUB_COUNT */
};

/* The stubs in our own text. A port that has none says that all are used. */
extern struct mn_pool mn_text_pool;

/* Writes STUB_COUNT stubs, which will lie at `place`, with zeroed slots directly behind them that can be written
 * already. */
void mn_stubs_write(unsigned char *code, unsigned char *place);

/* The entry that builds frames for a signature (NULL: unknown). NULL: such calls cannot be intercepted. */
mn_code mn_entry_of(const struct mn_signature *signature);

/* Readies `own` for calls of that signature. */
void mn_slot_fit(struct mn_trampoline *slot, const struct mn_signature *signature);
#endif
