/* SPDX-License-Identifier: MIT */
/*
 * `mend convert FILE --to js` by running: each patch of a folder and the script it becomes behave alike.
 *
 * convert FOLDER
 */
#include "lang/convert.h"

#include <mend/patch.h>

#include "fixture.h"

#include <Foundation/Foundation.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void
tell(void *data, const mend_diagnostic *finding)
{
    printf("%s:%u:%u: %s\n", finding->file, finding->line, finding->column, finding->message);
}

static void
apply(const mend_source *source)
{
    mend_error err;

    if (mend_patch_apply(source, tell, NULL, NULL, &err) != MEND_OK) {
        printf("%s: %s (%u:%u)\n", source->name, err.message, err.line, err.column);
        exit(1);
    }
}

static void
revert(void)
{
    mend_error err;

    if (mend_patch_revert("patch", &err) != MEND_OK)
        exit(1);
}

/* What the fixture's methods give, twice: some count. */
static NSString *
behaviour(void)
{
    NSMutableString *out = [NSMutableString string];

    for (int i = 0; i < 2; i++) {
        JSShape *shape = [[JSShape new] autorelease], *square = [[JSSquare new] autorelease];

        [out appendFormat:@"hello %@\ngreet %@ %@ %@\n", [shape hello], [shape greet:@"x"], [shape greet:@"longer"],
                          [shape greet:nil]];
        for (int n = 0; n < 5; n++)
            [out appendFormat:@"add %d\n", [shape add:n to:n + 1]];
        [out appendFormat:@"frame %@\ntitle %@\ngive %@\n", NSStringFromRect([shape frame]), [shape title],
                          [shape give:@"g"]];
        [out appendFormat:@"private %@\nhalf %g %g\nspecies %@\nsquare %@ %@\n", [shape _private], [shape half:3],
                          [shape half:5], [JSShape species], [square hello], [square greet:@"y"]];
    }
    return out;
}

static bool
agrees(NSString *path)
{
    NSData *data = [NSData dataWithContentsOfFile:path];
    mend_source source = {.name = [path fileSystemRepresentation], .id = "patch", .text = [data bytes], .length = [data length]};
    struct mn_buffer script = MN_BUFFER_EMPTY;
    mend_source converted = {.name = "converted.js", .id = "patch"};
    NSString *wanted, *got;
    mend_error err;

    if (mn_lang_convert(&source, MN_TARGET_SCRIPT, tell, NULL, &script, &err) != MEND_OK) {
        printf("%s: not converted: %s\n", source.name, err.message);
        return false;
    }
    apply(&source);
    wanted = behaviour();
    revert();
    converted.text = mn_buffer_peek(&script);
    converted.length = script.length;
    apply(&converted);
    got = behaviour();
    revert();
    if (![wanted isEqual:got])
        printf("%s\nthe source gives\n%s\nthe script gives\n%s\n%s\n", source.name, [wanted UTF8String], [got UTF8String],
               mn_buffer_peek(&script));
    mn_buffer_fini(&script);
    return [wanted isEqual:got];
}

static bool
is_refused(const char *text, const char *why)
{
    mend_source source = {.name = "refused.m", .text = text, .length = strlen(text)};
    struct mn_buffer script = MN_BUFFER_EMPTY;
    mend_error err;
    mend_status st = mn_lang_convert(&source, MN_TARGET_SCRIPT, NULL, NULL, &script, &err);
    bool good = st == MEND_CHECK && strstr(err.message, why) != NULL && err.line == 2;

    if (!good)
        printf("wanted a refusal of %s, got %d %s (line %u)\n", why, st, st != MEND_OK ? err.message : "", err.line);
    mn_buffer_fini(&script);
    return good;
}

int
main(int argc, char **argv)
{
    NSAutoreleasePool *pool = [NSAutoreleasePool new];
    NSString *folder = [NSString stringWithUTF8String:argv[1]];
    unsigned failed = 0, ran = 0;

    for (NSString *name in [[NSFileManager defaultManager] directoryContentsAtPath:folder]) {
        failed += !agrees([folder stringByAppendingPathComponent:name]);
        ran++;
    }
    failed += !is_refused("@implementation JSShape\n- (id)give:(id)x { return x == self ? x : nil; }\n@end\n", "the identity of two objects");
    failed += !is_refused("@implementation JSShape\n- (id)give:(id)x { goto out; out: return x; }\n@end\n", "goto");
    failed += !is_refused("@implementation JSShape\n- (id)give:(id)x { return unheard_of(x); }\n@end\n", "C function");
    failed += !is_refused("@implementation JSShape\n- (id)give:(id)x { return [self PREVgive:x]; }\n@end\n", "PREV");
    printf("%u patches, %u failed\n", ran, failed);
    [pool release];
    return failed != 0 || ran == 0;
}
