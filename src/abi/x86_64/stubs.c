/* SPDX-License-Identifier: MIT */
/* The same stubs as bytes, for pages made at run time, and which entry serves which signature. */
#include "abi/block_entry.h"
#include "abi/stubs.h"

#include <string.h>

static_assert(sizeof(struct mn_trampoline) == SLOT_SIZE,
              "stubs.S and mn_stubs_write count slots of this size");
static_assert(offsetof(struct mn_trampoline, entry) == SLOT_ENTRY, "stubs.S jumps through this");
static_assert(offsetof(struct mn_trampoline, handler) == SLOT_HANDLER, "entry.S calls this");
static_assert(offsetof(struct mn_trampoline, context) == SLOT_CONTEXT, "entry.S passes this");
static_assert(SHAPE_VECTOR == MN_SHAPE_VECTOR && SHAPE_X87 == MN_SHAPE_X87 &&
                  SHAPE_X87_PAIR == MN_SHAPE_X87_PAIR,
              "call.S tests these");

void mn_entry_integer(void);
void mn_entry_full(void);
void mn_entry_x87(void);
void mn_entry_x87_pair(void);
void mn_block_entry(void);
void mn_block_entry_memory(void);

extern const unsigned char mn_stubs[STUB_COUNT * STUB_SIZE];

struct mn_trampoline mn_stub_slots[STUB_COUNT];
struct mn_pool mn_text_pool = {.code = mn_stubs, .slots = mn_stub_slots};

void
mn_stubs_write(unsigned char *code, unsigned char *place)
{
    /* endbr64; lea r11, [rip + displacement]; jmp [r11]; int3 int3 */
    static const unsigned char stub[STUB_SIZE] = {0xf3, 0x0f, 0x1e, 0xfa, 0x4c, 0x8d, 0x1d, 0,
                                                  0,    0,    0,    0x41, 0xff, 0x23, 0xcc, 0xcc};
    const int displacement_at = 7, next_instruction = 11;

    static_assert(SLOT_ENTRY == 0, "the jump has no displacement byte");
    (void)place; /* the code is the same everywhere */
    for (int32_t i = 0; i < STUB_COUNT; i++) {
        unsigned char *at = code + i * STUB_SIZE;
        int32_t displacement = STUB_COUNT * STUB_SIZE + i * SLOT_SIZE - (i * STUB_SIZE + next_instruction);

        memcpy(at, stub, STUB_SIZE);
        memcpy(at + displacement_at, &displacement, sizeof displacement);
    }
}

mn_code
mn_entry_of(const struct mn_signature *signature)
{
    if (signature == NULL)
        return mn_entry_full;
    if (signature->shape & MN_SHAPE_X87_PAIR)
        return mn_entry_x87_pair;
    if (signature->shape & MN_SHAPE_X87)
        return mn_entry_x87;
    return signature->shape & MN_SHAPE_VECTOR ? mn_entry_full : mn_entry_integer;
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
