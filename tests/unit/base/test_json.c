/* SPDX-License-Identifier: MIT */
/* What the reader accepts, what it refuses and where; that a text written can be read again. */
#include "base/alloc.h"
#include "base/json.h"
#include "base/json_writer.h"
#include "support/faults.h"

#include <jansson.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static struct mn_json *
parsed(const char *text)
{
    struct mn_json *document;
    mend_error err;

    if (mn_json_parse(NULL, text, strlen(text), NULL, &document, &err) != MEND_OK)
        fail_msg("%s: %s", text, err.message);
    return document;
}

static void
refused(const char *text, size_t length, mend_status status, unsigned line, unsigned column)
{
    struct mn_json *document = (struct mn_json *)&document;
    mend_error err;

    assert_int_equal(mn_json_parse("f.json", text, length, NULL, &document, &err), status);
    assert_null(document);
    assert_string_equal(err.file, "f.json");
    if (err.line != line || err.column != column)
        fail_msg("%s: found at %u:%u, expected %u:%u: %s", text, err.line, err.column, line, column,
                 err.message);
}

static void
members_are_read_by_type_and_absent_ones_give_the_fallback(void **state)
{
    struct mn_json *d =
        parsed("{\"t\":\"x\",\"i\":-7,\"r\":1.5,\"b\":true,\"n\":null,\"a\":[1,2],\"o\":{\"k\":3}}");

    (void)state;
    assert_string_equal(mn_json_get_text(d, "t", "-"), "x");
    assert_int_equal(mn_json_get_int(d, "i", 0), -7);
    assert_true(mn_json_real(mn_json_member(d, "r"), 0) == 1.5);
    assert_true(mn_json_real(mn_json_member(d, "i"), 0) == -7);
    assert_true(mn_json_get_bool(d, "b", false));
    assert_int_equal(mn_json_kind(mn_json_member(d, "n")), MN_JSON_NULL);
    assert_int_equal(mn_json_count(mn_json_member(d, "a")), 2);
    assert_int_equal(mn_json_int(mn_json_item(mn_json_member(d, "a"), 1), 0), 2);
    assert_null(mn_json_item(mn_json_member(d, "a"), 2));
    assert_int_equal(mn_json_get_int(mn_json_member(d, "o"), "k", 0), 3);

    assert_string_equal(mn_json_get_text(d, "i", "-"), "-");
    assert_int_equal(mn_json_get_int(d, "r", 9), 9);
    assert_int_equal(mn_json_get_int(d, "absent", 9), 9);
    assert_true(mn_json_get_bool(NULL, "b", true));
    assert_int_equal(mn_json_kind(NULL), MN_JSON_ABSENT);
    assert_int_equal(mn_json_count(NULL), 0);
    assert_null(mn_json_member(mn_json_member(d, "t"), "k"));
    mn_json_free(d);
}

static void
a_needed_member_is_named_when_it_is_missing_or_of_another_kind(void **state)
{
    struct mn_json *d = parsed("{\"pid\":\"12\",\"deadline\":3}");
    const struct mn_json *m;
    mend_error err;

    (void)state;
    assert_int_equal(mn_json_need(d, "pid", MN_JSON_TEXT, MEND_PROTOCOL, &m, &err), MEND_OK);
    assert_string_equal(mn_json_text(m, ""), "12");
    assert_int_equal(mn_json_need(d, "deadline", MN_JSON_REAL, MEND_PROTOCOL, &m, &err), MEND_OK);
    assert_int_equal(mn_json_need(d, "pid", MN_JSON_INT, MEND_PROTOCOL, &m, &err), MEND_PROTOCOL);
    assert_null(m);
    assert_string_equal(err.message, "'pid' must be an integer");
    assert_int_equal(mn_json_need(d, "id", MN_JSON_TEXT, MEND_PROTOCOL, &m, &err), MEND_PROTOCOL);
    assert_string_equal(err.message, "'id' is missing; it must be a string");
    mn_json_free(d);
}

