/* SPDX-License-Identifier: MIT */
/*
 * mend completion: what a shell needs to complete mend's command lines, made from the table of verbs and that
 * of options, so that it cannot differ from --help.
 */
#include "base/error.h"
#include "cli/output.h"
#include "cli/verb.h"

#include <string.h>

/* The options a verb takes, one at a time; letter 0: it has none. */
typedef void visit_option(struct mn_buffer *text, const char *verb, const struct mn_option_row *row);

static void
each_option(struct mn_buffer *text, const struct mn_verb *verb, visit_option *visit)
{
    for (int i = 0; i < MN_OPTION_COUNT; i++)
        if (mn_options_takes(verb, (enum mn_option)i))
            visit(text, verb->name, mn_options_row((enum mn_option)i));
}

/* What may stand as the value of an option, or as an operand, by the word that --help writes for it. */
enum kind { NOTHING, FILE_NAME, PROGRAM, PROCESS, PROCESS_NAME, WHEN };

static enum kind
kind_of(const char *argument)
{
    static const struct {
        const char *word;
        enum kind kind;
    } kinds[] = {
        {"FILE", FILE_NAME}, {"PROGRAM", PROGRAM}, {"PID", PROCESS}, {"NAME", PROCESS_NAME}, {"WHEN", WHEN},
    };

    for (size_t i = 0; argument && i < sizeof kinds / sizeof kinds[0]; i++)
        if (strcmp(argument, kinds[i].word) == 0)
            return kinds[i].kind;
    return NOTHING;
}

/* ---- bash ------------------------------------------------------------------------------------------------
 */

static void
bash_option(struct mn_buffer *text, const char *verb, const struct mn_option_row *row)
{
    (void)verb;
    mn_buffer_printf(text, " --%s", row->name);
}

static void
bash(struct mn_buffer *text)
{
    mn_buffer_text(
        text,
        "# bash completion for mend; made by `mend completion bash`\n"
        "_mend()\n{\n    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} options=\n"
        "    if [ \"$COMP_CWORD\" = 1 ]; then\n        COMPREPLY=($(compgen -W \"");
    for (int i = 0; mn_verbs[i] != NULL; i++)
        mn_buffer_printf(text, "%s%s", i > 0 ? " " : "", mn_verbs[i]->name);
    mn_buffer_text(text,
                   "\" -- \"$cur\"))\n        return\n    fi\n    case $prev in\n"
                   "    --pid | -p) COMPREPLY=($(compgen -W \"$(mend ps -q 2>/dev/null | awk 'NR > 1 { print "
                   "$1 }')\" -- \"$cur\")); return ;;\n"
                   "    --name | -n) COMPREPLY=($(compgen -W \"$(mend ps -q 2>/dev/null | awk 'NR > 1 { "
                   "print $2 }')\" -- \"$cur\")); return ;;\n"
                   "    --color) COMPREPLY=($(compgen -W \"always never auto\" -- \"$cur\")); return ;;\n"
                   "    --against) COMPREPLY=($(compgen -c -- \"$cur\")); return ;;\n"
                   "    esac\n    case ${COMP_WORDS[1]} in\n");
    for (int i = 0; mn_verbs[i] != NULL; i++) {
        mn_buffer_printf(text, "    %s) options=\"", mn_verbs[i]->name);
        each_option(text, mn_verbs[i], bash_option);
        mn_buffer_text(text, "\" ;;\n");
    }
    mn_buffer_text(
        text, "    esac\n    case $cur in\n    -*) COMPREPLY=($(compgen -W \"$options\" -- \"$cur\")) ;;\n"
              "    *) compopt -o filenames; COMPREPLY=($(compgen -f -- \"$cur\")) ;;\n    esac\n}\n"
              "complete -F _mend mend\n");
}

/* ---- zsh -------------------------------------------------------------------------------------------------
 */

/* Text between single quotes and brackets of zsh: both end early otherwise. */
static void
zsh_text(struct mn_buffer *text, const char *plain)
{
    for (; *plain != '\0'; plain++)
        if (*plain == '\'')
            mn_buffer_text(text, "'\\''");
        else if (strchr("[]:\\", *plain))
            mn_buffer_printf(text, "\\%c", *plain);
        else
            mn_buffer_char(text, *plain);
}

static void
zsh_option(struct mn_buffer *text, const char *verb, const struct mn_option_row *row)
{
    static const char *const action[] = {
        [NOTHING] = " ",          [FILE_NAME] = "_files",         [PROGRAM] = "_command_names",
        [PROCESS] = "_mend_pids", [PROCESS_NAME] = "_mend_names", [WHEN] = "(always never auto)",
    };

    (void)verb;
    mn_buffer_printf(text, " '--%s%s[", row->name, row->argument ? "=" : "");
    zsh_text(text, row->help);
    mn_buffer_text(text, "]");
    if (row->argument)
        mn_buffer_printf(text, ":%s:%s", row->argument, action[kind_of(row->argument)]);
    mn_buffer_text(text, "'");
}

