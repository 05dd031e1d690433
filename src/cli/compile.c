/* SPDX-License-Identifier: MIT */
/* The program asked, its answer, and the memory file beside it. */
#include "cli/compile.h"

#include "agent/protocol.h"
#include "base/error.h"
#include "cli/client.h"
#include "cli/program.h"
#include "cli/rows.h"
#include "cli/start.h"
#include "cli/stopped.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* The program with Foundation and nothing else, installed beside the command line. */
static mend_status
find_host(char *path, size_t size, mend_error *err)
{
    char library[PATH_MAX], *slash;
    mend_status st = mn_start_library(library, sizeof library, err);

    if (st != MEND_OK)
        return st;
    for (int up = 0; up < 2; up++)
        if ((slash = strrchr(library, '/')) != NULL)
            *slash = '\0';
    if ((size_t)snprintf(path, size, "%s/libexec/mend/mend-host", library) >= size || access(path, X_OK) != 0) {
        mn_fail(err, MEND_UNSUPPORTED, "mend-host is not in %s/libexec/mend", library);
        mn_remedy(err, "install Mend whole, or name a program with --against");
        return MEND_UNSUPPORTED;
    }
    return MEND_OK;
}

static mend_status
read_answer(struct mn_output *out, const struct mn_patch_file *file, const char *path, const char *want,
            const struct mn_buffer *packet, int fd, struct mn_buffer *made, mend_error *err)
{
    const struct mn_json *result, *error;
    struct mn_json *reply;
    mend_status st;

    if (mn_json_parse(NULL, packet->data, packet->length, NULL, &reply, err) != MEND_OK) {
        mn_fail(err, MEND_PROTOCOL, "the answer of the agent in %s is not JSON", path);
        return mn_output_error(out, err);
    }
    if ((st = mn_client_split(reply, &result, &error, err)) == MEND_OK) {
        mn_rows_findings(result);
        st = fd >= 0 ? mn_sealed_read(fd, MN_LAUNCH_SIZE, made, err)
                     : mn_fail(err, MEND_PROTOCOL, "the answer of the agent in %s has no unit", path);
        if (st != MEND_OK)
            mn_output_error(out, err);
    } else if (error == NULL || mn_rows_findings(mn_json_member(error, "data")) == 0) {
        mn_output_error(out, err);
    } else {
        if (strcmp(want, "unit") == 0 || strcmp(want, "listing") == 0)
            mn_say(out->options, "%s does not compile against %s", file->path, path);
        else
            mn_say(out->options, "%s is not converted: it says what '%s' cannot say, or is wrong itself", file->path, want);
        if (out->options->json)
            mn_json_put_copy(&out->json, "error", error);
    }
    mn_json_free(reply);
    return st;
}

mend_status
mn_compile(struct mn_output *out, const struct mn_patch_file *file, const struct mn_buffer *headers, const char *want,
           struct mn_buffer *made, mend_error *err)
{
    const struct mn_options *o = out->options;
    struct mn_buffer packet = MN_BUFFER_EMPTY;
    char path[PATH_MAX];
    int record = -1, fd = -1;
    mend_status st = o->against != NULL ? mn_program_find(o->against, path, sizeof path, err)
                                        : find_host(path, sizeof path, err);

    if (st == MEND_OK && (st = mn_program_check(path, true, err)) == MEND_OK &&
        (st = mn_start_record_build(o, file, headers, want, &record, err)) == MEND_OK)
        st = mn_stopped_ask(path, record, o, &packet, &fd, err);
    st = st != MEND_OK ? mn_output_error(out, err)
                       : read_answer(out, file, o->against != NULL ? path : "Foundation", want, &packet, fd, made, err);
    if (record >= 0)
        close(record);
    if (fd >= 0)
        close(fd);
    mn_buffer_fini(&packet);
    return st;
}
