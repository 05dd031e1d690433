/* SPDX-License-Identifier: MIT */
/* Printing whole or saying that it failed, and noticing Ctrl-C. */
#include "cli/output.h"

#include "agent/protocol.h"
#include "base/error.h"
#include "cli/verb.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static volatile sig_atomic_t interrupted;
static int bell[2] = {-1, -1}; /* a pipe: a signal between looking and poll() must end the poll() */

static bool
write_all(int fd, const char *text, size_t length)
{
    while (length > 0) {
        ssize_t n = write(fd, text, length);

        if (n < 0 && errno != EINTR)
            return false;
        if (n > 0) {
            text += n;
            length -= (size_t)n;
        }
    }
    return true;
}

/* A reader that left (`| head`) is told nothing; a full disk is worth a word. */
int
mn_print(struct mn_buffer *text)
{
    int code = 0;

    if (text->failed || !write_all(STDOUT_FILENO, mn_buffer_peek(text), text->length)) {
        code = mend_status_exit_code(MEND_IO);
        if (text->failed)
            mn_say_text("mend: memory has run out\n");
        else if (errno != EPIPE) {
            mn_say_text("mend: cannot write to stdout: ");
            mn_say_text(strerror(errno));
            mn_say_text("\n");
        }
    }
    mn_buffer_fini(text);
    return code;
}

void
mn_say_text(const char *text)
{
    if (!write_all(STDERR_FILENO, text, strlen(text)))
        return; /* nobody is left to tell */
}

void
mn_say(const struct mn_options *options, const char *format, ...)
{
    struct mn_buffer text = MN_BUFFER_EMPTY;
    va_list args;

    if (options->quiet)
        return;
    va_start(args, format);
    mn_buffer_text(&text, "mend: ");
    mn_buffer_vprintf(&text, format, args);
    mn_buffer_char(&text, '\n');
    va_end(args);
    mn_say_text(mn_buffer_peek(&text));
    mn_buffer_fini(&text);
}

void
mn_output_begin(struct mn_output *out, const struct mn_options *options)
{
    memset(out, 0, sizeof *out);
    out->options = options;
    if (!options->json)
        return;
    out->json = MN_JSON_INTO(&out->text);
    mn_json_object(&out->json, NULL);
    mn_json_put_int(&out->json, "v", 1);
    mn_json_put_text(&out->json, "t", options->verb->name);
}

/* Names come from processes and files of others: what a terminal would obey is not passed on. */
static void
make_harmless(struct mn_buffer *text)
{
    for (size_t i = 0; i < text->length; i++)
        if (((unsigned char)text->data[i] < 0x20 && text->data[i] != '\n') || text->data[i] == 0x7F)
            text->data[i] = '?';
}

int
mn_output_end(struct mn_output *out, mend_status status)
{
    int signal = mn_interrupted();
    int code = status == MEND_INTERRUPTED && signal != 0 ? 128 + signal : mend_status_exit_code(status),
        printed;

    if (out->options->json) {
        mn_json_put_bool(&out->json, "ok", status == MEND_OK);
        mn_json_put_int(&out->json, "exit", code);
        mn_json_end(&out->json);
        mn_buffer_char(&out->text, '\n');
    } else {
        make_harmless(&out->text);
    }
    printed = mn_print(&out->text);
    return code != 0 ? code : printed;
}

void
mn_output_json_error(struct mn_output *out, const mend_error *err)
{
    mn_json_object(&out->json, "error");
    mn_error_begin(&out->json, err->status, err);
    mn_json_end(&out->json);
    mn_json_end(&out->json);
}

mend_status
mn_output_error(struct mn_output *out, const mend_error *err)
{
    struct mn_buffer text = MN_BUFFER_EMPTY;

    mn_error_text(&text, err);
    mn_say_text(mn_buffer_peek(&text));
    mn_buffer_fini(&text);
    if (out->options->json && out->json.depth == 1)
        mn_output_json_error(out, err);
    return err->status;
}

int
mn_output_refuse(const struct mn_options *options, const mend_error *err)
{
    struct mn_output out;

    mn_output_begin(&out, options);
    return mn_output_end(&out, mn_output_error(&out, err));
}

static void
note_interrupt(int number)
{
    int saved = errno;

    interrupted = number;
    (void)!write(bell[1], "", 1);
    errno = saved;
}

void
mn_watch_interrupts(void)
{
    struct sigaction action = {.sa_handler = note_interrupt}; /* no SA_RESTART: waiting must end */

    if (pipe2(bell, O_CLOEXEC | O_NONBLOCK) != 0)
        bell[0] = bell[1] = -1;
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    signal(SIGPIPE, SIG_IGN);
}

int
mn_interrupted(void)
{
    return interrupted;
}

int
mn_interrupt_fd(void)
{
    return bell[0];
}

mend_status
mn_fail_interrupted(mend_error *err)
{
    return mn_fail(err, MEND_INTERRUPTED, "interrupted");
}

mend_status
mn_output_file(const char *path, const struct mn_buffer *bytes, mend_error *err)
{
    struct mn_buffer fresh = MN_BUFFER_EMPTY;
    mend_status st = MEND_OK;
    FILE *out;

    mn_buffer_printf(&fresh, "%s.new", path);
    out = fresh.failed ? NULL : fopen(mn_buffer_peek(&fresh), "we");
    if (out == NULL || fwrite(bytes->data, 1, bytes->length, out) != bytes->length)
        st = mn_fail(err, MEND_IO, "cannot write %s: %s", path, strerror(errno));
    if (out != NULL && fclose(out) != 0 && st == MEND_OK)
        st = mn_fail(err, MEND_IO, "cannot write %s: %s", path, strerror(errno));
    if (st == MEND_OK && rename(mn_buffer_peek(&fresh), path) != 0)
        st = mn_fail(err, MEND_IO, "cannot write %s: %s", path, strerror(errno));
    if (st != MEND_OK && out != NULL)
        remove(mn_buffer_peek(&fresh));
    mn_buffer_fini(&fresh);
    return st;
}
