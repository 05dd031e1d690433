/* SPDX-License-Identifier: MIT */
/*
 * A builder and a function being written, as the files behind builder.h share them.
 *
 * The program is written in place; `known` maps what was added already to its index + 1, under a tag byte per
 * table. A failure is kept in `status`; every writer goes on into the same tables, so nothing needs to be
 * undone.
 */
#ifndef MN_VM_WRITING_H
#define MN_VM_WRITING_H

#include "base/buffer.h"
#include "vm/builder.h"
#include "vm/operand.h"
#include "vm/tables.h"

/* Slots taken together and given back together. */
struct mn_slot_run {
    mn_slot first;
    uint16_t count;
    uint8_t kind;
    bool free, temporary;
};

struct mn_jump {
    uint32_t pc;
    mn_label label;
};

struct mn_code {
    struct mn_builder *builder;
    struct mn_code *next;
    unsigned index;
    struct mn_list insns;  /* struct mn_insn */
    struct mn_list lines;  /* struct mn_line */
    struct mn_list sites;  /* struct mn_callsite */
    struct mn_list args;   /* struct mn_arg */
    struct mn_list kinds;  /* uint8_t, one a slot */
    struct mn_list runs;   /* struct mn_slot_run */
    size_t free_runs;      /* so many of them are free */
    struct mn_list taken;  /* uint32_t index into runs, in order of taking */
    struct mn_list run_of; /* uint32_t, one a slot: its run */
    struct mn_list labels; /* uint32_t pc + 1; 0: not bound */
    struct mn_list jumps;  /* struct mn_jump */
    struct mn_list params; /* mn_slot */
    uint32_t barrier; /* a label is bound here: instructions before it must not be fused with later ones */
    bool reachable;
    unsigned line, column; /* of the next instruction */
    uint32_t result_slots;
};

struct mn_builder {
    struct mn_program *program;
    struct mn_map known;
    struct mn_buffer key; /* scratch for looking up `known` */
    struct mn_code *open; /* functions being written */
    mend_status status;
    mend_error error;
    struct mn_code lost; /* lent when there is no memory for another */
};

/* Remembers the first failure. */
void mn_builder_fail(struct mn_builder *builder, mend_status status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void mn_builder_fail_memory(struct mn_builder *builder);

/* The same, at the place in the source being written. */
void mn_code_fail(struct mn_code *code, mend_status status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Index of an entry, added when it is new. */
uint32_t mn_builder_text(struct mn_builder *builder, const char *bytes, size_t length);
uint32_t mn_builder_number(struct mn_builder *builder, uint64_t bits);
uint32_t mn_builder_string(struct mn_builder *builder, const char *bytes, size_t length);
uint32_t mn_builder_selector(struct mn_builder *builder, const char *name);
uint32_t mn_builder_class(struct mn_builder *builder, const char *name, bool meta);
uint32_t mn_builder_type(struct mn_builder *builder, const char *encoding);
uint32_t mn_builder_ivar(struct mn_builder *builder, const char *class_name, const char *name,
                         const char *encoding, enum mn_ivar_kind kind);
uint32_t mn_builder_symbol(struct mn_builder *builder, const char *name, bool own, void *address);

void mn_code_free(struct mn_code *code);

/* Adds to a list of this code; a dummy when memory has run out, so that writers need not look. */
void *mn_code_add(struct mn_code *code, struct mn_list *list);

/* Writes one instruction without fusing; the last instruction if nothing can jump behind it, else NULL. */
struct mn_insn *mn_code_emit(struct mn_code *code, enum mn_op op, unsigned a, unsigned b, unsigned c);
struct mn_insn *mn_code_last(struct mn_code *code);

/* Writes an instruction with a 32-bit operand in b and c. */
void mn_code_emit32(struct mn_code *code, enum mn_op op, unsigned a, uint32_t operand);

/* The same for jumps: the distance is filled in when the function is closed. */
void mn_code_emit_jump(struct mn_code *code, enum mn_op op, unsigned a, unsigned b, mn_label label);
bool mn_code_is_temp(const struct mn_code *code, mn_slot slot);
#endif
