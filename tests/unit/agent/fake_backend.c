/* SPDX-License-Identifier: MIT */
/* See fake_backend.h. */
#include "fake_backend.h"

#include "base/error.h"
#include "patch/top_level.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

enum { ROOM = 16 };

unsigned mn_fake_applied, mn_fake_changes;
static struct mn_body top_level;
static pthread_mutex_t lock =
    PTHREAD_MUTEX_INITIALIZER; /* of the list: it is read while a patch is worked on */

static struct {
    char id[64], name[64];
} patches[ROOM];

static void
find_fault(const mend_source *source, mend_diagnose diagnose, void *data, mend_severity severity,
           unsigned line)
{
    mend_diagnostic finding = {.severity = severity,
                               .file = source->name,
                               .line = line,
                               .column = 3,
                               .width = 2,
                               .message = "a fault",
                               .suggestion = "did you mean 'b'?",
                               .source_line = "  aa"};

    if (diagnose != NULL)
        diagnose(data, &finding);
}

static bool
begins(const mend_source *source, const char *word)
{
    return source->length >= strlen(word) && memcmp(source->text, word, strlen(word)) == 0;
}

static mend_status
check(const mend_source *source, mend_diagnose diagnose, void *data, mend_patch_report *report,
      mend_error *err)
{
    unsigned faults = begins(source, "bad") ? 2 : begins(source, "many") ? 1000 : 0;

    for (unsigned i = 1; i <= faults; i++)
        find_fault(source, diagnose, data, MEND_ERROR, i);
    if (faults > 0)
        return mn_fail_at(err, MEND_CHECK, source->name, 1, 3, "a fault");
    if (begins(source, "warn"))
        find_fault(source, diagnose, data, MEND_WARNING, 1);
    if (begins(source, "class")) {
        mn_fail_method(err, MEND_NO_METHOD, "Tariff", "price:", "the class has no such method");
        return MEND_NO_METHOD;
    }
    for (size_t i = 0; report != NULL && i < source->length; i++)
        report->methods += source->text[i] == '\n';
    return MEND_OK;
}

/* Puts the patch in the list; false when there is no room. */
static bool
enter(const char *id, const char *name, int *replaced)
{
    unsigned i = 0;

    pthread_mutex_lock(&lock);
    while (i < mn_fake_applied && strncmp(patches[i].id, id, sizeof patches[i].id - 1) != 0)
        i++;
    *replaced = i < mn_fake_applied;
    if (i < ROOM) {
        mn_fake_applied += i == mn_fake_applied;
        mn_copy_text(patches[i].id, sizeof patches[i].id, id);
        mn_copy_text(patches[i].name, sizeof patches[i].name, name);
        mn_fake_changes++;
    }
    pthread_mutex_unlock(&lock);
    return i < ROOM;
}

void
mn_fake_top_level(const struct mn_engine *engine)
{
    pthread_mutex_lock(&lock);
    top_level.engine = engine;
    pthread_mutex_unlock(&lock);
}

static struct mn_body
top_level_now(void)
{
    struct mn_body body;

    pthread_mutex_lock(&lock);
    body = top_level;
    pthread_mutex_unlock(&lock);
    return body;
}

static mend_status
apply(const mend_source *source, mend_diagnose diagnose, void *data, mend_patch_report *report,
      mend_error *err)
{
    mend_status st = check(source, diagnose, data, report, err);
    struct mn_body body;

    if (st == MEND_OK && (body = top_level_now()).engine != NULL)
        st = mn_top_level_run(&body, source->main_ms, err);
    if (st != MEND_OK)
        return st;
    return enter(source->id != NULL ? source->id : source->name, source->name, &report->replaced)
               ? MEND_OK
               : mn_fail(err, MEND_NO_MEMORY, "no room");
}

static mend_status
revert(const char *id, mend_error *err)
{
    bool found = false;

    pthread_mutex_lock(&lock);
    for (unsigned i = 0; i < mn_fake_applied && !found; i++)
        if (strncmp(patches[i].id, id, sizeof patches[i].id - 1) == 0) {
            patches[i] = patches[--mn_fake_applied];
            mn_fake_changes++;
            found = true;
        }
    pthread_mutex_unlock(&lock);
    return found ? MEND_OK : mn_fail(err, MEND_NO_PATCH, "no patch with this id is applied");
}

static mend_status
each(int (*visit)(void *data, const mend_patch_info *info), void *data, mend_error *err)
{
    int going = 1;

    (void)err;
    pthread_mutex_lock(&lock);
    for (unsigned i = 0; i < mn_fake_applied && going; i++)
        going = visit(data, &(mend_patch_info){.id = patches[i].id, .name = patches[i].name, .methods = 1});
    pthread_mutex_unlock(&lock);
    return MEND_OK;
}

static size_t
format(const mend_diagnostic *f, int colour, char *text, size_t size)
{
    int n = snprintf(text, size, "%s:%u:%u: %s%s\n", f->file, f->line, f->column, colour ? "\033[1m" : "",
                     f->message);

    return (size_t)n;
}

void
mn_fake_reset(void)
{
    mn_fake_applied = mn_fake_changes = 0;
}

static mend_status
compile(const mend_source *source, mend_compiled form, mend_diagnose diagnose, void *data,
        void (*take)(void *to, const void *bytes, size_t length), void *to, mend_error *err)
{
    mend_status st = check(source, diagnose, data, NULL, err);

    if (st == MEND_OK)
        take(to, form == MEND_COMPILED_UNIT ? "unit" : "listing", form == MEND_COMPILED_UNIT ? 4 : 7);
    return st;
}

const struct mn_backend mn_fake_backend = {
    .apply = apply, .check = check, .compile = compile, .revert = revert, .each = each, .format = format};
