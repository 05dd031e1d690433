/* SPDX-License-Identifier: MIT */
/* Collecting findings while a backend works, and telling them afterwards. */
#include "agent/outcome.h"

#include "agent/protocol.h"
#include "base/alloc.h"
#include "base/clock.h"
#include "base/error.h"

#include <string.h>

static const char *
keep(struct mn_outcome *o, const char *text)
{
    if (text == NULL)
        return NULL;
    o->bytes += strlen(text);
    return mn_arena_strdup(&o->texts, text);
}

static void
collect(void *data, const mend_diagnostic *finding)
{
    struct mn_outcome *o = data;
    mend_diagnostic *copy;

    if (o->findings.count >= MN_OUTCOME_FINDINGS || o->bytes >= MN_OUTCOME_BYTES || o->texts.failed ||
        (copy = mn_list_add(&o->findings)) == NULL) {
        o->left_out++;
        return;
    }
    *copy = *finding;
    copy->file = keep(o, finding->file);
    copy->message = keep(o, finding->message);
    copy->suggestion = keep(o, finding->suggestion);
    copy->source_line = keep(o, finding->source_line);
    copy->pointer = keep(o, finding->pointer);
    if (o->texts.failed) {
        o->findings.count--;
        o->left_out++;
    }
}

void
mn_outcome_init(struct mn_outcome *o, const struct mn_backend *backend, const mend_source *source,
                bool check_only, uint64_t since)
{
    memset(o, 0, sizeof *o);
    o->backend = backend;
    o->findings = MN_LIST_OF(mend_diagnostic);
    if (source->id == NULL || (o->status = mn_id_check(source->id, &o->error)) == MEND_OK)
        o->status = (check_only ? backend->check : backend->apply)(source, collect, o, &o->report, &o->error);
    o->total_ns = mn_clock_ns() - since;
}

static void
take(void *to, const void *bytes, size_t length)
{
    mn_buffer_append(to, bytes, length);
}

void
mn_outcome_compile(struct mn_outcome *o, const struct mn_backend *backend, const mend_source *source,
                   mend_compiled form, struct mn_buffer *made, uint64_t since)
{
    memset(o, 0, sizeof *o);
    o->backend = backend;
    o->findings = MN_LIST_OF(mend_diagnostic);
    o->status = backend->compile(source, form, collect, o, take, made, &o->error);
    if (o->status == MEND_OK && made->failed)
        o->status = mn_fail_memory(&o->error);
    o->total_ns = mn_clock_ns() - since;
}

void
mn_outcome_fini(struct mn_outcome *o)
{
    mn_list_fini(&o->findings);
    mn_arena_fini(&o->texts);
}

/* The finding as a compiler prints it; NULL when memory has run out. Freed by the caller. */
static char *
format(const struct mn_outcome *o, const mend_diagnostic *finding, bool colour)
{
    size_t size = o->backend->format(finding, colour, NULL, 0) + 1;
    char *text = mn_malloc(size);

    if (text != NULL)
        o->backend->format(finding, colour, text, size);
    return text;
}

static void
write_finding(const struct mn_outcome *o, struct mn_json_writer *w, const mend_diagnostic *finding,
              bool colour)
{
    static const char *const severities[] = {"note", "warning", "error"};
    char *text = format(o, finding, colour);

    mn_json_object(w, NULL);
    mn_json_put_text(w, "severity", severities[finding->severity]);
    mn_json_put_text(w, "file", finding->file);
    mn_json_put_int(w, "line", finding->line);
    mn_json_put_int(w, "column", finding->column);
    mn_json_put_int(w, "width", finding->width);
    mn_json_put_text(w, "message", finding->message);
    if (finding->suggestion != NULL)
        mn_json_put_text(w, "suggestion", finding->suggestion);
    if (finding->pointer != NULL && *finding->pointer != '\0')
        mn_json_put_text(w, "pointer", finding->pointer);
    mn_json_put_text(w, "text", text);
    mn_json_end(w);
    mn_free(text);
}

void
mn_outcome_write_findings(const struct mn_outcome *o, struct mn_json_writer *w, bool colour)
{
    mn_json_array(w, "diagnostics");
    for (size_t i = 0; i < o->findings.count && w->out->length < MN_MESSAGE_MAX / 4; i++)
        write_finding(o, w, MN_LIST_AT(mend_diagnostic, &o->findings, i), colour);
    mn_json_end(w);
    if (o->left_out != 0)
        mn_json_put_int(w, "left_out", (long long)o->left_out);
}

void
mn_outcome_write(const struct mn_outcome *o, struct mn_json_writer *w, bool colour)
{
    mn_json_put_int(w, "methods", o->report.methods);
    mn_json_put_int(w, "classes", o->report.classes);
    mn_json_put_bool(w, "replaced", o->report.replaced != 0);
    mn_json_put_int(w, "read_ns", (long long)o->report.read_ns);
    mn_json_put_int(w, "check_ns", (long long)o->report.check_ns);
    mn_json_put_int(w, "commit_ns", (long long)o->report.commit_ns);
    mn_json_put_int(w, "total_ns", (long long)o->total_ns);
    mn_outcome_write_findings(o, w, colour);
}

void
mn_outcome_text(const struct mn_outcome *o, struct mn_buffer *text, bool colour)
{
    for (size_t i = 0; i < o->findings.count; i++) {
        char *one = format(o, MN_LIST_AT(mend_diagnostic, &o->findings, i), colour);

        if (one != NULL)
            mn_buffer_text(text, one);
        mn_free(one);
    }
    if (o->left_out != 0)
        mn_buffer_printf(text, "mend: %zu more findings are not shown\n", o->left_out);
    if (o->status != MEND_OK && o->findings.count == 0)
        mn_error_text(text, &o->error);
}
