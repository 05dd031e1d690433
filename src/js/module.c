/* SPDX-License-Identifier: MIT */
/* The one function this library exports. */
#include "js/script.h"

#include <stdio.h>

mn_module_entry mend_js_module;

__attribute__((visibility("default"))) const struct mn_module *
mend_js_module(const struct mn_host *host, char *why, size_t size)
{
    static const struct mn_module module = {.size = sizeof module, .engine = &mn_js_engine, .face = &mn_js_face};

    if (mn_js_host_open(host))
        return &module;
    snprintf(why, size, "it was made for another version of Mend");
    return NULL;
}
