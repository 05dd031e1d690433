/* SPDX-License-Identifier: MIT */
/* mend revert */
#include "agent/protocol.h"
#include "base/error.h"
#include "cli/rows.h"
#include "cli/verb.h"

#include <string.h>

static void
detail(const struct mn_json *result, struct mn_buffer *text)
{
    mn_buffer_printf(text, "%s, %.1f ms", mn_json_get_text(result, "id", ""),
                     (double)mn_json_get_int(result, "total_ns", 0) / 1e6);
}

static mend_status
revert(struct mn_output *out, const char *id, mend_error *err)
{
    static const struct mn_row_words words = {"reverted", detail};
    struct mn_list targets;
    struct mn_ask ask;
    mend_status st;

    if ((st = mn_ask_plain(&ask, "revert", id, err)) != MEND_OK)
        return mn_output_error(out, err);
    if ((st = mn_targets_open(&targets, out->options, false, err)) != MEND_OK)
        mn_output_error(out, err);
    else
        st = mn_rows_ask(out, &targets, &ask, &words);
    mn_targets_close(&targets);
    mn_ask_fini(&ask);
    return st;
}

/* An id as `mend status` prints it, or the file that was applied. */
static mend_status
read_id(const char *operand, char *id, size_t size, mend_error *err)
{
    size_t length = strlen(operand);
    bool is_file = strchr(operand, '/') != NULL || (length > 2 && strcmp(operand + length - 2, ".m") == 0) ||
                   (length > 3 && strcmp(operand + length - 3, ".mg") == 0);

    if (is_file)
        mn_patch_file_id(operand, id, size);
    else
        mn_copy_text(id, size, operand);
    return is_file ? MEND_OK : mn_id_check(operand, err);
}

static int
run(const struct mn_options *o)
{
    struct mn_output out;
    char id[MN_ID_MAX + 1];
    mend_error err;

    if (o->operand_count != 1) {
        mn_fail(&err, MEND_INVALID, "mend revert takes one id or patch file, not %d", o->operand_count);
        return mn_output_refuse(o, &err);
    }
    if (read_id(o->operands[0], id, sizeof id, &err) != MEND_OK)
        return mn_output_refuse(o, &err);
    mn_output_begin(&out, o);
    return mn_output_end(&out, revert(&out, id, &err));
}

const struct mn_verb mn_verb_revert = {
    .name = "revert",
    .summary = "take a patch back",
    .usage = "ID | FILE --pid PID | --name NAME",
    .examples = {"mend revert fix --pid 4711", "mend revert fix.m --name sogod"},
    .about = "New calls run what was there before the patch; calls still inside finish in the patched body.\n"
             "A patch's id is its file's name without folder and ending, unless --id gave another.\n",
    .takes = MN_TAKES_TARGETS,
    .run = run,
};
