// SPDX-License-Identifier: MIT
/*
 * Runs the language programs of a folder: each file is a patch that replaces -[LangTest main].
 *
 * Comments in a program say what is to happen, each on the line it is about:
 *     // expect: TEXT     the next thing printed (-p:, -i:, -d:, -s:)
 *     // error: TEXT      the reading finds an error on this line whose message contains TEXT
 *     // warning: TEXT    the same for a warning; a warning nobody expects fails the test
 *     // raises: NAME     -main ends with this exception
 *     // alive: N         LangCounted objects left when -main has returned and the pool has gone (0 when not said)
 * In a JSON document they stand in texts, such as a statement's "note", up to the quote.
 * After each program the patch is taken back, and -main must print "native" again.
 *
 * Every program that reads without errors runs twice: from its text, and from the compiled unit made of it.
 */
#import <Foundation/Foundation.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "lang/unit.h"

#include <dirent.h>
#include <mend/patch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#import "support/lang_fixture.h"
#include "vm/builder.h"

static const char *folder;
static BOOL document; /* the program is JSON */

/* ---- what a program says about itself ---- */

@interface Expectations : NSObject {
@public
    NSMutableArray *output, *findings;
    NSString *exception;
    int alive;
}
@end
@implementation Expectations
@end

static NSString *
after(NSString *line, NSString *word)
{
    NSRange at = [line rangeOfString:[NSString stringWithFormat:@"// %@: ", word]];

    if (at.location == NSNotFound)
        return nil;
    line = [line substringFromIndex:NSMaxRange(at)];
    if (document) /* in a text of the document */
        line = [[line componentsSeparatedByString:@"\""] objectAtIndex:0];
    return [line stringByTrimmingCharactersInSet:[NSCharacterSet whitespaceCharacterSet]];
}

static Expectations *
read_expectations(NSString *text)
{
    Expectations *e = [[Expectations new] autorelease];
    unsigned number = 0;

    e->output = [NSMutableArray array];
    e->findings = [NSMutableArray array];
    for (NSString *line in [text componentsSeparatedByString:@"\n"]) {
        NSString *said;

        number++;
        if ((said = after(line, @"expect")))
            [e->output addObject:said];
        if ((said = after(line, @"error")))
            [e->findings addObject:[NSString stringWithFormat:@"%u error: %@", number, said]];
        if ((said = after(line, @"warning")))
            [e->findings addObject:[NSString stringWithFormat:@"%u warning: %@", number, said]];
        if ((said = after(line, @"raises")))
            e->exception = said;
        if ((said = after(line, @"alive")))
            e->alive = [said intValue];
    }
    return e;
}

/* ---- running one ---- */

static void
collect(void *data, const mend_diagnostic *d)
{
    NSMutableArray *findings = data;

    if (d->severity == MEND_NOTE)
        return;
    [findings addObject:[NSString stringWithFormat:@"%u %s: %s%s%s", d->line,
                                                   d->severity == MEND_ERROR ? "error" : "warning", d->message,
                                                   d->suggestion ? "; " : "", d->suggestion ? d->suggestion : ""]];
}

/* Each expectation matches one finding: the same line and kind, and its text inside the message. */
static void
compare_findings(const char *name, NSArray *expected, NSMutableArray *found)
{
    for (NSString *e in expected) {
        NSRange colon = [e rangeOfString:@": "];
        NSString *place = [e substringToIndex:NSMaxRange(colon)], *text = [e substringFromIndex:NSMaxRange(colon)];
        NSUInteger hit = NSNotFound;

        for (NSUInteger i = 0; i < [found count] && hit == NSNotFound; i++)
            if ([[found objectAtIndex:i] hasPrefix:place] && [[found objectAtIndex:i] rangeOfString:text].length)
                hit = i;
        if (hit == NSNotFound)
            fail_msg("%s: expected \"%s\", found:\n%s", name, [e UTF8String],
                     [[found componentsJoinedByString:@"\n"] UTF8String]);
        [found removeObjectAtIndex:hit];
    }
    if ([found count])
        fail_msg("%s: nobody expects:\n%s", name, [[found componentsJoinedByString:@"\n"] UTF8String]);
}

static NSString *
run_main(void)
{
    NSAutoreleasePool *pool = [NSAutoreleasePool new];
    LangTest *test = [LangTest new];
    NSString *raised = nil;

    @try {
        [test main];
    } @catch (NSException *e) {
        raised = [[NSString alloc] initWithFormat:@"%@ (%@)", [e name], [e reason]];
    }
    [test release];
    [pool release];
    return [raised autorelease];
}

static void
compare_run(const char *name, Expectations *e, NSString *raised)
{
    NSString *output = [lang_output componentsJoinedByString:@"\n"];
    NSString *expected = [e->output componentsJoinedByString:@"\n"];

    if (![output isEqual:expected])
        fail_msg("%s: printed:\n%s\ninstead of:\n%s\nraised: %s", name, [output UTF8String], [expected UTF8String],
                 raised ? [raised UTF8String] : "nothing");
    if (raised ? ![raised hasPrefix:e->exception ? e->exception : @"nothing"] : e->exception != nil)
        fail_msg("%s: raised %s instead of %s", name, raised ? [raised UTF8String] : "nothing",
                 e->exception ? [e->exception UTF8String] : "nothing");
    if (lang_alive != e->alive)
        fail_msg("%s: %d LangCounted objects are alive instead of %d", name, lang_alive, e->alive);
}

