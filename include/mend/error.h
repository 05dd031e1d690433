/* SPDX-License-Identifier: MIT */
/*
 * How every fallible call of Mend reports: it returns a mend_status, and fills an optional mend_error.
 *
 * A mend_error is a plain struct of the caller's: nothing in it is allocated, so it needs no release and
 * works when memory has run out. Texts that do not fit are cut at a UTF-8 boundary.
 */
#ifndef MEND_ERROR_H
#define MEND_ERROR_H

#include <mend/version.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum mend_status {
#define X(name, number, exit, text, remedy) MEND_##name = number,
#include <mend/status.def>
#undef X
    MEND_STATUS_WIDTH = 0x7fffffff /* keeps the enum 32 bits wide in C++ too */
} mend_status;

typedef struct mend_error {
    mend_status status;
    unsigned line, column; /* 1-based; 0 when the error is in no file */
    char class_name[96];   /* "" when no class is concerned */
    char selector[160];    /* "" when no selector is concerned */
    char file[192];        /* "" when no file is concerned */
    char message[400];     /* a whole sentence, without the parts above */
    char remedy[240];      /* what to do about it */
} mend_error;

/* The name of a status without prefix ("NO_CLASS"), its general text, its remedy; static storage.
 * An unknown number gives "UNKNOWN". Any thread. */
MEND_API const char *mend_status_name(mend_status status);
MEND_API const char *mend_status_text(mend_status status);
MEND_API const char *mend_status_remedy(mend_status status);

/* The exit code the command line gives for a status (docs/man/mend.1). Any thread. */
MEND_API int mend_status_exit_code(mend_status status);

#ifdef __cplusplus
}
#endif
#endif