static void
zsh(struct mn_buffer *text)
{
    mn_buffer_text(text,
                   "#compdef mend\n# zsh completion for mend; made by `mend completion zsh`\n"
                   "_mend_pids() { compadd -- $(mend ps -q 2>/dev/null | awk 'NR > 1 { print $1 }') }\n"
                   "_mend_names() { compadd -- $(mend ps -q 2>/dev/null | awk 'NR > 1 { print $2 }') }\n"
                   "_mend() {\n    if (( CURRENT == 2 )); then\n        local -a verbs=(");
    for (int i = 0; mn_verbs[i] != NULL; i++) {
        mn_buffer_printf(text, " '%s:", mn_verbs[i]->name);
        zsh_text(text, mn_verbs[i]->summary);
        mn_buffer_text(text, "'");
    }
    mn_buffer_text(text, ")\n        _describe verb verbs\n        return\n    fi\n    local "
                         "verb=$words[2]\n    shift words; (( CURRENT-- ))\n"
                         "    case $verb in\n");
    for (int i = 0; mn_verbs[i] != NULL; i++) {
        mn_buffer_printf(text, "    %s) _arguments", mn_verbs[i]->name);
        each_option(text, mn_verbs[i], zsh_option);
        mn_buffer_text(text, " '*:file:_files' ;;\n");
    }
    mn_buffer_text(text, "    esac\n}\n_mend \"$@\"\n");
}

/* ---- fish ------------------------------------------------------------------------------------------------
 */

/* Text between single quotes of fish. */
static void
fish_text(struct mn_buffer *text, const char *plain)
{
    for (; *plain != '\0'; plain++)
        mn_buffer_printf(text, strchr("'\\", *plain) ? "\\%c" : "%c", *plain);
}

static void
fish_option(struct mn_buffer *text, const char *verb, const struct mn_option_row *row)
{
    mn_buffer_printf(text, "complete -c mend -n '__fish_seen_subcommand_from %s' -l %s", verb, row->name);
    if (row->letter)
        mn_buffer_printf(text, " -s %c", row->letter);
    switch (kind_of(row->argument)) {
    case FILE_NAME:
        mn_buffer_text(text, " -rF");
        break;
    case PROGRAM:
        mn_buffer_text(text, " -xa '(__fish_complete_command)'");
        break;
    case PROCESS:
        mn_buffer_text(text, " -xa '(mend ps -q 2>/dev/null | string match -rg \"^ *(\\d+)\")'");
        break;
    case PROCESS_NAME:
        mn_buffer_text(text, " -xa '(mend ps -q 2>/dev/null | string match -rg \"^ *\\d+ +(\\S+)\")'");
        break;
    case WHEN:
        mn_buffer_text(text, " -xa 'always never auto'");
        break;
    case NOTHING:
        mn_buffer_text(text, row->argument ? " -x" : "");
        break;
    }
    mn_buffer_text(text, " -d '");
    fish_text(text, row->help);
    mn_buffer_text(text, "'\n");
}

static void
fish(struct mn_buffer *text)
{
    mn_buffer_text(text, "# fish completion for mend; made by `mend completion fish`\n");
    for (int i = 0; mn_verbs[i] != NULL; i++) {
        mn_buffer_printf(text, "complete -c mend -n __fish_use_subcommand -xa %s -d '", mn_verbs[i]->name);
        fish_text(text, mn_verbs[i]->summary);
        mn_buffer_text(text, "'\n");
        each_option(text, mn_verbs[i], fish_option);
    }
}

static const struct {
    const char *name;
    void (*write)(struct mn_buffer *text);
} shells[] = {{"bash", bash}, {"zsh", zsh}, {"fish", fish}};

static int
run(const struct mn_options *o)
{
    struct mn_buffer text = MN_BUFFER_EMPTY;
    mend_error err;

    for (size_t i = 0; o->operand_count == 1 && i < sizeof shells / sizeof shells[0]; i++)
        if (strcmp(o->operands[0], shells[i].name) == 0) {
            shells[i].write(&text);
            return mn_print(&text);
        }
    mn_fail(&err, MEND_INVALID, "mend completion takes the name of one shell: bash, zsh or fish");
    return mn_output_refuse(o, &err);
}

const struct mn_verb mn_verb_completion = {
    .name = "completion",
    .summary = "print what a shell needs to complete commands",
    .usage = "bash | zsh | fish",
    .examples = {"mend completion bash >/etc/bash_completion.d/mend",
                 "mend completion fish >~/.config/fish/completions/mend.fish"},
    .about = "Prints a script for the shell named. `make install` puts all three where the shells look.\n",
    .run = run,
};
