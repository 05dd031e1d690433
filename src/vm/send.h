/* SPDX-License-Identifier: MIT */
/*
 * What a call site learns about its callees, so that a call it has made before reads no type and takes no
 * lock.
 *
 * A site keeps a list of callees, keyed by IMP: the receiver's method is looked up at each send (its class's
 * dispatch table cannot go stale), and the same IMP means the same method, hence the same signature and the
 * same moves. A callee is immutable once published; lists only grow at the front and are freed with the
 * program. They are bounded: past MN_CALLEES a site learns nothing more and makes such calls the slow way.
 * Forwarding IMPs are never kept.
 *
 * Machine-independent as far as struct mn_frame names its argument registers `integer` and `vector`: a callee
 * whose arguments all travel in them is called through a C function type with as many integers and doubles,
 * which is how the ABI passes any such list.
 */
#ifndef MN_VM_SEND_H
#define MN_VM_SEND_H

#include "abi/call.h"
#include "runtime/runtime.h"
#include "vm/tables.h"

enum { MN_CALLEES = 64, MN_FAST_INTEGERS = 6, MN_FAST_VECTORS = 8 };

enum mn_path {
    MN_PATH_INTEGERS, /* integer registers alone, for the result too */
    MN_PATH_VECTORS,  /* both kinds of register */
    MN_PATH_FRAME,    /* anything: struct mn_frame and mn_call_frame */
};

/* How the raw result becomes the static type's slot. */
enum mn_take {
    MN_TAKE_NOTHING,
    MN_TAKE_WORD, /* as it is, 64 bits */
    MN_TAKE_I8,
    MN_TAKE_U8,
    MN_TAKE_I16,
    MN_TAKE_U16,
    MN_TAKE_I32,
    MN_TAKE_U32,
    MN_TAKE_BOOL,   /* the low byte, as 0 or 1 */
    MN_TAKE_DOUBLE, /* from the vector result register; MN_PATH_VECTORS */
    MN_TAKE_FLOAT,
    MN_TAKE_CONVERTED, /* MN_PATH_FRAME alone: by mn_convert_value, or copied when aggregates */
};

struct mn_callee {
    struct mn_callee *next;
    IMP imp;
    SEL sel; /* with the method's types, for callees that forward */
    const struct mn_signature *signature;
    uint8_t path, take;
    uint8_t integers, vectors;               /* argument registers in use, self and _cmd included */
    uint8_t skip;                            /* arguments that are no operands of the site: self and _cmd */
    uint16_t integer_slot[MN_FAST_INTEGERS]; /* by register; of those behind self and _cmd */
    uint16_t vector_slot[MN_FAST_VECTORS];
};

/* The live half of a call site. */
struct mn_callsite_live {
    _Atomic(struct mn_callee *) first;
    SEL sel;
    uint16_t result_slots;
    bool own;             /* ORIGINAL, NEXT: the selector is the function's own */
    uint16_t *copies;     /* CALL: the slot that each of the callee's parameter slots is copied from */
    _Atomic(Class) above; /* SUPER: the class the search starts at */
};

void mn_callsite_fini(struct mn_callsite_live *live);

/*
 * The plan for calling a signature from a site, whose first `skip` arguments are self and _cmd.
 * MEND_SIGNATURE_MISMATCH when the static types cannot be converted to the signature's. Reads types; no host
 * code.
 */
mend_status mn_callee_plan(struct mn_callee *callee, const struct mn_function *function,
                           const struct mn_callsite *site, const struct mn_signature *signature,
                           unsigned skip, mend_error *err);

/*
 * Adds a copy of a callee to the site's list; the copy, or NULL when the site is full or memory has run out
 * (then call through the original).
 */
const struct mn_callee *mn_callee_keep(struct mn_callsite_live *live, const struct mn_callee *callee);

static inline const struct mn_callee *
mn_callee_find(struct mn_callsite_live *live, IMP imp)
{
    const struct mn_callee *callee = atomic_load_explicit(&live->first, memory_order_acquire);

    while (callee != NULL && callee->imp != imp)
        callee = callee->next;
    return callee;
}

/* Makes a call by MN_PATH_FRAME; `slots` is the frame the site's arguments are in, `out` gets the converted
 * result. */
void mn_callee_call_frame(const struct mn_callee *callee, const struct mn_function *function,
                          const struct mn_callsite *site, IMP imp, id receiver, SEL sel,
                          const uint64_t *slots, uint64_t *out);

/* The two halves of that for a frame that exists already (the next of a hooked method). */
void mn_callee_fill_frame(const struct mn_callee *callee, const struct mn_function *function,
                          const struct mn_callsite *site, const uint64_t *slots, struct mn_frame *frame);
void mn_callee_take_frame(const struct mn_callee *callee, const struct mn_function *function,
                          const struct mn_callsite *site, const struct mn_frame *frame, uint64_t *out);

/* A scalar in its slot representation (LD in two) from one representation to another. */
void mn_convert_value(enum mn_rep to, uint64_t *out, enum mn_rep from, const uint64_t *in);

/* Sign- or zero-extends what lies in a slot's low bytes by the representation. */
static inline uint64_t
mn_extend_slot(enum mn_rep rep, uint64_t raw)
{
    switch (rep) {
    case MN_REP_BOOL:
        return (raw & 0xff) != 0;
    case MN_REP_I8:
        return (uint64_t)(int64_t)(int8_t)raw;
    case MN_REP_U8:
        return (uint8_t)raw;
    case MN_REP_I16:
        return (uint64_t)(int64_t)(int16_t)raw;
    case MN_REP_U16:
        return (uint16_t)raw;
    case MN_REP_I32:
        return (uint64_t)(int64_t)(int32_t)raw;
    case MN_REP_U32:
    case MN_REP_F32:
        return (uint32_t)raw;
    default:
        return raw;
    }
}

#ifdef MN_FAULTS
extern _Thread_local unsigned long mn_vm_slow;
static inline void
mn_vm_count_slow(void)
{
    mn_vm_slow++;
}
#else
static inline void
mn_vm_count_slow(void)
{
}
#endif
#endif
