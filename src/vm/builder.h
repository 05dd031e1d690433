/* SPDX-License-Identifier: MIT */
/*
 * Writing a program: the one way a compiler makes bytecode.
 *
 * A builder collects the program's tables; a struct mn_code is one function being written. Several may be
 * open at once (a block inside a method). Nothing here returns an error: the first failure (memory, too many
 * slots, a label never bound) is remembered and mn_builder_finish reports it, so a compiler checks once. The
 * helpers that take an enum mn_rep or mn_arith choose the opcode (constant forms, fused compare-and-branch,
 * counting loops); mn_code_op writes an instruction as listed in op.def. Not synchronised: one thread writes
 * a builder.
 *
 * Slots are in machine representation (see op.def): integers extended by their type, float in the low half,
 * structs in C layout over consecutive VALUE slots. A scalar local whose address is taken keeps its slot;
 * after a call that may have written through the address, read it with mn_code_load_slot (C writes only its
 * own width).
 *
 * Ownership: a strong local is an OWNED slot, written only by STRONG (retains) and TAKE (accepts a reference
 * the program owns: results of alloc/new/copy/mutableCopy/init, or after RETAIN). Every way out of a
 * function, exceptions included, releases all OWNED slots; RELEASE ends one earlier (end of scope).
 * Everything else is an OBJECT slot, which holds nothing: a method result not owned (autoreleased by its
 * callee), self, literals. To return an owned local without extra work: GIVE tmp, local; AUTORELEASE tmp; RET
 * tmp. OWNED slots may be named as call arguments.
 *
 * Write loops with the test at the bottom, so that counting loops become one instruction:
 *     jump_if(!cond, end); body: ...; continue: i += 1; jump_if(cond, body); end:
 */
#ifndef MN_VM_BUILDER_H
#define MN_VM_BUILDER_H

#include "vm/program.h"

struct mn_builder;
struct mn_code;
typedef uint16_t mn_slot;

#define MN_NO_SLOT ((mn_slot)0xffff) /* "result not wanted" */

/* `name` is what errors call the file. NULL when memory has run out. */
struct mn_builder *mn_builder_new(const char *name);
void mn_builder_free(struct mn_builder *builder);

/*
 * Checks everything (vm/verify.h), loads it, hands over the program with one reference; functions keep the
 * order of mn_code_open. On failure *program is NULL. Either way only mn_builder_free may follow.
 */
mend_status mn_builder_finish(struct mn_builder *builder, struct mn_program **program, mend_error *err);

/* ---- functions ---- */

struct mn_function_spec {
    const char *name;       /* "-[Cart total]", "helper" */
    const char *class_name; /* NULL for a C function */
    const char *selector;   /* NULL for a C function */
    bool class_method;
    const char
        *types; /* method encoding ("i16@0:8"; offsets may be missing: "i@:"), or of a C function: "dii" */
};

/*
 * Reserves the index of a function that is written later, so that calls may come before it; mn_code_open with
 * the same name fills it. mn_code_open of a new name reserves and opens.
 */
unsigned mn_builder_function(struct mn_builder *builder, const char *name);

/*
 * Opens a function. Parameters stand in the first slots, in order, each in whole slots: a method's self is
 * slot 0 (OBJECT) and _cmd slot 1; mn_code_param tells where each one starts. Never NULL (a failed builder
 * lends a dummy).
 */
struct mn_code *mn_code_open(struct mn_builder *builder, const struct mn_function_spec *spec);
unsigned mn_code_index(const struct mn_code *code);
mn_slot mn_code_param(const struct mn_code *code, unsigned index); /* index counts self and _cmd in methods */

/* Ends a function: resolves jumps; adds RETVOID when the end can be reached. The handle is gone afterwards.
 */
void mn_code_close(struct mn_code *code);

/* Position in the source of the instructions that follow; 1-based. */
void mn_code_at(struct mn_code *code, unsigned line, unsigned column);

/* ---- slots ---- */

/* One new slot; a run of `count` VALUE slots (structs, arrays, buffers). They live until mn_code_slots_free.
 */
mn_slot mn_code_slot(struct mn_code *code, enum mn_slot_kind kind);
mn_slot mn_code_slot_run(struct mn_code *code, unsigned count);

/*
 * A VALUE slot for an intermediate result that exactly one later instruction reads: lets the builder write
 * the result where it is wanted at once, and fuse a multiplication with the addition that follows. Freed like
 * any slot.
 */
mn_slot mn_code_temp(struct mn_code *code);

/* A slot, or run, that can hold a value of an encoding: OBJECT for objects unless `owned` asks for OWNED. */
mn_slot mn_code_slot_for(struct mn_code *code, const char *encoding, bool owned);

