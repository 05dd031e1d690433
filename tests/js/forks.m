/* SPDX-License-Identifier: MIT */
/*
 * Children forked by a process that runs scripts, as a preforking server's master does, go on to run them:
 * nothing in the engine waits for a thread that a child does not have, or for a lock that such a thread held.
 */
#include <mend/patch.h>

#include "fixture.h"

#include <Foundation/Foundation.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { FORKS = 30, PATIENCE = 60 }; /* seconds: a child that hangs is ended */

static const char script[] = "defineClass('JSShape', {hello: function () {\n"
                             "    var kept = [];\n"
                             "    for (var i = 0; i < 20000; i++) kept.push({at: i, text: 's' + i});\n"
                             "    return 'hello ' + kept.length;\n"
                             "}});\n";

static void
call(int times)
{
    for (int i = 0; i < times; i++) {
        NSAutoreleasePool *pool = [NSAutoreleasePool new];

        if (![[[[JSShape new] autorelease] hello] isEqual:@"hello 20000"])
            abort();
        [pool release];
    }
}

/* Where the engine uses the C library's allocator, none of the 64 GB it sets aside otherwise are in the map.
 */
static bool
has_a_heap_of_its_own(void)
{
    FILE *maps = fopen("/proc/self/maps", "r");
    unsigned long from, to;
    char line[400];
    bool has = false;

    while (maps != NULL && fgets(line, sizeof line, maps) != NULL)
        has |= sscanf(line, "%lx-%lx", &from, &to) == 2 && to - from > 32ul << 30;
    fclose(maps);
    return has;
}

int
main(void)
{
    NSAutoreleasePool *pool = [NSAutoreleasePool new];
    mend_source source = {.name = "forks.js", .text = script, .length = strlen(script)};
    int failed = 0;
    mend_error err;

    if (mend_patch_apply(&source, NULL, NULL, NULL, &err) != MEND_OK) {
        printf("%s\n", err.message);
        return 1;
    }
    if (has_a_heap_of_its_own()) {
        printf("the engine allocates by itself\n");
        return 1;
    }
    call(3);
    for (int i = 0; i < FORKS; i++) {
        pid_t child;
        int status;

        call(1);
        if ((child = fork()) == 0) {
            alarm(PATIENCE);
            call(3);
            _exit(0);
        }
        waitpid(child, &status, 0);
        failed += status != 0;
    }
    printf("%d forks, %d children failed\n", FORKS, failed);
    [pool release];
    return failed != 0;
}
