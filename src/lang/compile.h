/* SPDX-License-Identifier: MIT */
/*
 * The compiler: from the checked program (typed.h) to bytecode (vm/builder.h), one function at a time.
 *
 * Internal to the compile_*.c files. A scalar variable is a slot, an aggregate a run of slots; reading a
 * variable lends its slot, everything else is computed into a temporary that lives until the end of the
 * statement (or of the branch it stands in).
 *
 * Objects: a slot of kind OWNED keeps a reference, OBJECT keeps none. A result that comes with a reference
 * (alloc, new, copy, init) is put into an OWNED temporary at once, unless whoever wants it takes the
 * reference over (mn_compile_given). So on every way out, exceptions included, the machine releases exactly
 * what the function holds.
 */
#ifndef MN_LANG_COMPILE_H
#define MN_LANG_COMPILE_H

#include "lang/check.h"
#include "lang/typed.h"

/*
 * Something control passes on its way out: a pool to drain, guarded code whose handler ends, a @finally to
 * run. Innermost first.
 */
enum mn_region_kind { MN_IN_POOL, MN_IN_TRY, MN_IN_FINALLY };

struct mn_region {
    struct mn_region *outer;
    enum mn_region_kind kind;
    unsigned depth;  /* of the nest it belongs to: see mn_nest */
    unsigned mark;   /* of the slots taken outside */
    mn_slot pool;    /* IN_POOL */
    bool guarded;    /* IN_POOL: a handler drains it too */
    mn_slot reason;  /* IN_FINALLY: which way out is to be gone on behind it */
    mn_slot result;  /* of a return on its way, when the function has a result */
    mn_label finally;
    struct mn_list ways; /* struct mn_way */
};

enum mn_way_kind { MN_WAY_RETURN, MN_WAY_JUMP, MN_WAY_GOTO };

/* A way out of regions. */
struct mn_way {
    enum mn_way_kind kind;
    struct mn_region *until; /* the innermost region that is not left */
    unsigned mark;           /* JUMP: of the slots that stay */
    mn_label label;          /* JUMP */
    struct mn_goal *goal;    /* GOTO */
    mn_slot result;          /* RETURN, or MN_NO_SLOT: an OWNED slot for objects */
};

/* A loop or switch being compiled, for break and continue. */
struct mn_exits {
    struct mn_exits *outer;
    mn_label on_break, on_continue;
    bool is_loop;
    unsigned mark;            /* of the slots taken outside */
    struct mn_region *region; /* innermost outside */
};

/* A variable to be written back after a call: see MN_X_OUT. */
struct mn_writeback {
    struct mn_x *place;
    const struct mn_ctype *inner;
    mn_slot slot;
};

struct mn_compile {
    struct mn_check *check;
    struct mn_code *code;
    const struct mn_body *body;
    struct mn_exits *exits;
    struct mn_region *region;
    mn_slot caught;          /* OWNED, in a @catch: what `@throw;` throws again */
    mn_slot captured;        /* in a block: address of what it has captured */
    struct mn_list writebacks; /* struct mn_writeback: of the calls being compiled */
    const struct mn_x
        *replaces; /* the send whose result is about to replace its receiver: self = [super init] */
    bool owns;     /* the function has an OWNED slot */
};

/* ---- values (compile_expr.c) ---- */

enum mn_rep mn_rep_for(const struct mn_ctype *type);

/* The static type of an operand or result as the machine wants it told: BOOL is B, whatever the platform
 * encodes. */
const char *mn_compile_encoding(struct mn_compile *cc, const struct mn_ctype *type);

/* A slot for a value of the type, unowned. */
mn_slot mn_compile_slot(struct mn_compile *cc, const struct mn_ctype *type);
mn_slot mn_compile_owned(struct mn_compile *cc);

/* The value in some slot, to be read once; a variable lends its own. */
mn_slot mn_compile_value(struct mn_compile *cc, const struct mn_x *x);

/* The value into `dst`, a slot or run of the right kind that is not OWNED. */
void mn_compile_into(struct mn_compile *cc, const struct mn_x *x, mn_slot dst);

/* For its effect only. */
void mn_compile_effect(struct mn_compile *cc, const struct mn_x *x);

/* Whether evaluating hands over a reference; and the object in an OBJECT slot, with a reference that is the
 * caller's. */
bool mn_gives(const struct mn_x *x);
mn_slot mn_compile_given(struct mn_compile *cc, const struct mn_x *x);

/* An integer constant, which can stand in the instruction. */
bool mn_x_is_immediate(const struct mn_x *x);

/* The left one of two operands: a lent variable is copied if computing `b` may change it. */
mn_slot mn_compile_left(struct mn_compile *cc, const struct mn_x *a, const struct mn_x *b);

