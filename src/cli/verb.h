/* SPDX-License-Identifier: MIT */
/* What a verb of the command line is: one in each cmd_NAME.c, all of them in main.c's table. */
#ifndef MN_CLI_VERB_H
#define MN_CLI_VERB_H

#include "cli/options.h"

struct mn_verb {
    const char *name, *summary;
    const char *usage;       /* what follows "mend NAME" */
    const char *examples[2]; /* whole command lines, the commonest first */
    const char *about;       /* a paragraph or two, wrapped, ending in a newline */
    unsigned takes;          /* MN_TAKES(...) of the options it knows beside the common ones */
    bool stops_at_operand;   /* the first operand ends the options: what follows is another program's */
    /* Returns the exit code. Everything it says goes through cli/output.h. */
    int (*run)(const struct mn_options *options);
};

extern const struct mn_verb mn_verb_run, mn_verb_check, mn_verb_apply, mn_verb_revert, mn_verb_status,
    mn_verb_ps, mn_verb_build, mn_verb_convert, mn_verb_disasm, mn_verb_explain, mn_verb_completion, mn_verb_version, mn_verb_help;

/* All of them, in the order of a working day; ends with NULL. */
extern const struct mn_verb *const mn_verbs[];

/* The verb of this name, or NULL. */
const struct mn_verb *mn_verb_named(const char *name);

#endif
