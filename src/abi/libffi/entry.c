/* SPDX-License-Identifier: MIT */
/*
 * From libffi's view of an intercepted call to its frame, to the handler, and on.
 *
 * Nothing can be jumped to from here: the code a handler answers with is called, with the arguments that the signature
 * names. So the unnamed arguments of a variadic method do not arrive.
 */
#include "abi/libffi/types.h"

void
mn_ffi_by_frame(void)
{
}

/* libffi wants integers that are narrower than a register filled up. */
static void
give_result(const struct mn_frame *frame, const struct mn_signature *s, void *result)
{
    const struct mn_place *place = &s->result_place;
    uint64_t word = frame->result_integer[0];
    unsigned unused = place->size < 8 ? 64 - 8 * place->size : 0;

    if (place->where != MN_IN_REGISTERS)
        return;
    if (mn_cpu_piece_is_vector(&place->piece[0]) || place->size > 8) {
        mn_frame_get(frame, place, result);
        return;
    }
    word <<= unused;
    if (mn_kind_is_signed((enum mn_kind)s->result->kind))
        word = (uint64_t)((int64_t)word >> unused);
    else
        word >>= unused;
    memcpy(result, &word, sizeof(ffi_arg));
}

static void
take_arguments(struct mn_frame *frame, const struct mn_signature *s, void *const *arguments)
{
    for (size_t i = 0; i < s->count; i++) {
        const struct mn_place *place = &s->arguments[i].place;

        if (place->where == MN_IN_REGISTERS)
            memcpy((char *)frame + place->piece[0].frame, *arguments++, place->size);
        else if (place->where == MN_ON_STACK)
            memcpy(frame->stack + place->stack, *arguments++, place->size);
    }
}

static void
enter_frame(struct mn_trampoline *slot, void *result, void *const *arguments)
{
    const struct mn_signature *s = mn_ffi_slot_of(slot)->signature;
    unsigned char stack[(s->shape & ~(size_t)MN_SHAPE_FLAGS) + 16] __attribute__((aligned(16)));
    struct mn_frame frame;
    mn_code code;

    frame.stack = stack;
    frame.vector_count = s->vectors;
    frame.signature = s;
    frame.result_memory = result;
    take_arguments(&frame, s, arguments);
    if ((code = slot->handler(&frame, slot->context)) != NULL)
        mn_call_frame(code, &frame, s->shape);
    give_result(&frame, s, result);
}

void
mn_ffi_enter(ffi_cif *cif, void *result, void **arguments, void *slot)
{
    mn_code entry = atomic_load_explicit(&((struct mn_trampoline *)slot)->entry, memory_order_acquire);

    if (entry == mn_ffi_by_frame)
        enter_frame(slot, result, arguments);
    else
        ffi_call(cif, entry, result, arguments);
}
