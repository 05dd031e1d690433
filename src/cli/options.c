/* SPDX-License-Identifier: MIT */
/* Reading options by the table in options.def, and printing it. */
#include "cli/options.h"

#include "agent/protocol.h"
#include "base/error.h"
#include "cli/nearest.h"
#include "cli/output.h"
#include "cli/verb.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct mn_option_row rows[] = {
#define X(name, letter, text, argument, help) {letter, text, argument, help},
#include "cli/options.def"
#undef X
};

const struct mn_option_row *
mn_options_row(enum mn_option option)
{
    return &rows[option];
}

bool
mn_options_takes(const struct mn_verb *verb, enum mn_option option)
{
    return option >= MN_OPTION_JSON || (verb->takes & (1u << option)) != 0;
}

static mend_status
keep(struct mn_list *list, const char *value, mend_error *err)
{
    const char **place = mn_list_add(list);

    if (place == NULL)
        return mn_fail_memory(err);
    *place = value;
    return MEND_OK;
}

static mend_status
set_timeout(struct mn_options *o, const char *value, mend_error *err)
{
    char *end;
    double seconds = strtod(value, &end);

    if (end == value || *end != '\0' || !(seconds > 0 && seconds <= 86400))
        return mn_fail(err, MEND_INVALID, "--timeout takes a number of seconds, not '%s'", value);
    o->timeout_ms = (unsigned)(seconds * 1000);
    return MEND_OK;
}

static mend_status
set_colour(struct mn_options *o, const char *value, mend_error *err)
{
    if (strcmp(value, "always") == 0)
        o->colour = true;
    else if (strcmp(value, "never") == 0)
        o->colour = false;
    else if (strcmp(value, "auto") != 0)
        return mn_fail(err, MEND_INVALID, "--color takes always, never or auto, not '%s'", value);
    return MEND_OK;
}

static mend_status
set(struct mn_options *o, enum mn_option option, const char *value, mend_error *err)
{
    switch (option) {
    case MN_OPTION_PATCH:
        return keep(&o->patches, value, err);
    case MN_OPTION_PID:
        return keep(&o->pids, value, err);
    case MN_OPTION_NAME:
        return keep(&o->names, value, err);
    case MN_OPTION_AGAINST:
        o->against = value;
        break;
    case MN_OPTION_TO:
        o->to = value;
        break;
    case MN_OPTION_OUTPUT:
        o->output = value;
        break;
    case MN_OPTION_ID:
        o->id = value;
        return mn_id_check(value, err);
    case MN_OPTION_TIMEOUT:
        return set_timeout(o, value, err);
    case MN_OPTION_COLOR:
        return set_colour(o, value, err);
    case MN_OPTION_MAIN:
        o->main = true;
        break;
    case MN_OPTION_JSON:
        o->json = true;
        break;
    case MN_OPTION_QUIET:
        o->quiet = true;
        break;
    case MN_OPTION_VERBOSE:
        o->verbose = true;
        break;
    case MN_OPTION_HELP:
        o->help = true;
        break;
    case MN_OPTION_NO_INPUT:
    case MN_OPTION_COUNT:
        break;
    }
    return MEND_OK;
}

static mend_status
refuse_long(const struct mn_verb *verb, const char *word, size_t length, mend_error *err)
{
    struct mn_nearest nearest = {.word = word, .length = length};

    for (int i = 0; i < MN_OPTION_COUNT; i++)
        if (mn_options_takes(verb, i))
            mn_nearest_offer(&nearest, rows[i].name);
    if (nearest.best == NULL)
        return mn_fail(err, MEND_INVALID, "mend %s has no option --%.*s", verb->name, (int)length, word);
    return mn_fail(err, MEND_INVALID, "mend %s has no option --%.*s; did you mean --%s?", verb->name,
                   (int)length, word, nearest.best);
}

/* "--name", "--name=value" or "--name value"; *next is the word that may be the value. */
static mend_status
read_long(struct mn_options *o, const char *word, char **next, bool *used_next, mend_error *err)
{
    size_t length = strcspn(word, "=");
    const char *value = word[length] == '=' ? word + length + 1 : NULL;

    for (int i = 0; i < MN_OPTION_COUNT; i++) {
        if (strlen(rows[i].name) != length || strncmp(rows[i].name, word, length) != 0 || !mn_options_takes(o->verb, i))
            continue;
        if (rows[i].argument == NULL && value != NULL)
            return mn_fail(err, MEND_INVALID, "--%s takes no value", rows[i].name);
        if (rows[i].argument != NULL && value == NULL) {
            if ((value = *next) == NULL)
                return mn_fail(err, MEND_INVALID, "--%s needs a value: --%s %s", rows[i].name, rows[i].name,
                               rows[i].argument);
            *used_next = true;
        }
        return set(o, i, value, err);
    }
    return refuse_long(o->verb, word, length, err);
}

