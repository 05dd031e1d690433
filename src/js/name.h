/* SPDX-License-Identifier: MIT */
/*
 * Names of methods as scripts write them, and selectors.
 *
 * `_` stands for a colon and `__` for an underscore, the leftmost pair first; a call with more arguments than colons
 * gets one colon more.
 */
#ifndef MN_JS_NAME_H
#define MN_JS_NAME_H

#include <stdbool.h>
#include <stddef.h>

/* The selector's name for a call, or a definition, with `arguments` arguments; mn_free it. NULL: no memory. */
char *mn_js_selector_name(const char *name, size_t length, size_t arguments);

size_t mn_js_colons(const char *selector);
#endif
