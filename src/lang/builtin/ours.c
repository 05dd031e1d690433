/* SPDX-License-Identifier: MIT */
/* A short table, searched from its start. */
#include "lang/builtin/ours.h"
#include "lang/builtin/builtin.h"
#include "lang/builtin/context.h"
#include "lang/builtin/dynamic.h"
#include "lang/builtin/host.h"
#include "lang/builtin/lenient.h"
#include "runtime/runtime.h"

#include <string.h>

struct ours {
    const char *name;
    void (*function)(void);
};

static const struct ours table[] = {
#define X(name) {#name, (void (*)(void))name},
#include "lang/builtin/ours.def"
#undef X
};

const char *
mn_ours_name(void (*function)(void))
{
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if (table[i].function == function)
            return table[i].name;
    return NULL;
}

void *
mn_ours_find(const char *name)
{
    const struct mn_builtin *builtin = mn_builtin_find(name);

    if (builtin && builtin->kind == MN_BUILTIN_OWN)
        return (void *)builtin->code;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if (!strcmp(table[i].name, name))
            return (void *)table[i].function;
    return NULL;
}
