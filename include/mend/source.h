/* SPDX-License-Identifier: MIT */
/* What a patch is read from: text with a name. */
#ifndef MEND_SOURCE_H
#define MEND_SOURCE_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Source text of a patch. Everything is copied. */
typedef struct mend_source {
    const char *name;  /* what diagnostics call the file; its ending (.m, .mg) selects the dialect */
    const char *id;    /* identifies the patch; NULL: the name without folder and ending */
    const char *text;  /* UTF-8; need not end with NUL */
    size_t length;
} mend_source;

#ifdef __cplusplus
}
#endif
#endif
