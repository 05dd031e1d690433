/* SPDX-License-Identifier: MIT */
/* What a patch is read from: text with a name, or the bytes of a compiled unit. */
#ifndef MEND_SOURCE_H
#define MEND_SOURCE_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

struct mend_context;

/*
 * What happens to an Objective-C exception that leaves a method of the patch: policy.def lists the choices.
 * DEFAULT is what the source says by `#pragma mend policy(zero after 3)`, else what its language does:
 * Objective-C and Mango let it pass.
 */
enum mend_policy {
    MEND_POLICY_DEFAULT,
#define X(name, word, text) MEND_POLICY_##name,
#include <mend/policy.def>
#undef X
};

/*
 * What becomes of names, selectors and values that are not there: profile.def lists the choices. DEFAULT is what
 * the source says by `#pragma mend profile(ocrunner)`, else MEND.
 */
enum mend_profile {
    MEND_PROFILE_DEFAULT,
#define X(name, word, text) MEND_PROFILE_##name,
#include <mend/profile.def>
#undef X
};

/* Source text of a patch. Everything is copied. */
typedef struct mend_source {
    const char *name;  /* what diagnostics call the file; its ending (.m, .mg) selects the dialect */
    const char *id;    /* identifies the patch; NULL: the name without folder and ending */
    const char *text;  /* UTF-8, or a compiled unit; need not end with NUL */
    size_t length;
    enum mend_policy policy;
    unsigned policy_after; /* the policy holds from this failure of the patch on; before, exceptions pass */

    /* Headers read before the text, as `cc -E -dD` writes them; NULL: none. What cannot be understood of them is left
     * out without a word. */
    const char *headers;
    size_t headers_length;

    /* Folders in which #import "x.h" is looked for, NULL behind the last; NULL: it reads nothing. */
    const char *const *include_roots;

    /* Not 0: top-level code runs on the main thread, which has to begin it within so many milliseconds. 0: on the
     * thread that applies the patch. */
    unsigned main_ms;

    struct mend_context *context; /* whose names the patch sees and adds to (context.h); NULL: none */

    enum mend_profile profile; /* of Objective-C and Mango text; a compiled unit has had its own */
} mend_source;

#ifdef __cplusplus
}
#endif
#endif
