/* SPDX-License-Identifier: MIT */
/* Requests and their replies, without sockets. */
#include "agent/dispatch.h"
#include "agent/protocol.h"
#include "base/clock.h"
#include "base/alloc.h"
#include "support/faults.h"
#include "fake_backend.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

static struct mn_buffer reply;

static int
forget_patches(void **state)
{
    mn_fake_reset();
    mn_buffer_fini(&reply);
    return 0;
}

/* The reply, lent until the next. */
static const char *
ask_with(const char *text, int fd)
{
    struct mn_request request = {text, strlen(text), fd, mn_clock_ns()};

    mn_dispatch(&mn_fake_backend, &request, &reply);
    return mn_buffer_peek(&reply);
}

static const char *
ask(const char *text)
{
    return ask_with(text, -1);
}

#define CALL(method, params) "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"" method "\",\"params\":" params "}"

static void
assert_contains(const char *text, const char *part)
{
    if (strstr(text, part) == NULL)
        fail_msg("no %s in %s", part, text);
}

static void
hello_names_the_process_and_the_protocol(void **state)
{
    const char *text = ask(CALL("hello", "{\"proto\":[1,4],\"from\":\"the future\"}"));

    assert_contains(text, "\"proto\":1");
    assert_contains(text, "\"agent\":\"" MEND_VERSION_STRING "\"");
    assert_contains(text, "\"pid\":");
    assert_contains(ask(CALL("hello", "{\"proto\":[2,4]}")), "\"code\":304");
    assert_contains(ask(CALL("hello", "{}")), "\"result\"");
}

static void
apply_tells_what_it_did_and_status_lists_it(void **state)
{
    const char *text = ask(CALL("apply", "{\"name\":\"fix.m\",\"id\":\"fix\",\"source\":\"a\\nb\\n\"}"));

    assert_contains(text, "\"id\":7");
    assert_contains(text, "\"methods\":2");
    assert_contains(text, "\"replaced\":false");
    assert_contains(text, "\"total_ns\":");
    assert_contains(ask(CALL("apply", "{\"name\":\"fix.m\",\"id\":\"fix\",\"source\":\"a\"}")),
                    "\"replaced\":true");
    assert_contains(ask(CALL("status", "{}")), "\"patches\":[{\"id\":\"fix\",\"name\":\"fix.m\"");
    assert_contains(ask(CALL("revert", "{\"id\":\"fix\"}")), "\"result\":{\"id\":\"fix\"");
    assert_contains(ask(CALL("status", "{}")), "\"patches\":[]");
}

static void
check_changes_nothing(void **state)
{
    assert_contains(ask(CALL("check", "{\"name\":\"fix.m\",\"source\":\"a\\n\"}")), "\"methods\":1");
    assert_int_equal(mn_fake_changes, 0);
}

static void
findings_travel_with_the_refusal(void **state)
{
    const char *text = ask(CALL("apply", "{\"name\":\"fix.m\",\"source\":\"bad\"}"));

    assert_contains(text, "\"error\":{\"code\":201");
    assert_contains(text, "\"file\":\"fix.m\",\"line\":1,\"column\":3");
    assert_contains(text, "\"remedy\":");
    assert_contains(text, "\"severity\":\"error\",\"file\":\"fix.m\",\"line\":2");
    assert_contains(text, "\"suggestion\":\"did you mean 'b'?\"");
    assert_contains(text, "\"text\":\"fix.m:1:3: a fault\\n\"");
    assert_int_equal(mn_fake_changes, 0);
    assert_contains(ask(CALL("apply", "{\"name\":\"w.m\",\"source\":\"warn\"}")), "\"severity\":\"warning\"");
    assert_contains(ask(CALL("check", "{\"name\":\"c.m\",\"source\":\"class\"}")),
                    "\"class\":\"Tariff\",\"selector\":\"price:\"");
}

static void
a_thousand_findings_fit_one_message(void **state)
{
    ask(CALL("check", "{\"name\":\"fix.m\",\"source\":\"many\"}"));
    assert_true(reply.length < MN_MESSAGE_MAX / 2);
    assert_contains(mn_buffer_peek(&reply), "\"left_out\":900");
}

static void
a_source_may_come_beside_the_message(void **state)
{
    mend_error err;
    int fd;

    assert_int_equal(mn_sealed_new("s", "a\nb\nc\n", 6, &fd, &err), MEND_OK);
    assert_contains(ask_with(CALL("apply", "{\"name\":\"fix.m\"}"), fd), "\"methods\":3");
    close(fd);
    assert_contains(ask_with(CALL("apply", "{\"name\":\"fix.m\"}"), STDIN_FILENO), "\"code\":304");
    assert_contains(ask(CALL("apply", "{\"name\":\"fix.m\"}")), "\"code\":304");
}

static void
what_is_no_request_is_answered_with_the_reserved_codes(void **state)
{
    static const struct {
        const char *text, *code;
    } rows[] = {
        {"", "-32700"},
        {"{\"jsonrpc\":\"2.0\",\"id\":1,\"meth", "-32700"},
        {"{\"jsonrpc\":\"2.0\",\"id\":1,\"id\":2}", "-32700"},
        {"\xff\xfe", "-32700"},
        {"[]", "-32600"},
        {"7", "-32600"},
        {"{\"id\":1,\"method\":\"status\"}", "-32600"},
        {"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":7}", "-32600"},
        {CALL("format_disk", "{}"), "-32601"},
        {CALL("revert", "{}"), "-32602"},
        {CALL("revert", "[1,2]"), "-32602"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_contains(ask(rows[i].text), rows[i].code);
    assert_int_equal(mn_fake_changes, 0);
}

static void
nesting_beyond_the_limit_is_refused(void **state)
{
    char text[200];

    memset(text, '[', 100);
    memset(text + 100, ']', 99);
    text[199] = '\0';
    assert_contains(ask(text), "-32700");
}

static void
a_notification_has_no_answer_and_no_effect(void **state)
{
    assert_string_equal(
        ask("{\"jsonrpc\":\"2.0\",\"method\":\"apply\",\"params\":{\"name\":\"f.m\",\"source\":\"a\"}}"), "");
    assert_int_equal(mn_fake_changes, 0);
}

static void
without_memory_a_request_is_refused_or_the_reply_marked(void **state)
{
    struct mn_faults f = {0};

    while (mn_faults_next(&f)) {
        ask(CALL("check", "{\"name\":\"fix.m\",\"source\":\"bad\"}"));
        if (!mn_faults_hit(&f))
            assert_false(reply.failed);
        mn_buffer_fini(&reply);
        assert_int_equal(mn_fake_changes, 0);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(hello_names_the_process_and_the_protocol, forget_patches),
        cmocka_unit_test_teardown(apply_tells_what_it_did_and_status_lists_it, forget_patches),
        cmocka_unit_test_teardown(check_changes_nothing, forget_patches),
        cmocka_unit_test_teardown(findings_travel_with_the_refusal, forget_patches),
        cmocka_unit_test_teardown(a_thousand_findings_fit_one_message, forget_patches),
        cmocka_unit_test_teardown(a_source_may_come_beside_the_message, forget_patches),
        cmocka_unit_test_teardown(what_is_no_request_is_answered_with_the_reserved_codes, forget_patches),
        cmocka_unit_test_teardown(nesting_beyond_the_limit_is_refused, forget_patches),
        cmocka_unit_test_teardown(a_notification_has_no_answer_and_no_effect, forget_patches),
        cmocka_unit_test_teardown(without_memory_a_request_is_refused_or_the_reply_marked, forget_patches),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
