/* SPDX-License-Identifier: MIT */
/*
 * Contexts (include/mend/context.h) from inside: values are dynamic (dynamic.h), and a patch names its context by
 * number, because a program holds no address.
 */
#ifndef MN_LANG_BUILTIN_CONTEXT_H
#define MN_LANG_BUILTIN_CONTEXT_H

#include <mend/context.h>
#include <objc/objc.h>
#include <stdbool.h>
#include <stdint.h>

struct mn_program;

/* What patches call. An unknown name reads as nil; setting makes it. */
id mn_context_get(int64_t context, const char *name);
void mn_context_set(int64_t context, const char *name, id value);

int64_t mn_context_number(const struct mend_context *context);
bool mn_context_has(const struct mend_context *context, const char *name);

/*
 * A patch's own variable at `place` stands for the name from now on; strong: it holds a reference. The context keeps
 * the program in use. Without memory the name stays what it was.
 */
void mn_context_export(struct mend_context *context, const char *name, const char *encoding, void *place, bool strong,
                       struct mn_program *program);
#endif
