/* SPDX-License-Identifier: MIT */
#include "js/ctype.h"

#include "js/convert.h"

#include <ctype.h>

/* One space between words, none at the ends or before a star. */
static bool
tidy(const char *name, char *out, size_t size)
{
    size_t n = 0;

    for (; *name != '\0'; name++) {
        if (isspace((unsigned char)*name) && (n == 0 || out[n - 1] == ' '))
            continue;
        if (*name == '*' && n > 0 && out[n - 1] == ' ')
            n--;
        if (n + 2 > size)
            return false;
        out[n++] = isspace((unsigned char)*name) ? ' ' : *name;
    }
    while (n > 0 && out[n - 1] == ' ')
        n--;
    out[n] = '\0';
    return n > 0;
}

bool
mn_js_ctype_encoding(const char *name, struct mn_buffer *out)
{
    static const struct {
        const char *name, *encoding;
    } types[] = {
#define X(name, encoding) {name, encoding},
#include "js/ctype.def"
#undef X
    };
    char clean[128];
    const char *encoding;
    size_t length;

    if (!tidy(name, clean, sizeof clean))
        return false;
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (strcmp(types[i].name, clean) == 0) {
            mn_buffer_text(out, types[i].encoding);
            return true;
        }
    length = strlen(clean);
    if (clean[0] == '{' && clean[length - 1] == '}') { /* {Registered} */
        clean[length - 1] = '\0';
        memmove(clean, clean + 1, length - 1);
    }
    if ((encoding = mn_js_structure_encoding(clean)) != NULL) {
        mn_buffer_text(out, encoding);
        return true;
    }
    if (length > 2 && clean[length - 1] == '*' && clean[length - 2] == '*') {
        mn_buffer_text(out, "^@");
        return true;
    }
    if (clean[length - 1] == '*') {
        clean[length - 1] = '\0';
        mn_buffer_text(out, mn_class_named(clean) != Nil || isupper((unsigned char)clean[0]) ? "@" : "^v");
        return true;
    }
    if (strncmp(clean, "id<", 3) == 0 || strncmp(clean, "id <", 4) == 0 || mn_class_named(clean) != Nil) {
        mn_buffer_text(out, "@");
        return true;
    }
    return false;
}
