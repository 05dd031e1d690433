/* SPDX-License-Identifier: MIT */
/* Telling what came of asking. */
#include "cli/rows.h"

#include "base/error.h"
#include "cli/verb.h"

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
tell_result(struct mn_output *out, const struct mn_target *t, const struct mn_row_words *words)
{
    const struct mn_json *member;
    void *cursor = NULL;
    const char *name;

    mn_rows_findings(t->result);
    begin_row(out, t, words->done);
    if (!out->options->json) {
        mn_buffer_text(&out->text, "  ");
        words->detail(t->result, &out->text);
        mn_buffer_char(&out->text, '\n');
        return;
    }
    while (mn_json_next(t->result, &cursor, &name, &member))
        mn_json_put_copy(&out->json, name, member);
    mn_json_end(&out->json);
}

/* The agent refused, or could not be asked. */
static void
tell_error(struct mn_output *out, const struct mn_target *t)
{
    size_t findings = mn_rows_findings(mn_json_member(t->refusal, "data"));

    if (findings == 0)
        mn_output_error(out, &t->error);
    else
        mn_say(out->options, "refused by %s %d: nothing changed", t->client.name, (int)t->pid);
    begin_row(out, t, t->refusal != NULL ? "refused" : "failed");
    if (!out->options->json) {
        mn_buffer_printf(&out->text, "  %s\n", mend_status_text(t->status));
        return;
    }
    if (t->refusal != NULL)
        mn_json_put_copy(&out->json, "error", t->refusal);
    else
        mn_output_json_error(out, &t->error);
    mn_json_end(&out->json);
}

mend_status
mn_rows_ask(struct mn_output *out, struct mn_list *targets, const struct mn_ask *ask,
            const struct mn_row_words *words)
{
    mend_status all = mn_targets_ask(targets, ask, out->options->timeout_ms);

    if (out->options->json)
        mn_json_array(&out->json, "rows");
    for (size_t i = 0; i < targets->count; i++) {
        const struct mn_target *t = MN_LIST_AT(struct mn_target, targets, i);

        if (t->status == MEND_OK)
            tell_result(out, t, words);
        else
            tell_error(out, t);
    }
    if (out->options->json)
        mn_json_end(&out->json);
    return all;
}
