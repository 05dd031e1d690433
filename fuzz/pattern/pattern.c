/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as a pattern: refused with a place inside the text, or accepted, and then asked about every class
 * of the process. Anything it names, it names again.
 */
#include "base/alloc.h"
#include "hook/pattern.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
require(bool truth, const char *what, const char *text)
{
    if (truth)
        return;
    fprintf(stderr, "%s: %s\n", what, text);
    abort();
}

struct asked {
    struct mn_pattern *pattern;
    size_t classes, methods;
};

/* A few classes and methods are enough: what can go wrong does so at the first. */
static bool
ask_method(void *data, const struct mn_method *method)
{
    struct mn_selection *selection = data;

    require(mn_selection_has(selection, method->sel) == mn_selection_has(selection, method->sel),
            "named and not named", mn_pattern_text(selection->pattern));
    return false;
}

static bool
ask_class(void *data, Class cls)
{
    struct asked *asked = data;
    struct mn_selection selection;

    if (mn_pattern_select(asked->pattern, cls, &selection))
        mn_method_each(cls, ask_method, &selection);
    if (mn_pattern_select(asked->pattern, mn_class_meta(cls), &selection))
        mn_method_each(mn_class_meta(cls), ask_method, &selection);
    return ++asked->classes < 20;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t before = mn_alloc_live();
    struct asked asked = {0};
    char *text = malloc(size + 1);
    mend_error err;
    mend_status st;

    memcpy(text, data, size);
    text[size] = '\0';
    st = mn_pattern_read(text, &asked.pattern, &err);
    if (st == MEND_OK) {
        require(strcmp(mn_pattern_text(asked.pattern), text) == 0, "another text", text);
        mn_class_each(ask_class, &asked);
    } else {
        require(asked.pattern == NULL, "a pattern after a failure", text);
        require(st == MEND_SYNTAX || st == MEND_TOO_LARGE, "another failure", text);
        require(st != MEND_SYNTAX || (err.line >= 1 && err.column >= 1 && err.column <= strlen(text) + 1),
                "a place outside", text);
        require(err.message[0] != '\0' && err.remedy[0] != '\0', "a failure without words", text);
    }
    mn_pattern_free(asked.pattern);
    require(mn_alloc_live() == before, "memory is kept", text);
    free(text);
    return 0;
}
