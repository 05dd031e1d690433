/* SPDX-License-Identifier: MIT */
/*
 * What libffi must know of a signature, made with the signature and kept in its `cpu`.
 *
 * Private to this folder.
 */
#ifndef MN_ABI_LIBFFI_TYPES_H
#define MN_ABI_LIBFFI_TYPES_H

#include "abi/signature.h"
#include "abi/stubs.h"

#include <ffi.h>

struct mn_ffi {
    ffi_cif cif;
    _Atomic(struct mn_trampoline *) block_entry; /* of blocks of this type; NULL until the first is made */
    ffi_type *arguments[];
};

/* What `own` of a slot holds. */
struct mn_ffi_slot {
    ffi_cif cif; /* the closure reads it at each call */
    const struct mn_signature *signature;
};

static inline struct mn_ffi *
mn_ffi_of(const struct mn_signature *signature)
{
    return signature->cpu;
}

static inline struct mn_ffi_slot *
mn_ffi_slot_of(struct mn_trampoline *slot)
{
    return (struct mn_ffi_slot *)slot->own;
}

/* libffi's description of a type that is passed by value, in `arena`. *out is NULL for a value without bytes.
 * MEND_UNSUPPORTED_ENCODING: libffi has no words for it. */
mend_status mn_ffi_type(const struct mn_type *type, struct mn_arena *arena, ffi_type **out, mend_error *err);

/* The function of every closure: from libffi's view of a call to its frame (entry.c). */
void mn_ffi_enter(ffi_cif *cif, void *result, void **arguments, void *slot);

/* Stands in a slot's `entry` where calls take the way over the handler. Never called. */
void mn_ffi_by_frame(void);
#endif
