/* SPDX-License-Identifier: MIT */
/* mend apply */
#include "base/error.h"
#include "cli/patch_verb.h"
#include "cli/rows.h"
#include "cli/verb.h"

static mend_status
apply(struct mn_output *out, const struct mn_patch_file *file, mend_error *err)
{
    static const struct mn_row_words words = {"applied", mn_rows_patch_detail};
    const struct mn_options *o = out->options;
    struct mn_list targets;
    struct mn_ask ask;
    mend_status st;

    /* half of the time, so that the process answers that its main thread does not come before it is given up */
    if ((st = mn_ask_patch(&ask, "apply", file, o->id, o->main ? o->timeout_ms / 2 + 1 : 0, o->colour, err)) != MEND_OK)
        return mn_output_error(out, err);
    if ((st = mn_targets_open(&targets, o, false, err)) != MEND_OK)
        mn_output_error(out, err);
    else
        st = mn_rows_ask(out, &targets, &ask, &words);
    mn_targets_close(&targets);
    mn_ask_fini(&ask);
    return st;
}

static int
run(const struct mn_options *o)
{
    mend_error err;

    if (o->operand_count != 1) {
        mn_fail(&err, MEND_INVALID, "mend apply takes one patch file, not %d", o->operand_count);
        return mn_output_refuse(o, &err);
    }
    return mn_patch_verb(o, apply);
}

const struct mn_verb mn_verb_apply = {
    .name = "apply",
    .summary = "put a patch into effect in a running process",
    .usage = "FILE --pid PID | --name NAME",
    .examples = {"mend apply fix.m --pid 4711", "mend apply fix.m --name sogod --json"},
    .about =
        "Each process reads and checks the patch against its own classes; where anything is wrong, that "
        "process\n"
        "stays as it is. Otherwise the next call of each method runs the patch. The same id again replaces\n"
        "the earlier version; another id stacks on top. FILE may be - for stdin.\n",
    .takes = MN_TAKES_TARGETS | MN_TAKES(ID) | MN_TAKES(MAIN),
    .run = run,
};
