/* SPDX-License-Identifier: MIT */
/*
 * Runs scripts with their expectations inside: each .js file of a folder is applied as a patch and taken back.
 *
 *     // expect: text      the next line that console.log writes
 *     // report: text      the next line that reports an error contains it
 *     // fails: text       applying fails, and the error contains it
 *     // loop              the main run loop runs until the script calls Pump.done()
 *
 * run_scripts FOLDER [NAME]
 */
#include <mend/patch.h>

#include "fixture.h"

#include <Foundation/Foundation.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool pumping;

@interface Pump : NSObject
@end
@implementation Pump
+ (void)done
{
    pumping = false;
}
@end

static NSMutableArray *
marks(NSString *text, NSString *mark)
{
    NSMutableArray *found = [NSMutableArray array];

    for (NSString *line in [text componentsSeparatedByString:@"\n"]) {
        NSRange at = [line rangeOfString:mark];

        if (at.length != 0)
            [found addObject:[[line substringFromIndex:NSMaxRange(at)]
                                 stringByTrimmingCharactersInSet:[NSCharacterSet whitespaceCharacterSet]]];
    }
    return found;
}

static void
pump(void)
{
    NSDate *limit = [NSDate dateWithTimeIntervalSinceNow:30];

    while (pumping && [limit timeIntervalSinceNow] > 0)
        [[NSRunLoop currentRunLoop] runMode:NSDefaultRunLoopMode beforeDate:[NSDate dateWithTimeIntervalSinceNow:0.05]];
}

/* What the script wrote to standard error. */
static NSString *
run_file(const char *path, NSData *source, bool loops, mend_status *status, mend_error *err)
{
    int saved = dup(2);
    FILE *out = tmpfile();
    NSMutableData *text = [NSMutableData data];
    char block[4096];
    size_t n;
    mend_source patch = {.name = path, .text = [source bytes], .length = [source length]};

    fflush(stderr);
    dup2(fileno(out), 2);
    pumping = loops;
    *status = mend_patch_apply(&patch, NULL, NULL, NULL, err);
    if (*status == MEND_OK) {
        mend_error ignored;
        const char *slash = strrchr(path, '/');

        pump();
        mend_patch_revert([[[NSString stringWithUTF8String:slash + 1] stringByDeletingPathExtension] UTF8String],
                          &ignored);
    }
    fflush(stderr);
    dup2(saved, 2);
    close(saved);
    rewind(out);
    while ((n = fread(block, 1, sizeof block, out)) > 0)
        [text appendBytes:block length:n];
    fclose(out);
    return [[[NSString alloc] initWithData:text encoding:NSUTF8StringEncoding] autorelease];
}

static bool
same_lines(NSArray *wanted, NSArray *got, bool part, const char *what)
{
    bool good = [wanted count] == [got count];

    for (NSUInteger i = 0; good && i < [wanted count]; i++)
        good = part ? [[got objectAtIndex:i] rangeOfString:[wanted objectAtIndex:i]].length != 0
                    : [[got objectAtIndex:i] isEqual:[wanted objectAtIndex:i]];
    if (!good)
        printf("    %s\n      wanted %s\n      got    %s\n", what, [[wanted description] UTF8String],
               [[got description] UTF8String]);
    return good;
}

static bool
check_file(NSString *path)
{
    NSAutoreleasePool *pool = [NSAutoreleasePool new];
    NSData *source = [NSData dataWithContentsOfFile:path];
    NSString *text = [[[NSString alloc] initWithData:source encoding:NSUTF8StringEncoding] autorelease], *output;
    NSArray *fails = marks(text, @"// fails:");
    mend_status status;
    mend_error err = {0};
    bool good;

    output = run_file([path fileSystemRepresentation], source, [text rangeOfString:@"// loop"].length != 0, &status,
                      &err);
    good = same_lines(marks(text, @"// expect:"), marks(output, @"JSPatch.log: "), false, "console.log");
    good &= [fails count] != 0 ? true : same_lines(marks(text, @"// report:"), marks(output, @"mend: "), true, "reports");
    if ([fails count] != 0) {
        good &= status != MEND_OK && strstr(err.message, [[fails objectAtIndex:0] UTF8String]) != NULL;
        if (!good)
            printf("    wanted a failure with %s, got %d %s\n", [[fails objectAtIndex:0] UTF8String], status, err.message);
    } else if (status != MEND_OK) {
        printf("    not applied: %s (%s:%u:%u)\n", err.message, err.file, err.line, err.column);
        good = false;
    }
    printf("%s %s\n", good ? "ok    " : "FAILED", [[path lastPathComponent] UTF8String]);
    [pool release];
    return good;
}

int
main(int argc, char **argv)
{
    NSAutoreleasePool *pool = [NSAutoreleasePool new];
    NSString *folder = [NSString stringWithUTF8String:argv[1]];
    NSArray *names = [[[NSFileManager defaultManager] directoryContentsAtPath:folder]
        sortedArrayUsingSelector:@selector(compare:)];
    unsigned failed = 0, ran = 0;

    setvbuf(stdout, NULL, _IOLBF, 0);
    for (NSString *name in names)
        if ([[name pathExtension] isEqual:@"js"] &&
            (argc < 3 || [name isEqual:[NSString stringWithUTF8String:argv[2]]])) {
            ran++;
            failed += !check_file([folder stringByAppendingPathComponent:name]);
        }
    printf("%u scripts, %u failed\n", ran, failed);
    [pool release];
    return failed != 0 || ran == 0;
}