static void
what_is_malformed_or_ambiguous_is_refused_at_its_place(void **state)
{
    char deep[200];

    (void)state;
    refused("", 0, MEND_SYNTAX, 1, 1);
    refused("{\"a\":1,\n \"a\":2}", 16, MEND_SYNTAX, 2, 4);
    refused("{\"a\":1} x", 9, MEND_SYNTAX, 1, 9);
    refused("[1,]", 4, MEND_SYNTAX, 1, 4);
    refused("[01]", 4, MEND_SYNTAX, 1, 2);
    refused("[9223372036854775808]", 21, MEND_SYNTAX, 1, 20);
    refused("[1e999]", 7, MEND_SYNTAX, 1, 6);
    refused("[\"\\u0000\"]", 10, MEND_SYNTAX, 1, 9);
    refused("[\"\\ud800\"]", 10, MEND_SYNTAX, 1, 9);
    refused("[\"\xff\"]", 5, MEND_SYNTAX, 1, 2);
    refused("[NaN]", 5, MEND_SYNTAX, 1, 4);
    refused("[\"a", 3, MEND_SYNTAX, 1, 3);
    memset(deep, '[', sizeof deep);
    refused(deep, sizeof deep, MEND_TOO_DEEP, 1, 33);
}

static void
limits_are_the_callers(void **state)
{
    struct mn_json_limits small = {8, 2};
    struct mn_json *d;
    mend_error err;

    (void)state;
    assert_int_equal(mn_json_parse(NULL, "[[1]]", 5, &small, &d, &err), MEND_OK);
    mn_json_free(d);
    assert_int_equal(mn_json_parse(NULL, "[[[]]]", 6, &small, &d, &err), MEND_TOO_DEEP);
    assert_int_equal(mn_json_parse(NULL, "[1,2,3,4]", 9, &small, &d, &err), MEND_TOO_LARGE);
    assert_int_equal(mn_json_parse(NULL, "[\"[[[\"]", 7, &small, &d, &err), MEND_OK);
    mn_json_free(d);
    assert_int_equal(mn_json_parse(NULL, "[\"\\\"[[\"]", 8, &small, &d, NULL), MEND_OK);
    mn_json_free(d);
}

static void
what_is_written_is_compact_escaped_and_in_order(void **state)
{
    struct mn_buffer out = MN_BUFFER_EMPTY;
    struct mn_json_writer w = MN_JSON_INTO(&out);

    (void)state;
    mn_json_object(&w, NULL);
    mn_json_put_text(&w, "t", "a\"b\\c\n\x01\x7f\xc2\x9b\xc3\xa9");
    mn_json_put_text(&w, "bad", "x\xff\xed\xa0\x80y");
    mn_json_put_text(&w, "nil", NULL);
    mn_json_array(&w, "list");
    mn_json_put_int(&w, NULL, INT64_MIN);
    mn_json_put_real(&w, NULL, 0.1);
    mn_json_put_real(&w, NULL, 2);
    mn_json_put_real(&w, NULL, NAN);
    mn_json_put_bool(&w, NULL, true);
    mn_json_object(&w, NULL);
    mn_json_end(&w);
    mn_json_end(&w);
    mn_json_put_bool(&w, "last", false);
    mn_json_end(&w);
    assert_string_equal(
        mn_buffer_peek(&out),
        "{\"t\":\"a\\\"b\\\\c\\n\\u0001\\u007f\\u009b\xc3\xa9\","
        "\"bad\":\"x\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbdy\",\"nil\":null,"
        "\"list\":[-9223372036854775808,0.10000000000000001,2.0,null,true,{}],\"last\":false}");
    assert_false(out.failed);
    mn_buffer_fini(&out);
}

