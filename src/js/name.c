/* SPDX-License-Identifier: MIT */
#include "js/name.h"

#include "js/host.h"

size_t
mn_js_colons(const char *selector)
{
    size_t count = 0;

    for (; *selector != '\0'; selector++)
        count += *selector == ':';
    return count;
}

char *
mn_js_selector_name(const char *name, size_t length, size_t arguments)
{
    char *out = mn_malloc(length + 2);
    size_t n = 0, colons = 0;

    if (out == NULL)
        return NULL;
    for (size_t i = 0; i < length; i++) {
        if (name[i] != '_') {
            out[n++] = name[i];
        } else if (i + 1 < length && name[i + 1] == '_') {
            out[n++] = '_';
            i++;
        } else {
            out[n++] = ':';
            colons++;
        }
    }
    if (arguments > colons)
        out[n++] = ':';
    out[n] = '\0';
    return out;
}