/* Gives a slot or run back for reuse by later slots of the same kind and length. An OWNED slot must have been
 * RELEASEd. */
void mn_code_slot_free(struct mn_code *code, mn_slot first);

/* Temporaries: everything taken since the mark is given back. OWNED slots taken since are RELEASEd in code
 * first. */
unsigned mn_code_mark(struct mn_code *code);
void mn_code_reset(struct mn_code *code, unsigned mark);

/* RELEASEs the OWNED slots taken since the mark and keeps them: for a jump out of a scope (break, continue).
 */
void mn_code_leave(struct mn_code *code, unsigned mark);

enum mn_slot_kind mn_code_kind(const struct mn_code *code, mn_slot slot);

/* ---- instructions by name ---- */

/* As op.def lists it; 32-bit operands go into b. Jumps, calls and constants have functions of their own
 * below. */
void mn_code_op(struct mn_code *code, enum mn_op op, int a, int b, int c);

/* ---- constants ---- */

void mn_code_int(struct mn_code *code, mn_slot dst, int64_t value);
void mn_code_double(struct mn_code *code, mn_slot dst, double value);
void mn_code_float(struct mn_code *code, mn_slot dst, float value);
void mn_code_long_double(struct mn_code *code, mn_slot dst, long double value);
void mn_code_string(struct mn_code *code, mn_slot dst, const char *utf8,
                    size_t length); /* @"" into an OBJECT slot */
void mn_code_text(struct mn_code *code, mn_slot dst, const char *bytes, size_t length); /* "": char * */
void mn_code_class(struct mn_code *code, mn_slot dst, const char *name);
void mn_code_selector(struct mn_code *code, mn_slot dst, const char *name);

/* The address of code or data of the process by its name; `own`: a function of Mend's. Found again by name when a
 * compiled unit is loaded. */
void mn_code_symbol(struct mn_code *code, mn_slot dst, const char *name, bool own, void *address);

/* ---- data: variables that outlive calls (data.c) ---- */

/* `size` bytes of the program's data, zero at first; the offset of the first. */
uint32_t mn_builder_data(struct mn_builder *builder, size_t size, size_t align);

/* What stands in them at first: bytes, the address of a C string, or the address of other data. */
void mn_builder_data_bytes(struct mn_builder *builder, uint32_t at, const void *bytes, size_t size);
void mn_builder_data_bit(struct mn_builder *builder, uint32_t at, unsigned bit, bool value);
void mn_builder_data_text(struct mn_builder *builder, uint32_t at, const char *bytes, size_t length,
                          int64_t addend);
void mn_builder_data_place(struct mn_builder *builder, uint32_t at, uint32_t target, int64_t addend);

/* The word there holds a reference from now on, which goes with the program. */
void mn_builder_data_object(struct mn_builder *builder, uint32_t at);
void mn_builder_data_weak(struct mn_builder *builder, uint32_t at); /* the same for a weak one */

/* dst = the address of a byte of the data. */
void mn_code_data(struct mn_code *code, mn_slot dst, uint32_t offset);

/* ---- values ---- */

enum mn_arith { MN_ADD, MN_SUB, MN_MUL, MN_DIV, MN_REM, MN_AND, MN_OR, MN_XOR, MN_SHL, MN_SHR };
enum mn_compare { MN_EQ, MN_NE, MN_LT, MN_LE, MN_GT, MN_GE };

/* Copies a value of any rep; an aggregate needs mn_code_copy. Into an OWNED slot it retains. */
void mn_code_move(struct mn_code *code, enum mn_rep rep, mn_slot dst, mn_slot src);
void mn_code_copy(struct mn_code *code, mn_slot dst, mn_slot src, unsigned slots);

/*
 * dst = a op b, both operands and result of `rep` after C's usual conversions: I32, U32, I64, U64, F32, F64,
 * LD (a shift's right operand may be any integer). MN_REM and the bit operations take integers only.
 */
void mn_code_arith(struct mn_code *code, enum mn_arith op, enum mn_rep rep, mn_slot dst, mn_slot a,
                   mn_slot b);
void mn_code_arith_const(struct mn_code *code, enum mn_arith op, enum mn_rep rep, mn_slot dst, mn_slot a,
                         int64_t b);
void mn_code_negate(struct mn_code *code, enum mn_rep rep, mn_slot dst, mn_slot a);
void mn_code_invert(struct mn_code *code, enum mn_rep rep, mn_slot dst, mn_slot a); /* ~a */

/* dst = a op b as int 0 or 1. rep may be any scalar; pointers and SEL compare as U64, objects as OBJECT. */
void mn_code_compare(struct mn_code *code, enum mn_compare op, enum mn_rep rep, mn_slot dst, mn_slot a,
                     mn_slot b);
