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

    mn_frame_open(&frame, s, stack);
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
    size_t used = mn_round_up(mn_signature_room(s), 16);

    call_with_stack(s, code, arguments, result != NULL ? result : bytes + used, bytes);
}

void
mn_call(const struct mn_signature *signature, mn_code code, const void *const *arguments, void *result)
{
    unsigned char stack[USUAL_STACK] __attribute__((aligned(16)));
    bool unwanted = result == NULL && signature->result_place.where == MN_IN_MEMORY;

    if (mn_signature_room(signature) <= sizeof stack && !unwanted)
        call_with_stack(signature, code, arguments, result, stack);
    else
        call_with_room(signature, code, arguments, result,
                       mn_round_up(mn_signature_room(signature), 16) +
                           (unwanted ? signature->result->size : 0));
}

/* Where the copy of an argument that travels by reference lies: behind the stack arguments. */
static unsigned char *
copy_of(const struct mn_frame *frame, const struct mn_signature *s, const struct mn_place *place)
{
    return frame->stack + (s->shape & ~(size_t)MN_SHAPE_FLAGS) + place->copy;
}

void
mn_frame_open_copies(struct mn_frame *frame, const struct mn_signature *signature)
{
    for (size_t i = 0; i < signature->count; i++) {
        const struct mn_place *place = &signature->arguments[i].place;
        unsigned char *copy = copy_of(frame, signature, place);

        if (place->where == MN_BY_REFERENCE)
            memcpy(mn_frame_reference_at(frame, place), &copy, sizeof copy);
    }
}

/* A second frame, so that an exception finds the first as it was. */
mend_status
mn_call_again_with_copies(mn_code code, struct mn_frame *frame, const struct mn_signature *signature)
{
    unsigned char room[mn_signature_room(signature)] __attribute__((aligned(16)));
    const struct mn_place *result = &signature->result_place;
    struct mn_frame second = *frame;

    second.stack = room;
    memcpy(room, frame->stack, signature->stack);
    mn_frame_open_copies(&second, signature);
    for (size_t i = 0; i < signature->count; i++) {
        const struct mn_place *place = &signature->arguments[i].place;

        if (place->where == MN_BY_REFERENCE)
            memcpy(copy_of(&second, signature, place), mn_frame_reference(frame, place), place->size);
    }
    mn_call_frame(code, &second, signature->shape);
    for (unsigned i = 0; result->where == MN_IN_REGISTERS && i < result->pieces; i++)
        mn_copy_piece((char *)frame + result->piece[i].frame, (char *)&second + result->piece[i].frame,
                      result->piece[i].size > 8 ? 16 : 8);
    return MEND_OK;
}
