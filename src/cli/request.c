/* SPDX-License-Identifier: MIT */
/* Writing requests. */
#include "cli/request.h"

#include "agent/protocol.h"
#include "base/error.h"

#include <unistd.h>

static struct mn_json_writer
begin(struct mn_ask *ask, const char *method)
{
    struct mn_json_writer w;

    *ask = (struct mn_ask){.fd = -1};
    w = MN_JSON_INTO(&ask->text);
    mn_json_object(&w, NULL);
    mn_json_put_text(&w, "jsonrpc", "2.0");
    mn_json_put_int(&w, "id", 1);
    mn_json_put_text(&w, "method", method);
    mn_json_object(&w, "params");
    return w;
}

static mend_status
end(struct mn_ask *ask, struct mn_json_writer *w, mend_error *err)
{
    mn_json_end(w);
    mn_json_end(w);
    if (!ask->text.failed)
        return MEND_OK;
    mn_ask_fini(ask);
    return mn_fail_memory(err);
}

mend_status
mn_ask_patch(struct mn_ask *ask, const char *method, const struct mn_patch_file *file, const char *id,
             unsigned main_ms, bool colour, mend_error *err)
{
    struct mn_json_writer w = begin(ask, method);
    char own_id[MN_ID_MAX + 1];
    mend_status st;

    mn_patch_file_id(file->path, own_id, sizeof own_id);
    mn_json_put_text(&w, "name", file->path);
    mn_json_put_text(&w, "id", id != NULL ? id : own_id);
    mn_json_put_bool(&w, "color", colour);
    if (main_ms != 0)
        mn_json_put_int(&w, "main_ms", main_ms);
    if (!file->unit && file->text.length <= MN_SOURCE_INLINE_MAX) {
        mn_json_put_bytes(&w, "source", file->text.data, file->text.length);
    } else if ((st = mn_sealed_new("mend-patch", file->text.data, file->text.length, &ask->fd, err)) !=
               MEND_OK) {
        mn_ask_fini(ask);
        return st;
    }
    return end(ask, &w, err);
}

mend_status
mn_ask_plain(struct mn_ask *ask, const char *method, const char *id, mend_error *err)
{
    struct mn_json_writer w = begin(ask, method);

    if (id != NULL)
        mn_json_put_text(&w, "id", id);
    return end(ask, &w, err);
}

void
mn_ask_fini(struct mn_ask *ask)
{
    mn_buffer_fini(&ask->text);
    if (ask->fd >= 0)
        close(ask->fd);
    ask->fd = -1;
}
