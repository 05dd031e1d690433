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

/* A slot. `entry` is read by stubs at any time; handler and context are set before the stub's address is
 * given out. */
struct mn_trampoline {
    _Atomic(mn_code) entry;
    mn_handler *handler;
    void *context;
    _Atomic(uintptr_t) spare; /* live: the entry to resume; free: 1 + index of the next free slot, or 0 */
};

/* The stubs in our own text and their slots. */
extern const unsigned char mn_stubs[STUB_COUNT * STUB_SIZE];
extern struct mn_trampoline mn_stub_slots[STUB_COUNT];

/* Writes STUB_COUNT stubs whose slots will follow directly behind them in memory. */
void mn_stubs_write(unsigned char *code);

/* The entry that builds frames for a signature (NULL: unknown). */
mn_code mn_entry_of(const struct mn_signature *signature);
#endif
