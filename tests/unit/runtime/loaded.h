/* SPDX-License-Identifier: MIT */
/* What the loaded fixture libraries and the tests that load them agree on. */
#ifndef MN_TESTS_RUNTIME_LOADED_H
#define MN_TESTS_RUNTIME_LOADED_H

#include <objc/objc.h>

/* The program exports it; the library calls it from +load (stage 0) and from +initialize (stage 1). */
__attribute__((visibility("default"))) void runtime_test_hook(Class cls, int stage);

#endif
