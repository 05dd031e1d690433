/* SPDX-License-Identifier: MIT */
/* The patches a program starts with. */
#include "agent/launch.h"

#include "agent/dispatch.h"
#include "agent/protocol.h"
#include "base/clock.h"
#include "base/error.h"

#include <errno.h>
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
report(const struct mn_outcome *outcome, const struct mn_json *record, int fd)
{
    struct mn_buffer reply = MN_BUFFER_EMPTY;

    mn_dispatch_outcome(outcome, mn_json_get_bool(record, "color", false), &reply);
    if (!reply.failed)
        mn_packet_send(fd, reply.data, reply.length, -1, 0);
    mn_buffer_fini(&reply);
}

static mend_status
do_patch(const struct mn_backend *backend, const struct mn_json *patch, const struct mn_json *record,
         int report_fd)
{
    const struct mn_json *text = mn_json_member(patch, "source");
    const mend_source source = {.name = mn_json_get_text(patch, "name", "patch.m"),
                                .id = mn_json_get_text(patch, "id", NULL),
                                .text = mn_json_text(text, ""),
                                .length = mn_json_count(text)};
    struct mn_outcome outcome;
    mend_status st;

    mn_outcome_init(&outcome, backend, &source, report_fd >= 0, mn_clock_ns());
    if (report_fd >= 0)
        report(&outcome, record, report_fd);
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
    for (size_t i = 0; i < mn_json_count(patches) && st == MEND_OK; i++)
        st = do_patch(backend, mn_json_item(patches, i), record, report_fd);
    mn_json_free(record);
    return st == MEND_OK && report_fd < 0 ? -1 : mend_status_exit_code(st);
}
