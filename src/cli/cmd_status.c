/* SPDX-License-Identifier: MIT */
/* mend status */
#include "agent/protocol.h"
#include "base/error.h"
#include "cli/output.h"
#include "cli/request.h"
#include "cli/target.h"
#include "cli/verb.h"

#include <time.h>

static void
patch_text(struct mn_buffer *text, const struct mn_target *t, const struct mn_json *patch)
{
    time_t applied = (time_t)mn_json_get_int(patch, "applied_at", 0);
    char when[32] = "";
    struct tm local;

    if (localtime_r(&applied, &local) != NULL)
        strftime(when, sizeof when, "%Y-%m-%d %H:%M:%S", &local);
    mn_buffer_printf(text, "%7d  %-16s %-16s %7lld %7lld  %s  %s\n", (int)t->pid, t->client.name,
                     mn_json_get_text(patch, "id", ""), mn_json_get_int(patch, "methods", 0),
                     mn_json_get_int(patch, "classes", 0), when, mn_json_get_text(patch, "name", ""));
}

static void
tell(struct mn_output *out, const struct mn_target *t)
{
    const struct mn_json *patches = mn_json_member(t->result, "patches");

    if (out->options->json) {
        mn_json_object(&out->json, NULL);
        mn_json_put_int(&out->json, "pid", t->pid);
        mn_json_put_text(&out->json, "name", t->client.name);
        mn_json_put_copy(&out->json, "patches", patches);
        mn_json_end(&out->json);
        return;
    }
    for (size_t i = 0; i < mn_json_count(patches); i++)
        patch_text(&out->text, t, mn_json_item(patches, i));
    if (mn_json_count(patches) == 0)
        mn_buffer_printf(&out->text, "%7d  %-16s -\n", (int)t->pid, t->client.name);
}

static void
tell_error(struct mn_output *out, const struct mn_target *t)
{
    mn_output_error(out, &t->error);
    if (!out->options->json)
        return;
    mn_json_object(&out->json, NULL);
    mn_json_put_int(&out->json, "pid", t->pid);
    mn_output_json_error(out, &t->error);
    mn_json_end(&out->json);
}

static mend_status
ask_all(struct mn_output *out, struct mn_list *targets, const struct mn_ask *ask)
{
    mend_status all = mn_targets_ask(targets, ask, out->options->timeout_ms);

    if (out->options->json)
        mn_json_array(&out->json, "processes");
    else if (targets->count > 0)
        mn_buffer_text(
            &out->text,
            "    PID  NAME             PATCH            METHODS CLASSES  APPLIED              FILE\n");
    for (size_t i = 0; i < targets->count; i++) {
        const struct mn_target *t = MN_LIST_AT(struct mn_target, targets, i);

        if (t->status == MEND_OK)
            tell(out, t);
        else
            tell_error(out, t);
    }
    if (out->options->json)
        mn_json_end(&out->json);
    if (targets->count == 0)
        mn_say(out->options, "no process has an agent; `mend run -- PROGRAM` starts one");
    return all;
}

static int
run(const struct mn_options *o)
{
    struct mn_list targets;
    struct mn_output out;
    struct mn_ask ask;
    mend_status st;
    mend_error err;

    if (o->operand_count != 0) {
        mn_fail(&err, MEND_INVALID, "mend status takes no operand, not '%s'", o->operands[0]);
        return mn_output_refuse(o, &err);
    }
    if (mn_ask_plain(&ask, "status", NULL, &err) != MEND_OK)
        return mn_output_refuse(o, &err);
    mn_output_begin(&out, o);
    if ((st = mn_targets_open(&targets, o, true, &err)) != MEND_OK)
        mn_output_error(&out, &err);
    else
        st = ask_all(&out, &targets, &ask);
    mn_targets_close(&targets);
    mn_ask_fini(&ask);
    return mn_output_end(&out, st);
}

const struct mn_verb mn_verb_status = {
    .name = "status",
    .summary = "show which patches are applied",
    .usage = "[--pid PID | --name NAME]",
    .examples = {"mend status", "mend status --pid 4711 --json"},
    .about = "A line for each applied patch, oldest first: its id, how many methods it changed and classes "
             "it made,\n"
             "when, and the file it came from.\n",
    .takes = MN_TAKES_TARGETS,
    .run = run,
};