/* Jumps to `label` when the value's truth is `want`. Temporaries are let go of on both ways. */
void mn_compile_jump(struct mn_compile *cc, const struct mn_x *x, bool want, mn_label label);

/* Position of what follows. */
void mn_compile_at(struct mn_compile *cc, uint32_t at);

/* ---- questions about expressions (compile_ask.c) ---- */

bool mn_x_calls(const struct mn_x *x); /* runs other code, which may raise */
bool mn_x_mentions(const struct mn_x *x, const struct mn_var *var);
bool mn_x_assigns(const struct mn_x *x, const struct mn_var *var); /* may change the variable */

/* ---- places (compile_place.c) ---- */

enum mn_place_kind { MN_AT_SLOT, MN_AT_FRAME, MN_AT_MEMORY, MN_AT_INDEX };

/* A place ready to be read and written any number of times. */
struct mn_spot {
    enum mn_place_kind kind;
    const struct mn_ctype *type;
    mn_slot base, index; /* SLOT, FRAME: of the variable; MEMORY, INDEX: of the address */
    int64_t offset;
    bool strong, weak;
    struct mn_bits bits; /* of a bit-field: FRAME, MEMORY */
};

void mn_compile_spot(struct mn_compile *cc, const struct mn_x *x, struct mn_spot *spot);
mn_slot mn_spot_value(struct mn_compile *cc, const struct mn_spot *spot);
void mn_spot_load(struct mn_compile *cc, const struct mn_spot *spot, mn_slot dst);
void mn_spot_store(struct mn_compile *cc, const struct mn_spot *spot, mn_slot src);
void mn_spot_address(struct mn_compile *cc, const struct mn_spot *spot, mn_slot dst);

/* Bit-fields (compile_bits.c): out of and into the unit at the spot; a value as it comes back out of one. */
void mn_bits_load(struct mn_compile *cc, const struct mn_spot *spot, mn_slot dst);
void mn_bits_store(struct mn_compile *cc, const struct mn_spot *spot, mn_slot src);
void mn_bits_cut(struct mn_compile *cc, const struct mn_bits *bits, mn_slot dst, mn_slot src);
void mn_compile_assign(struct mn_compile *cc, const struct mn_x *x, mn_slot *value); /* value may be NULL */
void mn_compile_update(struct mn_compile *cc, const struct mn_x *x, mn_slot dst); /* dst may be MN_NO_SLOT */
void mn_compile_aggregate(struct mn_compile *cc, const struct mn_x *x, mn_slot dst);

/* Gives a variable its slots. */
void mn_compile_var(struct mn_compile *cc, struct mn_var *var);

/* ---- calls (compile_call.c) ---- */

void mn_compile_call(struct mn_compile *cc, const struct mn_x *x, mn_slot dst); /* SEND, CALL, CALLC */
void mn_compile_list(struct mn_compile *cc, const struct mn_x *x, mn_slot dst); /* ARRAY, DICTIONARY */

/* ---- blocks and cells (compile_block.c) ---- */

void mn_compile_block(struct mn_compile *cc, const struct mn_x *x, mn_slot dst); /* owned, into an OBJECT slot */
void mn_compile_images(struct mn_compile *cc); /* at the head of a block's body */
void mn_compile_cell(struct mn_compile *cc, struct mn_var *var);

/* An encoding that a cell or added variable can have: arrays stand in a structure. */
const char *mn_compile_storage_text(struct mn_compile *cc, const struct mn_ctype *type);

/* Where a variable that is no plain slot lives. */
void mn_compile_var_spot(struct mn_compile *cc, const struct mn_var *var, struct mn_spot *spot);

/* ---- ways out (compile_leave.c) ---- */

/* Leaves what is to be left and jumps. */
void mn_compile_way(struct mn_compile *cc, struct mn_way *way);
void mn_compile_return(struct mn_compile *cc, const struct mn_s *s);
void mn_compile_goto(struct mn_compile *cc, const struct mn_s *s); /* GOTO, LABEL */
void mn_compile_try(struct mn_compile *cc, const struct mn_s *s);
void mn_compile_throw(struct mn_compile *cc, const struct mn_s *s);
void mn_compile_pool(struct mn_compile *cc, const struct mn_s *s);
void mn_compile_synchronized(struct mn_compile *cc, const struct mn_s *s);
void mn_compile_list_of(struct mn_compile *cc, const struct mn_s *s);

/* Runs an expression and lets go of its temporaries. */
void mn_compile_run(struct mn_compile *cc, const struct mn_x *x);

/* ---- statements and functions ---- */

void mn_compile_stmt(struct mn_compile *cc, const struct mn_s *s);

/* Writes one function. Failures are the builder's. */
void mn_compile_body(struct mn_check *check, const struct mn_body *body);
#endif
