/* SPDX-License-Identifier: MIT */
/* mend check */
#include "agent/protocol.h"
#include "base/error.h"
#include "cli/patch_verb.h"
#include "cli/program.h"
#include "cli/rows.h"
#include "cli/start.h"
#include "cli/stopped.h"
#include "cli/verb.h"

#include <limits.h>
#include <unistd.h>

static void
tell(struct mn_output *out, const char *path, const struct mn_patch_file *file, const struct mn_json *answer)
{
    const struct mn_json *member;
    void *cursor = NULL;
    const char *name;

    mn_rows_findings(answer);
    if (!out->options->json) {
        mn_buffer_printf(&out->text, "%s  checks  %s  ", path, file->path);
        mn_rows_patch_detail(answer, &out->text);
        mn_buffer_char(&out->text, '\n');
        return;
    }
    mn_json_put_text(&out->json, "against", path);
    while (mn_json_next(answer, &cursor, &name, &member))
        mn_json_put_copy(&out->json, name, member);
}

static mend_status
tell_reply(struct mn_output *out, const char *path, const struct mn_patch_file *file,
           const struct mn_buffer *packet, mend_error *err)
{
    const struct mn_json *result, *error;
    struct mn_json *reply;
    mend_status st;

    if (mn_json_parse(NULL, packet->data, packet->length, NULL, &reply, err) != MEND_OK) {
        mn_fail(err, MEND_PROTOCOL, "the answer of the agent in %s is not JSON", path);
        return mn_output_error(out, err);
    }
    if ((st = mn_client_split(reply, &result, &error, err)) == MEND_OK) {
        tell(out, path, file, result);
    } else if (error == NULL || mn_rows_findings(mn_json_member(error, "data")) == 0) {
        mn_output_error(out, err);
    } else {
        mn_say(out->options, "%s does not check against %s", file->path, path);
        if (out->options->json)
            mn_json_put_copy(&out->json, "error", error);
    }
    mn_json_free(reply);
    return st;
}

static mend_status
against_program(struct mn_output *out, const struct mn_patch_file *file, mend_error *err)
{
    const struct mn_options *o = out->options;
    char path[PATH_MAX];
    struct mn_buffer packet = MN_BUFFER_EMPTY;
    mend_status st;
    int record = -1;

    if ((st = mn_program_find(o->against, path, sizeof path, err)) == MEND_OK &&
        (st = mn_program_check(path, true, err)) == MEND_OK &&
        (st = mn_start_record(o, file, 1, &record, err)) == MEND_OK)
        st = mn_stopped_ask(path, record, o, &packet, NULL, err);
    st = st != MEND_OK ? mn_output_error(out, err) : tell_reply(out, path, file, &packet, err);
    if (record >= 0)
        close(record);
    mn_buffer_fini(&packet);
    return st;
}

static mend_status
against_processes(struct mn_output *out, const struct mn_patch_file *file, mend_error *err)
{
    static const struct mn_row_words words = {"checks", mn_rows_patch_detail};
    const struct mn_options *o = out->options;
    struct mn_list targets;
    struct mn_ask ask;
    mend_status st;

    if ((st = mn_ask_patch(&ask, "check", file, o->id, 0, o->colour, err)) != MEND_OK)
        return mn_output_error(out, err);
    if ((st = mn_targets_open(&targets, o, false, err)) != MEND_OK)
        mn_output_error(out, err);
    else
        st = mn_rows_ask(out, &targets, &ask, &words);
    mn_targets_close(&targets);
    mn_ask_fini(&ask);
    return st;
}

static mend_status
check(struct mn_output *out, const struct mn_patch_file *file, mend_error *err)
{
    return out->options->against != NULL ? against_program(out, file, err) : against_processes(out, file, err);
}

static int
run(const struct mn_options *o)
{
    mend_error err;

    if (o->operand_count != 1 || (o->against != NULL && o->pids.count + o->names.count != 0)) {
        mn_fail(&err, MEND_INVALID, "mend check takes one patch file and what to check it against");
        mn_remedy(&err, "mend check fix.m --against PROGRAM, or --pid PID");
        return mn_output_refuse(o, &err);
    }
    return mn_patch_verb(o, check);
}

const struct mn_verb mn_verb_check = {
    .name = "check",
    .summary = "check a patch against a program, without running either",
    .usage = "FILE --against PROGRAM | --pid PID | --name NAME",
    .examples = {"mend check fix.m --against lsar", "mend check fix.m --pid 4711 --json"},
    .about = "With --against, the program is started and stopped before its main, where all its classes are "
             "known; with\n"
             "--pid or --name, running processes are asked. No message is sent to the program's classes, and "
             "nothing\n"
             "changes. What is found here is all that `apply` could find.\n",
    .takes = MN_TAKES_TARGETS | MN_TAKES(AGAINST) | MN_TAKES(ID),
    .run = run,
};
