/* SPDX-License-Identifier: MIT */
/* mend ps */
#include "agent/protocol.h"
#include "base/error.h"
#include "cli/request.h"
#include "cli/target.h"
#include "cli/output.h"
#include "cli/verb.h"

static void
row_json(struct mn_json_writer *w, const struct mn_target *t, const struct mn_json *patches)
{
    mn_json_object(w, NULL);
    mn_json_put_int(w, "pid", t->pid);
    mn_json_put_text(w, "name", t->client.name);
    mn_json_put_text(w, "agent", t->client.agent);
    mn_json_put_int(w, "started", t->client.started);
    mn_json_array(w, "patches");
    for (size_t i = 0; i < mn_json_count(patches); i++)
        mn_json_put_text(w, NULL, mn_json_get_text(mn_json_item(patches, i), "id", ""));
    mn_json_end(w);
    mn_json_end(w);
}

static void
row_text(struct mn_buffer *text, const struct mn_target *t, const struct mn_json *patches)
{
    mn_buffer_printf(text, "%7d  %-16s %-8s ", (int)t->pid, t->client.name, t->client.agent);
    for (size_t i = 0; i < mn_json_count(patches); i++)
        mn_buffer_printf(text, "%s%s", i > 0 ? "," : "",
                         mn_json_get_text(mn_json_item(patches, i), "id", ""));
    mn_buffer_text(text, mn_json_count(patches) == 0 ? "-\n" : "\n");
}

/* It lives and listens, but it is stopped or loads a class. */
static void
row_of_silence(struct mn_output *out, const struct mn_target *t)
{
    if (!out->options->json) {
        mn_buffer_printf(&out->text, "%7d  %-16s %-8s does not answer\n", (int)t->pid, t->client.name, "?");
        return;
    }
    mn_json_object(&out->json, NULL);
    mn_json_put_int(&out->json, "pid", t->pid);
    mn_json_put_text(&out->json, "name", t->client.name);
    mn_output_json_error(out, &t->error);
    mn_json_end(&out->json);
}

/* A process that ended in between is no longer one to list. */
static void
list_one(struct mn_output *out, const struct mn_target *t)
{
    if (t->status == MEND_TIMEOUT)
        row_of_silence(out, t);
    else if (t->status == MEND_OK && out->options->json)
        row_json(&out->json, t, mn_json_member(t->result, "patches"));
    else if (t->status == MEND_OK)
        row_text(&out->text, t, mn_json_member(t->result, "patches"));
}

static void
list_all(struct mn_output *out, const struct mn_list *targets)
{
    if (out->options->json)
        mn_json_array(&out->json, "processes");
    else if (targets->count > 0)
        mn_buffer_text(&out->text, "    PID  NAME             AGENT    PATCHES\n");
    else
        mn_say(out->options, "no process has an agent; `mend run -- PROGRAM` starts one");
    for (size_t i = 0; i < targets->count; i++)
        list_one(out, MN_LIST_AT(struct mn_target, targets, i));
    if (out->options->json)
        mn_json_end(&out->json);
}

static mend_status
list(struct mn_output *out, mend_error *err)
{
    struct mn_list targets;
    struct mn_ask ask;
    mend_status st;

    if ((st = mn_ask_plain(&ask, "status", NULL, err)) != MEND_OK)
        return mn_output_error(out, err);
    if ((st = mn_targets_open(&targets, out->options, true, err)) == MEND_OK &&
        mn_targets_ask(&targets, &ask, out->options->timeout_ms) == MEND_INTERRUPTED)
        st = mn_fail_interrupted(err);
    if (st == MEND_OK)
        list_all(out, &targets);
    else
        mn_output_error(out, err);
    mn_targets_close(&targets);
    mn_ask_fini(&ask);
    return st;
}

static int
run(const struct mn_options *o)
{
    struct mn_output out;
    mend_error err;

    if (o->operand_count != 0) {
        mn_fail(&err, MEND_INVALID, "mend ps takes no operand, not '%s'", o->operands[0]);
        return mn_output_refuse(o, &err);
    }
    mn_output_begin(&out, o);
    return mn_output_end(&out, list(&out, &err));
}

const struct mn_verb mn_verb_ps = {
    .name = "ps",
    .summary = "list the processes that have an agent",
    .usage = "[--name NAME]",
    .examples = {"mend ps", "mend ps --name sogod --json"},
    .about =
        "Lists the processes of this user (of every user, for root) that can be patched, and the ids of the\n"
        "patches in each. Sockets left behind by processes that are gone are removed.\n",
    .takes = MN_TAKES(NAME) | MN_TAKES(TIMEOUT),
    .run = run,
};