/* "-q", "-qv", "-p4711" or "-p 4711". */
static mend_status
read_short(struct mn_options *o, const char *word, char **next, bool *used_next, mend_error *err)
{
    for (; *word != '\0'; word++) {
        mend_status st;
        int i = 0;

        while (i < MN_OPTION_COUNT && (rows[i].letter != *word || !mn_options_takes(o->verb, i)))
            i++;
        if (i == MN_OPTION_COUNT)
            return mn_fail(err, MEND_INVALID, "mend %s has no option -%c", o->verb->name, *word);
        if (rows[i].argument != NULL) {
            *used_next = word[1] == '\0';
            if (*used_next && *next == NULL)
                return mn_fail(err, MEND_INVALID, "-%c needs a value: -%c %s", *word, *word,
                               rows[i].argument);
            return set(o, i, *used_next ? *next : word + 1, err);
        }
        if ((st = set(o, i, NULL, err)) != MEND_OK)
            return st;
    }
    return MEND_OK;
}

static void
set_defaults(struct mn_options *o, const struct mn_verb *verb)
{
    const char *no_colour = getenv("NO_COLOR"), *terminal = getenv("TERM");

    memset(o, 0, sizeof *o);
    o->verb = verb;
    o->pids = o->names = o->patches = MN_LIST_OF(const char *);
    o->timeout_ms = 10000;
    o->colour = isatty(STDERR_FILENO) && (no_colour == NULL || *no_colour == '\0') &&
                (terminal == NULL || strcmp(terminal, "dumb") != 0);
}

mend_status
mn_options_read(struct mn_options *o, const struct mn_verb *verb, int argc, char **argv, mend_error *err)
{
    mend_status st = MEND_OK;

    set_defaults(o, verb);
    o->operands = argv; /* operands move to the front, over the words already read */
    for (int i = 1; i < argc && st == MEND_OK; i++) {
        char *word = argv[i];
        bool used_next = false;

        if (strcmp(word, "--") == 0 || (verb->stops_at_operand && word[0] != '-')) {
            for (i += word[0] == '-'; i < argc; i++)
                o->operands[o->operand_count++] = argv[i];
        } else if (strncmp(word, "--", 2) == 0) {
            st = read_long(o, word + 2, &argv[i + 1], &used_next, err);
        } else if (word[0] == '-' && word[1] != '\0') {
            st = read_short(o, word + 1, &argv[i + 1], &used_next, err);
        } else {
            o->operands[o->operand_count++] = word;
        }
        i += used_next;
    }
    o->operands[o->operand_count] = NULL;
    if (st != MEND_OK && err != NULL)
        mn_remedy(err, "see `mend %s --help`", verb->name);
    return st;
}

void
mn_options_fini(struct mn_options *o)
{
    mn_list_fini(&o->pids);
    mn_list_fini(&o->names);
    mn_list_fini(&o->patches);
}

static void
print_option(struct mn_buffer *out, const struct mn_option_row *row)
{
    char left[40];
    int n = row->letter != 0 ? snprintf(left, sizeof left, "  -%c, --%s", row->letter, row->name)
                             : snprintf(left, sizeof left, "      --%s", row->name);

    if (row->argument != NULL)
        snprintf(left + n, sizeof left - (size_t)n, "=%s", row->argument);
    mn_buffer_printf(out, "%-26s %s\n", left, row->help);
}

int
mn_options_help(const struct mn_verb *verb)
{
    struct mn_buffer out = MN_BUFFER_EMPTY;

    mn_buffer_printf(&out, "Examples:\n  %s\n  %s\n\n", verb->examples[0], verb->examples[1]);
    mn_buffer_printf(&out, "Usage: mend %s %s\n\n%s\nOptions:\n", verb->name, verb->usage, verb->about);
    for (int i = 0; i < MN_OPTION_COUNT; i++)
        if (mn_options_takes(verb, i))
            print_option(&out, &rows[i]);
    return mn_print(&out);
}
