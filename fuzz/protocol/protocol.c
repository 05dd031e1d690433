/* SPDX-License-Identifier: MIT */
/*
 * The agent's decoder and dispatcher, and the command line's reading of replies, fed with bytes.
 *
 * The input is a packet; what follows its first NUL, if there is one, is a sealed memory file sent along.
 * Whatever comes in, what goes out must be a JSON-RPC message that fits a packet, and a check must change
 * nothing.
 */
#include "agent/dispatch.h"
#include "agent/protocol.h"
#include "base/buffer.h"
#include "base/clock.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../tests/unit/agent/fake_backend.c"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
require(bool holds)
{
    if (!holds)
        abort();
}

/* What the other side does with whatever it is sent. */
static void
read_as_reply(const char *text, size_t length)
{
    struct mn_buffer said = MN_BUFFER_EMPTY;
    struct mn_json *document;
    mend_error err;

    if (mn_json_parse(NULL, text, length, NULL, &document, &err) != MEND_OK)
        return;
    require(mn_error_read(mn_json_member(document, "error"), &err) != MEND_OK);
    mn_error_text(&said, &err);
    mn_buffer_fini(&said);
    mn_json_free(document);
}

static void
answer(const struct mn_request *request)
{
    struct mn_buffer reply = MN_BUFFER_EMPTY;
    struct mn_json *document;
    mend_error err;

    mn_dispatch(&mn_fake_backend, request, &reply);
    if (reply.length != 0) {
        require(!reply.failed && reply.length <= MN_MESSAGE_MAX);
        require(mn_json_parse(NULL, reply.data, reply.length, NULL, &document, &err) == MEND_OK);
        require((mn_json_member(document, "result") != NULL) != (mn_json_member(document, "error") != NULL));
        require(strcmp(mn_json_get_text(document, "jsonrpc", ""), "2.0") == 0);
        mn_json_free(document);
    }
    mn_buffer_fini(&reply);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const uint8_t *end = memchr(data, 0, size);
    struct mn_request request = {
        .text = (const char *)data, .length = size, .fd = -1, .received_ns = mn_clock_ns()};
    mend_error err;

    if (end != NULL) {
        request.length = (size_t)(end - data);
        require(mn_sealed_new("fuzz", (const char *)end + 1, size - request.length - 1, &request.fd, &err) ==
                MEND_OK);
    }
    answer(&request);
    read_as_reply(request.text, request.length);
    mn_fake_reset();
    if (request.fd >= 0)
        close(request.fd);
    return 0;
}
