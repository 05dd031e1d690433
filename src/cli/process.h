/* SPDX-License-Identifier: MIT */
/* What the kernel says of a process (proc(5)), for those that do not or may not answer for themselves. */
#ifndef MN_CLI_PROCESS_H
#define MN_CLI_PROCESS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* The user it runs as; false when there is no such process. */
bool mn_process_user(pid_t pid, uid_t *uid);

/* False when it is gone, or a zombie. */
bool mn_process_lives(pid_t pid);

/* The first 15 bytes of its name, or "". */
void mn_process_name(pid_t pid, char *name, size_t size);

/*
 * Whether `mend run` started it, or is about to become it: it is this very program, or was given the
 * preloaded library. Its environment tells that before the linker has loaded anything.
 */
bool mn_process_carries_agent(pid_t pid);

#endif
