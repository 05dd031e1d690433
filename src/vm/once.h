/* SPDX-License-Identifier: MIT */
/* Code that runs once, whichever threads come to it: the initialisers of static variables. */
#ifndef MN_VM_ONCE_H
#define MN_VM_ONCE_H

#include "vm/activation.h"

#include <objc/objc.h>

/* 16 bytes of a program's data, zero at first. Touched with atomic loads and stores. */
struct mn_once {
    uint64_t state;
    uint64_t thread; /* that runs it now */
};

/*
 * Leave to run it, owned by the caller; nil when it has run. Waits while another thread runs it; raises when
 * this one does. Releasing the leave without mn_once_end makes it fresh again.
 */
id mn_once_begin(const struct mn_activation *activation, struct mn_once *once);
void mn_once_end(id leave);
#endif
