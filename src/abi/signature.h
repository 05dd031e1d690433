/* SPDX-License-Identifier: MIT */
/*
 * What a call must know of a method, a block or a C function: types and places of its arguments and of its
 * result.
 *
 * One encoding serves all three: result, then arguments ("v24@0:8@16", "i@?i", "i*d"), with or without frame
 * numbers. Signatures are interned: immutable, kept for the life of the process, one for each distinct text.
 *
 * What an encoding hides without a trace, nobody can refuse: a packed struct as a result (arguments show in
 * the frame numbers), alignment raised by an attribute, and C++ classes that travel by reference because
 * copying them runs code.
 *
 * The types of one variadic call, as a caller knows them, are written with a comma before the first unnamed
 * argument ("i*,id"): there are CPUs where those travel otherwise. No compiler writes one.
 *
 * The encoding of a method does not say whether it is variadic. The trampolines keep the arguments of such calls
 * intact; a caller that replays a call (mn_call_frame) passes on only what the signature names.
 */
#ifndef MN_ABI_SIGNATURE_H
#define MN_ABI_SIGNATURE_H

#include "abi/place.h"
#include "base/arena.h"
#include "base/error.h"

struct mn_argument {
    const struct mn_type *type; /* an array parameter is a pointer to its element, as in C */
    struct mn_place place;
};

/* `shape`, all that the assembly needs: bytes of stack arguments (a multiple of 16) and these flags. */
enum {
    MN_SHAPE_VECTOR = 1,   /* a vector register carries an argument or the result */
    MN_SHAPE_X87 = 2,      /* the result is in st0 */
    MN_SHAPE_X87_PAIR = 4, /* the result is in st0 and st1 */
    MN_SHAPE_FLAGS = 15
};

struct mn_signature {
    const char *encoding; /* the text it was made from */
    const struct mn_type *result;
    struct mn_place result_place;
    uint32_t shape;
    uint32_t stack;   /* bytes of stack arguments, not rounded */
    uint32_t copies;  /* bytes of arguments that travel by reference */
    uint8_t vectors;  /* vector registers that carry arguments: al of a variadic call */
    uint8_t integers; /* general registers that carry arguments, with the hidden result address */
    bool has_numbers; /* every type is followed by its frame number */
    uint16_t count;
    uint16_t named; /* arguments before the comma, or all */
    void *cpu;      /* what mn_cpu_ready has put there */
    struct mn_argument arguments[];
};

enum { MN_ARGUMENTS_MAX = 1024 };

/*
 * The signature of an encoding. Any thread, no lock, no host code; about 30 ns when it is known already.
 *
 * MEND_BAD_ENCODING: not a result and arguments. MEND_UNSUPPORTED_ENCODING: a type that the encoding does not
 * fully describe, by value, or frame numbers that contradict the types (packed structs, vectors clang leaves
 * out). On failure *out is NULL.
 */
mend_status mn_signature_get(const char *encoding, const struct mn_signature **out, mend_error *err);

/* The same without interning: the signature lives in `arena` and points at `encoding`. */
mend_status mn_signature_read(const char *encoding, struct mn_arena *arena, const struct mn_signature **out,
                              mend_error *err);

/* Makes what the CPU's calls need beside the places, in `arena`. MEND_UNSUPPORTED_ENCODING: there are no calls of that
 * type. Implemented by each CPU. */
mend_status mn_cpu_ready(struct mn_signature *signature, struct mn_arena *arena, mend_error *err);

/* Appends the encoding again, with frame numbers if `numbers` (then as gcc and clang would write them). */
void mn_signature_write(const struct mn_signature *signature, bool numbers, struct mn_buffer *out);

/* Results and arguments compared by mn_type_equal or, if not `strict`, by mn_type_compatible. */
bool mn_signature_equal(const struct mn_signature *a, const struct mn_signature *b, bool strict);

/* Appends the first difference, "argument 1 is int against double"; argument 1 is the first behind self and
 * _cmd. */
void mn_signature_difference(const struct mn_signature *a, const struct mn_signature *b, bool strict,
                             struct mn_buffer *out);

/* The bytes from frame->stack on of a frame that is made by hand: see mn_frame_open. */
static inline size_t
mn_signature_room(const struct mn_signature *signature)
{
    return (signature->shape & ~(size_t)MN_SHAPE_FLAGS) + signature->copies;
}

static inline bool
mn_signature_uses_vectors(const struct mn_signature *signature)
{
    return (signature->shape & MN_SHAPE_VECTOR) != 0;
}

/*
 * Of an encoding that is no signature: whether an argument is, or may be where the text leaves its type out, a vector
 * wider than what a frame keeps of a vector register. Such an argument does not survive a trampoline.
 */
enum { MN_VECTOR_KEPT = 16 };
bool mn_signature_hides_wide_vector(const char *encoding);
#endif
