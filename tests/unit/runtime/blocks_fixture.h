/* SPDX-License-Identifier: MIT */
/* Blocks made by clang for tests compiled by anything: each function makes one and hands it to `use`. */
#ifndef MN_TESTS_RUNTIME_BLOCKS_FIXTURE_H
#define MN_TESTS_RUNTIME_BLOCKS_FIXTURE_H

#include <objc/objc.h>

typedef void (*blocks_use)(id block);

struct blocks_rect {
    double x, y, w, h;
};

/* int (^)(int): adds what it captured. */
void blocks_with_adder(int captured, blocks_use use);

/* int (^)(int): adds to a __block variable; what the function sees in it afterwards. */
int blocks_with_counter(blocks_use use);

/* int (^)(int): calls a stack block it captured. */
void blocks_with_nested(int captured, blocks_use use);

/* id (^)(void): gives the object it captured. */
void blocks_with_object(id object, blocks_use use);

/* struct blocks_rect (^)(double). */
void blocks_with_rect(blocks_use use);

/* int (^)(int): captures nothing, twice its argument. */
id blocks_global(void);

int blocks_call(id adder, int n);
id blocks_call_object(id block);
struct blocks_rect blocks_call_rect(id block, double d);

/* What `Block_copy` and `Block_release` are in this program. */
id blocks_library_copy(id block);
void blocks_library_release(id block);

#endif
