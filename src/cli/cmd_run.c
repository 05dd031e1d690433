/* SPDX-License-Identifier: MIT */
/* mend run */
#include "base/error.h"
#include "cli/output.h"
#include "cli/program.h"
#include "cli/start.h"
#include "cli/verb.h"

#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

static mend_status
read_patches(const struct mn_options *o, struct mn_list *files, mend_error *err)
{
    mend_status st = MEND_OK;

    *files = MN_LIST_OF(struct mn_patch_file);
    for (size_t i = 0; i < o->patches.count && st == MEND_OK; i++) {
        struct mn_patch_file *file = mn_list_add(files);

        if (file == NULL)
            return mn_fail_memory(err);
        st = mn_patch_file_read(*MN_LIST_AT(const char *, &o->patches, i), file, err);
    }
    return st;
}

static void
free_patches(struct mn_list *files)
{
    for (size_t i = 0; i < files->count; i++)
        mn_patch_file_free(MN_LIST_AT(struct mn_patch_file, files, i));
    mn_list_fini(files);
}

/* The flags of MN_LAUNCH_VARIABLE. */
static const char *
flags_of(const struct mn_options *o)
{
    if (o->patches.count > 0)
        return "p"; /* that a program was not started is said even with --quiet */
    return o->quiet ? "q" : "";
}

/* Returns only where it failed. */
static mend_status
become(const struct mn_options *o, const struct mn_list *files, mend_error *err)
{
    char path[PATH_MAX], library[PATH_MAX];
    mend_status st;
    int record;

    if ((st = mn_program_find(o->operands[0], path, sizeof path, err)) != MEND_OK)
        return st;
    if ((st = mn_program_check(path, files->count > 0, err)) != MEND_OK)
        return st;
    if ((st = mn_start_library(library, sizeof library, err)) != MEND_OK)
        return st;
    if ((st = mn_start_record(o, files->items, files->count, &record, err)) != MEND_OK)
        return st;
    st = mn_start_become(path, o->operands, library, record, -1, flags_of(o), err);
    if (record >= 0)
        close(record);
    return st;
}

static int
run(const struct mn_options *o)
{
    struct mn_list files;
    mend_error err;

    if (o->operand_count == 0) {
        mn_fail(&err, MEND_INVALID, "no program was named");
        mn_remedy(&err, "mend run --patch fix.m -- PROGRAM ARGUMENTS");
        return mn_output_refuse(o, &err);
    }
    if (o->id != NULL && o->patches.count > 1) {
        mn_fail(&err, MEND_INVALID, "one --id cannot name %zu patches", o->patches.count);
        return mn_output_refuse(o, &err);
    }
    if (read_patches(o, &files, &err) == MEND_OK)
        become(o, &files, &err);
    free_patches(&files);
    return mn_output_refuse(o, &err);
}

const struct mn_verb mn_verb_run = {
    .name = "run",
    .summary = "start a program with the agent in it, patched from the first instruction of main",
    .usage = "[--patch FILE]... [--] PROGRAM [ARGUMENT]...",
    .examples = {"mend run --patch fix.m -- lsar photo.zip", "mend run -- sogod -WONoDetach YES"},
    .about = "The program's input, output, signals and exit code are its own. If a patch does not check "
             "against its\n"
             "classes, it is not started: the findings are on stderr, and the exit code says why (mend(1)).\n"
             "Programs it starts in turn have an agent, too, and so do the processes it forks, which keep "
             "its patches.\n",
    .takes = MN_TAKES(PATCH) | MN_TAKES(ID),
    .stops_at_operand = true,
    .run = run,
};
