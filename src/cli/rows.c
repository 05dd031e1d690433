/* SPDX-License-Identifier: MIT */
/* Asking, one process after the other, and telling. */
#include "cli/rows.h"

#include "agent/protocol.h"
#include "base/error.h"
#include "cli/process.h"
#include "cli/verb.h"

#include <string.h>
#include <time.h>
#include <unistd.h>

enum { DEATH_MS = 200 };

size_t
mn_rows_findings(const struct mn_json *answer)
{
    const struct mn_json *all = mn_json_member(answer, "diagnostics");
    long long left_out = mn_json_get_int(answer, "left_out", 0);

    for (size_t i = 0; i < mn_json_count(all); i++)
        mn_say_text(mn_json_get_text(mn_json_item(all, i), "text", ""));
    if (left_out > 0)
        mn_say_text("mend: there are more findings than are shown\n");
    return mn_json_count(all);
}

void
mn_rows_patch_detail(const struct mn_json *result, struct mn_buffer *text)
{
    long long methods = mn_json_get_int(result, "methods", 0),
              classes = mn_json_get_int(result, "classes", 0);

    mn_buffer_printf(text, "%lld method%s", methods, methods == 1 ? "" : "s");
    if (classes != 0)
        mn_buffer_printf(text, ", %lld new class%s", classes, classes == 1 ? "" : "es");
    mn_buffer_printf(text, ", %.1f ms", (double)mn_json_get_int(result, "total_ns", 0) / 1e6);
    if (mn_json_get_bool(result, "replaced", false))
        mn_buffer_text(text, ", in place of the earlier version");
}

/* The socket of a dying process closes before the process is seen to be dead. */
static mend_status
why_it_hung_up(pid_t pid, mend_error *err)
{
    for (int i = 0; i < DEATH_MS / 5; i++) {
        if (!mn_process_lives(pid))
            return mn_fail(err, MEND_TARGET_DIED, "process %d died during the operation", (int)pid);
        nanosleep(&(struct timespec){.tv_nsec = 5000000}, NULL);
    }
    return mn_fail(err, MEND_NO_AGENT, "the agent of process %d hung up; see `mend status`", (int)pid);
}

static void
begin_row(struct mn_output *out, const struct mn_target *t, const char *state)
{
    if (out->options->json) {
        mn_json_object(&out->json, NULL);
        mn_json_put_int(&out->json, "pid", t->pid);
        mn_json_put_text(&out->json, "name", t->client.name);
        mn_json_put_text(&out->json, "state", state);
    } else {
        mn_buffer_printf(&out->text, "%-16s %7d  %-8s", t->client.name, (int)t->pid, state);
    }
}

static void
tell_result(struct mn_output *out, const struct mn_target *t, const struct mn_row_words *words,
            const struct mn_json *result)
{
    const struct mn_json *member;
    void *cursor = NULL;
    const char *name;

    mn_rows_findings(result);
    begin_row(out, t, words->done);
    if (!out->options->json) {
        mn_buffer_text(&out->text, "  ");
        words->detail(result, &out->text);
        mn_buffer_char(&out->text, '\n');
        return;
    }
    while (mn_json_next(result, &cursor, &name, &member))
        mn_json_put_copy(&out->json, name, member);
    mn_json_end(&out->json);
}

/* `error` is what the agent said, or NULL when it could not be asked. */
static void
tell_error(struct mn_output *out, const struct mn_target *t, const struct mn_json *error,
           const mend_error *err)
{
    size_t findings = mn_rows_findings(mn_json_member(error, "data"));

    if (findings == 0)
        mn_output_error(out, err);
    else
        mn_say(out->options, "refused by %s %d: nothing changed", t->client.name, (int)t->pid);
    begin_row(out, t, error != NULL ? "refused" : "failed");
    if (!out->options->json) {
        mn_buffer_printf(&out->text, "  %s\n", mend_status_text(err->status));
        return;
    }
    if (error != NULL)
        mn_json_put_copy(&out->json, "error", error);
    else
        mn_output_json_error(out, err);
    mn_json_end(&out->json);
}

static mend_status
ask_one(struct mn_output *out, struct mn_target *t, const struct mn_ask *ask,
        const struct mn_row_words *words)
{
    const struct mn_json *result = NULL, *error = NULL;
    mend_error err = t->error;
    mend_status st = t->status;

    if (st == MEND_OK) {
        t->client.deadline_ns = mn_now_ns() + out->options->timeout_ms * (uint64_t)1000000;
        st = mn_client_call(&t->client, &ask->text, ask->fd, &result, &error, &err);
        if (st == MEND_TARGET_DIED && error == NULL)
            st = why_it_hung_up(t->pid, &err);
        if (st == MEND_INTERRUPTED)
            mn_remedy(&err, "the request was on its way: see `mend status --pid %d`", (int)t->pid);
    }
    if (st == MEND_OK)
        tell_result(out, t, words, result);
    else
        tell_error(out, t, error, &err);
    return st;
}

mend_status
mn_rows_ask(struct mn_output *out, struct mn_list *targets, const struct mn_ask *ask,
            const struct mn_row_words *words)
{
    mend_status all = MEND_OK;

    if (out->options->json)
        mn_json_array(&out->json, "rows");
    for (size_t i = 0; i < targets->count; i++) {
        struct mn_target *t = MN_LIST_AT(struct mn_target, targets, i);
        mend_status st = ask_one(out, t, ask, words);

        all = i == 0 || st == all ? st : MEND_MIXED;
        if (st == MEND_INTERRUPTED) {
            all = st;
            break;
        }
    }
    if (out->options->json)
        mn_json_end(&out->json);
    return all;
}