void mn_code_truth(struct mn_code *code, enum mn_rep rep, mn_slot dst, mn_slot a); /* a != 0 */
void mn_code_not(struct mn_code *code, enum mn_rep rep, mn_slot dst, mn_slot a);   /* !a */

/* Converts between scalar representations as C does (float to integer saturates); also OBJECT <-> U64 by
 * address. */
void mn_code_convert(struct mn_code *code, enum mn_rep to, mn_slot dst, enum mn_rep from, mn_slot src);

/* ---- memory ---- */

void mn_code_load(struct mn_code *code, enum mn_rep rep, mn_slot dst, mn_slot base, int64_t offset);
void mn_code_store(struct mn_code *code, enum mn_rep rep, mn_slot base, int64_t offset, mn_slot src);
void mn_code_load_index(struct mn_code *code, enum mn_rep rep, mn_slot dst, mn_slot base, mn_slot index);
void mn_code_store_index(struct mn_code *code, enum mn_rep rep, mn_slot base, mn_slot index, mn_slot src);

/* The same inside the frame: a field at a byte offset of a struct local that starts at `slot`. */
void mn_code_load_slot(struct mn_code *code, enum mn_rep rep, mn_slot dst, mn_slot slot, unsigned offset);
void mn_code_store_slot(struct mn_code *code, enum mn_rep rep, mn_slot slot, unsigned offset, mn_slot src);
void mn_code_address(struct mn_code *code, mn_slot dst, mn_slot slot, unsigned offset); /* &slot + offset */

/* Aggregates: size bytes between memory and slots. */
void mn_code_load_bytes(struct mn_code *code, mn_slot dst, mn_slot base, int64_t offset, unsigned size);
void mn_code_store_bytes(struct mn_code *code, mn_slot base, int64_t offset, mn_slot src, unsigned size);

/* dst = address of an instance variable of the object, found by class and name when first used. */
void mn_code_ivar(struct mn_code *code, mn_slot dst, mn_slot object, const char *class_name,
                  const char *name);

/* The same for one that the patch adds to an existing class (vm/added.h). */
void mn_code_added(struct mn_code *code, mn_slot dst, mn_slot object, const char *class_name,
                   const char *name, const char *encoding, enum mn_ivar_kind kind);

/* ---- control ---- */

typedef unsigned mn_label;

mn_label mn_code_label(struct mn_code *code);
void mn_code_bind(struct mn_code *code, mn_label label);
void mn_code_jump(struct mn_code *code, mn_label label);

/* Jumps when (a op b) == want; want matters for floating point, where !(a < b) is not a >= b. */
void mn_code_jump_compare(struct mn_code *code, enum mn_compare op, enum mn_rep rep, mn_slot a, mn_slot b,
                          bool want, mn_label label);
void mn_code_jump_compare_const(struct mn_code *code, enum mn_compare op, enum mn_rep rep, mn_slot a,
                                int64_t b, bool want, mn_label label);
void mn_code_jump_truth(struct mn_code *code, enum mn_rep rep, mn_slot a, bool want, mn_label label);

/* Returns the value whose first slot is src; MN_NO_SLOT returns nothing. Ownership of the result is the
 * caller's code. */
void mn_code_return(struct mn_code *code, mn_slot src);
void mn_code_raise(struct mn_code *code, enum mn_vm_error error, const char *text);

/* False when the last instruction never falls through (return, jump, raise) and no label was bound since. */
bool mn_code_reachable(const struct mn_code *code);

/* ---- calls ---- */

/* An argument: its first slot and its static type as an encoding ("i", "@", "{_NSRange=QQ}"). Encodings are
 * copied. */
struct mn_operand {
    mn_slot slot;
    const char *encoding;
};

/*
 * dst gets the result converted to the encoding `result` ("v": nothing; dst may be MN_NO_SLOT). The live
 * method's own encoding decides how arguments travel; each is converted from its static type. Arguments are
 * read when the instruction runs: a local that a later argument changes must be copied first. A receiver of
 * nil gives zero. An OWNED dst retains the result (of alloc and the like: send into an OBJECT slot, then
 * TAKE).
 */
void mn_code_send(struct mn_code *code, mn_slot dst, const char *result, mn_slot receiver,
                  const char *selector, const struct mn_operand *args, unsigned count);

/* The same; arguments past `fixed` are a variadic tail, already promoted by the compiler. */
void mn_code_send_variadic(struct mn_code *code, mn_slot dst, const char *result, mn_slot receiver,
                           const char *selector, const struct mn_operand *args, unsigned count,
                           unsigned fixed);

