/* SPDX-License-Identifier: MIT */
/* The table of methods, and the JSON-RPC around it. */
#include "agent/dispatch.h"

#include "agent/protocol.h"
#include "base/clock.h"
#include "base/error.h"

#include <errno.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* A method writes its reply with begin_result … end_result, or fails with refuse. */

enum { MAIN_MS_MAX = 600000 };

static void
begin_reply(struct mn_call *c)
{
    mn_buffer_clear(c->reply);
    c->w = MN_JSON_INTO(c->reply);
    mn_json_object(&c->w, NULL);
    mn_json_put_text(&c->w, "jsonrpc", "2.0");
    mn_json_put_copy(&c->w, "id", c->id);
}

static void
begin_result(struct mn_call *c)
{
    begin_reply(c);
    mn_json_object(&c->w, "result");
}

static void
end_result(struct mn_call *c)
{
    mn_json_end(&c->w);
    mn_json_end(&c->w);
}

static void
refuse(struct mn_call *c, long long code, const mend_error *err)
{
    begin_reply(c);
    mn_json_object(&c->w, "error");
    mn_error_begin(&c->w, code, err);
    mn_json_end(&c->w);
    end_result(c);
}

static void
refuse_rpc(struct mn_call *c, int code, const char *message)
{
    mend_error err;

    mn_fail(&err, MEND_PROTOCOL, "%s", message);
    refuse(c, code, &err);
}

static void
answer_hello(struct mn_call *c)
{
    const struct mn_json *proto = mn_json_member(c->params, "proto");
    long long low = mn_json_int(mn_json_item(proto, 0), MN_PROTO_MIN);
    long long high = mn_json_int(mn_json_item(proto, 1), low);
    static time_t started;
    mend_error err;

    if (started == 0)
        started = time(NULL);
    if (high < MN_PROTO_MIN || low > MN_PROTO_MAX) {
        mn_fail(&err, MEND_PROTOCOL, "the agent speaks protocol %d to %d, the other side %lld to %lld",
                MN_PROTO_MIN, MN_PROTO_MAX, low, high);
        refuse(c, MEND_PROTOCOL, &err);
        return;
    }
    begin_result(c);
    mn_json_put_int(&c->w, "proto", high < MN_PROTO_MAX ? high : MN_PROTO_MAX);
    mn_json_array(&c->w, "range");
    mn_json_put_int(&c->w, NULL, MN_PROTO_MIN);
    mn_json_put_int(&c->w, NULL, MN_PROTO_MAX);
    mn_json_end(&c->w);
    mn_json_put_text(&c->w, "agent", mend_version());
    mn_json_put_int(&c->w, "pid", getpid());
    mn_json_put_text(&c->w, "name", program_invocation_short_name);
    mn_json_put_text(&c->w, "runtime", "gcc-libobjc4");
    mn_json_array(&c->w, "caps");
    mn_json_put_text(&c->w, NULL, "patch");
    mn_json_end(&c->w);
    mn_json_put_int(&c->w, "started", started);
    end_result(c);
}

/* The source of a patch, from the text in the request or from the memory file beside it. */
static mend_status
read_source(struct mn_call *c, struct mn_buffer *bytes, mend_source *source, mend_error *err)
{
    const struct mn_json *text = mn_json_member(c->params, "source");
    long long main_ms = mn_json_get_int(c->params, "main_ms", 0);
    mend_status st;

    *source = (mend_source){.name = mn_json_get_text(c->params, "name", "patch.m"),
                            .id = mn_json_get_text(c->params, "id", NULL),
                            .main_ms = main_ms > 0 && main_ms <= MAIN_MS_MAX ? (unsigned)main_ms : 0};
    if (mn_json_kind(text) == MN_JSON_TEXT) {
        source->text = mn_json_text(text, "");
        source->length = mn_json_count(text);
        return MEND_OK;
    }
    if (c->fd < 0)
        return mn_fail(err, MEND_PROTOCOL, "the request carries no source");
    if ((st = mn_sealed_read(c->fd, MN_SOURCE_MAX, bytes, err)) != MEND_OK)
        return st;
    source->text = mn_buffer_peek(bytes);
    source->length = bytes->length;
    return MEND_OK;
}

static void
answer_outcome(struct mn_call *c, const struct mn_outcome *outcome, bool colour)
{
    if (outcome->status == MEND_OK) {
        begin_result(c);
        mn_outcome_write(outcome, &c->w, colour);
        end_result(c);
        return;
    }
    begin_reply(c);
    mn_json_object(&c->w, "error");
    mn_error_begin(&c->w, outcome->status, &outcome->error);
    mn_outcome_write_findings(outcome, &c->w, colour);
    mn_json_end(&c->w);
    end_result(c);
}

static void
answer_patch(struct mn_call *c, bool check_only)
{
    bool colour = mn_json_get_bool(c->params, "color", false);
    struct mn_buffer bytes = MN_BUFFER_EMPTY;
    struct mn_outcome outcome;
    mend_source source;
    mend_error err;

    if (read_source(c, &bytes, &source, &err) != MEND_OK) {
        refuse(c, err.status, &err);
        mn_buffer_fini(&bytes);
        return;
    }
    mn_outcome_init(&outcome, c->backend, &source, check_only, c->received_ns);
    answer_outcome(c, &outcome, colour);
    mn_outcome_fini(&outcome);
    mn_buffer_fini(&bytes);
}

