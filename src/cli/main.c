/* SPDX-License-Identifier: MIT */
/* mend: finds the verb, reads its options, runs it. */
#include "base/error.h"
#include "cli/nearest.h"
#include "cli/output.h"
#include "cli/verb.h"

#include <string.h>

const struct mn_verb *const mn_verbs[] = {
    &mn_verb_run,     &mn_verb_check, &mn_verb_apply, &mn_verb_revert, &mn_verb_status, &mn_verb_ps,
    &mn_verb_build,   &mn_verb_convert, &mn_verb_disasm,
    &mn_verb_explain, &mn_verb_completion, &mn_verb_version, &mn_verb_help, NULL,
};

const struct mn_verb *
mn_verb_named(const char *name)
{
    for (int i = 0; mn_verbs[i] != NULL; i++)
        if (strcmp(mn_verbs[i]->name, name) == 0)
            return mn_verbs[i];
    return NULL;
}

/* What stands where a verb should: the two options every program is asked for, or a mistake. */
static const struct mn_verb *
verb_meant(const char *word)
{
    if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0)
        return &mn_verb_help;
    if (strcmp(word, "--version") == 0)
        return &mn_verb_version;
    return mn_verb_named(word);
}

static void
refuse_verb(const char *word, mend_error *err)
{
    struct mn_nearest nearest = {.word = word, .length = strlen(word)};

    for (int i = 0; mn_verbs[i] != NULL; i++)
        mn_nearest_offer(&nearest, mn_verbs[i]->name);
    if (nearest.best == NULL)
        mn_fail(err, MEND_INVALID, "there is no verb '%s'", word);
    else
        mn_fail(err, MEND_INVALID, "there is no verb '%s'; did you mean '%s'?", word, nearest.best);
}

int
main(int argc, char **argv)
{
    const struct mn_verb *verb = argc > 1 ? verb_meant(argv[1]) : &mn_verb_help;
    struct mn_options options;
    mend_error err;
    int code;

    mn_watch_interrupts();
    if (verb == NULL) {
        struct mn_options none = {.verb = &mn_verb_help};

        refuse_verb(argv[1], &err);
        mn_remedy(&err, "see `mend help`");
        return mn_output_refuse(&none, &err);
    }
    if (mn_options_read(&options, verb, argc > 1 ? argc - 1 : argc, argc > 1 ? argv + 1 : argv, &err) !=
        MEND_OK)
        code = mn_output_refuse(&options, &err);
    else if (options.help)
        code = mn_options_help(verb);
    else if (argc == 1)
        verb->run(&options), code = mend_status_exit_code(MEND_INVALID);
    else
        code = verb->run(&options);
    mn_options_fini(&options);
    return code;
}
