/* SPDX-License-Identifier: MIT */
/* What the verifier's two files share: the place they are at, and how a fault is reported. */
#ifndef MN_VM_CHECKING_H
#define MN_VM_CHECKING_H

#include "vm/operand.h"
#include "vm/tables.h"

struct mn_checking {
    const struct mn_program *program;
    const struct mn_function *function; /* NULL: the tables */
    const struct mn_insn *insn;         /* NULL: the function's tables */
    mend_error *err;
};

/* MEND_BAD_PROGRAM with the place in front. */
mend_status mn_bad(struct mn_checking *checking, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Whether a run of slots lies in the frame and is of one kind. */
bool mn_is_kind(const struct mn_function *function, unsigned slot, unsigned count, enum mn_slot_kind kind);

/* Slots an argument of that type takes: one for an empty struct too. */
unsigned mn_whole_slots(const struct mn_type *type);

/* That every TRY has its ENDTRY on every way, and no way leaves the function between. */
mend_status mn_check_regions(struct mn_checking *checking);

/* All instructions of checking->function. */
mend_status mn_check_code(struct mn_checking *checking);
#endif
