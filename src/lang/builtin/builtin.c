/* SPDX-License-Identifier: MIT */
/*
 * The table of built-in names, generated from builtin.def. It has a few hundred entries and is asked once a
 * name and source, so it is searched from its start.
 */
#include "lang/builtin/builtin.h"
#include "lang/builtin/geometry.h"
#include "lang/builtin/number.h"
#include "lang/builtin/quartz.h"
#include "queue/dispatch.h"
#include "queue/source.h"
#include <dlfcn.h>
#include <float.h>
#include <limits.h>
#include <math.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

static const struct mn_builtin table[] = {
#define TYPE(n, t)      {.name = #n, .kind = MN_BUILTIN_TYPE, .types = t},
#define STRUCT(n, t, f) {.name = #n, .kind = MN_BUILTIN_STRUCT, .types = t, .fields = f},
#define INTEGER(n, t)   {.name = #n, .kind = MN_BUILTIN_INTEGER, .types = t, .integer = (int64_t)(n)},
#define VALUE(n, t, v)  {.name = #n, .kind = MN_BUILTIN_INTEGER, .types = t, .integer = (v)},
#define FLOATING(n)     {.name = #n, .kind = MN_BUILTIN_FLOATING, .types = "d", .floating = (double)(n)},
#define DATA(n, t)      {.name = #n, .kind = MN_BUILTIN_DATA, .types = t},
#define FUNCTION(n, t)  {.name = #n, .kind = MN_BUILTIN_FUNCTION, .types = t},
#define OWN(n, t)       {.name = #n, .kind = MN_BUILTIN_OWN, .types = t, .code = (void (*)(void))mn_own_##n},
#include "lang/builtin/builtin.def"
#define X(n, t) {.name = #n, .kind = MN_BUILTIN_OWN, .types = t, .code = (void (*)(void))mn_##n},
    MN_DISPATCH_FUNCTIONS
#undef X
};

const struct mn_builtin *
mn_builtin_find(const char *name)
{
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
        if (strcmp(table[i].name, name) == 0)
            return &table[i];
    return NULL;
}

void
mn_builtin_each(void (*visit)(void *data, const char *name), void *data)
{
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
        visit(data, table[i].name);
}

void *
mn_builtin_symbol(const char *name)
{
    return dlsym(RTLD_DEFAULT, name);
}
