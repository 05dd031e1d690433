/* SPDX-License-Identifier: MIT */
/*
 * mn_call_frame by way of ffi_call: libffi is given the address of each value in the frame.
 *
 * The stack arguments are copied first: where large structs travel by reference, some versions of libffi pass on the
 * address they were given, and the callee may write there.
 */
#include "abi/call.h"
#include "abi/libffi/types.h"

static void *
result_place(struct mn_frame *frame, const struct mn_place *place)
{
    if (place->where == MN_IN_MEMORY)
        return frame->result_memory;
    return place->where == MN_IN_REGISTERS ? (char *)frame + place->piece[0].frame : NULL;
}

mend_status
mn_call_frame(mn_code code, struct mn_frame *frame, uint32_t shape)
{
    const struct mn_signature *s = frame->signature;
    unsigned char stack[s->stack + 1] __attribute__((aligned(16)));
    void *values[s->count + 1];
    size_t count = 0;

    (void)shape;
    if (s->stack != 0)
        memcpy(stack, frame->stack, s->stack);
    for (size_t i = 0; i < s->count; i++) {
        const struct mn_place *place = &s->arguments[i].place;

        if (place->where == MN_IN_REGISTERS)
            values[count++] = (char *)frame + place->piece[0].frame;
        else if (place->where == MN_ON_STACK)
            values[count++] = stack + place->stack;
    }
    ffi_call(&mn_ffi_of(s)->cif, code, result_place(frame, &s->result_place), values);
    return MEND_OK;
}
