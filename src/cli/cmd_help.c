/* SPDX-License-Identifier: MIT */
/* mend help */
#include "base/error.h"
#include "cli/output.h"
#include "cli/verb.h"

static int
overview(void)
{
    struct mn_buffer out = MN_BUFFER_EMPTY;

    mn_buffer_text(&out,
                   "Examples:\n"
                   "  mend run --patch fix.m -- lsar photo.zip\n"
                   "  mend apply fix.m --pid 4711\n\n"
                   "Mend replaces methods of Objective-C programs while they run, and puts them back.\n\n"
                   "Usage: mend VERB [OPTIONS] [OPERANDS]\n\nVerbs:\n");
    for (int i = 0; mn_verbs[i] != NULL; i++)
        mn_buffer_printf(&out, "  %-10s %s\n", mn_verbs[i]->name, mn_verbs[i]->summary);
    mn_buffer_text(&out, "\n`mend help VERB` tells more of each. Exit codes are in mend(1).\n");
    return mn_print(&out);
}

static int
run(const struct mn_options *o)
{
    const struct mn_verb *verb;
    mend_error err;

    if (o->operand_count == 0)
        return overview();
    if ((verb = mn_verb_named(o->operands[0])) != NULL)
        return mn_options_help(verb);
    mn_fail(&err, MEND_INVALID, "there is no verb '%s'", o->operands[0]);
    mn_remedy(&err, "see `mend help`");
    return mn_output_refuse(o, &err);
}

const struct mn_verb mn_verb_help = {
    .name = "help",
    .summary = "explain a verb",
    .usage = "[VERB]",
    .examples = {"mend help", "mend help apply"},
    .about = "Without a verb, lists them all.\n",
    .run = run,
};