/* A send to super: the search starts above the class the method was written in (its metaclass for class
 * methods). */
void mn_code_send_super(struct mn_code *code, mn_slot dst, const char *result, mn_slot self,
                        const char *class_name, bool class_method, const char *selector,
                        const struct mn_operand *args, unsigned count);

/*
 * ORG (`original`: as the binary had it) or next (the chain below). `selector` is the stripped one and may
 * name another method of the class that this patch changes; the signature is the live method's.
 */
void mn_code_send_original(struct mn_code *code, mn_slot dst, const char *result, mn_slot self,
                           const char *selector, bool next, const struct mn_operand *args, unsigned count);

/* A function of this program, by the index of mn_builder_function or mn_code_index. Its own types must be
 * those given here: nothing is converted. */
void mn_code_call(struct mn_code *code, mn_slot dst, const char *result, unsigned function,
                  const struct mn_operand *args, unsigned count);

/* A C function whose address stands in a slot; `types` gives result and parameters ("ddi"), a tail may be
 * variadic. */
void mn_code_call_c(struct mn_code *code, mn_slot dst, mn_slot address, const char *types,
                    const struct mn_operand *args, unsigned count);

/* ---- blocks, cells, statics, functions as values ---- */

/* dst (OBJECT) = a new block of a function whose first parameter is the block; owned: TAKE it. */
void mn_code_block(struct mn_code *code, mn_slot dst, unsigned function, const struct mn_operand *captured,
                   unsigned count);

/* A call of any block; `types` is what the source knows of it ("i@?id"), without it in `args`. */
void mn_code_call_block(struct mn_code *code, mn_slot dst, mn_slot block, const char *types,
                        const struct mn_operand *args, unsigned count);

/* cell (OWNED) = a new cell for a value of the encoding, and its address into a VALUE slot. */
void mn_code_cell(struct mn_code *code, mn_slot cell, mn_slot address, const char *encoding, bool weak);

/*
 * Instructions that run once by 16 bytes of the data: control goes to `done` when they have. `leave` is an OWNED
 * slot, to be released behind mn_code_once_end.
 */
void mn_code_once(struct mn_code *code, mn_slot leave, uint32_t data, mn_label done);
void mn_code_once_end(struct mn_code *code, mn_slot leave);

/* Weak memory: dst is an OWNED slot. */
void mn_code_load_weak(struct mn_code *code, mn_slot dst, mn_slot base, int64_t offset);
void mn_code_store_weak(struct mn_code *code, mn_slot base, int64_t offset, mn_slot src);

/* dst (OWNED) = src, copied if it is a block on the stack. */
void mn_code_keep_block(struct mn_code *code, mn_slot dst, mn_slot src);

/* Until mn_code_end_try: an exception goes into `thrown` (OBJECT) and control to the label. */
void mn_code_try(struct mn_code *code, mn_slot thrown, mn_label handler);
void mn_code_end_try(struct mn_code *code);

/* RELEASEs every OWNED slot that nobody has taken: for places that jumps and exceptions reach from afar. */
void mn_code_sweep(struct mn_code *code);

/* ---- objects ---- */

/* @(value): NSNumber of the rep; BOOL gives a boolean number. dst is an OBJECT slot (autoreleased, as all
 * below). */
void mn_code_box(struct mn_code *code, mn_slot dst, enum mn_rep rep, mn_slot src);
void mn_code_box_text(struct mn_code *code, mn_slot dst, mn_slot src);
void mn_code_box_struct(struct mn_code *code, mn_slot dst, mn_slot src, const char *encoding);

/* @[...] and @{...}: arguments are object slots; a dictionary's alternate key, value. */
void mn_code_array(struct mn_code *code, mn_slot dst, const mn_slot *items, unsigned count);
void mn_code_dictionary(struct mn_code *code, mn_slot dst, const mn_slot *pairs, unsigned count);

/* STRONG, TAKE, GIVE, RELEASE, RETAIN, AUTORELEASE, RETAUT of op.def are written with mn_code_op. */

/* ---- representation of an encoding ---- */

/* The rep of a scalar encoding, MN_REP_AGGREGATE or MN_REP_VOID; qualifiers ("r", "n"...) are skipped. */
enum mn_rep mn_rep_of(const char *encoding);
enum mn_rep mn_rep_of_type(const struct mn_type *type); /* NULL is void */
unsigned mn_rep_size(enum mn_rep rep);                  /* in memory; 0 for VOID and AGGREGATE */
unsigned mn_slots_of(const char *encoding); /* whole slots a value takes; 0 for void or a broken encoding */

#ifdef MN_FAULTS
extern bool mn_optimise_never; /* functions are closed as they were written: for comparing, in test builds */
#endif
#endif
