/* SPDX-License-Identifier: MIT */
/* Numbers, characters and strings: from their text to their value (spec/mango.md 2.5, 2.6). */
#ifndef MN_LANG_OBJC_LITERAL_H
#define MN_LANG_OBJC_LITERAL_H

#include "lang/objc/token.h"

/* What was read; `error` is a message, NULL when all is well. */
struct mn_read_literal {
    struct mn_literal value;
    const char *error;
};

/* Each reads from `start` (text ends with NUL at `end`) and returns where the literal ends, also after an
 * error. */
const char *mn_read_number(struct mn_arena *arena, const char *start, struct mn_read_literal *read,
                           bool *floating);
const char *mn_read_string(struct mn_arena *arena, const char *start, const char *end,
                           void (*warn)(void *data, const char *at, const char *message), void *data,
                           struct mn_read_literal *read);
const char *mn_read_character(struct mn_arena *arena, const char *start, const char *end,
                              void (*warn)(void *data, const char *at, const char *message), void *data,
                              struct mn_read_literal *read);
#endif
