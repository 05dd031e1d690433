/* SPDX-License-Identifier: MIT */
/*
 * Instance variables that patches add to classes that exist: memory beside each object, made when it is first
 * asked for, gone with the object. The same class, name, size and kind give the same variable to every patch,
 * so a value outlives the patch that stored it and is there again when the patch returns.
 */
#ifndef MN_VM_ADDED_H
#define MN_VM_ADDED_H

#include "vm/activation.h"
#include "vm/tables.h"

/* Address of the variable of an object, zeroed at first; raises for nil, and when there is no memory. */
uint64_t mn_added_place(const struct mn_activation *activation, id object, uint32_t ivar);
#endif
