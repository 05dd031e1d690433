// SPDX-License-Identifier: MIT
/* Statements of a host's own in instruction documents (mend/step.h): checked when taught, and again where they are used. */
#import <Foundation/Foundation.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <mend/patch.h>
#include <mend/step.h>
#include <stdio.h>
#include <string.h>

#import "support/lang_fixture.h"

static mend_status
teach(const char *step, mend_error *err)
{
    return mend_step_define(step, strlen(step), err);
}

static void
first_finding(void *data, const mend_diagnostic *d)
{
    char *text = data;

    if (d->severity == MEND_ERROR && !*text)
        snprintf(text, 512, "%s: %s", d->pointer ? d->pointer : "-", d->message);
}

/* Applies -[LangTest main] with these statements; what is wrong first goes to `found` (of 512 bytes). */
static mend_status
apply(const char *statements, char *found)
{
    char text[2048];
    mend_source source = {.name = "step.json", .text = text};

    source.length = (size_t)snprintf(text, sizeof text,
                                     "{\"format\": 2, \"instructions\": [{\"cls\": \"LangTest\", \"methodList\": "
                                     "[{\"method\": \"main\", \"messages\": [%s]}]}]}",
                                     statements);
    *found = 0;
    return mend_patch_apply(&source, first_finding, found, NULL, NULL);
}

static void
refuses(const char *statements, const char *expected)
{
    char found[512];

    assert_int_equal(apply(statements, found), MEND_CHECK);
    if (!strstr(found, expected))
        fail_msg("'%s' expected, but: %s", expected, found);
}

static void
a_taught_step_runs_its_statements(void **state)
{
    NSAutoreleasePool *pool = [NSAutoreleasePool new];
    LangTest *test = [[LangTest new] autorelease];
    char found[512];

    (void)state;
    lang_output = [NSMutableArray array];
    assert_int_equal(teach("{\"step\": \"show\", \"members\": {\"value\": {\"kind\": \"expr\"}, \"then\": {\"kind\": "
                           "\"body\", \"optional\": true}}, \"body\": [{\"do\": \"expr\", \"value\": {\"send\": \"p:\", "
                           "\"to\": {\"self\": true}, \"args\": [{\"member\": \"value\"}]}}, {\"do\": \"member\", "
                           "\"name\": \"then\"}]}",
                           NULL),
                     MEND_OK);
    if (apply("{\"do\": \"show\", \"value\": \"a\", \"then\": [{\"do\": \"show\", \"value\": \"b\"}]}", found) != MEND_OK)
        fail_msg("not applied: %s", found);
    [test main];
    assert_string_equal([[lang_output componentsJoinedByString:@" "] UTF8String], "a b");
    assert_int_equal(mend_patch_revert("step", NULL), MEND_OK);
    [pool release];
}

/* After the first test: the step is known. */
static void
a_use_is_checked_like_a_statement_of_the_language(void **state)
{
    (void)state;
    refuses("{\"do\": \"show\"}", "value");
    refuses("{\"do\": \"show\", \"value\": \"a\", \"colour\": 1}", "/instructions/0/methodList/0/messages/0");
    refuses("{\"do\": \"show\", \"value\": {\"var\": \"nobody\"}}", "/instructions/0/methodList/0/messages/0/value");
    refuses("{\"do\": \"shew\", \"value\": \"a\"}", "shew");
}

static void
what_is_no_step_is_not_learned(void **state)
{
    static const char *const bad[] = {
        "{\"members\": {}, \"body\": []}",                                  /* no name */
        "{\"step\": \"x\"}",                                                /* no body */
        "{\"step\": \"x\", \"members\": {\"a\": 1}, \"body\": []}",         /* a member is no object */
        "{\"step\": \"x\", \"body\": [{\"do\": \"nothing of the kind\"}]}", /* a statement nobody knows */
        "{\"step\": \"x\", \"body\": [{\"do\": \"member\", \"name\": \"a\"}]}",
    };
    mend_error err;

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (teach(bad[i], &err) != MEND_CHECK)
            fail_msg("taken: %s", bad[i]);
    assert_int_equal(teach("{\"step\": ", &err), MEND_SYNTAX);
    assert_int_equal(teach("{\"step\": \"show\", \"body\": []}", &err), MEND_EXISTS);
    assert_int_equal(teach("{\"step\": \"return\", \"body\": []}", &err), MEND_EXISTS);
    refuses("{\"do\": \"x\"}", "'x'");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_taught_step_runs_its_statements),
        cmocka_unit_test(a_use_is_checked_like_a_statement_of_the_language),
        cmocka_unit_test(what_is_no_step_is_not_learned),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
