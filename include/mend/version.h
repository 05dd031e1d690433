/* SPDX-License-Identifier: MIT */
/* The version of Mend: as macros for the compiler, as a function for the library actually loaded. */
#ifndef MEND_VERSION_H
#define MEND_VERSION_H

#define MEND_VERSION_MAJOR 0
#define MEND_VERSION_MINOR 1
#define MEND_VERSION_PATCH 0
#define MEND_VERSION_STRING "0.1.0"

#if defined(__GNUC__)
#define MEND_API __attribute__((visibility("default")))
#else
#define MEND_API
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* "MAJOR.MINOR.PATCH" of the loaded library; static storage. Any thread. */
MEND_API const char *mend_version(void);

#ifdef __cplusplus
}
#endif
#endif
