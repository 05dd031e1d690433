/* SPDX-License-Identifier: MIT */
/* A call from plain addresses of values: the frame is built on the stack, and nothing is allocated. */
#include "abi/call.h"

#include "abi/layout.h"

/* Stack arguments of most calls fit here; larger ones take the room they need. */
enum { USUAL_STACK = 128 };

static void
call_with_stack(const struct mn_signature *s, mn_code code, const void *const *arguments, void *result,
                unsigned char *stack)
{
    struct mn_frame frame;

    frame.stack = stack;
    frame.vector_count = s->vectors;
    if (s->result_place.where == MN_IN_MEMORY)
        mn_cpu_set_result_memory(&frame, result);
    for (size_t i = 0; i < s->count; i++)
        mn_frame_set(&frame, &s->arguments[i].place, arguments[i]);
    mn_call_frame(code, &frame, s->shape);
    if (result != NULL && s->result_place.where == MN_IN_REGISTERS)
        mn_frame_get(&frame, &s->result_place, result);
}

/* Values of the size of a stack argument list, or of a result nobody asked for. */
static void
call_with_room(const struct mn_signature *s, mn_code code, const void *const *arguments, void *result,
               size_t room)
{
    unsigned char bytes[room + 16] __attribute__((aligned(16)));
    size_t stack = s->shape & ~(uint32_t)MN_SHAPE_FLAGS;

    call_with_stack(s, code, arguments, result != NULL ? result : bytes + stack, bytes);
}

void
mn_call(const struct mn_signature *signature, mn_code code, const void *const *arguments, void *result)
{
    unsigned char stack[USUAL_STACK] __attribute__((aligned(16)));
    bool unwanted = result == NULL && signature->result_place.where == MN_IN_MEMORY;

    if (signature->stack <= sizeof stack && !unwanted)
        call_with_stack(signature, code, arguments, result, stack);
    else
        call_with_room(signature, code, arguments, result,
                       mn_round_up(signature->stack, 16) + (unwanted ? signature->result->size : 0));
}
