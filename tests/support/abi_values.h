/* SPDX-License-Identifier: MIT */
/* Random numbers with a printed seed, random values of a type, and comparing values without their padding. */
#ifndef MN_TESTS_ABI_VALUES_H
#define MN_TESTS_ABI_VALUES_H

#include "abi/type.h"

/* The seed: MEND_SEED in the environment, or the time. Printed, so that a failure can be repeated. */
uint64_t abi_seed(void);

/* How many rounds: `usual`, times MEND_SCALE, less under sanitizers. */
size_t abi_rounds(size_t usual);

uint32_t abi_random(uint64_t *state);

/* One of 0 to n - 1. */
unsigned abi_pick(uint64_t *state, unsigned n);

/* Marks the bytes of a value that mean something: all but padding, and the last six of an x87 long double. */
void abi_mask(const struct mn_type *type, unsigned char *mask);

/* Fills a value: small numbers, any bytes, valid long doubles, truth values 0 or 1. Padding gets 0xa5. */
void abi_fill(uint64_t *state, const struct mn_type *type, void *value);

/* Whether two values agree in all bytes that mean something. */
bool abi_same(const struct mn_type *type, const void *a, const void *b);
/*
 * libffi 3.4.4 damages, on x86-64, a struct whose first eightbyte takes the last general register and whose second goes
 * to a vector register: a struct of 16 bytes at most with members of both kinds. Where Mend's own calls go by way of
 * libffi, such a call is not made.
 */
bool abi_is_mixed(const struct mn_type *type);

#endif
