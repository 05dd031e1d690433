/* SPDX-License-Identifier: MIT */
/* Mend's functions under their own names, by the addresses this module was handed (patch/host.def). */
#include "js/host.h"

#include <string.h>

static struct mn_host host;
struct mn_own_selectors mn_own;

bool
mn_js_host_open(const struct mn_host *given)
{
    if (given->size != sizeof host)
        return false;
    memcpy(&host, given, sizeof host);
    mn_own_init(); /* the host's */
    mn_own = (struct mn_own_selectors){.retain = mn_selector("retain"),
                                       .release = mn_selector("release"),
                                       .autorelease = mn_selector("autorelease")};
    return true;
}

#define F(result, name, parameters, arguments)                                                               \
    result name parameters                                                                                   \
    {                                                                                                        \
        return host.name arguments;                                                                          \
    }
#define V(name, parameters, arguments)                                                                       \
    void name parameters                                                                                     \
    {                                                                                                        \
        host.name arguments;                                                                                 \
        if (sizeof #name == sizeof "mn_throw" && __builtin_strcmp(#name, "mn_throw") == 0)                   \
            __builtin_unreachable();                                                                         \
    }
#include "patch/host.def"
#undef F
#undef V
