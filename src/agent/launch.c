/* SPDX-License-Identifier: MIT */
/* The patches a program starts with. */
#include "agent/launch.h"

#include "agent/dispatch.h"
#include "agent/protocol.h"
#include "base/clock.h"
#include "base/error.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

static void
say(const char *text, size_t length)
{
    while (length > 0) {
        ssize_t n = write(STDERR_FILENO, text, length);

        if (n < 0 && errno != EINTR)
            return; /* nobody is left to tell */
        if (n > 0) {
            text += n;
            length -= (size_t)n;
        }
    }
}

static void
tell(const struct mn_outcome *outcome, const mend_source *source, const struct mn_json *record)
{
    struct mn_buffer text = MN_BUFFER_EMPTY;

    mn_outcome_text(outcome, &text, mn_json_get_bool(record, "color", false));
    if (outcome->status != MEND_OK)
        mn_buffer_printf(&text, "mend: %s was not applied; the program was not started\n", source->name);
    else if (mn_json_get_bool(record, "verbose", false))
        mn_buffer_printf(&text, "mend: %s applied: %u method%s in %.1f ms\n", source->name,
                         outcome->report.methods, outcome->report.methods == 1 ? "" : "s",
                         (double)outcome->total_ns / 1e6);
    if (!text.failed)
        say(mn_buffer_peek(&text), text.length);
    mn_buffer_fini(&text);
}

static void
report(const struct mn_outcome *outcome, const struct mn_json *record, int fd, int made)
{
    struct mn_buffer reply = MN_BUFFER_EMPTY;

    mn_dispatch_outcome(outcome, mn_json_get_bool(record, "color", false), &reply);
    if (!reply.failed)
        mn_packet_send(fd, reply.data, reply.length, made, 0);
    mn_buffer_fini(&reply);
}

/* A compiled patch in hexadecimal, appended to `bytes`; what is no digit ends it. */
static void
read_hex(const char *text, size_t length, struct mn_buffer *bytes)
{
    static const char digits[] = "0123456789abcdef";

    for (size_t i = 0; i + 1 < length; i += 2) {
        const char *high = strchr(digits, text[i]), *low = strchr(digits, text[i + 1]);

        if (text[i] == '\0' || text[i + 1] == '\0' || high == NULL || low == NULL)
            return;
        mn_buffer_char(bytes, (char)((high - digits) << 4 | (low - digits)));
    }
}

static mend_compiled
form_named(const char *want)
{
    static const char *const words[] = {[MEND_COMPILED_UNIT] = "unit",
#define X(name, word, ending, text) [MEND_CONVERTED_##name] = word,
#include <mend/target.def>
#undef X
    };

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (words[i] != NULL && strcmp(words[i], want) == 0)
            return (mend_compiled)i;
    return MEND_COMPILED_LISTING;
}

/* Compiles the patch; the answer has what came of it beside it. */
static mend_status
compile(const struct mn_backend *backend, const mend_source *source, const struct mn_json *record, int report_fd)
{
    mend_compiled form = form_named(mn_json_get_text(record, "want", ""));
    struct mn_buffer made = MN_BUFFER_EMPTY;
    struct mn_outcome outcome;
    mend_status st;
    int fd = -1;

    mn_outcome_compile(&outcome, backend, source, form, &made, mn_clock_ns());
    if (outcome.status == MEND_OK)
        outcome.status = mn_sealed_new("mend-unit", mn_buffer_peek(&made), made.length, &fd, &outcome.error);
    report(&outcome, record, report_fd, fd);
    st = outcome.status;
    if (fd >= 0)
        close(fd);
    mn_outcome_fini(&outcome);
    mn_buffer_fini(&made);
    return st;
}

static mend_status
do_patch(const struct mn_backend *backend, const struct mn_json *patch, const struct mn_json *record,
         int report_fd, struct mn_buffer *bytes)
{
    const struct mn_json *text = mn_json_member(patch, "source"), *unit = mn_json_member(patch, "unit"),
                         *headers = mn_json_member(patch, "headers");
    mend_source source = {.name = mn_json_get_text(patch, "name", "patch.m"),
                          .id = mn_json_get_text(patch, "id", NULL),
                          .text = mn_json_text(text, ""),
                          .length = mn_json_count(text),
                          .headers = mn_json_text(headers, NULL),
                          .headers_length = mn_json_count(headers)};
    struct mn_outcome outcome;
    mend_status st;

    if (unit != NULL) {
        read_hex(mn_json_text(unit, ""), mn_json_count(unit), bytes);
        source.text = mn_buffer_peek(bytes);
        source.length = bytes->length;
    }
    if (report_fd >= 0 && mn_json_member(record, "want") != NULL)
        return compile(backend, &source, record, report_fd);
    mn_outcome_init(&outcome, backend, &source, report_fd >= 0, mn_clock_ns());
    if (report_fd >= 0)
        report(&outcome, record, report_fd, -1);
    else
        tell(&outcome, &source, record);
    st = outcome.status;
    mn_outcome_fini(&outcome);
    return st;
}

static mend_status
read_record(int fd, struct mn_json **record, mend_error *err)
{
    const struct mn_json_limits limits = {.size = MN_LAUNCH_SIZE, .depth = 8};
    struct mn_buffer bytes = MN_BUFFER_EMPTY;
    mend_status st;

    *record = NULL;
    if ((st = mn_sealed_read(fd, MN_LAUNCH_SIZE, &bytes, err)) == MEND_OK)
        st = mn_json_parse(NULL, mn_buffer_peek(&bytes), bytes.length, &limits, record, err);
    mn_buffer_fini(&bytes);
    return st;
}

int
mn_launch(const struct mn_backend *backend, int launch_fd, int report_fd)
{
    const struct mn_json *patches;
    struct mn_json *record;
    mend_status st;
    mend_error err;

    if ((st = read_record(launch_fd, &record, &err)) != MEND_OK) {
        struct mn_buffer text = MN_BUFFER_EMPTY;

        mn_error_text(&text, &err);
        say(mn_buffer_peek(&text), text.length);
        mn_buffer_fini(&text);
        return mend_status_exit_code(st);
    }
    patches = mn_json_member(record, "patches");
    for (size_t i = 0; i < mn_json_count(patches) && st == MEND_OK; i++) {
        struct mn_buffer bytes = MN_BUFFER_EMPTY; /* of a unit */

        st = do_patch(backend, mn_json_item(patches, i), record, report_fd, &bytes);
        mn_buffer_fini(&bytes);
    }
    mn_json_free(record);
    return st == MEND_OK && report_fd < 0 ? -1 : mend_status_exit_code(st);
}
