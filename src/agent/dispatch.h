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

#include <stddef.h>
#include <stdint.h>

struct mn_request {
    const char *text;
    size_t length;
    int fd;               /* sent along, or -1; lent */
    uint64_t received_ns; /* mn_now_ns() at receipt */
};

/* Replaces the content of reply; reply->failed when memory ran out. Runs on one thread at a time. */
void mn_dispatch(const struct mn_backend *backend, const struct mn_request *request, struct mn_buffer *reply);

/* The reply to a request apply or check with the id 1, for a program that was started to answer one. */
void mn_dispatch_outcome(const struct mn_outcome *outcome, bool colour, struct mn_buffer *reply);

/* The reply to a packet too large to be read. */
void mn_dispatch_too_large(struct mn_buffer *reply);

#endif
