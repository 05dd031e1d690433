/* SPDX-License-Identifier: MIT */
/* The environment, the record, exec. */
#include "cli/start.h"

#include "agent/protocol.h"
#include "base/error.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* bin/mend and lib/ lie side by side, wherever the tree was put. */
mend_status
mn_start_library(char *path, size_t size, mend_error *err)
{
    char self[PATH_MAX];
    ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);
    int length;

    self[n > 0 ? n : 0] = '\0';
    for (int up = 0; up < 2; up++) {
        char *slash = strrchr(self, '/');

        if (slash != NULL)
            *slash = '\0';
    }
    length = snprintf(path, size, "%s/lib/" MN_AGENT_LIBRARY, self);
    if (length <= 0 || (size_t)length >= size || access(path, R_OK) != 0) {
        mn_fail(err, MEND_UNSUPPORTED, MN_AGENT_LIBRARY " is not in %s/lib", self);
        mn_remedy(err, "install Mend whole");
        return MEND_UNSUPPORTED;
    }
    if (strpbrk(path, " :") != NULL) {
        mn_fail(err, MEND_UNSUPPORTED, "%s cannot be preloaded: its path has a space or a colon", path);
        mn_remedy(err, "install Mend in a folder without them");
        return MEND_UNSUPPORTED;
    }
    return MEND_OK;
}

static void
put_patch(struct mn_json_writer *w, const struct mn_options *o, const struct mn_patch_file *file,
          const struct mn_buffer *headers)
{
    static const char digits[] = "0123456789abcdef";
    struct mn_buffer hex = MN_BUFFER_EMPTY;
    char id[MN_ID_MAX + 1];

    mn_patch_file_id(file->path, id, sizeof id);
    mn_json_object(w, NULL);
    mn_json_put_text(w, "name", file->path);
    mn_json_put_text(w, "id", o->id != NULL ? o->id : id);
    for (size_t i = 0; file->unit && i < file->text.length; i++) {
        mn_buffer_char(&hex, digits[(unsigned char)file->text.data[i] >> 4]);
        mn_buffer_char(&hex, digits[file->text.data[i] & 15]);
    }
    if (file->unit)
        mn_json_put_bytes(w, "unit", hex.data, hex.length);
    else
        mn_json_put_bytes(w, "source", file->text.data, file->text.length);
    if (headers != NULL && headers->length != 0)
        mn_json_put_bytes(w, "headers", headers->data, headers->length);
    mn_json_end(w);
    mn_buffer_fini(&hex);
}

static mend_status
seal_record(struct mn_buffer *text, int *fd, mend_error *err)
{
    mend_status st = text->failed ? mn_fail_memory(err)
                     : text->length > MN_LAUNCH_SIZE
                         ? mn_fail(err, MEND_TOO_LARGE, "the patches are larger than %d MiB together",
                                   MN_LAUNCH_SIZE >> 20)
                         : mn_sealed_new("mend-launch", text->data, text->length, fd, err);

    mn_buffer_fini(text);
    return st;
}

mend_status
mn_start_record(const struct mn_options *o, const struct mn_patch_file *files, size_t count, int *fd,
                mend_error *err)
{
    struct mn_buffer text = MN_BUFFER_EMPTY;
    struct mn_json_writer w = MN_JSON_INTO(&text);

    *fd = -1;
    if (count == 0)
        return MEND_OK;
    mn_json_object(&w, NULL);
    mn_json_put_bool(&w, "color", o->colour);
    mn_json_put_bool(&w, "verbose", o->verbose);
    mn_json_array(&w, "patches");
    for (size_t i = 0; i < count; i++)
        put_patch(&w, o, &files[i], NULL);
    mn_json_end(&w);
    mn_json_end(&w);
    return seal_record(&text, fd, err);
}

mend_status
mn_start_record_build(const struct mn_options *o, const struct mn_patch_file *file, const struct mn_buffer *headers,
                      const char *want, int *fd, mend_error *err)
{
    struct mn_buffer text = MN_BUFFER_EMPTY;
    struct mn_json_writer w = MN_JSON_INTO(&text);

    *fd = -1;
    mn_json_object(&w, NULL);
    mn_json_put_bool(&w, "color", o->colour);
    mn_json_put_text(&w, "want", want);
    mn_json_array(&w, "patches");
    put_patch(&w, o, file, headers);
    mn_json_end(&w);
    mn_json_end(&w);
    return seal_record(&text, fd, err);
}

static bool
set_preload(const char *library)
{
    const char *before = getenv("LD_PRELOAD");
    struct mn_buffer value = MN_BUFFER_EMPTY;
    bool ok;

    mn_buffer_text(&value, library);
    if (before != NULL && *before != '\0' && strcmp(before, library) != 0)
        mn_buffer_printf(&value, ":%s", before);
    ok = !value.failed && setenv("LD_PRELOAD", value.data, 1) == 0;
    mn_buffer_fini(&value);
    return ok;
}

static bool
set_launch(int record_fd, int report_fd, const char *flags)
{
    char note[64];

    for (int i = 0; i < 2; i++) {
        int fd = i == 0 ? record_fd : report_fd;

        if (fd >= 0 && fcntl(fd, F_SETFD, 0) != 0)
            return false;
    }
    snprintf(note, sizeof note, "%d:%d:%d:%s", (int)getpid(), record_fd, report_fd,
             *flags != '\0' ? flags : "-");
    return setenv(MN_LAUNCH_VARIABLE, note, 1) == 0;
}

mend_status
mn_start_become(const char *path, char **argv, const char *library, int record_fd, int report_fd,
                const char *flags, mend_error *err)
{
    if (!set_preload(library) || !set_launch(record_fd, report_fd, flags))
        return mn_fail(err, MEND_NO_MEMORY, "cannot prepare the environment of %s", path);
    signal(SIGPIPE, SIG_DFL); /* caught signals return to their defaults by themselves, ignored ones do not */
    execv(path, argv);
    return mn_fail(err, MEND_IO, "cannot run %s: %s", path, strerror(errno));
}
