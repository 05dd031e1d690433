/* SPDX-License-Identifier: MIT */
/* mend explain: what a status means, how one comes there, and how to get on. */
#include "base/error.h"
#include "cli/nearest.h"
#include "cli/output.h"
#include "cli/verb.h"

#include <assert.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

static const struct entry {
    mend_status status;
    const char *name, *paragraphs;
} entries[] = {
#define X(name, paragraphs) {MEND_##name, #name, paragraphs},
#include "cli/explain.def"
#undef X
};
enum { ENTRIES = sizeof entries / sizeof entries[0] };

/* One paragraph a status: a status without one does not compile. */
enum {
#define X(name, number, exit, text, remedy) STATUS_##name,
#include <mend/status.def>
#undef X
    STATUSES
};
static_assert((int)ENTRIES == (int)STATUSES, "each status of status.def has its X in explain.def");

/* A name as it is written in C, in any case, with or without MEND_, with '-' for '_'. */
static bool
is_name(const char *word, const char *name)
{
    if (strncmp(word, "MEND_", 5) == 0)
        word += 5;
    for (; *word != '\0' && *name != '\0'; word++, name++)
        if (*name != (*word == '-' ? '_' : toupper((unsigned char)*word)))
            return false;
    return *word == *name;
}

/* E0112, e112, 112 or 0112; -1 for what is no number. */
static long
number_of(const char *word)
{
    char *end;
    long number;

    if (*word == 'E' || *word == 'e')
        word++;
    if (!isdigit((unsigned char)*word))
        return -1;
    number = strtol(word, &end, 10);
    return *end == '\0' ? number : -1;
}

static const struct entry *
entry_meant(const char *word)
{
    long number = number_of(word);

    for (int i = 0; i < ENTRIES; i++)
        if ((long)entries[i].status == number || is_name(word, entries[i].name))
            return &entries[i];
    return NULL;
}

static mend_status
refuse(const char *word, mend_error *err)
{
    struct mn_nearest nearest = {.word = word, .length = strlen(word)};

    for (int i = 0; i < ENTRIES; i++)
        mn_nearest_offer(&nearest, entries[i].name);
    if (nearest.best == NULL)
        mn_fail(err, MEND_INVALID, "there is no error '%s'", word);
    else
        mn_fail(err, MEND_INVALID, "there is no error '%s'; did you mean '%s'?", word, nearest.best);
    mn_remedy(err, "`mend explain` lists them all");
    return MEND_INVALID;
}

static void
entry_json(struct mn_json_writer *w, const struct entry *e)
{
    mn_json_object(w, NULL);
    mn_json_put_int(w, "code", e->status);
    mn_json_put_text(w, "name", e->name);
    mn_json_put_int(w, "exit", mend_status_exit_code(e->status));
    mn_json_put_text(w, "text", mend_status_text(e->status));
    mn_json_put_text(w, "remedy", mend_status_remedy(e->status));
    mn_json_put_text(w, "about", e->paragraphs);
    mn_json_end(w);
}

static void
entry_text(struct mn_buffer *text, const struct entry *e)
{
    mn_buffer_printf(text, "E%04d  %s  (MEND_%s, exit code %d)\n\n%s", (int)e->status,
                     mend_status_text(e->status), e->name, mend_status_exit_code(e->status), e->paragraphs);
    if (*mend_status_remedy(e->status) != '\0')
        mn_buffer_printf(text, "\nRemedy: %s\n", mend_status_remedy(e->status));
}

static void
list(struct mn_output *out)
{
    for (int i = 0; i < ENTRIES; i++)
        if (out->options->json)
            entry_json(&out->json, &entries[i]);
        else
            mn_buffer_printf(&out->text, "E%04d  %-22s %3d  %s\n", (int)entries[i].status, entries[i].name,
                             mend_status_exit_code(entries[i].status), mend_status_text(entries[i].status));
}

static int
run(const struct mn_options *o)
{
    const struct entry *meant[16];
    struct mn_output out;
    mend_error err;

    if (o->operand_count > (int)(sizeof meant / sizeof meant[0])) {
        mn_fail(&err, MEND_INVALID, "mend explain takes at most 16 codes at once");
        return mn_output_refuse(o, &err);
    }
    for (int i = 0; i < o->operand_count; i++)
        if ((meant[i] = entry_meant(o->operands[i])) == NULL && refuse(o->operands[i], &err) != MEND_OK)
            return mn_output_refuse(o, &err);
    mn_output_begin(&out, o);
    if (o->json)
        mn_json_array(&out.json, "errors");
    if (o->operand_count == 0)
        list(&out);
    for (int i = 0; i < o->operand_count; i++)
        if (o->json) {
            entry_json(&out.json, meant[i]);
        } else {
            mn_buffer_text(&out.text, i > 0 ? "\n" : "");
            entry_text(&out.text, meant[i]);
        }
    if (o->json)
        mn_json_end(&out.json);
    return mn_output_end(&out, MEND_OK);
}

const struct mn_verb mn_verb_explain = {
    .name = "explain",
    .summary = "explain an error's number or name",
    .usage = "[CODE ...]",
    .examples = {"mend explain E0112", "mend explain signature-mismatch"},
    .about = "Says what an error means, how one comes there and how to get on. CODE is the number an error "
             "is printed\n"
             "with, or the name it has in C. Without CODE, lists them all with their exit codes.\n",
    .run = run,
};
