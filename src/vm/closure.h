/* SPDX-License-Identifier: MIT */
/*
 * Functions of a program as values: blocks that have captured something, and addresses for C code.
 *
 * A block holds its program, so it may be kept and called after the patch was reverted; it holds itself while
 * it runs. An address for C lasts as long as the program.
 */
#ifndef MN_VM_CLOSURE_H
#define MN_VM_CLOSURE_H

#include "vm/activation.h"
#include "vm/send.h"

/* A new block, owned by the caller; what the site's arguments name is captured, objects retained. */
id mn_closure_new(const struct mn_activation *activation, unsigned function, unsigned site);

/* What such a block has captured, in whole slots; raises for other objects. */
uint64_t *mn_closure_captured(const struct mn_activation *activation, id block);

/* Calls any block; `out` is the first slot of the result. */
void mn_closure_call(const struct mn_activation *activation, unsigned site, id block, uint64_t *out);

/* A reference to an object: blocks on the stack are copied. */
id mn_closure_keep(const struct mn_activation *activation, id object);

/* Where C code calls a function. */
void *mn_closure_address(const struct mn_activation *activation, unsigned function);
void mn_closure_address_free(struct mn_function *function);
#endif