/* The compiled unit of a program in *bytes; false when it does not read. */
static bool
compile(const char *name, const mend_source *source, struct mn_buffer *bytes)
{
    struct mn_unit *unit;
    mend_error err;

    if (mn_lang_read(source, NULL, NULL, &unit, &err) != MEND_OK)
        return false;
    if (mn_unit_write(unit, bytes, &err) != MEND_OK)
        fail_msg("%s: no unit: %s", name, err.message);
    mn_unit_free(unit);
    return true;
}

static void
apply_and_run(const char *name, const mend_source *source, Expectations *e, NSMutableArray *findings)
{
    mend_error err = {0};
    mend_status status;
    NSString *raised;

    lang_output = [NSMutableArray array];
    lang_alive = 0;
    status = mend_patch_apply(source, collect, findings, NULL, &err);
    if (findings)
        compare_findings(name, e->findings, findings);
    if (status != MEND_OK) {
        for (NSString *f in e->findings)
            if (findings && [f rangeOfString:@" error: "].length)
                return;
        fail_msg("%s: not applied: %s:%u: %s", name, err.file, err.line, err.message);
    }
    raised = run_main();
    status = mend_patch_revert([[[NSString stringWithUTF8String:name] stringByDeletingPathExtension] UTF8String], &err);
    compare_run(name, e, raised);
    assert_int_equal(status, MEND_OK);
    [lang_output removeAllObjects];
    run_main();
    assert_string_equal([[lang_output componentsJoinedByString:@"\n"] UTF8String], "native");
}

static void
run_program(void **state)
{
    const char *name = *state;
    NSString *path = [NSString stringWithFormat:@"%s/%s", folder, name];
    NSString *text = [NSString stringWithContentsOfFile:path encoding:NSUTF8StringEncoding error:NULL];
    NSString *ident = [[path stringByDeletingPathExtension] lastPathComponent];
    mend_source source = {.name = name, .text = [text UTF8String], .length = strlen([text UTF8String])};
    mend_source unit = {.name = "unit.mendu", .id = [ident UTF8String]};
    struct mn_buffer bytes = MN_BUFFER_EMPTY;
    bool compiles = compile(name, &source, &bytes); /* first: the program's own classes are not there yet */

    document = strstr(name, ".json") != NULL;
    apply_and_run(name, &source, read_expectations(text), [NSMutableArray array]);
    unit.text = mn_buffer_peek(&bytes);
    unit.length = bytes.length;
    if (compiles)
        apply_and_run(name, &unit, read_expectations(text), nil);
    mn_buffer_fini(&bytes);
}

/* ---- the folder ---- */

static int
is_program(const struct dirent *entry)
{
    const char *dot = strrchr(entry->d_name, '.');

    return dot && (strcmp(dot, ".m") == 0 || strcmp(dot, ".mg") == 0 || strcmp(dot, ".json") == 0);
}

static NSAutoreleasePool *pool;

static int
open_pool(void **state)
{
    (void)state;
    pool = [NSAutoreleasePool new];
    return 0;
}

static int
close_pool(void **state)
{
    (void)state;
    [pool release];
    return 0;
}

void __lsan_disable(void) __attribute__((weak));
void __lsan_enable(void) __attribute__((weak));

/* NSLog reads the user's defaults, which GNUstep keeps for ever behind pointers the leak checker does not follow. */
static void
warm_defaults(void)
{
    NSAutoreleasePool *own = [NSAutoreleasePool new];

    if (__lsan_disable)
        __lsan_disable();
    [[NSUserDefaults standardUserDefaults] boolForKey:@"GSLogSyslog"];
    if (__lsan_enable)
        __lsan_enable();
    [own release];
}

int
main(int argc, char **argv)
{
    struct dirent **entries;
    struct CMUnitTest *tests;
    int count;

    if (argc < 2)
        return 2;
    folder = argv[1];
    mn_optimise_never = getenv("MEND_TEST_PLAIN") != NULL;
    warm_defaults();
    count = scandir(folder, &entries, is_program, alphasort);
    if (count <= 0)
        return 2;
    if (argc > 2) /* only the programs whose names begin so */
        cmocka_set_test_filter(argv[2]);
    tests = calloc((size_t)count, sizeof *tests);
    for (int i = 0; i < count; i++)
        tests[i] = (struct CMUnitTest){.name = entries[i]->d_name,
                                       .test_func = run_program,
                                       .setup_func = open_pool,
                                       .teardown_func = close_pool,
                                       .initial_state = entries[i]->d_name};
    return _cmocka_run_group_tests("language programs", tests, (size_t)count, NULL, NULL);
}
