/* SPDX-License-Identifier: MIT */
/*
 * The command line of one verb, read. Options may stand anywhere before "--"; "--name=value" and "--name
 * value" are the same; short ones may be joined (-qv). Texts are argv's own.
 */
#ifndef MN_CLI_OPTIONS_H
#define MN_CLI_OPTIONS_H

#include "base/list.h"

#include <mend/error.h>
#include <stdbool.h>
#include <stdint.h>

enum mn_option {
#define X(name, letter, text, argument, help) MN_OPTION_##name,
#include "cli/options.def"
#undef X
    MN_OPTION_COUNT
};

#define MN_TAKES(name)   (1u << MN_OPTION_##name)
#define MN_TAKES_TARGETS (MN_TAKES(PID) | MN_TAKES(NAME) | MN_TAKES(TIMEOUT))

struct mn_verb;

struct mn_options {
    const struct mn_verb *verb;
    struct mn_list pids, names, patches; /* of const char *, in the order given */
    const char *id, *against, *to, *output;
    unsigned timeout_ms;
    bool main, json, quiet, verbose, help;
    bool colour; /* of what is printed on stderr */
    char **operands;
    int operand_count; /* operands[operand_count] is NULL */
};

/* A line of options.def. */
struct mn_option_row {
    char letter; /* 0: it has none */
    const char *name, *argument, *help;
};
const struct mn_option_row *mn_options_row(enum mn_option option);
bool mn_options_takes(const struct mn_verb *verb, enum mn_option option);

/* argv[0] is the verb's name. Reorders argv. On failure *err says which word is wrong: MEND_INVALID. */
mend_status mn_options_read(struct mn_options *options, const struct mn_verb *verb, int argc, char **argv,
                            mend_error *err);
void mn_options_fini(struct mn_options *options);

/* The whole --help of a verb, on stdout. */
int mn_options_help(const struct mn_verb *verb);

#endif
