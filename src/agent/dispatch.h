/* SPDX-License-Identifier: MIT */
/*
 * One request in, one reply out: JSON-RPC without sockets, so that a test or a fuzzer can feed it bytes.
 *
 * Whatever the bytes are, the reply is a whole JSON-RPC message; a request without an id (a notification)
 * changes nothing and has an empty reply, because its sender could not learn what came of it.
 */
#ifndef MN_AGENT_DISPATCH_H
#define MN_AGENT_DISPATCH_H

#include "agent/outcome.h"
#include "base/buffer.h"
#include "base/json.h"
#include "base/json_writer.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct mn_call;

struct mn_request {
    const char *text;
    size_t length;
    int fd;               /* sent along, or -1; lent */
    uint64_t received_ns; /* mn_clock_ns() at receipt */
};

/* What a request asks for. */
struct mn_asked {
    const char *name;
    bool waits;   /* for its turn: it reads a patch or changes something, one at a time */
    bool changes; /* the program: its sender is told when it begins (MN_BEGUN) */
    void (*answer)(struct mn_call *call);
};

/* A request that was read. Opened, answered and closed by one thread at a time, not always the same. */
struct mn_call {
    const struct mn_backend *backend;
    const struct mn_asked *method;
    int fd; /* sent along, or -1; lent */
    uint64_t received_ns;
    struct mn_json *message;           /* owned */
    const struct mn_json *id, *params; /* parts of it */
    struct mn_buffer *reply;           /* only while one is written */
    struct mn_json_writer w;
};

/*
 * Reads a request, whose text is needed no longer. False: there is nothing to answer or to close; *reply has
 * the refusal, or nothing.
 */
bool mn_call_open(struct mn_call *call, const struct mn_backend *backend, const struct mn_request *request,
                  struct mn_buffer *reply);

/* Does what is asked. Replaces the content of reply; reply->failed when memory ran out. */
void mn_call_answer(struct mn_call *call, struct mn_buffer *reply);

/* Answers that it cannot be done now. */
void mn_call_refuse(struct mn_call *call, const mend_error *err, struct mn_buffer *reply);

/* Gives back what open took; the call is empty then, and may be closed again. */
void mn_call_close(struct mn_call *call);

/* All of it in one: what a test or a fuzzer feeds. */
void mn_dispatch(const struct mn_backend *backend, const struct mn_request *request, struct mn_buffer *reply);

/* The reply to a request apply or check with the id 1, for a program that was started to answer one. */
void mn_dispatch_outcome(const struct mn_outcome *outcome, bool colour, struct mn_buffer *reply);

/* The reply to a packet too large to be read. */
void mn_dispatch_too_large(struct mn_buffer *reply);

#endif
