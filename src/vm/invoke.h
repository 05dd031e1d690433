/* SPDX-License-Identifier: MIT */
/*
 * Making a planned call: slots to registers, the jump, the result to its slot.
 *
 * The register paths call the IMP through a C function type with the full set of argument registers, or a
 * prefix of it: on the ABIs we know, integers and doubles fill their registers independently of each other,
 * so one type serves every interleaving, and registers a callee does not read do no harm.
 */
#ifndef MN_VM_INVOKE_H
#define MN_VM_INVOKE_H

#include "vm/activation.h"
#include "vm/send.h"

typedef uint64_t mn_register;

/*
 * Learns a callee: its signature, the plan, the selector to send. *imp is what the site found; a receiver
 * that forwards may get another one. *keep is false for what is good for this call alone. May send messages
 * to such receivers.
 */
mend_status mn_callee_learn(struct mn_callee *callee, const struct mn_activation *activation, unsigned site,
                            id receiver, IMP *imp, bool *keep, mend_error *err);

/* What a SUPER or ORIGINAL site calls now; raises when there is nothing. */
IMP mn_super_imp(const struct mn_activation *activation, unsigned site, id receiver);
IMP mn_original_imp(const struct mn_activation *activation, unsigned site);

/* The call; `out` is the first slot of the result. */
void mn_invoke(const struct mn_callee *callee, const struct mn_function *function,
               const struct mn_callsite *site, IMP imp, id receiver, const uint64_t *slots, uint64_t *out);
void mn_invoke_c(const struct mn_callee *callee, const struct mn_function *function,
                 const struct mn_callsite *site, void *address, const uint64_t *slots, uint64_t *out);

/* A block by its plan, whose first argument is the block. */
void mn_invoke_block(const struct mn_callee *callee, const struct mn_function *function,
                     const struct mn_callsite *site, id block, const uint64_t *slots, uint64_t *out);

/* NEXT: the rest of the hooked call's chain. */
void mn_proceed(const struct mn_activation *activation, unsigned site, id receiver, uint64_t *out);

/* Parameters that come on the stack or in odd pieces. */
void mn_entry_stack(const struct mn_function *function, const struct mn_frame *frame, uint64_t *slots);

static inline void
mn_take_integer(enum mn_take take, uint64_t raw, uint64_t *out)
{
    switch (take) {
    case MN_TAKE_NOTHING:
        break;
    case MN_TAKE_I8:
        *out = (uint64_t)(int64_t)(int8_t)raw;
        break;
    case MN_TAKE_U8:
        *out = (uint8_t)raw;
        break;
    case MN_TAKE_I16:
        *out = (uint64_t)(int64_t)(int16_t)raw;
        break;
    case MN_TAKE_U16:
        *out = (uint16_t)raw;
        break;
    case MN_TAKE_I32:
        *out = (uint64_t)(int64_t)(int32_t)raw;
        break;
    case MN_TAKE_U32:
        *out = (uint32_t)raw;
        break;
    case MN_TAKE_BOOL:
        *out = (raw & 0xff) != 0;
        break;
    default:
        *out = raw;
        break;
    }
}

/* The common case in place: integer registers alone. */
static inline void
mn_invoke_inline(const struct mn_callee *callee, const struct mn_function *function,
                 const struct mn_callsite *site, IMP imp, id receiver, const uint64_t *slots, uint64_t *out)
{
    const uint16_t *from = callee->integer_slot;
    mn_code code = (mn_code)imp;
    mn_register self = (mn_register)receiver, sel = (mn_register)callee->sel, raw;

    if (callee->path != MN_PATH_INTEGERS) {
        mn_invoke(callee, function, site, imp, receiver, slots, out);
        return;
    }
    switch (callee->integers) {
    case 2:
        raw = ((mn_register(*)(mn_register, mn_register))code)(self, sel);
        break;
    case 3:
        raw = ((mn_register(*)(mn_register, mn_register, mn_register))code)(self, sel, slots[from[2]]);
        break;
    case 4:
        raw = ((mn_register(*)(mn_register, mn_register, mn_register, mn_register))code)(
            self, sel, slots[from[2]], slots[from[3]]);
        break;
    default:
        raw = ((mn_register(*)(mn_register, mn_register, mn_register, mn_register, mn_register,
                               mn_register))code)(self, sel, slots[from[2]], slots[from[3]], slots[from[4]],
                                                  slots[from[5]]);
        break;
    }
    mn_take_integer((enum mn_take)callee->take, raw, out);
}
#endif