/* What a writer can be made to do wrong, a letter a call. */
static bool
fails(const char *calls)
{
    struct mn_buffer out = MN_BUFFER_EMPTY;
    struct mn_json_writer w = MN_JSON_INTO(&out);
    bool failed;

    for (; *calls != '\0'; calls++) {
        if (*calls == '{')
            mn_json_object(&w, NULL);
        else if (*calls == '[')
            mn_json_array(&w, NULL);
        else if (*calls == '.')
            mn_json_end(&w);
        else
            mn_json_put_int(&w, *calls == 'n' ? "n" : NULL, 1);
    }
    failed = out.failed;
    mn_buffer_fini(&out);
    return failed;
}

static void
a_writer_used_wrongly_fails_its_buffer(void **state)
{
    char deep[MN_JSON_WRITER_DEPTH + 2];

    (void)state;
    assert_false(fails("{nn."));
    assert_true(fails("{1."));
    assert_true(fails("[n."));
    assert_true(fails("n"));
    assert_true(fails("11"));
    assert_true(fails("{.."));
    memset(deep, '[', sizeof deep);
    deep[MN_JSON_WRITER_DEPTH + 1] = '\0';
    assert_true(fails(deep));
    deep[MN_JSON_WRITER_DEPTH] = '\0';
    assert_false(fails(deep));
}

static void
a_copy_of_what_was_read_reads_the_same(void **state)
{
    const char *text = "{\"z\":[1,2.5,\"\xc3\xa9\",{\"a\":null,\"b\":[[]]}],\"y\":false,\"x\":-3}";
    struct mn_json *d = parsed(text);
    struct mn_buffer out = MN_BUFFER_EMPTY;
    struct mn_json_writer w = MN_JSON_INTO(&out);

    (void)state;
    mn_json_put_copy(&w, NULL, d);
    assert_string_equal(mn_buffer_peek(&out), text);
    mn_buffer_fini(&out);
    mn_json_free(d);
}

/* A test may reroute jansson, which Mend itself never does: so its allocations fail here too. */
static void
an_allocation_that_fails_while_reading_leaves_no_document(void **state)
{
    const char *text = "{\"a\":[1,2.5,\"some text\"],\"b\":{\"c\":null}}";
    struct mn_faults f = {0};
    struct mn_json *d;
    mend_error err;

    (void)state;
    json_object_seed(1);
    json_set_alloc_funcs(mn_malloc, mn_free);
    while (mn_faults_next(&f)) {
        mend_status st = mn_json_parse(NULL, text, strlen(text), NULL, &d, &err);

        if (mn_faults_hit(&f)) {
            assert_int_not_equal(st, MEND_OK);
            assert_null(d);
        } else {
            assert_int_equal(st, MEND_OK);
            mn_json_free(d);
        }
    }
    json_set_alloc_funcs(malloc, free);
    assert_true(f.nth > 10);
}

static void
an_allocation_that_fails_while_writing_fails_the_buffer(void **state)
{
    struct mn_faults f = {0};

    (void)state;
    while (mn_faults_next(&f)) {
        struct mn_buffer out = MN_BUFFER_EMPTY;
        struct mn_json_writer w = MN_JSON_INTO(&out);

        mn_json_array(&w, NULL);
        for (int i = 0; i < 100; i++)
            mn_json_put_text(&w, NULL, "an item");
        mn_json_end(&w);
        assert_int_equal(mn_faults_hit(&f), out.failed);
        mn_buffer_fini(&out);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(members_are_read_by_type_and_absent_ones_give_the_fallback),
        cmocka_unit_test(a_needed_member_is_named_when_it_is_missing_or_of_another_kind),
        cmocka_unit_test(what_is_malformed_or_ambiguous_is_refused_at_its_place),
        cmocka_unit_test(limits_are_the_callers),
        cmocka_unit_test(what_is_written_is_compact_escaped_and_in_order),
        cmocka_unit_test(a_writer_used_wrongly_fails_its_buffer),
        cmocka_unit_test(a_copy_of_what_was_read_reads_the_same),
        cmocka_unit_test(an_allocation_that_fails_while_reading_leaves_no_document),
        cmocka_unit_test(an_allocation_that_fails_while_writing_fails_the_buffer),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
