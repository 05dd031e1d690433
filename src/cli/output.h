/* SPDX-License-Identifier: MIT */
/*
 * What the command line says: data on stdout, once, at the end; messages on stderr, as they come.
 *
 * A verb fills a struct mn_output and ends with mn_output_end, which prints and gives the exit code. With
 * --json the data is one object {"v":1,"t":VERB,…,"ok":…}, whatever happened; without, it is lines.
 */
#ifndef MN_CLI_OUTPUT_H
#define MN_CLI_OUTPUT_H

#include "base/buffer.h"
#include "base/json_writer.h"
#include "cli/options.h"

#include <mend/error.h>
#include <stdbool.h>

struct mn_output {
    const struct mn_options *options;
    struct mn_buffer text;      /* what goes to stdout */
    struct mn_json_writer json; /* into text; open at the level of the object, with --json only */
};

/* An output whose "rows" array is not begun. */
void mn_output_begin(struct mn_output *out, const struct mn_options *options);

/* Prints and frees; the exit code: that of `status`, or MEND_IO's when stdout took not all. */
int mn_output_end(struct mn_output *out, mend_status status);

/* An error on stderr and, where no row is open, as "error" in the object. Returns its status. */
mend_status mn_output_error(struct mn_output *out, const mend_error *err);

/* "error":{…} in the object or row that is open. */
void mn_output_json_error(struct mn_output *out, const mend_error *err);

/* Begins, fails and ends: for what goes wrong before a verb has anything to say. */
int mn_output_refuse(const struct mn_options *options, const mend_error *err);

/* A line on stderr, unless --quiet. No newline in `format`. */
void mn_say(const struct mn_options *options, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Text on stderr as it is. */
void mn_say_text(const char *text);

/* Writes the whole text to stdout and frees it; 0, or the exit code of MEND_IO. */
int mn_print(struct mn_buffer *text);

/* Makes `bytes` the content of a file, all of it or nothing: a file beside it takes its place at the end. MEND_IO. */
mend_status mn_output_file(const char *path, const struct mn_buffer *bytes, mend_error *err);

/* The signal that asked us to stop (SIGINT, SIGTERM), or 0. Blocking calls return EINTR when it comes. Any
 * thread. */
int mn_interrupted(void);
void mn_watch_interrupts(void);

/* Readable as soon as, and as long as, mn_interrupted() is not 0: for poll(). -1 where there is none. */
int mn_interrupt_fd(void);

/* Fails as MEND_INTERRUPTED. */
mend_status mn_fail_interrupted(mend_error *err);

#endif
