/* SPDX-License-Identifier: MIT */
/*
 * Stubs that are libffi's closures, in pages of ours.
 *
 * ffi_closure_alloc is not used: what it gives is writable and executable at once, or shared with the children of a
 * fork, as libffi was built. ffi_prep_closure_loc takes any memory, and tells apart where a closure is written and where
 * it will run. So closures are written once, for all times, into a page that is sealed and then mapped read-execute
 * (pages.c): their function is mn_ffi_enter and their data their slot. What changes with each use of a stub, the types
 * of its calls, lies in the slot: a closure reads its ffi_cif by address at each call.
 *
 * On some CPUs ffi_prep_closure_loc chooses between a closure that keeps the floating registers and one that does not;
 * so all are written for a type with floating arguments and a floating result, which serves every other type too.
 */
#include "abi/stubs.h"

#include "abi/block_entry.h"
#include "abi/libffi/types.h"

#include <stdlib.h>

static_assert(sizeof(ffi_closure) <= STUB_SIZE, "mn_stubs_write puts one in each stub");
static_assert(offsetof(struct mn_trampoline, own) == SLOT_COMMON &&
                  sizeof(struct mn_ffi_slot) <= SLOT_SIZE - SLOT_COMMON,
              "the closure's data lies at the end of its slot");
static_assert(sizeof(struct mn_trampoline) == SLOT_SIZE, "mn_stubs_write counts slots of this size");
static_assert(STUB_COUNT * STUB_SIZE % 65536 == 0, "code ends with a page, however large pages are");

struct mn_pool mn_text_pool = {.used = STUB_COUNT};

/* Such a type: double (id, SEL, double). */
static void
describe_any(ffi_cif *cif)
{
    static ffi_type *arguments[] = {&ffi_type_pointer, &ffi_type_pointer, &ffi_type_double};

    if (ffi_prep_cif(cif, FFI_DEFAULT_ABI, 3, &ffi_type_double, arguments) != FFI_OK)
        abort(); /* a libffi that cannot do this serves nobody */
}

void
mn_stubs_write(unsigned char *code, unsigned char *place)
{
    struct mn_trampoline *slots = (struct mn_trampoline *)(place + STUB_COUNT * STUB_SIZE);

    memset(code, 0, STUB_COUNT * STUB_SIZE);
    for (size_t i = 0; i < STUB_COUNT; i++) {
        struct mn_ffi_slot *own = mn_ffi_slot_of(&slots[i]);

        describe_any(&own->cif);
        if (ffi_prep_closure_loc((ffi_closure *)(void *)(code + i * STUB_SIZE), &own->cif, mn_ffi_enter, &slots[i],
                                 place + i * STUB_SIZE) != FFI_OK)
            abort();
    }
}

mn_code
mn_entry_of(const struct mn_signature *signature)
{
    return signature != NULL ? mn_ffi_by_frame : NULL;
}

void
mn_slot_fit(struct mn_trampoline *slot, const struct mn_signature *signature)
{
    struct mn_ffi_slot *own = mn_ffi_slot_of(slot);

    own->cif = mn_ffi_of(signature)->cif;
    own->signature = signature;
}

/* ---- Blocks made at run time ---- */

/* A block is the first argument of every call of itself: one closure for each type of block finds it there. */
static mn_code
enter_block(struct mn_frame *frame, void *unused)
{
    struct mn_trampoline *slot = (struct mn_trampoline *)(uintptr_t)(frame->integer[0] + BLOCK_SLOT);

    (void)unused;
    return slot->handler(frame, slot->context);
}

mn_code
mn_block_entry_of(const struct mn_signature *type)
{
    struct mn_ffi *ffi = mn_ffi_of(type);
    struct mn_trampoline *there = atomic_load_explicit(&ffi->block_entry, memory_order_acquire), *fresh;

    if (there != NULL)
        return mn_trampoline_code(there);
    if (mn_trampoline_new(type, enter_block, NULL, &fresh, NULL) != MEND_OK)
        return NULL;
    if (atomic_compare_exchange_strong_explicit(&ffi->block_entry, &there, fresh, memory_order_acq_rel,
                                                memory_order_acquire))
        return mn_trampoline_code(fresh);
    mn_trampoline_free(fresh);
    return mn_trampoline_code(there);
}
