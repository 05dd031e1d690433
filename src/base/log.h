/* SPDX-License-Identifier: MIT */
/*
 * What Mend says on its own account inside a host: one line on stderr, prefixed "mend: ", control bytes
 * escaped.
 *
 * The environment variable MEND_LOG (error, warning, info, debug; default warning) sets how much. Any thread.
 */
#ifndef MN_BASE_LOG_H
#define MN_BASE_LOG_H

enum mn_log_level { MN_LOG_ERROR, MN_LOG_WARNING, MN_LOG_INFO, MN_LOG_DEBUG };

void mn_log(enum mn_log_level level, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Sends lines elsewhere (the agent's ring, a test); NULL restores stderr. Not synchronised with calls in
 * flight. */
void mn_log_to(void (*sink)(void *data, enum mn_log_level level, const char *line), void *data);
#endif