static void
answer_apply(struct mn_call *c)
{
    answer_patch(c, false);
}

static void
answer_check(struct mn_call *c)
{
    answer_patch(c, true);
}

static void
answer_revert(struct mn_call *c)
{
    const char *id = mn_json_get_text(c->params, "id", NULL);
    mend_status st;
    mend_error err;

    if (id == NULL) {
        refuse_rpc(c, MN_RPC_PARAMS, "revert needs the id of a patch");
        return;
    }
    if ((st = c->backend->revert(id, &err)) != MEND_OK) {
        refuse(c, st, &err);
        return;
    }
    begin_result(c);
    mn_json_put_text(&c->w, "id", id);
    mn_json_put_int(&c->w, "total_ns", (long long)(mn_clock_ns() - c->received_ns));
    end_result(c);
}

static int
write_patch(void *data, const mend_patch_info *info)
{
    struct mn_json_writer *w = data;

    mn_json_object(w, NULL);
    mn_json_put_text(w, "id", info->id);
    mn_json_put_text(w, "name", info->name);
    mn_json_put_int(w, "methods", info->methods);
    mn_json_put_int(w, "classes", info->classes);
    mn_json_put_int(w, "applied_at", info->applied_at);
    mn_json_end(w);
    return w->out->length <= MN_MESSAGE_MAX / 4; /* a reply must fit a packet */
}

static void
answer_status(struct mn_call *c)
{
    mend_error err;

    begin_result(c);
    mn_json_put_int(&c->w, "pid", getpid());
    mn_json_put_text(&c->w, "name", program_invocation_short_name);
    mn_json_array(&c->w, "patches");
    if (c->backend->each(write_patch, &c->w, &err) != MEND_OK) {
        refuse(c, err.status, &err);
        return;
    }
    mn_json_end(&c->w);
    end_result(c);
}

static const struct mn_asked methods[] = {
    {"hello", false, false, answer_hello}, {"status", false, false, answer_status},
    {"check", true, false, answer_check},  {"apply", true, true, answer_apply},
    {"revert", true, true, answer_revert},
};

static const struct mn_asked *
method_named(const char *name)
{
    for (size_t i = 0; i < sizeof methods / sizeof *methods; i++)
        if (strcmp(methods[i].name, name) == 0)
            return &methods[i];
    return NULL;
}

/* Finds the method of a message; false when there is none, or nobody who waits for its answer. */
static bool
find_method(struct mn_call *c)
{
    const char *name = mn_json_get_text(c->message, "method", NULL);

    if (mn_json_kind(c->message) != MN_JSON_OBJECT || name == NULL ||
        strcmp(mn_json_get_text(c->message, "jsonrpc", ""), "2.0") != 0) {
        refuse_rpc(c, MN_RPC_REQUEST, "not a JSON-RPC 2.0 request");
        return false;
    }
    if (mn_json_kind(c->id) == MN_JSON_ABSENT)
        return false;
    if ((c->method = method_named(name)) == NULL)
        refuse_rpc(c, MN_RPC_METHOD, "unknown method");
    return c->method != NULL;
}

/* JSON-RPC allows a text, a number or null; anything else is not echoed back. */
static const struct mn_json *
id_of(const struct mn_json *message)
{
    const struct mn_json *id = mn_json_member(message, "id");
    enum mn_json_kind kind = mn_json_kind(id);

    return kind == MN_JSON_ARRAY || kind == MN_JSON_OBJECT || mn_json_count(id) > 256 ? NULL : id;
}

bool
mn_call_open(struct mn_call *c, const struct mn_backend *backend, const struct mn_request *request,
             struct mn_buffer *reply)
{
    mend_error err;

    *c = (struct mn_call){
        .backend = backend, .fd = request->fd, .received_ns = request->received_ns, .reply = reply};
    mn_buffer_clear(reply);
    if (mn_json_parse(NULL, request->text, request->length, NULL, &c->message, &err) != MEND_OK) {
        refuse(c, err.status == MEND_NO_MEMORY ? MEND_NO_MEMORY : MN_RPC_PARSE, &err);
        return false;
    }
    c->id = id_of(c->message);
    c->params = mn_json_member(c->message, "params");
    if (find_method(c))
        return true;
    mn_call_close(c);
    return false;
}

void
mn_call_answer(struct mn_call *c, struct mn_buffer *reply)
{
    c->reply = reply;
    c->method->answer(c);
}

void
mn_call_refuse(struct mn_call *c, const mend_error *err, struct mn_buffer *reply)
{
    c->reply = reply;
    refuse(c, err->status, err);
}

void
mn_call_close(struct mn_call *c)
{
    mn_json_free(c->message);
    *c = (struct mn_call){.fd = -1};
}

void
mn_dispatch(const struct mn_backend *backend, const struct mn_request *request, struct mn_buffer *reply)
{
    struct mn_call call;

    if (!mn_call_open(&call, backend, request, reply))
        return;
    mn_call_answer(&call, reply);
    mn_call_close(&call);
}

void
mn_dispatch_outcome(const struct mn_outcome *outcome, bool colour, struct mn_buffer *reply)
{
    struct mn_call c = {.reply = reply};

    answer_outcome(&c, outcome, colour);
}

void
mn_dispatch_too_large(struct mn_buffer *reply)
{
    struct mn_call c = {.reply = reply};

    refuse_rpc(&c, MN_RPC_REQUEST, "the message is larger than 1 MiB");
}
