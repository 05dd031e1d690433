/* SPDX-License-Identifier: MIT */
/* The stubs as instructions, for pages made at run time, and which entry serves which signature. */
#include "abi/block_entry.h"
#include "abi/stubs.h"

#include <string.h>

static_assert(sizeof(struct mn_trampoline) == SLOT_SIZE,
              "stubs.S and mn_stubs_write count slots of this size");
static_assert(offsetof(struct mn_trampoline, entry) == SLOT_ENTRY, "stubs.S jumps through this");
static_assert(offsetof(struct mn_trampoline, handler) == SLOT_HANDLER, "entry.S calls this");
static_assert(offsetof(struct mn_trampoline, context) == SLOT_CONTEXT, "entry.S passes this");
static_assert(SLOT_CONTEXT == SLOT_HANDLER + 8, "entry.S loads the two as a pair");
static_assert(SHAPE_VECTOR == MN_SHAPE_VECTOR, "call.S tests it");
static_assert(STUB_COUNT * (STUB_SIZE + SLOT_SIZE) <= 1 << 20, "adr reaches 1 MiB");
static_assert(STUB_COUNT * STUB_SIZE % 65536 == 0, "code ends with a page, however large pages are");

void mn_entry_full(void);
void mn_block_entry(void);
void mn_block_entry_memory(void);

extern const unsigned char mn_stubs[STUB_COUNT * STUB_SIZE];

struct mn_trampoline mn_stub_slots[STUB_COUNT];
struct mn_pool mn_text_pool = {.code = mn_stubs, .slots = mn_stub_slots};

/*
 * The kernel makes the instructions visible to the processor's fetch when it maps the file executable, as it
 * does for every program it loads; nothing is written after that. The barrier: see stubs.S.
 */
void
mn_stubs_write(unsigned char *code, unsigned char *place)
{
    enum {
        BTI_C = 0xd503245f,
        DMB_ISHLD = 0xd50339bf,
        ADR_X17 = 0x10000011,
        LDR_X16_X17 = 0xf9400230,
        BR_X16 = 0xd61f0200
    };

    static_assert(SLOT_ENTRY == 0, "the load has no displacement");
    (void)place; /* the code is the same everywhere */
    for (uint32_t i = 0; i < STUB_COUNT; i++) {
        uint32_t distance = STUB_COUNT * STUB_SIZE + i * SLOT_SIZE - (i * STUB_SIZE + 8);
        /* Arm ARM C6.2.10: two low bits of the distance at bit 29, the others at bit 5. */
        uint32_t stub[STUB_SIZE / 4] = {BTI_C, DMB_ISHLD, ADR_X17 | (distance & 3) << 29 | distance >> 2 << 5,
                                        LDR_X16_X17, BR_X16}; /* then udf #0 */

        memcpy(code + i * STUB_SIZE, stub, sizeof stub);
    }
}

mn_code
mn_entry_of(const struct mn_signature *signature)
{
    (void)signature;
    return mn_entry_full;
}

void
mn_slot_fit(struct mn_trampoline *slot, const struct mn_signature *signature)
{
    (void)slot;
    (void)signature;
}

mn_code
mn_block_entry_of(const struct mn_signature *type)
{
    return type->result_place.where == MN_IN_MEMORY ? mn_block_entry_memory : mn_block_entry;
}
