/* SPDX-License-Identifier: MIT */
/* Mend's own functions by the names that compiled units call them by. */
#ifndef MN_LANG_BUILTIN_OURS_H
#define MN_LANG_BUILTIN_OURS_H

/* The name of a function of ours.def; NULL for any other. */
const char *mn_ours_name(void (*function)(void));

/* The function of that name, of ours.def or an OWN one of builtin.def; NULL when there is none. */
void *mn_ours_find(const char *name);
#endif
