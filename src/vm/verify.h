/* SPDX-License-Identifier: MIT */
/*
 * Checking a program before it may run.
 *
 * What holds afterwards: every index lies inside its table; every jump lands on an instruction of the same
 * function and no path runs off its end; slots lie inside the frame and are of the kind their instruction
 * asks for, so only what was an object is retained, released or sent a message, and the slots that a frame
 * releases are written by the ownership instructions alone; call sites fit their callees. What a program does
 * by its own addresses (LEA, loads and stores), and whether its RETAIN, TAKE, GIVE and DROP balance, is its
 * own affair, as in C: a damaged program that uses them can still do harm, one that does not cannot.
 */
#ifndef MN_VM_VERIFY_H
#define MN_VM_VERIFY_H

#include "base/error.h"
#include "vm/program.h"

/* The tables' own indices: what loading needs before anything else. */
mend_status mn_verify_tables(const struct mn_program *program, mend_error *err);

/* The functions of a program whose types are resolved. MEND_BAD_PROGRAM names the function, the instruction
 * and what is wrong with it. Runs no host code. */
mend_status mn_verify(const struct mn_program *program, mend_error *err);
#endif
